"""Running the application: started, however long its neighbours take, and stopped within a few seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.polling import Polling
from bot.service import App
from bot.store import StoreUnavailableError

STOP_WITHIN = 8.0
"""Seconds for what is under way; whoever stops services waits ten before it kills."""

_LONGEST_PAUSE = 15.0  # seconds between two attempts at the start

_log = logging.getLogger(__name__)


async def start(application: App) -> None:
    """Initialize the application and open its store, as soon as Telegram and the database are there.

    Raises InvalidToken, StoreError.
    """
    if not application.post_init:
        raise ValueError("not an application of build_application")
    await persist(application.initialize)
    post_init = application.post_init
    await persist(lambda: post_init(application))


async def persist(deed: Callable[[], Awaitable[object]]) -> None:
    """Do it, more and more patiently, until Telegram and the database are there for it."""
    pause = 1.0
    while True:
        try:
            await deed()
        except (NetworkError, RetryAfter, StoreUnavailableError) as error:
            if isinstance(error, BadRequest):
                raise
            who = "the database" if isinstance(error, StoreUnavailableError) else "Telegram"
            _log.warning("not started yet: no answer from %s (%s), tried again in %.0f s", who, error, pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


@contextlib.asynccontextmanager
async def polling(application: App) -> AsyncIterator[None]:
    """The application asks Telegram for updates while the block runs."""
    polls = Polling(application)
    running: asyncio.Task[None] | None = None
    try:
        await start(application)
        await persist(application.bot.delete_webhook)
        running = asyncio.create_task(polls.run())
        _log.info("polling begins")
        yield
    finally:
        async with stopping(application):
            if running is not None:
                running.cancel()
                await asyncio.wait((running,))
                await polls.stop(STOP_WITHIN - 3)


@contextlib.asynccontextmanager
async def stopping(application: App) -> AsyncIterator[None]:
    """Behind the block undo `start`, whole or half done; the block has STOP_WITHIN seconds."""
    try:
        async with asyncio.timeout(STOP_WITHIN):
            yield
            await application.shutdown()
    except TimeoutError:
        _log.warning("stopped before everything under way had ended")
    finally:
        if application.post_shutdown:
            await application.post_shutdown(application)
