"""The place of a session: the assessment of its answers, the stage of the talk, and the question on the screen."""

from __future__ import annotations

from functools import cached_property, lru_cache

from dialogs.answers import case_of, holding, typed_answer, with_answer, without
from dialogs.asking import matters, shown_lines
from dialogs.machine import Walker, walk
from dialogs.questions import LINES, QUESTIONS, Question, Stage
from dialogs.session import Answers, Session
from guideline import Assessment, Case, Guideline

HOME = "home"
"""The name of the stage outside a case."""

PRACTICE = "practice"
"""The name of the stage of a practice question."""

_REMEMBERED = 1000
"""Entries of each cache by answers."""


class Standing:
    """The assessment of some answers, and how far the talk is with them: the same for everybody who gave them.

    The answers have to hold. Everything is worked out when it is first needed.
    """

    def __init__(self, answers: Answers, standings: Standings) -> None:
        self._answers, self._standings = answers, standings

    @cached_property
    def found(self) -> Assessment:
        """The assessment. Raises CaseError for answers that contradict each other."""
        return self._standings.content.assess(self._standings.case(self._answers))

    @property
    def stage(self) -> Stage:
        """The stage of the question that is due, or the last stage."""
        return self._walked[0].state

    @property
    def due(self) -> Question | None:
        """The question that is due; None at the end of the talk."""
        return self._walked[1]

    @property
    def behind(self) -> tuple[Question, ...]:
        """The questions answered before the one that is due, in order."""
        return tuple(self._walked[0].passed)

    def matters(self, line: str, answers: Answers) -> bool:
        """Whether the line matters, given the other answers."""
        return matters(LINES[line], self._standings.assess(self._standings.holding(without(answers, [line]))))

    def shown_lines(self, question: Question) -> list[str]:
        """The lines of the question that still matter."""
        return shown_lines(question, self._answers, self._standings.assess)

    @cached_property
    def _walked(self) -> tuple[Walker, Question | None]:
        walker = Walker(self._answers, self._standings.assess)
        return walker, walk(walker)


class Standings:
    """Standings by the answers; the latest are cached. They hold nothing about a person."""

    def __init__(self, content: Guideline) -> None:
        self.content = content
        self.of = lru_cache(_REMEMBERED)(self._of)
        self.holding = lru_cache(_REMEMBERED)(self._holding)

    def assess(self, answers: Answers) -> Assessment:
        """The assessment of the answers. Raises CaseError for answers that contradict each other."""
        return self.of(answers).found

    def case(self, answers: Answers) -> Case:
        """The case that the answers describe."""
        return case_of(answers, self.content.bands)

    def _of(self, answers: Answers) -> Standing:
        return Standing(answers, self)

    def _holding(self, answers: Answers) -> Answers:
        """Those of the answers that hold."""
        return holding(answers, self.assess)


class Place:
    """A session with all that follows from it. It is made once for each session and passed to everything that answers.

    idle_minutes: since the person's last step; 0 when they do not matter.
    """

    def __init__(self, session: Session, standing: Standing, idle_minutes: int = 0) -> None:
        self.session = session
        self.idle_minutes = idle_minutes
        self._standing = standing

    @property
    def in_case(self) -> bool:
        """Whether the screen shows the case, and not the start, practice, or a case that a link brought."""
        session = self.session
        return session.accepted and not (session.home or session.practice or session.shared)

    @property
    def found(self) -> Assessment:
        """The assessment of the answers."""
        return self._standing.found

    @property
    def stage(self) -> Stage:
        """The stage of the talk."""
        return self._standing.stage

    @property
    def stage_name(self) -> str:
        """The stage for metrics; HOME or PRACTICE outside a case."""
        if self.session.practice:
            return PRACTICE
        return self.stage.value if self.in_case else HOME

    @property
    def behind(self) -> tuple[Question, ...]:
        """The questions answered before the one that is due, in order."""
        return self._standing.behind

    @property
    def due(self) -> Question | None:
        """The question that is due by the answers; None at the end of the talk."""
        return self._standing.due

    @property
    def opened(self) -> Question | None:
        """The question that is opened out of turn; None where it only waits behind the start screen."""
        return QUESTIONS[self.session.open] if self.session.open and not self.session.home else None

    @property
    def is_opened(self) -> bool:
        """Whether a question is opened from a result."""
        return self.opened is not None and self.due is None

    @property
    def answers(self) -> Answers:
        """The answers, with those tried on the opened checklist."""
        answers = self.session.answers
        for line, option in self.session.tried:
            answers = with_answer(answers, line, option)
        return answers

    @property
    def question(self) -> Question | None:
        """The question that is opened out of turn or, if none is, the one that is due; None at a result."""
        return self.opened or self._standing.due

    def lines(self, question: Question) -> list[str]:
        """The lines of the question that are on the screen: those that matter; of an opened question also those that a
        typed text has answered, and all when none matters."""
        lines = self._standing.shown_lines(question)
        if not self.opened:
            return lines
        typed = [line.id for line in question.lines if typed_answer(self.answers, line.fact) is not None]
        return [line.id for line in question.lines if not lines or line.id in (*lines, *typed)]

    def irrelevant_lines(self, question: Question) -> list[str]:
        """The lines on the screen that do not matter, given the answers to the others."""
        return [id_ for id_ in self.lines(question) if not self._standing.matters(id_, self.answers)]
