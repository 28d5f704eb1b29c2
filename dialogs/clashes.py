"""Facts of a typed text that cannot hold together, with the ways to settle it, of which the reader of the card takes
one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from dialogs.place import Standings
from dialogs.questions import COUNTS
from dialogs.typed_facts import TypedFacts, holds
from guideline import Case
from guideline.values import Choice, Possible


class Side(NamedTuple):
    """One way to settle a clash. typed: the text's facts as they are then. said: what it takes, by fact. grade: the
    grade that these counts come to, where it takes the counts and not the stated grade; else None."""

    typed: TypedFacts
    said: Mapping[str, Possible]
    grade: Possible | None = None


class Clash(NamedTuple):
    """The sides of a clash, of which only one can hold. same: whether it is one fact with several values."""

    sides: Sequence[Side]
    same: bool


def clashes(typed: TypedFacts, stated: Mapping[str, Sequence[Choice]], standings: Standings) -> list[Clash]:
    """What of a text cannot hold together. stated: every value that the text gives of the facts in conflict; a clash
    whose values it does not have is left out."""
    found: list[Clash] = []
    stated = {fact: values for fact, values in stated.items() if all(holds(fact, value) for value in values)}
    for fact in typed.conflict:
        if 1 < len(values := stated.get(fact, ())) <= _MOST_VALUES:
            found.append(Clash([_side(typed, {fact: value}, {fact}) for value in values], same=True))
    once = {fact: values[0] for fact, values in stated.items() if len(values) == 1 and fact in typed.conflict}
    if "grade" in once and (counts := [count for count in COUNTS if count in once]):
        by_counts = {count: once[count] for count in counts}
        clashing = {"grade", *counts}
        side = _side(typed, by_counts, clashing)
        known = {count: side.typed.possible(count) for count in COUNTS if count in side.typed.facts}
        grade = standings.content.assess(Case.of(known)).known["grade"]
        found.append(Clash([_side(typed, {"grade": once["grade"]}, clashing), side._replace(grade=grade)], same=False))
    for fact, others in _OTHER_PAIRS:
        against = {other: once[other] for other in others if other in once}
        if fact in once and against:
            clashing = {fact, *against}
            found.append(
                Clash([_side(typed, {fact: once[fact]}, clashing), _side(typed, against, clashing)], same=False)
            )
    return found


_MOST_VALUES = 4
"""More values of one fact are not offered."""

_OTHER_PAIRS = (
    ("differentiation", ("grade",)),
    ("hormonal_symptoms", ("carcinoid_syndrome", "refractory_symptoms")),
)


def _side(typed: TypedFacts, said: Mapping[str, Choice], clashing: set[str]) -> Side:
    conflict = tuple(fact for fact in typed.conflict if fact not in clashing)
    taken = replace(typed, facts={**typed.facts, **said}, conflict=conflict)
    return Side(taken, {fact: taken.possible(fact) for fact in said})
