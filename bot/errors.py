"""The error handler of the application. Nothing of an update's content reaches the log."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.constants import ChatType
from telegram.error import Conflict, RetryAfter, TelegramError

from bot import faults, metrics, receipt, screen
from bot.logs import chat_name
from bot.service import Context
from bot.store import SessionStore, StoreUnavailableError
from dialogs.conversation import Conversation

_log = logging.getLogger(__name__)


class Errors:
    """Handles an error by its cause. After one of Telegram's or the database's the update is delivered again."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store

    async def handle(self, update: object, context: Context) -> None:
        """Handle context.error. update: None for an error while polling."""
        error = context.error
        kind = _kind(error)
        if kind:
            metrics.errors.labels(kind).inc()
        chat = update.effective_chat if isinstance(update, Update) else None
        if kind == "blocked" and chat:
            await self._forget(chat.id)
        elif kind == "conflict":
            _log.error(_conflict(error))
        elif kind in ("telegram", "database"):
            receipt.current().again = True
            what = "Telegram" if kind == "telegram" else "the database"
            _log.warning("%s was not reached: %s", what, type(error).__name__)
        elif kind:
            await self._report(error, update, context)

    async def _forget(self, chat_id: int) -> None:
        try:
            await self._store.delete(chat_id)
        except StoreUnavailableError:
            _log.warning("chat %s: takes no messages any more, its session stays until it expires", chat_name(chat_id))
        else:
            _log.info("chat %s: takes no messages any more, its session is deleted", chat_name(chat_id))

    async def _report(self, error: Exception | None, update: object, context: Context) -> None:
        """Log an internal error, and show the person the code under which the log has it."""
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
            _log.warning("error %s could not be shown: %s", code, type(failure).__name__)

    async def _revision(self, chat_id: int) -> int:
        """The stored revision, so that the buttons of the error screen lead back to the case."""
        try:
            stored = await self._store.load(chat_id)
        except Exception:  # the store may be what failed
            return 0
        return stored.session.revision if stored else 0


def _conflict(error: Exception | None) -> str:
    """The line for a 409, by which of its two causes it has."""
    if "webhook" in str(error).lower():
        return (
            "no updates: a webhook has been set for this bot, by another deployment or by hand; a new start deletes it"
        )
    return "no updates: another process polls Telegram with the same token"


def _kind(error: Exception | None) -> str:
    """The kind of the error, as the metrics have it; empty for a harmless one."""
    if faults.is_harmless(error):
        return ""
    if faults.is_chat_gone(error):
        return "blocked"
    if isinstance(error, Conflict):
        return "conflict"
    if isinstance(error, StoreUnavailableError):
        return "database"
    if isinstance(error, RetryAfter) or faults.wait_for(error) is not None:
        return "telegram"
    return "ours"
