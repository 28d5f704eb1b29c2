"""Whatever goes wrong while an update is handled ends here, sorted. The log gets no content of it."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import screen
from bot.handlers import Context
from bot.logs import chat_name
from bot.store import SessionStore
from dialogs.conversation import Conversation

# Beginnings of Telegram's words, in lower case.
_HARMLESS = ("message is not modified", "query is too old")

_log = logging.getLogger(__name__)


class Errors:
    """The error handler of the application."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store

    async def handle(self, update: object, context: Context) -> None:
        """Sort context.error. update is None for a fault while polling."""
        error = context.error
        chat = update.effective_chat if isinstance(update, Update) else None
        if isinstance(error, Forbidden) and chat:
            await self._store.delete(chat.id)
            _log.info("chat %s: does not take messages any more, its session is deleted", chat_name(chat.id))
        elif isinstance(error, Conflict):
            _log.error("another process polls Telegram with the same token")
        elif isinstance(error, BadRequest) and error.message.lower().startswith(_HARMLESS):
            pass
        elif isinstance(error, RetryAfter) or (isinstance(error, NetworkError) and not isinstance(error, BadRequest)):
            _log.warning("Telegram was not reached: %s", type(error).__name__)
        else:
            await self._trouble(error, update, context)

    async def _trouble(self, error: Exception | None, update: object, context: Context) -> None:
        """An error of ours: log where it happened, and tell whoever met it, under one code."""
        code = secrets.token_hex(2).upper()
        _log.error("error %s", code, exc_info=error)
        if not isinstance(update, Update) or not update.effective_chat:
            return
        if update.effective_chat.type != ChatType.PRIVATE:
            return
        chat_id = update.effective_chat.id
        shown, revision = self._conversation.trouble(code), await self._revision(chat_id)
        query = update.callback_query
        try:
            if query and query.message:
                await screen.answer(query)
                await screen.replace(context.bot, chat_id, query.message.message_id, shown, revision)
            else:
                await screen.send(context.bot, chat_id, shown, revision)
        except TelegramError as failure:
            _log.warning("error %s could not be told: %s", code, type(failure).__name__)

    async def _revision(self, chat_id: int) -> int:
        """The stored revision, so that the case goes on from the buttons of the error screen."""
        try:
            stored = await self._store.load(chat_id)
        except Exception:  # the store may be what failed
            return 0
        return stored.session.revision if stored else 0
