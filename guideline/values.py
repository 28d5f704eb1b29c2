"""Possible values of a fact: a set of values, or a span of numbers. Both have the same methods."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple, TypeVar

Choice = str | bool
Kind = TypeVar("Kind", "Values", "Span")

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ONE_SIDED = re.compile(r"(<=|<|>=|>)(\d+(?:\.\d+)?)")
_TWO_SIDED = re.compile(r"(>?)(\d+(?:\.\d+)?)-(<?)(\d+(?:\.\d+)?)")


class Values(frozenset[Choice]):
    """Some of a fact's values."""

    __slots__ = ()

    @property
    def single(self) -> bool:
        """Whether it has exactly one value."""
        return len(self) == 1

    def meets(self, other: Possible) -> bool:
        """Whether the two have a value in common. Raises TypeError for a span."""
        return not self.isdisjoint(_alike(self, other))

    def within(self, other: Possible) -> bool:
        """Whether the other has every value of this one. Raises TypeError for a span."""
        return self <= _alike(self, other)

    def both(self, other: Possible) -> Values:
        """The values that both have. Raises TypeError for a span."""
        return Values(self & _alike(self, other))


class Span(NamedTuple):
    """All numbers between low and high. low_in, high_in: whether the ends are included."""

    low: float
    high: float
    low_in: bool = True
    high_in: bool = True

    @classmethod
    def read(cls, text: str) -> Span:
        """The span of a text such as `<3`, `<=50`, `>20`, `>=90`, `3-20`, `70-<90` or `>3-5`. Raises ValueError for any
        other text."""
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
    def of(cls, text: str) -> Span:
        """The span of a number, or of a band as `read` takes it. Raises ValueError for any other text."""
        return cls.at(float(text)) if _NUMBER.fullmatch(text) else cls.read(text)

    @classmethod
    def at(cls, number: float) -> Span:
        """The span of one number."""
        return cls(number, number)

    def text(self, whole: Span) -> str:
        """The span as `of` takes it. whole: all numbers there can be, whose ends are left out."""
        low, high = f"{self.low:.10g}", f"{self.high:.10g}"
        if self.single:
            return low
        if (self.low, self.low_in) == (whole.low, whole.low_in):
            return f"{'<=' if self.high_in else '<'}{high}"
        if (self.high, self.high_in) == (whole.high, whole.high_in):
            return f"{'>=' if self.low_in else '>'}{low}"
        return f"{'' if self.low_in else '>'}{low}-{'' if self.high_in else '<'}{high}"

    @property
    def single(self) -> bool:
        """Whether it has exactly one number."""
        return self.low == self.high

    def meets(self, other: Possible) -> bool:
        """Whether the two have a number in common. Raises TypeError for a set of values."""
        span = _alike(self, other)
        low, high = max(self.low, span.low), min(self.high, span.high)
        return low < high or (low == high and self.holds(low) and span.holds(low))

    def within(self, other: Possible) -> bool:
        """Whether the other has every number of this one. Raises TypeError for a set of values."""
        span = _alike(self, other)
        low_fits = self.low > span.low or (self.low == span.low and (span.low_in or not self.low_in))
        high_fits = self.high < span.high or (self.high == span.high and (span.high_in or not self.high_in))
        return low_fits and high_fits

    def both(self, other: Possible) -> Span:
        """The numbers that both have; there has to be one. Raises TypeError for a set of values."""
        span = _alike(self, other)
        low, high = max(self.low, span.low), min(self.high, span.high)
        low_in = all(one.low_in for one in (self, span) if one.low == low)
        high_in = all(one.high_in for one in (self, span) if one.high == high)
        return Span(low, high, low_in, high_in)

    def holds(self, number: float) -> bool:
        """Whether the number is in the span."""
        if self.low < number < self.high:
            return True
        return (number == self.low and self.low_in) or (number == self.high and self.high_in)


EVERY_NUMBER = Span(-math.inf, math.inf, False, False)

Possible = Values | Span


def _alike(one: Kind, other: Any) -> Kind:
    if isinstance(other, Span if isinstance(one, Span) else frozenset):
        return other  # type: ignore[return-value]
    raise TypeError(f"{one!r} and {other!r} are not of the same kind")
