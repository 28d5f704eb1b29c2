"""The rows of buttons that a person meets: on the way, at results, and in every room behind them."""

from __future__ import annotations

from random import Random

from dialogs.conversation import COMMANDS, Conversation
from dialogs.view import Screen
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk, begun, random_way

Row = tuple[str, ...]
"""The captions of a row."""

_ELSEWHERE = ("report", "forget", "new", "home", "begin", "a.", "t.", "all.", "pic.", "use", "anew", "fill", "swap")


def rows_of(conversation: Conversation, cases: int, ways: int) -> dict[Row, str]:
    """Every row met, with the first line of a screen that has it. cases: of each headline, with all that looking around
    shows behind it. ways: from the start, taken at random."""
    found: dict[Row, str] = {}

    def note(screen: Screen) -> None:
        for row in screen.rows:
            found.setdefault(tuple(button.caption for button in row), screen.text.partition("\n")[0])

    for session in (None, begun(conversation).taps("a.grade.G2").session):
        for command in COMMANDS:
            note(Talk(conversation, session).says(command).screen)
    for headline in HEADLINES:
        for answers, _ in telling(headline, cases):
            for screen in looked_around(Talk(conversation, session_of(answers))):
                note(screen)
    random = Random(5)
    for _ in range(ways):
        for step in random_way(conversation, random):
            note(step.screen)
            if step.place.question:
                note(Talk(conversation, step.session).forges("back").screen)
    return found


def looked_around(talk: Talk) -> list[Screen]:
    """The screen, and those that its buttons and theirs lead to without answering anything."""
    waiting, met, screens = [talk], set[str](), []
    while waiting:
        here = waiting.pop()
        screens.append(here.screen)
        for action in here.actions:
            if action not in met and not action.startswith(_ELSEWHERE):
                met.add(action)
                waiting.append(Talk(here.conversation, here.session).forges(action))
    return screens
