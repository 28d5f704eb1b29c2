"""The decision diagram in the data: a node asks one fact, an edge takes a set of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import chain, combinations, pairwise
from pathlib import Path

from guideline.case import domain
from guideline.classes import Classes
from guideline.condition import Condition
from guideline.content import DATA, ContentError, Item, items, read, values_of
from guideline.facts import SOURCES
from guideline.values import Possible, Span, Values

FILE = "tree.toml"


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node, with these values of its fact, to a node or a headline; because: the statements behind it."""

    values: Possible
    to: str
    because: tuple[str, ...]
    band: str
    """The text of the values in the data when the fact is a number, else empty."""

    def open_to(self, possible: Possible) -> bool:
        """Whether one of these possible values of the fact takes the edge."""
        return self.values.meets(possible)


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    fact: str
    edges: tuple[Edge, ...]


Where = Mapping[str, Condition]
"""Statements of a headline that belong to it only in some cases, each with the condition that has to hold."""


@dataclass(frozen=True)
class Tree:
    """The diagram. nodes: in the order of asking. headlines: each with its statements.

    where: for a headline, those of its statements that belong to it only in some cases. limits: for a headline, the
    statements that limit it in some cases. contains: for a headline, the others that are part of it.
    """

    nodes: dict[str, Node]
    headlines: Mapping[str, tuple[str, ...]]
    where: Mapping[str, Where]
    limits: Mapping[str, Where]
    contains: Mapping[str, tuple[str, ...]]

    @cached_property
    def root(self) -> str:
        return next(iter(self.nodes))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts it asks, in the order of asking."""
        return tuple(dict.fromkeys(node.fact for node in self.nodes.values()))

    def bands(self, fact: str) -> tuple[str, ...]:
        """The bands into which it divides a number; empty for other facts and for numbers it does not ask."""
        asking = (node for node in self.nodes.values() if node.fact == fact)
        return tuple(edge.band for edge in next(asking).edges if edge.band) if fact in self.facts else ()

    def carrying(self, headline: str, bits: int) -> tuple[str, ...]:
        """The statements of the headline in such a case."""
        where = self.where[headline]
        return tuple([id_ for id_ in self.headlines[headline] if id_ not in where or where[id_].holds(bits)])

    def limiting(self, headline: str, bits: int) -> tuple[str, ...]:
        """The statements that limit the headline in such a case."""
        return tuple([id_ for id_, where in self.limits[headline].items() if where.holds(bits)])

    @property
    def asked(self) -> Iterator[tuple[str, Possible]]:
        """Every fact and its values in an edge or in the condition of a headline's statement."""
        for node in self.nodes.values():
            yield from ((node.fact, edge.values) for edge in node.edges)
        for where in (*self.where.values(), *self.limits.values()):
            for condition in where.values():
                yield from condition.facts.items()

    def bound(self, classes: Classes) -> Tree:
        """The diagram with its conditions bound to the classes."""

        def bind(of: Mapping[str, Where]) -> dict[str, Where]:
            return {headline: {id_: c.bound(classes) for id_, c in where.items()} for headline, where in of.items()}

        return replace(self, where=bind(self.where), limits=bind(self.limits))

    def ways_to(self, headline: str, fact: str) -> list[Edge]:
        """The edges of the nodes that ask the fact from which the headline can be reached."""
        return [
            edge
            for node in self.nodes.values()
            for edge in node.edges
            if node.fact == fact and headline in self._ends[edge.to]
        ]

    @cached_property
    def _ends(self) -> Mapping[str, frozenset[str]]:
        """The headlines that can be reached from each target."""
        ends = {headline: frozenset({headline}) for headline in self.headlines}
        for node in reversed(self.nodes.values()):
            ends[node.id] = frozenset().union(*(ends[edge.to] for edge in node.edges))
        return ends

    def depth(self, target: str) -> int:
        """The number of nodes on the longest path from a target to a headline."""
        return 0 if target in self.headlines else 1 + max(self.depth(edge.to) for edge in self.nodes[target].edges)


def load(statements: Mapping[str, object], folder: Path = DATA) -> Tree:
    """Read and check the diagram. Raises ContentError that names the node."""
    data = read(folder, FILE, "node", "headline")
    headlines, contains, where, limits = {}, {}, {}, {}
    listed = list(items(FILE, data.pop("headline", None)))
    for item in listed:
        headlines[item.id] = item.because(statements)
        where[item.id] = _where(item, "where", headlines[item.id])
        limits[item.id] = _where(item, "limits", statements)
        if not set(headlines[item.id]) - set(where[item.id]):
            raise item.error("has no statement that carries it in every case (because)")
        contains[item.id] = item.known("contains", item.texts("contains"), [other.id for other in listed])
        item.done()
    nodes = {item.id: _node(item, statements) for item in items(FILE, data.pop("node", None))}
    tree = Tree(nodes, headlines, where, limits, contains)
    _check(tree)
    return tree


def _where(item: Item, key: str, among: Iterable[str]) -> Where:
    tables = item.table(key)
    item.known(key, tuple(tables), among)
    found: dict[str, Condition] = {}
    for id_, table in tables.items():
        if not isinstance(table, dict) or not table:
            raise item.error(f"{key} of {id_} takes a table of facts")
        found[id_] = Condition({fact: values_of(item, fact, given) for fact, given in table.items()})
    return found


def _node(item: Item, statements: Mapping[str, object]) -> Node:
    fact = item.text("fact")
    edges = []
    for number, table in enumerate(item.list("edges"), 1):
        part = Item(item.file, f"{item.id}, edge {number}", table)
        given = part.any("values")
        values = values_of(part, fact, given)
        band = given if isinstance(given, str) else ""
        edges.append(Edge(values, part.text("to"), part.because(statements), band))
        part.done()
    item.done()
    refuse_gap_and_overlap(item, fact, [edge.values for edge in edges])
    return Node(item.id, fact, tuple(edges))


def refuse_gap_and_overlap(item: Item, fact: str, parts: list[Possible]) -> None:
    """Raise ContentError unless the parts do not overlap and together are everything that the fact can be."""
    if any(one.meets(other) for one, other in combinations(parts, 2)):
        raise item.error(f"two parts of {fact} overlap")
    whole = domain(fact)
    if isinstance(whole, Span):
        spans = sorted((part for part in parts if isinstance(part, Span)), key=lambda span: (span.low, span.high))
        joined = bool(spans) and spans[0].meets(Span.at(whole.low)) >= whole.low_in
        joined = joined and spans[-1].high >= whole.high
        for low, high in pairwise(spans):
            joined = joined and low.high == high.low and low.high_in != high.low_in
        if not joined:
            raise item.error(f"there is a gap in {fact}")
    elif left := whole.difference(*(part for part in parts if isinstance(part, Values))):
        raise item.error(f"there is a gap in {fact}: {', '.join(sorted(map(str, left)))}")


def _check(tree: Tree) -> None:
    if not tree.nodes:
        raise ContentError(FILE, "file", "has no node")
    divisions: dict[str, set[Possible]] = {}
    order = {id_: place for place, id_ in enumerate(tree.nodes)}
    reached = {tree.root}
    for node in tree.nodes.values():
        division = {edge.values for edge in node.edges}
        if divisions.setdefault(node.fact, division) != division:
            raise ContentError(FILE, node.id, f"divides {node.fact} differently from another node")
        for edge in node.edges:
            if edge.to not in tree.nodes and edge.to not in tree.headlines:
                raise ContentError(FILE, node.id, f"leads to {edge.to!r}, which does not exist")
            if edge.to in order and order[edge.to] <= order[node.id]:
                raise ContentError(FILE, node.id, f"leads back to {edge.to!r}")
            reached.add(edge.to)
    for unreached in chain(tree.nodes, tree.headlines):
        if unreached not in reached:
            raise ContentError(FILE, unreached, "is never reached")
    for node_id, fact in _asked_again(tree, tree.root, ()):
        raise ContentError(FILE, node_id, f"asks {fact} a second time on one way")
    _check_order(tree)


def _check_order(tree: Tree) -> None:
    """Raise ContentError unless the facts have one order and are independent: only then the reduced diagram has exactly
    the needed facts."""
    then: dict[str, set[str]] = {fact: set() for fact in tree.facts}
    for node in tree.nodes.values():
        for edge in node.edges:
            if edge.to in tree.nodes:
                then[tree.nodes[edge.to].fact].add(node.fact)
    try:
        TopologicalSorter(then).prepare()
    except CycleError as error:
        raise ContentError(FILE, "file", f"asks {' and '.join(error.args[1][:-1])} in more than one order") from None
    for fact in tree.facts:
        for other in SOURCES.get(fact, ()):
            if other != fact and other in tree.facts:
                raise ContentError(FILE, "file", f"asks both {fact} and {other}, which says something about it")


def _asked_again(tree: Tree, target: str, asked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if target in tree.nodes:
        node = tree.nodes[target]
        if node.fact in asked:
            yield node.id, node.fact
        for edge in node.edges:
            yield from _asked_again(tree, edge.to, (*asked, node.fact))
