"""Where a session stands: what its answers come to, which question is due, and which of its lines still matter."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.answers import case_of, closed, given, without
from dialogs.machine import lead
from dialogs.questions import COUNT, COUNTS, ON_THE_WAY, QUESTIONS, Question, Stage
from dialogs.session import Answers, Session
from guideline import UNDETERMINED, Assessment, Guideline


@dataclass(frozen=True, slots=True)
class Place:
    """found: what the answers come to. stage: of the talk. question: the one that is open, if one is.

    behind: the questions answered before the one that is due, in order.
    """

    found: Assessment
    stage: Stage
    question: Question | None
    behind: tuple[Question, ...]


def place(content: Guideline, session: Session) -> Place:
    """Where the session stands. Its answers have to hold."""
    found = content.assess(case_of(session.answers))
    due = next((q for q in ON_THE_WAY if _is_due(content, q, session.answers)), None)
    before = ON_THE_WAY[: ON_THE_WAY.index(due)] if due else ON_THE_WAY
    end = Stage.WORKUP if found.headline == UNDETERMINED else Stage.RECOMMENDATION
    behind = tuple(q for q in before if closed(session.answers, q))
    stages = [*(q.stage for q in behind), due.stage if due else end]
    return Place(found, lead(stages[1:]), QUESTIONS.get(session.open, due), behind)


def shown(question: Question, answers: Answers, found: Assessment) -> list[str]:
    """The lines of a question that still matter: answered ones, and those whose answer can change something."""
    if question.id in COUNTS and given(answers, "grade") != COUNT:
        return []
    return [line.id for line in question.lines if given(answers, line.id) or _matters(line.fact, found)]


def _is_due(content: Guideline, question: Question, answers: Answers) -> bool:
    """Whether the question is not answered yet and, but for what is tapped in it so far, can change something.

    A list is due again when a line of it matters that has never been shown.
    """
    if not closed(answers, question):
        before = without(answers, [line.id for line in question.lines])
        return bool(shown(question, before, content.assess(case_of(before))))
    now = shown(question, answers, content.assess(case_of(answers))) if question.is_list else []
    return any(given(answers, line) is None for line in now)


def _matters(fact: str, found: Assessment) -> bool:
    """Whether the fact can change the headline; carcinoid syndrome is asked for what it adds."""
    if fact in COUNTS:
        fact = "grade"
    return fact in found.needed or (fact == "carcinoid_syndrome" and fact in found.could_add)
