"""The case: which facts there are, which values they take, and what a case may not say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from guideline.span import Span

Choice = str | bool
Possible = frozenset[Choice] | Span
"""What is still possible for a fact: some of its values, or a span of numbers."""

_YES_NO: tuple[Choice, ...] = (True, False)

CHOICES: Mapping[str, tuple[Choice, ...]] = MappingProxyType(
    {
        "grade": ("G1", "G2", "G3"),
        "graded_tissue": ("metastasis", "primary"),
        "differentiation": ("well", "poor"),
        "pattern": ("I", "II", "III"),
        "pattern_fit": ("typical", "nearest"),
        "primary": ("resected", "resectable", "unresectable", "not_found"),
        "r0_feasible": _YES_NO,
        "extrahepatic": ("none", "resectable", "unresectable"),
        "fit_for_surgery": _YES_NO,
        "carcinoid_heart_disease": ("none", "optimised", "uncontrolled"),
        "one_stage_clearance": _YES_NO,
        "hormonal_symptoms": _YES_NO,
        "carcinoid_syndrome": _YES_NO,
        "refractory_symptoms": _YES_NO,
        "local_effects": _YES_NO,
        "timing": ("synchronous", "metachronous"),
        "primary_site": (
            "pancreas", "duodenum", "stomach", "small_bowel", "appendix",
            "colon", "rectum", "lung", "other", "unknown",
        ),
        "primary_small_asymptomatic": _YES_NO,
        "hepatomegaly": _YES_NO,
        "portal_drainage": _YES_NO,
    }
)  # fmt: skip

_FROM_ZERO = Span(0, math.inf, True, False)
_PERCENT = Span(0, 100)

NUMBERS: Mapping[str, tuple[Span, str]] = MappingProxyType(
    {
        "ki67": (_PERCENT, "a number from 0 to 100 (%)"),
        "lesion_count": (Span(1, math.inf, True, False), "a whole number from 1"),
        "mitoses": (_FROM_ZERO, "a number from 0 (per 10 high-power fields)"),
        "debulkable_percent": (_PERCENT, "a number from 0 to 100 (% of the tumour volume)"),
        "largest_lesion_cm": (Span(0, math.inf, False, False), "a number above 0 (cm)"),
        "age": (Span(0, 130), "a number from 0 to 130 (years)"),
        "liver_involvement_percent": (_PERCENT, "a number from 0 to 100 (% of the liver)"),
        "stable_months": (_FROM_ZERO, "a number from 0 (months)"),
    }
)

WHOLE = frozenset({"lesion_count"})
"""The numbers that are counted: 8 or 8.0 is taken, 7.5 is not."""

FACTS: tuple[str, ...] = (*CHOICES, *NUMBERS)


class CaseError(ValueError):
    """A case that cannot be taken. `field` names the fact, or is None when no single fact is to blame."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def domain(fact: str) -> Possible:
    """Everything the fact could be. Raises KeyError for a name that is not a fact."""
    if fact in NUMBERS:
        return NUMBERS[fact][0]
    return frozenset(CHOICES[fact])


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a patient, fact by fact; a fact that is absent is not known yet."""

    known: Mapping[str, Possible] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> Case:
        """Take the facts by name (units and ranges: CHOICES and NUMBERS).

        A value may be one of the fact's values, a number, None (not known yet), or, narrower than unknown
        but wider than a value, a frozenset of values or a Span. Raises CaseError that names the fact.
        """
        if not isinstance(facts, Mapping):
            raise CaseError(None, f"case: got {_shown(facts)}; takes an object of facts")
        known: dict[str, Possible] = {}
        for name, value in facts.items():
            if name not in CHOICES and name not in NUMBERS:
                raise CaseError(str(name), f"{_shown(name)} is not a fact of a case")
            if value is None:
                continue
            possible = _number(name, value) if name in NUMBERS else _choice(name, value)
            if possible != domain(name):
                known[name] = possible
        _refuse_absent_hormones(known)
        return cls(MappingProxyType(known))

    def possible(self, fact: str) -> Possible:
        """What the fact can still be. Raises KeyError for a name that is not a fact."""
        return self.known[fact] if fact in self.known else domain(fact)

    def settled(self, fact: str) -> bool:
        """Whether the fact has exactly one value."""
        possible = self.possible(fact)
        return possible.single if isinstance(possible, Span) else len(possible) == 1


def _choice(name: str, value: object) -> frozenset[Choice]:
    values = CHOICES[name]
    given = value if isinstance(value, frozenset) else {value} if isinstance(value, str | bool) else set()
    # True == 1 in Python, so the type is compared as well.
    if given and all(any(type(g) is type(v) and g == v for v in values) for g in given):
        return frozenset(given)
    takes = "true or false" if values == _YES_NO else ", ".join(map(str, values))
    raise CaseError(name, f"{name}: got {_shown(value)}; takes {takes}")


def _number(name: str, value: object) -> Span:
    span, takes = NUMBERS[name]
    if isinstance(value, Span) and value.meets(span):
        return value.both(span)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            given = Span.at(float(value))
        except OverflowError:
            given = Span.at(math.inf)
        if math.isfinite(given.low) and given.within(span) and (name not in WHOLE or given.low.is_integer()):
            return given
    raise CaseError(name, f"{name}: got {_shown(value)}; takes {takes}")


def _refuse_absent_hormones(known: Mapping[str, Possible]) -> None:
    if known.get("hormonal_symptoms") != frozenset({False}):
        return
    for name in ("carcinoid_syndrome", "refractory_symptoms"):
        if known.get(name) == frozenset({True}):
            raise CaseError("hormonal_symptoms", f"hormonal_symptoms is false, but {name} is true, which implies it")


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # an integer too long to print
        text = "a very long number"
    return text if len(text) <= 40 else text[:37] + "…"
