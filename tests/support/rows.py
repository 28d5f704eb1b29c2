"""The rows of buttons that a person meets: on the way, at results and in every room behind them, in what is handed on,
in practice, and in what typing shows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from dialogs.conversation import COMMANDS, Chosen, Command, Conversation
from dialogs.view import Screen
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk, begun, random_way

Row = tuple[str, ...]
"""The captions of a row."""

_LINES = Path(__file__).parents[1] / "cases" / "lines-fresh.toml"

_QUESTIONS = (
    "rfa size limit", "when is a transplant possible", "sutent pnet", "what is the weather", "12",
)  # fmt: skip
"""What is typed besides a case."""

_ELSEWHERE = (
    "report", "forget", "new", "home", "begin", "a.", "t.", "all.", "pic.", "use", "anew", "only", "keep", "with",
    "fill", "so.", "take", "leave", "quiz",
)  # fmt: skip
"""How the actions begin that change something, or lead out of what is looked at."""

_ALIKE = ("look", "found", "near", "note", "about")
"""How the actions begin that show the same whatever the case is."""


def rows_of(conversation: Conversation, cases: int, ways: int) -> dict[Row, str]:
    """Every row met, with the first line of a screen that has it. cases: of each headline, with all that looking around
    shows behind it. ways: from the start, taken at random."""
    found: dict[Row, str] = {}
    for screen in screens(conversation, cases, ways):
        for row in screen.rows:
            found.setdefault(tuple(button.caption for button in row), screen.text.partition("\n")[0])
    return found


def screens(conversation: Conversation, cases: int, ways: int) -> Iterator[Screen]:
    """The screens of these rows, some of them again and again. The conversation has the bot's name: without it nothing
    is sent to another chat."""
    met = set[str]()
    for session in (None, begun(conversation).session, begun(conversation).taps("a.grade.G2").session):
        here = set[str]()
        for command in COMMANDS:
            yield from looked_around(Talk(conversation, session).says(command), here)
        for text in _QUESTIONS:
            yield from looked_around(Talk(conversation, session).types(text), here)
        met |= {action for action in here if action.startswith(_ALIKE)}
    for headline in HEADLINES:
        for answers, _ in telling(headline, cases):
            talk = Talk(conversation, session_of(answers))
            yield from looked_around(talk, set(met))
            yield from _brought(talk)
    random = Random(5)
    for _ in range(ways):
        for step in random_way(conversation, random):
            yield step.screen
            if step.place.question:
                yield Talk(conversation, step.session).forges("back").screen
    yield from _practised(begun(conversation))
    result = session_of(telling("resection-two-step", 1)[0][0])
    for line in tomllib.loads(_LINES.read_text("utf-8"))["line"]:
        for session in (None, begun(conversation).session, result):
            read = Talk(conversation, session).types(line["text"])
            yield read.screen
            for action in [action for action in read.actions if action.startswith("trim")]:
                yield read.forges(action).screen


def _brought(talk: Talk) -> Iterator[Screen]:
    """The case of this talk as a link brings it: to somebody new, to one without a case, and to one with another."""
    shared = Talk(talk.conversation, talk.session).forges("go.share").text
    code = shared.partition("?start=")[2].partition('"')[0]
    for session in (None, begun(talk.conversation).session, begun(talk.conversation).taps("a.grade.G2").session):
        yield Talk(talk.conversation, session).does(Command("start", code)).screen


def _practised(talk: Talk) -> Iterator[Screen]:
    """The menu, and of each topic a question before and after it is answered."""
    menu = talk.says("practice")
    yield menu.screen
    for action in [action for action in menu.actions if action.startswith("quiz.")]:
        asked = Talk(talk.conversation, menu.session).forges(action)
        yield asked.screen
        yield asked.does(Chosen(0)).screen


def looked_around(talk: Talk, met: set[str]) -> Iterator[Screen]:
    """The screen, and those that its buttons and theirs lead to without answering anything. met: the actions that lead
    to what was shown before."""
    waiting = [talk]
    while waiting:
        here = waiting.pop()
        yield here.screen
        for action in here.actions:
            if action not in met and not action.startswith(_ELSEWHERE):
                met.add(action)
                waiting.append(Talk(here.conversation, here.session).forges(action))
