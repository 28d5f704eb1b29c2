"""Change answer: what was answered, on the buttons that open it again."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from tests.dialogs.rooms.pages import unfolded
from tests.support.walk import begun


@pytest.mark.parametrize(
    ("further", "shown"),
    [("", "Symptoms: no carcinoid, 2 open"), ("no hormonal symptoms, no obstruction", "Symptoms: none")],
)
def test_a_list_is_said_to_be_all_answered_only_where_it_is(further: str, shown: str) -> None:
    talk = begun(Conversation()).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    if further:
        talk.types(further)
        talk.taps(next(action for action in talk.actions if action.startswith("use.")))

    assert shown in [button.caption for button in talk.taps("go.change").buttons]


def test_prerequisites_are_not_said_to_be_met_beside_one_that_was_typed_and_is_not() -> None:
    talk = begun(Conversation()).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    talk.types("R0 not feasible, no obstruction, no hormonal symptoms")
    talk.taps(next(action for action in talk.actions if action.startswith("use.")))

    assert talk.notice.startswith("Old answer replaced: R0 feasible.")
    assert "No longer used" not in talk.notice
    assert "Prerequisites: 1 not met, 4 met" in [button.caption for button in talk.taps("go.change").buttons]


@pytest.mark.parametrize(
    ("taps", "button", "text"),
    [
        (
            ("a.pattern.II", "t.p-fit", "t.p-fit", "all.prerequisites.shown", "all.symptoms.no"),
            "Prerequisites: 1 not met, 4 open",
            "Prerequisites: not fit for surgery. Open: Primary, R0 resection, Outside liver, Carcinoid heart.",
        ),
        (
            ("a.pattern.II", "t.p-fit", "t.p-r0", "all.prerequisites.shown", "all.symptoms.shown"),
            "Prerequisites: 2 met, 3 open",
            "Prerequisites: R0 feasible · fit for surgery. Open: Primary, Outside liver, Carcinoid heart.",
        ),
        (
            ("a.pattern.II", "t.p-heart", "t.p-r0", "t.p-r0", "all.prerequisites.shown", "all.symptoms.shown"),
            "Prerequisites: 1 not met, 3 open",
            "Prerequisites: R0 not feasible · carcinoid heart disease absent or optimised. "
            "Open: Primary, Outside liver, Fit for surgery.",
        ),
        (("a.pattern.II", "all.prerequisites.shown", "all.symptoms.shown"), "Prerequisites: not known", ""),
        (("a.pattern.III", "all.symptoms.shown"), "Symptoms: not known", ""),
        (("a.pattern.III", "t.s-local", "all.symptoms.no"), "Symptoms: obstruction, 2 absent", ""),
        (("a.pattern.III", "t.s-local", "t.s-refractory", "all.symptoms.no"), "Symptoms: 2 present, 1 absent", ""),
        (
            ("a.pattern.III", "t.s-local", "t.s-local", "all.symptoms.shown"),
            "Symptoms: no obstruction, 2 open",
            "Symptoms: no pressure or obstruction. Open: Carcinoid syndrome, Uncontrolled hormones.",
        ),
        (
            ("a.pattern.III", "t.s-local", "t.s-carcinoid", "all.symptoms.shown"),
            "Symptoms: 2 present, 1 open",
            "Symptoms: carcinoid syndrome · pressure or obstruction. Open: Uncontrolled hormones.",
        ),
    ],
)
def test_of_a_list_what_was_said_is_shown_and_what_is_open(taps: tuple[str, ...], button: str, text: str) -> None:
    talk = begun(Conversation()).taps("a.grade.G1", *taps)
    while "go.change" not in talk.actions:
        talk.taps(next(action for action in talk.actions if action.endswith(".unknown")))
    talk.taps("go.change")
    assert button in [one.caption for one in talk.buttons]
    lines = unfolded(talk.text).splitlines()
    assert text in lines if text else not any(line.startswith(button.partition(":")[0]) for line in lines)


def test_where_nothing_is_known_the_page_of_the_answers_says_so() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.unknown", "all.prerequisites.shown")
    talk.taps("all.symptoms.shown", "go.change")
    assert talk.text.splitlines()[0] == "<b>Change an answer</b>: nothing known yet"


def test_an_answer_that_makes_no_difference_now_is_marked_where_answers_are_changed() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("a.steps.no", "go.change")
    assert "One/two steps: two" in [button.caption for button in talk.buttons]
    talk.taps("e.pattern", "a.pattern.III", "all.symptoms.no", "go.change")
    assert "(One/two steps: two)" in [button.caption for button in talk.buttons]
    assert "In brackets: makes no difference now." in talk.text
