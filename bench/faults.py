"""People at their cases while Telegram fails again and again: how long they wait, and that all comes right.

Five of a hundred calls each are answered with 502, with a broken connection, with "too fast" for 1 to 5 s, and 6 s
late. Every tap has to end in the right screen, which is shown once.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles

from bench.measure import Row
from bot.store import Seal, SessionStore, engine_for
from phone.telegram import Failure, Telegram, TelegramError
from tests.support.crowd.account import Account
from tests.support.crowd.crowd import Confirmed
from tests.support.crowd.dealer import Dealer
from tests.support.crowd.fleet import Fleet
from tests.support.crowd.hand import Hand, Post
from tests.support.crowd.person import Habits, Person
from tests.support.crowd.watch import Watch, until
from tests.support.phone import served

PEOPLE = 30
_SECONDS = 300.0
_SHARE = 0.05
_LATE = 6.0  # seconds
_LONGEST = 180.0  # seconds after the last case was begun
_ON_THE_WAY = 60.0  # seconds
_PAUSE = 4.0  # seconds at most between two taps


class Unreliable(Telegram):
    """The stand-in, of whose calls a share fails in each of four ways. failing: whether it does so now."""

    def __init__(self, random: Random, share: float) -> None:
        super().__init__()
        self.failing = False
        self.failed = 0
        self._random = random
        self._share = share

    def failure(self, method: str, params: Mapping[str, object]) -> Failure | None:
        """See Telegram."""
        wait = self._random.randint(1, 5)
        faults: list[Failure] = [
            TelegramError(502, "Bad Gateway"),
            TelegramError(429, f"Too Many Requests: retry after {wait}", wait),
            "drop",
        ]
        which = int(self._random.random() / self._share) if self.failing and self._share else len(faults)
        self.failed += which < len(faults)
        return faults[which] if which < len(faults) else super().failure(method, params)

    def delay(self, method: str, params: Mapping[str, object]) -> float:
        """See Telegram."""
        late = self.failing and self._random.random() < self._share
        self.failed += late
        return _LATE if late else super().delay(method, params)


@dataclass(slots=True)
class Outcome:
    """waits: of taps and texts for their screens, in seconds. failed: how many calls were not answered as they should.

    account: what came of the cases.
    """

    account: Account
    waits: list[float] = field(default_factory=list)
    failed: int = 0

    def of(self, percent: int) -> float:
        """The wait within which so many percent had their screen, in seconds."""
        return quantiles(self.waits, n=100)[percent - 1]


async def cases(*, people: int, seconds: float, share: float, pause: float, seed: int, webhook: bool) -> Outcome:
    """Let so many people walk through one case after the other for so many seconds. Raises TimeoutError where updates
    are left that nobody takes."""
    random = Random(seed)
    telegram, outcome = Unreliable(random, share), Outcome(Account(seed, people))
    done: list[Person] = []
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'cases.sqlite3'}"
        async with asyncio.timeout(seconds + 2 * _LONGEST), served(telegram) as api:
            environment = {"BOT_TOKEN": telegram.token, "BOT_API_URL": api, "DATABASE_URL": url}
            if webhook:
                environment["WEBHOOK_URL"] = "http://anything.local/hook"
            fleet = Fleet(1, Path(name), environment, listen=webhook)
            async with fleet.running():
                if not webhook:
                    await until(lambda: bool(telegram.profile.short_description))
                    done = await _walked(telegram, Confirmed(telegram), random, people, seconds, pause)
                    await until(lambda: not telegram.phones.pending)
                else:
                    await fleet.all_ready()
                    async with Dealer(telegram, fleet, random, again=0.0) as dealer:
                        done = await _walked(telegram, _Patient(dealer), random, people, seconds, pause)
                        await dealer.drained()
        store = SessionStore(engine_for(url, retention_hours=24), Seal(telegram.token))
        await store.open()
        try:
            await outcome.account.judge(telegram, done, store)
        finally:
            await store.close()
    for person in done:
        _look(telegram, person, outcome.account)
        outcome.waits += person.hand.waits_for_screens
    outcome.failed = telegram.failed
    return outcome


class _Patient:
    """Waits a while for a screen of which the webhook has only said that it is on its way."""

    def __init__(self, dealer: Dealer) -> None:
        self._dealer = dealer

    async def gone(self, chat_id: int) -> None:
        """See Post."""
        await self._dealer.gone(chat_id)
        await asyncio.sleep(_ON_THE_WAY)


async def _walked(
    telegram: Unreliable, post: Post, random: Random, people: int, seconds: float, pause: float
) -> list[Person]:
    loop, watch = asyncio.get_running_loop(), Watch(telegram)
    telegram.failing = True
    end, done = loop.time() + seconds, list[Person]()

    async def walk(place: int) -> None:
        while loop.time() < end:
            own, habits = Random(random.random()), Habits(pause)
            hand = Hand(telegram, watch, post, 1000 + len(done) * people + place, own, habits.twice)
            person = Person(hand, own, habits)
            done.append(person)
            try:
                async with asyncio.timeout_at(end + _LONGEST):
                    await person.walk()
                    await person.settle()
            except (AssertionError, LookupError, TimeoutError) as error:
                person.faults.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*(walk(place) for place in range(people)))
    telegram.failing = False
    return done


def _look(telegram: Telegram, person: Person, account: Account) -> None:
    """Every message has one answer, and one of them has buttons: no screen was shown twice, and nothing done again."""
    messages = telegram.phones.chat(person.hand.chat_id).messages
    typed, answers = sum(not m.from_bot for m in messages), [m for m in messages if m.from_bot]
    live = sum(bool(m.keyboard) for m in answers)
    if len(answers) != typed:
        account.faults.append(f"{typed} messages have {len(answers)} answers: {person.hand.taps}")
    elif live > 1:
        account.faults.append(f"{live} messages have buttons: {person.hand.taps}")
    elif person.hand.heals:
        account.faults.append(f"nothing came of what was done: {person.hand.taps}, {person.hand.live}")


async def rows() -> list[Row]:
    """The rows of the table; all four are measured in the same minutes. Raises SystemExit where something did not come
    right."""
    seed = secrets.randbelow(10_000)
    ways = [(share, name) for share in (0.0, _SHARE) for name in ("polling", "webhook")]
    runs = [
        cases(people=PEOPLE, seconds=_SECONDS, share=share, pause=_PAUSE, seed=seed, webhook=name == "webhook")
        for share, name in ways
    ]
    found: list[Row] = []
    for (_, name), outcome in zip(ways, await asyncio.gather(*runs), strict=True):
        account = outcome.account
        if account.pending:
            account.faults.append(f"{account.pending} updates never taken")
        if account.faults:
            raise SystemExit(f"seed {seed}, {name}\n" + "\n\n".join(account.faults[:10]))
        told = f"{PEOPLE} people, {account.steps:,} taps and texts, {name}, {outcome.failed} calls fail"
        found += [Row(f"{told}: median", outcome.of(50), "s"), Row("99 of 100 within", outcome.of(99), "s")]
    return found
