"""The flowchart of any diagram that the loader takes: no two ways out read alike, and each is a way of the diagram."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from shutil import copytree

import pytest

from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.route import route
from dialogs.labels import Labels
from guideline import guideline
from guideline.content import DATA
from guideline.tree import Tree, load

STATEMENTS = guideline().evidence.statements
NEW = 'id = "new-headline"\nbecause = ["type-iii"]\n'
GRADES = '[ { values = ["G1"], to = "pattern-g1", because = ["grade-g1"] }, { values = ["G2"], to = "pattern", because = ["grade-g2"] }, { values = ["G3"], to = "systemic-chemotherapy", because = ["grade-g3"] } ]'  # noqa: E501
PATTERN_G1 = """
[[node]]
id = "pattern-g1"
fact = "pattern"
edges = [
    {{ values = ["I"], to = "type-i-fitness", because = ["type-i"] }},
    {{ values = ["II"], to = "type-ii-fitness", because = ["type-ii"] }},
    {{ values = ["III"], to = "{to}", because = ["type-iii"] }},
]
"""
SYMPTOMS = """
[[node]]
id = "type-iii-symptoms"
fact = "refractory_symptoms"
edges = [
    { values = [true], to = "multimodal-nonsurgical", because = ["type-iii"] },
    { values = [false], to = "new-headline", because = ["type-iii"] },
]
"""


def _blocks(text: str) -> list[str]:
    return text.split("\n[[")


def _diagram(folder: Path, *, to: str, symptoms: bool) -> Tree:
    """The diagram with G1 apart from G2: there Type III goes elsewhere, to a new headline."""
    copytree(DATA, folder)
    file = folder / "tree.toml"
    blocks = _blocks(file.read_text("utf-8"))
    for place, block in enumerate(blocks):
        if 'id = "grade"\n' in block:
            blocks[place] = f'node]]\nid = "grade"\nfact = "grade"\nedges = {GRADES}\n'
        if 'id = "pattern"\n' in block:
            blocks[place] = PATTERN_G1.format(to=to).strip().removeprefix("[[") + "\n\n[[" + block
        if symptoms and 'id = "no-cure-symptoms"\n' in block:
            blocks[place] = block + SYMPTOMS
    file.write_text("\n[[".join(blocks) + f"\n[[headline]]\n{NEW}", "utf-8")
    return load(STATEMENTS, folder)


class _Named(Labels):
    """The labels, with one for whatever has none: an id."""

    def __call__(self, path: str, filling: object = "") -> str:
        try:
            return super().__call__(path, filling)
        except KeyError:
            return path.rpartition(".")[2]


def _diagrams(folder: Path) -> Iterable[Tree]:
    yield guideline().tree
    yield _diagram(folder / "out", to="new-headline", symptoms=False)
    yield _diagram(folder / "symptoms", to="type-iii-symptoms", symptoms=True)


@pytest.fixture(params=range(3), ids=["today's", "G1, Type III", "G1, Type III, no symptoms"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    place: int = request.param
    return list(_diagrams(tmp_path))[place]


def test_no_two_ways_out_of_a_row_read_alike(tree: Tree) -> None:
    chart = Flowchart(tree, (), _Named(), route(tree, None), {})
    for row in chart.rows:
        _, exits = chart.ways(row)
        words = [way.words for way in exits]
        assert len(set(words)) == len(words), words


def test_every_way_of_the_picture_is_one_of_the_diagram_and_the_other_way_round(tree: Tree) -> None:
    chart = Flowchart(tree, (), _Named(), route(tree, None), {})
    drawn = set()
    for row in chart.rows:
        onward, exits = chart.ways(row)
        for out in exits:
            assert {edge.to for _, edge in out.steps} == {out.to}
        steps = [step for way in onward for step in way.steps] + [step for out in exits for step in out.steps]
        drawn |= {(node.id, edge) for node, edge in steps}
    assert drawn == {(node.id, edge) for node in tree.nodes.values() for edge in node.edges}


def test_a_way_out_that_not_every_node_of_its_row_takes_says_which_does(tmp_path: Path) -> None:
    tree = _diagram(tmp_path / "new", to="type-iii-symptoms", symptoms=True)
    chart = Flowchart(tree, (), _Named(), route(tree, None), {})
    words = {way.to: way.words for row in chart.rows for way in chart.ways(row)[1] if row[0].fact == "pattern"}
    assert words == {"type-iii-symptoms": "G1, Type III", "multimodal-nonsurgical": "G2, Type III"}
    symptoms = next(row for row in chart.rows if "type-iii-symptoms" in {node.id for node in row})
    (new,) = [way for way in chart.ways(symptoms)[1] if way.to == "new-headline"]
    assert "G1, Type III" in new.words
