"""Every way through the conversation, held against the contract's own table of headlines (docs/contract.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest

from dialogs.answers import given, without
from dialogs.conversation import About, Conversation
from dialogs.questions import COUNT, LINES, ON_THE_WAY, UNKNOWN, Stage
from guideline import UNDETERMINED, Span
from guideline.values import Possible
from phone.entities import parse_html
from tests.dialogs.test_every_screen import check_form, stray_numbers
from tests.guideline import contract
from tests.support.walk import OPENINGS, Step, Talk, begun, every_way, random_way, wordless

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def another() -> Conversation:
    """The conversation of another run."""
    return Conversation(About(retention_hours=24, owner_contact="the ward's pharmacy"))


@pytest.fixture(scope="module", params=[(), *OPENINGS], ids=lambda opening: " ".join(opening) or "grade")
def steps(request: pytest.FixtureRequest) -> tuple[Step, ...]:
    return every_way(request.param)


def _still_deciding(step: Step) -> tuple[frozenset[str], frozenset[str]]:
    """The facts that change the headline of some completion, and the headlines that completions reach."""
    found = step.place.found
    known: Mapping[str, Possible] = {**found.case.known, "grade": found.known["grade"]}
    return _of_completions(tuple(_places(fact, known.get(fact)) for fact in contract.HEADLINE_FACTS))


@cache
def _of_completions(places: tuple[tuple[int, ...], ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The same, by the places of the values that each fact can have. Many steps leave the same values open."""
    every = contract.COMPLETE[np.ix_(*places)]
    deciding = (fact for axis, fact in enumerate(contract.HEADLINE_FACTS) if (every != every.take([0], axis)).any())
    return frozenset(deciding), frozenset(contract.HEADLINES[number] for number in np.unique(every))


@cache
def _places(fact: str, possible: Possible | None) -> tuple[int, ...]:
    values = contract.HEADLINE_FACTS[fact]
    return tuple(place for place, value in enumerate(values) if possible is None or _may_be(value, possible))


def _may_be(value: object, possible: Possible) -> bool:
    if isinstance(possible, Span):
        return possible.meets(Span.read(">=90" if value == 90 else "<90"))  # the only number that decides
    return value in possible


def _fact(line: str) -> str:
    return "grade" if line in ("ki67", "mitoses") else LINES[line].fact


def _before_the_list(step: Step) -> Step:
    """The step with nothing answered of an open list, which keeps its lines."""
    question = step.place.question
    if question is None or not question.is_checklist:
        return step
    answers = without(step.session.answers, [line.id for line in question.lines])
    return replace(step, place=wordless().place(replace(step.session, answers=answers)))


def _of_no_use_yet(step: Step) -> set[str]:
    """The facts whose question waits for what is not known of others, so that with everything unknown it is not
    asked."""
    known = step.place.found.known
    return {
        question.lines[0].fact
        for question in ON_THE_WAY
        if any(known.get(fact) != possible for fact, possible in question.only_where.items())
    }


def _asks_in_vain(step: Step) -> list[str]:
    """The lines asked here that can change neither the headline nor what has to be prepared for."""
    deciding, headlines = _still_deciding(_before_the_list(step))
    if headlines != {"systemic-chemotherapy"}:
        deciding |= {"carcinoid_syndrome"}
    known = step.place.found.known
    if known.get("pattern") == frozenset({"III"}) and known.get("fit_for_surgery") != frozenset({False}):
        deciding |= {"refractory_symptoms", "local_effects"}
    if known["grade"] == frozenset({"G3"}):
        deciding |= {"differentiation"}  # it decides whether the review speaks of this tumour at all
    return [line for line in step.asked if _fact(line) not in deciding]


def test_no_question_and_no_line_is_asked_that_cannot_change_the_headline_any_more(steps: tuple[Step, ...]) -> None:
    for step in steps:
        assert not _asks_in_vain(step), step.path


def test_every_question_asks_something(steps: tuple[Step, ...]) -> None:
    for step in steps:
        question = step.place.question
        untouched = question and all(given(step.session.answers, line.id) is None for line in question.lines)
        assert step.asked or not untouched, step.path


def test_every_way_ends_in_the_headline_of_the_contract_or_in_a_work_up(steps: tuple[Step, ...]) -> None:
    for step in steps:
        deciding, headlines = _still_deciding(step)
        found = step.place.found
        assert set(found.candidates) == headlines, step.path
        if step.place.question is None:
            stage = Stage.WORKUP if len(headlines) > 1 else Stage.RECOMMENDATION
            assert step.place.stage is stage, step.path
            assert step.screen.text == ("workup" if len(headlines) > 1 else "recommendation")
            not_known = {_fact(line) for line, option in step.session.answers if option in (UNKNOWN, COUNT)}
            never_asked = deciding - not_known - _of_no_use_yet(step)
            assert not never_asked, f"{never_asked} never asked: {step.path}"


def test_the_question_asked_is_the_first_one_that_can_still_change_the_headline(steps: tuple[Step, ...]) -> None:
    for step in steps:
        deciding, _ = _still_deciding(step)
        for question in ON_THE_WAY:
            if question is step.place.question:
                break
            left = [line.id for line in question.lines if given(step.session.answers, line.id) is None]
            counts = question.id in ("ki67", "mitoses") and given(step.session.answers, "grade") != COUNT
            left_to_ask = deciding.intersection(map(_fact, left)) - _of_no_use_yet(step)
            assert counts or not left_to_ask, (question.id, step.path)


def test_no_way_takes_more_than_14_taps_when_each_list_is_answered_line_by_line(steps: tuple[Step, ...]) -> None:
    for step in steps:
        taps = ["start", "begin", *step.path]
        turned = {action for action in taps if action.startswith("t.")}
        once_each = [action for action in taps if not action.startswith("t.")] + sorted(turned)
        assert len(once_each) <= 14, step.path


def test_every_text_on_every_way_is_valid_the_same_in_another_run_and_prints_no_stray_number(
    steps: tuple[Step, ...], conversation: Conversation, another: Conversation
) -> None:
    for step in steps:
        question = step.place.question
        talk = Talk(conversation, step.session)
        if question:
            texts = [(f"e.{question.id}", talk)]
        else:
            rooms = [action for action in talk.actions if action.startswith("go.")]
            texts = [("", talk), *((room, Talk(conversation, step.session).forges(room)) for room in rooms)]
        for action, shown in texts:
            try:
                check_form(shown.screen)
                plain, _ = parse_html(shown.text)
                assert not stray_numbers(plain, step.place.found, action)
            except (AssertionError, ValueError) as error:
                raise AssertionError(f"{step.path} {action}: {error}\n{shown.text}") from error
            again = Talk(another, step.session)
            assert (again.forges(action) if action.startswith("go.") else again).screen == shown.screen


def test_the_common_way_takes_six_taps() -> None:
    talk = begun(wordless()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    assert talk.headline == "resection-two-step"
    assert talk.place.question is None  # with START: begin and the five above


@pytest.mark.parametrize("seed", range(4))
def test_ways_taken_at_random_ask_nothing_in_vain_and_end(seed: int) -> None:
    random, conversation = Random(seed), wordless()
    for _ in range(40):
        way = random_way(conversation, random)
        assert way[-1].place.question is None
        for step in way:
            assert not _asks_in_vain(step), step.path
        assert (way[-1].place.found.headline == UNDETERMINED) == (len(_still_deciding(way[-1])[1]) > 1)
