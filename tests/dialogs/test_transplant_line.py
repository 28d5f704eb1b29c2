"""Wherever a transplant is named for hormones, what the answers say against one is named with it (§5.4, §6)."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.view import Send
from guideline import Assessment, Case, assess
from phone.entities import parse_html
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk, begun

LINE = Labels()("adjunct.transplant-for-hormones")
REFRACTORY: dict[str, object] = {"grade": "G1", "refractory_symptoms": True, "fit_for_surgery": True}
NO_CURE = {**REFRACTORY, "pattern": "II", "r0_feasible": False, "debulkable_percent": 40}


def found(**case: object) -> Assessment:
    return assess(Case.of(case))


@pytest.mark.parametrize(
    ("said", "failed"),
    [
        ({}, {}),
        ({"primary": "resected", "extrahepatic": "none", "age": 50, "liver_involvement_percent": 50}, {}),
        ({"primary": frozenset({"resected", "resectable"}), "extrahepatic": frozenset({"none", "resectable"})}, {}),
        ({"primary": "resectable"}, {"primary-resected-portal-drainage": ("primary",)}),
        ({"primary": "unresectable"}, {"primary-resected-portal-drainage": ("primary",)}),
        ({"primary": "not_found"}, {"primary-resected-portal-drainage": ("primary",)}),
        ({"portal_drainage": False}, {"primary-resected-portal-drainage": ("portal_drainage",)}),
        ({"extrahepatic": "resectable"}, {"liver-only": ("extrahepatic",)}),
        (
            {"liver_involvement_percent": 51, "stable_months": 5, "age": 51},
            {
                "involvement-at-most-50": ("liver_involvement_percent",),
                "stable-6-months": ("stable_months",),
                "age-at-most-50": ("age",),
            },
        ),
    ],
)
def test_the_core_names_the_criteria_that_what_is_known_fails_and_no_other(
    said: dict[str, object], failed: dict[str, tuple[str, ...]]
) -> None:
    for case in (NO_CURE, {**REFRACTORY, "pattern": "III"}):
        assert found(**{**case, **said}).transplant_failed == failed


def test_g3_and_what_is_no_criterion_is_named_too() -> None:
    assert "well-differentiated-low-grade" in found(grade="G3").transplant_failed
    assert found(**NO_CURE).transplant_against == ()
    assert found(**{**NO_CURE, "pattern": "I"}).transplant_against == ("pattern",)
    assert found(**NO_CURE, carcinoid_heart_disease="uncontrolled").transplant_against == ("carcinoid_heart_disease",)


@pytest.mark.parametrize("case", [{"fit_for_surgery": False}, {"grade": "G3"}, {"refractory_symptoms": False}])
def test_it_is_not_named_at_all_where_the_contract_has_no_place_for_it(case: dict[str, object]) -> None:
    assert "transplant-for-hormones" not in found(**{**NO_CURE, **case}).adjuncts


TYPE_I = "G1, type I, primary unresectable, {}, fit, hormones not controlled by octreotide, 40 % removable"
TYPE_II = "G2, type II, R0 not possible, {}, fit, hormones not controlled by octreotide, 40 % removable"
TYPE_III = "G1, type III, {}, hormones not controlled by octreotide"
ONE_SIDED = "§6: for bilobar metastases, yours is one lobe or two segments"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (TYPE_I.format("nothing outside the liver"), f"; not all criteria met: primary unresectable; {ONE_SIDED} ["),
        (TYPE_II.format("primary resected, no extrahepatic disease"), " ["),
        (
            TYPE_II.format("primary in place and resectable"),
            "; not all criteria met: primary in place, resectable [",
        ),
        (
            TYPE_III.format("age 63, unresectable peritoneal disease"),
            "; not all criteria met: age, extrahepatic [",
        ),
        (TYPE_III.format("age 63"), "; not all criteria met: age 63 ["),
        (
            TYPE_II.format("primary in place and resectable, unresectable peritoneal disease"),
            "; not all criteria met: primary in place, resectable; unresectable disease outside the liver [",
        ),
    ],
)
def test_it_is_said_on_the_result_and_wherever_it_is_handed_on(
    conversation: Conversation, typed: str, said: str
) -> None:
    talk = begun(conversation).types(typed)
    talk.uses_what_was_read()
    while "go.hand" not in talk.actions:
        talk.taps(next(a for a in talk.actions if a.startswith("all.") or a.endswith(".unknown")))
    assert "transplant-for-hormones" in talk.place.found.adjuncts

    against = said.removesuffix(" [")
    for action in ("", "text", "go.alternatives"):
        if action == "go.alternatives" and talk.place.found.transplant:
            continue  # the criteria are its first line
        end = "; no good option for most" if action == "" and talk.place.found.transplant else " ["
        assert f"{LINE}{against}{end}" in told(talk, action), action
    assert f"{LINE}{against}" in told(talk, "go.because")
    asked = told(talk, "go.senior").partition(LINE)[2].partition(". ")[0]  # who reads the question has the answers
    assert ("not met: " in asked or "not all criteria met: " in asked) == ("criteria met" in said)
    assert ("§6: for bilobar" in asked) == (ONE_SIDED in said)
    assert against.removeprefix("; ") in told(talk, "go.alternatives")


def told(talk: Talk, action: str) -> str:
    """What is read on the screen, on all pages of a room, or in a message that is sent."""
    if not action:
        return plain(talk.text)
    shown = Talk(talk.conversation, talk.session).forges(action)
    if isinstance(shown.turn, Send):
        return shown.turn.text.replace("\u00a0", " ")
    return "".join(plain(page.text) for page in pages_of(shown))


def plain(text: str) -> str:
    return parse_html(text)[0].replace("\u00a0", " ")
