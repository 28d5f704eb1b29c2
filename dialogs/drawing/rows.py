"""The decision diagram in rows: which nodes are side by side, their names, and the headings of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from dialogs.labels import Labels
from guideline.facts import ANY_OF
from guideline.tree import Edge, Node, Tree
from guideline.values import Possible

Row = tuple[Node, ...]
Way = Mapping[str, Possible]
"""The answers on a way from the root, by fact."""


def rows_of(tree: Tree) -> list[Row]:
    """The nodes in rows from the top down; those of a row ask the same fact.

    A row is followed by the nodes that most of its edges lead to, of those that no later node leads to. When there are
    none, the next node in the order of asking makes a row by itself: a part of its own, reached from the side.
    """
    sources: dict[str, set[str]] = {id_: set() for id_ in tree.nodes}
    for node in tree.nodes.values():
        for edge in node.edges:
            if edge.to in sources:
                sources[edge.to].add(node.id)
    rows: list[Row] = []
    placed: set[str] = set()
    while left := [node for node in tree.nodes.values() if node.id not in placed]:
        targets = [edge.to for node in (rows[-1] if rows else ()) for edge in node.edges]
        ready = [node for node in left if node.id in targets and sources[node.id] <= placed]
        alike = [tuple(node for node in ready if node.fact == fact) for fact in dict.fromkeys(n.fact for n in ready)]
        row = max(alike, key=lambda nodes: sum(targets.count(node.id) for node in nodes), default=(left[0],))
        rows.append(row)
        placed |= {node.id for node in row}
    return rows


def leads_to(row: Row, other: Row) -> bool:
    """Whether an edge leads from the one row to the other."""
    ids = {node.id for node in other}
    return any(edge.to in ids for node in row for edge in node.edges)


def part_name(tree: Tree, rows: Sequence[Row], id_: str, labels: Labels) -> str:
    """The name of the part that a node begins, by what holds on every way to it: `no cure by resection: debulking?`.

    Empty where the node begins no part, where one answer alone leads to it, or where the ways have nothing in common
    that has a name (the facts of `ANY_OF`).
    """
    begins = any(row[0].id == id_ and not leads_to(above, row) for above, row in pairwise(rows))
    ways = {(node.fact, edge.values) for node in tree.nodes.values() for edge in node.edges if edge.to == id_}
    common = _in_common(tree)[id_] if begins and len(ways) > 1 else ()
    return with_decided(tree, id_, ", ".join(labels(f"picture.since.{fact}") for fact in common), labels)


def with_decided(tree: Tree, id_: str, words: str, labels: Labels) -> str:
    """The words, followed by the headline that is reached through this node only, if there is exactly one."""
    elsewhere, targets = set[str](), [tree.root]
    while targets:
        target = targets.pop()
        if target not in elsewhere and target != id_:
            elsewhere.add(target)
            targets += [edge.to for edge in tree.nodes[target].edges] if target in tree.nodes else ()
    only_here = [headline for headline in tree.headlines if headline not in elsewhere]
    if not words or len(only_here) != 1:
        return words
    return labels("picture.part").format(words, labels(f"short.{only_here[0]}"))


def _in_common(tree: Tree) -> Mapping[str, Sequence[str]]:
    """Of every node and headline, the facts of `ANY_OF` that hold on every way to it."""
    common: dict[str, Sequence[str]] = {tree.root: ()}
    for node in tree.nodes.values():
        for edge in node.edges:
            here = {*common[node.id], *_follows(node, edge)}
            common[edge.to] = [fact for fact in common.get(edge.to, ANY_OF) if fact in here]
    return common


def _follows(node: Node, edge: Edge) -> list[str]:
    """The facts of `ANY_OF` that hold as soon as this edge is taken."""
    return [
        derived
        for derived, (_, parts) in ANY_OF.items()
        if any(fact == node.fact and edge.values.within(values) for fact, values in parts)
    ]


def lane_names(tree: Tree, rows: Sequence[Row], labels: Labels) -> dict[str, str]:
    """Of every node, the answers that lead to it and to no other of its row, nor end in the row above; empty where
    there is no other. They are true of every case that comes to the node, and of no case that comes to another."""
    ways = _ways(tree)
    names: dict[str, str] = {}
    for above, row in pairwise([(), *rows]):
        ended = [node for node in above if not leads_to((node,), row)] if leads_to(above, row) else []
        for node in row:
            others = [way for other in (*row, *ended) if other is not node for way in ways[other.id]]
            names[node.id] = _named(ways[node.id], others, labels)
    return names


def _ways(tree: Tree) -> Mapping[str, Sequence[Way]]:
    """Every way to every node and headline."""
    ways: dict[str, list[Way]] = {tree.root: [{}]}
    for node in tree.nodes.values():
        for edge in node.edges:
            ways.setdefault(edge.to, []).extend({**way, node.fact: edge.values} for way in ways[node.id])
    return ways


def _named(ways: Sequence[Way], others: Sequence[Way], labels: Labels) -> str:
    """The answers to the fewest facts by which each of the ways differs from each of the others."""
    apart = {
        frozenset(fact for fact in way if way[fact] != other.get(fact, way[fact])) for way in ways for other in others
    }
    facts = dict.fromkeys(fact for way in ways for fact in way)
    sizes = range(len(facts) + 1)
    told = next(some for size in sizes for some in combinations(facts, size) if all(map(set(some).intersection, apart)))
    said = {tuple((fact, way[fact]) for fact in told if fact in way): None for way in ways}
    least = [one for one in said if not any(set(other) < set(one) for other in said)]
    return " / ".join(", ".join(labels.clause(*answer) for answer in one) for one in least)
