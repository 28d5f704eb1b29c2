"""What the pages behind a result say, for the tests of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from dialogs.actions import Room
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.rooms import behind
from guideline import Assessment, Case, assess, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk

EVIDENCE = guideline().evidence
LABELS = Labels()
WORDS = 350
"""Words of a page at most, before a quotation is opened."""

FOLDED = 24
"""Words of a folded quotation that Telegram shows: its first three lines, of eight words on a phone."""


def unfolded(text: str) -> str:
    """What is read of a message before a quotation is opened."""
    plain, entities = parse_html(text)
    kept = plain.encode("utf-16-le")
    folded = [e for e in entities if e["type"] == "expandable_blockquote"]
    for entity in sorted(folded, key=lambda entity: -entity["offset"]):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        beginning = " ".join(kept[start:end].decode("utf-16-le").split()[:FOLDED])
        kept = kept[:start] + beginning.encode("utf-16-le") + kept[end:]
    return kept.decode("utf-16-le").replace("\u00a0", " ")


@cache
def cases() -> tuple[tuple[Talk, Assessment], ...]:
    """Eight results of each headline."""
    conversation = Conversation()
    return tuple(
        (Talk(conversation, session_of(answers)), found)
        for headline in HEADLINES
        for answers, found in telling(headline, 8)
    )


def has(talk: Talk, name: str) -> bool:
    """Whether the result has a button to that room, on its card or under More."""
    more = Talk(talk.conversation, talk.session).forges("go.more").actions
    return f"go.{name}" in (*talk.actions, *more)


def rooms(name: str) -> Iterator[tuple[str, Assessment]]:
    """What a room says, unfolded, of each case that has it."""
    for talk, found in cases():
        if has(talk, name):
            yield unfolded(Talk(talk.conversation, talk.session).forges(f"go.{name}").text), found


def numbers(text: str) -> set[str]:
    """The numbers of a text."""
    return set(re.findall(r"\d+(?:\.\d+)*", text))


def room_of(name: str, case: Mapping[str, object], *, folded: bool = False) -> str:
    """What the room behind the result of a case says before a quotation is opened. folded: with what is in them."""
    view = behind(Room(name), EVIDENCE, assess(Case.of(case)), ())
    assert view
    text = wordy().steps.renderer.screen(view).text
    return parse_html(text)[0] if folded else unfolded(text)


@cache
def wordy() -> Conversation:
    """One for all pages that are only read."""
    return Conversation()
