"""How things are measured: in rounds, each beside its yardstick, and as ratios of medians."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. must, aim: the highest value allowed and hoped for; None: the row is only reported."""

    what: str
    value: float
    unit: str = "×"
    must: float | None = None
    aim: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether `must` holds; None where there is none."""
        return None if self.must is None else self.value <= self.must


def per_call(deed: Callable[[], object], least: float = 0.03) -> float:
    """Seconds of the processor for one call, over at least `least` seconds of calls."""
    calls, began = 0, time.process_time()
    while (spent := time.process_time() - began) < least:
        deed()
        calls += 1
    return spent / calls


def beside(yardstick: Callable[[], float], *deeds: Callable[[], float]) -> tuple[float, ...]:
    """Medians over ROUNDS of the yardstick and of each deed, taken in turn so that all meet the same machine."""
    everything = (yardstick, *deeds)
    rounds = [[deed() for deed in everything] for _ in range(ROUNDS)]
    return tuple(median(values) for values in zip(*rounds, strict=True))


async def beside_async(*deeds: Callable[[], Awaitable[float]]) -> tuple[float, ...]:
    """The same for deeds that are awaited; the first is the yardstick."""
    rounds = [[await deed() for deed in deeds] for _ in range(ROUNDS)]
    return tuple(median(values) for values in zip(*rounds, strict=True))
