"""Polling: what is confirmed to Telegram is done, and what is not done is still there."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.app import build_application
from bot.lanes import PACE
from bot.running import polling
from bot.settings import Settings
from bot.store import SessionStore, StoreUnavailableError
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import store_at, until
from tests.support.telegram import FakeTelegram

CHAT, OTHER = 7001, 7002


class Slow(FakeTelegram):
    """Calls named here take effect, and are answered when `through` is set."""

    def __init__(self, telegram: Telegram) -> None:
        super().__init__(telegram)
        self.slow = ""
        self.chat = 0
        self.held, self.through = asyncio.Event(), asyncio.Event()

    async def do_request(self, url: str, method: str, request_data: Any = None, *given: Any, **named: Any) -> Any:
        result = await super().do_request(url, method, request_data, *given, **named)
        chat = request_data.json_parameters.get("chat_id") if request_data else None
        if self.slow and url.lower().endswith(self.slow.lower()) and (not self.chat or chat == str(self.chat)):
            self.held.set()
            await self.through.wait()
        return result


@pytest.fixture
async def way(telegram: Telegram) -> Slow:
    return Slow(telegram)


@pytest.fixture
def process(
    settings: Settings, conversation: Conversation, way: Slow
) -> Callable[[], contextlib.AbstractAsyncContextManager[SessionStore]]:
    """A process that polls, with a store of its own."""

    @contextlib.asynccontextmanager
    async def running() -> AsyncIterator[SessionStore]:
        store = store_at(settings)
        async with polling(build_application(settings, conversation, store, way)):
            yield store

    return running


def shown(telegram: Telegram, chat_id: int = CHAT) -> str:
    chat = telegram.phones.chat(chat_id)
    live = chat.find(chat.live)
    return live.text if live else ""


async def test_what_was_sent_while_the_bot_was_away_is_worked_off(telegram: Telegram, process: Any) -> None:
    questions = ("milan criteria", "rfa size", "octreotide")
    for number in range(9):
        telegram.phones.say(CHAT, questions[number % 3])
    telegram.phones.say(CHAT, "/forget")

    async with process() as store:
        await until(lambda: not telegram.phones.pending)
        assert await store.load(CHAT) is None

    texts = [message.text for message in telegram.phones.chat(CHAT).messages if message.from_bot]
    assert len(texts) == 10
    assert all("Milan criteria" in text for text in texts[:9:3])


@pytest.mark.slow
async def test_a_flood_does_not_keep_the_wish_to_be_forgotten_out(telegram: Telegram, process: Any) -> None:
    for _ in range(3 * PACE):
        telegram.phones.say(CHAT, "milan criteria")
    telegram.phones.say(CHAT, "/forget")

    async with process() as store:
        await until(lambda: not telegram.phones.pending, 60)

        assert await store.load(CHAT) is None


@pytest.mark.slow
async def test_the_updates_of_a_flood_are_let_go_but_for_the_wish_to_be_forgotten(
    telegram: Telegram, process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*given: object) -> None:
        raise StoreUnavailableError("AdminShutdown")

    for _ in range(99):
        telegram.phones.say(CHAT, "milan criteria")
    telegram.phones.say(CHAT, "/forget")  # the last that Telegram gives in one answer

    async with process() as store:
        with monkeypatch.context() as patch:
            patch.setattr(store, "load", gone)
            await until(lambda: len(telegram.phones.pending) < 100)
            assert [update["message"]["text"] for update in telegram.phones.pending] == ["/forget"]
        await until(lambda: not telegram.phones.pending, 60)
        assert await store.load(CHAT) is None


async def test_an_update_is_confirmed_when_its_screen_has_come(telegram: Telegram, process: Any, way: Slow) -> None:
    way.slow = "sendMessage"
    telegram.phones.say(CHAT, "/start")

    async with process():
        await way.held.wait()
        await asyncio.sleep(0.5)
        assert len(telegram.phones.pending) == 1
        way.through.set()
        await until(lambda: not telegram.phones.pending)


async def test_stopped_while_telegram_is_slow_it_leaves_what_was_not_done(
    telegram: Telegram, process: Any, way: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running.STOP_WITHIN", 3.2)
    way.slow, way.chat = "sendMessage", CHAT
    telegram.phones.say(CHAT, "/start")
    telegram.phones.say(OTHER, "/start")
    telegram.phones.say(CHAT, "/help")
    async with process():
        await way.held.wait()
        await until(lambda: shown(telegram, OTHER))

    assert [update["message"]["chat"]["id"] for update in telegram.phones.pending] == [CHAT, OTHER, CHAT]
    way.slow = ""
    async with process():
        await until(lambda: not telegram.phones.pending)

    assert "/forget" in shown(telegram)
    assert len([message for message in telegram.phones.chat(OTHER).messages if message.from_bot]) == 1


async def test_while_the_database_is_away_nothing_is_confirmed_or_told_and_then_it_is_done_in_order(
    telegram: Telegram, process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*given: object) -> None:
        raise StoreUnavailableError("AdminShutdown")

    async with process() as store:
        with monkeypatch.context() as patch:
            patch.setattr(store, "load", gone)
            telegram.phones.say(CHAT, "/start")
            telegram.phones.say(CHAT, "/help")
            await asyncio.sleep(0.5)
            assert len(telegram.phones.pending) == 2
            assert not shown(telegram)
        await until(lambda: not telegram.phones.pending)

    texts = [message.text for message in telegram.phones.chat(CHAT).messages if message.from_bot]
    assert len(texts) == 2
    assert "/forget" in texts[1]


@pytest.mark.slow
async def test_others_do_not_wait_for_a_chat_that_floods_or_cannot_be_reached(
    telegram: Telegram, process: Any, way: Slow
) -> None:
    way.slow, way.chat = "sendMessage", CHAT
    for _ in range(300):
        telegram.phones.say(CHAT, "/start")
    telegram.phones.say(OTHER, "/start")

    async with process():
        began = asyncio.get_running_loop().time()
        await until(lambda: shown(telegram, OTHER))
        waited = asyncio.get_running_loop().time() - began
        way.through.set()

    assert waited < 3


@pytest.mark.parametrize("error", [TelegramError(401, "Unauthorized"), TelegramError(502, "Bad Gateway"), "drop"])
async def test_a_poll_that_fails_is_made_again(telegram: Telegram, process: Any, error: Any) -> None:
    async with process():
        telegram.fail("getUpdates", error)
        telegram.phones.say(CHAT, "/start")
        await until(lambda: shown(telegram))


async def test_an_update_that_cannot_be_read_leaves_one_line(
    telegram: Telegram, process: Any, way: Slow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Beside it, one of another chat is held for a while, so that both are fetched again and again."""
    call, fetched = FakeTelegram.do_request, list[bytes]()
    odd = {"message": {"message_id": "Mustermann", "chat": {"id": CHAT, "type": "private"}}}

    async def with_odd(self: FakeTelegram, url: str, *given: Any, **named: Any) -> tuple[int, bytes]:
        code, body = await call(self, url, *given, **named)
        answer = json.loads(body)
        if url.endswith("getupdates") and answer.get("result"):
            answer["result"].append(odd | {"update_id": answer["result"][0]["update_id"] + 1})
            body = json.dumps(answer).encode()
            fetched.append(body)
        return code, body

    monkeypatch.setattr(FakeTelegram, "do_request", with_odd)
    way.slow, way.chat = "sendMessage", OTHER
    telegram.phones.say(OTHER, "/start")
    async with process():
        await way.held.wait()
        await until(lambda: len(fetched) > 3)
        way.through.set()
        await until(lambda: shown(telegram, OTHER))

    assert caplog.messages.count("an update cannot be read and is ignored") == 1
    assert "Mustermann" not in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("error", [TelegramError(502, "Bad Gateway"), "drop"])
async def test_a_webhook_that_cannot_be_deleted_yet_leaves_a_line_and_is_tried_again(
    telegram: Telegram, process: Any, error: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("deleteWebhook", error, times=2)
    telegram.phones.say(CHAT, "/start")

    async with process():
        await until(lambda: shown(telegram), 30)

    assert "not started yet: no answer from Telegram" in caplog.text
