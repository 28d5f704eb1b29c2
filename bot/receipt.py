"""The receipt of an update: it says whether its effect is stored, so that Telegram may forget the update."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

PATIENCE = 120.0
"""Seconds for which sending a screen is tried again while nobody waits for the receipt."""


class Receipt:
    """stored: the update's effect is in the database. again: the update has to be handled again, since Telegram or the
    database could not be reached. until: the loop's time up to which calls to Telegram are tried again. due: done when
    polling or the webhook need not wait any longer.
    """

    __slots__ = ("again", "due", "stored", "until")

    def __init__(self, patience: float = PATIENCE) -> None:
        loop = asyncio.get_running_loop()
        self.stored = False
        self.again = False
        self.until = loop.time() + patience
        self.due: asyncio.Future[None] = loop.create_future()

    def on_its_way(self) -> None:
        """Let nobody wait for the screen if the effect is stored: it is sent as soon as Telegram takes it."""
        if self.stored:
            self.until = asyncio.get_running_loop().time() + PATIENCE
            self.close()

    def close(self) -> None:
        """Let nobody wait any longer."""
        if not self.due.done():
            self.due.set_result(None)


_current: ContextVar[Receipt] = ContextVar("receipt")


def begin(patience: float = PATIENCE) -> Receipt:
    """A new receipt, for the update that this task handles from now on."""
    receipt = Receipt(patience)
    _current.set(receipt)
    return receipt


def current() -> Receipt:
    """The receipt of the update that this task handles; in a task without one, a new one that nobody reads."""
    return _current.get(None) or Receipt()
