"""What has become of an update so far: whoever brought it decides by that whether Telegram may forget it."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

PATIENCE = 120.0
"""Seconds for which a screen is tried again where nobody waits for the update's receipt."""


class Receipt:
    """stored: its effect is in the database. again: it had no effect, or its screen did not arrive, through no fault
    of its own; it has to be dealt with again. until: the loop's time up to which calls to Telegram are tried again.
    due: done when whoever brought the update need not wait any longer.
    """

    __slots__ = ("again", "due", "stored", "until")

    def __init__(self, patience: float = PATIENCE) -> None:
        loop = asyncio.get_running_loop()
        self.stored = False
        self.again = False
        self.until = loop.time() + patience
        self.due: asyncio.Future[None] = loop.create_future()

    def on_its_way(self) -> None:
        """Nobody need wait for the screen: its effect is stored, and it is shown as soon as Telegram takes it."""
        if self.stored:
            self.until = asyncio.get_running_loop().time() + PATIENCE
            self.close()

    def close(self) -> None:
        """Nobody need wait any longer."""
        if not self.due.done():
            self.due.set_result(None)


_current: ContextVar[Receipt] = ContextVar("receipt")


def begin(patience: float = PATIENCE) -> Receipt:
    """A new receipt, for the update that this task deals with from here on."""
    receipt = Receipt(patience)
    _current.set(receipt)
    return receipt


def current() -> Receipt:
    """The receipt of the update that this task deals with; one for nobody where none was begun."""
    return _current.get(None) or Receipt()
