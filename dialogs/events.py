"""What can happen in a conversation, and what its fixed pages have to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Command:
    """`/name argument`, without the slash."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a current button, by its action."""

    action: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Text that was typed. It is read, and kept nowhere. early: typed before the screen that is open was there."""

    text: str
    early: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The option of the practice question's poll that was taken, by its place from 0."""

    option: int


@dataclass(frozen=True, slots=True)
class About:
    """What the pages tell of this bot. retention_hours: how long an idle case is kept. today: the day against which the
    age of a note is measured; None: the day on which the sources of this content were last checked. reports_to_owner:
    whether the owner gets what readers report; otherwise the log does."""

    retention_hours: int = 24
    owner_contact: str = ""
    today: date | None = None
    reports_to_owner: bool = False
