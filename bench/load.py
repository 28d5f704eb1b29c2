"""A thousand people over HTTP: how many taps a second, how long they wait, and how long beside somebody who floods."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import quantiles

from bench.measure import Row
from phone.telegram import Telegram
from tests.support.crowd.dealer import Dealer
from tests.support.crowd.fleet import Fleet
from tests.support.crowd.watch import Watch
from tests.support.phone import served
from tests.support.postgres import Postgres

PEOPLE = 1_000
_PAUSE = 80.0  # seconds at most between two taps of one person: together 25 taps a second; Telegram allows 30 messages
_CALM = 25.0  # seconds
_PEOPLE_OF_WORKERS = 300  # enough that every worker always has something to do
_FEW = 30
_FEW_PAUSE = 4.0  # seconds at most: together 15 taps a second, so that the flood does not meet Telegram's own limit
_FEW_CALM = 8.0  # seconds
_FLOOD = 20  # updates a second
_FIRST_TAPS = ("begin", "a.grade.G2", "a.pattern.II")  # behind /start
_TAPS = ("all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.more", "new", *_FIRST_TAPS[1:])
_LONGEST = 300.0  # seconds


@dataclass(slots=True)
class Waits:
    """The waits of taps for their screens, and the time in which all of them were made, in seconds."""

    seconds: list[float] = field(default_factory=list)
    during: float = 0.0

    @property
    def per_second(self) -> float:
        """Taps that were answered in a second."""
        return len(self.seconds) / self.during

    def of(self, percent: int) -> float:
        """The wait within which so many percent were answered, in ms."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1e3


async def rows() -> list[Row]:
    """The rows of the table."""
    found: list[Row] = []
    for name, webhook in (("polling", False), ("webhook", True)):
        at_once, calm = await _measured(PEOPLE, _PAUSE, _CALM, webhook=webhook)
        found.append(Row(f"{PEOPLE:,} people at once, {name}, SQLite", at_once.per_second, "taps/s"))
        found.append(Row(f"{PEOPLE:,} people, {calm.per_second:.0f} taps a second, {name}: median", calm.of(50), "ms"))
        found.append(Row("the same: 99 of 100 within", calm.of(99), "ms"))
    postgres = await asyncio.to_thread(Postgres)
    try:
        for workers in (1, 2, 3):
            with postgres.database() as url:
                at_once, _ = await _measured(_PEOPLE_OF_WORKERS, webhook=True, workers=workers, url=url)
            told = f"{_PEOPLE_OF_WORKERS} people at once, {workers} worker{'s' * (workers > 1)}, PostgreSQL"
            found.append(Row(told, at_once.per_second, "taps/s"))
    finally:
        await asyncio.to_thread(postgres.close)
    _, alone = await _measured(_FEW, _FEW_PAUSE, _FEW_CALM, module="bot")
    _, beside = await _measured(_FEW, _FEW_PAUSE, _FEW_CALM, module="bot", flooding=True)
    found.append(Row(f"{_FEW} people, 99 of 100 taps within", alone.of(99), "ms"))
    found.append(Row(f"the same while another sends {_FLOOD} updates a second", beside.of(99), "ms"))
    return found


async def _measured(
    people: int,
    pause: float = 0.0,
    during: float = 0.0,
    *,
    webhook: bool = False,
    module: str = "bench.unpaced",
    workers: int = 1,
    url: str = "sqlite:///cases.sqlite3",
    flooding: bool = False,
) -> tuple[Waits, Waits]:
    """The waits while everybody begins at once, as fast as the bot lets them; then of `during` seconds in which they go
    on with pauses of up to `pause` seconds."""
    telegram, random = Telegram(), Random(1)
    with tempfile.TemporaryDirectory() as name:
        async with served(telegram) as api:
            environment = {"BOT_TOKEN": telegram.token, "BOT_API_URL": api, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
            if webhook:
                environment["WEBHOOK_URL"] = "http://anything.local/hook"
            fleet = Fleet(workers, Path(name), environment, listen=webhook, module=module)
            async with fleet.running(), _delivering(telegram, fleet, random, webhook):
                watch = Watch(telegram)
                walking = [_Person(telegram, watch, chat, random) for chat in range(1000, 1000 + people)]
                at_once = await _during([person.begins() for person in walking], walking)
                flood = asyncio.create_task(_floods(telegram)) if flooding else None
                calm = await _during([person.walks(pause, during) for person in walking], walking)
                if flood is not None:
                    flood.cancel()
    return at_once, calm


async def _during(deeds: list[Coroutine[object, object, None]], people: list[_Person]) -> Waits:
    """What everybody waited while they did this."""
    began = time.perf_counter()
    await asyncio.gather(*deeds)
    waits = Waits(during=time.perf_counter() - began)
    for person in people:
        waits.seconds += person.waits
        person.waits.clear()
    return waits


@contextlib.asynccontextmanager
async def _delivering(telegram: Telegram, fleet: Fleet, random: Random, webhook: bool) -> AsyncIterator[None]:
    if not webhook:
        yield
        return
    await fleet.all_ready()
    async with Dealer(telegram, fleet, random, again=0.0):
        yield


async def _floods(telegram: Telegram) -> None:
    while True:
        telegram.phones.say(1, "/start")
        await asyncio.sleep(1 / _FLOOD)


class _Person:
    """Somebody who walks the same case again and again. waits: the seconds of each tap until its screen was there."""

    def __init__(self, telegram: Telegram, watch: Watch, chat_id: int, random: Random) -> None:
        self._telegram, self._watch, self._random = telegram, watch, random
        self._chat = telegram.phones.chat(chat_id)
        self._taps = cycle(_TAPS)
        self.waits: list[float] = []

    async def begins(self) -> None:
        """From /start to the third question."""
        await self._do(lambda: self._telegram.phones.say(self._chat.id, "/start"))
        for action in _FIRST_TAPS:
            await self._do(partial(self._tap, action))

    async def walks(self, pause: float, during: float) -> None:
        """Tap on until so many seconds are over."""
        end = time.perf_counter() + during
        while (wait := self._random.random() * pause) < end - time.perf_counter():
            await asyncio.sleep(wait)
            await self._do(partial(self._tap, next(self._taps)))

    async def _do(self, deed: Callable[[], object]) -> None:
        before, began = self._shown(), time.perf_counter()
        deed()
        async with asyncio.timeout(_LONGEST):
            await self._watch.sees(self._chat, lambda: self._shown() != before)
        self.waits.append(time.perf_counter() - began)

    def _tap(self, action: str) -> None:
        live = self._chat.find(self._chat.live)
        assert live is not None
        for row, buttons in enumerate(live.keyboard):
            for column, button in enumerate(buttons):
                if str(button.get("callback_data", "")).partition(".")[2] == action:
                    self._telegram.phones.tap(self._chat.id, live.id, row, column)
                    return
        raise AssertionError(f"{action} is not on the screen {live.text[:60]!r}")

    def _shown(self) -> object:
        live = self._chat.find(self._chat.live)
        return live and (live.id, live.html, live.keyboard)
