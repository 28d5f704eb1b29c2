"""The helpers of the tests themselves: a real Application in process, and a person who uses it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, NetworkError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from phone.telegram import Telegram
from tests.support.telegram import FakeTelegram
from tests.support.user import User

BUTTONS = ["Type I", "Type II", "Back"]


async def on_start(update: Update, context: Any) -> None:
    """/start"""
    assert update.message
    rows = [[InlineKeyboardButton(caption, callback_data=caption)] for caption in BUTTONS]
    await update.message.reply_text("Which?", reply_markup=InlineKeyboardMarkup(rows))


async def on_tap(update: Update, context: Any) -> None:
    """Any button."""
    assert update.callback_query
    await update.callback_query.answer("Taken")
    await update.callback_query.edit_message_text(f"It is {update.callback_query.data}")


@pytest.fixture
def app(telegram: Telegram) -> Application[Any, Any, Any, Any, Any, Any]:
    """A bot that asks once."""
    fake = FakeTelegram(telegram)
    app = Application.builder().token(telegram.token).request(fake).get_updates_request(fake)
    built = app.updater(None).job_queue(None).build()
    built.add_handler(CommandHandler("start", on_start))
    built.add_handler(CallbackQueryHandler(on_tap))
    return built


async def test_a_person_taps_through(app: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram) -> None:
    async with app:
        user = User(app, telegram, 7)
        await user.start()
        assert user.buttons() == BUTTONS

        await user.tap("B")

    assert user.sees("It is Back")
    assert user.toast is not None
    assert user.toast.text == "Taken"
    assert not user.waits
    with pytest.raises(AssertionError, match="'Which' is not on the screen"):
        user.sees("Which")


async def test_an_ambiguous_caption_is_not_tapped(
    app: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram
) -> None:
    async with app:
        user = User(app, telegram, 7)
        await user.start()

        with pytest.raises(AssertionError, match="fits 2 of the buttons"):
            await user.tap("Type")
        await user.tap("Type I")

    assert user.sees("It is Type I")


async def test_refusals_and_dropped_connections_reach_the_bot(
    app: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram
) -> None:
    async with app:
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(7, "x")
        telegram.fail("sendMessage", "drop")
        with pytest.raises(NetworkError, match="dropped"):
            await app.bot.send_message(7, "x")


async def test_a_poll_in_process_waits_for_an_update(
    app: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram
) -> None:
    async with app:
        poll = asyncio.create_task(app.bot.get_updates(timeout=50))
        await app.bot.get_me()

        telegram.phones.say(7, "hello")

        assert len(await asyncio.wait_for(poll, 20)) == 1
