"""The rate limit over all chats, and trying again while Telegram or the network fails."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from aiolimiter import AsyncLimiter
from telegram.constants import FloodLimit
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot import faults, receipt

UNCONFIRMED_SENDS = 2
"""How often a new message is sent when Telegram does not confirm it in time: each may have arrived, and be there twice.
"""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0  # seconds between two attempts

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


class SendingPace(BaseRateLimiter[int]):
    """The rate limiter of the application. per_second: messages to all chats together; Telegram allows about 30.

    When Telegram asks for a pause in one chat, the library's own limiter pauses all of them. Here only the call itself
    waits, in `insist`.
    """

    def __init__(self, per_second: float = FloodLimit.MESSAGES_PER_SECOND) -> None:
        self._all = AsyncLimiter(per_second, 1)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make the call once the rate allows it."""
        if "chat_id" in data:
            await self._all.acquire()
        return await callback(*args, **kwargs)


async def insist(
    call: Callable[[], Awaitable[Result]], given_up: asyncio.Event | None = None, tries: int = sys.maxsize
) -> Result | None:
    """Make the call, and again while it fails for a temporary reason and the update's receipt has time.

    given_up: set when nobody needs the call any more; None is returned then. tries: the most calls. Raises
    TelegramError when the call is refused, or time or tries are up.
    """
    loop, mine, pause = asyncio.get_running_loop(), receipt.current(), _FIRST_PAUSE
    while not (given_up and given_up.is_set()):
        try:
            return await call()
        except TelegramError as error:
            wait = faults.wait_for(error)
            tries -= 1
            if wait is None or not tries:
                raise
            if isinstance(error, RetryAfter):  # the next updates of the chat need not wait for it
                mine.on_its_way()
            wait = max(wait, pause)
            if loop.time() + wait > mine.until:
                raise
            _log.info("a call failed (%s) and is made again in %.1f s", type(error).__name__, wait)
        await _wait(wait, given_up)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return None


async def _wait(seconds: float, given_up: asyncio.Event | None) -> None:
    if given_up is None:
        await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await given_up.wait()
    except TimeoutError:
        pass
