"""One lane per chat: in a chat updates are handled in order, across chats at the same time.

An update holds its lane until its screen has arrived, or Telegram is slow to take it: then the next one begins, so that
no tap waits for its answer behind another call. The screens of a chat go out one at a time and in order all the same.

A lane takes so many updates, the running one included. Without that cap the queued updates of one hasty chat would hold
all slots, and everybody else would wait for it. What is refused is the newest; with a webhook it is brought again. And
a chat has a pace: what comes faster than any person taps is dropped for good. /forget is never dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from contextvars import ContextVar
from typing import Any

from aiolimiter import AsyncLimiter
from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import commands, metrics, receipt
from bot.logs import chat_name

CAP = 8
"""Updates of a chat that wait in a process which can ask for the rest again."""

BACKLOG = 40
"""The same in a process that polls: it holds what it has fetched."""

SLOW = 0.5
"""Seconds after which an update whose screen is not taken yet lets the next one of its chat begin."""

SLOTS = 256
PACE = 40
"""Updates of one chat within PACE_SECONDS."""
PACE_SECONDS = 10.0

_log = logging.getLogger(__name__)


class _Lane:
    """The updates of one chat that are running or waiting. latest: the place that was last to show a screen. shown: the
    message that a screen was last shown on, or is about to be."""

    __slots__ = ("count", "latest", "lock", "screens", "shown")

    def __init__(self) -> None:
        self.count = 0
        self.lock = asyncio.Lock()  # wakes its waiters in the order in which they came
        self.screens = asyncio.Lock()
        self.latest: Place | None = None
        self.shown: int | None = None


class Place:
    """An update's place in its lane. overtaken: set when a later update of the chat shows a screen of its own."""

    __slots__ = ("_inside", "_lane", "overtaken")

    def __init__(self, lane: _Lane) -> None:
        self._lane = lane
        self._inside = False
        self.overtaken = asyncio.Event()

    async def enter(self) -> None:
        """Wait until the earlier updates of the chat have had their effect. Inside already: nothing."""
        if not self._inside:
            await self._lane.lock.acquire()
            self._inside = True

    def leave(self) -> None:
        """Let the next update of the chat begin. Outside already: nothing."""
        if self._inside:
            self._inside = False
            self._lane.lock.release()

    @property
    def shown(self) -> int | None:
        """The message on which the chat's screen was last shown, or is about to be; None where that is not known."""
        return self._lane.shown

    def shows(self, message_id: int | None) -> None:
        """Note that the chat's screen is shown on that message."""
        self._lane.shown = message_id

    @contextlib.asynccontextmanager
    async def showing(self) -> AsyncIterator[None]:
        """The only one of the chat that shows a screen; the lane is left when that takes long."""
        if self._lane.latest is not None:
            self._lane.latest.overtaken.set()
        self._lane.latest = self
        slow = asyncio.get_running_loop().call_later(SLOW, self.leave)
        try:
            async with self._lane.screens:
                yield
        finally:
            slow.cancel()


_here: ContextVar[Place] = ContextVar("place")


def here() -> Place:
    """The place of the update that this task deals with; one in a lane of its own where it has none."""
    return _here.get(None) or Place(_Lane())


class Lanes(BaseUpdateProcessor):
    """The update processor of the application. Handlers must not be registered with block=False.

    cap: how many updates of one chat may run or wait.
    """

    __slots__ = ("_cap", "_lanes", "_most_paces", "_paces", "refused")

    def __init__(self, cap: int = CAP) -> None:
        super().__init__(max_concurrent_updates=SLOTS)
        self._cap = cap
        self._lanes: dict[int, _Lane] = {}
        self._paces: dict[int, AsyncLimiter] = {}
        self._most_paces = SLOTS
        self.refused = 0

    def __len__(self) -> int:
        """How many chats have an update running or waiting."""
        return len(self._lanes)

    async def do_process_update(self, update: object, coroutine: Coroutine[Any, Any, Any]) -> None:  # type: ignore[override]
        """Await coroutine when the lane of its chat is free, or close it when that lane is full."""
        key = chat_of(update)
        if key is None:
            await coroutine
            return
        always = _forgets(update)
        if not await self._keeps_pace(key) and not always:
            self._refuse(key, coroutine, "too-fast")
            return
        lane = self._lanes.setdefault(key, _Lane())
        if lane.count >= self._cap * (2 if always else 1):
            receipt.current().again = True
            self._refuse(key, coroutine, "too-many-at-once")
            return
        lane.count += 1
        place = Place(lane)
        token = _here.set(place)
        try:
            await place.enter()
            await coroutine
        finally:
            coroutine.close()  # when it was cancelled before it began
            place.leave()
            _here.reset(token)
            lane.count -= 1
            if not lane.count:
                del self._lanes[key]

    async def _keeps_pace(self, key: int) -> bool:
        pace = self._paces.get(key)
        if pace is None:
            pace = self._new_pace(key)
        if not pace.has_capacity():
            return False
        await pace.acquire()
        return True

    def _new_pace(self, key: int) -> AsyncLimiter:
        """The pace of a chat that has none. Those at rest are dropped only once there are twice as many as were not at
        rest the last time, so that the work for it stays the same however many people there are."""
        if len(self._paces) >= self._most_paces:
            self._paces = {chat: kept for chat, kept in self._paces.items() if not kept.has_capacity(PACE)}
            self._most_paces = max(SLOTS, 2 * len(self._paces))
        self._paces[key] = pace = AsyncLimiter(PACE, PACE_SECONDS)
        return pace

    def _refuse(self, key: int, coroutine: Coroutine[Any, Any, Any], reason: str) -> None:
        coroutine.close()
        self.refused += 1
        metrics.refusals.labels(reason).inc()
        _log.warning("chat %s: an update is refused, %s", chat_name(key), reason)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def chat_of(update: object) -> int | None:
    """The id of the chat that an update belongs to, or of the person where there is no chat."""
    if not isinstance(update, Update):
        return None
    owner = update.effective_chat or update.effective_user
    return owner.id if owner else None


def _forgets(update: object) -> bool:
    """Whether somebody asks to be forgotten. More of these than a lane takes follow on one that waits already."""
    message = update.message if isinstance(update, Update) else None
    command = commands.read(message.text) if message else None
    return command is not None and command.name == "forget"
