from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import receipt
from bot.app import build_application
from bot.errors import Errors
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore, Stored
from dialogs.conversation import Conversation
from dialogs.view import Screen, Turn
from phone.telegram import Telegram
from phone.telegram import TelegramError as Refusal
from tests.support.asked import ASKS_GRADE
from tests.support.telegram import FakeTelegram
from tests.support.user import User

CODE = re.compile(r"\bcode ([0-9A-F]{4})\b")


@dataclass
class Breakable:
    """A conversation that raises while it is broken."""

    real: Conversation
    broken: bool = False

    def respond(self, *given: Any) -> Turn:
        if self.broken:
            raise LookupError("no template for grade G2")
        return self.real.respond(*given)

    def needs_record(self, *given: Any) -> bool:
        return self.real.needs_record(*given)

    def stale(self, *given: Any) -> Turn:
        return self.real.stale(*given)

    def trouble(self, code: str) -> Screen:
        return self.real.trouble(code)


@pytest.fixture
def breakable(conversation: Conversation) -> Breakable:
    return Breakable(conversation)


@pytest.fixture
async def application(
    settings: Settings, breakable: Breakable, store: SessionStore, telegram: Telegram
) -> AsyncIterator[App]:
    conversation = cast(Conversation, breakable)
    async with build_application(settings, conversation, store, FakeTelegram(telegram)) as application:
        telegram.calls.clear()
        yield application


async def row_of(store: SessionStore, user: User) -> Stored:
    row = await store.load(user.chat_id)
    assert row is not None
    return row


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found[1]


async def test_an_error_of_ours_is_told_under_the_code_that_is_logged(
    user: User, breakable: Breakable, store: SessionStore, caplog: pytest.LogCaptureFixture
) -> None:
    await user.start()
    message_id, before = user.live.id, await row_of(store, user)
    breakable.broken = True

    await user.tap(user.buttons()[0])

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert code_in(user.live.text) in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError
    assert "G2" not in record.getMessage()
    assert user.live.id == message_id
    assert await row_of(store, user) == before
    assert not user.waits


async def test_the_case_goes_on_from_the_error_screen(user: User, breakable: Breakable) -> None:
    await user.start()
    await user.tap(user.buttons()[0])
    shown = user.live.text
    breakable.broken = True
    await user.tap(user.buttons()[0])
    breakable.broken = False

    await user.tap(user.buttons()[0])

    assert user.live.text == shown
    assert user.toast is not None
    assert not user.toast.text, "the button of the error screen is not stale"


async def test_an_error_does_not_claim_that_what_was_typed_is_kept_or_tried_again(
    user: User, breakable: Breakable
) -> None:
    await user.start()
    await user.tap(user.buttons()[0])
    breakable.broken = True

    await user.type("G2, type II, primary resected")

    user.sees("Your case is kept, but perhaps not what you just tapped or typed", "do it again if it is missing")
    assert user.buttons() == ["Go on"]
    breakable.broken = False
    await user.tap("Go on")
    user.sees(ASKS_GRADE)


async def test_an_error_on_a_command_is_a_new_message(user: User, breakable: Breakable) -> None:
    await user.start()
    first = user.live
    breakable.broken = True

    await user.type("/start")

    assert code_in(user.live.text)
    assert user.live.id != first.id
    assert user.buttons()


async def test_a_screen_that_telegram_refuses_is_an_error_of_ours_and_the_answer_is_kept(
    user: User, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    before = await row_of(store, user)
    telegram.fail("editMessageText", Refusal(400, "Bad Request: can't parse entities"))

    await user.tap(user.buttons()[0])

    assert code_in(user.live.text)
    assert (await row_of(store, user)).session.revision != before.session.revision
    await user.tap(user.buttons()[0])
    assert CODE.search(user.live.text) is None


async def test_a_store_that_fails_is_told_too(
    user: User, store: SessionStore, caplog: pytest.LogCaptureFixture
) -> None:
    await user.start()
    await store.close()

    await user.tap(user.buttons()[0])

    assert code_in(user.live.text) in caplog.text
    assert not user.waits
    await store.open()


async def test_an_error_that_cannot_be_told_is_logged(
    user: User, breakable: Breakable, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    await user.start()
    breakable.broken = True
    telegram.fail("sendMessage", "drop")

    await user.type("/start")

    assert "could not be shown: NetworkError" in caplog.records[-1].getMessage()


async def test_two_errors_have_two_codes(user: User, breakable: Breakable) -> None:
    breakable.broken = True
    codes = set()
    for _ in range(4):
        await user.start()
        codes.add(code_in(user.live.text))

    assert len(codes) > 1


async def test_an_error_in_a_group_is_only_logged(
    application: App, user: User, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    update = Update.de_json(telegram.phones.say(-100, "/start"), application.bot)

    await application.process_error(update, LookupError())

    assert len(caplog.records) == 1
    assert telegram.calls == []


async def test_who_has_blocked_the_bot_is_forgotten(user: User, telegram: Telegram, store: SessionStore) -> None:
    await user.start()
    update = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    telegram.phones.block(user.chat_id)

    await user.deliver(update)

    assert await store.load(user.chat_id) is None


@pytest.mark.parametrize("fault", ["drop", Refusal(502, "Bad Gateway"), Refusal(429, "Too Many", 70)])
async def test_what_does_not_arrive_for_long_warns_and_the_next_tap_heals(
    user: User, telegram: Telegram, caplog: pytest.LogCaptureFixture, fault: Refusal
) -> None:
    await user.start()
    shown = user.live.text
    telegram.fail("editMessageText", fault)
    receipt.begin(patience=0)

    await user.tap(user.buttons()[0])
    assert user.live.text == shown
    assert [record.levelno for record in caplog.records] == [logging.WARNING]

    await user.tap(user.buttons()[0])
    assert user.live.text != shown


async def test_a_call_that_stays_too_fast_warns(application: App, caplog: pytest.LogCaptureFixture) -> None:
    await application.process_error(None, RetryAfter(5))

    assert caplog.messages == ["Telegram was not reached: RetryAfter"]
    assert caplog.records[0].levelno == logging.WARNING


async def test_a_second_process_with_the_same_token_is_named(
    application: App, caplog: pytest.LogCaptureFixture
) -> None:
    await application.process_error(None, Conflict("Conflict: terminated by other getUpdates request; make sure that"))

    assert caplog.messages == ["no updates: another process polls Telegram with the same token"]


@pytest.mark.parametrize(
    "words",
    ["can't use getUpdates method while webhook is active; use deleteWebhook", "terminated by setWebhook request"],
)
async def test_a_webhook_that_keeps_the_updates_is_named(
    application: App, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    await application.process_error(None, Conflict(f"Conflict: {words}"))

    assert caplog.messages[0].startswith("no updates: a webhook has been set for this bot")


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NetworkError("no route"), logging.WARNING),
        (BadRequest("Message is not modified: specified new message content"), None),
        (BadRequest("Query is too old and response timeout expired"), None),
        (Forbidden("bot was kicked"), logging.ERROR),
        (TelegramError("something new"), logging.ERROR),
        (ValueError("G2"), logging.ERROR),
    ],
)
async def test_a_fault_that_belongs_to_no_update_is_sorted_and_logged(
    application: App, telegram: Telegram, caplog: pytest.LogCaptureFixture, error: Exception, level: int | None
) -> None:
    await application.process_error(None, error)

    assert [record.levelno for record in caplog.records] == ([level] if level else [])
    assert all(record.name == Errors.__module__ for record in caplog.records)
    assert telegram.calls == []
