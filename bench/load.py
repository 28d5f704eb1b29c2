"""A thousand people over HTTP: how many taps a second, how long they wait, and how long beside somebody who floods."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
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
_SATURATED = 8.0  # seconds
_CALM = 25.0  # seconds
_PAUSE = 80.0  # seconds at most between two taps of one person: together 25 taps a second; Telegram allows 30 messages
_FEW = 30
_FEW_PAUSE = 4.0  # seconds at most: together 15 taps a second, so that the flood does not meet Telegram's own limit
_FLOOD = 20  # updates a second
_TAPS = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.more", "new")
_LONGEST = 60.0  # seconds


@dataclass(slots=True)
class Waits:
    """The waits of taps for their screens, in seconds, and the time in which all of them were made."""

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
        full = await _measured(webhook=webhook, people=PEOPLE, pause=0.0, during=_SATURATED, unpaced=True)
        found.append(Row(f"{PEOPLE:,} people without a pause, {name}, SQLite", full.per_second, "taps/s"))
        calm = await _measured(webhook=webhook, people=PEOPLE, pause=_PAUSE, during=_CALM)
        found.append(Row(f"{PEOPLE:,} people, {calm.per_second:.0f} taps a second, {name}: median", calm.of(50), "ms"))
        found.append(Row("the same: 99 of 100 within", calm.of(99), "ms"))
    postgres = await asyncio.to_thread(Postgres)
    try:
        for workers in (1, 2, 3):
            with postgres.database() as url:
                many = await _measured(
                    webhook=True, people=PEOPLE, pause=0.0, during=_SATURATED, unpaced=True, workers=workers, url=url
                )
            told = f"{PEOPLE:,} people without a pause, {workers} worker{'s' * (workers > 1)}, PostgreSQL"
            found.append(Row(told, many.per_second, "taps/s"))
    finally:
        await asyncio.to_thread(postgres.close)
    alone = await _measured(people=_FEW, pause=_FEW_PAUSE, during=_SATURATED)
    beside = await _measured(people=_FEW, pause=_FEW_PAUSE, during=_SATURATED, flooding=True)
    found.append(Row(f"{_FEW} people, 99 of 100 taps within", alone.of(99), "ms"))
    found.append(Row(f"the same while another sends {_FLOOD} updates a second", beside.of(99), "ms"))
    return found


async def _measured(
    *,
    people: int,
    pause: float,
    during: float,
    webhook: bool = False,
    unpaced: bool = False,
    workers: int = 1,
    url: str = "sqlite:///cases.sqlite3",
    flooding: bool = False,
) -> Waits:
    """The waits of so many people who tap for `during` seconds, each with a pause of up to `pause` between taps."""
    telegram, random, waits = Telegram(), Random(1), Waits()
    with tempfile.TemporaryDirectory() as name:
        async with served(telegram) as api:
            environment = {"BOT_TOKEN": telegram.token, "BOT_API_URL": api, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
            if webhook:
                environment["WEBHOOK_URL"] = "http://anything.local/hook"
            module = "bench.unpaced" if unpaced else "bot"
            fleet = Fleet(workers, Path(name), environment, listen=webhook, module=module)
            async with fleet.running(), _delivering(telegram, fleet, random, webhook):
                watch = Watch(telegram)
                walking = [_Person(telegram, watch, chat, random, pause, waits) for chat in range(1000, 1000 + people)]
                await asyncio.gather(*(person.begins() for person in walking))
                waits.seconds.clear()
                began = time.perf_counter()
                tasks = [asyncio.create_task(person.walks()) for person in walking]
                if flooding:
                    tasks.append(asyncio.create_task(_floods(telegram)))
                done, _ = await asyncio.wait(tasks, timeout=during, return_when=asyncio.FIRST_EXCEPTION)
                waits.during = time.perf_counter() - began
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                for task in done:
                    task.result()
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
    """Somebody who walks the same case again and again."""

    def __init__(
        self, telegram: Telegram, watch: Watch, chat_id: int, random: Random, pause: float, waits: Waits
    ) -> None:
        self._telegram, self._watch, self._random = telegram, watch, random
        self._chat, self._pause, self._waits = telegram.phones.chat(chat_id), pause, waits

    async def begins(self) -> None:
        """From /start to the first question."""
        await self._do(lambda: self._telegram.phones.say(self._chat.id, "/start"))
        await self._do(lambda: self._tap("begin"))

    async def walks(self) -> None:
        """Tap on and on."""
        while True:
            for action in _TAPS:
                await asyncio.sleep(self._random.random() * self._pause)
                began = time.perf_counter()
                await self._do(lambda action=action: self._tap(action))
                self._waits.seconds.append(time.perf_counter() - began)

    async def _do(self, deed: object) -> None:
        before = self._shown()
        assert callable(deed)
        deed()
        async with asyncio.timeout(_LONGEST):
            await self._watch.sees(self._chat, lambda: self._shown() != before)

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
