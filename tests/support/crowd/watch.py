"""Waiting: for one chat among many to change, and for what nobody tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from phone.telegram import Chat, Telegram

_LOOK_AGAIN = 0.05  # seconds


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again, until it holds."""
    while True:
        if holds():
            return
        await asyncio.sleep(_LOOK_AGAIN)


class Watch:
    """Wakes who waits for a chat. One look at all who wait is cheaper than to wake them all at every change."""

    def __init__(self, telegram: Telegram) -> None:
        self._waiting: list[_Waiting] = []
        telegram.phones.on_change.append(self._look)

    async def sees(self, chat: Chat, holds: Callable[[], bool]) -> None:
        """Wait until it holds for the chat, be it for a moment only."""
        waiting = _Waiting(chat, -1, holds, asyncio.Event())
        self._waiting.append(waiting)
        try:
            self._look()
            await waiting.event.wait()
        finally:
            self._waiting.remove(waiting)

    def _look(self) -> None:
        for waiting in self._waiting:
            if waiting.version != waiting.chat.version:
                waiting.version = waiting.chat.version
                if waiting.holds():
                    waiting.event.set()


@dataclass(slots=True, eq=False)
class _Waiting:
    """version: of the chat when it was looked at last."""

    chat: Chat
    version: int
    holds: Callable[[], bool]
    event: asyncio.Event
