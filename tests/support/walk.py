"""Going through the conversation: as a person does, tap by tap, and by every way there is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random

from dialogs.actions import Copy, Link, encode
from dialogs.answers import closed, given
from dialogs.conversation import Chosen, Command, Conversation, Tap, Typed
from dialogs.place import Place
from dialogs.questions import LINES, QUESTIONS, Stage
from dialogs.render import Renderer
from dialogs.session import Session
from dialogs.view import Button, Forget, Report, Screen, Show, Tell, Turn, View
from guideline import guideline

DECIDING = (
    "grade", "pattern", "fit_for_surgery", "carcinoid_heart_disease", "cure_by_resection", "indication",
    "debulkable_percent", "one_stage_clearance",
)  # fmt: skip
"""What the headline follows from: section 2 of docs/contract.md reads no other fact but through these."""


class Wordless(Renderer):
    """Shows the buttons without words, for walks in which only the way counts."""

    def screen(self, view: View) -> Screen:
        buttons = (
            tuple(Button("" if isinstance(c.action, Copy | Link) else encode(c.action), c.caption) for c in row)
            for row in view.rows
        )
        return Screen(view.template, tuple(buttons))


@cache
def wordless() -> Conversation:
    """The conversation whose screens have the template's name for a text and the captions' ids for captions."""
    conversation = Conversation()
    conversation.steps.renderer = Wordless(guideline().evidence, {})
    return conversation


class Talk:
    """One person's conversation. Only what is on the screen can be tapped.

    turn: the last one. stored: the session as the store has it.
    """

    turn: Turn

    def __init__(self, conversation: Conversation, session: Session | None = None) -> None:
        self.conversation = conversation
        self.stored = self._found = session

    @cached_property
    def screen(self) -> Screen:
        """What the person sees, as a file or a report leaves it; at first that of the session found in the store."""
        return self.conversation.stale(self._found).screen if self._found else Screen("")

    def does(self, event: Command | Tap | Typed | Chosen) -> Talk:
        """Let the conversation answer an event, from the session as it would be read back from the store."""
        kept = self.stored and Session.from_json(self.stored.to_json())
        self.turn = self.conversation.respond(kept, event)
        self.stored = None if isinstance(self.turn, Forget) else self.turn.session
        if isinstance(self.turn, Show | Forget):
            self.screen = self.turn.screen
        return self

    def says(self, command: str) -> Talk:
        return self.does(Command(command))

    def types(self, text: str) -> Talk:
        return self.does(Typed(text))

    def taps(self, *actions: str) -> Talk:
        """Tap these, one after the other. Fails where one is not on the screen."""
        for action in actions:
            assert action in self.actions, f"{action} is not on the screen: {self.text}\n{self.actions}"
            self.does(Tap(action))
        return self

    def uses_what_was_read(self) -> Talk:
        """Tap the first button by which the facts of a typed text are used."""
        return self.taps(next(action for action in self.actions if action.startswith(("only", "use"))))

    def forges(self, action: str) -> Talk:
        """Send a tap on a button that need not be there."""
        return self.does(Tap(action))

    @property
    def session(self) -> Session:
        assert self.stored is not None
        return self.stored

    @property
    def report(self) -> Report | None:
        """What the last turn reports, if it does."""
        return self.turn.report if isinstance(self.turn, Tell) else None

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def notice(self) -> str:
        return self.turn.notice

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.screen.rows for button in row]

    @property
    def actions(self) -> list[str]:
        return [button.action for button in self.buttons if button.action]

    @property
    def place(self) -> Place:
        return self.conversation.place(self.session)

    @property
    def headline(self) -> str:
        return self.place.found.headline


def begun(conversation: Conversation) -> Talk:
    """A talk that stands at the first question."""
    return Talk(conversation).says("start").taps("begin")


@dataclass(frozen=True, slots=True)
class Step:
    """A place on a way through the conversation: the taps that led here, from the first question on."""

    path: tuple[str, ...]
    session: Session
    place: Place
    screen: Screen

    @property
    def asked(self) -> tuple[str, ...]:
        """The lines on the screen that have no answer yet."""
        turning = [b.action[2:] for row in self.screen.rows for b in row if b.action.startswith("t.")]
        question = self.place.question
        lines = turning or ([line.id for line in question.lines] if question and not question.is_checklist else [])
        if question and question.is_checklist and not turning:
            lines = self.place.lines(question)
        return tuple(line for line in lines if given(self.session.answers, line) is None)


OPENINGS = tuple((f"a.grade.{g}", f"a.pattern.{p}") for g in ("G2", "unknown") for p in ("I", "II", "III", "unknown"))
"""Grade and pattern for `every_way`. G1 leads on as G2 does, and counts that leave the grade open as `unknown`."""


def every_way(opening: tuple[str, ...] = ()) -> tuple[Step, ...]:
    """Every place that answering leads to from the first question or from behind the opening, up to the results.

    Places with the same questions closed, the same lines of an open list given, and the same of DECIDING known lead on
    alike, so the way goes on from one of them. Without an opening it ends where the pattern is asked.
    """
    conversation = wordless()
    waiting = deque([_step(opening, begun(conversation).taps(*opening))])
    found: dict[object, Step] = {}
    met = {frozenset(waiting[0].session.answers)}
    while waiting:
        step = waiting.popleft()
        if found.setdefault(_alike(step), step) is not step:
            continue
        if not opening and step.place.stage is Stage.PATTERN:
            continue
        for action in onward(step):
            talk = Talk(conversation, step.session).does(Tap(action))
            answers = frozenset(talk.session.answers)
            if answers not in met:
                met.add(answers)
                waiting.append(_step((*step.path, action), talk))
    return tuple(found.values())


def onward(step: Step) -> list[str]:
    """The taps on the screen that give an answer; a line that has been turned all the way is left alone."""
    actions = [button.action for row in step.screen.rows for button in row]
    answering = [a for a in actions if a.split(".")[0] in ("a", "t", "all")]
    return [a for a in answering if not (a.startswith("t.") and _turned_round(step.session, a[2:]))]


def random_way(conversation: Conversation, random: Random) -> list[Step]:
    """One way from the first question to a result, by answers taken at random."""
    steps = [_step((), begun(conversation))]
    while actions := onward(steps[-1]):
        action = random.choice(actions)
        talk = Talk(conversation, steps[-1].session).does(Tap(action))
        steps.append(_step((*steps[-1].path, action), talk))
    return steps


def _step(path: tuple[str, ...], talk: Talk) -> Step:
    return Step(path, talk.session, talk.place, talk.screen)


def _alike(step: Step) -> object:
    answers, known, question = step.session.answers, step.place.found.known, step.place.question
    done = frozenset(q.id for q in QUESTIONS.values() if closed(answers, q))
    raw = step.place.stage is Stage.GRADE or (question and question.is_checklist)
    here = question.lines if question and question.is_checklist else LINES.values()
    given_here = frozenset(a for a in answers if raw and LINES.get(a[0]) in here)
    return done, given_here, tuple(known.get(fact) for fact in DECIDING), question and question.id


def _turned_round(session: Session, line: str) -> bool:
    return given(session.answers, line) == _last_option(line)


def _last_option(line: str) -> str:
    return (LINES[line].turns or tuple(LINES[line].options))[-1]
