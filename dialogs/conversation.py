"""The conversation: a session and an event in, the next session and a screen out, without side effects."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from dialogs import cards, typed_cards
from dialogs.actions import (
    Action,
    BeginWith,
    Do,
    Found,
    Note,
    Picture,
    Practise,
    SendReport,
    Topic,
    Use,
    decode,
)
from dialogs.answers import with_answer
from dialogs.case_code import CodeError
from dialogs.emergency import Emergency
from dialogs.events import About, Chosen, Command, Tap, Typed
from dialogs.lookup import Lookup
from dialogs.place import HOME, Place
from dialogs.practice.practising import needs_record
from dialogs.practice.schedule import Record
from dialogs.questions import QUESTIONS, is_number, read_number, takes
from dialogs.report import Nodes
from dialogs.session import Session
from dialogs.steps import Steps
from dialogs.tapped import Tapped
from dialogs.typed import asks_what_to_do, is_about_a_person
from dialogs.typed_case import TypedCase, reading_of
from dialogs.typed_facts import TypedFacts
from dialogs.view import Card, Forget, Report, Screen, Send, Show, Tell, Turn, View
from guideline import Guideline
from guideline.case import BY_NAME

__all__ = ["COMMANDS", "About", "Chosen", "Command", "Conversation", "Tap", "Typed"]

COMMANDS = ("start", "new", "ask", "practice", "help", "about", "privacy", "forget", "cancel", "settings")

Event = Command | Tap | Typed | Chosen


class Conversation:
    """Answers events for everybody, and keeps nothing of anybody. Raises ContentError when the content is broken."""

    def __init__(self, about: About | None = None, content: Guideline | None = None) -> None:
        about = about or About()
        self.steps = Steps(about, content, COMMANDS)
        self.version = self.steps.evidence.stamp.version
        self._today = about.today or self.steps.evidence.checked
        self._lookup = Lookup(self.steps.guideline)
        self._typed_case = TypedCase(self.steps, self._lookup)
        self._tapped = Tapped(self.steps, self._typed_case)
        labels = self.steps.renderer.labels
        self.commands = tuple((name, labels(f"command.{name}")) for name in COMMANDS)
        self.description = labels("bot.long")
        self.short_description = labels("bot.short")
        self.private_only = labels("notice.private-only")
        self.not_invited = labels("notice.not-invited")
        self.nothing_found = labels("notice.nothing-found")
        self._emergency = Emergency.of(labels)
        self._typed_commands = {words: name for name in COMMANDS for words in labels.texts(f"command-words.{name}")}

    def named(self, username: str) -> None:
        """Set the bot's username, which the bot learns at its start. Without it there are no links to cases."""
        self.steps.handing_on.bot_name = username

    @cached_property
    def nodes(self) -> Nodes:
        """Made with the first report of a problem, since it takes the pages of every topic."""
        pages = {part: self.steps.renderer.pages(view) for part, view in self._lookup.every_topic(cards.BACK)}
        return Nodes(self.steps.evidence, self.steps.guideline.tree.headlines, pages, self._lookup.codes)

    def respond(
        self, session: Session | None, event: Event, idle_minutes: int = 0, record: Record | None = None
    ) -> Turn:
        """Answer an event.

        session: the stored one; None for somebody new. idle_minutes: since it was stored; the start screen tells them
        of an open case. record: of the person's practice, for the events that need it.
        """
        place, notice = self._current(session, idle_minutes)
        practised = self._practice_turn(place, self._practice_request(session, event), record or Record(self._today))
        if practised:
            return replace(practised, notice=practised.notice or notice)
        match event:
            case Command(name, argument):
                turn = self._command(place, name, argument)
            case Tap(text):
                turn = self._tap(session or place.session, place, decode(text))
            case Typed(text, early):
                turn = self._typed(place, text, early=early)
            case Chosen():
                turn = self.steps.show_place(place)
        return replace(turn, notice=notice) if notice and not turn.notice else turn

    def needs_record(self, session: Session | None, event: Event) -> bool:
        """Whether `respond` needs the person's practice record for this event."""
        return self._practice_request(session, event) is not None

    def stale(self, session: Session | None) -> Show:
        """Answer a tap on a button from another revision: nothing changes."""
        return self.steps.show_place(self._current(session)[0], "notice.stale" if session else "notice.gone")

    def overtaken(self, session: Session) -> Show:
        """Answer a command that comes after what was done later: nothing changes."""
        return self.steps.show_place(self._current(session)[0], "notice.overtaken")

    def refused(self, session: Session | None) -> Show:
        """Answer a picture, file, voice message or the like: nothing changes."""
        return self.steps.show_place(self._current(session)[0], "notice.refused")

    def inline(self, question: str) -> tuple[Card, ...]:
        """The cards that can be sent on a question typed in any chat: at most three answers, none when there is no
        answer or only a case answers it, five useful cards before anything is typed. An emergency gets only the line
        that says whom to call."""
        if self._emergency.is_in(question):
            line = self.steps.renderer.labels("notice.emergency")
            return (Card("emergency", line, "", line),)
        if is_about_a_person(question) or asks_what_to_do(question):
            return ()
        return tuple(self.steps.renderer.card(answer) for answer in self._lookup.cards(question))

    def trouble(self, code: str) -> Screen:
        """The screen for an internal error. code: the one under which the log has it."""
        return self.steps.renderer.screen(View("trouble", {"code": code}, (cards.AGAIN,)))

    def forgotten(self) -> Screen:
        """The screen that says that everything about the person is deleted."""
        return self.steps.renderer.screen(View("forgotten", {}, ((cards.TO_HOME,),)))

    def report_text(self, report: Report) -> str:
        """The line with a report for the owner: plain text, at most 200 characters."""
        return self._of_report("report.line", report)

    def report_kept(self, report: Report) -> str:
        """The notice for the reader, in place of the turn's, when a report is only logged."""
        return self._of_report("notice.report-kept", report)

    def place(self, session: Session, idle_minutes: int = 0) -> Place:
        """The place of a session, whose answers have to hold. idle_minutes: see `respond`."""
        return self.steps.place(session, idle_minutes)

    def _current(self, session: Session | None, idle_minutes: int = 0) -> tuple[Place, str]:
        """The place of the session under today's content, with only the answers that hold; and a notice when the
        content has changed since, else empty."""
        if session is None:
            return self.place(Session.new(self.version)), ""
        holds = self.steps.standings.holding(session.answers)
        open_ = session.open if session.open in QUESTIONS else None
        same = session.version == self.version and holds == session.answers and open_ == session.open
        shared = session.shared if session.shared and self.steps.handing_on.reads(session.shared) else ""
        gone = session.practice and not (same and self.steps.practising.holds(session.practice))
        if same and not gone and shared == session.shared:
            return self.place(session, idle_minutes), ""
        filling = session.filling if open_ is not None else 0
        changed = session.changed(version=self.version, answers=holds, open=open_, filling=filling, shared=shared)
        if gone:
            changed = replace(changed, practice=None, home=True)
        notice = self.steps.say("notice.updated") if session.version != self.version else ""
        return self.place(changed, idle_minutes), notice

    def _command(self, place: Place, name: str, argument: str = "") -> Turn:
        session = place.session
        match name:
            case "help" | "about" | "privacy" | "settings":
                return self.steps.show_page(place, name)
            case "forget":
                return Forget(self.forgotten(), HOME)
            case "start":
                return self._opened(place, argument) if argument else self.steps.start(place)
            case "ask":
                return self._ask(place, argument)
            case "new":
                return self.steps.new(place)
            case "cancel":
                ended = "notice.cancelled" if session.answers or place.in_case else "notice.no-case"
                return self.steps.show_session(session.at_home(answers=()), ended)
        return self.steps.show_place(place, "notice.unknown-command")

    def _opened(self, place: Place, code: str) -> Turn:
        """Show the case of a code that came with a link. The code is kept in the session, also before the gate."""
        try:
            self.steps.handing_on.codes.decode(code)
        except CodeError as error:
            return self.steps.show_session(place.session.at_home(), self.steps.say(f"unreadable.{error.why.value}"))
        return self.steps.show_session(place.session.changed(shared=code, practice=None))

    def _tap(self, stored: Session, place: Place, action: Action | None) -> Turn:
        """Answer a tap. stored: the session as it was stored, with the content version of the card that was tapped."""
        if isinstance(action, SendReport):
            turn = self._reported(stored, place, action.card)
        elif place.session.accepted:
            turn = self._public_tap(place, action) or self._tapped.respond(place, action)
        else:
            turn = self._public_tap(place, action)
        return turn or self.steps.show_place(place, "notice.unknown-tap")

    def _public_tap(self, place: Place, action: Action | None) -> Turn | None:
        """What a tap does also for somebody who has not passed the gate; None for any other tap."""
        leave = self.steps.back_button(place)
        match action:
            case Do.BEGIN if place.session.shared:
                return self.steps.show_session(place.session.changed(accepted=True))
            case Do.BEGIN:
                return self.steps.new(self.place(place.session.changed(accepted=True)))
            case BeginWith(code):
                return self._typed_case.use(self.place(place.session.changed(accepted=True)), Use(code))
            case Do.ABOUT:
                return self.steps.show_page(place, "about")
            case Do.HOME:
                return self._command(place, "start")
            case Do.SHOW_BELOW:
                return self.steps.show_place(place)
            case Do.FORGET:
                return self._command(place, "forget")
            case Do.EXAMPLE:
                typed = TypedFacts.of(reading_of(self.steps.say("example.line")))
                return self.steps.show_view(place, cards.example(typed, place))
            case Do.TOPICS:
                return self._ask(place, "")
            case Topic():
                return self.steps.show_if_any(place, self._lookup.topic(action, self.steps.exit_button(place)))
            case Note(id_):
                return self.steps.show_if_any(place, self._lookup.note(id_, leave))
            case Found():
                return self.steps.show_if_any(place, self._lookup.found(action, leave))
            case Picture(name):
                return self._picture(place, name)
        return None

    def _typed(self, place: Place, text: str, *, early: bool) -> Turn:
        if code := self.steps.handing_on.code_in(text):
            return self._opened(place, code)
        if refusal := self._refused(place, text):
            return refusal
        if name := self._typed_commands.get(_plain(text)):
            return self._command(place, name)
        question = place.question if place.in_case else None
        reading = None if is_number(text) else reading_of(text)
        if reading and (turn := self._typed_case.read(place, text, reading, self._tapped.respond, early=early)):
            return turn
        if question is None or (reading and self._typed_case.asks(text)):
            return self._ask(place, text, TypedFacts.of(reading) if reading else None)
        if not question.takes_number:
            return self.steps.show_place(place, "notice.typed")
        number, (line,) = read_number(text), question.lines
        if number is None:
            return self.steps.show_place(place, "notice.typed-number")
        if early:  # perhaps typed again because no answer came; it must not answer the next question
            return self.steps.show_place(place, "notice.too-early")
        if not takes(line, f"={number}"):
            labels = self.steps.renderer.labels
            named = labels(f"question.{question.id}"), number, BY_NAME[line.fact].takes
            return self.steps.show_place(place, labels("notice.out-of-range").format(*named))
        return self.steps.settle(place, with_answer(place.session.answers, line.id, f"={number}"))

    def _ask(self, place: Place, text: str, typed: TypedFacts | None = None) -> Turn:
        """Answer a typed question. typed: the facts of a case in it, which are then one tap away."""
        if refusal := self._refused(place, text):
            return refusal
        if is_number(text):
            unasked = "notice.no-question-in-case" if place.session.answers else "notice.no-question"
            return self.steps.show_place(place, "notice.number" if place.in_case and place.question else unasked)
        if not text.strip():
            return self.steps.show_view(place, self._lookup.topics(self.steps.back_button(place)))
        part, before = self._typed_case.question_of(text)
        if before and not (typed and typed.facts):
            typed = TypedFacts.of(before)
        view = self._lookup.asked(text, self.steps.back_button(place), part)
        if asks_what_to_do(text) and not place.session.practice:
            view = typed_cards.by_the_case(view, place)
        if typed and typed.facts and place.session.accepted:
            view = typed_cards.with_case(view, typed)
        return self.steps.show_view(place, view)

    def _picture(self, place: Place, name: str) -> Turn | None:
        """Send a picture or the pocket card; a picture of a case needs a result. None when there is no such picture."""
        attachment = self.steps.painter.of_everyone(name)
        if attachment is None and place.session.accepted and place.question is None:
            of_code = self.steps.handing_on.qr(place.found, place.session.answers) if name == "qr" else None
            attachment = of_code or self.steps.painter.of_case(name, place.found)
        if attachment is None:
            return None
        return Send(place.session, (replace(attachment, rows=self.steps.way_back(place)),), place.stage_name)

    def _refused(self, place: Place, text: str) -> Turn | None:
        """Refuse an emergency, which gets only the line that says whom to call, and text about a person, which is not
        read. None for any other text."""
        if self._emergency.is_in(text):
            return self.steps.show_view(place, View("emergency", {}, ((self.steps.back_button(place),),)))
        if is_about_a_person(text):  # the case is not shown below: the message has to be deleted first
            view = View("person", {"in_case": place.in_case}, ((self.steps.back_button(place),),))
            return self.steps.show_view(place, view, "notice.person")
        return None

    def _reported(self, stored: Session, place: Place, card: str) -> Turn | None:
        """Report the card to the owner; None when there is no such card. The session stays as it is stored, even after
        an update of the content, since the card was shown under that version."""
        report = self.nodes.read(card, stored.version)
        if report is None:
            return None
        return Tell(stored, report, place.stage_name, self._of_report("notice.reported", report))

    def _of_report(self, label: str, report: Report) -> str:
        return self.steps.renderer.labels(label).format(report.node, report.version)

    def _practice_request(self, session: Session | None, event: Event) -> Action | Chosen | None:
        """What the event asks of the practice that needs the practice record; None for nothing."""
        practising = session is not None and session.practice is not None
        match event:
            case Chosen():
                return event
            case Command("cancel") if practising:
                return Do.STOP
            case Command("practice"):
                return Do.PRACTICE
            case Typed(text):
                name = self._typed_commands.get(_plain(text))
                return self._practice_request(session, Command(name)) if name else None
            case Tap(text):
                action = decode(text)
                return action if needs_record(action) else None
        return None

    def _practice_turn(self, place: Place, asked: Action | Chosen | None, record: Record) -> Turn | None:
        """Answer a request to the practice; None when there is none."""
        session = place.session
        if asked == Do.BEGIN_PRACTICE:
            place, asked = self.place(session.changed(accepted=True, home=True)), Do.PRACTICE
        elif not session.accepted:
            return self.steps.show_gate(place, to_practice=True) if asked == Do.PRACTICE else None
        following: Session | None = None
        match asked:
            case Do.PRACTICE:
                return self.steps.show_view(place, self.steps.practising.menu(record, self.steps.back_button(place)))
            case Do.STOP if session.practice:
                return self.steps.show_session(session.at_home(), self.steps.say("notice.practised"))
            case Practise(topic):
                following = self.steps.practising.next(session, topic, record)
            case Do.NEXT if session.practice:
                following = self.steps.practising.next(session, session.practice.topic, record)
            case Chosen(option):
                if found := self.steps.practising.chosen(session, option, record):
                    return replace(self.steps.show_session(found[0]), record=found[1].to_json())
        return self.steps.show_session(following) if following else None


def _plain(text: str) -> str:
    """A typed text in the form in which it is compared with commands in words."""
    return " ".join(text.lower().strip(" .!?").split())
