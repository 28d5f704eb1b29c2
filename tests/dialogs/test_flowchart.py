"""The flowchart of any diagram that the loader takes: what is drawn leads where the diagram does, and what stands there
is true of every case that comes by."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dialogs.drawing import pocket_card
from dialogs.drawing.flowchart import Exit, Flowchart
from dialogs.drawing.paper import A4
from dialogs.drawing.route import route
from dialogs.drawing.rows import Row, rows_of
from dialogs.drawing.sheet import Box, Line, Sheet, Text
from dialogs.labels import Labels
from guideline import guideline
from guideline.content import ContentError
from guideline.tree import Edge, Node, Tree, load
from guideline.values import Values
from tests.support.shapes import collisions

STATEMENTS = guideline().evidence.statements
FILE = (Path(__file__).parents[1] / "cases" / "tree.toml").read_text("utf-8")
NODES: list[dict[str, Any]] = tomllib.loads(FILE)["node"]
HEADLINES = FILE[FILE.index("[[headline]]") :]
OLD_HEADLINES = [headline["id"] for headline in tomllib.loads(FILE)["headline"]]
NEW = '\n[[headline]]\nid = "new-headline"\nbecause = ["type-iii"]\n'


class _Named(Labels):
    """The labels, with one for whatever has none: an id."""

    def __call__(self, path: str, filling: object = "") -> str:
        try:
            return super().__call__(path, filling)
        except KeyError:
            return path.rpartition(".")[2].replace("_", " ")


LABELS = _Named()


# Diagrams


def _node(id_: str, fact: str, *edges: tuple[Any, str]) -> dict[str, Any]:
    return {
        "id": id_,
        "fact": fact,
        "edges": [{"values": values, "to": to, "because": ["type-iii"]} for values, to in edges],
    }


def _loaded(folder: Path, nodes: list[dict[str, Any]], headlines: str) -> Tree:
    """The diagram of these nodes. Raises ContentError where the loader refuses it."""

    def text(value: object) -> str:
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{key} = {text(one)}" for key, one in value.items()) + " }"
        if isinstance(value, list):
            return "[" + ", ".join(map(text, value)) + "]"
        return f'"{value}"' if isinstance(value, str) else str(value).lower()

    written = ["[[node]]\n" + "".join(f"{key} = {text(value)}\n" for key, value in node.items()) for node in nodes]
    folder.mkdir(exist_ok=True)
    (folder / "tree.toml").write_text("\n".join([*written, headlines]), "utf-8")
    return load(STATEMENTS, folder)


def _g1_apart(to: str) -> list[dict[str, Any]]:
    """The nodes with G1 apart from G2: of G1, Type III leads elsewhere."""
    grade = _node("grade", "grade", (["G1"], "pattern-g1"), (["G2"], "pattern"), (["G3"], "systemic-chemotherapy"))
    pattern = _node("pattern-g1", "pattern", (["I"], "type-i-fitness"), (["II"], "type-ii-fitness"), (["III"], to))
    return [grade, pattern, *NODES[1:]]


SYMPTOMS = _node(
    "type-iii-symptoms", "refractory_symptoms", ([True], "multimodal-nonsurgical"), ([False], "new-headline")
)


def _behind(nodes: list[dict[str, Any]], id_: str, new: dict[str, Any]) -> list[dict[str, Any]]:
    place = next(place for place, node in enumerate(nodes, 1) if node["id"] == id_)
    return [*nodes[:place], new, *nodes[place:]]


NOT_ASKED = ("hepatomegaly", "portal_drainage", "primary_small_asymptomatic")
"""Facts that today's diagram does not ask."""


def _grown(random: Random) -> list[dict[str, Any]]:
    """The nodes with new ones put in at random, one of them leading to the new headline, and one way led elsewhere."""
    nodes: list[dict[str, Any]] = [{**node, "edges": [{**edge} for edge in node["edges"]]} for node in NODES]
    for number in range(random.randint(1, 5)):
        place = random.randrange(len(nodes))
        edge = random.choice(nodes[place]["edges"])
        later = [*(node["id"] for node in nodes[place + 1 :]), *OLD_HEADLINES]
        other = random.choice(later) if number else "new-headline"
        new = _node(f"new-{number}", random.choice(NOT_ASKED), ([True], edge["to"]), ([False], other))
        nodes.insert(place + 1, new)
        edge["to"] = f"new-{number}"
    place = random.randrange(len(nodes) - 1)
    random.choice(nodes[place]["edges"])["to"] = random.choice(nodes[place + 1 :])["id"]
    return nodes


def _random_trees(folder: Path, count: int) -> Iterator[Tree]:
    random = Random(2012)
    while count:
        try:
            yield _loaded(folder, _grown(random), HEADLINES + NEW)
            count -= 1
        except ContentError:
            continue


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> list[Tree]:
    """Today's diagram, one written for these tests, some with a new headline, and many changed at random."""
    folder = tmp_path_factory.mktemp("diagrams")
    behind = _behind(_g1_apart("type-iii-symptoms"), "no-cure-symptoms", SYMPTOMS)
    early = _behind(_g1_apart("type-iii-symptoms"), "pattern", SYMPTOMS)
    return [
        guideline().tree,
        _loaded(folder, NODES, HEADLINES),
        _loaded(folder, _g1_apart("new-headline"), HEADLINES + NEW),
        _loaded(folder, behind, HEADLINES + NEW),
        _loaded(folder, early, HEADLINES + NEW),
        _loaded(folder, _g1_apart("no-cure-symptoms"), HEADLINES),
        *_random_trees(folder, 30),
    ]


# What is drawn


def _chart(tree: Tree) -> Flowchart:
    return Flowchart(tree, (), LABELS, route(tree, None), {})


def _drawn(tree: Tree) -> tuple[Sheet, list[Box], list[list[Box]]]:
    """The sheet, the box of each row, and the boxes of its ways out."""
    sheet = Sheet()
    _chart(tree).draw(sheet)
    rows: list[Box] = []
    outs: list[list[Box]] = []
    for box in (shape for shape in sheet.shapes if isinstance(shape, Box)):
        if box.x == sheet.left:
            rows.append(box)
            outs.append([])
        else:
            outs[-1].append(box)
    return sheet, rows, outs


Way = tuple[tuple[Node, Edge], ...]


def _ways(tree: Tree) -> dict[str, list[Way]]:
    """Every way to every node and headline."""
    ways: dict[str, list[Way]] = {tree.root: [()]}
    for node in tree.nodes.values():
        for edge in node.edges:
            ways.setdefault(edge.to, []).extend((*way, (node, edge)) for way in ways[node.id])
    return ways


def _answers(way: Way) -> set[str]:
    """What was answered on the way, in the words of the picture; a clause with a comma in its parts."""
    return {part for node, edge in way for part in LABELS.clause(node.fact, edge.values).split(", ")}


def _holds(words: str, way: Way) -> bool:
    """Whether one of the alternatives in the words is true of the way."""
    return any(set(alternative.split(", ")) <= _answers(way) for alternative in words.split(" / "))


def _takes(out: Exit, way: Way) -> bool:
    """Whether what stands at a way out is true of the way: its answer, and one of the alternatives before it."""
    node, edge = out.steps[0]
    answer = LABELS.clause(node.fact, edge.values)
    assert out.words.endswith(answer)
    before = out.words.removesuffix(answer).removesuffix(", ")
    return way[-1][1].values == edge.values and (not before or _holds(before, way[:-1]))


SINCE = {
    LABELS("picture.since.cure_by_resection"): (
        ("primary", "unresectable"), ("extrahepatic", "unresectable"), ("r0_feasible", False)
    ),
    LABELS("picture.since.indication"): (("refractory_symptoms", True), ("local_effects", True)),
    LABELS("picture.since.metastases_unresectable"): (("pattern", "III"), ("r0_feasible", False)),
}  # fmt: skip
"""What a heading can say of a case, with the answers of which one makes it true (sections 2 and 3 of the contract)."""


def _true_of(heading: str, way: Way) -> bool:
    """Whether a heading is true of a case that came this way."""
    said = {(node.fact, edge.values) for node, edge in way}
    lower = heading[0].lower() + heading[1:]
    parts = lower.split(", ")
    if not set(parts) <= set(SINCE):
        return _holds(heading, way) or _holds(lower, way)
    return all(any((fact, Values({value})) in said for fact, value in SINCE[part]) for part in parts)


def _headings(tree: Tree) -> dict[str, str]:
    """Of every node under a heading, the words of the heading."""
    sheet, boxes, _ = _drawn(tree)
    texts = [shape for shape in sheet.shapes if isinstance(shape, Text)]
    found = {}
    for row, above, box in zip(rows_of(tree)[1:], boxes, boxes[1:], strict=False):
        between = [text.words for text in texts if above.y + above.height < text.y < box.y and text.x < 414]
        between += [text.words for text in texts if above.y + above.height < text.y < box.y and text.x >= 414]
        if between:
            found[row[0].id] = " ".join(between).replace("\u00a0", " ")
    return found


def _ways_out(tree: Tree) -> Iterator[tuple[Row, Exit]]:
    chart = _chart(tree)
    yield from ((row, out) for row in chart.rows for out in chart.ways(row)[1])


def test_no_two_ways_out_of_a_row_read_alike(trees: list[Tree]) -> None:
    for tree in trees:
        chart = _chart(tree)
        for row in chart.rows:
            words = [way.words for way in chart.ways(row)[1]]
            assert len(set(words)) == len(words), words


def test_every_way_of_the_picture_is_one_of_the_diagram_and_the_other_way_round(trees: list[Tree]) -> None:
    for tree in trees:
        chart, drawn = _chart(tree), set()
        assert {node.id for row in chart.rows for node in row} == set(tree.nodes)
        for row in chart.rows:
            onward, exits = chart.ways(row)
            for out in exits:
                assert {edge.to for _, edge in out.steps} == {out.to}
            steps = [step for way in onward for step in way.steps] + [step for out in exits for step in out.steps]
            drawn |= {(node.id, edge) for node, edge in steps}
        assert drawn == {(node.id, edge) for node in tree.nodes.values() for edge in node.edges}


def test_what_stands_at_a_way_out_is_true_of_the_cases_that_take_it_and_of_no_other_that_come_by(
    trees: list[Tree],
) -> None:
    for tree in trees:
        ways = _ways(tree)
        for row, out in _ways_out(tree):
            for node in row:
                for way in ways[node.id]:
                    for edge in node.edges:
                        takes = (node, edge) in out.steps
                        assert _takes(out, (*way, (node, edge))) == takes, (out.words, out.to)


def test_an_arrow_from_the_side_ends_at_the_row_of_its_node_and_at_no_other(trees: list[Tree]) -> None:
    for tree in trees:
        sheet, boxes, outs = _drawn(tree)
        chart = _chart(tree)
        then: dict[tuple[float, float], tuple[float, float]] = {}
        for line in (shape for shape in sheet.shapes if isinstance(shape, Line)):
            for one, other in zip(line.points, line.points[1:], strict=False):
                assert then.setdefault(one, other) == other or one[0] < 414, (one, other)
        ends: dict[str, set[tuple[float, float]]] = {}
        for row, beside in zip(chart.rows, outs, strict=True):
            for out, box in zip(chart.ways(row)[1], beside, strict=True):
                if out.to in tree.nodes:
                    at = (box.x + box.width, box.y + box.height / 2)
                    while at in then:
                        at = then[at]
                    ends.setdefault(out.to, set()).add(at)
                    (place,) = (place for place, below in enumerate(chart.rows) if tree.nodes[out.to] in below)
                    assert at[1] == boxes[place].y
                    assert boxes[place].x < at[0] < boxes[place].x + boxes[place].width
        assert all(len(one) == 1 for one in ends.values())
        assert len({end for one in ends.values() for end in one}) == len(ends)


def test_a_heading_is_true_of_every_way_beneath_it(trees: list[Tree]) -> None:
    for tree in trees:
        ways, headings = _ways(tree), _headings(tree)
        for id_, words in headings.items():
            said, _, only = words.removesuffix("?").rpartition(": ") if words.endswith("?") else (words, "", "")
            assert all(_true_of(said, way) for way in ways[id_]), (words, id_)
            if only:
                (headline,) = (one for one in tree.headlines if LABELS(f"short.{one}") == only)
                assert all(any(node.id == id_ for node, _ in way) for way in ways[headline]), words


def test_the_headings_without_and_with_a_new_headline(trees: list[Tree]) -> None:
    old, out, behind, early, without = map(_headings, trees[1:6])
    debulking = {"no-cure-symptoms": "No cure by resection: debulking?"}
    assert old == out == debulking
    assert behind == debulking | {"type-iii-symptoms": "G1, Type III: new-headline?"}
    assert early == behind
    assert set(without) == {"no-cure-symptoms"}  # Type III comes there as well, with a cure by resection or without
    assert "No cure" not in without["no-cure-symptoms"]


def test_nothing_in_the_picture_collides(trees: list[Tree]) -> None:
    for tree in trees:
        sheet, *_ = _drawn(tree)
        assert list(collisions(sheet)) == []


# The pocket card


def _pocket_card(tree: Tree) -> Sheet:
    return pocket_card.sheet(guideline(), lambda: _chart(tree), LABELS, "stamp")


def test_a_new_headline_fits_on_the_pocket_card_in_letters_of_nine_points(trees: list[Tree]) -> None:
    for tree in trees[:6]:
        sheet = _pocket_card(tree)
        assert sheet.height == round(sheet.wide * A4[1] / A4[0])
        sizes = [shape.size for shape in sheet.shapes if isinstance(shape, Text)]
        assert min(sizes) * A4[0] / sheet.wide >= pocket_card.LEAST
        assert list(collisions(sheet)) == []


@pytest.mark.slow
def test_a_diagram_too_high_for_the_pocket_card_is_refused_with_what_to_shorten(trees: list[Tree]) -> None:
    refused = set()
    for tree in trees[6:]:
        try:
            _pocket_card(tree)
        except ValueError as error:
            refused.add(str(error).partition("holds: ")[2])
    assert refused == {"shorten the labels in its diagram (headline, value, fact)"}
