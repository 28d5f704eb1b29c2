"""A stretch of numbers: what is known of a number, or what a threshold asks of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_ONE_SIDED = re.compile(r"(<=|<|>=|>)(\d+(?:\.\d+)?)")
_TWO_SIDED = re.compile(r"(>?)(\d+(?:\.\d+)?)-(<?)(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers between low and high, each end taken in or left out."""

    low: float
    high: float
    low_in: bool = True
    high_in: bool = True

    @classmethod
    def read(cls, text: str) -> Span:
        """Read `<3`, `<=50`, `>20`, `>=90`, `3-20`, `70-<90` or `>3-5`. Raises ValueError on anything else."""
        if found := _ONE_SIDED.fullmatch(text):
            sign, number = found[1], float(found[2])
            if sign.startswith("<"):
                return cls(-math.inf, number, False, sign == "<=")
            return cls(number, math.inf, sign == ">=", False)
        if found := _TWO_SIDED.fullmatch(text):
            low, high = float(found[2]), float(found[4])
            if low < high:
                return cls(low, high, not found[1], not found[3])
        raise ValueError(f"{text!r} is not a band such as '<3', '3-20', '>=90' or '>3-5'")

    @classmethod
    def at(cls, number: float) -> Span:
        """The span that holds this one number."""
        return cls(number, number)

    @property
    def single(self) -> bool:
        return self.low == self.high

    def meets(self, other: Span) -> bool:
        """Whether the two share a number."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low < high:
            return True
        return low == high and self._holds(low) and other._holds(low)

    def both(self, other: Span) -> Span:
        """The numbers of both; they have to meet."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        low_in = all(span.low_in for span in (self, other) if span.low == low)
        high_in = all(span.high_in for span in (self, other) if span.high == high)
        return Span(low, high, low_in, high_in)

    def within(self, other: Span) -> bool:
        """Whether every number of this span lies in the other."""
        low_fits = self.low > other.low or (self.low == other.low and (other.low_in or not self.low_in))
        high_fits = self.high < other.high or (self.high == other.high and (other.high_in or not self.high_in))
        return low_fits and high_fits

    def _holds(self, number: float) -> bool:
        above = number > self.low or (number == self.low and self.low_in)
        below = number < self.high or (number == self.high and self.high_in)
        return above and below
