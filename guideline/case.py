"""The case: its facts, what each takes, and which contradictions are refused (docs/contract.md, section 1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from guideline.values import EVERY_NUMBER, Choice, Possible, Span, Values


class CaseError(ValueError):
    """A case that is refused. `field` names the fact; None when the error is not about a single fact."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Fact:
    """One fact of a case.

    values: what it can be, in the order in which they are listed; empty for a number. span: what a number can be.
    unit: of a number, in words. whole: whether the number is a count, of which 8 and 8.0 are taken and 7.5 is not.
    """

    name: str
    values: tuple[Choice, ...] = ()
    span: Span = EVERY_NUMBER
    unit: str = ""
    whole: bool = False

    @cached_property
    def domain(self) -> Possible:
        """Everything the fact could be."""
        return Values(self.values) if self.values else self.span

    @cached_property
    def takes(self) -> str:
        """What it takes, in words: for the message of a refusal, and the notice on a number that is out of range."""
        if self.values:
            return "true or false" if self.values == YES_NO else ", ".join(map(str, self.values))
        kind = "a whole number" if self.whole else "a number"
        low = f"{'from' if self.span.low_in else 'above'} {self.span.low:g}"
        high = f" to {self.span.high:g}" if self.span.high < math.inf else ""
        return f"{kind} {low}{high}" + (f" ({self.unit})" if self.unit else "")

    def read(self, value: object) -> Possible:
        """What the value says about the fact. Raises CaseError for a wrong value or type.

        value: one of the fact's values, or a number; or several possible ones, as a frozenset of values or a Span.
        """
        possible: Possible | None
        try:
            possible = self._singles.get((type(value), value)) if self.values else self._number(value)
        except TypeError:  # not hashable, such as a list
            possible = None
        if possible is None and (possible := self._part(value)) is None:
            raise CaseError(self.name, f"{self.name}: got {_shown(value)}; takes {self.takes}")
        return possible

    @cached_property
    def _singles(self) -> Mapping[tuple[type, object], Possible]:
        # The type is part of the key, because True == 1 in Python.
        return {(type(value), value): Values({value}) for value in self.values}

    def _part(self, value: object) -> Possible | None:
        if self.values:
            parts = [self._singles.get((type(one), one)) for one in value] if isinstance(value, frozenset) else []
            return Values(value) if parts and None not in parts else None  # type: ignore[call-overload]
        return value.both(self.span) if isinstance(value, Span) and value.meets(self.span) else None

    def _number(self, value: object) -> Span | None:
        if type(value) not in (int, float):  # not a bool, which is an int in Python
            return None
        try:
            number = float(value)  # type: ignore[arg-type]
        except OverflowError:
            return None
        return Span.at(number) if self.span.holds(number) and (not self.whole or number.is_integer()) else None


YES_NO: tuple[Choice, ...] = (True, False)
YES, NO = Values({True}), Values({False})
_PERCENT = Span(0, 100)
_FROM_ZERO = Span(0, math.inf, True, False)

BY_NAME: Mapping[str, Fact] = MappingProxyType(
    {
        fact.name: fact
        for fact in (
            Fact("grade", ("G1", "G2", "G3")),
            Fact("graded_tissue", ("metastasis", "primary")),
            Fact("differentiation", ("well", "poor")),
            Fact("pattern", ("I", "II", "III")),
            Fact("pattern_fit", ("typical", "nearest")),
            Fact("primary", ("resected", "resectable", "unresectable", "not_found")),
            Fact("r0_feasible", YES_NO),
            Fact("extrahepatic", ("none", "resectable", "unresectable")),
            Fact("fit_for_surgery", YES_NO),
            Fact("carcinoid_heart_disease", ("none", "optimised", "uncontrolled")),
            Fact("one_stage_clearance", YES_NO),
            Fact("hormonal_symptoms", YES_NO),
            Fact("carcinoid_syndrome", YES_NO),
            Fact("refractory_symptoms", YES_NO),
            Fact("local_effects", YES_NO),
            Fact("timing", ("synchronous", "metachronous")),
            Fact(
                "primary_site",
                (
                    "pancreas", "duodenum", "stomach", "small_bowel", "appendix",
                    "colon", "rectum", "lung", "other", "unknown",
                ),
            ),
            Fact("primary_small_asymptomatic", YES_NO),
            Fact("hepatomegaly", YES_NO),
            Fact("portal_drainage", YES_NO),
            Fact("ki67", span=_PERCENT, unit="%"),
            Fact("lesion_count", span=Span(1, math.inf, True, False), whole=True),
            Fact("mitoses", span=_FROM_ZERO, unit="per 10 high-power fields"),
            Fact("debulkable_percent", span=_PERCENT, unit="% of the tumour volume"),
            Fact("largest_lesion_cm", span=Span(0, math.inf, False, False), unit="cm"),
            Fact("age", span=Span(0, 130), unit="years"),
            Fact("liver_involvement_percent", span=_PERCENT, unit="% of the liver"),
            Fact("stable_months", span=_FROM_ZERO, unit="months"),
        )
    }
)  # fmt: skip
"""Every fact of a case, by name."""

FACTS: tuple[str, ...] = tuple(BY_NAME)
"""The names of all facts."""

CHOICES: Mapping[str, tuple[Choice, ...]] = MappingProxyType({f.name: f.values for f in BY_NAME.values() if f.values})
"""The values of each fact that is not a number."""

NUMBERS: Mapping[str, tuple[Span, str]] = MappingProxyType(
    {f.name: (f.span, f.takes) for f in BY_NAME.values() if not f.values}
)
"""For each fact that is a number, its range, and what it takes in words."""


def domain(fact: str) -> Possible:
    """Everything the fact could be. Raises KeyError for a name that is not a fact."""
    return BY_NAME[fact].domain


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a patient, fact by fact; a fact that is absent is not known yet."""

    known: Mapping[str, Possible] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> Case:
        """The case of these facts, by name. A value is what `Fact.read` takes, or None for not known yet.

        Raises CaseError that names the fact.
        """
        if not isinstance(facts, Mapping):
            raise CaseError(None, f"case: got {_shown(facts)}; takes an object of facts")
        known: dict[str, Possible] = {}
        for name, value in facts.items():
            fact = BY_NAME.get(name)
            if fact is None:
                raise CaseError(str(name), f"{_shown(name)} is not a fact of a case")
            if value is None:
                continue
            possible = fact.read(value)
            if possible.single or possible != fact.domain:
                known[name] = possible
        if known.get("hormonal_symptoms") == NO:
            for name in ("carcinoid_syndrome", "refractory_symptoms"):
                if known.get(name) == YES:
                    raise absent_hormones(name)
        return cls(MappingProxyType(known))

    def possible(self, fact: str) -> Possible:
        """What the fact can still be. Raises KeyError for a name that is not a fact."""
        return self.known[fact] if fact in self.known else BY_NAME[fact].domain

    def settled(self, fact: str) -> bool:
        """Whether the fact has exactly one value."""
        return self.possible(fact).single


def absent_hormones(fact: str) -> CaseError:
    """The error for a case without hormonal symptoms in which this fact, which implies them, is true."""
    message = f"hormonal_symptoms is false, but {fact} is true, which implies it"
    return CaseError("hormonal_symptoms", message)


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # an integer too long to print
        text = "a very long number"
    return text if len(text) <= 40 else text[:37] + "…"
