"""What goes on beside the updates: the store is open, old sessions are deleted, the bot has introduced itself."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, TypeAlias

from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes

from bot.store import SessionStore
from dialogs.conversation import Conversation

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE

_INTRODUCTION_TIMEOUT = 10.0  # seconds
_EXPIRY_INTERVAL = 600.0  # seconds; the store gives out nothing that is too old anyway

_log = logging.getLogger(__name__)


class Service:
    """Has the methods that the application calls before it starts and after it has stopped."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, application: App) -> None:
        """post_init; a second call changes nothing. Raises StoreError and StoreUnavailableError."""
        await self._store.open()
        self._conversation.named(application.bot.username)
        if not self._tasks:  # nobody's answer waits for these
            self._tasks = [
                asyncio.create_task(self._expire_regularly()),
                asyncio.create_task(self._introduce(application)),
            ]

    async def stop(self, application: App) -> None:
        """post_shutdown; safe twice, and after a start that failed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._store.close()

    async def _introduce(self, application: App) -> None:
        """Command menu and descriptions. Telegram may ask for a long wait here; the bot works without."""
        try:
            async with asyncio.timeout(_INTRODUCTION_TIMEOUT):
                await application.bot.set_my_commands(self._conversation.commands)
                await application.bot.set_my_description(self._conversation.description)
                await application.bot.set_my_short_description(self._conversation.short_description)
        except (TelegramError, TimeoutError) as error:
            _log.warning("command menu and descriptions stay as they were: %s", type(error).__name__)

    async def _expire_regularly(self) -> None:
        while True:
            try:
                await self._expire()
            except Exception as error:
                _log.error("old sessions could not be deleted", exc_info=error)
            await asyncio.sleep(_EXPIRY_INTERVAL)

    async def _expire(self) -> None:
        count = await self._store.expire()
        if count:
            _log.info("deleted %d sessions that were too old", count)
