"""A screen as Telegram calls."""

from __future__ import annotations

import html
import logging
from typing import Any

from telegram import Bot, CallbackQuery
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, TelegramError

from bot import faults
from bot.buttons import keyboard
from dialogs.view import Screen

# Beginnings of Telegram's words, in lower case, since the library changes their case.
_UNCHANGED = "message is not modified"
NO_TOPIC = "message thread not found"
_GONE = (
    "message to edit not found", "message can't be edited", "message_id_invalid",
    "there is no text in the message to edit",  # a picture, whose button leads back to the screen
)  # fmt: skip

_NO_PREVIEW = '{"is_disabled": true}'

_SOON = 10.0  # seconds

_log = logging.getLogger(__name__)


async def send(
    bot: Bot, chat_id: int, screen: Screen, revision: int, notice: str = "", thread: int | None = None
) -> int:
    """Send screen as a new message, a plain notice as its first line, or before it where both are too long for one.

    thread: the topic of a private chat that has some. Returns the id of the message with the screen.
    """
    text = _with(notice, screen.text)
    if not _fits(text):
        await bot.send_message(chat_id, html.escape(notice, quote=False), message_thread_id=thread)
        text = screen.text
    try:
        message = await _show(bot, "sendmessage", text, screen, revision, chat_id=chat_id, message_thread_id=thread)
    except BadRequest as error:
        if thread is None or not error.message.lower().startswith(NO_TOPIC):
            raise
        return await send(bot, chat_id, screen, revision, notice)
    return int(message["message_id"])


async def replace(
    bot: Bot,
    chat_id: int,
    message_id: int,
    screen: Screen,
    revision: int,
    notice: str = "",
    thread: int | None = None,
) -> int:
    """Turn a message into screen in place, a plain notice as its first line where there is room.

    Returns the id of the message that now shows the screen: message_id, or that of a new one when the old one is gone
    or can no longer be edited.
    """
    text = _with(notice, screen.text)
    try:
        fitting = text if _fits(text) else screen.text
        await _show(bot, "editmessagetext", fitting, screen, revision, chat_id=chat_id, message_id=message_id)
    except BadRequest as error:
        reason = error.message.lower()
        if reason.startswith(_GONE):
            return await send(bot, chat_id, screen, revision, notice, thread)
        if not reason.startswith(_UNCHANGED):
            raise
    return message_id


async def strip(bot: Bot, chat_id: int, message_id: int) -> None:
    """Take the buttons off an old message. Raises TelegramError only where that may go through soon: a tap there shows
    the current screen all the same."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramError as error:
        wait = faults.wait_for(error)
        if wait is not None and wait <= _SOON:
            raise
        _log.debug("buttons stay on an old message: %s", type(error).__name__)


async def answer(query: CallbackQuery, notice: str = "") -> None:
    """Stop the spinner of a tapped button, showing notice (at most 200 characters) for a moment.

    A failure is not raised: the screen that follows matters more.
    """
    try:
        await query.answer(notice or None)
    except TelegramError as error:  # also a query that is too old or answered already
        _log.debug("a tap was not answered: %s", type(error).__name__)


async def _show(bot: Bot, method: str, text: str, screen: Screen, revision: int, **where: int | None) -> dict[str, Any]:
    """Call a method that shows the screen; the message as Telegram describes it.

    The library's own methods build a Message and a button object for every button, sent and received, which is half the
    work of a tap. Telegram does not mind the case of a method's name; in small letters the library does not either.
    """
    parameters = {
        **{name: value for name, value in where.items() if value is not None},
        "text": text,
        "parse_mode": ParseMode.HTML,
        "link_preview_options": _NO_PREVIEW,
        "reply_markup": keyboard(screen, revision),
    }
    message: dict[str, Any] = await bot.do_api_request(method, parameters)
    return message


def _with(notice: str, text: str) -> str:
    return f"{html.escape(notice, quote=False)}\n\n{text}" if notice else text


def _fits(text: str) -> bool:
    """Whether Telegram takes the text, by at least what it counts: UTF-16 units, tags and references included."""
    return len(text.encode("utf-16-le")) // 2 <= MessageLimit.MAX_TEXT_LENGTH
