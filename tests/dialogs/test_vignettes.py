"""The patients of tests/cases/vignettes.toml, entered by buttons and typed numbers, and asked of the JSON door."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialogs.questions import ALONE, OFFERED, UNKNOWN, Line, Question, says
from guideline import Assessment, Case, assess
from guideline.__main__ import answer
from tests.guideline.test_vignettes import VIGNETTES
from tests.support.walk import Talk, begun, wordless

Facts = dict[str, Any]


def entered(case: Facts) -> Talk:
    """The talk at the result of the case, everything told that is asked or offered."""
    if case.get("hormonal_symptoms") is False:  # which no button asks
        case = {**case, "carcinoid_syndrome": False, "refractory_symptoms": False}
    talk = begun(wordless())
    while question := talk.place.question:
        _answer(talk, question, case)
    offered = True
    while offered:
        offered = False
        for question in OFFERED:
            line = question.lines[0]
            if line.fact in talk.place.found.could_add and _option(line, case) != UNKNOWN:
                _answer(talk.forges(f"e.{question.id}"), question, case)
                offered = True
    return talk


def _answer(talk: Talk, question: Question, case: Facts) -> None:
    if question.is_checklist:
        _answer_list(talk, question, case)
        return
    (line,) = question.lines
    value = case.get(line.fact)
    if question.takes_number and isinstance(value, int | float):
        talk.types(f"{value:g}")
    elif question.id == "grade" and not {"ki67", "mitoses"}.isdisjoint(case):
        talk.taps("a.grade.count")
    elif question.id == "mitoses" and "grade" in case and "ki67" in case:
        talk.taps(f"a.mitoses.{ALONE}")
    elif question.id == "pattern" and case.get("pattern_fit") == "nearest":
        talk.taps("go.bilobar", f"a.pattern.{value}-nearest")
    else:
        talk.taps(f"a.{question.id}.{_option(line, case)}")


def _answer_list(talk: Talk, question: Question, case: Facts) -> None:
    alone = f"all.{question.id}.yes" in talk.actions
    for line in question.lines:
        wanted = _option(line, case)
        if alone and line.id in talk.place.lines(question):
            talk.taps(f"all.{question.id}.{wanted}")
            return
        while f"t.{line.id}" in talk.actions and dict(talk.session.answers).get(line.id, UNKNOWN) != wanted:
            talk.taps(f"t.{line.id}")
    talk.taps(f"all.{question.id}.shown")


def _option(line: Line, case: Facts) -> str | None:
    """The option of the line that the case has; UNKNOWN where it says nothing; None where it is a number to type."""
    value = case.get(line.fact)
    if value is None:
        return UNKNOWN
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None
    known = Case.of({line.fact: value}).known.get(line.fact)
    turns = line.turns or tuple(line.options)
    return next((option for option in turns if says(line, option) == {line.fact: known}), UNKNOWN)


def _told(found: Assessment) -> dict[str, object]:
    return {
        "headline": found.headline,
        "adjuncts": sorted(found.adjuncts),
        "caveats": sorted(found.caveats),
        "transplant": found.transplant,
    }


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_by_buttons_the_patient_gets_what_the_core_says(vignette: dict[str, Any]) -> None:
    found = entered(vignette["case"]).place.found
    core = assess(Case.of(vignette["case"]))
    assert found.headline == core.headline == vignette["headline"]
    if found.headline == "undetermined":
        assert found.candidates == core.candidates
    else:
        assert _told(found) == _told(core)
        assert set(found.updates) <= set(core.updates)


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_by_json_too(vignette: dict[str, Any]) -> None:
    told = json.loads(answer(json.dumps({"id": 1, "case": vignette["case"]}).encode()))
    assert told["headline"] == vignette["headline"]
    assert sorted(told["adjuncts"]) == sorted(vignette["adjuncts"])
    assert sorted(told["caveats"]) == sorted(vignette.get("caveats", []))
    assert sorted(told["updates"]) == sorted(vignette["updates"])


def test_poor_differentiation_beside_g2_is_refused_by_json_and_dropped_in_the_talk() -> None:
    told = json.loads(answer(b'{"id": 1, "case": {"grade": "G2", "differentiation": "poor"}}'))
    assert told["error"]["field"] == "differentiation"
    talk = begun(wordless()).taps("a.grade.G3", "a.differentiation.poor", "go.change", "e.grade", "a.grade.G2")
    assert "differentiation" not in dict(talk.session.answers)
    assert "differentiation" not in talk.place.found.case.known


def test_a_grade_changed_to_g3_asks_whether_it_is_a_carcinoma() -> None:
    talk = entered({"grade": "G2", "pattern": "I", "primary": "resected"}).taps("go.change", "e.grade", "a.grade.G3")
    assert talk.place.question is not None
    assert talk.place.question.id == "differentiation"
    talk.taps("a.differentiation.poor")
    assert talk.headline == "systemic-chemotherapy"
    assert talk.place.found.caveats == ()
