from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from telegram.error import NetworkError
from telegram.ext import AIORateLimiter

import bot.app
from bot.app import ALLOWED_UPDATES, App, build_application, polling
from bot.lanes import Lanes
from bot.phone.telegram import Telegram, TelegramError
from bot.settings import Settings
from bot.store import SqliteStore, StoreError
from dialogs.conversation import Command, Conversation
from dialogs.session import Session
from tests.conftest import TOKEN
from tests.support.telegram import FakeTelegram


@pytest.fixture
def built(settings: Settings, conversation: Conversation, store: SqliteStore, telegram: Telegram) -> App:
    """The application as it is built, not yet started."""
    return build_application(settings, conversation, store, FakeTelegram(telegram))


def session_of(conversation: Conversation) -> Session:
    session = conversation.respond(None, Command("start")).session
    assert session is not None
    return session


def methods(telegram: Telegram) -> list[str]:
    return [method for method, _ in telegram.calls]


def test_it_has_lanes_and_a_rate_limiter_and_talks_to_the_server_that_is_set(
    settings: Settings, conversation: Conversation, store: SqliteStore
) -> None:
    local = replace(settings, bot_api_url="http://localhost:8081")

    application = build_application(local, conversation, store)

    assert isinstance(application.update_processor, Lanes)
    assert isinstance(application.bot.rate_limiter, AIORateLimiter)
    assert application.bot.base_url == f"http://localhost:8081/bot{TOKEN}"
    assert application.bot.defaults.parse_mode == "HTML"
    assert application.persistence is None


def test_no_handler_runs_beside_its_lane(built: App) -> None:
    assert all(handler.block for group in built.handlers.values() for handler in group)
    assert built.bot.defaults.block


async def test_start_introduces_the_bot_and_opens_the_store(
    built: App, conversation: Conversation, telegram: Telegram, store: SqliteStore
) -> None:
    await store.close()
    async with built:
        assert built.post_init is not None
        assert built.post_shutdown is not None

        await built.post_init(built)

        assert [(command["command"], command["description"]) for command in telegram.commands] == list(
            conversation.commands
        )
        assert telegram.description == conversation.description
        assert telegram.short_description == conversation.short_description
        assert await store.load(1) is None
        await built.post_shutdown(built)


async def test_start_and_stop_twice_are_like_once(built: App, telegram: Telegram, store: SqliteStore) -> None:
    assert built.post_init is not None
    assert built.post_shutdown is not None
    tasks = len(asyncio.all_tasks())
    async with built:
        await built.post_init(built)
        await built.post_init(built)
        assert methods(telegram).count("setMyCommands") == 1
        assert len(asyncio.all_tasks()) == tasks + 1

        await built.post_shutdown(built)
        await built.post_shutdown(built)

    assert len(asyncio.all_tasks()) == tasks
    with pytest.raises(RuntimeError):
        await store.load(1)


async def test_stop_is_safe_after_a_start_that_failed(
    settings: Settings, conversation: Conversation, telegram: Telegram, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "no" / "such" / "folder" / "x.sqlite3")
    application = build_application(settings, conversation, store, FakeTelegram(telegram))
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
    monkeypatch.setattr(bot.app, "_INTRODUCTION_TIMEOUT", 0.05)
    telegram.fail("setMyCommands", fault, times=9)
    assert built.post_init is not None
    assert built.post_shutdown is not None

    async with built:
        await built.post_init(built)
        await built.post_shutdown(built)

    assert "stay as they were" in caplog.records[-1].getMessage()


async def test_cases_that_are_too_old_are_deleted_at_start(
    built: App, settings: Settings, conversation: Conversation, store: SqliteStore
) -> None:
    limit = time.time() - settings.retention_hours * 3600
    aged = SqliteStore(settings.database, now=lambda: limit - 1)
    await aged.open()
    await aged.save(1, session_of(conversation), None)
    await aged.close()
    await store.save(2, session_of(conversation), None)
    assert built.post_init is not None
    assert built.post_shutdown is not None

    async with built:
        await built.post_init(built)

        assert await store.load(1) is None
        assert await store.load(2) is not None
        await built.post_shutdown(built)


class CountingStore(SqliteStore):
    """Fails the second time, and tells when old cases are deleted for the third."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.runs = 0
        self.third = asyncio.Event()

    async def expire(self, before: float) -> int:
        self.runs += 1
        if self.runs == 2:
            raise OSError
        if self.runs == 3:
            self.third.set()
        return await super().expire(before)


async def test_old_cases_go_on_being_deleted_after_a_failure(
    settings: Settings,
    conversation: Conversation,
    telegram: Telegram,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bot.app, "_EXPIRY_INTERVAL", 0.0)
    store = CountingStore(settings.database)

    async with polling(build_application(settings, conversation, store, FakeTelegram(telegram))):
        await asyncio.wait_for(store.third.wait(), 10)

    assert "could not be deleted" in caplog.text


async def test_while_polling_a_person_is_answered(built: App, telegram: Telegram) -> None:
    answered = asyncio.Event()

    def look() -> None:
        if telegram.chat(7001).live:
            answered.set()

    telegram.on_change.append(look)

    async with polling(built):
        telegram.say(7001, "/start")
        await asyncio.wait_for(answered.wait(), 10)

    assert telegram.chat(7001).messages[-1].buttons
    assert not built.running
    assert built.updater is not None
    assert not built.updater.running


async def test_polling_that_cannot_begin_leaves_nothing_running(
    settings: Settings, conversation: Conversation, store: SqliteStore, telegram: Telegram
) -> None:
    telegram.fail("getMe", "drop")
    application = build_application(settings, conversation, store, FakeTelegram(telegram))

    with pytest.raises(NetworkError):
        async with polling(application):
            raise AssertionError("it began")

    assert not application.running


def test_only_the_updates_that_have_a_handler_are_asked_for() -> None:
    assert set(ALLOWED_UPDATES) == {"message", "callback_query", "inline_query", "my_chat_member"}
