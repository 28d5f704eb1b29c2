"""Sending a practice question as a quiz poll."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.constants import PollType
from telegram.error import BadRequest, TelegramError

from bot import faults
from bot.screen import NO_TOPIC
from bot.sending import UNCONFIRMED_SENDS, insist
from dialogs.view import Poll

_log = logging.getLogger(__name__)


async def send(bot: Bot, chat_id: int, poll: Poll, thread: int | None = None) -> str:
    """Send the poll as a message of its own, and again while that fails for a temporary reason.

    thread: the topic of a private chat that has topics. Returns the id of the poll, which comes back with its answer;
    empty where Telegram did not confirm the poll: the person can ask for it again.
    """
    unconfirmed = 0

    async def call() -> str:
        nonlocal unconfirmed
        try:
            return await _send(bot, chat_id, poll, thread)
        except TelegramError as error:
            unconfirmed += faults.may_have_arrived(error)
            if unconfirmed < UNCONFIRMED_SENDS:
                raise
            _log.warning("a poll was sent, but Telegram did not confirm it in time")
            return ""

    return await insist(call) or ""


async def _send(bot: Bot, chat_id: int, poll: Poll, thread: int | None) -> str:
    """Make the call once. Its name is in lower case, as for a screen: the library's own method would apply the bot's
    default parse mode to the poll, whose words are plain."""
    parameters = {
        "chat_id": chat_id,
        "question": poll.question,
        "options": [{"text": text} for text in poll.options],
        "type": PollType.QUIZ,
        "is_anonymous": False,  # Telegram sends no answers of an anonymous poll
        "correct_option_ids": [poll.right],
        "explanation": poll.explanation,
        **({"message_thread_id": thread} if thread else {}),
    }
    try:
        message = await bot.do_api_request("sendpoll", parameters)
    except BadRequest as error:
        if thread is None or not error.message.lower().startswith(NO_TOPIC):
            raise
        return await _send(bot, chat_id, poll, None)
    return str(message["poll"]["id"])
