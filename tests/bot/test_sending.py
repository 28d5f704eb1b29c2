from __future__ import annotations

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.sending import LONGEST_WAIT, RETRIES
from bot.service import App
from phone.telegram import Telegram, TelegramError
from tests.support.user import User

TOO_FAST = TelegramError(429, "Too Many Requests: retry after 7", 7)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> dict[str, asyncio.Event]:
    """`asked`: set when the bot waits for Telegram; it goes on when `over` is set."""
    events, sleep = {"asked": asyncio.Event(), "over": asyncio.Event()}, asyncio.sleep

    async def wait(seconds: float) -> None:
        if seconds < 1:
            await sleep(seconds)
            return
        events["asked"].set()
        await events["over"].wait()

    monkeypatch.setattr("bot.sending.asyncio.sleep", wait)
    return events


async def test_who_has_to_wait_waits_alone(
    application: App, user: User, telegram: Telegram, waits: dict[str, asyncio.Event]
) -> None:
    await user.start()
    shown = user.live.text
    other = User(application, telegram, chat_id=7002)
    telegram.fail("editMessageText", TOO_FAST, when={"chat_id": str(user.chat_id)})

    hasty = asyncio.create_task(user.tap(user.buttons()[0]))
    await waits["asked"].wait()
    await other.start()
    await other.tap("I am a clinician")

    other.sees("What is the grade?")
    assert user.live.text == shown
    waits["over"].set()
    await hasty
    assert user.live.text != shown


@pytest.mark.parametrize(("seconds", "calls"), [(LONGEST_WAIT, RETRIES + 1), (LONGEST_WAIT + 1, 1)])
async def test_a_call_is_not_repeated_for_ever(
    application: App, user: User, telegram: Telegram, waits: dict[str, asyncio.Event], seconds: float, calls: int
) -> None:
    await user.start()
    telegram.calls.clear()
    waits["over"].set()
    telegram.fail("sendMessage", TelegramError(429, "Too Many Requests", int(seconds)), times=99)

    with pytest.raises(RetryAfter):
        await application.bot.send_message(user.chat_id, "hello")

    assert len(telegram.calls) == calls
