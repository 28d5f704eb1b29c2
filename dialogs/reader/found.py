"""A fact that was read from a text, with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guideline.case import NUMBERS
from guideline.values import Choice, Span

NUMERAL = re.compile(r"\d+(?:\.\d+)?")
"""A number as the reader writes it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that was read. value: a value, or for a number its text: `8`, `2.5`, `<2`, `10-15`. start, end: its place
    in the text. scored: whether it was read from a score, such as the fitness from a performance status."""

    fact: str
    value: Choice
    start: int
    end: int
    scored: bool = False

    @property
    def possible(self) -> Choice | Span | float:
        """The value as a case takes it."""
        if self.fact not in NUMBERS:
            return self.value
        text = str(self.value)
        return float(text) if NUMERAL.fullmatch(text) else Span.read(text)

    @property
    def plain(self) -> Choice | float | int:
        """The value as JSON has it: a band as text."""
        if self.fact not in NUMBERS or not NUMERAL.fullmatch(str(self.value)):
            return self.value
        number = float(self.value)
        return int(number) if number.is_integer() else number
