"""Taps to measure with (`python -m bench.ways COUNT`): sessions before a tap and what is tapped, by walking at random.

In a process of its own, so that nothing that is measured later has seen these screens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random
from typing import NamedTuple

from dialogs.conversation import Command, Conversation, Tap
from dialogs.session import Session
from dialogs.view import Show

COMMON = (
    ("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.why", "now"),
    ("begin", "a.grade.G3", "a.differentiation.unknown"),
    ("begin", "a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no", "go.changes", "now"),
    ("begin", "a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.newer", "now"),
)
"""What most people do, by the actions of the buttons."""


class Step(NamedTuple):
    """A session as JSON, its screen (text, and captions with actions in rows), and the action that is tapped."""

    session: str
    text: str
    rows: list[list[tuple[str, str]]]
    action: str


Way = list[Step]

_LEFT_ALONE = ("new", "home", "forget", "look", "about", "back", "practice")
"""Actions, by their first word, that leave the case."""


def never_shown(count: int, seed: int = 1) -> Way:
    """So many taps, each of which leads to a screen that no other of them has shown."""
    conversation, random = Conversation(), Random(seed)
    found: Way = []
    seen: set[str] = set()
    while len(found) < count:
        turn = shown(conversation, None, Command("start"))
        turn = shown(conversation, turn.session, Tap("begin"))
        for _ in range(60):
            actions = [b.action for row in turn.screen.rows for b in row if b.action]
            onward = [action for action in actions if action.partition(".")[0] not in _LEFT_ALONE]
            if not onward:
                break
            step = _step(turn, random.choice(onward))
            after = conversation.respond(turn.session, Tap(step.action))
            if not isinstance(after, Show) or after.attachments:
                continue  # it sends a picture or a file
            turn = after
            if turn.screen.text not in seen:
                seen.add(turn.screen.text)
                found.append(step)
    return found[:count]


def common() -> list[Way]:
    """The common paths, tap by tap. Raises AssertionError where a tap of them is on no screen any more."""
    conversation, ways = Conversation(), []
    for path in COMMON:
        turn = shown(conversation, None, Command("start"))
        way: Way = []
        for action in path:
            there = [button.action for row in turn.screen.rows for button in row]
            assert action in there, f"{action} is not among {there}"
            way.append(_step(turn, action))
            turn = shown(conversation, turn.session, Tap(action))
        ways.append(way)
    return ways


def in_another_process(count: int = 0) -> tuple[Way, list[Way]]:
    """So many taps to screens never shown, and the common paths."""
    out = subprocess.run([sys.executable, "-m", "bench.ways", str(count)], capture_output=True, check=True).stdout
    fresh, paths = json.loads(out)
    return [Step(*step) for step in fresh], [[Step(*step) for step in way] for way in paths]


def shown(conversation: Conversation, session: Session | None, event: Command | Tap) -> Show:
    """The turn of an event that is answered with a screen."""
    turn = conversation.respond(session, event)
    assert isinstance(turn, Show)
    return turn


def _step(turn: Show, action: str) -> Step:
    rows = [[(button.caption, button.action) for button in row] for row in turn.screen.rows]
    return Step(turn.session.to_json(), turn.screen.text, rows, action)


if __name__ == "__main__":
    print(json.dumps([never_shown(int(sys.argv[1])), common()]))
