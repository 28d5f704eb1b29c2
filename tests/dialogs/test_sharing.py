"""Sharing the answers of a session: who opens the code has the same case before them, at the same place."""

from __future__ import annotations

from random import Random

import pytest

from dialogs.answers import given
from dialogs.case_code import CaseCodes, CodedCase
from dialogs.session import Answers
from dialogs.sharing import answers_of, coded
from dialogs.typed_facts import TypedFacts, answers_with
from guideline import Span, guideline
from guideline.case import BY_NAME, CHOICES, FACTS
from guideline.values import Choice, Possible, Values
from tests.dialogs.samples import HEADLINES, STANDINGS, answered

CODES = CaseCodes(guideline().evidence.stamp.year)


def typed_at_random(random: Random) -> TypedFacts:
    """Some facts as a typed text may say them."""
    facts: dict[str, Choice] = {}
    for fact in FACTS:
        low, high = sorted(random.sample(range(1, 99), 2))
        numbers = (f"{low}", f"{low}.5", f"<{high}", f"<={high}", f">{low}", f">={low}", f"{low}-{high}")
        if random.random() < 0.25:
            facts[fact] = random.choice(CHOICES.get(fact, numbers))
    return TypedFacts(facts)


def answers_at_random(random: Random) -> Answers:
    """Tapped, typed, or both."""
    answers = answered(random, random.choice(HEADLINES)) if random.random() < 0.8 else ()
    if not answers or random.random() < 0.5:
        typed = typed_at_random(random)
        answers = answers_with(answers, typed, set(typed.facts))
    return STANDINGS.holding(answers)


def opened(answers: Answers) -> Answers:
    """The answers as somebody else has them who opens the code."""
    case = coded(answers, STANDINGS.of(answers).found)
    code = CODES.encode(case)
    assert CODES.decode(code) == case
    return answers_of(CODES.decode(code))


@pytest.mark.slow
def test_who_opens_a_code_has_the_same_case_at_the_same_place() -> None:
    random = Random(2012)
    for _ in range(500):
        answers = answers_at_random(random)
        mine, theirs = STANDINGS.of(answers), opened(answers)
        assert STANDINGS.holding(theirs) == theirs
        there = STANDINGS.of(theirs)
        assert there.found.case == mine.found.case, answers
        assert (there.stage, there.due) == (mine.stage, mine.due), answers
        assert opened(theirs) == theirs


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((("grade", "count"), ("ki67", "=12.5"), ("mitoses", "alone")), None),
        ((("grade", "count"), ("ki67", "unknown"), ("mitoses", "<2")), None),
        ((("grade", "unknown"), ("told-ki67", "=8")), None),
        ((("grade", "G2"), ("told-mitoses", "=1")), None),
        ((("grade", "G2"), ("pattern", "II-nearest")), None),
        ((("grade", "G1"), ("told-differentiation", "well"), ("pattern", "III")), None),
        ((("p-primary", "met"), ("p-heart", "met"), ("p-fit", "unknown"), ("prerequisites", "done")), None),
        ((("p-fit", "met"), ("p-r0", "unmet"), ("prerequisites", "done")), None),
        ((("p-fit", "unmet"),), (("told-fit_for_surgery", "no"),)),
        ((("timing", "unknown"),), ()),
    ],
)
def test_the_answers_are_those_that_were_given(answers: Answers, expected: Answers | None) -> None:
    assert set(opened(answers)) == set(answers if expected is None else expected)


def test_the_code_of_another_content_gives_only_answers_that_can_be_given() -> None:
    """Such as a set of values that no answer says, a line that is gone, or a value that is not asked."""
    case = CodedCase(
        "2012.9",
        {
            "grade": Values({"G1", "G3"}),
            "primary_site": Values({"unknown"}),
            "pattern": Values({"II"}),
            "largest_lesion_cm": Span(1.5, 2.5, False, False),
        },
        frozenset({("gone", "unknown"), ("symptoms", "done")}),
    )

    assert dict(answers_of(case)) == {"pattern": "II", "largest_lesion_cm": "=>1.5-<2.5", "symptoms": "done"}


def test_what_the_case_came_to_is_in_the_code() -> None:
    answers = (("grade", "G3"), ("differentiation", "well"))
    case = coded(answers, STANDINGS.of(answers).found)

    assert case.candidates == {"systemic-chemotherapy"}
    assert case.caveats == {"net-g3-not-covered"}
    assert case.adjuncts == set()
    assert case.version == guideline().evidence.stamp.version


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_of_an_opened_code_becomes_an_answer_that_says_it(fact: str) -> None:
    singles: list[Possible] = [Values({value}) for value in CHOICES.get(fact, ()) if value != "unknown"]
    one = 5.0 if BY_NAME[fact].whole else 5.5
    for possible in singles or [Span.at(one), BY_NAME[fact].read(Span(2, 7, False, True))]:
        answers = answers_of(CodedCase("2012.2", {fact: possible}))

        assert STANDINGS.case(answers).known == {fact: possible}
        assert given(answers, "grade") != "unknown"
