"""The clock that the age of a row is measured by."""

from __future__ import annotations

import time


def running() -> float:
    """Seconds since this machine was started, sleep included where the system counts it. Nobody can set this clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Clock:
    """Seconds since 1970 that never go back.

    It starts at the time of day, or at the newest row where that is later, and does not look at the time of day again.
    So when the machine's clock is wrong for a while, rows age as before and keep their order.
    """

    def __init__(self, time_of_day: float, newest: float | None) -> None:
        self._began = max(time_of_day, newest or 0.0) - running()

    def __call__(self) -> float:
        """Now."""
        return self._began + running()
