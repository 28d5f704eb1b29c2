from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from telegram.error import InvalidToken

import bot.service
from bot.app import ALLOWED_UPDATES, build_application
from bot.lanes import Lanes
from bot.running import polling, start
from bot.sending import SendingPace
from bot.service import App
from bot.settings import Settings
from bot.store import Seal, SessionStore, Stored, StoreError, StoreUnavailableError
from bot.store.sqlite import SqliteEngine
from dialogs.conversation import Command, Conversation
from dialogs.session import Session
from dialogs.view import Show
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import store_at, until
from tests.conftest import TOKEN
from tests.support.telegram import FakeTelegram


@pytest.fixture
def built(settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram) -> App:
    """The application as it is built, not yet started."""
    return build_application(settings, conversation, store, FakeTelegram(telegram))


def session_of(conversation: Conversation) -> Session:
    turn = conversation.respond(None, Command("start"))
    assert isinstance(turn, Show)
    return turn.session


def methods(telegram: Telegram) -> list[str]:
    return [method for method, _ in telegram.calls]


def test_it_has_lanes_and_a_rate_limiter_and_talks_to_the_server_that_is_set(
    settings: Settings, conversation: Conversation, store: SessionStore
) -> None:
    local = replace(settings, bot_api_url="http://localhost:8081")

    application = build_application(local, conversation, store)

    assert isinstance(application.update_processor, Lanes)
    assert isinstance(application.bot.rate_limiter, SendingPace)
    assert application.bot.base_url == f"http://localhost:8081/bot{TOKEN}"
    assert application.bot.defaults.parse_mode == "HTML"
    assert application.persistence is None


def test_no_handler_runs_beside_its_lane(built: App) -> None:
    assert all(handler.block for group in built.handlers.values() for handler in group)
    assert built.bot.defaults.block


async def test_start_introduces_the_bot_and_opens_the_store(
    built: App, conversation: Conversation, telegram: Telegram, store: SessionStore
) -> None:
    await store.close()
    async with built:
        assert built.post_init is not None
        assert built.post_shutdown is not None

        await built.post_init(built)
        await until(lambda: telegram.profile.short_description)

        assert [(command["command"], command["description"]) for command in telegram.profile.commands] == list(
            conversation.commands
        )
        assert telegram.profile.description == conversation.description
        assert telegram.profile.short_description == conversation.short_description
        assert await store.load(1) is None
        await built.post_shutdown(built)


async def test_start_and_stop_twice_are_like_once(built: App, telegram: Telegram, store: SessionStore) -> None:
    assert built.post_init is not None
    assert built.post_shutdown is not None
    tasks = len(asyncio.all_tasks())
    async with built:
        await built.post_init(built)
        await built.post_init(built)
        await until(lambda: len(asyncio.all_tasks()) == tasks + 1)
        assert methods(telegram).count("setMyCommands") == 1

        await built.post_shutdown(built)
        await built.post_shutdown(built)

    assert len(asyncio.all_tasks()) == tasks
    with pytest.raises(RuntimeError):
        await store.load(1)


async def test_stop_is_safe_after_a_start_that_failed(
    settings: Settings, conversation: Conversation, telegram: Telegram, tmp_path: Path
) -> None:
    nowhere = replace(settings, database_url=f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'x.sqlite3'}")
    application = build_application(nowhere, conversation, store_at(nowhere), FakeTelegram(telegram))
    assert application.post_init is not None
    assert application.post_shutdown is not None

    with pytest.raises(StoreError):
        await application.post_init(application)

    await application.post_shutdown(application)


@pytest.mark.parametrize(
    "fault",
    [TelegramError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH"), "drop", TelegramError(429, "Too Many", 3600)],
)
async def test_the_bot_starts_even_when_it_cannot_introduce_itself(
    built: App,
    telegram: Telegram,
    fault: TelegramError,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bot.service, "_INTRODUCTION_TIMEOUT", 0.05)
    telegram.fail("setMyCommands", fault, times=9)
    assert built.post_init is not None
    assert built.post_shutdown is not None

    async with built:
        await built.post_init(built)
        await until(lambda: "were not set" in caplog.text)
        await built.post_shutdown(built)


def engine_of(settings: Settings, now: Callable[[], float] = time.time) -> SqliteEngine:
    return SqliteEngine(Path(settings.database_url.removeprefix("sqlite:///")), settings.retention_hours * 3600, now)


async def rows_in(settings: Settings) -> int:
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as database:
        return int(database.execute("SELECT count(*) FROM sessions").fetchone()[0])


async def test_cases_that_are_too_old_are_deleted_at_start(
    built: App, settings: Settings, conversation: Conversation, store: SessionStore
) -> None:
    limit = time.time() - settings.retention_hours * 3600
    aged = SessionStore(engine_of(settings, lambda: limit - 1), Seal(TOKEN))
    await aged.open()
    await aged.save(1, Stored(session_of(conversation), None), None)
    await aged.close()
    await store.save(2, Stored(session_of(conversation), None), None)
    assert await rows_in(settings) == 2
    assert built.post_init is not None
    assert built.post_shutdown is not None

    async with built:
        await built.post_init(built)

        async with asyncio.timeout(10):
            while await rows_in(settings) != 1:  # noqa: ASYNC110 - it is done beside the updates
                await asyncio.sleep(0.01)
        assert await store.load(2) is not None
        await built.post_shutdown(built)


class CountingEngine(SqliteEngine):
    """Fails the second time, and tells when old cases are deleted for the third."""

    runs = 0

    async def expire(self) -> int:
        self.runs += 1
        if self.runs == 2:
            raise StoreUnavailableError("gone")
        if self.runs == 3:
            self.third.set()
        return await super().expire()

    third: asyncio.Event


async def test_old_cases_go_on_being_deleted_after_a_failure(
    settings: Settings,
    conversation: Conversation,
    telegram: Telegram,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bot.service, "_EXPIRY_INTERVAL", 0.0)
    engine = CountingEngine(tmp_path / "counting.sqlite3", 60.0)
    engine.third = asyncio.Event()
    store = SessionStore(engine, Seal(TOKEN))

    async with polling(build_application(settings, conversation, store, FakeTelegram(telegram))):
        await asyncio.wait_for(engine.third.wait(), 10)

    assert "could not be deleted" in caplog.text


async def test_while_polling_a_person_is_answered(built: App, telegram: Telegram) -> None:
    answered = asyncio.Event()

    def look() -> None:
        if telegram.phones.chat(7001).live:
            answered.set()

    telegram.phones.on_change.append(look)

    async with polling(built):
        telegram.phones.say(7001, "/start")
        await asyncio.wait_for(answered.wait(), 10)

    assert telegram.phones.chat(7001).messages[-1].buttons
    assert telegram.phones.pending == []


async def test_telegram_and_the_database_may_come_later_than_the_bot(
    built: App, telegram: Telegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slept, sleep = list[float](), asyncio.sleep

    async def at_once(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.running.asyncio.sleep", at_once)
    telegram.fail("getMe", "drop", times=2)
    telegram.fail("deleteWebhook", TelegramError(502, "Bad Gateway"), times=2)

    async with polling(built):
        pass

    assert [seconds for seconds in slept if seconds in (1.0, 2.0)][:2] == [1.0, 2.0]
    assert "no answer from Telegram" in caplog.text


async def test_a_start_that_is_given_up_leaves_nothing_running(built: App, telegram: Telegram) -> None:
    telegram.fail("getMe", "drop", times=99)

    async def run() -> None:
        async with polling(built):
            raise AssertionError("it began")

    starting = asyncio.create_task(run())
    while not telegram.calls:  # noqa: ASYNC110 - a refused call changes nothing that could wake us
        await asyncio.sleep(0)
    starting.cancel()

    tasks = asyncio.all_tasks()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert asyncio.all_tasks() == tasks - {starting}


async def test_a_token_that_is_refused_ends_the_start(built: App, telegram: Telegram) -> None:
    telegram.token = "1:another"

    with pytest.raises(InvalidToken):
        await start(built)


def test_only_the_updates_that_have_a_handler_are_asked_for() -> None:
    assert set(ALLOWED_UPDATES) == {"message", "callback_query", "inline_query", "poll_answer", "my_chat_member"}
