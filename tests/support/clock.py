"""A loop in which nobody waits: where there is nothing to do until some time, it is that time at once."""

from __future__ import annotations

import asyncio
import selectors

_FOR_THREADS = 0.0002
"""Seconds that are really waited, in which a thread may report; the loop does not know that one is at work."""


class Hasty(asyncio.SelectorEventLoop):
    """An event loop for what goes on in this process alone; its clock runs ahead of the real one."""

    def __init__(self) -> None:
        self.ahead = 0.0
        super().__init__(_Selector(self))

    def time(self) -> float:
        """The loop's own time, in seconds."""
        return super().time() + self.ahead


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: Hasty) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See selectors; but a timeout that would have to be waited for is over."""
        if not timeout:
            return super().select(timeout)
        found = super().select(min(timeout, _FOR_THREADS))
        if not found:
            self._loop.ahead += timeout
        return found
