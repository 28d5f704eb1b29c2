"""Polling that loses nothing: an update is confirmed to Telegram when it is done, not when it is fetched.

getUpdates confirms every update below its offset, so the offset stays at the lowest update that is not done. Later
updates are fetched again meanwhile, and recognised by their numbers. Whatever ends this process, Telegram still has the
updates that are not done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError

from bot import lanes, metrics, receipt
from bot.app import ALLOWED_UPDATES
from bot.reading import number_of, read_update
from bot.receipt import Receipt
from bot.service import App

_LONG_POLL = 30  # seconds; while nothing is under way
_WINDOW = 100  # updates in one answer of getUpdates
_LOOK_AGAIN = 0.25  # seconds between two fetches while updates are under way
_PATIENCE = 10.0  # seconds for an answer beyond the wait that was asked for
_MIN_INTERVAL = 0.02  # seconds between two fetches
_STUCK = 15.0  # seconds after which an update whose screen Telegram does not take may be let go
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 15.0  # seconds before something is tried again
_GIVEN_UP = 600.0  # seconds after which an update is not tried again

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """An update that Telegram must not forget yet. since: the loop's time when it was fetched."""

    update: Update
    since: float
    receipt: Receipt | None = None


class Polling:
    """Brings the updates to an application that is initialized."""

    def __init__(self, application: App) -> None:
        self._application = application
        self._held: dict[int, _Held] = {}  # by number, lowest first
        self._known: set[int] = set()  # the numbers that were in the last answer
        self._next = 0  # the offset when nothing is held
        self._done = asyncio.Event()  # set whenever an update is done
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Fetch updates and have them handled, until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            self._done.clear()
            try:
                updates = await self._fetch(0 if self._held else _LONG_POLL)
            except TelegramError as error:
                await self._application.process_error(None, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            new = self._take(updates)
            if not new and len(updates) >= _WINDOW:
                self._make_room()
            if self._held:
                await self._next_done()

    async def stop(self, within: float) -> None:
        """Wait for the updates under way, at most so many seconds; then confirm those that are done. `run` must have
        ended."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=within)
        for task in list(self._tasks.values()):
            task.cancel()
        try:
            async with asyncio.timeout(1.0):
                await self._fetch(0)
        except (TelegramError, TimeoutError) as error:
            _log.warning("updates that are done could not be confirmed and will come again: %s", type(error).__name__)

    async def _fetch(self, seconds: int) -> list[Any]:
        """The updates from the lowest that is not done, as JSON; this confirms those below it. seconds: how long
        Telegram waits for the first.

        The library's own method would parse all of them every time, and fail for one that it cannot read.
        """
        wanted = {
            "offset": min(self._held, default=self._next),
            "timeout": seconds,
            "allowed_updates": ALLOWED_UPDATES,
        }
        try:  # in lower case, which Telegram takes too: the library warns of `getUpdates` called like this
            updates = await self._application.bot.do_api_request(
                "getupdates", api_kwargs=wanted, read_timeout=seconds + _PATIENCE
            )
        except RecursionError:
            raise NetworkError("an answer that is nested too deep") from None
        if not isinstance(updates, list):
            raise NetworkError("an answer without updates")
        return updates

    def _take(self, updates: list[Any]) -> int:
        """Begin with the new ones. Returns how many there are."""
        before, self._known = self._known, {number for update in updates if (number := number_of(update)) is not None}
        new, now = [update for update in updates if number_of(update) not in before], asyncio.get_running_loop().time()
        for given in new:
            read = read_update(given, self._application.bot)
            if read is None:
                continue
            if read.update is None:
                metrics.refusals.labels("unreadable").inc()
                _log.warning("an update cannot be read and is ignored")
                self._next = read.number + 1
                continue
            self._held[read.number] = held = _Held(read.update, now)
            self._next = read.number + 1
            self._tasks[read.number] = asyncio.create_task(self._work(held))
        return len(new)

    async def _work(self, held: _Held) -> None:
        number = held.update.update_id
        held.receipt = receipt.begin()
        work = self._until_done(held)
        try:
            await self._application.update_processor.process_update(held.update, work)
        except asyncio.CancelledError:  # it stays held, so that Telegram delivers it to the next process
            raise
        except Exception as error:
            _log.error("an update could not be handled", exc_info=error)
        finally:
            work.close()  # it may not have begun
            del self._tasks[number]
        self._held.pop(number, None)
        self._done.set()

    async def _until_done(self, held: _Held) -> None:
        """Handle it, and again while Telegram or the database cannot be reached."""
        pause, loop = _FIRST_PAUSE, asyncio.get_running_loop()
        while True:
            held.receipt = mine = receipt.begin()
            await self._application.process_update(held.update)
            if not mine.again:
                return
            if loop.time() - held.since > _GIVEN_UP:
                _log.warning("an update is given up after %.0f s", _GIVEN_UP)
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _next_done(self) -> None:
        """Wait until an update is done, but at most _LOOK_AGAIN: new ones may have come."""
        await asyncio.sleep(_MIN_INTERVAL)
        try:
            async with asyncio.timeout(_LOOK_AGAIN - _MIN_INTERVAL):
                await self._done.wait()
        except TimeoutError:
            pass

    def _make_room(self) -> None:
        """Let go of updates when the window is full, so that new ones can be fetched: those of a chat that floods, and
        those that are stored and whose screen Telegram does not take. They are lost if this process is killed. The last
        /forget of a chat that floods stays."""
        chats = Counter(lanes.chat_of(held.update) for held in self._held.values())
        wishes = {
            lanes.chat_of(held.update): number for number, held in self._held.items() if lanes.forgets(held.update)
        }
        now = asyncio.get_running_loop().time()
        for number, held in list(self._held.items()):
            stuck = held.receipt is not None and held.receipt.stored and now - held.since > _STUCK
            chat = lanes.chat_of(held.update)
            if stuck or (chats[chat] > lanes.CAP and wishes.get(chat) != number):
                del self._held[number]
