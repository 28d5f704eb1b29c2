"""The steps of the conversation: from a session to its place and its screen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

from dialogs import cards, question_cards, rooms, transplant
from dialogs.actions import Do
from dialogs.asking import to_fill
from dialogs.dropped_answers import dropped, irrelevant, names_of
from dialogs.events import About
from dialogs.handing_on import HandingOn
from dialogs.labels import Labels
from dialogs.place import Place, Standings
from dialogs.practice.practising import Practising
from dialogs.remembered import Screens
from dialogs.render import Renderer
from dialogs.session import Answers, Session
from dialogs.view import Button, Choice, Screen, Show, Turn, View
from guideline import Guideline, guideline

if TYPE_CHECKING:
    from dialogs.pictures import Painter

_SCREENS = 4_000_000
"""Bytes of the cache of screens."""

_NOTICE = 200
"""Characters of the answer to a tap at most."""


class Steps:
    """Makes turns. Raises ContentError when the content is broken. commands: as the help page lists them."""

    def __init__(self, about: About, content: Guideline | None, commands: tuple[str, ...]) -> None:
        self.guideline = content or guideline()
        self.evidence = self.guideline.evidence
        self.standings = Standings(self.guideline)
        self.screens = Screens(_SCREENS)
        self.renderer = Renderer(
            self.evidence,
            {
                "retention_hours": about.retention_hours,
                "owner_contact": about.owner_contact,
                "reports_to_owner": about.reports_to_owner,
                "commands": commands,
            },
            self.guideline.doubtful,
            about.today,
            Labels(self.guideline),
        )
        self.practising = Practising(self.guideline, self.renderer)
        self.handing_on = HandingOn(self.standings, self.renderer)

    @cached_property
    def painter(self) -> Painter:
        """Made with the first picture, since its fonts and templates take a tenth of a second."""
        from dialogs.pictures import Painter

        return Painter(self.guideline, self.renderer.env)

    def place(self, session: Session, idle_minutes: int = 0) -> Place:
        """The place of a session, whose answers have to hold. idle_minutes: since it was stored."""
        return Place(session, self.standings.of(session.answers), idle_minutes)

    def start(self, place: Place) -> Turn:
        """The start screen. Before the gate, the code of a case that a link brought is kept; after it, the transplant
        criterion that is asked."""
        session = place.session
        waiting = "" if session.accepted else session.shared
        asked = session.open if session.filling else None
        home = session.at_home(shared=waiting, open=asked, filling=session.filling)
        return self.show_place(self.place(home, place.idle_minutes))

    def new(self, place: Place) -> Turn:
        """The first question of a new case, or the gate."""
        if not place.session.accepted:
            return self.show_gate(place)
        return self.show_session(place.session.in_case(answers=()))

    def show_gate(self, place: Place, *, to_practice: bool = False) -> Turn:
        """The gate, for somebody who has not yet confirmed to be a clinician. to_practice: whether it leads to
        practice."""
        return self.show_view(place, cards.home(place, to_practice=to_practice), "notice.not-accepted")

    def settle(self, place: Place, answers: Answers, first: str = "", replaced: Collection[str] = ()) -> Show:
        """Store the answers that hold, and name the earlier ones that no longer hold or no longer make a difference.
        first: begins the notice. replaced: lines that it names already."""
        session = place.session
        holds = self.standings.holding(answers)
        after = self.place(session.in_case(answers=holds))
        gone = dropped(session.answers, holds, after.found.case.known) - set(replaced)
        ignored = irrelevant(session.answers, place.found, after.found) - gone - set(replaced)
        said = first, self.names(gone, session, "notice.dropped"), self.names(ignored, session, "notice.irrelevant")
        notice = shorten(" ".join(filter(None, said)), _NOTICE, placeholder=" …")
        opened = place.opened.id if place.opened else ""
        if opened and session.filling and after.question is None:
            followed = self.fill(after, opened, session.filling, notice)
            return followed or self.show_place(after, notice)
        if opened and after.question is None:
            left = rooms.left_to_add(opened, place, after)
            if left:
                return self.show_view(after, left, notice)
        return self.show_place(after, notice)

    def names(self, lines: set[str], session: Session, notice: str) -> str:
        """The notice that names these lines of the session's answers, or empty."""
        return self.say(notice, names_of(lines, session.answers, self.renderer.labels)) if lines else ""

    def fill(self, place: Place, after: str = "", done: int = 0, notice: str = "") -> Show | None:
        """Open the next question about the transplant criteria; after the last one show the criteria. after: the
        question just answered. done: how many were asked before. None when the result has no transplant."""
        if place.question is not None:
            return None
        if following := to_fill(place.found, after):
            return self.show_session(place.session.in_case(open=following[0].id, filling=done + 1), notice)
        view = transplant.room(self.evidence, place.found)
        return self.show_view(place, view, notice) if view else None

    def show_session(self, session: Session, notice: str = "") -> Show:
        """The screen of a changed session."""
        return self.show_place(self.place(session), notice)

    def show_place(self, place: Place, notice: str = "") -> Show:
        """The screen that belongs to the session."""
        session = place.session
        if session.practice and session.is_asked:
            view, poll = self.practising.asked(session.practice)
            return replace(self.show_view(place, view, notice), poll=poll)
        if session.practice:
            return self.show_view(place, self.practising.answer(session.practice), notice)
        idle_minutes = 0 if place.in_case else place.idle_minutes
        key = (
            session.accepted, session.home, session.open, session.filling, session.tried, session.answers,
            session.shared, idle_minutes,
        )  # fmt: skip
        return self.show_screen(place, self.screens.get(key, lambda: self.renderer.screen(self._view(place))), notice)

    def _view(self, place: Place) -> View:
        session = place.session
        if session.shared and session.accepted:
            return self.handing_on.opened(place)
        if not place.in_case:
            return cards.home(place)
        if place.question:
            return question_cards.question(place.question, place)
        return cards.result(self.evidence, place.found, place.session.answers)

    def show_if_any(self, place: Place, view: View | None) -> Show | None:
        """The screen of a view; None for None."""
        return self.show_view(place, view) if view else None

    def show_view(self, place: Place, view: View, notice: str = "") -> Show:
        """The screen of a view; the session stays as it is."""
        return self.show_screen(place, self.renderer.screen(view), notice)

    def show_screen(self, place: Place, screen: Screen, notice: str) -> Show:
        """A screen with a notice, given as its text or as the path of its label (`notice.…`)."""
        said = self.say(notice) if notice.startswith("notice.") else notice
        return Show(place.session, screen, place.stage_name, said)

    def show_page(self, place: Place, name: str) -> Turn:
        """One of the pages about the bot."""
        return self.show_view(place, cards.page(name, place.session.accepted, self.evidence.stamp.doi))

    def say(self, path: str, filling: str = "") -> str:
        """A label, with its gap filled."""
        return self.renderer.labels(path, filling)

    def back_button(self, place: Place) -> Choice:
        """The button that leads back from a page."""
        return cards.BACK if place.session.accepted else cards.TO_START

    def way_back(self, place: Place) -> tuple[tuple[Button, ...], ...]:
        """The button below a message that was sent beside the screen, and has pushed the screen's buttons out of
        view."""
        in_result = place.in_case and place.question is None
        back = Choice(Do.SHOW_BELOW, "button.result" if in_result else "button.back")
        return self.renderer.rows(((back,),))

    def exit_button(self, place: Place) -> Choice:
        """The button that leads out of the look-up, on pages where Back leads to the topics."""
        return replace(self.back_button(place), caption="button.to-case" if place.in_case else "button.to-start")
