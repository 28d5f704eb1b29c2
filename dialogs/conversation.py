"""The conversation: a session and an event in, the next session and a screen out. Pure: it touches nothing outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from dialogs import cards
from dialogs.answers import answered, closing, holding, turned, with_answer, without
from dialogs.events import About, Command, Tap, Typed
from dialogs.lookup import Lookup, page_number
from dialogs.place import Place, place, shown
from dialogs.questions import QUESTIONS, Question, is_number, read_number, takes
from dialogs.render import Renderer
from dialogs.report import Nodes
from dialogs.session import Answers, Session
from dialogs.typed import is_about_a_person, is_emergency
from dialogs.unused import dropped, idle, named
from dialogs.view import Card, Choice, Report, Screen, Turn, View
from guideline import Guideline, guideline

if TYPE_CHECKING:
    from dialogs.pictures import Painter

__all__ = ["COMMANDS", "About", "Command", "Conversation", "Tap", "Typed"]

HOME = "home"
"""What is open when nothing of a case is shown."""

COMMANDS = ("start", "new", "ask", "help", "about", "privacy", "forget", "cancel", "settings")


class Conversation:
    """Everybody's conversation; it holds nobody's. Raises ContentError when the content is broken."""

    def __init__(self, about: About | None = None, content: Guideline | None = None) -> None:
        self._guideline = content or guideline()
        self._evidence = self._guideline.evidence
        self.version = self._evidence.stamp.version
        self._lookup = Lookup(self._guideline)
        about = about or About()
        self._render = Renderer(
            self._evidence,
            {"retention_hours": about.retention_hours, "owner_contact": about.owner_contact, "commands": COMMANDS},
            self._guideline.doubtful,
            about.today,
        )
        labels = self._render.labels
        self.commands = tuple((name, labels(f"command.{name}")) for name in COMMANDS)
        self.description = labels("bot.long")
        self.short_description = labels("bot.short")
        self.private_only = labels("notice.private-only")
        self.not_invited = labels("notice.not-invited")
        self.nothing_found = labels("notice.nothing-found")
        self._emergency = frozenset(labels.texts("emergency.words"))

    @cached_property
    def _painter(self) -> Painter:
        """Made with the first picture: its fonts and templates take a tenth of a second of the start."""
        from dialogs.pictures import Painter

        return Painter(self._guideline)

    @cached_property
    def _nodes(self) -> Nodes:
        """Made with the first report of a problem: the pages of every topic are counted for it."""
        pages = {part: self._render.pages(view) for part, view in self._lookup.every_topic(cards.HERE)}
        return Nodes(self._evidence, self._guideline.tree.headlines, pages, self._lookup.codes)

    def respond(self, session: Session | None, event: Command | Tap | Typed) -> Turn:
        """Answer an event. session: the stored one, or None for somebody new."""
        stored, (session, notice) = session, self._current(session)
        if isinstance(event, Command):
            turn = self._command(session, event.name, event.argument)
        elif isinstance(event, Tap):
            turn = self._reported(stored or session, event.action) or self._tap(session, event.action)
        else:
            turn = self._typed(session, event.text, early=event.early)
        return replace(turn, notice=turn.notice or notice)

    def stale(self, session: Session | None) -> Turn:
        """Answer a tap on a button from another revision: nothing changes."""
        notice = "notice.stale" if session else "notice.gone"
        return self._here(self._current(session)[0], notice)

    def overtaken(self, session: Session) -> Turn:
        """Answer a command that comes after what was done later: nothing changes."""
        return self._here(self._current(session)[0], "notice.overtaken")

    def refused(self, session: Session | None) -> Turn:
        """Answer a picture, file, voice message or the like: nothing changes."""
        return self._here(self._current(session)[0], "notice.refused")

    def inline(self, question: str) -> tuple[Card, ...]:
        """The answers to a question typed in any chat, at most three; none when there is nothing on it."""
        if is_about_a_person(question):
            return ()
        return tuple(self._render.card(answer, newer) for answer, newer in self._lookup.with_newer(question))

    def trouble(self, code: str) -> Screen:
        """The screen for an error of ours; code: what finds it in the log."""
        return self._render.screen(View("trouble", {"code": code}, (cards.AGAIN,)))

    def report_text(self, report: Report) -> str:
        """The line that tells the owner of a report: plain, at most 200 characters."""
        return self._of_report("report.line", report)

    def report_kept(self, report: Report) -> str:
        """The notice for the reader in place of the turn's, where a report reaches nobody and is only logged."""
        return self._of_report("notice.report-kept", report)

    def place(self, session: Session) -> Place:
        """Where the session stands. Its answers have to hold."""
        return place(self._guideline, session)

    def stage(self, session: Session | None) -> str:
        """The stage of the talk at which the session stands, or `home`. Its answers have to hold."""
        in_case = session is not None and session.accepted and session.open != HOME
        return self.place(session).stage.value if session and in_case else HOME

    def _current(self, session: Session | None) -> tuple[Session, str]:
        """The session under today's content, with only the answers that hold, and a notice when that changed them."""
        version = self.version
        if session is None:
            return Session.new(version), ""
        holds = holding(session.answers, self._guideline)
        open_ = session.open if session.open in (*QUESTIONS, HOME) else ""
        if session.version == version and holds == session.answers and open_ == session.open:
            return session, ""
        changed = session.changed(version=version, answers=holds, open=open_)
        return changed, self._say("notice.updated") if session.version != version else ""

    # Events

    def _command(self, session: Session, name: str, argument: str = "") -> Turn:
        if name in ("help", "about", "privacy", "settings"):
            return self._page(session, name)
        if name == "forget":
            return Turn(None, self._render.screen(View("forgotten")))
        if name == "start":
            return self._here(session.changed(open=HOME))
        if name == "ask":
            return self._ask(session, argument)
        if name == "new":
            return self._new(session)
        if name == "cancel":
            ended = session.changed(answers=(), open=HOME)
            return self._here(ended, "notice.cancelled" if session.answers else "")
        return self._here(session, "notice.unknown-command")

    def _tap(self, session: Session, action: str) -> Turn:
        turn = self._deed(session, action) or self._deed_about(session, *action.partition(".")[::2])
        return turn or self._here(session, "notice.unknown-tap")

    def _deed(self, session: Session, action: str) -> Turn | None:
        """What a tap by itself does; None: there is no such tap, or not yet."""
        deeds: dict[str, Callable[[], Turn]] = {
            "begin": lambda: self._new(session.changed(accepted=True)),
            "about": lambda: self._page(session, "about"),
            "home": lambda: self._command(session, "start"),
            "forget": lambda: self._command(session, "forget"),
            "look": lambda: self._ask(session, ""),
        }
        if session.accepted:
            deeds |= {
                "new": lambda: self._new(session),
                "now": lambda: self._here(session.changed(open="") if session.open in QUESTIONS else session),
                "resume": lambda: self._here(session.changed(open="")),
                "back": lambda: self._back(session),
            }
        return deeds[action]() if action in deeds else None

    def _deed_about(self, session: Session, verb: str, rest: str) -> Turn | None:
        """What a tap about something does; None: there is no such tap, or not yet."""
        if verb in self._lookup.taps:
            return self._shown_or_none(session, self._lookup.taps[verb](rest, self._leave(session)))
        deeds: dict[str, Callable[[Session, str], Turn | None]] = {"pic": self._picture}
        if session.accepted:
            deeds |= {
                "a": self._answer,
                "t": self._turn_line,
                "all": self._close_list,
                "e": self._open,
                "go": self._go,
            }
        return deeds[verb](session, rest) if verb in deeds else None

    def _typed(self, session: Session, text: str, *, early: bool) -> Turn:
        in_case = session.accepted and session.open != HOME
        question = self.place(session).question if in_case else None
        if question is None:
            return self._ask(session, text)
        if not question.takes_number:
            return self._here(session, self._refusal(text) or "notice.typed")
        number, (line,) = read_number(text), question.lines
        if number is None:
            return self._here(session, self._refusal(text) or "notice.typed-number")
        if early:  # a number typed again because nothing came back, say; it must not answer the next question
            return self._here(session, "notice.too-early")
        if not takes(line, f"={number}"):
            labels = self._render.labels
            named = labels(f"question.{question.id}"), number, labels(f"range.{line.fact}")
            return self._here(session, labels("notice.out-of-range").format(*named))
        return self._settle(session, with_answer(session.answers, line.id, f"={number}"))

    def _refusal(self, text: str) -> str:
        """The notice that goes before all else when text sounds like an emergency or a person, or empty."""
        if is_emergency(text, self._emergency):
            return "notice.emergency"
        return "notice.person" if is_about_a_person(text) else ""

    def _reported(self, session: Session, action: str) -> Turn | None:
        """Report the card to the owner; None: the tap is no report. Nothing changes, not even after an update of the
        content: the card was shown under the version of the stored session."""
        report = self._nodes.read(action, session.version)
        if report is None:
            return None
        here = self._here(self._current(session)[0])
        return Turn(session, here.screen, self._of_report("notice.reported", report), report=report)

    def _of_report(self, label: str, report: Report) -> str:
        return self._render.labels(label).format(report.node, report.version)

    # Looking something up

    def _ask(self, session: Session, text: str) -> Turn:
        if is_about_a_person(text):
            return self._here(session, "notice.person")
        if is_number(text):
            return self._here(session, "notice.number")
        if not text.strip():
            return Turn(session, self._render.screen(self._lookup.topics(self._leave(session))))
        refusal = self._refusal(text)
        view = self._lookup.asked(text, self._leave(session))
        return Turn(session, self._render.screen(view), self._say(refusal) if refusal else "")

    def _picture(self, session: Session, name: str) -> Turn | None:
        """Send a picture or the pocket card; the screen stays. Those of a case need a result."""
        attachment = self._painter.of_everyone(name)
        if attachment is None and session.accepted:
            here = self.place(session)
            attachment = self._painter.of_case(name, here.found) if here.question is None else None
        return Turn(session, self._here(session).screen, attachments=(attachment,)) if attachment else None

    def _shown_or_none(self, session: Session, view: View | None) -> Turn | None:
        return Turn(session, self._render.screen(view)) if view else None

    def _leave(self, session: Session) -> Choice:
        return cards.HERE if session.accepted else cards.TO_START

    # What a tap does; None: there is no such thing to do

    def _answer(self, session: Session, rest: str) -> Turn | None:
        id_, _, option = rest.partition(".")
        question = self.place(session).question
        if question is None or question.id != id_ or question.is_list or option not in question.lines[0].options:
            return None
        return self._settle(session, answered(session.answers, id_, option))

    def _turn_line(self, session: Session, id_: str) -> Turn | None:
        here = self.place(session)
        question = here.question
        if question is None or not question.is_list or id_ not in {line.id for line in question.lines}:
            return None
        answers = turned(session.answers, question, id_, self._lines(session, here, question))
        changed = session.changed(answers=holding(answers, self._guideline))
        return self._here(changed, self._names(dropped(session.answers, changed.answers), session, "notice.dropped"))

    def _close_list(self, session: Session, rest: str) -> Turn | None:
        id_, _, option = rest.partition(".")
        here = self.place(session)
        question = here.question
        if question is None or question.id != id_ or not question.is_list:
            return None
        if option not in (*question.lines[0].options, "shown"):
            return None
        lines = self._lines(session, here, question)
        return self._settle(session, closing(session.answers, question, lines, option.replace("shown", "")))

    def _open(self, session: Session, id_: str) -> Turn | None:
        if id_ not in QUESTIONS or self.place(session).question is not None:
            return None
        return self._here(session.changed(open=id_))

    def _go(self, session: Session, rest: str) -> Turn | None:
        room, _, page = rest.partition(".")
        here = self.place(session)
        if room == "classify":
            return Turn(session, self._render.screen(self._question_view(session, here, classify=True)))
        if here.question is not None:
            return None
        view = cards.behind(room, self._evidence, here.found, session.answers, page_number(page))
        return self._shown_or_none(session, view)

    def _back(self, session: Session) -> Turn:
        if session.open:
            return self._here(session.changed(open=""))
        here = self.place(session)
        answers = session.answers
        for question in reversed(here.behind):
            answers = without(answers, [question.id])
            back = session.changed(answers=answers)
            if self.place(back).question is not here.question:  # else it has been settled otherwise since
                return self._here(back)
        return self._command(session, "start")

    # Where it leads

    def _new(self, session: Session) -> Turn:
        if not session.accepted:
            return Turn(session, self._render.screen(cards.home(False, False)), self._say("notice.not-accepted"))
        return self._here(session.changed(answers=(), open=""))

    def _settle(self, session: Session, answers: Answers) -> Turn:
        """Store the answers that hold, and name those that no longer do or no longer make a difference."""
        before, settled = session.answers, session.changed(answers=holding(answers, self._guideline), open="")
        gone = dropped(before, settled.answers)
        resting = idle(before, self.place(session).found, self.place(settled).found) - gone
        said = self._names(gone, session, "notice.dropped"), self._names(resting, session, "notice.idle")
        notice, here = " ".join(filter(None, said)), self.place(settled)
        left = cards.left_to_add(session.open, before, settled.answers, here.found) if here.question is None else None
        return Turn(settled, self._render.screen(left), notice) if left else self._here(settled, notice)

    def _names(self, lines: set[str], session: Session, notice: str) -> str:
        """The notice that names these lines of the session's answers, or empty."""
        return self._say(notice, named(lines, session.answers, self._render.labels)) if lines else ""

    def _here(self, session: Session, notice: str = "") -> Turn:
        """The screen that belongs to the session as it stands."""
        if not session.accepted or session.open == HOME:
            view = cards.home(session.accepted, bool(session.answers))
        else:
            here = self.place(session)
            view = self._question_view(session, here) if here.question else cards.result(self._evidence, here.found)
        said = self._say(notice) if notice.startswith("notice.") else notice
        return Turn(session, self._render.screen(view), said)

    def _question_view(self, session: Session, here: Place, *, classify: bool = False) -> View:
        question = QUESTIONS["pattern"] if classify or not here.question else here.question
        lines = self._lines(session, here, question)
        opened = bool(session.open)
        return cards.question(question, session.answers, here.found, lines, opened=opened, classify=classify)

    def _lines(self, session: Session, here: Place, question: Question) -> list[str]:
        """The lines of the question that are on the screen."""
        lines = shown(question, session.answers, here.found)
        return lines or [line.id for line in question.lines] if session.open else lines

    def _page(self, session: Session, name: str) -> Turn:
        return Turn(session, self._render.screen(cards.page(name, session.accepted, self._evidence.stamp.doi)))

    def _say(self, path: str, filling: str = "") -> str:
        return self._render.labels(path, filling)
