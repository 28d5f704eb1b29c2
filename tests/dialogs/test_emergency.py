"""An emergency as people type one: the line that says whom to call, alone; and no false alarm on a question."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dialogs.conversation import Command, Conversation
from dialogs.emergency import Emergency
from dialogs.labels import Labels
from guideline import asks, evidence
from tests.support.walk import Talk, begun, wordless

LABELS = Labels()
EMERGENCY = Emergency.of(LABELS)
CASES = Path(__file__).parents[1] / "cases"

HAPPENING = [
    "help he is crashing", "BP 60/40 in theatre", "hypotensive and flushing", "bp 70 systolic what do i give",
    "she's arresting", "patient collapsed", "he is bleeding what now", "carcinoid crisis on the table",
    "carcinoid crisis", "pt in crisis now, octreotide dose??", "cardiac arrest in ct", "can't stop the bleeding",
    "massive hemorrhage", "he's unresponsive", "not breathing", "bleedign from the liver",
    "pressure is dropping during resection", "flushed and hypotensive after induction", "MAP 45 flushing",
    "blood pressure of 65 over 30", "anaphylaxis to contrast", "crash call", "emergency!", "SBP 75",
    "crisis despite prophylaxis, what do i do", "in shock after biopsy",
]  # fmt: skip
ASKED = [
    "pt had anaphylaxis to iodine, how do i image this liver",
    "carcinoid crisis prevention", "how often is carcinoid crisis", "risk of bleeding after hepatectomy",
    "what is carcinoid crisis", "octreotide cover to avoid crisis", "prevent hypotension during tumour handling",
    "evidence for octreotide in crisis", "incidence of crisis in carcinoid surgery",
    "flushing and diarrhoea on lanreotide", "flushing", "diarrhoea, wheezing, flushing", "no bleeding, G2, type II",
    "previous bleed", "BP 140/80, fit for surgery", "ki67 60", "ki-67 45%", "3 per 2 mm2", "help me classify", "help",
    "G1, 60 mets", "pressure on the bile duct", "map of the liver", "perioperative crisis", "sys 3",
    "how is the bp kept", "hypertension", "type ii dominant lesion 60 mm", "age 60, pressure symptoms",
    "map the 12 lesions",
]  # fmt: skip


@pytest.mark.parametrize("text", HAPPENING)
def test_an_emergency_is_seen(text: str) -> None:
    assert EMERGENCY.is_in(text)
    assert EMERGENCY.is_in(text.upper())


@pytest.mark.parametrize("text", ASKED)
def test_a_question_is_none(text: str) -> None:
    assert not EMERGENCY.is_in(text)


def test_no_question_the_search_is_measured_by_is_taken_for_one_but_crisis_by_itself() -> None:
    questions = [
        question["ask"]
        for path in sorted(CASES.glob("questions*.toml"))
        for question in tomllib.loads(path.read_text("utf-8"))["question"]
    ]
    assert [question for question in questions if EMERGENCY.is_in(question)] == ["vasopressors in carcinoid crisis"]


def test_of_what_the_statements_answer_only_crisis_in_theatre_is_one() -> None:
    taken = [ask for asked in asks.load(evidence()).values() for ask in asked.asks if EMERGENCY.is_in(ask)]
    assert all("crisis" in ask for ask in taken)
    assert len(taken) <= 4, taken


@pytest.mark.parametrize("text", HAPPENING[:3])
def test_it_is_answered_with_the_line_alone_wherever_it_is_typed(text: str) -> None:
    places = (
        Talk(wordless()).says("start"),
        begun(wordless()),
        begun(wordless()).taps("a.grade.count"),
        begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown"),
    )
    for before in places:
        for after in (
            Talk(wordless(), before.session).types(text),
            Talk(wordless(), before.session).does(Command("ask", text)),
        ):
            assert (after.text, after.notice) == ("emergency", "")
            assert after.session == before.session
            assert len(after.buttons) == 1


def test_the_screen_is_the_line_and_leads_back_to_where_one_was(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G3")
    result = talk.screen

    assert talk.types("help he is crashing").text == f"<b>{LABELS('notice.emergency')}</b>"
    assert talk.taps("now").screen == result


@pytest.mark.parametrize("text", HAPPENING[:3])
def test_inline_it_is_the_line_alone(text: str, conversation: Conversation) -> None:
    (card,) = conversation.inline(text)
    assert card.text == card.title == LABELS("notice.emergency")
