"""The crowd at full size: real processes, killed again and again. What it found wrong ends the benchmark."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from bot.app import build_application
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.support.crowd.account import Account, Plan
from tests.support.crowd.crowd import by_polling, by_webhook
from tests.support.crowd.person import Habits
from tests.support.postgres import Postgres
from tests.support.telegram import FakeTelegram
from tests.support.user import User

PEOPLE = 500
POLLED = 150
"""With more, one process falls behind."""

WITHIN = 900.0  # seconds, after which something hangs
DOWN = 6.0  # seconds without a database, which is longer than a worker waits for it
WAY = ("I am a clinician", "G2", "II: ", "All met", "No carcinoid", "No, two")


async def in_process(folder: Path) -> float:
    """Seconds of the processor for one step of one person in this process, with SQLite and no network."""
    telegram, settings = Telegram(), Settings(bot_token="1:phone")
    store = SessionStore(engine_for(f"sqlite:///{folder / 'yardstick.sqlite3'}", 24), Seal(settings.bot_token))
    application = build_application(settings, Conversation(), store, FakeTelegram(telegram))
    await store.open()
    async with application:
        started = time.process_time()  # the clock would count what the bot waits so as not to flood Telegram
        for chat in range(1, 21):
            user = User(application, telegram, chat)
            await user.start()
            for caption in WAY:
                await user.tap(caption)
        spent = time.process_time() - started
    await store.close()
    return spent / (20 * (len(WAY) + 1))


async def workers(plan: Plan, folder: Path) -> Account:
    """Three workers behind a webhook, on a PostgreSQL that is restarted once."""
    postgres = await asyncio.to_thread(Postgres)
    try:
        with postgres.database() as url:
            account = await by_webhook(plan, folder, url, lambda: postgres.restart(down=DOWN))
    finally:
        postgres.close()
    left = account.heals, account.spinning, account.pending
    if any(left):
        account.faults.append("{} taps made again, {} never answered, {} updates never taken".format(*left))
    return account


def told(name: str, account: Account, yardstick: float) -> None:
    """Print what came of it. Raises SystemExit where something is wrong."""
    print(f"{name}: {account.people} people, {account.steps} steps, {account.kills} kills (seed {account.seed})")
    print(f"{account.seconds / account.steps / yardstick:10.1f} × an in-process step, for each step")
    print(f"{account.heals / account.steps:10.3f} times done again because nothing came, for each step")
    print(f"{account.stale / account.steps:10.3f} screens that asked what had been answered, for each step")
    if taken := account.dealt.pop("taken", 0):
        for what, count in account.dealt.most_common():
            print(f"{count / taken:10.3f} {what} for each update")
    if account.faults:
        raise SystemExit("\n\n".join(account.faults[:10]))


async def crowd() -> None:
    """Measure and print."""
    seed = secrets.randbelow(10_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yardstick = await in_process(folder)
        plan = Plan(PEOPLE, seed, kill_every=3.0, within=WITHIN, habits=Habits(pause=5.0))
        told("three workers, PostgreSQL", await workers(plan, folder), yardstick)
        plan = Plan(POLLED, seed, kill_every=5.0, within=WITHIN, habits=Habits(pause=8.0))
        url = f"sqlite:///{folder / 'cases.sqlite3'}"
        told("one process that polls, SQLite", await by_polling(plan, folder, url), yardstick)


if __name__ == "__main__":
    asyncio.run(crowd())
