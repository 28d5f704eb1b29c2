"""Two workers on one PostgreSQL: whatever order things come in, the person has one case and its current screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from telegram import Update

from bot.app import build_application
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.bot.helpers import store_at, stored
from tests.conftest import TOKEN
from tests.support.asked import ASKS_MITOSES, ASKS_PATTERN
from tests.support.telegram import FakeTelegram
from tests.support.user import User

pytestmark = pytest.mark.slow

CHAT = 7001


class SlowTelegram(FakeTelegram):
    """Carries the calls of one worker; those of `slow` arrive when `through` is set."""

    def __init__(self, telegram: Telegram) -> None:
        super().__init__(telegram)
        self.slow = ""
        self.held, self.through = asyncio.Event(), asyncio.Event()

    async def do_request(self, url: str, *given: Any, **named: Any) -> tuple[int, bytes]:
        if self.slow and url.lower().endswith(self.slow.lower()):
            self.held.set()
            await self.through.wait()
        return await super().do_request(url, *given, **named)


class Worker:
    """One worker: its application, its own store, its own way to Telegram."""

    def __init__(self, settings: Settings, conversation: Conversation, telegram: Telegram) -> None:
        self.store = store_at(settings)
        self.way = SlowTelegram(telegram)
        self.application: App = build_application(settings, conversation, self.store, self.way)

    async def takes(self, update: dict[str, Any]) -> None:
        parsed = Update.de_json(update, self.application.bot)
        await self.application.update_processor.process_update(parsed, self.application.process_update(parsed))


@asynccontextmanager
async def two_workers(url: str, conversation: Conversation, telegram: Telegram) -> AsyncIterator[list[Worker]]:
    """Two of them on the database at that address, ready."""
    settings = Settings(bot_token=TOKEN, database_url=url)
    async with AsyncExitStack() as stack:
        workers = [Worker(settings, conversation, telegram) for _ in range(2)]
        for worker in workers:
            await stack.enter_async_context(worker.application)
            await worker.store.open()
            stack.push_async_callback(worker.store.close)
        yield workers


@pytest.fixture
async def workers(postgres_url: str, conversation: Conversation, telegram: Telegram) -> AsyncIterator[list[Worker]]:
    async with two_workers(postgres_url, conversation, telegram) as workers:
        yield workers


@pytest.fixture
def store(workers: list[Worker]) -> SessionStore:
    return workers[0].store


@pytest.fixture
async def user(workers: list[Worker], telegram: Telegram) -> User:
    """Somebody who stands at the question about the grade."""
    user = User(workers[0].application, telegram, CHAT)
    await user.start()
    await user.press("begin")
    return user


async def test_a_case_goes_on_at_another_worker_with_every_tap(
    user: User, workers: list[Worker], telegram: Telegram
) -> None:
    message = user.live.id
    for turn, caption in enumerate(("G2", "II: ", "All met", "No carcinoid", "No, two")):
        user.application = workers[turn % 2].application
        await user.tap(caption)

    user.sees("liver resection in two steps")
    assert user.live.id == message


async def test_of_two_taps_at_once_at_two_workers_one_counts(
    user: User, workers: list[Worker], telegram: Telegram, store: SessionStore
) -> None:
    before = await stored(store, user)
    taps = [telegram.phones.tap(CHAT, user.live.id, 0, column) for column in (0, 1)]  # G1, and G2

    await asyncio.gather(*(worker.takes(tap) for worker, tap in zip(workers, taps, strict=True)))

    after = await stored(store, user)
    assert after.session.revision == before.session.revision + 1
    ((question, grade),) = after.session.answers
    assert question == "grade"
    told = [bool(toast.text) for toast in telegram.phones.chat(CHAT).toasts[-2:]]
    assert sorted(told) == [False, True], "whose tap did not count is told so"
    user.sees(f"· {grade}", ASKS_PATTERN)
    assert not user.waits


async def test_of_two_numbers_typed_at_once_at_two_workers_none_is_lost(
    user: User, workers: list[Worker], telegram: Telegram, store: SessionStore
) -> None:
    await user.press("a.grade.count")
    typed = [telegram.phones.say(CHAT, text) for text in ("12", "3")]

    await asyncio.gather(*(worker.takes(update) for worker, update in zip(workers, typed, strict=True)))

    answers = dict((await stored(store, user)).session.answers)
    assert answers["ki67"] in ("=12", "=3")
    assert "mitoses" not in answers, "the other was typed to a screen that nobody had seen yet"
    user.sees(ASKS_MITOSES)


async def test_a_screen_that_comes_late_does_not_stay(
    user: User, workers: list[Worker], telegram: Telegram, store: SessionStore
) -> None:
    slow, quick = workers
    slow.way.slow = "editMessageText"
    late = asyncio.create_task(slow.takes(telegram.phones.tap(CHAT, user.live.id, 0, 1)))  # G2
    await slow.way.held.wait()

    # The second tap of a double tap is stale, so this worker shows the pattern; from there the person goes on.
    await quick.takes(telegram.phones.tap(CHAT, user.live.id, 0, 1))
    user.application = quick.application
    await user.tap("II: ")
    shown = user.live.html
    slow.way.slow = ""
    slow.way.through.set()
    await late

    assert user.live.html == shown
    user.sees("· Type II")
    assert (await stored(store, user)).message_id == user.live.id


async def test_a_command_delivered_to_both_is_answered_once(workers: list[Worker], telegram: Telegram) -> None:
    update = telegram.phones.say(CHAT, "/start")

    await asyncio.gather(*(worker.takes(update) for worker in workers))
    await workers[0].takes(update)

    bots = [message for message in telegram.phones.chat(CHAT).messages if message.from_bot]
    assert len({message.text for message in bots}) == 1
    stored_one = await workers[0].store.load(CHAT)
    assert stored_one is not None
    assert stored_one.message_id == bots[-1].id


async def test_forgotten_at_one_worker_is_forgotten_at_all(
    user: User, workers: list[Worker], telegram: Telegram
) -> None:
    slow, quick = workers
    slow.way.slow = "editMessageText"
    late = asyncio.create_task(slow.takes(telegram.phones.tap(CHAT, user.live.id, 0, 1)))
    await slow.way.held.wait()

    await quick.takes(telegram.phones.say(CHAT, "/forget"))
    slow.way.through.set()
    await late

    assert await slow.store.load(CHAT) is None
    assert await quick.store.load(CHAT) is None
