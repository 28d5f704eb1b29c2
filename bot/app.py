"""The application: everything about how the bot runs is decided in build_application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.errors import Errors
from bot.handlers import Handlers
from bot.lanes import SLOTS, Lanes
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER)
BOOTSTRAP_RETRIES = 5
POOL_TIMEOUT = 15.0  # seconds; with the library's 1 s a busy moment becomes TimedOut
_INTRODUCTION_TIMEOUT = 10.0  # seconds
_EXPIRY_INTERVAL = 3600.0  # seconds

_log = logging.getLogger(__name__)


def build_application(
    settings: Settings, conversation: Conversation, store: SessionStore, request: BaseRequest | None = None
) -> App:
    """The bot, ready to be initialized.

    settings.bot_token must not be empty. request carries all calls instead of the library's own HTTP
    client. Telegram's own run methods call post_init and post_shutdown; whoever initializes the
    application in another way calls them.
    """
    service = _Service(settings, conversation, store)
    builder = (
        ApplicationBuilder()
        .token(settings.bot_token)
        .base_url(f"{settings.bot_api_url}/bot")
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .rate_limiter(AIORateLimiter(max_retries=3))
        .concurrent_updates(Lanes())
        .job_queue(None)
        .post_init(service.start)
        .post_shutdown(service.stop)
    )
    if request is None:
        builder = builder.connection_pool_size(SLOTS).pool_timeout(POOL_TIMEOUT)
    else:
        builder = builder.request(request).get_updates_request(request)
    application = builder.build()
    _register(application, settings, conversation, store)
    return application


@contextlib.asynccontextmanager
async def polling(application: App) -> AsyncIterator[None]:
    """The application polls while the block runs: run_polling inside a loop that has other things to do."""
    if not (application.updater and application.post_init and application.post_shutdown):
        raise ValueError("not an application of build_application")
    updater = application.updater
    try:
        await application.initialize()
        await application.post_init(application)
        await updater.start_polling(bootstrap_retries=BOOTSTRAP_RETRIES, allowed_updates=ALLOWED_UPDATES)
        await application.start()
        yield
    finally:
        if updater.running:
            await updater.stop()
        if application.running:
            await application.stop()
        await application.shutdown()
        await application.post_shutdown(application)


def _register(application: App, settings: Settings, conversation: Conversation, store: SessionStore) -> None:
    handlers = Handlers(conversation, store, settings.allowed_users)
    own = filters.ViaBot(int(settings.bot_token.partition(":")[0]))
    message = filters.UpdateType.MESSAGE & ~own  # not an edited one, nor a card sent from inline mode
    private = message & filters.ChatType.PRIVATE
    if settings.allowed_users:
        application.add_handler(TypeHandler(Update, handlers.turn_away), group=-1)
    # The first that matches gets the update.
    application.add_handlers(
        (
            CallbackQueryHandler(handlers.tap),
            InlineQueryHandler(handlers.inline),
            MessageHandler(private & filters.COMMAND, handlers.command),
            MessageHandler(private & filters.TEXT, handlers.typed),
            MessageHandler(private & ~filters.StatusUpdate.ALL, handlers.refused),
            MessageHandler(message & filters.ChatType.GROUPS & filters.COMMAND, handlers.in_group),
            ChatMemberHandler(handlers.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        )
    )
    application.add_error_handler(Errors(conversation, store).handle)


class _Service:
    """What goes on beside the updates: the store is open, old sessions are deleted every hour."""

    def __init__(self, settings: Settings, conversation: Conversation, store: SessionStore) -> None:
        self._retention = settings.retention_hours * 3600.0
        self._conversation = conversation
        self._store = store
        self._expiry: asyncio.Task[None] | None = None

    async def start(self, application: App) -> None:
        """post_init; a second call changes nothing. Raises StoreError."""
        await self._store.open()
        if self._expiry is None:
            await self._expire()
            self._expiry = asyncio.create_task(self._expire_hourly())
            await self._introduce(application)

    async def stop(self, application: App) -> None:
        """post_shutdown; safe twice, and after a start that failed."""
        if self._expiry is not None:
            self._expiry.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._expiry
            self._expiry = None
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

    async def _expire_hourly(self) -> None:
        while True:
            await asyncio.sleep(_EXPIRY_INTERVAL)
            try:
                await self._expire()
            except Exception as error:
                _log.error("old sessions could not be deleted", exc_info=error)

    async def _expire(self) -> None:
        count = await self._store.expire(time.time() - self._retention)
        if count:
            _log.info("deleted %d sessions that were too old", count)
