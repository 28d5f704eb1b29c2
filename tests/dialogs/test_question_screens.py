"""The screen of a question: what it asks stands among its first lines, and it says truly how far one is."""

from __future__ import annotations

from textwrap import wrap

import pytest

from dialogs.conversation import Conversation
from guideline import UNDETERMINED
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.dialogs.test_every_screen import behind
from tests.support.asked import asks
from tests.support.walk import Talk, begun

PHONE = 36
"""Letters on a line of a phone of 360 points."""


def _lines_before_the_question(screen: str) -> int:
    above = screen.partition("<b>")[0]
    return sum(len(wrap(line, PHONE)) for line in parse_html(above)[0].splitlines())


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_question_opened_later_shows_its_words_within_three_lines(conversation: Conversation, headline: str) -> None:
    for answers, _ in telling(headline, 6):
        opened = [(a, t) for a, t in behind(Talk(conversation, session_of(answers))) if a.startswith("e.")]
        assert opened
        for action, talk in opened:
            asked = talk.place.question
            assert asked
            several = asked.is_checklist and len(talk.place.lines(asked)) > 1
            assert talk.text.startswith("Several answers" if several else "One answer"), action
            assert _lines_before_the_question(talk.text) <= 2, talk.text


def test_on_the_way_the_question_stands_within_three_lines_whatever_was_answered(conversation: Conversation) -> None:
    taps = ("a.grade.unknown", "a.pattern.II", "t.p-r0", "t.p-r0", "t.p-fit", "t.p-heart", "all.prerequisites.shown")
    talk = begun(conversation)
    for tap in (*taps, "t.s-local", "t.s-local", "t.s-local", "t.s-local", "all.symptoms.shown"):
        assert _lines_before_the_question(talk.text) <= 2, talk.text
        talk.taps(tap)


@pytest.mark.parametrize(
    ("taps", "steps"),
    [
        (("a.grade.G2", "a.pattern.III", "all.symptoms.no"), ["Step 1", "Step 2", "Last step"]),
        (
            ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"),
            ["Step 1", "Step 2", "Step 3", "Step 4", "One more question"],
        ),
    ],
)
def test_the_steps_are_counted_as_they_come(
    conversation: Conversation, taps: tuple[str, ...], steps: list[str]
) -> None:
    talk = begun(conversation)
    for tap, step in zip(taps, steps, strict=True):
        assert talk.text.startswith(step)
        talk.taps(tap)
    assert talk.place.question is None
    assert talk.headline != UNDETERMINED


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("largest_lesion_cm", ["largest lesion to be ablated?", "resected does not count"]),
        ("timing", ["In one lobe: with a resectable primary", "In both lobes or diffuse", "a sequence may be used"]),
        ("r0_feasible", ["In Type II lesions cleared by ablation count: our reading"]),
    ],
)
def test_a_question_says_of_which_disease_it_speaks(conversation: Conversation, question: str, said: list[str]) -> None:
    taps = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.yes", f"e.{question}")
    talk = begun(conversation)
    for tap in taps:
        talk.forges(tap)
    assert [words for words in said if words not in talk.text] == [], talk.text


def test_the_page_that_explains_the_types_asks_in_the_words_of_the_question(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2")
    assert asks("pattern") in talk.text
    assert asks("pattern") in talk.taps("go.classify").text


def test_who_finds_no_type_that_fits_gets_the_page_for_that_where_the_types_are_explained(
    conversation: Conversation,
) -> None:
    talk = begun(conversation).taps("a.grade.G2", "go.classify")
    assert [button.action for button in talk.buttons].count("go.bilobar") == 1
    assert "Bilobar: Bilobar" not in parse_html(talk.text)[0]

    talk.taps("go.bilobar", "a.pattern.II-nearest")
    assert talk.place.found.case.known["pattern_fit"] == frozenset({"nearest"})


def test_a_list_with_a_line_that_is_not_met_offers_the_others_only(conversation: Conversation) -> None:
    talk = begun(conversation).types("G2, type I, primary unresectable, no symptoms, R0 possible, fit")
    talk.uses_what_was_read()
    while not any(button.action == "all.prerequisites.met" for button in talk.buttons):
        talk.taps(next(action for action in talk.actions if action.startswith(("all.", "a."))))

    (offered,) = [button.caption for button in talk.buttons if button.action == "all.prerequisites.met"]
    assert offered == "All others met"


EXPLAINED = {
    "p-primary": "Primary: ",
    "p-r0": "R0: ",
    "p-outside": "Outside the ",
    "p-fit": "Fit: ",
    "p-heart": "Carcin",
}
"""How the explanation of each prerequisite begins."""


def _explained(talk: Talk) -> set[str]:
    lines = parse_html(talk.text)[0].split("\n")
    return {id_ for id_, begins in EXPLAINED.items() if any(line.startswith(begins) for line in lines)}


def test_only_the_prerequisites_that_are_still_open_are_explained(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G1", "a.pattern.I")
    left = set(EXPLAINED)
    assert _explained(talk) == left
    for line in ("p-fit", "p-heart", "p-primary", "p-r0"):
        talk.taps(f"t.{line}")
        left -= {line}
        assert _explained(talk) == left
        assert f"t.{line}" in talk.actions, "its row stays"
    assert not _explained(talk.taps("t.p-outside"))
    assert _explained(talk.taps("t.p-outside", "t.p-outside")) == {"p-outside"}

    talk = begun(conversation).types("G1, type I, primary resected, fit, normal echo, nothing outside the liver")
    talk.uses_what_was_read()
    assert _explained(talk) == {action[2:] for action in talk.actions if action.startswith("t.p-")}


def test_opened_again_the_prerequisites_that_can_be_turned_are_explained(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")

    assert _explained(talk.taps("go.change", "e.prerequisites")) == set(EXPLAINED)


def test_r0_asked_beside_all_cleared_says_why(conversation: Conversation) -> None:
    reason = "R0 is asked by itself, since it needs free margins too."
    talk = begun(conversation).taps("a.grade.G1", "go.bilobar", "a.pattern.II-nearest")
    assert "t.p-r0" in talk.actions
    assert reason in talk.text
    assert reason not in talk.taps("t.p-r0").text, "it is answered"

    assert reason not in begun(conversation).taps("a.grade.G1", "a.pattern.II").text
