"""The rules as decision tables of the DMN standard. `guideline.dmn_file` writes them to a file.

Every table follows from the data: the diagram gives the headline, the rules give adjuncts, caveats and criteria. A part
of the diagram that several paths share becomes a decision of its own.

DMN has no "not known yet": the tables decide complete cases. A rule that depends on a fact not being known has `null`
in its column.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from guideline.assess import Guideline
from guideline.case import CHOICES, NUMBERS, Case
from guideline.classes import divided
from guideline.condition import Condition
from guideline.facts import ANY_OF
from guideline.rules import Rule
from guideline.values import Possible, Span, Values

MOST_INPUTS = 9
"""Condition columns of a table at most."""

UNIQUE, COLLECT = "UNIQUE", "COLLECT"

NULL = Values({"null"})
"""The cell of a fact that is not known."""

Cells = tuple[tuple[Possible, ...], ...]
"""For each column the values or spans that fit; none of them means that all fit."""

_Known = dict[str, Possible]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. result: a FEEL expression. because: ids of the statements behind it; first: the one about the
    result itself, or empty."""

    cells: Cells
    result: str
    because: tuple[str, ...]
    first: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. columns: facts and decisions in its conditions. gives: string or boolean.

    requires: the decisions that its results name, besides its columns.
    """

    name: str
    hit_policy: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    gives: str = "string"
    requires: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A decision that is one FEEL expression over other decisions."""

    name: str
    expression: str
    requires: tuple[str, ...]
    about: str = ""


Decision = Table | Formula


def decisions(content: Guideline) -> tuple[Decision, ...]:
    """All decisions, each after those that it requires."""
    rules = content.rules
    return (
        _grade(content),
        *(_derived(content, name) for name in ANY_OF),
        *_headline(content),
        *_collected(content, "adjuncts", rules.adjuncts),
        *_collected(content, "caveats", rules.caveats),
        *_collected(content, "transplant_criteria", rules.criteria),
        _transplant(content),
    )


def _headline(content: Guideline) -> Iterator[Table]:
    """The diagram as tables: one for its root, one for each part that several paths share."""
    tree = content.tree
    coming = Counter(edge.to for node in tree.nodes.values() for edge in node.edges)
    shared = {id_: id_.replace("-", "_") for id_ in tree.nodes if coming[id_] > 1}
    starts = [id_ for id_ in reversed(tree.nodes) if id_ in shared or id_ == tree.root]

    def ways(target: str, first: bool = True) -> Iterator[tuple[dict[str, Possible], tuple[str, ...], str]]:
        if target in tree.headlines:
            yield {}, tree.headlines[target], f'"{target}"'
        elif target in shared and not first:
            yield {}, (), shared[target]
        else:
            node = tree.nodes[target]
            for edge in node.edges:
                for cells, because, result in ways(edge.to, first=False):
                    yield {node.fact: edge.values, **cells}, (*edge.because, *because), result

    for start in starts:
        found = list(ways(start))
        columns = tuple(fact for fact in tree.facts if any(fact in cells for cells, _, _ in found))
        rows = tuple(
            Row(
                tuple((cells[column],) if column in cells else () for column in columns),
                result,
                tuple(dict.fromkeys(because)),
                next(iter(tree.headlines.get(result.strip('"'), ())), ""),
            )
            for cells, because, result in found
        )
        requires = tuple(name for name in shared.values() if any(row.result == name for row in rows))
        name = "headline" if start == tree.root else shared[start]
        about = "" if start == tree.root else "A part of the diagram to which several ways lead."
        yield Table(name, UNIQUE, columns, rows, requires=requires, about=about)


def _collected(content: Guideline, name: str, rules: Sequence[Rule]) -> Iterator[Decision]:
    """A table that collects the ids of the rules that hold, or several tables and a formula that joins them."""
    groups: list[list[Rule]] = [[]]
    for rule in rules:
        together = {fact for one in (*groups[-1], rule) for fact in _facts_of(one)}
        if len(together) > MOST_INPUTS:
            groups.append([])
        groups[-1].append(rule)
    names = [name] if len(groups) == 1 else [f"{name}_{number}" for number in range(1, len(groups) + 1)]
    for own, group in zip(names, groups, strict=True):
        columns = tuple(dict.fromkeys(fact for rule in group for fact in _facts_of(rule)))
        rows = tuple(row for rule in group for row in _rows_of(content, rule, columns))
        yield Table(own, COLLECT, columns, rows)
    if len(groups) > 1:
        yield Formula(name, f"concatenate({', '.join(names)})", tuple(names))


def _rows_of(content: Guideline, rule: Rule, columns: Sequence[str]) -> Iterator[Row]:
    facts = _facts_of(rule)
    parts = {fact: _parts(content, fact, rule.conditions, null=fact in rule.unknown) for fact in facts}

    def decide(known: _Known) -> tuple[bool, tuple[str, ...]]:
        bits = content.classes.known(known)
        return bool(rule.holds(bits)), rule.because_of(bits)

    for cells, holds, because in _split(facts, parts, decide):
        if holds:
            own = tuple(cells.get(column, ()) for column in columns)
            yield Row(own, f'"{rule.id}"', because, rule.because[0])


def _derived(content: Guideline, name: str) -> Table:
    """A yes-or-no fact that follows from others."""
    facts = tuple(fact for fact, _ in ANY_OF[name][1])
    parts = {fact: _parts(content, fact, ()) for fact in facts}

    def decide(known: _Known) -> tuple[bool, tuple[str, ...]]:
        return content.assess(Case.of(known)).known[name] == frozenset({True}), ()

    found = _split(facts, parts, decide)
    rows = tuple(
        Row(tuple(cells.get(fact, ()) for fact in facts), str(holds).lower(), because)
        for cells, holds, because in found
    )
    return Table(name, UNIQUE, facts, rows, gives="boolean", about="Follows from other facts.")


def _grade(content: Guideline) -> Table:
    """The grade that Ki-67 and mitoses come to (§2): the higher of the two."""
    facts = tuple(content.bands)
    parts: dict[str, tuple[Possible, ...]] = {fact: tuple(content.bands[fact].values()) for fact in facts}

    def decide(known: _Known) -> tuple[str, tuple[str, ...]]:
        (grade,) = content.assess(Case.of(known)).known["grade"]  # type: ignore[misc]
        return str(grade), (f"grade-{str(grade).lower()}",)

    found = _split(facts, parts, decide)
    rows = tuple(
        Row(tuple(cells.get(fact, ()) for fact in facts), f'"{grade}"', because) for cells, grade, because in found
    )
    about = "Stands by itself: its result can be given as the grade where only the counts are known."
    return Table("grade_by_counts", UNIQUE, facts, rows, about=about)


def _transplant(content: Guideline) -> Table:
    """Whether the criteria are met, where a transplant is considered at all."""
    rules = content.rules
    considered = tuple(rules.considered.facts)
    parts = {fact: _parts(content, fact, (rules.considered,)) for fact in considered}
    all_met = float(len(rules.criteria))
    rows = []
    for cells, holds, _ in _split(
        considered, parts, lambda known: (bool(rules.considered.holds(content.classes.known(known))), ())
    ):
        own = tuple(cells.get(fact, ()) for fact in considered)
        if not holds:
            rows.append(Row((*own, ()), "null", ()))
            continue
        rows.append(Row((*own, (Span.at(all_met),)), '"eligible"', rules.transplant_because))
        fewer = (Span(-math.inf, all_met, False, False),)
        rows.append(Row((*own, fewer), '"not-eligible"', rules.transplant_because))
    columns = (*considered, "count(transplant_criteria)")
    return Table("transplant", UNIQUE, columns, tuple(rows), about="Empty where a transplant is not considered.")


def _facts_of(rule: Rule) -> tuple[str, ...]:
    """The facts that a rule asks, in the order in which its data names them."""
    named = [fact for condition in rule.conditions for fact in condition.facts]
    return tuple(dict.fromkeys((*named, *rule.unknown)))


def _parts(
    content: Guideline, fact: str, conditions: Sequence[Condition], *, null: bool = False
) -> tuple[Possible, ...]:
    """The parts of the fact that the conditions distinguish: its values, or the spans between limits."""
    if fact in NUMBERS:
        asked = [condition.facts[fact] for condition in conditions if fact in condition.facts]
        return divided(NUMBERS[fact][0], [band for band in asked if isinstance(band, Span)])
    values: Sequence[str | bool] = (True, False)
    if fact == "headline":
        values = tuple(content.tree.headlines)
    elif fact in CHOICES:
        values = CHOICES[fact]
    parts = tuple(Values({value}) for value in values)
    return (NULL, *parts) if null else parts


def _split(
    facts: Sequence[str],
    parts: Mapping[str, tuple[Possible, ...]],
    decide: Callable[[_Known], tuple[_T, tuple[str, ...]]],
    known: _Known | None = None,
) -> list[tuple[dict[str, tuple[Possible, ...]], _T, tuple[str, ...]]]:
    """The fewest rows that this order of facts allows; every case fits exactly one of them.

    decide: from values of all facts to the result, and the statements behind it.
    """
    known = known or {}
    if not facts:
        return [({}, *decide({fact: values for fact, values in known.items() if values is not NULL}))]
    fact, *rest = facts
    alike: list[tuple[list[Possible], list[tuple[dict[str, tuple[Possible, ...]], _T, tuple[str, ...]]]]] = []
    for part in parts[fact]:
        below = _split(rest, parts, decide, {**known, fact: part})
        for together, same in alike:
            if same == below:
                together.append(part)
                break
        else:
            alike.append(([part], below))
    if len(alike) == 1:
        return alike[0][1]
    return [({fact: _joined(some), **cells}, *result) for some, below in alike for cells, *result in below]  # type: ignore[misc]


def _joined(parts: Sequence[Possible]) -> tuple[Possible, ...]:
    """The parts joined: values in one set, adjacent spans in one span."""
    spans = [part for part in parts if isinstance(part, Span)]
    if not spans:
        return (Values(value for part in parts if isinstance(part, frozenset) for value in part),)
    joined = [spans[0]]
    for span in spans[1:]:
        last = joined[-1]
        if last.high == span.low:
            joined[-1] = Span(last.low, span.high, last.low_in, span.high_in)
        else:
            joined.append(span)
    return tuple(joined)
