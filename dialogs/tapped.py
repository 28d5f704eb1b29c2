"""Taps in a case: answers, checklists, the pages behind a result, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogs import question_cards, rooms, side_by_side, typed_cards
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
from dialogs.dropped_answers import dropped
from dialogs.place import Place
from dialogs.questions import QUESTIONS
from dialogs.session import Answers
from dialogs.sharing import answer_saying
from dialogs.steps import Steps
from dialogs.typed_case import TypedCase
from dialogs.typed_facts import decode as decode_typed
from dialogs.view import Send, Turn
from guideline import Assessment

_BESIDE_A_SHARED_CASE = (Do.TAKE, Do.DISMISS, Do.SHOW_CURRENT, Do.NEW)
"""The actions that are answered while a case that a link brought is shown, besides Read and Use."""


class Tapped:
    """Answers taps of people who have passed the gate. Its methods return None for a tap that is not possible."""

    def __init__(self, steps: Steps, typed_case: TypedCase) -> None:
        self._steps, self._typed_case = steps, typed_case

    def respond(self, place: Place, action: Action | None) -> Turn | None:
        """Answer a tap; None for one that is not possible."""
        session = place.session
        if session.shared and not (action in _BESIDE_A_SHARED_CASE or isinstance(action, Read | Use)):
            return None
        match action:
            case Do.POLL if session.practice and session.is_asked:
                practice = replace(session.practice, sent=session.practice.sent + 1)
                return self._steps.show_session(session.changed(practice=practice))
            case Do.NEW:
                return self._steps.new(place)
            case Do.SHOW_CURRENT:
                return self._steps.show_place(place)
            case Do.TAKE if session.shared:
                return self._steps.show_session(session.in_case(answers=self._steps.handing_on.taken(session.shared)))
            case Do.DISMISS if session.shared:
                return self._steps.show_session(session.changed(shared=""))
            case Do.DISMISS:
                return self._steps.show_session(session.in_case(), "notice.tried" if session.tried else "")
            case Do.RESUME:
                return self._steps.show_session(session.changed(home=False))
            case Do.BACK:
                return self._back(place)
            case Do.FILL:
                return self._steps.fill(place)
            case Do.TEXT:
                return self._text(place, self._steps.handing_on.text)
            case Do.QUESTION:
                return self._text(place, self._steps.handing_on.question)
            case Answer(question, option):
                return self._answer(place, question, option)
            case TurnLine(line):
                return self._turn_line(place, line)
            case Close(question, option):
                return self._close_list(place, question, option)
            case Open(question):
                return self._open(place, question)
            case Room():
                return self._room(place, action)
            case Read(code, trim, asked):
                if typed := decode_typed(code):
                    view = typed_cards.trim(typed, asked) if trim else self._typed_case.offer_view(place, typed, asked)
                    return self._steps.show_view(place, view)
            case Instead():
                return self._instead(place, action)
            case Use():
                return self._typed_case.use(place, action)
        return None

    def _text(self, place: Place, written: Callable[[Assessment, Answers], str]) -> Send | None:
        """Send a result as plain text. written: makes the text."""
        if place.question is not None:
            return None
        text = written(place.found, place.session.answers)
        return Send(place.session, (), place.stage_name, text=text, rows=self._steps.way_back(place))

    def _answer(self, place: Place, id_: str, option: str) -> Turn | None:
        question = place.question
        if question is None or question.id != id_ or question.is_checklist or option not in question.lines[0].options:
            return None
        return self._steps.settle(place, answered(place.session.answers, id_, option))

    def _turn_line(self, place: Place, id_: str) -> Turn | None:
        question, session = place.question, place.session
        if question is None or not question.is_checklist or id_ not in {line.id for line in question.lines}:
            return None
        answers = turned(place.answers, id_)
        if place.is_opened:  # opened from a result: the answers count once the checklist is closed
            tried = tuple(answer for answer in answers if answer[0] in {line.id for line in question.lines})
            return self._steps.show_session(session.changed(tried=tried))
        holds = self._steps.standings.holding(answers)
        known = self._steps.standings.case(holds).known
        gone = self._steps.names(dropped(session.answers, holds, known), session, "notice.dropped")
        return self._steps.show_session(session.changed(answers=holds), gone)

    def _close_list(self, place: Place, id_: str, option: str) -> Turn | None:
        question = place.question
        if question is None or question.id != id_ or not question.is_checklist:
            return None
        if option and option not in question.lines[0].options:
            return None
        answers, lines = place.answers, place.lines(question)
        if not option:  # lines that are irrelevant now stay unanswered, so that they are asked once they matter
            irrelevant = place.irrelevant_lines(question)
            lines = [id_ for id_ in lines if id_ not in irrelevant or given(answers, id_) is not None]
        return self._steps.settle(place, closing(answers, question, lines, option))

    def _open(self, place: Place, id_: str) -> Turn | None:
        if id_ not in QUESTIONS or place.question is not None:
            return None
        return self._steps.show_session(place.session.in_case(open=id_))

    def _room(self, place: Place, room: Room) -> Turn | None:
        if question := question_cards.asked_in(room.name):
            asked = question_cards.room_of(question, room.name, place)
            drawing = self._steps.painter.of_everyone("patterns") if room.name == question.help else None
            shown = self._steps.show_view(place, asked)
            if drawing is None:
                return shown
            # The drawing comes below the screen and pushes its buttons out of view, so it has them as well.
            rows = self._steps.renderer.rows(question_cards.below_drawing(question, place))
            caption = self._steps.renderer.labels("picture.classify")
            return replace(shown, attachments=(replace(drawing, caption=caption, rows=rows),))
        if place.question is not None:
            return None
        session, found = place.session, place.found
        view = self._steps.handing_on.behind(room, found, session.answers)
        view = view or rooms.behind(room, self._steps.evidence, found, session.answers)
        if view and room.name == "changes":
            view = replace(view, rows=(*side_by_side.doors(found, self._steps.renderer.labels), *view.rows))
        if view is None:
            return None
        screen = self._steps.screens.get((session.answers, room), lambda: self._steps.renderer.screen(view))
        return self._steps.show_screen(place, screen, "")

    def _instead(self, place: Place, action: Instead) -> Turn | None:
        """Show the case beside the same with one answer changed, or change it."""
        change = side_by_side.change_of(action, place.found) if place.question is None else None
        if change is None:
            return None
        answers = answer_saying(place.session.answers, change.fact, side_by_side.possible(change))
        if action.take:
            return self._steps.settle(place, answers)
        other = self._steps.standings.of(self._steps.standings.holding(answers)).found
        return self._steps.show_view(place, side_by_side.view(change, self._steps.evidence, place.found, other))

    def _back(self, place: Place) -> Turn:
        session = place.session
        if place.is_opened or session.home:
            return self._steps.show_session(session.in_case())
        behind = list(place.behind)
        if place.opened in behind:
            behind = behind[: behind.index(place.opened)]
        for question in reversed(behind):
            if not question.is_checklist:  # opened again, with its answer
                return self._steps.show_session(session.in_case(open=question.id))
            back = self._steps.place(session.in_case(answers=without(session.answers, [question.id])))
            if back.question is question:  # otherwise something else has answered it
                return self._steps.show_place(back)
        return self._steps.start(place)
