"""Calls that fail in passing are made again, and what waits for Telegram lets nothing else wait."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import RetryAfter

from bot import receipt
from bot.faults import LONGEST_WAIT
from bot.sending import insist
from bot.service import App
from phone.telegram import Telegram, TelegramError
from tests.support.asked import ASKS_GRADE
from tests.support.user import User

TOO_FAST = TelegramError(429, "Too Many Requests: retry after 7", 7)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> dict[str, asyncio.Event]:
    """`asked`: set when the bot waits for Telegram; it goes on when `over` is set, or at once when overtaken."""
    events = {"asked": asyncio.Event(), "over": asyncio.Event()}

    async def wait(seconds: float, given_up: asyncio.Event | None) -> None:
        events["asked"].set()
        others = [asyncio.create_task(event.wait()) for event in (events["over"], given_up) if event]
        await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()

    monkeypatch.setattr("bot.sending._wait", wait)
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
    await other.press("begin")

    other.sees(ASKS_GRADE)
    assert user.live.text == shown
    waits["over"].set()
    await hasty
    assert user.live.text != shown


async def test_the_next_tap_of_the_chat_is_answered_meanwhile_and_its_screen_is_the_one_that_comes(
    user: User, telegram: Telegram, waits: dict[str, asyncio.Event]
) -> None:
    await user.start()
    telegram.fail("editMessageText", TOO_FAST, times=2)
    taps = [telegram.phones.tap(user.chat_id, user.live.id, 0, 0) for _ in range(2)]

    first = asyncio.create_task(user.deliver(taps[0]))
    await waits["asked"].wait()
    second = asyncio.create_task(user.deliver(taps[1]))
    await asyncio.wait_for(first, 5)

    assert not user.waits
    assert not second.done()
    waits["over"].set()
    await second
    user.sees(ASKS_GRADE)


@pytest.mark.parametrize(("seconds", "calls"), [(LONGEST_WAIT, 4), (LONGEST_WAIT + 1, 1)])
async def test_a_call_is_not_repeated_for_ever(
    application: App, telegram: Telegram, monkeypatch: pytest.MonkeyPatch, seconds: float, calls: int
) -> None:
    loop, ahead = asyncio.get_running_loop(), [0.0]
    now = loop.time

    async def wait(seconds: float, given_up: asyncio.Event | None) -> None:
        ahead[0] += seconds

    monkeypatch.setattr("bot.sending._wait", wait)
    receipt.begin(patience=3.5 * LONGEST_WAIT)
    monkeypatch.setattr(loop, "time", lambda: now() + ahead[0])
    telegram.phones.say(7001, "hello")
    telegram.calls.clear()
    telegram.fail("sendMessage", TelegramError(429, "Too Many Requests", int(seconds)), times=99)

    with pytest.raises(RetryAfter):
        await insist(lambda: application.bot.send_message(7001, "hello"))

    assert len(telegram.calls) == calls
