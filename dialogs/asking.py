"""Which questions are still worth asking, and which of their lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialogs.answers import arises, without
from dialogs.questions import COUNTS, Line, Question
from dialogs.session import Answers
from guideline import UNDETERMINED, Assessment

Given = Mapping[str, str]
"""The option given for each line that is answered (DONE for a list that is closed)."""


def shown(question: Question, answers: Answers, assess: Callable[[Answers], Assessment]) -> list[str]:
    """The lines of a question that are shown: answered ones, and those whose answer could change something before any
    of them was answered, so that none vanishes under the finger. assess: from answers to what they come to."""
    given, before = dict(answers), answers
    if not arises(given, question):
        return []
    if question.is_checklist:
        before = without(answers, [line.id for line in question.lines])
    found = assess(before)
    return [line.id for line in question.lines if line.id in given or matters(line, found)]


def is_due(question: Question, answers: Answers, given: Given, assess: Callable[[Answers], Assessment]) -> bool:
    """Whether the question is not answered yet and, but for what is tapped in it so far, can change something.

    given: the answers by their lines. A list is due again when a line of it matters that has never been shown.
    """
    if not arises(given, question):
        return False
    if question.id in given:
        return question.is_checklist and any(
            line.id not in given and matters(line, assess(answers)) for line in question.lines
        )
    known = assess(answers).known
    if any(known.get(fact) != possible for fact, possible in question.only_where.items()):
        return False
    before = without(answers, [line.id for line in question.lines if line.id in given])
    return any(matters(line, assess(before)) for line in question.lines)


def matters(line: Line, found: Assessment) -> bool:
    """Whether the answer can change the headline or, where the line is asked for that too, add to it."""
    fact = "grade" if line.fact in COUNTS else line.fact
    if fact in found.needed:
        return True
    if line.adds is None or any(found.known.get(other) != possible for other, possible in line.adds.items()):
        return False
    # Of an open case the core is asked about this fact alone: all that could add to it is much to work out.
    return found.could_change(fact) or (found.headline != UNDETERMINED and fact in found.could_add)
