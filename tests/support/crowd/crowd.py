"""A crowd walks through its cases while workers are killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from random import Random

from bot.store import Seal, SessionStore, engine_for
from phone.telegram import Telegram
from tests.support.crowd.account import Account, Plan
from tests.support.crowd.dealer import Dealer, chat_of
from tests.support.crowd.fleet import Fleet
from tests.support.crowd.hand import Hand, Post
from tests.support.crowd.person import Person
from tests.support.crowd.watch import Watch, until
from tests.support.phone import served

_FIRST_CHAT = 1000
_STEPS_BETWEEN = 100
"""As many steps as there are people, but at most these, lie between two kills."""

Restart = Callable[[], Awaitable[None]]


async def by_webhook(plan: Plan, folder: Path, url: str, restart: Restart, workers: int = 3) -> Account:
    """Workers behind a webhook. url: of the database, which `restart` restarts. folder: for what the workers write."""
    crowd = _Crowd(plan)
    async with crowd.meets(url) as environment:
        hook = {"WEBHOOK_URL": "http://anything.local/hook"}
        fleet = Fleet(workers, folder, environment | hook)
        async with fleet.running():
            await fleet.all_ready()
            async with Dealer(crowd.telegram, fleet, crowd.random) as dealer:
                crowd.account.dealt = dealer.dealt
                await crowd.walks(dealer, fleet, restart)
                await fleet.all_ready()
                await dealer.drained()
                await crowd.settles()
                await dealer.drained()
    return await crowd.judged(url)


async def by_polling(plan: Plan, folder: Path, url: str) -> Account:
    """One process that polls."""
    crowd = _Crowd(plan)
    async with crowd.meets(url) as environment:
        fleet = Fleet(1, folder, environment, listen=False)
        async with fleet.running():
            await crowd.walks(Confirmed(crowd.telegram), fleet)
            await crowd.settles()
            await until(lambda: not crowd.telegram.phones.pending)
    return await crowd.judged(url)


class Confirmed:
    """What is confirmed to Telegram has had its effect."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def gone(self, chat_id: int) -> None:
        """See Post."""
        await until(lambda: chat_id not in map(chat_of, self._telegram.phones.pending))


class _Crowd:
    def __init__(self, plan: Plan) -> None:
        self.telegram = Telegram()
        self.random = Random(plan.seed)
        self.account = Account(plan.seed, plan.people)
        self.people: list[Person] = []
        self._plan = plan

    @contextlib.asynccontextmanager
    async def meets(self, url: str) -> AsyncIterator[dict[str, str]]:
        """Telegram is served meanwhile, as long as the plan allows; the environment of a worker."""
        try:
            async with asyncio.timeout(self._plan.within), served(self.telegram) as api:
                yield {"BOT_TOKEN": self.telegram.token, "BOT_API_URL": api, "DATABASE_URL": url}
        except TimeoutError:
            self.account.faults.append(f"seed {self._plan.seed}: given up after {self._plan.within} s")

    async def walks(self, post: Post, fleet: Fleet, restart: Restart | None = None) -> None:
        """Everybody walks, half of them from the beginning and half from the first trouble on."""
        watch = Watch(self.telegram)
        for chat_id in range(_FIRST_CHAT, _FIRST_CHAT + self._plan.people):
            own = Random(self.random.random())
            hand = Hand(self.telegram, watch, post, chat_id, own, self._plan.habits.twice)
            self.people.append(Person(hand, own, self._plan.habits))
        began, trouble_began = time.perf_counter(), asyncio.Event()

        async def walk(person: Person) -> None:
            with _noting(person):
                if person.hand.chat_id % 2:
                    await trouble_began.wait()
                await person.walk()

        trouble = asyncio.create_task(self._trouble(fleet, restart, trouble_began))
        walking = asyncio.gather(*(walk(person) for person in self.people))
        try:
            await asyncio.wait((trouble, walking), return_when=asyncio.FIRST_COMPLETED)
            if trouble.done():
                trouble.result()
            await walking
        finally:
            walking.cancel()
            trouble.cancel()
            await asyncio.gather(walking, trouble, return_exceptions=True)
            self.account.seconds = time.perf_counter() - began
            self.account.kills = fleet.kills

    async def settles(self) -> None:
        """Everybody goes back to the result, where something delivered late has shown something else."""
        for person in self.people:
            with _noting(person):
                await person.settle()

    async def judged(self, url: str) -> Account:
        """The account, with what every screen shows and the database at `url` keeps."""
        store = SessionStore(engine_for(url, retention_hours=24), Seal(self.telegram.token))
        await store.open()
        try:
            await self.account.judge(self.telegram, self.people, store)
        finally:
            await store.close()
        return self.account

    async def _trouble(self, fleet: Fleet, restart: Restart | None, began: asyncio.Event) -> None:
        """Kill one process after the other, and restart the database once."""
        while True:
            before = self._steps()
            await asyncio.sleep(self._plan.kill_every * (0.5 + self.random.random()))
            if began.is_set():  # on a slow machine, too, people get somewhere between two kills
                await self._further(before + min(len(self.people), _STEPS_BETWEEN))
            fleet.check()
            await fleet.kill_one(self.random)
            began.set()
            if restart and not self.account.restarts:
                self.account.restarts += 1
                await restart()

    async def _further(self, steps: int) -> None:
        await until(lambda: self._steps() > steps)

    def _steps(self) -> int:
        return sum(person.hand.steps for person in self.people)


@contextlib.contextmanager
def _noting(person: Person) -> Iterator[None]:
    """What stops a person is a fault, and stops nobody else."""
    try:
        yield
    except asyncio.CancelledError:
        person.faults.append("is still on the way when it is given up")
        raise
    except (AssertionError, LookupError, RuntimeError) as error:
        person.faults.append(f"{type(error).__name__}: {error}")
