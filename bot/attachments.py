"""Sending pictures and documents: drawn once, and from then on sent by the file id that Telegram gave them."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, TimedOut

from bot import faults
from bot.buttons import keyboard
from bot.sending import insist
from bot.store import SessionStore
from dialogs.view import Attachment, Button, Screen, Send

_log = logging.getLogger(__name__)


async def send(
    bot: Bot,
    store: SessionStore,
    chat_id: int,
    attachment: Attachment,
    revision: int,
    thread: int | None = None,
) -> None:
    """Send the attachment as a message of its own. revision: of the session, for the buttons. thread: the topic of the
    chat. Raises whatever `attachment.draw` raises."""
    keys = _keys(bot, attachment.rows, revision)
    known = await store.file_id(attachment.key)
    if known is not None:
        try:
            await _send(bot, chat_id, attachment, known, keys, thread)
            return
        except BadRequest:  # Telegram no longer takes the id; for any other cause the call below is refused too
            pass
    content = await asyncio.to_thread(attachment.draw)  # it would block the event loop
    file_id = await _send(bot, chat_id, attachment, content, keys, thread)
    if file_id:
        await store.keep_file_id(attachment.key, file_id)


async def send_text(bot: Bot, chat_id: int, turn: Send, thread: int | None = None) -> None:
    """Send the text of a turn, and again while that fails for a temporary reason, unless Telegram may have it
    already."""
    keys = _keys(bot, turn.rows, turn.session.revision)

    async def call() -> None:
        try:
            await bot.send_message(chat_id, turn.text, parse_mode=None, message_thread_id=thread, reply_markup=keys)
        except TimedOut as error:
            if not faults.may_have_arrived(error):
                raise
            _log.warning("a text was sent, but Telegram did not confirm it in time")

    await insist(call)


def _keys(bot: Bot, rows: tuple[tuple[Button, ...], ...], revision: int) -> InlineKeyboardMarkup | None:
    """The inline keyboard of a message beside the screen; None without buttons."""
    keys = keyboard(Screen("", rows), revision)
    return InlineKeyboardMarkup.de_json(keys, bot) if keys else None


async def _send(
    bot: Bot,
    chat_id: int,
    attachment: Attachment,
    file: str | bytes,
    keys: InlineKeyboardMarkup | None,
    thread: int | None,
) -> str:
    """Send a file id or content, the caption as plain text, and again while that fails for a temporary reason.

    Returns the file id; empty where Telegram did not confirm the file in time: it may have it, and a file is not sent
    twice.
    """

    async def call() -> str:
        send = bot.send_document if attachment.as_file else bot.send_photo
        try:
            message = await send(
                chat_id,
                file,
                filename=attachment.file_name,
                caption=attachment.caption,
                parse_mode=None,
                message_thread_id=thread,
                reply_markup=keys,
            )
        except TimedOut as error:
            if not faults.may_have_arrived(error):
                raise
            _log.warning("a file was sent, but Telegram did not confirm it in time")
            return ""
        sent = message.document if attachment.as_file else message.photo[-1]
        assert sent is not None
        return sent.file_id

    return await insist(call) or ""
