"""An event loop that skips waiting: when there is nothing to do until some time, its clock jumps to that time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class Hasty(asyncio.SelectorEventLoop):
    """An event loop for what happens within this process. Its clock runs ahead of the real one, except while a thread
    works for it.

    ahead: by how many seconds. threads: how many are at work.
    """

    def __init__(self) -> None:
        self.ahead = 0.0
        self.threads = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        """The loop's own time, in seconds."""
        return super().time() + self.ahead

    def run_in_executor(  # type: ignore[override] # any function will do
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """See asyncio; the thread is counted until the loop has its result."""
        self.threads += 1
        working: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        working.add_done_callback(self._came_back)
        return working

    def _came_back(self, working: asyncio.Future[Any]) -> None:
        self.threads -= 1


class _Selector(selectors.DefaultSelector):
    """Never waits, unless a thread is at work."""

    def __init__(self, loop: Hasty) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See selectors. Instead of waiting for a timeout, it moves the clock of the loop forward."""
        if not timeout or self._loop.threads:
            return super().select(timeout)
        found = super().select(0)
        if not found:
            self._loop.ahead += timeout
        return found
