"""A condition: every fact in it is known to have one of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guideline.classes import Classes
from guideline.values import Possible


@dataclass(frozen=True)
class Condition:
    """facts: each with its values, or the span of a number.

    The others are set once the condition is bound to classes. tests: for each fact its name, the bits of the values,
    and the fact's other bits. within: the bits of the values, for each fact. outside: all the other bits together.
    """

    facts: Mapping[str, Possible]
    tests: tuple[tuple[str, int, int], ...] = ()
    within: tuple[int, ...] = ()
    outside: int = 0

    def bound(self, classes: Classes) -> Condition:
        """The condition in the bits of the classes."""
        within = {fact: classes.bits(fact, values) for fact, values in self.facts.items()}
        tests = tuple((fact, bits, classes.whole[fact] & ~bits) for fact, bits in within.items())
        return replace(self, tests=tests, within=tuple(within.values()), outside=sum(test[2] for test in tests))

    def holds(self, bits: int) -> bool | None:
        """True when every fact is known to have one of its values, False when one is known to have none, else None."""
        for within in self.within:
            if not bits & within:
                return False
        return None if bits & self.outside else True

    def against(self, bits: int) -> list[str]:
        """The facts that are known to have none of their values."""
        return [fact for fact, within, _ in self.tests if not bits & within]

    def known_facts(self, bits: int) -> list[str]:
        """The facts that are known to have one of their values."""
        return [fact for fact, _, outside in self.tests if not bits & outside]

    def some_known(self, bits: int) -> bool:
        """Whether some fact is known to have one of its values."""
        for _, _, outside in self.tests:  # noqa: SIM110 - called hundreds of times a tap, and a generator is slower
            if not bits & outside:
                return True
        return False

    def open_facts(self, bits: int) -> list[str]:
        """The facts that are not known well enough to decide it."""
        return [fact for fact, within, outside in self.tests if bits & within and bits & outside]
