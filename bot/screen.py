"""A screen as Telegram calls."""

from __future__ import annotations

import html
import logging

from telegram import Bot, CallbackQuery
from telegram.constants import MessageLimit
from telegram.error import BadRequest, TelegramError

from bot.buttons import keyboard
from dialogs.view import Screen

# Beginnings of Telegram's words, in lower case, since the library changes their case.
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")

_log = logging.getLogger(__name__)


async def send(bot: Bot, chat_id: int, screen: Screen, revision: int, notice: str = "") -> int:
    """Send screen as a new message, a plain notice above it, or before it where both are too long for one.

    Returns the id of the message with the screen.
    """
    text, above = screen.text, html.escape(notice, quote=False)
    if notice and _length(text) + 2 + _length(above) > MessageLimit.MAX_TEXT_LENGTH:
        await bot.send_message(chat_id, above)
    elif notice:
        text = f"{above}\n\n{text}"
    message = await bot.send_message(chat_id, text, reply_markup=keyboard(screen, revision))
    return message.message_id


async def replace(bot: Bot, chat_id: int, message_id: int, screen: Screen, revision: int) -> int:
    """Turn a message into screen in place. Returns the id of the message that now shows the screen:
    message_id, or that of a new one when the old one is gone or can no longer be edited."""
    try:
        await bot.edit_message_text(
            screen.text, chat_id=chat_id, message_id=message_id, reply_markup=keyboard(screen, revision)
        )
    except BadRequest as error:
        reason = error.message.lower()
        if reason.startswith(_GONE):
            return await send(bot, chat_id, screen, revision)
        if not reason.startswith(_UNCHANGED):
            raise
    return message_id


async def strip(bot: Bot, chat_id: int, message_id: int) -> None:
    """Take the buttons off an old message. A failure is not raised: a tap there only shows the current screen."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramError as error:
        _log.debug("buttons stay on an old message: %s", type(error).__name__)


async def answer(query: CallbackQuery, notice: str = "") -> None:
    """Stop the spinner of a tapped button, showing notice (at most 200 characters) for a moment.

    A failure is not raised: the screen that follows matters more.
    """
    try:
        await query.answer(notice or None)
    except TelegramError as error:  # also a query that is too old or answered already
        _log.debug("a tap was not answered: %s", type(error).__name__)


def _length(text: str) -> int:
    """At least what Telegram counts: UTF-16 units, tags and character references included."""
    return len(text.encode("utf-16-le")) // 2
