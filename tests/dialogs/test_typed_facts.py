"""What was read of a typed text, as the code on a button and as answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import MAX_REVISION
from bot.buttons import encode as callback_data
from dialogs.actions import Use
from dialogs.actions import encode as encode_action
from dialogs.typed_facts import TypedFacts, answers_with, decode, encode
from guideline import Span
from guideline.case import CHOICES, FACTS, NUMBERS
from guideline.values import Choice
from tests.dialogs.samples import STANDINGS

MANY = settings(max_examples=300, deadline=None, derandomize=True)


def values(fact: str) -> st.SearchStrategy[Choice]:
    if fact in CHOICES:
        return st.sampled_from(CHOICES[fact])
    at = st.integers(1, 99).map(str)
    return st.one_of(
        at,
        st.integers(1, 99).map(lambda number: f"{number}.5"),
        st.builds("{}{}".format, st.sampled_from(("<", "<=", ">", ">=")), st.integers(2, 98)),
        st.builds("{}-{}".format, st.integers(1, 40), st.integers(41, 99)),
    )


TYPED_FACTS = st.builds(
    TypedFacts,
    st.lists(st.sampled_from(FACTS), unique=True).flatmap(
        lambda facts: st.fixed_dictionaries({fact: values(fact) for fact in FACTS if fact in facts})
    ),
    st.booleans(),
    missed=st.integers(0, 8),
    cut=st.booleans(),
)


@st.composite
def tellings(draw: st.DrawFn) -> TypedFacts:
    """A reading with facts that are doubtful as well."""
    typed = draw(TYPED_FACTS)
    kinds = {fact: draw(st.sampled_from(("", "conflict", "unclear"))) for fact in FACTS if fact not in typed.facts}
    conflict, unclear = (tuple(f for f, kind in kinds.items() if kind == k) for k in ("conflict", "unclear"))
    return replace(typed, conflict=conflict, unclear=unclear)


@pytest.mark.slow
@MANY
@given(typed=tellings())
def test_a_code_gives_back_what_it_was_made_from_and_fits_a_button(typed: TypedFacts) -> None:
    assert decode(encode(typed)) == typed
    assert callback_data(MAX_REVISION, encode_action(Use(encode(typed), anew=True)))


@MANY
@given(text=st.text("ABCabc019-_.", max_size=70))
def test_another_code_is_refused_or_made_of_facts(text: str) -> None:
    typed = decode(text)

    assert typed is None or encode(typed) == text


def test_a_code_of_other_facts_than_todays_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    code = encode(TypedFacts({"grade": "G2"}))
    monkeypatch.setattr("dialogs.typed_facts._LAYOUT", 1)

    assert decode(code) is None


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_becomes_an_answer_that_says_it(fact: str) -> None:
    for value in (*CHOICES.get(fact, ()), *(("5", "<9", ">=8", "2-7") if fact in NUMBERS else ())):
        typed = TypedFacts({fact: value})
        answers = answers_with((), typed, {fact})
        known = STANDINGS.case(answers).known

        assert STANDINGS.holding(answers) == answers
        if value != "unknown":
            possible = typed.possible(fact)
            whole = NUMBERS[fact][0] if fact in NUMBERS else None
            assert known[fact] == (possible.both(whole) if isinstance(possible, Span) and whole else possible)


def test_counts_without_a_grade_open_the_calculator_and_beside_one_they_stand_by_themselves() -> None:
    counts = TypedFacts({"ki67": "8", "mitoses": "1"})
    both = TypedFacts({"grade": "G2", "ki67": "8"})

    assert answers_with((), counts, set(counts.facts)) == (("grade", "count"), ("ki67", "=8"), ("mitoses", "=1"))
    assert answers_with((), both, set(both.facts)) == (("grade", "G2"), ("told-ki67", "=8"))


def test_what_was_told_gives_way_to_what_is_answered_later() -> None:
    typed = TypedFacts({"grade": "G2", "ki67": "8"})
    answers = (*answers_with((), typed, set(typed.facts)), ("grade", "G1"))
    answers = tuple(answer for answer in answers if answer != ("grade", "G2"))

    assert STANDINGS.holding(answers) == (("grade", "G1"),)
