"""Turning away those who are not among the allowed users."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot import inline, screen
from bot.service import Context
from dialogs.conversation import Conversation

_log = logging.getLogger(__name__)


class Admission:
    """The callback that comes before all others. allowed_users: Telegram user ids."""

    def __init__(self, conversation: Conversation, allowed_users: frozenset[int]) -> None:
        self._conversation = conversation
        self._allowed_users = allowed_users

    async def check(self, update: Update, context: Context) -> None:
        """Stop the handling of an update of somebody who is not allowed; in private, say so."""
        if update.effective_user and update.effective_user.id in self._allowed_users:
            return
        if update.my_chat_member:
            return  # everybody may block the bot
        try:
            await self._refuse(update)
        except TelegramError as error:
            _log.warning("the refusal of somebody who is not allowed was not sent: %s", type(error).__name__)
        raise ApplicationHandlerStop

    async def _refuse(self, update: Update) -> None:
        not_invited = self._conversation.not_invited
        if update.callback_query:
            await screen.answer(update.callback_query, not_invited)
        elif update.inline_query:
            await inline.refuse(update.inline_query)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            await update.message.reply_text(not_invited)
