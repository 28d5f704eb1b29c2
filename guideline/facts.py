"""Facts that follow from others: the grade from counts and differentiation (§2), what symptoms imply, steps 1–3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guideline.case import CHOICES, Case, CaseError, Choice, Possible
from guideline.span import Span

GRADES = CHOICES["grade"]

Bands = Mapping[str, Mapping[str, Span]]
"""For `ki67` and `mitoses`: the band of each grade."""

YES: frozenset[Choice] = frozenset({True})
NO: frozenset[Choice] = frozenset({False})
OPEN: frozenset[Choice] = YES | NO

BEHIND: Mapping[str, tuple[str, ...]] = {
    "metastases_unresectable": ("pattern", "r0_feasible"),
    "indication": ("refractory_symptoms", "local_effects"),
    "cure_by_resection": ("primary", "r0_feasible", "extrahepatic"),
}
"""The yes-or-no facts that rules may ask for besides those of a case, and the facts behind each."""


def grade_bands(bands: Mapping[str, Span], count: Possible) -> frozenset[Choice]:
    """The grades that a count (Ki-67 in %, or mitoses per 10 high-power fields) can still mean (§2)."""
    assert isinstance(count, Span)
    return frozenset(grade for grade, band in bands.items() if count.meets(band))


POOR: frozenset[Choice] = frozenset({"poor"})
WELL: frozenset[Choice] = frozenset({"well"})
HIGHEST: frozenset[Choice] = frozenset({GRADES[-1]})


def grade_of(case: Case, bands: Bands) -> frozenset[Choice]:
    """The grades still possible (§2). With both counts the higher grade holds, so one count alone is a lower bound.
    Poor differentiation means G3.

    Raises CaseError when `grade` contradicts the counts, or `differentiation` is poor beside another grade than G3.
    """
    by_ki67 = grade_bands(bands["ki67"], case.possible("ki67"))
    by_mitoses = grade_bands(bands["mitoses"], case.possible("mitoses"))
    computed = frozenset(max(a, b, key=GRADES.index) for a in by_ki67 for b in by_mitoses)
    stated = case.possible("grade")
    assert isinstance(stated, frozenset)
    if not stated & computed:
        counts = " and ".join(name for name in ("ki67", "mitoses") if name in case.known)
        message = f"grade: {_listed(stated)} contradicts {counts}, by which it is {_listed(computed)}"
        raise CaseError("grade", message)
    if case.possible("differentiation") != POOR:
        return stated & computed
    if GRADES[-1] not in stated & computed:
        behind = " and ".join(name for name in ("grade", "ki67", "mitoses") if name in case.known)
        message = f"differentiation: poor means G3, but by {behind} it is {_listed(stated & computed)}"
        raise CaseError("differentiation", message)
    return HIGHEST


def derive(case: Case, bands: Bands) -> dict[str, Possible]:
    """Everything known, with what follows from it, by name. Raises CaseError like `grade_of`."""
    possible = dict(case.known)
    possible["grade"] = grades = grade_of(case, bands)
    if grades.isdisjoint(HIGHEST):
        possible["differentiation"] = WELL
    if case.possible("hormonal_symptoms") == NO:
        possible["carcinoid_syndrome"] = possible["refractory_symptoms"] = NO
    elif YES in (case.possible("carcinoid_syndrome"), case.possible("refractory_symptoms")):
        possible["hormonal_symptoms"] = YES

    def is_one_of(fact: str, *values: Choice) -> frozenset[Choice]:
        now = possible.get(fact, case.possible(fact))
        assert isinstance(now, frozenset)
        return YES if now <= set(values) else OPEN if now & set(values) else NO

    possible["metastases_unresectable"] = _any_of(is_one_of("pattern", "III"), is_one_of("r0_feasible", False))
    possible["indication"] = _any_of(is_one_of("refractory_symptoms", True), is_one_of("local_effects", True))
    no_cure = _any_of(
        is_one_of("primary", "unresectable"),
        is_one_of("r0_feasible", False),
        is_one_of("extrahepatic", "unresectable"),
    )
    possible["cure_by_resection"] = frozenset(not value for value in no_cure)
    return possible


def stated_behind(fact: str, case: Case, bands: Bands) -> tuple[str, ...]:
    """The known facts of the case that what is known of `fact` rests on, as few as will do."""
    if fact == "grade" and not case.settled("grade"):
        if case.possible("differentiation") == POOR:
            return ("differentiation",)
        for count in ("ki67", "mitoses"):
            if grade_bands(bands[count], case.possible(count)) == HIGHEST:
                return (count,)
        return tuple(name for name in ("grade", "ki67", "mitoses") if name in case.known)
    if fact in case.known:
        return (fact,)
    if fact in ("refractory_symptoms", "carcinoid_syndrome") and case.possible("hormonal_symptoms") == NO:
        return ("hormonal_symptoms",)
    return ()


def _any_of(*parts: frozenset[Choice]) -> frozenset[Choice]:
    if YES in parts:
        return YES
    return NO if all(part == NO for part in parts) else OPEN


def _listed(values: Iterable[Choice]) -> str:
    return " or ".join(sorted(map(str, values)))
