"""The events of a conversation, and the settings that its pages mention."""

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
    """Text that was typed; it is not stored. early: typed before the present screen was shown."""

    text: str
    early: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The option that was chosen in the practice question's poll, from 0."""

    option: int


@dataclass(frozen=True, slots=True)
class About:
    """What the pages say about this bot.

    retention_hours: after how many hours without a message a case is deleted. owner_contact: may be empty. today: the
    day at which the age of a note is measured; None: the day on which the sources of this content were last checked.
    reports_to_owner: whether problem reports go to the owner; otherwise they go to the log.
    """

    retention_hours: int = 24
    owner_contact: str = ""
    today: date | None = None
    reports_to_owner: bool = False
