"""Cases for every way through the algorithm, for every beginning of one, and for answers that make no difference."""

from __future__ import annotations

from collections.abc import Iterator

from guideline import UNDETERMINED, Assessment, Case, Span, assess, guideline
from guideline.case import CHOICES
from guideline.values import Choice, Possible

TREE = guideline().tree

Facts = dict[str, Possible]


def ways(target: str = TREE.root) -> Iterator[Facts]:
    """Every way from a node to a headline, as what is known of the facts on it."""
    if target in TREE.headlines:
        yield {}
        return
    node = TREE.nodes[target]
    for edge in node.edges:
        for rest in ways(edge.to):
            yield {node.fact: edge.values, **rest}


def settled(facts: Facts, pick: int) -> dict[str, object]:
    """The same with one value for each fact."""
    found: dict[str, object] = {}
    for fact, possible in facts.items():
        if isinstance(possible, Span):
            found[fact] = 93 if possible.high > 93 else 60
        else:
            values = [value for value in CHOICES[fact] if value in possible]
            found[fact] = values[pick % len(values)]
    return found


def settled_ways() -> list[Assessment]:
    return [assess(Case.of(settled(facts, pick))) for facts in ways() for pick in (0, 1)]


def open_cases() -> list[Assessment]:
    """Every beginning of every way, each fact alone, and cases in which the start is what is missing."""
    cases: list[Facts] = [{}, {"ki67": Span.at(12)}]
    for facts in ways():
        known = list(facts.items())
        cases += [dict(known[:length]) for length in range(1, len(known))] + [dict(known[1:])]
    different = {frozenset(case.items()): case for case in cases}.values()
    found = [assess(Case.of(case)) for case in different]
    return [one for one in found if one.headline == UNDETERMINED]


I_OR_II: frozenset[Choice] = frozenset({"I", "II"})

INDIFFERENT = [
    assess(Case.of({"grade": "G1", "pattern": I_OR_II, "fit_for_surgery": False})),
    assess(
        Case.of(
            {
                "grade": "G1",
                "pattern": "I",
                "fit_for_surgery": True,
                "primary": "unresectable",
                "debulkable_percent": 60,
            }
        )
    ),
]
SETTLED, OPEN_CASES = settled_ways(), open_cases()
ALL = [*SETTLED, *OPEN_CASES, *INDIFFERENT]


def headlines() -> dict[str, Assessment]:
    """A case for each headline."""
    return {found.headline: found for found in SETTLED}
