"""Starting the application, however long Telegram and the database take, and stopping it within a few seconds."""

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
"""Seconds for what is under way; a service manager often waits only ten before it kills."""

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


async def persist(action: Callable[[], Awaitable[object]]) -> None:
    """Carry out the action, and again with growing pauses, until Telegram and the database can be reached."""
    pause = 1.0
    while True:
        try:
            await action()
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
    """While the block runs, the application polls Telegram for updates."""
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
    """After the block undo `start`, even if that did not complete. Both have STOP_WITHIN seconds together."""
    try:
        async with asyncio.timeout(STOP_WITHIN):
            yield
            await application.shutdown()
    except TimeoutError:
        _log.warning("stopped before everything under way was done")
    finally:
        if application.post_shutdown:
            await application.post_shutdown(application)
