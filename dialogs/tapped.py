"""What a tap does in a case: answers, lists, the rooms behind a result, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogs import cards, rooms, side_by_side
from dialogs.actions import (
    Action,
    Answer,
    Close,
    Do,
    Instead,
    Open,
    Read,
    Room,
    TurnLine,
    Use,
)
from dialogs.answers import answered, closing, given, turned, without
from dialogs.place import Place
from dialogs.questions import QUESTIONS
from dialogs.session import Answers
from dialogs.sharing import answer_saying
from dialogs.steps import Steps
from dialogs.told import decode as told_by
from dialogs.typed_case import TypedCase
from dialogs.unused import dropped
from dialogs.view import Send, Turn
from guideline import Assessment

_BESIDE_A_SHARED_CASE = (Do.TAKE, Do.LEAVE, Do.NOW, Do.NEW)
"""What can be tapped, besides what was typed and the look-up, while a case that a link brought is shown."""


class Tapped:
    """Answers taps of who has said to be a clinician; every method gives None where there is no such thing to do."""

    def __init__(self, steps: Steps, typed: TypedCase) -> None:
        self._steps, self._typed = steps, typed

    def respond(self, here: Place, action: Action | None) -> Turn | None:
        """What a tap does for who has said to be a clinician; None where there is no such thing to do."""
        session = here.session
        if session.shared and not (action in _BESIDE_A_SHARED_CASE or isinstance(action, Read | Use)):
            return None
        match action:
            case Do.POLL if session.practice and session.is_asked:
                practice = replace(session.practice, sent=session.practice.sent + 1)
                return self._steps.at(session.changed(practice=practice))
            case Do.NEW:
                return self._steps.new(here)
            case Do.NOW:
                return self._steps.here(here)
            case Do.TAKE if session.shared:
                return self._steps.at(session.in_case(answers=self._steps.handing_on.taken(session.shared)))
            case Do.LEAVE if session.shared:
                return self._steps.at(session.changed(shared=""))
            case Do.LEAVE:
                return self._steps.at(session.in_case(), "notice.tried" if session.tried else "")
            case Do.RESUME:
                return self._steps.at(session.in_case())
            case Do.BACK:
                return self._back(here)
            case Do.FILL:
                return self._steps.fill(here)
            case Do.TEXT:
                return self._text(here, self._steps.handing_on.text)
            case Do.QUESTION:
                return self._text(here, self._steps.handing_on.question)
            case Answer(question, option):
                return self._answer(here, question, option)
            case TurnLine(line):
                return self._turn_line(here, line)
            case Close(question, option):
                return self._close_list(here, question, option)
            case Open(question):
                return self._open(here, question)
            case Room():
                return self._room(here, action)
            case Read(code, trim, asked):
                if told := told_by(code):
                    view = cards.trim(told, asked) if trim else self._typed.told(here, told, asked)
                    return self._steps.show(here, view)
            case Instead():
                return self._instead(here, action)
            case Use():
                return self._typed.use(here, action)
        return None

    def _text(self, here: Place, told: Callable[[Assessment, Answers], str]) -> Send | None:
        """Send what is told of a result as plain text."""
        if here.question is not None:
            return None
        return Send(here.session, (), here.stage_name, text=told(here.found, here.session.answers))

    def _answer(self, here: Place, id_: str, option: str) -> Turn | None:
        question = here.question
        if question is None or question.id != id_ or question.is_list or option not in question.lines[0].options:
            return None
        return self._steps.settle(here, answered(here.session.answers, id_, option))

    def _turn_line(self, here: Place, id_: str) -> Turn | None:
        question, session = here.question, here.session
        if question is None or not question.is_list or id_ not in {line.id for line in question.lines}:
            return None
        answers = turned(here.answers, id_)
        if here.is_opened:  # behind a result nothing counts before the list is closed
            tried = tuple(answer for answer in answers if answer[0] in {line.id for line in question.lines})
            return self._steps.at(session.changed(tried=tried))
        holds = self._steps.standings.holding(answers)
        known = self._steps.standings.case(holds).known
        gone = self._steps.names(dropped(session.answers, holds, known), session, "notice.dropped")
        return self._steps.at(session.changed(answers=holds), gone)

    def _close_list(self, here: Place, id_: str, option: str) -> Turn | None:
        question = here.question
        if question is None or question.id != id_ or not question.is_list:
            return None
        if option and option not in question.lines[0].options:
            return None
        answers, lines = here.answers, here.lines(question)
        if not option:  # what makes no difference is left open, so that it is asked once it does
            idle = here.idle_lines(question)
            lines = [id_ for id_ in lines if id_ not in idle or given(answers, id_) is not None]
        return self._steps.settle(here, closing(answers, question, lines, option))

    def _open(self, here: Place, id_: str) -> Turn | None:
        if id_ not in QUESTIONS or here.question is not None:
            return None
        return self._steps.at(here.session.in_case(open=id_))

    def _room(self, here: Place, room: Room) -> Turn | None:
        if question := cards.asked_in(room.name):
            drawing = self._steps.painter.of_everyone("patterns") if room.name == question.help else None
            shown = self._steps.show(here, cards.room_of(question, room.name, here))
            return replace(shown, attachments=(drawing,)) if drawing else shown
        if here.question is not None:
            return None
        session, found = here.session, here.found
        view = self._steps.handing_on.behind(room, found, session.answers)
        view = view or rooms.behind(room, self._steps.evidence, found, session.answers)
        if view and room.name == "changes":
            view = replace(view, rows=(*side_by_side.doors(found, self._steps.renderer.labels), *view.rows))
        if view is None:
            return None
        screen = self._steps.screens.get((session.answers, room), lambda: self._steps.renderer.screen(view))
        return self._steps.turn(here, screen, "")

    def _instead(self, here: Place, action: Instead) -> Turn | None:
        """Show the case beside the same with one answer changed, or change it."""
        change = side_by_side.change_of(action, here.found) if here.question is None else None
        if change is None:
            return None
        answers = answer_saying(here.session.answers, change.fact, side_by_side.possible(change))
        if action.take:
            return self._steps.settle(here, answers)
        other = self._steps.standings.of(self._steps.standings.holding(answers)).found
        return self._steps.show(here, side_by_side.view(change, self._steps.evidence, here.found, other))

    def _back(self, here: Place) -> Turn:
        session = here.session
        if here.is_opened or session.home:
            return self._steps.at(session.in_case())
        behind = list(here.behind)
        if session.open and QUESTIONS[session.open] in behind:
            behind = behind[: behind.index(QUESTIONS[session.open])]
        for question in reversed(behind):
            if not question.is_list:  # opened again, with the answer there was
                return self._steps.at(session.in_case(open=question.id))
            back = self._steps.place(session.in_case(answers=without(session.answers, [question.id])))
            if back.question is question:  # else it has been settled otherwise since
                return self._steps.here(back)
        return self._steps.start(here)
