"""Which questions are still worth asking, and which of their lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialogs.answers import arises, without
from dialogs.questions import COUNTS, OFFERED, Line, Question
from dialogs.session import Answers
from guideline import UNDETERMINED, Assessment

Given = Mapping[str, str]
"""The option given for each line that is answered (DONE for a closed checklist)."""


def shown_lines(question: Question, answers: Answers, assess: Callable[[Answers], Assessment]) -> list[str]:
    """The lines of a question that are shown: those answered, and those that mattered before any of them was answered,
    so that none disappears while others are tapped. assess: from answers to their assessment."""
    given, before = dict(answers), answers
    if not arises(given, question):
        return []
    if question.is_checklist:
        before = without(answers, [line.id for line in question.lines])
    found = assess(before)
    return [line.id for line in question.lines if line.id in given or matters(line, found)]


def is_due(question: Question, answers: Answers, given: Given, assess: Callable[[Answers], Assessment]) -> bool:
    """Whether the question is not answered yet, and mattered before any of its lines was answered.

    given: the answers by their lines. A closed checklist is due again when a line of it matters that was never shown.
    """
    if not arises(given, question):
        return False
    if question.id in given:
        return question.is_checklist and any(
            line.id not in given and matters(line, assess(answers)) for line in question.lines
        )
    if question.only_where:
        known = assess(answers).known
        if any(known.get(fact) != possible for fact, possible in question.only_where.items()):
            return False
    told = [line.id for line in question.lines if line.id in given]
    found = assess(without(answers, told) if told else answers)
    return any(matters(line, found) for line in question.lines)


def matters(line: Line, found: Assessment) -> bool:
    """Whether the answer to a line can change the headline or, for a line with `adds`, add something to it."""
    fact = "grade" if line.fact in COUNTS else line.fact
    if fact in found.needed:
        return True
    if line.adds is None or any(found.known.get(other) != possible for other, possible in line.adds.items()):
        return False
    # For an undetermined case only this fact is worked out: all that could add to it would take long.
    return found.could_change(fact) or (found.headline != UNDETERMINED and fact in found.could_add)


def to_fill(found: Assessment, after: str = "") -> list[Question]:
    """The questions about open transplant criteria, in the order of asking. after: only those that follow this
    question."""
    asking = [question for question in OFFERED if question.lines[0].fact in found.criteria_open or question.id == after]
    places = [question.id for question in asking]
    return asking[places.index(after) + 1 :] if after in places else asking
