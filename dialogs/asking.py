"""Which questions are still worth asking, and which of their lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialogs.answers import arises, without
from dialogs.questions import COUNTS, Question
from dialogs.session import Answers
from guideline import Assessment

Given = Mapping[str, str]
"""The option given for each line that is answered (DONE for a list that is closed)."""


def shown(question: Question, given: Given, found: Assessment) -> list[str]:
    """The lines of a question that still matter: answered ones, and those whose answer can change something."""
    if not arises(given, question):
        return []
    return [line.id for line in question.lines if line.id in given or _matters(line.fact, found)]


def is_due(question: Question, answers: Answers, given: Given, assess: Callable[[Answers], Assessment]) -> bool:
    """Whether the question is not answered yet and, but for what is tapped in it so far, can change something.

    given: the answers by their lines. assess: from answers to what they come to. A list is due again when a line of it
    matters that has never been shown.
    """
    if question.id in given:
        now = shown(question, given, assess(answers)) if question.is_list else []
        return any(line not in given for line in now)
    tapped = [line.id for line in question.lines if line.id in given]
    if not tapped:
        return bool(shown(question, given, assess(answers)))
    before = without(answers, tapped)
    return bool(shown(question, dict(before), assess(before)))


def _matters(fact: str, found: Assessment) -> bool:
    """Whether the fact can change the headline; carcinoid syndrome is asked for what it adds."""
    if fact in COUNTS:
        fact = "grade"
    return fact in found.needed or (fact == "carcinoid_syndrome" and found.could_change(fact))
