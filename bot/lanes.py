"""One lane per chat: the updates of a chat are handled in order, those of different chats at the same time.

An update holds its lane until its screen has arrived. When Telegram is slow to take the screen, the lane is left early
and the next update begins, so that no tap waits for its answer behind a slow call. The screens of a chat are still sent
one at a time and in order.

A lane has a capacity, the running update included. Without it the queued updates of one chat could take all slots of
the process, and everybody else would wait. Beyond the capacity the newest update is refused; with a webhook Telegram
delivers it again. A chat also has a rate limit: what comes faster than anybody taps is dropped for good. /forget is
never dropped.
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
from dialogs.view import Screen

CAP = 8
"""The capacity of a lane where Telegram delivers a refused update again, as with a webhook."""

BACKLOG = 40
"""The capacity of a lane when polling: the process keeps what it has fetched."""

SLOW = 0.5
"""Seconds after which an update leaves its lane although Telegram has not taken its screen yet."""

SLOTS = 256
"""Updates that are handled at the same time."""

PACE = 40
"""Updates that one chat may send within PACE_SECONDS."""

PACE_SECONDS = 10.0

_log = logging.getLogger(__name__)


class _Lane:
    """The updates of one chat that are running or waiting.

    latest: the entry of the update that was last to show a screen. screen, screen_message: see Entry.
    """

    __slots__ = ("count", "latest", "lock", "screen", "screen_message", "screens")

    def __init__(self) -> None:
        self.count = 0
        self.lock = asyncio.Lock()  # first come, first served
        self.screens = asyncio.Lock()
        self.latest: Entry | None = None
        self.screen_message: int | None = None
        self.screen: tuple[Screen, int] | None = None


class Entry:
    """An update in its lane. overtaken: set when a later update of the chat shows a screen of its own."""

    __slots__ = ("_inside", "_lane", "overtaken")

    def __init__(self, lane: _Lane) -> None:
        self._lane = lane
        self._inside = False
        self.overtaken = asyncio.Event()

    async def enter(self) -> None:
        """Wait until the earlier updates of the chat have left the lane. Does nothing when inside already."""
        if not self._inside:
            await self._lane.lock.acquire()
            self._inside = True

    def leave(self) -> None:
        """Let the next update of the chat begin. Does nothing when outside already."""
        if self._inside:
            self._inside = False
            self._lane.lock.release()

    @property
    def screen_message(self) -> int | None:
        """The id of the message on which the chat's screen was last shown, or is about to be; None where it is not
        known. All entries of a lane share it."""
        return self._lane.screen_message

    @screen_message.setter
    def screen_message(self, message_id: int | None) -> None:
        self._lane.screen_message = message_id

    @property
    def screen(self) -> tuple[Screen, int] | None:
        """The screen that was last shown to the chat, or is about to be, and its revision. All entries of a lane share
        it."""
        return self._lane.screen

    @screen.setter
    def screen(self, screen: tuple[Screen, int]) -> None:
        self._lane.screen = screen

    @contextlib.asynccontextmanager
    async def showing(self) -> AsyncIterator[None]:
        """Inside the block no other update of the chat shows a screen. The lane is left when the block takes long."""
        if self._lane.latest is not None:
            self._lane.latest.overtaken.set()
        self._lane.latest = self
        slow = asyncio.get_running_loop().call_later(SLOW, self.leave)
        try:
            async with self._lane.screens:
                yield
        finally:
            slow.cancel()


_current: ContextVar[Entry] = ContextVar("entry")


def current() -> Entry:
    """The entry of the update that this task handles; in a task without one, an entry in a lane of its own."""
    return _current.get(None) or Entry(_Lane())


class Lanes(BaseUpdateProcessor):
    """The update processor of the application. Handlers must not be registered with block=False.

    cap: the capacity of a lane. refused: how many updates were refused so far.
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
        """The number of chats that have an update running or waiting."""
        return len(self._lanes)

    async def do_process_update(self, update: object, coroutine: Coroutine[Any, Any, Any]) -> None:  # type: ignore[override]
        """Await the coroutine once the lane of its chat is free, or close it when the lane is full."""
        key = chat_of(update)
        if key is None:
            await coroutine
            return
        always = forgets(update)
        if not await self._keeps_pace(key) and not always:
            self._refuse(key, coroutine, "too-fast")
            return
        lane = self._lanes.setdefault(key, _Lane())
        if lane.count >= self._cap * (2 if always else 1):
            receipt.current().again = True
            self._refuse(key, coroutine, "too-many-at-once")
            return
        lane.count += 1
        entry = Entry(lane)
        token = _current.set(entry)
        try:
            await entry.enter()
            await coroutine
        finally:
            coroutine.close()  # it may have been cancelled before it began
            entry.leave()
            _current.reset(token)
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
        """A rate limiter for a chat that has none. Idle limiters are dropped only when their number has doubled since
        the last time, so that the cost for each chat stays the same however many there are."""
        if len(self._paces) >= self._most_paces:
            self._paces = {chat: kept for chat, kept in self._paces.items() if not kept.has_capacity(PACE)}
            self._most_paces = max(SLOTS, 2 * len(self._paces))
        self._paces[key] = pace = AsyncLimiter(PACE, PACE_SECONDS)
        return pace

    def _refuse(self, key: int, coroutine: Coroutine[Any, Any, Any], reason: str) -> None:
        coroutine.close()
        self.refused += 1
        metrics.refusals.labels(reason).inc()
        _log.warning("chat %s: an update was refused, %s", chat_name(key), reason)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def chat_of(update: object) -> int | None:
    """The id of the chat that an update belongs to, or of the person where it has no chat; None for neither."""
    if not isinstance(update, Update):
        return None
    owner = update.effective_chat or update.effective_user
    return owner.id if owner else None


def forgets(update: object) -> bool:
    """Whether the update is a /forget. A lane takes as many of these again as its capacity."""
    message = update.message if isinstance(update, Update) else None
    command = commands.read(message.text) if message else None
    return command is not None and command.name == "forget"
