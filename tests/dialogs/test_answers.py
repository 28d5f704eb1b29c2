"""From the answers to the case: which hold, and what they say together."""

from __future__ import annotations

from random import Random

import pytest

from dialogs.answers import DONE, closed, given, with_answer, without
from dialogs.questions import LINES, QUESTIONS
from dialogs.session import Answers
from guideline import Span
from tests.dialogs.samples import STANDINGS, answered


def test_the_answer_given_last_to_a_line_is_its_answer() -> None:
    answers = with_answer((("grade", "G1"), ("pattern", "II")), "grade", "G2")
    assert answers == (("pattern", "II"), ("grade", "G2"))
    assert given(answers, "grade") == "G2"
    assert given(answers, "steps") is None


def test_a_list_is_closed_by_its_own_answer_and_not_by_those_to_its_lines() -> None:
    turned: Answers = (("p-r0", "met"), ("p-fit", "met"))
    assert not closed(turned, QUESTIONS["prerequisites"])
    assert closed((*turned, ("prerequisites", DONE)), QUESTIONS["prerequisites"])


def test_answers_taken_back_are_gone() -> None:
    assert without((("grade", "G1"), ("pattern", "II")), ["grade", "steps"]) == (("pattern", "II"),)


@pytest.mark.parametrize(
    "answer",
    [
        ("grade", "G4"),
        ("grade", DONE),
        ("nonsense", "yes"),
        ("p-r0", "yes"),
        ("prerequisites", "met"),
        ("age", "=131"),
        ("", ""),
    ],
)
def test_an_answer_that_no_longer_exists_does_not_hold(answer: tuple[str, str]) -> None:
    assert STANDINGS.holding((("pattern", "II"), answer)) == (("pattern", "II"),)


@pytest.mark.parametrize(("older", "newer"), [("met", "unresectable"), ("unmet", "resected"), ("unmet", "resectable")])
def test_of_two_answers_that_contradict_each_other_the_newer_holds(older: str, newer: str) -> None:
    assert STANDINGS.holding((("p-primary", older), ("primary", newer))) == (("primary", newer),)
    assert STANDINGS.holding((("primary", newer), ("p-primary", older))) == (("p-primary", older),)


def test_two_answers_about_one_fact_that_agree_say_what_both_say() -> None:
    answers = (("p-primary", "met"), ("primary", "resectable"))
    assert STANDINGS.holding(answers) == answers
    assert STANDINGS.case(answers).known == {"primary": frozenset({"resectable"})}


def test_of_two_bands_that_merely_overlap_the_newer_holds_and_none_is_made_of_both() -> None:
    answers = (("grade", "count"), ("ki67", "3-20"), ("told-ki67", "=10-25"))
    assert STANDINGS.holding(answers) == (("grade", "count"), ("told-ki67", "=10-25"))
    narrower = (("grade", "count"), ("ki67", "3-20"), ("told-ki67", "=10-15"))
    assert STANDINGS.holding(narrower) == narrower
    assert STANDINGS.case(narrower).known == {"ki67": Span(10, 15)}


def test_counts_hold_only_while_the_grade_comes_from_them() -> None:
    counted = (("grade", "count"), ("ki67", "3-20"), ("mitoses", "=4"))
    assert STANDINGS.holding(counted) == counted
    assert STANDINGS.case(counted).known == {"ki67": Span.read("3-20"), "mitoses": Span.at(4)}
    assert STANDINGS.holding((("ki67", "3-20"), ("mitoses", "=4"), ("grade", "G3"))) == (("grade", "G3"),)


def test_differentiation_holds_only_while_the_grade_can_be_g3() -> None:
    assert STANDINGS.holding((("differentiation", "poor"), ("grade", "G3")))[0] == ("differentiation", "poor")
    assert STANDINGS.holding((("differentiation", "poor"), ("grade", "G1"))) == (("grade", "G1"),)


def test_not_known_says_nothing_of_the_case() -> None:
    answers = tuple((line.id, "unknown") for line in LINES.values())
    assert not STANDINGS.case(STANDINGS.holding(answers)).known


def test_what_holds_holds_when_looked_at_again_and_makes_a_case() -> None:
    random = Random(8)
    for _ in range(500):
        given_ = list(answered(random))
        random.shuffle(given_)
        once = STANDINGS.holding(tuple(given_))
        assert STANDINGS.holding(once) == once
        STANDINGS.case(once)
