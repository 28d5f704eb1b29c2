"""The state of each part of the decision diagram for a case: on its way, still possible, or ruled out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from guideline import Assessment
from guideline.case import domain
from guideline.tree import Edge, Node, Tree

PLAIN, OFF, OPEN, ANSWERED, EITHER, LIT = "plain", "off", "open", "answered", "either", "lit"
"""The states: there is no case; ruled out; still possible; still possible, and the answer there is known; on the way,
although the answer is not known; on the way."""

RANK: Mapping[str, int] = {state: place for place, state in enumerate((PLAIN, OFF, OPEN, ANSWERED, EITHER, LIT))}


@dataclass
class Route:
    """The state of every node, edge and headline, by id; what is not named has the state `rest`."""

    rest: str
    nodes: dict[str, str] = field(default_factory=dict)
    edges: dict[tuple[str, Edge], str] = field(default_factory=dict)
    headlines: dict[str, str] = field(default_factory=dict)

    def node(self, node: Node) -> str:
        return self.nodes.get(node.id, self.rest)

    def edge(self, node: Node, edge: Edge) -> str:
        return self.edges.get((node.id, edge), self.rest)


def route(tree: Tree, found: Assessment | None) -> Route:
    """The states for a case; without one everything is PLAIN."""
    if found is None:
        return Route(PLAIN)
    marked = Route(OFF)
    way = found.way
    last = tree.root
    for step, then in zip_longest(way, [step.node.id for step in way[1:]]):
        marked.nodes[step.node.id] = LIT if step.edge else EITHER
        if step.edge:
            marked.edges[step.node.id, step.edge] = LIT
            last = step.edge.to
        else:
            last = then or found.headline
            for edge in _alike(tree, step.node, last):
                marked.edges[step.node.id, edge] = EITHER
    if last in tree.headlines:
        marked.headlines[last] = LIT
    else:
        _open_beyond(tree, found, last, marked)
    return marked


def _alike(tree: Tree, node: Node, target: str) -> list[Edge]:
    """The edges to the target, and to other nodes that ask the same fact: it makes no difference which is taken."""
    if target in tree.headlines:
        return [edge for edge in node.edges if edge.to == target]
    fact = tree.nodes[target].fact
    return [edge for edge in node.edges if edge.to in tree.nodes and tree.nodes[edge.to].fact == fact]


def _open_beyond(tree: Tree, found: Assessment, target: str, marked: Route) -> None:
    if target in tree.headlines:
        marked.headlines[target] = OPEN
        return
    node = tree.nodes[target]
    marked.nodes[target] = OPEN
    here = found.known.get(node.fact, domain(node.fact))
    ways = [edge for edge in node.edges if edge.open_to(here)]
    for edge in ways:
        marked.edges[target, edge] = OPEN if len(ways) > 1 else ANSWERED
        _open_beyond(tree, found, edge.to, marked)
