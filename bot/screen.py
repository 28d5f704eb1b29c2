"""The calls to Telegram that send, edit and answer for a screen."""

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

# Beginnings of Telegram's error messages, in lower case, since the library changes their case.
_UNCHANGED = "message is not modified"
NO_TOPIC = "message thread not found"
_GONE = (
    "message to edit not found", "message can't be edited", "message_id_invalid",
    "there is no text in the message to edit",  # the button was below a picture
)  # fmt: skip

_NO_PREVIEW = '{"is_disabled": true}'

_SOON = 10.0  # seconds

_log = logging.getLogger(__name__)


async def send(
    bot: Bot, chat_id: int, screen: Screen, revision: int, notice: str = "", thread: int | None = None
) -> int:
    """Send the screen as a new message.

    notice: plain text for its first line, or for a message before it where both are too long for one. thread: the topic
    of a private chat that has topics. Returns the id of the message with the screen.
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
    """Edit a message so that it shows the screen.

    notice: plain text for its first line, left out where it does not fit. thread: for a new message, as in `send`.
    Returns the id of the message that shows the screen: message_id, or that of a new one when the old one is gone or
    can no longer be edited.
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
    """Take the buttons off an old message. Raises TelegramError only for a reason that will soon be over; otherwise the
    buttons stay, and a tap on one shows the current screen."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramError as error:
        wait = faults.wait_for(error)
        if wait is not None and wait <= _SOON:
            raise
        _log.debug("buttons stay on an old message: %s", type(error).__name__)


async def answer(query: CallbackQuery, notice: str = "") -> None:
    """Stop the spinner of a tapped button, and show the notice (at most 200 characters) for a moment.

    Errors are ignored: the screen that follows matters more.
    """
    try:
        await query.answer(notice or None)
    except TelegramError as error:  # also a query that is too old or answered already
        _log.debug("a tap was not answered: %s", type(error).__name__)


async def _show(bot: Bot, method: str, text: str, screen: Screen, revision: int, **where: int | None) -> dict[str, Any]:
    """Call a method that shows the screen. Returns the message as JSON.

    The library's own methods build objects for the message and for each button, sent and received, which is half the
    work of a tap. The method's name is in lower case, which Telegram takes too: spelt as in its documentation, the
    library would warn.
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
    """Whether the text fits a message. Counted in UTF-16 units with the tags, which Telegram itself does not count."""
    return len(text.encode("utf-16-le")) // 2 <= MessageLimit.MAX_TEXT_LENGTH
