"""The clock by which rows age."""

from __future__ import annotations

import time


def running() -> float:
    """Seconds that this machine has been running, its sleep included where it counts that; nobody can set them."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Clock:
    """Seconds since 1970 that never go back.

    It begins at the time of day, or at the newest row where that is later, and goes on by itself: while a machine's
    clock is wrong, nothing ages faster or slower, and what was written before, during and after it keeps its order.
    """

    def __init__(self, time_of_day: float, newest: float | None) -> None:
        self._began = max(time_of_day, newest or 0.0) - running()

    def __call__(self) -> float:
        """Now."""
        return self._began + running()
