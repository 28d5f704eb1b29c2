"""Where a step of the conversation leads: the next session, where it stands, and its screen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

from dialogs import cards, rooms, transplant
from dialogs.events import About
from dialogs.handing_on import HandingOn
from dialogs.labels import Labels
from dialogs.place import Place, Standings
from dialogs.practice.practising import Practising
from dialogs.remembered import Screens
from dialogs.render import Renderer
from dialogs.session import Answers, Session
from dialogs.unused import dropped, idle, named
from dialogs.view import Choice, Screen, Show, Turn, View
from guideline import Guideline, guideline

if TYPE_CHECKING:
    from dialogs.pictures import Painter

_SCREENS = 4_000_000
"""Bytes of screens that are remembered."""

_NOTICE = 200
"""Characters that Telegram takes in the answer to a tap."""


class Steps:
    """From sessions to turns. Raises ContentError when the content is broken.

    commands: as they stand on the page of help.
    """

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
        """Made with the first picture: its fonts and templates take a tenth of a second of the start."""
        from dialogs.pictures import Painter

        return Painter(self.guideline, self.renderer.env)

    def place(self, session: Session, idle: int = 0) -> Place:
        """Where the session stands. Its answers have to hold. idle: minutes since it was stored."""
        return Place(session, self.standings.of(session.answers), idle)

    def start(self, here: Place) -> Turn:
        """The start screen. A case that waits behind the gate goes on waiting there."""
        session = here.session
        waiting = "" if session.accepted else session.shared
        return self.here(self.place(session.at_home(shared=waiting), here.idle))

    def new(self, here: Place) -> Turn:
        """The first question of a new case, or the gate."""
        if not here.session.accepted:
            return self.first(here)
        return self.at(here.session.in_case(answers=()))

    def first(self, here: Place, *, to_practice: bool = False) -> Turn:
        """The gate, for somebody who has not yet said to be a clinician. to_practice: it leads there."""
        return self.show(here, cards.home(here, to_practice=to_practice), "notice.not-accepted")

    def settle(self, here: Place, answers: Answers, first: str = "", replaced: Collection[str] = ()) -> Show:
        """Store the answers that hold, and name those that no longer do or no longer make a difference. first: begins
        the notice. replaced: lines that it has named."""
        session = here.session
        before, after = session.answers, self.standings.holding(answers)
        there = self.place(session.in_case(answers=after))
        gone = dropped(before, after, there.found.case.known) - set(replaced)
        resting = idle(before, here.found, there.found) - gone - set(replaced)
        said = first, self.names(gone, session, "notice.dropped"), self.names(resting, session, "notice.idle")
        notice = shorten(" ".join(filter(None, said)), _NOTICE, placeholder=" …")
        if session.filling and there.question is None:
            return self.fill(there, session.open or "", notice) or self.here(there, notice)
        if session.open and there.question is None:
            left = rooms.left_to_add(session.open, here, there)
            if left:
                return self.show(there, left, notice)
        return self.here(there, notice)

    def names(self, lines: set[str], session: Session, notice: str) -> str:
        """The notice that names these lines of the session's answers, or empty."""
        return self.say(notice, named(lines, session.answers, self.renderer.labels)) if lines else ""

    def fill(self, here: Place, after: str = "", notice: str = "") -> Show | None:
        """Open the next question on the transplant criteria, behind the one just answered; after the last show where
        they stand. None where no transplant is weighed."""
        if here.question is not None:
            return None
        if following := transplant.to_fill(here.found, after):
            return self.at(here.session.in_case(open=following[0].id, filling=True), notice)
        view = transplant.room(self.evidence, here.found)
        return self.show(here, view, notice) if view else None

    def at(self, session: Session, notice: str = "") -> Show:
        """The screen of a session that has been changed."""
        return self.here(self.place(session), notice)

    def here(self, here: Place, notice: str = "") -> Show:
        """The screen that belongs to the session as it stands."""
        session = here.session
        if session.practice and session.is_asked:
            view, poll = self.practising.asked(session.practice)
            return replace(self.show(here, view, notice), poll=poll)
        if session.practice:
            return self.show(here, self.practising.answer(session.practice), notice)
        idle = 0 if here.in_case else here.idle
        key = session.accepted, session.home, session.open, session.tried, session.answers, session.shared, idle
        return self.turn(here, self.screens.get(key, lambda: self.renderer.screen(self._view(here))), notice)

    def _view(self, here: Place) -> View:
        session = here.session
        if session.shared and session.accepted:
            return self.handing_on.opened(here)
        if not here.in_case:
            return cards.home(here)
        if here.question:
            return cards.question(here.question, here)
        return cards.result(self.evidence, here.found, here.session.answers)

    def shown(self, here: Place, view: View | None) -> Show | None:
        """The screen of a view, if there is one."""
        return self.show(here, view) if view else None

    def show(self, here: Place, view: View, notice: str = "") -> Show:
        """The screen of a view; the session stays as it is."""
        return self.turn(here, self.renderer.screen(view), notice)

    def turn(self, here: Place, screen: Screen, notice: str) -> Show:
        """A screen, with a notice or the label of one."""
        said = self.say(notice) if notice.startswith("notice.") else notice
        return Show(here.session, screen, here.stage_name, said)

    def page(self, here: Place, name: str) -> Turn:
        """One of the pages about the bot."""
        return self.show(here, cards.page(name, here.session.accepted, self.evidence.stamp.doi))

    def say(self, path: str, filling: str = "") -> str:
        """A label, with its gap filled."""
        return self.renderer.labels(path, filling)

    def leave(self, here: Place) -> Choice:
        """The button that leads out of a page."""
        return cards.HERE if here.session.accepted else cards.TO_START

    def out(self, here: Place) -> Choice:
        """The way out of the look-up from where Back leads to its topics."""
        return replace(self.leave(here), caption="button.to-case" if here.in_case else "button.to-start")
