"""Patients as a clinician would tell them, and whether together they touch everything the core can say."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from tests.guideline import contract

FILE = Path(__file__).parents[1] / "cases" / "vignettes.toml"
VIGNETTES: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["vignette"]
CRITERIA = [rule.id for rule in guideline().rules.criteria]
WORDS = {"met": "met", "failed": "not met", "unknown": "unknown"}


def _found(vignette: dict[str, Any]) -> Assessment:
    return assess(Case.of(vignette["case"]))


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette["name"])
def test_the_patient_gets_what_the_review_suggests(vignette: dict[str, Any]) -> None:
    found = _found(vignette)
    assert found.headline == vignette["headline"]
    assert list(found.needed) == vignette.get("needed", [])
    assert sorted(found.adjuncts) == sorted(vignette["adjuncts"])
    assert sorted(found.caveats) == sorted(vignette.get("caveats", []))
    assert sorted(found.updates) == sorted(vignette["updates"])
    assert set(vignette.get("because", [])) <= set(found.because)
    assert set(vignette.get("limits", [])) <= set(found.limits)
    criteria = {id_: word for key, word in WORDS.items() for id_ in vignette.get(key, [])}
    if found.transplant is None:
        assert not criteria
        assert "transplant" not in vignette
    else:
        assert found.transplant.status == vignette["transplant"]
        assert found.transplant.criteria == dict.fromkeys(CRITERIA, "unknown") | criteria  # what is not listed is open


def test_there_are_enough_patients_and_no_two_are_the_same() -> None:
    assert len(VIGNETTES) >= 70
    for key in ("name", "patient", "case"):
        assert len({str(vignette[key]) for vignette in VIGNETTES}) == len(VIGNETTES)


def test_together_they_reach_every_headline_by_every_edge() -> None:
    tree = guideline().tree
    assert {vignette["headline"] for vignette in VIGNETTES} == {*tree.headlines, UNDETERMINED}
    walked = {(step.node.id, step.edge) for vignette in VIGNETTES for step in _found(vignette).way if step.edge}
    assert [
        (node.id, edge) for node in tree.nodes.values() for edge in node.edges if (node.id, edge) not in walked
    ] == []


def test_together_they_have_every_adjunct_caveat_and_note_that_a_case_can_have() -> None:
    rules = guideline().rules
    assert {id_ for vignette in VIGNETTES for id_ in vignette.get("caveats", [])} == {r.id for r in rules.caveats}
    assert {id_ for vignette in VIGNETTES for id_ in vignette["adjuncts"]} == {rule.id for rule in rules.adjuncts}
    assert {id_ for vignette in VIGNETTES for id_ in vignette["updates"]} == {update.note for update in rules.updates}


def test_together_they_meet_fail_and_leave_open_every_criterion_that_can_fail() -> None:
    criteria = {rule.id for rule in guideline().rules.criteria}
    always_met = {"well-differentiated-low-grade"}  # without it a transplant is not considered at all
    for key, expected in (("met", criteria), ("failed", criteria - always_met), ("unknown", criteria - always_met)):
        states = [found.transplant.criteria for found in map(_found, VIGNETTES) if found.transplant]
        assert {id_ for criteria_of in states for id_, state in criteria_of.items() if state == WORDS[key]} == expected
    statuses = {vignette["transplant"] for vignette in VIGNETTES if "transplant" in vignette}
    assert statuses == {"eligible", "not-eligible", "undetermined"}


def test_together_they_stand_on_both_sides_of_every_threshold() -> None:
    cases = [vignette["case"] for vignette in VIGNETTES]
    sides: dict[str, set[float]] = {
        "ki67": {2.9, 3, 20, 21},
        "debulkable_percent": {69, 70, 89, 90},
        "largest_lesion_cm": set(contract.OTHER_FACTS["largest_lesion_cm"]),
        "age": {50, 51},
        "liver_involvement_percent": {50, 51},
        "stable_months": {5, 6},
    }
    for fact, values in sides.items():
        assert values <= {case[fact] for case in cases if fact in case}, fact
