"""Commands in groups: the bot talks in private chats only."""

from __future__ import annotations

import logging
from typing import cast

from telegram import Message, Update
from telegram.error import TelegramError

from bot import commands, lanes
from bot.logs import chat_name
from bot.sending import insist
from bot.service import Context
from dialogs.conversation import COMMANDS, Conversation

_log = logging.getLogger(__name__)


class Groups:
    """The callback for commands in groups."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def command(self, update: Update, context: Context) -> None:
        """Answer a command with one line, unless it is, or may be, meant for another bot."""
        message, command = cast(Message, update.message), commands.read(cast(Message, update.message).text)
        if command is None:
            return
        mine = command.bot == context.bot.username.lower()
        if not mine and (command.bot or command.name not in COMMANDS):
            return
        lanes.current().leave()
        try:
            await insist(lambda: message.reply_text(self._conversation.private_only, allow_sending_without_reply=True))
        except TelegramError as error:  # no rights, a closed topic, the bot was removed from the group, …
            _log.info("chat %s: answer in a group refused: %s", chat_name(message.chat.id), type(error).__name__)
