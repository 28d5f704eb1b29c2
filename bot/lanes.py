"""One lane per chat: in a chat updates are handled in order, across chats at the same time.

A lane takes CAP updates, the running one included. Without that cap the queued updates of one hasty chat would hold
all slots, and everybody else would wait for it. What is refused is the newest tap, which would be stale by then; a
webhook gets it again. And a chat has a pace: what comes faster than any person taps is dropped for good.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import metrics
from bot.logs import chat_name
from bot.unfinished import Unfinished

CAP = 8
SLOTS = 256
PACE = 40
"""Updates of one chat within PACE_SECONDS."""
PACE_SECONDS = 10.0

_log = logging.getLogger(__name__)


class _Lane:
    """The updates of one chat that are running or waiting."""

    __slots__ = ("count", "lock")

    def __init__(self) -> None:
        self.count = 0
        self.lock = asyncio.Lock()  # wakes its waiters in the order in which they came


class Lanes(BaseUpdateProcessor):
    """The update processor of the application. Handlers must not be registered with block=False."""

    __slots__ = ("_lanes", "_paces", "_unfinished", "refused")

    def __init__(self, unfinished: Unfinished | None = None) -> None:
        super().__init__(max_concurrent_updates=SLOTS)
        self._lanes: dict[int, _Lane] = {}
        self._paces: dict[int, AsyncLimiter] = {}
        self._unfinished = unfinished
        self.refused = 0

    def __len__(self) -> int:
        """How many chats have an update running or waiting."""
        return len(self._lanes)

    async def do_process_update(self, update: object, coroutine: Coroutine[Any, Any, Any]) -> None:  # type: ignore[override]
        """Await coroutine when the lane of its chat is free, or close it when that lane is full."""
        key = _key(update)
        if key is None:
            await coroutine
            return
        if not await self._keeps_pace(key):
            self._refuse(key, coroutine, "too-fast")
            return
        lane = self._lanes.setdefault(key, _Lane())
        if lane.count >= CAP:
            if self._unfinished is not None and isinstance(update, Update):
                self._unfinished.add(update.update_id)
            self._refuse(key, coroutine, "too-many-at-once")
            return
        lane.count += 1
        try:
            async with lane.lock:
                await coroutine
        finally:
            lane.count -= 1
            if not lane.count:
                del self._lanes[key]

    async def _keeps_pace(self, key: int) -> bool:
        pace = self._paces.setdefault(key, AsyncLimiter(PACE, PACE_SECONDS))
        if not pace.has_capacity():
            return False
        await pace.acquire()
        if len(self._paces) > SLOTS:
            self._paces = {chat: kept for chat, kept in self._paces.items() if not kept.has_capacity(PACE)}
        return True

    def _refuse(self, key: int, coroutine: Coroutine[Any, Any, Any], reason: str) -> None:
        coroutine.close()
        self.refused += 1
        metrics.refusals.labels(reason).inc()
        _log.warning("chat %s: an update is refused, %s", chat_name(key), reason)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _key(update: object) -> int | None:
    if not isinstance(update, Update):
        return None
    owner = update.effective_chat or update.effective_user
    return owner.id if owner else None
