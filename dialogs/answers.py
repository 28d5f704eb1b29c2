"""From answers to a case: which answers hold, what they say together, and the answers after one more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from dialogs.questions import (
    ALONE,
    COUNT,
    COUNTS,
    LINES,
    QUESTIONS,
    TYPED_LINES,
    UNKNOWN,
    Facts,
    Line,
    Question,
    says,
    typed_line,
)
from dialogs.session import Answers
from guideline import Case, CaseError
from guideline.facts import Bands
from guideline.values import Possible, Values

DONE = "done"
"""The answer that closes a checklist."""

_NOTHING: Facts = MappingProxyType({})

_REMEMBERED = 2000
"""Entries of the cache of what one answer says. Without typed numbers there are fewer answers than that."""


def given(answers: Answers, line: str) -> str | None:
    """The option given for that line (DONE for a checklist); None when it is not answered."""
    for id_, option in answers:  # called tens of times a tap, and a generator is slower
        if id_ == line:
            return option
    return None


def typed_answer(answers: Answers, fact: str) -> str | None:
    """The option in which a typed text has said the fact on a line of its own; None when there is none."""
    return given(answers, typed_line(fact))


def closed(answers: Answers, question: Question) -> bool:
    """Whether the question has been answered."""
    return given(answers, question.id) is not None


def with_answer(answers: Answers, line: str, option: str) -> Answers:
    """The answers with this one as the newest. It replaces what a typed text has said of the same fact."""
    typed = typed_line(LINES[line].fact) if line in LINES else ""
    return (*without(answers, [line, typed]), (line, option))


def answered(answers: Answers, line: str, option: str) -> Answers:
    """The answers with one to a question that is no checklist. Choosing "from the counts" clears both counts, so they
    are asked again."""
    return with_answer(without(answers, COUNTS) if option == COUNT else answers, line, option)


def turned(answers: Answers, line: str) -> Answers:
    """The answers with a line of the open checklist turned to its next option."""
    return with_answer(answers, line, LINES[line].after(stands_at(answers, line)))


def closing(answers: Answers, question: Question, shown: Collection[str], option: str = "") -> Answers:
    """The answers with a checklist closed. shown: its lines on the screen. option: given to those that are not known,
    or to the only one there is; empty: every line keeps its answer."""
    for line in shown:
        now = stands_at(answers, line)
        takes_it = option and (now == UNKNOWN or len(shown) == 1)
        if given(answers, line) or takes_it:
            answers = with_answer(answers, line, option if takes_it else now)
        else:  # a typed answer to the same fact is kept beside it, since it says how it was read
            answers = (*answers, (line, now))
    return with_answer(answers, question.id, DONE)


def stands_at(answers: Answers, line: str) -> str:
    """The option that a line of a checklist shows."""
    return given(answers, line) or _typed_option(answers, LINES[line]) or UNKNOWN


def _typed_option(answers: Answers, line: Line) -> str | None:
    """The option of the line that a typed text has said; None when it has said nothing of its fact."""
    typed, option = TYPED_LINES.get(typed_line(line.fact)), typed_answer(answers, line.fact)
    said = says(typed, option).get(line.fact) if typed and option else None
    for id_, means in line.options.items():
        if isinstance(said, frozenset) and isinstance(means, frozenset) and said <= means:
            return id_
    return None


def without(answers: Answers, lines: Iterable[str]) -> Answers:
    """The answers without those to the lines."""
    gone = set(lines)
    return tuple([answer for answer in answers if answer[0] not in gone])


def holding(answers: Answers, assess: Callable[[Answers], object]) -> Answers:
    """The answers that hold: valid ones, to questions that still arise; of two that contradict each other, the newer.

    assess: raises CaseError for answers that contradict each other in the core, such as poor differentiation beside G2;
    then one of them does not hold either.
    """
    kept = _apart(answers)
    try:
        assess(kept)
    except CaseError as refused:
        typed = [answer for answer in kept if answer[0] in TYPED_LINES]
        if typed:  # of a contradiction, the answer to a question is kept and the typed one dropped
            return _with_typed(holding(without(kept, TYPED_LINES), assess), kept, typed, assess)
        return without(kept, [id_ for id_, line in LINES.items() if line.fact == refused.field])
    return kept


def _with_typed(
    held: Answers, kept: Answers, typed: list[tuple[str, str]], assess: Callable[[Answers], object]
) -> Answers:
    """The answers `held` with those typed ones that do not contradict them, the newest first. They stay in the order of
    `kept`."""
    for answer in reversed(typed):
        more = tuple(one for one in kept if one in held or one == answer)
        try:
            assess(more)
        except CaseError:
            continue
        held = more
    return held


def _apart(answers: Answers) -> Answers:
    """The valid answers to questions that still arise; of two that contradict each other about one fact, the newer."""
    by_line = dict(answers)
    facts: dict[str, Possible] = {}
    kept: list[tuple[str, str]] = []
    for id_, option in reversed(answers):
        said, question = _said(id_, option), QUESTIONS.get(id_)
        if said is None or (question and not arises(by_line, question)):
            continue
        if said:
            both = together(facts, said)
            if both is None:
                continue
            facts |= both
        kept.append((id_, option))
    return tuple(reversed(kept))


def case_of(answers: Answers, bands: Bands) -> Case:
    """The case that the answers describe; all of them have to hold. bands: by count, the band of each grade."""
    facts: dict[str, Possible] = {}
    for id_, option in answers:
        if said := _said(id_, option):
            both = together(facts, said)
            assert both is not None
            facts |= both
    if given(answers, "mitoses") == ALONE and "ki67" in facts:
        facts["grade"] = Values(grade for grade, band in bands["ki67"].items() if band.meets(facts["ki67"]))
    return Case.of(facts)


def together(facts: Facts, said: Facts) -> Facts | None:
    """What is known, with the answer, of the facts that the answer is about; None when the two contradict each
    other."""
    known: dict[str, Possible] = {}
    for fact, possible in said.items():
        both = _both(facts[fact], possible) if fact in facts else possible
        if both is None:
            return None
        known[fact] = both
    return known


@lru_cache(_REMEMBERED)
def _said(id_: str, option: str) -> Facts | None:
    """What an answer says, by fact; None when there is no such answer."""
    if id_ in QUESTIONS and QUESTIONS[id_].is_checklist:
        return _NOTHING if option == DONE else None
    try:
        return says(LINES[id_], option)
    except (KeyError, ValueError):
        return None


def arises(given: Mapping[str, str], question: Question) -> bool:
    """Whether the other answers, by their lines, allow the question to be asked."""
    if not (question.only_after or question.not_after):
        return True
    for other, options in question.only_after.items():
        if given.get(other) not in options:
            return False
    return all(given.get(other) not in options for other, options in question.not_after.items())


def _both(one: Possible, other: Possible) -> Possible | None:
    """The narrower of the two; None when neither lies within the other. Then the newer answer replaces the older one,
    even if they overlap, so that no band results that nobody gave. Raises TypeError for a set and a span."""
    if one.within(other):
        return one
    return other if other.within(one) else None
