"""The conversation: a session and an event in, the next session and a screen out. Pure: it touches nothing outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

from dialogs import cards, rooms, side_by_side, transplant
from dialogs.actions import (
    Action,
    Answer,
    BeginWith,
    Close,
    Do,
    Found,
    Instead,
    Note,
    Open,
    Picture,
    Practise,
    Read,
    Room,
    SendReport,
    Topic,
    TurnLine,
    Use,
    decode,
)
from dialogs.answers import answered, closing, given, turned, with_answer, without
from dialogs.case_code import CodeError
from dialogs.emergency import Emergency
from dialogs.events import About, Chosen, Command, Tap, Typed
from dialogs.handing_on import HandingOn
from dialogs.labels import Labels
from dialogs.lookup import Lookup
from dialogs.place import HOME, Place, Standings
from dialogs.practice.practising import Practising, needs_record
from dialogs.practice.schedule import Record
from dialogs.questions import QUESTIONS, UNKNOWN, Question, is_number, read_number, takes
from dialogs.remembered import Screens
from dialogs.render import Renderer
from dialogs.report import Nodes
from dialogs.session import Answers, Session
from dialogs.sharing import answer_saying
from dialogs.spoken import Spoken
from dialogs.told import Told, answers_with
from dialogs.told import decode as told_by
from dialogs.typed import is_about_a_person, is_question
from dialogs.unused import dropped, idle, named
from dialogs.view import Card, Choice, Forget, Report, Screen, Send, Show, Tell, Turn, View
from guideline import Assessment, Guideline, guideline

if TYPE_CHECKING:
    from dialogs.pictures import Painter
    from dialogs.reader import Reading

__all__ = ["COMMANDS", "About", "Chosen", "Command", "Conversation", "Tap", "Typed"]

_SCREENS = 4_000_000
"""Bytes of screens that are remembered."""

_NOTICE = 200
"""Characters that Telegram takes in the answer to a tap."""

_BESIDE_A_SHARED_CASE = (Do.TAKE, Do.LEAVE, Do.NOW, Do.NEW)
"""What can be tapped, besides what was typed and the look-up, while a case that a link brought is shown."""

_SEVERAL = 2
_FEW = 2
_FEW_WORDS = 3

COMMANDS = ("start", "new", "ask", "practice", "help", "about", "privacy", "forget", "cancel", "settings")


Event = Command | Tap | Typed | Chosen


class Conversation:
    """Everybody's conversation; it holds nobody's. Raises ContentError when the content is broken."""

    def __init__(self, about: About | None = None, content: Guideline | None = None) -> None:
        self._guideline = content or guideline()
        self._evidence = self._guideline.evidence
        self.version = self._evidence.stamp.version
        self._standings = Standings(self._guideline)
        self._screens = Screens(_SCREENS)
        self._lookup = Lookup(self._guideline)
        about = about or About()
        self.renderer = Renderer(
            self._evidence,
            {"retention_hours": about.retention_hours, "owner_contact": about.owner_contact, "commands": COMMANDS},
            self._guideline.doubtful,
            about.today,
            Labels(self._guideline),
        )
        self._today = about.today or self._evidence.checked
        self._practising = Practising(self._guideline, self.renderer)
        self._handing_on = HandingOn(self._standings, self.renderer)
        labels = self.renderer.labels
        self._said = Spoken(labels)
        self.commands = tuple((name, labels(f"command.{name}")) for name in COMMANDS)
        self.description = labels("bot.long")
        self.short_description = labels("bot.short")
        self.private_only = labels("notice.private-only")
        self.not_invited = labels("notice.not-invited")
        self.nothing_found = labels("notice.nothing-found")
        self._emergency = Emergency.of(labels)
        self._typed_commands = {words: name for name in COMMANDS for words in labels.texts(f"command-words.{name}")}

    def named(self, username: str) -> None:
        """Give the bot's username, which the bot learns when it starts: without it a case has no link."""
        self._handing_on.bot_name = username

    @cached_property
    def _painter(self) -> Painter:
        """Made with the first picture: its fonts and templates take a tenth of a second of the start."""
        from dialogs.pictures import Painter

        return Painter(self._guideline, self.renderer.env)

    @cached_property
    def nodes(self) -> Nodes:
        """Made with the first report of a problem: the pages of every topic are counted for it."""
        pages = {part: self.renderer.pages(view) for part, view in self._lookup.every_topic(cards.HERE)}
        return Nodes(self._evidence, self._guideline.tree.headlines, pages, self._lookup.codes)

    def respond(self, session: Session | None, event: Event, idle: int = 0, record: Record | None = None) -> Turn:
        """Answer an event. session: the stored one, or None for somebody new. idle: minutes since it was stored, which
        the start says of an open case. record: what is kept of the person's practice, for the events that need it."""
        here, notice = self._current(session, idle)
        practised = self._practised(here, self._of_practice(session, event), record or Record(self._today))
        if practised:
            return replace(practised, notice=practised.notice or notice)
        match event:
            case Command(name, argument):
                turn = self._command(here, name, argument)
            case Tap(text):
                turn = self._tap(session or here.session, here, decode(text))
            case Typed(text, early):
                turn = self._typed(here, text, early=early)
            case Chosen():
                turn = self._here(here)
        return replace(turn, notice=turn.notice or notice)

    def needs_record(self, session: Session | None, event: Event) -> bool:
        """Whether `respond` needs what is kept of the person's practice to answer the event."""
        return self._of_practice(session, event) is not None

    def stale(self, session: Session | None) -> Show:
        """Answer a tap on a button from another revision: nothing changes."""
        return self._here(self._current(session)[0], "notice.stale" if session else "notice.gone")

    def overtaken(self, session: Session) -> Show:
        """Answer a command that comes after what was done later: nothing changes."""
        return self._here(self._current(session)[0], "notice.overtaken")

    def refused(self, session: Session | None) -> Show:
        """Answer a picture, file, voice message or the like: nothing changes."""
        return self._here(self._current(session)[0], "notice.refused")

    def inline(self, question: str) -> tuple[Card, ...]:
        """What can be sent on what is typed in any chat: the answers, at most three; on nothing typed yet, five useful
        cards; none when there is nothing on it. An emergency gets the line that says whom to call, alone."""
        if self._emergency.is_in(question):
            line = self.renderer.labels("notice.emergency")
            return (Card("emergency", line, "", line),)
        if is_about_a_person(question):
            return ()
        return tuple(self.renderer.card(*answer) for answer in self._lookup.cards(question))

    def trouble(self, code: str) -> Screen:
        """The screen for an error of ours; code: what finds it in the log."""
        return self.renderer.screen(View("trouble", {"code": code}, (cards.AGAIN,)))

    def forgotten(self) -> Screen:
        """The screen that says that everything about a person is deleted."""
        return self.renderer.screen(View("forgotten"))

    def report_text(self, report: Report) -> str:
        """The line that tells the owner of a report: plain, at most 200 characters."""
        return self._of_report("report.line", report)

    def report_kept(self, report: Report) -> str:
        """The notice for the reader in place of the turn's, where a report reaches nobody and is only logged."""
        return self._of_report("notice.report-kept", report)

    def place(self, session: Session, idle: int = 0) -> Place:
        """Where the session stands. Its answers have to hold. idle: see `respond`."""
        return Place(session, self._standings.of(session.answers), idle)

    def _current(self, session: Session | None, idle: int = 0) -> tuple[Place, str]:
        """Where the session stands under today's content, with only the answers that hold, and a notice when the
        content has changed since."""
        if session is None:
            return self.place(Session.new(self.version)), ""
        holds = self._standings.holding(session.answers)
        open_ = session.open if session.open in QUESTIONS else None
        same = session.version == self.version and holds == session.answers and open_ == session.open
        shared = session.shared if session.shared and self._handing_on.reads(session.shared) else ""
        gone = session.practice and not (same and self._practising.holds(session.practice))
        if same and not gone and shared == session.shared:
            return self.place(session, idle), ""
        filling = session.filling and open_ is not None
        changed = session.changed(version=self.version, answers=holds, open=open_, filling=filling, shared=shared)
        if gone:
            changed = replace(changed, practice=None, home=True)
        return self.place(changed, idle), self._say("notice.updated") if session.version != self.version else ""

    # Events

    def _command(self, here: Place, name: str, argument: str = "") -> Turn:
        session = here.session
        match name:
            case "help" | "about" | "privacy" | "settings":
                return self._page(here, name)
            case "forget":
                return Forget(self.forgotten(), HOME)
            case "start":
                return self._opened(here, argument) if argument else self._start(here)
            case "ask":
                return self._ask(here, argument)
            case "new":
                return self._new(here)
            case "cancel":
                return self._at(session.at_home(answers=()), "notice.cancelled" if session.answers else "")
        return self._here(here, "notice.unknown-command")

    def _start(self, here: Place) -> Turn:
        """The start screen. A case that waits behind the gate goes on waiting there."""
        session = here.session
        waiting = "" if session.accepted else session.shared
        return self._here(self.place(session.at_home(shared=waiting), here.idle))

    def _opened(self, here: Place, code: str) -> Turn:
        """Show the case of a code that a link brought. It waits in the session, before the gate as well."""
        try:
            self._handing_on.codes.decode(code)
        except CodeError as error:
            return self._at(here.session.at_home(), self._say(f"unreadable.{error.why.value}"))
        return self._at(here.session.changed(shared=code, practice=None))

    def _tap(self, stored: Session, here: Place, action: Action | None) -> Turn:
        """stored: the session as it was, under the content version of the card that was tapped."""
        if isinstance(action, SendReport):
            turn = self._reported(stored, here, action.card)
        elif here.session.accepted:
            turn = self._for_everyone(here, action) or self._in_case(here, action)
        else:
            turn = self._for_everyone(here, action)
        return turn or self._here(here, "notice.unknown-tap")

    def _for_everyone(self, here: Place, action: Action | None) -> Turn | None:
        """What a tap does for whoever makes it; None where there is no such thing."""
        leave = self._leave(here)
        match action:
            case Do.BEGIN if here.session.shared:
                return self._at(here.session.changed(accepted=True))
            case Do.BEGIN:
                return self._new(self.place(here.session.changed(accepted=True)))
            case BeginWith(code):
                if told := told_by(code):
                    begun = self.place(here.session.changed(accepted=True, home=True))
                    return self._show(begun, self._told(begun, told))
            case Do.ABOUT:
                return self._page(here, "about")
            case Do.HOME:
                return self._command(here, "start")
            case Do.FORGET:
                return self._command(here, "forget")
            case Do.EXAMPLE:
                told = Told.of(_read(self._say("example.line")))
                return self._show(here, cards.example(told, here))
            case Do.TOPICS:
                return self._ask(here, "")
            case Topic():
                return self._shown(here, self._lookup.topic(action, self._out(here)))
            case Note(id_):
                return self._shown(here, self._lookup.note(id_, leave))
            case Found():
                return self._shown(here, self._lookup.found(action, leave))
            case Picture(name):
                return self._picture(here, name)
        return None

    def _in_case(self, here: Place, action: Action | None) -> Turn | None:
        """What a tap does for who has said to be a clinician; None where there is no such thing to do."""
        session = here.session
        if session.shared and not (action in _BESIDE_A_SHARED_CASE or isinstance(action, Read | Use)):
            return None
        match action:
            case Do.POLL if session.practice and session.is_asked:
                practice = replace(session.practice, sent=session.practice.sent + 1)
                return self._at(session.changed(practice=practice))
            case Do.NEW:
                return self._new(here)
            case Do.NOW:
                return self._here(here)
            case Do.TAKE if session.shared:
                return self._at(session.in_case(answers=self._handing_on.taken(session.shared)))
            case Do.LEAVE if session.shared:
                return self._at(session.changed(shared=""))
            case Do.LEAVE:
                return self._at(session.in_case(), "notice.tried" if session.tried else "")
            case Do.RESUME:
                return self._at(session.in_case())
            case Do.BACK:
                return self._back(here)
            case Do.FILL:
                return self._fill(here)
            case Do.TEXT:
                return self._text(here, self._handing_on.text)
            case Do.QUESTION:
                return self._text(here, self._handing_on.question)
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
                    view = cards.trim(told, asked) if trim else self._told(here, told, asked)
                    return self._show(here, view)
            case Instead():
                return self._instead(here, action)
            case Use():
                return self._use(here, action)
        return None

    def _typed(self, here: Place, text: str, *, early: bool) -> Turn:
        if code := self._handing_on.code_in(text):
            return self._opened(here, code)
        if refusal := self._refused(here, text):
            return refusal
        if name := self._typed_commands.get(_plain(text)):
            return self._command(here, name)
        question = here.question if here.in_case else None
        reading = None if is_number(text) else _read(text)
        if reading and (turn := self._read(here, question, text, reading, early=early)):
            return turn
        if question is None or (reading and self._asks(text)):
            return self._ask(here, text, Told.of(reading) if reading else None)
        if not question.takes_number:
            return self._here(here, "notice.typed")
        number, (line,) = read_number(text), question.lines
        if number is None:
            return self._here(here, "notice.typed-number")
        if early:  # a number typed again because nothing came back, say; it must not answer the next question
            return self._here(here, "notice.too-early")
        if not takes(line, f"={number}"):
            labels = self.renderer.labels
            named = labels(f"question.{question.id}"), number, labels(f"range.{line.fact}")
            return self._here(here, labels("notice.out-of-range").format(*named))
        return self._settle(here, with_answer(here.session.answers, line.id, f"={number}"))

    def _read(self, here: Place, question: Question | None, text: str, reading: Reading, *, early: bool) -> Turn | None:
        """Take a typed text for the answer to the open question, or offer what it says of the case; None: it says
        nothing. What it was read as is stored only as an answer, or when it is used."""
        told = Told.of(reading)
        if question:
            answer = told if told.on(question) else self._as_answer(question, text)
            own = set() if reading.cut else answer.on(question)  # what was not read may say otherwise
            # Of a number, the words of a button say its whole band; what is read of them may be less.
            tap = None if own and not question.takes_number else self._said.answer(question, here.lines(question), text)
            if early and (own or tap):
                return self._here(here, "notice.too-early")
            if tap:
                return self._in_case(here, tap)
            if own:
                settled = self._settle(here, answers_with(here.answers, answer, own))
                rest = told.without(own)
                doubtful = [fact for fact in (*rest.conflict, *rest.unclear) if fact not in own]
                if not (rest.facts or doubtful or rest.missed) and len(own) == 1:
                    return settled
                labels = self.renderer.labels
                taken = ", ".join(labels.clause(fact, answer.possible(fact)) for fact in answer.facts if fact in own)
                said = [self._say("notice.taken", taken), settled.notice]
                if rest.facts:
                    notice = " ".join(filter(None, said))
                    return self._offer(self.place(settled.session), rest, reading, text, notice, answered=True)
                if doubtful:
                    said.append(self._say("notice.not-clear", ", ".join(labels(f"told.{fact}") for fact in doubtful)))
                if rest.missed:
                    said.append(self._say("notice.not-understood"))
                return replace(settled, notice=" ".join(filter(None, said)))
        if not reading.is_case or not (_is_a_case(reading, text) or not self._asks(text)):
            return None
        return self._offer(here, told, reading, text)

    def _as_answer(self, question: Question, text: str) -> Told:
        """What a text says behind the words that lead to the open question, as in `3-5 cm`; it has to say no more.
        Words that say another fact are no answer: `two steps` says nothing of the grade."""
        cued = f"{self._said.cue(question)} {text}".strip(" .")
        reading = _read(cued)
        told = Told.of(reading)
        own = told.on(question)
        answers = [found for found in reading.facts if found.fact in own]
        others = [found for found in reading.facts if found.fact not in own]
        whole = bool(reading.facts) and max(found.end for found in reading.facts) == len(cued)
        shared = any(one.start < other.end and other.start < one.end for one in answers for other in others)
        return told if whole and not shared else Told({})

    def _asks(self, text: str) -> bool:
        """Whether a text asks something: by its words, or since there is an answer to it."""
        if is_question(text) or text.rstrip().endswith("?"):
            return True
        found = self._lookup.look_up(text)
        return bool(found.answers or found.gap)

    def _offer(
        self, here: Place, told: Told, reading: Reading, text: str, notice: str = "", *, answered: bool = False
    ) -> Show:
        """What was read of a typed text, with the same text as a question one tap away. Where it asks something, what
        the facts come to by themselves and the answers in a line each."""
        asked: cards.Asked | None = None
        if reading.asks or is_question(text):
            alone = self._standings.holding(answers_with((), told, set(told.facts)))
            asked = cards.Asked(self._standings.of(alone).found, self._lookup.lines(text))
        elif not answered and len(told.facts) <= _FEW and self._lookup.look_up(text).answers:  # key words, it may be
            asked = cards.Asked(None, self._lookup.lines(text))
        view = cards.read(
            told,
            here,
            words=reading.not_understood,
            cut=reading.cut,
            question=self._lookup.action(text),
            asked=asked,
            answered=answered,
            more=self._used(here, told).question is not None,
        )
        return self._show(here, view, notice)

    def _use(self, here: Place, use: Use) -> Turn | None:
        told = told_by(use.code)
        if told is None:
            return None
        if use.anew:
            here = self.place(here.session.in_case(answers=()))
        there = self._used(here, told)
        while use.alone and (question := there.question):
            answers = there.session.answers
            if question.is_list:
                answers = closing(answers, question, there.lines(question), UNKNOWN)
            else:
                answers = answered(answers, question.id, UNKNOWN)
            there = self.place(there.session.in_case(answers=self._standings.holding(answers)))
        return self._settle(here, there.session.answers)

    def _told(self, here: Place, told: Told, question: Found | None = None) -> View:
        """The card that offers what was read, as far as its buttons have kept it."""
        return cards.read(told, here, question=question, more=self._used(here, told).question is not None)

    def _used(self, here: Place, told: Told) -> Place:
        """Where the session would stand with what was read."""
        answers = answers_with(here.answers, told, set(told.facts))
        return self.place(here.session.in_case(answers=self._standings.holding(answers)))

    def _refused(self, here: Place, text: str) -> Turn | None:
        """What goes before all else: an emergency gets the line that says whom to call, alone, and text about a person
        is not read on. None for any other."""
        if self._emergency.is_in(text):
            return self._show(here, View("emergency", {}, ((self._leave(here),),)))
        return self._here(here, "notice.person") if is_about_a_person(text) else None

    def _reported(self, stored: Session, here: Place, card: str) -> Turn | None:
        """Report the card to the owner; None where there is no such card. Nothing changes, not even after an update of
        the content: the card was shown under the version of the stored session."""
        report = self.nodes.read(card, stored.version)
        if report is None:
            return None
        return Tell(stored, report, here.stage_name, self._of_report("notice.reported", report))

    def _of_report(self, label: str, report: Report) -> str:
        return self.renderer.labels(label).format(report.node, report.version)

    # Practice

    def _of_practice(self, session: Session | None, event: Event) -> Action | Chosen | None:
        """What the event asks of the practice, for which what is kept of it is needed; None for nothing."""
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
                return self._of_practice(session, Command(name)) if name else None
            case Tap(text):
                action = decode(text)
                return action if needs_record(action) else None
        return None

    def _practised(self, here: Place, asked: Action | Chosen | None, record: Record) -> Turn | None:
        """Answer what is asked of the practice; None where it is nothing."""
        session = here.session
        if not session.accepted:
            return self._first(here) if asked == Do.PRACTICE else None
        following: Session | None = None
        match asked:
            case Do.PRACTICE:
                return self._show(here, self._practising.menu(record, self._leave(here)))
            case Do.STOP if session.practice:
                return self._at(session.at_home(), self._say("notice.practised"))
            case Practise(topic):
                following = self._practising.next(session, topic, record)
            case Do.NEXT if session.practice:
                following = self._practising.next(session, session.practice.topic, record)
            case Chosen(option):
                if found := self._practising.chosen(session, option, record):
                    return replace(self._at(found[0]), record=found[1].to_json())
        return self._at(following) if following else None

    def _first(self, here: Place) -> Turn:
        """The gate, for somebody who has not yet said to be a clinician."""
        return self._show(here, cards.home(here), "notice.not-accepted")

    # Looking something up

    def _ask(self, here: Place, text: str, told: Told | None = None) -> Turn:
        """The answers to a typed question. told: what it says of a case all the same, one tap away."""
        if refusal := self._refused(here, text):
            return refusal
        if is_number(text):
            return self._here(here, "notice.number")
        if not text.strip():
            return self._show(here, self._lookup.topics(self._leave(here)))
        view = self._lookup.asked(text, self._leave(here))
        if told and told.facts and here.session.accepted:
            view = cards.with_case(view, told)
        return self._show(here, view)

    def _picture(self, here: Place, name: str) -> Turn | None:
        """Send a picture or the pocket card. Those of a case need a result."""
        attachment = self._painter.of_everyone(name)
        if attachment is None and here.session.accepted and here.question is None:
            of_code = self._handing_on.qr(here.found, here.session.answers) if name == "qr" else None
            attachment = of_code or self._painter.of_case(name, here.found)
            back = self.renderer.rows((cards.TO_RESULT,))
            attachment = replace(attachment, rows=back) if attachment else None
        return Send(here.session, (attachment,), here.stage_name) if attachment else None

    def _text(self, here: Place, told: Callable[[Assessment, Answers], str]) -> Send | None:
        """Send what is told of a result as plain text."""
        if here.question is not None:
            return None
        return Send(here.session, (), here.stage_name, text=told(here.found, here.session.answers))

    def _leave(self, here: Place) -> Choice:
        return cards.HERE if here.session.accepted else cards.TO_START

    def _out(self, here: Place) -> Choice:
        """The way out of the look-up from where Back leads to its topics."""
        return replace(self._leave(here), caption="button.to-case" if here.in_case else "button.to-start")

    # What a tap does; None: there is no such thing to do

    def _answer(self, here: Place, id_: str, option: str) -> Turn | None:
        question = here.question
        if question is None or question.id != id_ or question.is_list or option not in question.lines[0].options:
            return None
        return self._settle(here, answered(here.session.answers, id_, option))

    def _turn_line(self, here: Place, id_: str) -> Turn | None:
        question, session = here.question, here.session
        if question is None or not question.is_list or id_ not in {line.id for line in question.lines}:
            return None
        answers = turned(here.answers, id_)
        if here.is_opened:  # behind a result nothing counts before the list is closed
            tried = tuple(answer for answer in answers if answer[0] in {line.id for line in question.lines})
            return self._at(session.changed(tried=tried))
        holds = self._standings.holding(answers)
        gone = self._names(dropped(session.answers, holds), session, "notice.dropped")
        return self._at(session.changed(answers=holds), gone)

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
        return self._settle(here, closing(answers, question, lines, option))

    def _open(self, here: Place, id_: str) -> Turn | None:
        if id_ not in QUESTIONS or here.question is not None:
            return None
        return self._at(here.session.in_case(open=id_))

    def _fill(self, here: Place, after: str = "", notice: str = "") -> Show | None:
        """Open the next question on the transplant criteria, behind the one just answered; after the last show where
        they stand. None where no transplant is weighed."""
        if here.question is not None:
            return None
        if following := transplant.to_fill(here.found, after):
            return self._at(here.session.in_case(open=following[0].id, filling=True), notice)
        view = transplant.room(self._evidence, here.found)
        return self._show(here, view, notice) if view else None

    def _room(self, here: Place, room: Room) -> Turn | None:
        if question := cards.asked_in(room.name):
            drawing = self._painter.of_everyone("patterns") if room.name == question.help else None
            shown = self._show(here, cards.room_of(question, room.name, here))
            return replace(shown, attachments=(drawing,)) if drawing else shown
        if here.question is not None:
            return None
        session, found = here.session, here.found
        view = self._handing_on.behind(room, found, session.answers)
        view = view or rooms.behind(room, self._evidence, found, session.answers)
        if view and room.name == "changes":
            view = replace(view, rows=(*side_by_side.doors(found, self.renderer.labels), *view.rows))
        if view is None:
            return None
        screen = self._screens.get((session.answers, room), lambda: self.renderer.screen(view))
        return self._turn(here, screen, "")

    def _instead(self, here: Place, action: Instead) -> Turn | None:
        """Show the case beside the same with one answer changed, or change it."""
        change = side_by_side.change_of(action, here.found) if here.question is None else None
        if change is None:
            return None
        answers = answer_saying(here.session.answers, change.fact, side_by_side.possible(change))
        if action.take:
            return self._settle(here, answers)
        other = self._standings.of(self._standings.holding(answers)).found
        return self._show(here, side_by_side.view(change, self._evidence, here.found, other))

    def _back(self, here: Place) -> Turn:
        session = here.session
        if here.is_opened or session.home:
            return self._at(session.in_case())
        behind = list(here.behind)
        if session.open and QUESTIONS[session.open] in behind:
            behind = behind[: behind.index(QUESTIONS[session.open])]
        for question in reversed(behind):
            if not question.is_list:  # opened again, with the answer there was
                return self._at(session.in_case(open=question.id))
            back = self.place(session.in_case(answers=without(session.answers, [question.id])))
            if back.question is question:  # else it has been settled otherwise since
                return self._here(back)
        return self._command(here, "start")

    # Where it leads

    def _new(self, here: Place) -> Turn:
        if not here.session.accepted:
            return self._first(here)
        return self._at(here.session.in_case(answers=()))

    def _settle(self, here: Place, answers: Answers) -> Show:
        """Store the answers that hold, and name those that no longer do or no longer make a difference."""
        session = here.session
        before, after = session.answers, self._standings.holding(answers)
        there = self.place(session.in_case(answers=after))
        gone = dropped(before, after)
        resting = idle(before, here.found, there.found) - gone
        said = self._names(gone, session, "notice.dropped"), self._names(resting, session, "notice.idle")
        notice = shorten(" ".join(filter(None, said)), _NOTICE, placeholder=" …")
        if session.filling and there.question is None:
            return self._fill(there, session.open or "", notice) or self._here(there, notice)
        if session.open and there.question is None:
            left = rooms.left_to_add(session.open, here, there)
            if left:
                return self._show(there, left, notice)
        return self._here(there, notice)

    def _names(self, lines: set[str], session: Session, notice: str) -> str:
        """The notice that names these lines of the session's answers, or empty."""
        return self._say(notice, named(lines, session.answers, self.renderer.labels)) if lines else ""

    def _at(self, session: Session, notice: str = "") -> Show:
        """The screen of a session that has been changed."""
        return self._here(self.place(session), notice)

    def _here(self, here: Place, notice: str = "") -> Show:
        """The screen that belongs to the session as it stands."""
        session = here.session
        if session.practice and session.is_asked:
            view, poll = self._practising.asked(session.practice)
            return replace(self._show(here, view, notice), poll=poll)
        if session.practice:
            return self._show(here, self._practising.answer(session.practice), notice)
        idle = 0 if here.in_case else here.idle
        key = session.accepted, session.home, session.open, session.tried, session.answers, session.shared, idle
        return self._turn(here, self._screens.get(key, lambda: self.renderer.screen(self._view(here))), notice)

    def _view(self, here: Place) -> View:
        session = here.session
        if session.shared and session.accepted:
            return self._handing_on.opened(here)
        if not here.in_case:
            return cards.home(here)
        if here.question:
            return cards.question(here.question, here)
        return cards.result(self._evidence, here.found, here.session.answers)

    def _shown(self, here: Place, view: View | None) -> Show | None:
        return self._show(here, view) if view else None

    def _show(self, here: Place, view: View, notice: str = "") -> Show:
        return self._turn(here, self.renderer.screen(view), notice)

    def _turn(self, here: Place, screen: Screen, notice: str) -> Show:
        """A screen, with a notice or the label of one."""
        said = self._say(notice) if notice.startswith("notice.") else notice
        return Show(here.session, screen, here.stage_name, said)

    def _page(self, here: Place, name: str) -> Turn:
        return self._show(here, cards.page(name, here.session.accepted, self._evidence.stamp.doi))

    def _say(self, path: str, filling: str = "") -> str:
        return self.renderer.labels(path, filling)


def _plain(text: str) -> str:
    """A typed text as commands in words are compared."""
    return " ".join(text.lower().strip(" .!?").split())


def _read(text: str) -> Reading:
    """The facts in a typed text. The reader is imported and loaded with the first of them."""
    from dialogs.reader import reader

    return reader().read(text)


def _is_a_case(reading: Reading, text: str) -> bool:
    """Whether a text is taken for a case and not for a question: it says several things, or one and nothing that was
    not understood; at more length, one that is half said as well."""
    said = len(reading.facts) + len(reading.conflict)
    whole = not reading.not_understood and (reading.unclear or len(text.split()) <= _FEW_WORDS)
    return said >= _SEVERAL or (said == 1 and bool(whole) and not (reading.asks or is_question(text)))
