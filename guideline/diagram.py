"""The decision diagram applied to the bits of a case: candidates, needed facts, the path, and what excludes a headline.

The diagram is reduced: edges that the known facts exclude are removed, and a node whose branches are equal is removed
too. The facts that are left are exactly the needed ones, because the facts of the diagram are independent of each other
and are asked in the same order on every path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from guideline.classes import Classes
from guideline.tree import Edge, Node, Tree

UNDETERMINED = "undetermined"

REMEMBERED = 20_000
"""Entries of the cache of reduced diagrams; when it has more, it is emptied."""


class Left:
    """What is left of a part of the diagram. Equal ones are the same object.

    headlines, facts: those that are left, a bit for each in the order of the tree.
    """

    __slots__ = ("_tree", "facts", "headlines")

    def __init__(self, tree: Tree, headlines: int, facts: int) -> None:
        self._tree, self.headlines, self.facts = tree, headlines, facts

    @property
    def candidates(self) -> tuple[str, ...]:
        """The names of the headlines."""
        return tuple([name for place, name in enumerate(self._tree.headlines) if self.headlines >> place & 1])

    @property
    def needed(self) -> tuple[str, ...]:
        """The names of the facts."""
        if not self.facts:
            return ()
        return tuple([name for place, name in enumerate(self._tree.facts) if self.facts >> place & 1])


def headline_of(candidates: tuple[str, ...]) -> str:
    """The one headline that is left, or UNDETERMINED."""
    return candidates[0] if len(candidates) == 1 else UNDETERMINED


class Point(NamedTuple):
    """A node as bits. fact: the bit of its fact, see Left. below: the bits of all facts from here on. ways: its edges,
    each with the bits of its values and its target."""

    fact: int
    below: int
    ways: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path: a node, and the edge that the case takes; None when the fact is not known and does not
    matter."""

    node: Node
    edge: Edge | None


class Diagram:
    """The diagram of the tree, for cases given as bits."""

    def __init__(self, tree: Tree, classes: Classes) -> None:
        self._tree = tree
        self.facts = tree.facts
        self.headlines = tuple(tree.headlines)
        self._points: dict[str, Point] = {}
        self._ends = {headline: Left(tree, 1 << place, 0) for place, headline in enumerate(tree.headlines)}
        for node in reversed(tree.nodes.values()):
            ways = tuple((classes.bits(node.fact, edge.values), edge.to) for edge in node.edges)
            below = classes.whole[node.fact]
            for _, to in ways:
                below |= self._points[to].below if to in self._points else 0
            self._points[node.id] = Point(1 << tree.facts.index(node.fact), below, ways)
        self._remembered: dict[tuple[str, int], Left] = {}
        self._joined: dict[tuple[int, tuple[Left, ...]], Left] = {}
        self._number_ways()

    # What is still possible

    def left(self, bits: int) -> Left:
        """What is left of the diagram for a case."""
        if len(self._remembered) > REMEMBERED:
            self._remembered.clear()
            self._joined.clear()
        key = "", bits & self._points[self._tree.root].below
        found = self._remembered.get(key)
        if found is None:
            found = self._remembered[key] = self._left(self._tree.root, bits)
        return found

    def _left(self, target: str, bits: int) -> Left:
        while True:
            point = self._points.get(target)
            if point is None:
                return self._ends[target]
            ways = [to for values, to in point.ways if bits & values]
            if len(ways) > 1:
                break
            target = ways[0]
        key = target, bits & point.below
        found = self._remembered.get(key)
        if found is None:
            beyond = tuple([self._left(to, bits) for to in ways])
            found = beyond[0]
            if any(one is not found for one in beyond):
                found = self._join(point.fact, beyond)
            self._remembered[key] = found
        return found

    def _join(self, fact: int, beyond: tuple[Left, ...]) -> Left:
        found = self._joined.get((fact, beyond))
        if found is None:
            headlines, facts = 0, fact
            for one in beyond:
                headlines |= one.headlines
                facts |= one.facts
            found = self._joined[fact, beyond] = Left(self._tree, headlines, facts)
        return found

    def reached(self, bits: int) -> set[str]:
        """The facts that some completion of the case is asked."""
        facts, targets, seen = set(), [self._tree.root], set()
        while targets:
            target = targets.pop()
            point = self._points.get(target)
            if point and target not in seen:
                seen.add(target)
                facts.add(self._tree.nodes[target].fact)
                targets += [to for values, to in point.ways if bits & values]
        return facts

    # The path

    def way(self, bits: int) -> Iterator[Step]:
        """The path that the known facts take, as far as it is decided."""
        needed = self.left(bits).facts
        target = self._tree.root
        while target in self._points:
            node, point = self._tree.nodes[target], self._points[target]
            ways = [edge for edge, (values, _) in zip(node.edges, point.ways, strict=True) if bits & values]
            if len(ways) == 1:
                yield Step(node, ways[0])
                target = ways[0].to
            elif point.fact & needed:
                return
            else:  # the fact does not matter: go on by the longest branch
                yield Step(node, None)
                target = max(ways, key=lambda edge: self._tree.depth(edge.to)).to

    # What closes the paths to a headline

    def _number_ways(self) -> None:
        """Give every path from the root to a headline a bit. `_to`: the paths to a headline; `_by`: the paths through
        an edge."""
        self._to = dict.fromkeys(self._tree.headlines, 0)
        self._by: dict[tuple[str, int], int] = {}
        number = 0

        def walk(target: str, through: tuple[tuple[str, int], ...]) -> None:
            nonlocal number
            if target in self._ends:
                self._to[target] |= 1 << number
                for edge in through:
                    self._by[edge] = self._by.get(edge, 0) | 1 << number
                number += 1
            else:
                for values, to in self._points[target].ways:
                    walk(to, (*through, (self._tree.nodes[target].fact, values)))

        walk(self._tree.root, ())
        self._asking = {
            fact: [(values, ways) for (asked, values), ways in self._by.items() if asked == fact]
            for fact in self._tree.facts
        }

    def closed(self, fact: str, bits: int) -> int:
        """The paths that the known values of a fact exclude, a bit for each."""
        closed = 0
        for values, ways in self._asking[fact]:
            if not bits & values:
                closed |= ways
        return closed

    def to(self, headline: str) -> int:
        """The paths to the headline, a bit for each."""
        return self._to[headline]
