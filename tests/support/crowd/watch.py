"""Waiting: for one chat among many to change, and for what nobody tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.phone.telegram import Telegram

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
        self._telegram = telegram
        self._waiting: dict[int, _Waiting] = {}
        telegram.on_change.append(self._look)

    async def sees(self, chat_id: int, holds: Callable[[], bool]) -> None:
        """Wait until it holds for the chat, be it for a moment only. One at a time for each chat."""
        waiting = self._waiting[chat_id] = _Waiting(-1, holds, asyncio.Event())
        try:
            self._look()
            await waiting.event.wait()
        finally:
            if self._waiting.get(chat_id) is waiting:
                del self._waiting[chat_id]

    def _look(self) -> None:
        for chat_id, waiting in self._waiting.items():
            version = self._telegram.chat(chat_id).version
            if waiting.version != version:
                waiting.version = version
                if waiting.holds():
                    waiting.event.set()


@dataclass(slots=True)
class _Waiting:
    """version: of the chat when it was looked at last."""

    version: int
    holds: Callable[[], bool]
    event: asyncio.Event
