"""A practice question as a quiz poll."""

from __future__ import annotations

from telegram import Bot
from telegram.constants import PollType
from telegram.error import BadRequest

from bot.screen import NO_TOPIC
from dialogs.view import Poll


async def send(bot: Bot, chat_id: int, poll: Poll, thread: int | None = None) -> str:
    """Send the poll as a message of its own; the id of the poll, by which its answer is known.

    thread: the topic of a private chat that has some. Called by its name in small letters, as for a screen: the
    library's own method would take the bot's HTML for the poll's words too, which are plain.
    """
    parameters = {
        "chat_id": chat_id,
        "question": poll.question,
        "options": [{"text": text} for text in poll.options],
        "type": PollType.QUIZ,
        "is_anonymous": False,  # else Telegram does not tell what was chosen
        "correct_option_ids": [poll.right],
        "explanation": poll.explanation,
        **({"message_thread_id": thread} if thread else {}),
    }
    try:
        message = await bot.do_api_request("sendpoll", parameters)
    except BadRequest as error:
        if thread is None or not error.message.lower().startswith(NO_TOPIC):
            raise
        return await send(bot, chat_id, poll)
    return str(message["poll"]["id"])
