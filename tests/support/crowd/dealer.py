"""Brings updates to the webhook as Telegram does: each to some worker, again and again until it is taken."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Coroutine
from itertools import takewhile
from random import Random
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from phone.telegram import Telegram
from tests.support.crowd.fleet import Fleet, Worker
from tests.support.crowd.wire import post

Update: TypeAlias = dict[str, Any]

_PATIENCE = 20.0  # seconds for one answer; then the update is brought to another worker
_SHORTEST, _LONGEST = 0.05, 1.0  # seconds before an update that was not taken is brought again
_LATE = 2.0  # seconds after which a copy of one that was taken comes, at most


class _Lane:
    """One chat's updates, in order. served: somebody brings them. copies: on their way. empty: nothing is.

    held: to be brought once more at the same moment as the next one.
    """

    def __init__(self) -> None:
        self.waiting: deque[Update] = deque()
        self.held: list[Update] = []
        self.served = False
        self.copies = 0
        self.empty = asyncio.Event()

    def look(self) -> None:
        """Say whether it is empty."""
        if self.waiting or self.served or self.copies:
            self.empty.clear()
        else:
            self.empty.set()


class Dealer:
    """Made when the webhook is set. In a chat an update waits until the one before it was taken; but of a double tap
    both may go to two workers at the same moment.

    again: how often an update that was taken is brought once more, later or together with the next one, 0 to 1.
    dealt: how many updates were "taken"; how many of those were brought once more as "copies"; how many double taps
    went to two workers "at once"; and how often one was not taken, by status or error.
    """

    def __init__(self, telegram: Telegram, fleet: Fleet, random: Random, again: float = 0.25) -> None:
        assert telegram.delivery.webhook is not None
        self.dealt: Counter[str] = Counter()
        self._telegram = telegram
        self._fleet = fleet
        self._random = random
        self._again = again
        self._path = urlsplit(telegram.delivery.webhook.url).path
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": telegram.delivery.webhook.secret}
        self._slots = asyncio.Semaphore(telegram.delivery.webhook.connections)
        self._lanes: dict[int, _Lane] = {}
        self._newest = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped: BaseException | None = None
        telegram.phones.on_change.append(self._take)

    async def __aenter__(self) -> Dealer:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._telegram.phones.on_change.remove(self._take)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def gone(self, chat_id: int) -> None:
        """See Post. Raises what has stopped the dealer."""
        if chat_id in self._lanes and not self._stopped:
            await self._lanes[chat_id].empty.wait()
        if self._stopped:
            raise self._stopped

    async def drained(self) -> None:
        """Wait until nothing is on its way any more, copies included. From now on there are no further copies."""
        self._again = 0.0
        for lane in self._lanes.values():
            self._release(lane)
        while self._tasks:
            await asyncio.gather(*self._tasks)
        if self._stopped:
            raise self._stopped

    def _take(self) -> None:
        """Take in what is new. Telegram calls this before anybody else can act, so `gone` knows of it in time."""
        new = list(
            takewhile(lambda update: update["update_id"] > self._newest, reversed(self._telegram.phones.pending))
        )
        for update in reversed(new):
            self._newest = update["update_id"]
            lane = self._lanes.setdefault(chat_of(update), _Lane())
            lane.waiting.append(update)
            lane.look()
            if not lane.served:
                lane.served = True
                self._begin(self._serve(lane))

    async def _serve(self, lane: _Lane) -> None:
        while lane.waiting:
            update = lane.waiting.popleft()
            self._release(lane)
            if lane.waiting and _doubled(update, lane.waiting[0]) and self._random.random() < 0.5:
                self.dealt["at once"] += 1
                one = await self._fleet.any(self._random)
                other = await self._fleet.any(self._random, but=one)
                await asyncio.gather(self._bring(lane, update, one), self._bring(lane, lane.waiting.popleft(), other))
            else:
                await self._bring(lane, update)
        lane.served = False
        lane.look()

    async def _bring(self, lane: _Lane, update: Update, worker: Worker | None = None) -> None:
        await self._insist(update, worker)
        self.dealt["taken"] += 1
        self._telegram.phones.confirm(update["update_id"])
        if self._random.random() < self._again:
            if self._random.random() < 0.5:
                lane.held.append(update)
            else:
                self._begin(self._bring_once_more(lane, update, self._random.random() * _LATE))

    def _release(self, lane: _Lane) -> None:
        for update in lane.held:
            self._begin(self._bring_once_more(lane, update))
        lane.held.clear()

    async def _bring_once_more(self, lane: _Lane, update: Update, later: float = 0.0) -> None:
        await asyncio.sleep(later)
        self.dealt["copies"] += 1
        lane.copies += 1
        lane.look()
        await self._insist(update)
        lane.copies -= 1
        lane.look()

    async def _insist(self, update: Update, worker: Worker | None = None) -> None:
        pause = _SHORTEST
        while not await self._is_taken(update, worker):
            worker = None
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST)

    async def _is_taken(self, update: Update, worker: Worker | None) -> bool:
        async with self._slots:
            worker = worker if worker and worker.ready else await self._fleet.any(self._random)
            try:
                async with asyncio.timeout(_PATIENCE):
                    status = await post(worker.address + self._path, update, self._headers)
            except (OSError, TimeoutError) as error:
                self.dealt[type(error).__name__] += 1
                return False
        if status // 100 != 2:
            self.dealt[str(status)] += 1
        return status // 100 == 2

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._stopped = error
            for lane in self._lanes.values():
                lane.empty.set()  # let nobody wait for what will not come


def chat_of(update: Update) -> int:
    """The chat of a message, of a tap or of an answer to a poll."""
    if "poll_answer" in update:
        return int(update["poll_answer"]["user"]["id"])
    chat = update["message"]["chat"] if "message" in update else update["callback_query"]["message"]["chat"]
    return int(chat["id"])


def _doubled(one: Update, other: Update) -> bool:
    """Whether both are taps on the same button of the same screen."""
    first, second = one.get("callback_query"), other.get("callback_query")
    if first is None or second is None:
        return False
    return bool(first["data"] == second["data"] and first["message"]["message_id"] == second["message"]["message_id"])
