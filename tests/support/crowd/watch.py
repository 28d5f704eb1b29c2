"""Waiting: for one chat among many to change, and for what nobody tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

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
        self._waiting: dict[int, tuple[int, asyncio.Event]] = {}
        telegram.on_change.append(self._look)

    async def beyond(self, chat_id: int, version: int) -> None:
        """Wait until the chat has another version than this. One at a time for each chat."""
        if self._telegram.chat(chat_id).version != version:
            return
        event = asyncio.Event()
        self._waiting[chat_id] = version, event
        try:
            await event.wait()
        finally:
            del self._waiting[chat_id]

    def _look(self) -> None:
        for chat_id, (version, event) in self._waiting.items():
            if self._telegram.chat(chat_id).version != version:
                event.set()
