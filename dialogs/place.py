"""Where a session stands: what its answers come to, the stage of the talk, and the question on the screen."""

from __future__ import annotations

from functools import cached_property

from dialogs.answers import case_of
from dialogs.asking import shown
from dialogs.machine import Walker, walk
from dialogs.questions import QUESTIONS, Question, Stage
from dialogs.session import Session
from guideline import Assessment, Guideline

HOME = "home"
"""The stage outside a case."""


class Place:
    """Made once for a session and handed to everything that answers. The answers of the session have to hold.

    Each of its properties is worked out when it is first asked for, so that what needs none of it costs nothing.
    """

    def __init__(self, content: Guideline, session: Session) -> None:
        self.session = session
        self._content = content

    @property
    def in_case(self) -> bool:
        """Whether the screen shows the case and not the start."""
        return self.session.accepted and not self.session.home

    @cached_property
    def found(self) -> Assessment:
        """What the answers come to."""
        return self._content.assess(case_of(self.session.answers))

    @property
    def stage(self) -> Stage:
        """The stage of the talk: of the question that is due, or the end it has come to."""
        return self._walked[0].state

    @property
    def stage_name(self) -> str:
        """The stage for metrics; HOME outside a case."""
        return self.stage.value if self.in_case else HOME

    @property
    def behind(self) -> tuple[Question, ...]:
        """The questions answered before the one that is due, in order."""
        return tuple(self._walked[0].passed)

    @property
    def question(self) -> Question | None:
        """The question that is opened out of turn or, if none is, the one that is due; None at a result."""
        return QUESTIONS[self.session.open] if self.session.open else self._walked[1]

    def lines(self, question: Question) -> list[str]:
        """The lines of the question that are on the screen; of one that is opened, all where none matters."""
        lines = shown(question, self.session.answers, self.found)
        return lines or [line.id for line in question.lines] if self.session.open else lines

    @cached_property
    def _walked(self) -> tuple[Walker, Question | None]:
        walker = Walker(self._content, self.session.answers, self.found)
        return walker, walk(walker)
