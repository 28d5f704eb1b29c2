"""What runs beside the updates: opening the store, deleting old sessions, setting the command menu."""

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
_EXPIRY_INTERVAL = 600.0  # seconds; in between the store does not return sessions that are too old

_log = logging.getLogger(__name__)


class Service:
    """The methods that the application calls before it starts and after it has stopped."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, application: App) -> None:
        """The application's post_init. A second call changes nothing. Raises StoreError and StoreUnavailableError."""
        await self._store.open()
        self._conversation.named(application.bot.username)
        if not self._tasks:  # in the background, so that no answer waits for them
            self._tasks = [
                asyncio.create_task(self._expire_regularly()),
                asyncio.create_task(self._introduce(application)),
            ]

    async def stop(self, application: App) -> None:
        """The application's post_shutdown. May be called twice, and after a start that failed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._store.close()

    async def _introduce(self, application: App) -> None:
        """Set the command menu and the descriptions. Telegram may ask for a long wait; the bot works without them."""
        try:
            async with asyncio.timeout(_INTRODUCTION_TIMEOUT):
                await application.bot.set_my_commands(self._conversation.commands)
                await application.bot.set_my_description(self._conversation.description)
                await application.bot.set_my_short_description(self._conversation.short_description)
        except (TelegramError, TimeoutError) as error:
            _log.warning("command menu and descriptions were not set: %s", type(error).__name__)

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
