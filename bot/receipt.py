"""What has become of an update so far: whoever brought it decides by that whether Telegram may forget it."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

PATIENCE = 120.0
"""Seconds for which a screen is tried again where nobody waits for the update's receipt."""


class Receipt:
    """stored: its effect is in the database. again: it had no effect, or its screen did not arrive, through no fault
    of its own; it has to be dealt with again. until: the loop's time up to which calls to Telegram are tried again.
    """

    __slots__ = ("again", "stored", "until")

    def __init__(self, patience: float = PATIENCE) -> None:
        self.stored = False
        self.again = False
        self.until = asyncio.get_running_loop().time() + patience


_current: ContextVar[Receipt] = ContextVar("receipt")


def begin(patience: float = PATIENCE) -> Receipt:
    """A new receipt, for the update that this task deals with from here on."""
    receipt = Receipt(patience)
    _current.set(receipt)
    return receipt


def current() -> Receipt:
    """The receipt of the update that this task deals with; one for nobody where none was begun."""
    return _current.get(None) or Receipt()
