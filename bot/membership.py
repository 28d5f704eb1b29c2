"""Updates about the bot's own membership of a chat."""

from __future__ import annotations

import logging
from typing import cast

from telegram import ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus

from bot.logs import chat_name
from bot.service import Context
from bot.store import SessionStore

_log = logging.getLogger(__name__)


class Membership:
    """The callback for changes of the bot's membership."""

    def __init__(self, store: SessionStore) -> None:
        self._store = store

    async def changed(self, update: Update, context: Context) -> None:
        """Delete what is stored of somebody who blocked the bot or deleted the chat, unless they are back already."""
        change = cast(ChatMemberUpdated, update.my_chat_member)
        if change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT):
            stored = await self._store.load(change.chat.id)
            if stored is None or not stored.is_past(update.update_id):  # a practice record may outlive its session
                await self._store.delete(change.chat.id)
                _log.info("chat %s: left, its session is deleted", chat_name(change.chat.id))
