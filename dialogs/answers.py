"""From the answers to the case: which of them hold, what they say together, and how one more changes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from dialogs.questions import (
    ALONE,
    COUNT,
    COUNTS,
    LINES,
    QUESTIONS,
    TOLD,
    UNKNOWN,
    Facts,
    Line,
    Question,
    says,
    takes,
)
from dialogs.session import Answers
from guideline import Case, CaseError, Span
from guideline.facts import Bands
from guideline.values import Possible, Values

DONE = "done"
"""The answer that closes a list question."""


def given(answers: Answers, line: str) -> str | None:
    """The option given for that line (or DONE for a list question), or None."""
    return next((option for id_, option in answers if id_ == line), None)


def closed(answers: Answers, question: Question) -> bool:
    """Whether the question has been answered."""
    return given(answers, question.id) is not None


def with_answer(answers: Answers, line: str, option: str) -> Answers:
    """The answers with this one as the newest, in the place of what a typed text has said of the same fact."""
    told = f"told-{LINES[line].fact}" if line in LINES else ""
    return (*without(answers, [line, told]), (line, option))


def answered(answers: Answers, line: str, option: str) -> Answers:
    """The same for a question by itself. Choosing "from the counts" clears both counts: they are asked again."""
    return with_answer(without(answers, COUNTS) if option == COUNT else answers, line, option)


def turned(answers: Answers, line: str) -> Answers:
    """The answers with a line of an open list turned to its next option."""
    return with_answer(answers, line, LINES[line].after(stands_at(answers, line)))


def closing(answers: Answers, question: Question, shown: Collection[str], option: str = "") -> Answers:
    """The answers with a list closed, as its lines stand; an option is given to those not known, or to one alone."""
    for line in shown:
        now = stands_at(answers, line)
        takes_it = option and (now == UNKNOWN or len(shown) == 1)
        answers = with_answer(answers, line, option if takes_it else now)
    return with_answer(answers, question.id, DONE)


def stands_at(answers: Answers, line: str) -> str:
    """The option at which a line of a list stands."""
    return given(answers, line) or _told(answers, LINES[line]) or UNKNOWN


def _told(answers: Answers, line: Line) -> str | None:
    """The option of the line that a typed text has said, if it has."""
    told = TOLD.get(f"told-{line.fact}")
    option = given(answers, told.id) if told else None
    said = says(told, option).get(line.fact) if told and option else None
    for id_, means in line.options.items():
        if isinstance(said, frozenset) and isinstance(means, frozenset) and said <= means:
            return id_
    return None


def without(answers: Answers, lines: Iterable[str]) -> Answers:
    """The answers without those to the lines."""
    gone = set(lines)
    return tuple(answer for answer in answers if answer[0] not in gone)


def holding(answers: Answers, assess: Callable[[Answers], object]) -> Answers:
    """The answers that hold: known ones, to questions that still arise; of two that contradict, the newer.

    assess: from answers to what they come to. Those that it refuses beside the others (CaseError), such as poor
    differentiation beside G2, do not hold either.
    """
    kept = _apart(answers)
    try:
        assess(kept)
    except CaseError as refused:
        if any(id_ in TOLD for id_, _ in kept):  # what was only told gives way to what is asked
            return holding(without(kept, TOLD), assess)
        return without(kept, [id_ for id_, line in LINES.items() if line.fact == refused.field])
    return kept


def _apart(answers: Answers) -> Answers:
    """The known answers to questions that still arise; of two about one fact that contradict, the newer."""
    by_line = dict(answers)
    facts: dict[str, Possible] = {}
    kept: list[tuple[str, str]] = []
    for id_, option in reversed(answers):
        if not _exists(id_, option) or (id_ in QUESTIONS and not arises(by_line, QUESTIONS[id_])):
            continue
        together = _together(facts, says(LINES[id_], option)) if id_ in LINES else {}
        if None in together.values():
            continue
        facts |= {fact: possible for fact, possible in together.items() if possible is not None}
        kept.append((id_, option))
    return tuple(reversed(kept))


def case_of(answers: Answers, bands: Bands) -> Case:
    """The case that the answers describe; all of them have to hold. bands: of the counts that make a grade."""
    facts: dict[str, Possible] = {}
    for id_, option in answers:
        if id_ in LINES:
            for fact, possible in _together(facts, says(LINES[id_], option)).items():
                assert possible is not None
                facts[fact] = possible
    if given(answers, "mitoses") == ALONE and "ki67" in facts:
        facts["grade"] = Values(grade for grade, band in bands["ki67"].items() if band.meets(facts["ki67"]))
    return Case.of(facts)


def _together(facts: Facts, said: Facts) -> dict[str, Possible | None]:
    """What is known of the facts that an answer speaks of, with the answer; None where the two contradict."""
    return {fact: _both(facts[fact], possible) if fact in facts else possible for fact, possible in said.items()}


def _exists(id_: str, option: str) -> bool:
    if id_ in QUESTIONS and QUESTIONS[id_].is_list:
        return option == DONE
    return id_ in LINES and takes(LINES[id_], option)


def arises(given: Mapping[str, str], question: Question) -> bool:
    """Whether the other answers, by their lines, leave the question open at all."""
    after = all(given.get(other) in options for other, options in question.only_after.items())
    return after and not any(given.get(other) in options for other, options in question.not_after.items())


def _both(one: Possible, other: Possible) -> Possible | None:
    if isinstance(one, Span) and isinstance(other, Span):
        return one if one.within(other) else other if other.within(one) else None
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return Values(one & other) or None
    raise TypeError("two answers about one fact are of different kinds")
