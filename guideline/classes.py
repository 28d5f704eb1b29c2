"""What is known of a case as the bits of one integer, so that a rule is decided with a few operations.

Each value of a fact has a bit, and so has each band into which the thresholds of the data divide a number; nothing in
the data distinguishes the numbers of a band. A bit is set while its value is possible; of a fact that is not known, all
bits are set. Derived facts and the headline have bits as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from guideline.case import BY_NAME
from guideline.values import Choice, Possible, Span, Values

NUMBERS_REMEMBERED = 4096
"""Entries of the cache of bits by fact and value."""


class Classes:
    """Assigns the bits. They cover the facts of a case and the derived ones.

    parts: the values or bands of each fact, in the order of its bits.
    """

    def __init__(self, asked: Iterable[tuple[str, Possible]], derived: Mapping[str, tuple[Choice, ...]]) -> None:
        """asked: all facts and values in conditions of the data. derived: the derived facts with all their values."""
        spans: dict[str, list[Span]] = {}
        for fact, possible in asked:
            if isinstance(possible, Span):
                spans.setdefault(fact, []).append(possible)
        self.parts: dict[str, tuple[Possible, ...]] = {
            fact.name: tuple(Values({value}) for value in fact.values) or divided(fact.span, spans.get(fact.name, []))
            for fact in BY_NAME.values()
        }
        self.parts |= {fact: tuple(Values({value}) for value in values) for fact, values in derived.items()}
        self.first: dict[str, int] = {}
        """The position of each fact's lowest bit."""
        self.whole: dict[str, int] = {}
        """All bits of each fact."""
        place = 0
        for fact, parts in self.parts.items():
            self.first[fact] = place
            self.whole[fact] = (1 << len(parts)) - 1 << place
            place += len(parts)
        self.nothing_known = (1 << place) - 1
        self.bits = lru_cache(NUMBERS_REMEMBERED)(self._bits)
        self._kept = lru_cache(NUMBERS_REMEMBERED)(lambda fact, possible: ~self.whole[fact] | self.bits(fact, possible))

    def _bits(self, fact: str, possible: Possible) -> int:
        """The bits of the fact's values or bands that overlap with `possible`."""
        return sum(1 << place for place, part in enumerate(self.parts[fact], self.first[fact]) if part.meets(possible))

    def bit(self, fact: str, value: Choice) -> int:
        """The bit of a value."""
        return self.bits(fact, Values({value}))

    def known(self, facts: Mapping[str, Possible]) -> int:
        """The bits of a case in which these facts are known and all others are not."""
        bits = self.nothing_known
        for fact, possible in facts.items():
            bits &= self._kept(fact, possible)
        return bits

    def only(self, facts: Iterable[str], bits: int) -> int:
        """The bits of a case in which all facts but these are unknown."""
        kept = sum(self.whole[fact] for fact in facts)
        return self.nothing_known & ~kept | bits & kept

    def says(self, fact: str, bits: int) -> bool:
        """Whether something is known of the fact."""
        return bits & self.whole[fact] != self.whole[fact]

    def open(self, fact: str, bits: int) -> bool:
        """Whether more than one value or band of the fact is possible."""
        return (bits & self.whole[fact]).bit_count() > 1

    def each(self, fact: str, bits: int) -> list[int]:
        """For each value or band of the fact that is possible, the bits of the case with only that one."""
        others, own = bits & ~self.whole[fact], bits & self.whole[fact]
        return [others | 1 << place for place in range(own.bit_length()) if own >> place & 1]

    def possible(self, fact: str, bits: int) -> list[Possible]:
        """The values or bands of a fact that are still possible."""
        return [part for place, part in enumerate(self.parts[fact], self.first[fact]) if bits >> place & 1]

    def values(self, fact: str, bits: int) -> Values:
        """The values of a fact that are still possible; none for a number."""
        return Values(value for part in self.possible(fact, bits) if isinstance(part, Values) for value in part)


def divided(whole: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The whole range, divided wherever one of the spans begins or ends."""
    # A cut lies just below its number (0) or just above it (1).
    cuts = {(span.low, int(not span.low_in)) for span in spans} | {(span.high, int(span.high_in)) for span in spans}
    first, last = (whole.low, int(not whole.low_in)), (whole.high, int(whole.high_in))
    inside = sorted(cut for cut in cuts if first < cut < last)
    between = pairwise((first, *inside, last))
    return tuple(Span(low, high, not above, bool(up_to)) for (low, above), (high, up_to) in between)
