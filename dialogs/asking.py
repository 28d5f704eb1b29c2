"""Which questions are still worth asking, and which of their lines."""

from __future__ import annotations

from dialogs.answers import arises, case_of, closed, given, without
from dialogs.questions import COUNTS, Question
from dialogs.session import Answers
from guideline import Assessment, Guideline


def shown(question: Question, answers: Answers, found: Assessment) -> list[str]:
    """The lines of a question that still matter: answered ones, and those whose answer can change something."""
    if not arises(answers, question):
        return []
    return [line.id for line in question.lines if given(answers, line.id) or _matters(line.fact, found)]


def is_due(content: Guideline, question: Question, answers: Answers, found: Assessment) -> bool:
    """Whether the question is not answered yet and, but for what is tapped in it so far, can change something.

    found: what the answers come to. A list is due again when a line of it matters that has never been shown.
    """
    if closed(answers, question):
        now = shown(question, answers, found) if question.is_list else []
        return any(given(answers, line) is None for line in now)
    before = without(answers, [line.id for line in question.lines])
    return bool(shown(question, before, found if before == answers else content.assess(case_of(before))))


def _matters(fact: str, found: Assessment) -> bool:
    """Whether the fact can change the headline; carcinoid syndrome is asked for what it adds."""
    if fact in COUNTS:
        fact = "grade"
    return fact in found.needed or (fact == "carcinoid_syndrome" and fact in found.could_add)
