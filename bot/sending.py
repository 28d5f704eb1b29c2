"""How fast the bot sends, and what it does when Telegram finds it too fast.

The library's own limiter lets everybody wait where Telegram asks it to wait in one chat: one hasty person would stop
the bot for all. Here only that call waits, and with it the lane of its chat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.constants import FloodLimit
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

RETRIES = 3
LONGEST_WAIT = 30.0
"""Seconds. A call that is to wait longer fails: a webhook's update comes again, else the next tap heals it."""

_log = logging.getLogger(__name__)


class SendingPace(BaseRateLimiter[int]):
    """The rate limiter of the application. per_second: messages to all chats together; Telegram allows about 30."""

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
        """Make the call when there is room for it; up to RETRIES times again. Raises RetryAfter."""
        for left in reversed(range(RETRIES + 1)):
            if "chat_id" in data:
                await self._all.acquire()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = (
                    error._retry_after.total_seconds()
                )  # the public one changes its type by an environment variable
                if not left or seconds > LONGEST_WAIT:
                    raise
                _log.info("%s came too fast, again in %.0f s", endpoint, seconds)
                await asyncio.sleep(seconds)
        raise AssertionError("unreachable")
