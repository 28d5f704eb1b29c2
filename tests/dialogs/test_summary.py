"""What the answers are called in few words: nothing is said to be met, or not there, that nobody answered."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.questions import LINES, Question
from dialogs.summary import PREREQUISITES, SYMPTOMS, summary
from dialogs.view import Send
from guideline import Case, assess
from guideline.values import Values
from tests.guideline.test_vignettes import VIGNETTES
from tests.support.walk import Talk, begun

LABELS = Labels()
OTHERS_MET, ALL_MET = LABELS("summary.others-met"), LABELS("summary.prerequisites-met")


def _said(facts: dict[str, object]) -> tuple[set[str], set[str]]:
    """The labels that stand for several facts, and the facts that stand there by themselves."""
    parts = summary(assess(Case.of(facts)))
    return {part.label for part in parts if part.label}, {part.fact for part in parts if part.fact}


def _every_state(question: Question) -> list[dict[str, object]]:
    states = [[None, *(said for said in line.options.values() if said is not None)] for line in question.lines]
    facts = [line.fact for line in question.lines]
    return [dict(zip(facts, state, strict=True)) for state in product(*states)]


BOTH = {"prerequisites-met", "others-met"}


@pytest.mark.parametrize(
    ("grade", "pattern", "possible"),
    [("G1", "I", BOTH), ("G2", "II", BOTH), ("G1", "III", set()), (None, "I", set())],
)
def test_the_others_are_met_only_where_each_of_them_is_known_to_be(
    grade: str | None, pattern: str, possible: set[str]
) -> None:
    said_at_all = set()
    for state in _every_state(PREREQUISITES):
        facts = {**state, "grade": grade, "pattern": pattern}
        labels, alone = _said({fact: said for fact, said in facts.items() if said is not None})
        unmet = {line.fact for line in PREREQUISITES.lines if state[line.fact] != line.options["met"]}
        if "prerequisites-met" in labels:
            assert not unmet
        if "others-met" in labels:
            assert unmet <= alone, state
            assert None not in state.values()
        said_at_all |= labels
    assert said_at_all == possible  # with the grade open, well differentiated disease is not known either


def test_once_the_pattern_is_diffuse_nothing_says_that_the_prerequisites_are_met(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    assert ALL_MET in talk.text
    talk.taps("go.change", "e.pattern", "a.pattern.III")
    while talk.place.question:
        assert ALL_MET not in talk.text
        talk.taps("all.symptoms.no")

    assert talk.headline == "multimodal-nonsurgical"
    assert talk.text.split("\n")[1].endswith(f"G2 · Type III · {LABELS('summary.no-symptoms')}")
    for action in ("now", "go.hand", "text", "go.share", "go.senior", "go.change", "home"):
        shown = Talk(conversation, talk.session).forges(action)
        copied = "".join(button.copy for button in shown.buttons)
        sent = shown.turn.text if isinstance(shown.turn, Send) else ""
        for said in ("prerequisites met", "R0 feasible"):
            assert said not in shown.text + copied + sent, action


def test_once_the_grade_is_3_its_result_does_not_claim_to_rest_on_symptoms(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.I", "all.prerequisites.met", "all.symptoms.yes")
    talk.taps("go.change", "e.grade", "a.grade.G3", "a.differentiation.poor")

    assert talk.headline == "systemic-chemotherapy"
    assert talk.text.split("\n")[1] == "For the MDT · G3 · poorly differentiated"
    assert "Also said: carcinoid syndrome" in talk.text


@pytest.mark.parametrize(
    ("typed", "adverse"),
    [
        ("G2, type I, primary unresectable, unresectable peritoneal disease", "unresectable disease outside the liver"),
        ("G3, poorly differentiated, R0 not possible, not fit", "R0 not feasible · not fit for surgery"),
        ("G1, type III, no symptoms, R0 not possible", "R0 not feasible"),
    ],
)
def test_what_speaks_against_an_operation_is_said_with_the_case_where_it_decides_nothing(
    conversation: Conversation, typed: str, adverse: str
) -> None:
    talk = begun(conversation).types(typed)
    talk.uses_what_was_read()
    while "go.hand" not in talk.actions:
        talk.taps("all.symptoms.no" if "all.symptoms.no" in talk.actions else "all.prerequisites.shown")

    assert adverse in talk.text.split("Also said: ")[1].split("\n")[0]
    assert adverse not in talk.text.split("\n")[1], "it does not carry the headline"
    handed = talk.taps("go.hand").forges("text").turn
    assert isinstance(handed, Send)
    assert adverse.replace(" ·", ";") in handed.text


def test_of_a_case_without_cure_only_what_decided_it_is_said_to_be_met(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-r0", "all.prerequisites.met")
    talk.taps("all.symptoms.no")

    assert talk.headline == "ablation-embolisation"
    line = talk.text.split("\n")[1]
    assert LABELS("summary.others-met") not in line
    assert "fit for surgery" in line


def test_the_others_are_named_behind_what_they_are_others_to(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-r0", "all.prerequisites.met")
    talk.taps("t.s-local", "all.symptoms.no", "a.volume.>=90")
    line = talk.text.split("\n")[1]
    assert line.index("pressure or obstruction") < line.index(LABELS("summary.no-others"))


def test_no_symptom_is_denied_that_was_not_asked() -> None:
    for state in _every_state(SYMPTOMS):
        labels, _ = _said({fact: said for fact, said in state.items() if said is not None})
        assert ("no-symptoms" in labels) == all(state[line.fact] == line.options["no"] for line in SYMPTOMS.lines)


def test_who_is_fit_by_one_line_alone_is_not_said_to_meet_the_others(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II", "t.p-fit", "all.prerequisites.shown")
    while talk.place.question:
        question = talk.place.question
        talk.taps(f"all.{question.id}.no" if question.is_checklist else f"a.{question.id}.unknown")
    assert OTHERS_MET not in talk.text
    assert ALL_MET not in talk.text
    assert LABELS.clause("fit_for_surgery", LINES["p-fit"].options["met"] or Values()) in talk.text


def test_what_only_adds_stands_behind_the_statements_of_a_result(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no")
    for tap in ("go.more", "go.add", "e.primary", "a.primary.resected", "e.age", "a.age.<=50", "now"):
        talk.taps(tap)
    assert talk.text.split("\n")[1].endswith(
        f"G2 · Type III · {LABELS('summary.no-symptoms')} · {LABELS('caution.fitness')}"
    )
    also = talk.text.index("Also said: primary already resected · age up to 50")
    assert talk.text.index("<b>Transplant</b>") < also < talk.text.index("<b>Newer sources</b>")


def test_each_offer_has_a_button_and_is_not_told_in_prose_as_well(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no")
    assert "Could still add" not in talk.text
    offered = [button.caption for button in talk.taps("go.more", "go.add").buttons if button.action.startswith("e.")]
    assert LABELS("asks.portal_drainage") in offered
    assert all(len(row) == 1 for row in talk.screen.rows)


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_what_an_adjunct_rests_on_is_said(vignette: dict[str, Any]) -> None:
    case = vignette["case"]
    found = assess(Case.of(case))
    facts = {part.fact for part in summary(found)}
    gathered = {
        line.fact for q in (PREREQUISITES, SYMPTOMS) for line in q.lines if _said(case)[0] - {"mitoses-unknown"}
    }
    for fact in case.keys() - facts - gathered - {"ki67", "mitoses", "hormonal_symptoms"}:
        without = assess(Case.of({name: value for name, value in case.items() if name != fact}))
        assert set(without.adjuncts) >= set(found.adjuncts), fact


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"grade": "G2", "ki67": 8}, True),
        ({"grade": "G2", "ki67": 8, "mitoses": 3}, False),
        ({"grade": "G2"}, False),
        ({"grade": "G3", "ki67": 40}, False),  # the mitoses could not change it
    ],
)
def test_a_grade_by_ki67_alone_says_so(case: dict[str, Any], said: bool) -> None:
    assert ("mitoses-unknown" in _said({**case, "pattern": "III"})[0]) is said


def test_a_grade_by_ki67_alone_says_so_on_the_card_and_in_the_copied_text() -> None:
    talk = begun(Conversation()).taps("a.grade.count", "a.ki67.3-20", "a.mitoses.alone", "a.pattern.III")
    talk.taps("all.symptoms.no")
    assert "G2 · Ki-67 3–20\u00a0% · no mitotic count, which could raise the grade · Type III" in talk.text
    assert any("no mitotic count" in button.copy for button in talk.taps("go.hand").buttons if button.copy)


def test_a_number_that_no_question_asks_is_said_where_a_note_turns_on_it(conversation: Conversation) -> None:
    talk = begun(conversation).types("G2, type I, all prerequisites met, no symptoms, 12 liver metastases")
    talk.taps(next(button.action for button in talk.buttons if button.action.startswith("use.")))
    while talk.headline == "undetermined":
        talk.taps("all.prerequisites.met")
    assert "Also said: 12 liver lesions" in talk.text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"pattern": "I", "primary": "unresectable", "r0_feasible": False}, True),
        ({"pattern": "I", "primary": "unresectable", "r0_feasible": True}, False),
        ({"pattern": "III", "r0_feasible": False}, False),  # unresectable by its pattern already
    ],
)
def test_a_fact_off_the_way_is_said_only_where_what_comes_with_the_headline_rests_on_it(
    case: dict[str, object], said: bool
) -> None:
    known = {"grade": "G2", "fit_for_surgery": True, "refractory_symptoms": False, "local_effects": False}
    assert ("r0_feasible" in _said({**known, **case})[1]) is said
