"""The decision diagram: which headline follows, which stay possible, what is needed, and by which way.

A node asks one fact, an edge takes a set of its values. Facts of the diagram are independent of one another, so
what is left of it, once the known facts are put in and equal branches joined, holds exactly the facts that are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, pairwise
from pathlib import Path

from guideline.case import Possible, domain
from guideline.content import DATA, ContentError, Item, items, read, values_of
from guideline.span import Span

FILE = "tree.toml"

_Rest = str | tuple[str, tuple["_Rest", ...]]


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node, with these values of its fact, to a node or a headline, and the statements that justify it."""

    values: Possible
    to: str
    because: tuple[str, ...]
    band: str
    """The values as they stand in the data when the fact is a number, else empty."""

    def open_to(self, possible: Possible) -> bool:
        return _share(self.values, possible)


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    fact: str
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of the way: the edge the case took at this node; None: not known, and it does not matter here."""

    node: Node
    edge: Edge | None


@dataclass(frozen=True, slots=True)
class Reach:
    """What the known facts leave open: the headlines still reached, and the facts that still decide between them."""

    candidates: tuple[str, ...]
    needed: tuple[str, ...]


Where = Mapping[str, Mapping[str, Possible]]
"""Of some statements of a headline: the facts, each with the values among which it has to be known to be."""


@dataclass(frozen=True)
class Tree:
    """The diagram. nodes: in the order of asking. headlines: each with the statements that carry it.

    where: of a headline, the statements that carry it only in some cases. limits: of a headline, the statements that
    limit it in some cases. contains: of a headline, the others that are part of it.
    """

    nodes: dict[str, Node]
    headlines: Mapping[str, tuple[str, ...]]
    where: Mapping[str, Where]
    limits: Mapping[str, Where]
    contains: Mapping[str, tuple[str, ...]]

    @property
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

    def carrying(self, headline: str, possible: Mapping[str, Possible]) -> tuple[str, ...]:
        """The statements that carry the headline in such a case."""
        where = self.where[headline]
        return tuple(id_ for id_ in self.headlines[headline] if id_ not in where or _known(where[id_], possible))

    def limiting(self, headline: str, possible: Mapping[str, Possible]) -> tuple[str, ...]:
        """The statements that limit the headline in such a case."""
        return tuple(id_ for id_, where in self.limits[headline].items() if _known(where, possible))

    def reach(self, possible: Mapping[str, Possible]) -> Reach:
        """What follows from what is possible for each fact (a fact not named is not known)."""
        # What is left of each target, last ones first: a headline, or a fact and what is left of its open ways.
        left: dict[str, _Rest] = {headline: headline for headline in self.headlines}
        for node in reversed(self.nodes.values()):
            here = possible.get(node.fact)
            ways = tuple(left[edge.to] for edge in node.edges if here is None or edge.open_to(here))
            left[node.id] = ways[0] if all(way == ways[0] for way in ways) else (node.fact, ways)
        found: set[str] = set()
        rests = [left[self.root]]
        while rests:
            rest = rests.pop()
            if isinstance(rest, tuple):
                found.add(rest[0])
                rests += rest[1]
            else:
                found.add(rest)
        return Reach(
            tuple(headline for headline in self.headlines if headline in found),
            tuple(fact for fact in self.facts if fact in found),
        )

    def way(self, possible: Mapping[str, Possible]) -> tuple[Turn, ...]:
        """The way the known facts take, as far as it is decided."""
        turns: list[Turn] = []
        target = self.root
        while target in self.nodes:
            node = self.nodes[target]
            here = possible.get(node.fact, domain(node.fact))
            ways = [edge for edge in node.edges if edge.open_to(here)]
            if len(ways) == 1:
                turns.append(Turn(node, ways[0]))
                target = ways[0].to
            elif node.fact in self.reach(possible).needed:
                break
            else:  # it does not matter here: go on by the way on which most is known
                turns.append(Turn(node, None))
                target = max(ways, key=lambda edge: self._depth(edge.to)).to
        return tuple(turns)

    def excluders(self, headline: str, possible: Mapping[str, Possible]) -> Iterator[tuple[str, ...]]:
        """Sets of facts, fewest first, whose known values close every way to the headline; nothing if one is open."""
        blocked = [
            {fact for fact, values in way if fact in possible and not _share(values, possible[fact])}
            for way in self._ways_to[headline]
        ]
        if not all(blocked):
            return
        facts = [fact for fact in self.facts if any(fact in way for way in blocked)]
        for size in range(1, len(facts) + 1):
            for some in combinations(facts, size):
                if all(way.intersection(some) for way in blocked):
                    yield some

    @cached_property
    def _ways_to(self) -> Mapping[str, list[tuple[tuple[str, Possible], ...]]]:
        ways: dict[str, list[tuple[tuple[str, Possible], ...]]] = {headline: [] for headline in self.headlines}

        def walk(target: str, way: tuple[tuple[str, Possible], ...]) -> None:
            if target in ways:
                ways[target].append(way)
            else:
                node = self.nodes[target]
                for edge in node.edges:
                    walk(edge.to, (*way, (node.fact, edge.values)))

        walk(self.root, ())
        return ways

    def _depth(self, target: str) -> int:
        if target in self.headlines:
            return 0
        return 1 + max(self._depth(edge.to) for edge in self.nodes[target].edges)


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
            raise item.error("rests on no statement in every case (because)")
        contains[item.id] = item.known("contains", item.texts("contains"), [other.id for other in listed])
        item.done()
    nodes = {item.id: _node(item, statements) for item in items(FILE, data.pop("node", None))}
    tree = Tree(nodes, headlines, where, limits, contains)
    _check(tree)
    return tree


def _where(item: Item, key: str, among: Iterable[str]) -> Where:
    tables = item.table(key)
    item.known(key, tuple(tables), among)
    found: dict[str, dict[str, Possible]] = {}
    for id_, table in tables.items():
        if not isinstance(table, dict) or not table:
            raise item.error(f"{key} of {id_} takes a table of facts")
        found[id_] = {fact: values_of(item, fact, given) for fact, given in table.items()}
    return found


def _known(where: Mapping[str, Possible], possible: Mapping[str, Possible]) -> bool:
    """Whether each of the facts is known to be among its values."""
    return all(_within(possible.get(fact, domain(fact)), values) for fact, values in where.items())


def _within(possible: Possible, values: Possible) -> bool:
    if isinstance(possible, Span) and isinstance(values, Span):
        return possible.within(values)
    return isinstance(possible, frozenset) and isinstance(values, frozenset) and possible <= values


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
    """Raise ContentError unless the parts are apart and together are everything the fact could be."""
    for one, other in combinations(parts, 2):
        if _share(one, other):
            raise item.error(f"two parts of {fact} overlap")
    whole = domain(fact)
    if isinstance(whole, Span):
        spans = sorted((part for part in parts if isinstance(part, Span)), key=lambda span: (span.low, span.high))
        joined = bool(spans) and _share(spans[0], Span.at(whole.low)) >= whole.low_in
        joined = joined and spans[-1].high >= whole.high
        for low, high in pairwise(spans):
            joined = joined and low.high == high.low and low.high_in != high.low_in
        if not joined:
            raise item.error(f"there is a gap in {fact}")
    else:
        left = whole.difference(*(part for part in parts if isinstance(part, frozenset)))
        if left:
            raise item.error(f"there is a gap in {fact}: {', '.join(sorted(map(str, left)))}")


def _share(one: Possible, other: Possible) -> bool:
    if isinstance(one, Span) and isinstance(other, Span):
        return one.meets(other)
    return isinstance(one, frozenset) and isinstance(other, frozenset) and not one.isdisjoint(other)


def _check(tree: Tree) -> None:
    if not tree.nodes:
        raise ContentError(FILE, "file", "has no node")
    divisions: dict[str, set[Possible]] = {}
    order = {id_: place for place, id_ in enumerate(tree.nodes)}
    reached = {tree.root}
    for node in tree.nodes.values():
        division = {edge.values for edge in node.edges}
        if divisions.setdefault(node.fact, division) != division:
            raise ContentError(FILE, node.id, f"divides {node.fact} otherwise than another node does")
        for edge in node.edges:
            if edge.to not in tree.nodes and edge.to not in tree.headlines:
                raise ContentError(FILE, node.id, f"leads to {edge.to!r}, which there is not")
            if edge.to in order and order[edge.to] <= order[node.id]:
                raise ContentError(FILE, node.id, f"leads back to {edge.to!r}")
            reached.add(edge.to)
    for unreached in chain(tree.nodes, tree.headlines):
        if unreached not in reached:
            raise ContentError(FILE, unreached, "is never reached")
    for node_id, fact in _asked_again(tree, tree.root, ()):
        raise ContentError(FILE, node_id, f"asks {fact} a second time on one way")


def _asked_again(tree: Tree, target: str, asked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if target in tree.nodes:
        node = tree.nodes[target]
        if node.fact in asked:
            yield node.id, node.fact
        for edge in node.edges:
            yield from _asked_again(tree, edge.to, (*asked, node.fact))
