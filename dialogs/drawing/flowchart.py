"""The decision diagram on a sheet: a row for each question in turn, the way on below it, the ways out beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from dialogs.drawing.lettering import ASCENT
from dialogs.drawing.route import ANSWERED, EITHER, LIT, OFF, OPEN, PLAIN, RANK, Route
from dialogs.drawing.sheet import BODY, MARGIN, WIDTH, Box, Line, Mark, Point, Sheet, Text, block_height
from dialogs.labels import Labels
from guideline.case import Possible
from guideline.tree import Edge, Node, Tree

_LEFT, _LEFT_WIDTH = MARGIN, 330
_RIGHT, _RIGHT_WIDTH = 414, 600
_RAIL = WIDTH - 36
_PAD = 13
_MARK = 34
"""Room for a tick before words."""
_GAP, _ENTRY, _HEADED = 32, 50, 100
"""Between rows; where a way comes in from the side; where it does so under a heading."""

_BETWEEN = 12
"""Between the ways out of one row."""

Row = tuple[Node, ...]
Step = tuple[Node, Edge]


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out beside a row: to a headline, or to a row further down. words: when it is taken."""

    words: str
    to: str
    steps: tuple[Step, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Onward:
    """A way on to the next row."""

    words: str
    steps: tuple[Step, ...]
    state: str


def rows_of(tree: Tree) -> list[Row]:
    """The nodes in the order of asking, those that ask the same side by side."""
    return [tuple(nodes) for _, nodes in groupby(tree.nodes.values(), key=lambda node: node.fact)]


class Flowchart:
    """Lays out the whole diagram.

    doubtful: headlines to star. known: what is known of the case's facts; empty without a case.
    """

    def __init__(
        self, tree: Tree, doubtful: Collection[str], labels: Labels, marked: Route, known: Mapping[str, Possible]
    ) -> None:
        self._tree, self._doubtful, self._labels, self._marked, self._known = tree, doubtful, labels, marked, known
        self.rows = rows_of(tree)
        self._mark = 0 if marked.rest == PLAIN else _MARK
        self._lanes: dict[str, float] = {}
        self._names = _lane_names(tree, self.rows, labels)
        self._lines: list[Line] = []
        self._side_ways: dict[str, list[tuple[Point, str]]] = {}

    def ways(self, row: Row) -> tuple[list[Onward], list[Exit]]:
        """The ways on and the ways out of a row."""
        below = {node.id for node in self._below(row)}
        onward: list[Onward] = []
        exits: list[Exit] = []
        for values in (edge.values for edge in row[0].edges):
            steps = [(node, edge) for node in row for edge in node.edges if edge.values == values]
            on = tuple(step for step in steps if step[1].to in below)
            if on:
                # The answer of a node that leads out from here counts as an answer of this row all the same.
                onward.append(Onward(self._clause(steps), on, self._state(steps)))
            for target in dict.fromkeys(edge.to for _, edge in steps if edge.to not in below):
                out = tuple(step for step in steps if step[1].to == target)
                lanes = [name for node, _ in out if (name := self._names[node.id])] if len(out) < len(steps) else []
                words = ", ".join(filter(None, (" / ".join(lanes), self._clause(out))))
                exits.append(Exit(words, target, out, self._state(out)))
        if len(onward) == 1:
            (way,) = onward
            onward = [Onward(self._asked(row[0].fact, way.words, way.state), way.steps, way.state)]
        return onward, exits

    def draw(self, sheet: Sheet) -> None:
        """Put the diagram on the sheet, below what is there."""
        for row in self.rows:
            for place, node in enumerate(row):
                self._lanes.setdefault(node.id, _LEFT + _LEFT_WIDTH * (place + 1) / (len(row) + 1))
            if row is not self.rows[0]:
                self._come_in(sheet, row)
            self._row(sheet, row)
        sheet.add(*sorted(self._lines, key=lambda line: RANK[line.role]))

    def _row(self, sheet: Sheet, row: Row) -> None:
        onward, exits = self.ways(row)
        top = sheet.y
        state = max((self._marked.node(node) for node in row), key=RANK.__getitem__)
        name = "" if len(onward) == 1 else self._name(row)
        inner = _LEFT_WIDTH - 2 * _PAD
        column = inner / max(1, len(onward))
        in_columns = [block_height(way.words, column - self._mark, BODY, way.state == LIT) for way in onward]
        named = block_height(name, inner, BODY, True) if name else 0
        left = named + max(in_columns, default=0)
        heights = [self._exit_height(way) for way in exits]
        high = max(left + 2 * _PAD, sum(heights) + _BETWEEN * (len(exits) - 1))
        sheet.add(Box(_LEFT, top, _LEFT_WIDTH, high, f"node {state}"))
        y = top + (high - left) / 2
        if name:
            y = sheet.words(name, _LEFT + _PAD, y, inner, BODY, True, _ink(state))
        for place, way in enumerate(onward):
            x = _LEFT + _PAD + place * column
            ink = _ink(way.state if len(onward) > 1 else state)
            self._marked_words(sheet, way.words, x, y, column, way.state, way.state == LIT, ink)
            self._lead_on(row, way, x + column / 2 if len(onward) > 1 else None, top + high)
        y = top
        slack = (high - sum(heights) - _BETWEEN * (len(exits) - 1)) / len(exits)
        for out, height in zip(exits, heights, strict=True):
            self._exit(sheet, out, y, height + slack)
            y += height + slack + _BETWEEN
        sheet.y = top + high

    def _exit_height(self, way: Exit) -> float:
        room = _RIGHT_WIDTH - 2 * _PAD - self._mark
        return (
            block_height(way.words, room, BODY, way.state == LIT)
            + (block_height(self._destination(way), room, BODY, True) if way.to in self._tree.headlines else 0)
            + 2 * _PAD
        )

    def _exit(self, sheet: Sheet, way: Exit, top: float, height: float) -> None:
        leaf = way.to in self._tree.headlines
        middle = top + height / 2
        filled = leaf and way.state in (LIT, EITHER)
        self._lines.append(Line(((_LEFT + _LEFT_WIDTH, middle), (_RIGHT, middle)), way.state))
        sheet.add(Box(_RIGHT, top, _RIGHT_WIDTH, height, f"{'leaf' if leaf else 'node'} {way.state}"))
        room = _RIGHT_WIDTH - 2 * _PAD
        text_height = self._exit_height(way) - 2 * _PAD
        y = top + (height - text_height) / 2
        ink = "paper" if filled else _ink(way.state)
        y = self._marked_words(sheet, way.words, _RIGHT + _PAD, y, room, way.state, way.state == LIT, ink)
        if leaf:
            sheet.words(self._destination(way), _RIGHT + _PAD + self._mark, y, room - self._mark, BODY, True, ink)
        else:
            self._side_ways.setdefault(way.to, []).append(((_RIGHT + _RIGHT_WIDTH, middle), way.state))

    def _marked_words(
        self, sheet: Sheet, words: str, x: float, y: float, room: float, state: str, bold: bool, ink: str
    ) -> float:
        middle = y + 0.62 * BODY
        if state in (LIT, ANSWERED):
            sheet.add(Mark(x + 11, middle, "tick", ink))
        elif state == EITHER:
            sheet.add(Mark(x + 11, middle, "dash", ink))
        elif state == OPEN:
            sheet.add(Text(x + 2, round(y + ASCENT * BODY, 1), "?", BODY, True, ink))
        return sheet.words(words, x + self._mark, y, room - self._mark, BODY, bold, ink)

    def _lead_on(self, row: Row, way: Onward, column: float | None, bottom: float) -> None:
        """Arrows to the next row, each on its lane; columns of answers start new lanes."""
        gap = self._gap(self._below(row))
        for node, edge in way.steps:
            x = self._lanes[node.id] if column is None else column
            self._lanes[edge.to] = x
            self._lines.append(Line(((x, bottom), (x, bottom + gap)), self._marked.edge(node, edge)))

    def _gap(self, row: Row) -> int:
        """The room above a row."""
        if not self._joined(row, self.rows[: self.rows.index(row) - 1]):
            return _GAP
        return _ENTRY if self._led_to(row) else _HEADED

    def _led_to(self, row: Row) -> bool:
        return self._joined(row, self.rows[self.rows.index(row) - 1 : self.rows.index(row)])

    def _joined(self, row: Row, others: list[Row]) -> bool:
        ids = {node.id for node in row}
        return any(edge.to in ids for other in others for node in other for edge in node.edges)

    def _come_in(self, sheet: Sheet, row: Row) -> None:
        """The room above a row, with the ways that come in from the side."""
        top = sheet.y
        sheet.y += self._gap(row)
        coming = [way for node in row for way in self._side_ways.get(node.id, [])]
        if not coming:
            return
        led_to = self._led_to(row)
        enters = self._lanes[row[0].id] + (_LEFT_WIDTH / 4 if led_to else 0)
        self._gather(coming, ((_RAIL, top + 22), (enters, top + 22), (enters, sheet.y)))
        if not led_to:
            state = max((self._marked.node(node) for node in row), key=RANK.__getitem__)
            words = self._labels(f"picture.part.{row[0].id}")
            sheet.words(words, enters + 28, top + 40, _RAIL - enters - 40, BODY, True, _ink(state))

    def _gather(self, coming: list[tuple[Point, str]], last: tuple[Point, ...]) -> None:
        """Lead the ways, top ones first, to one rail, and on from it. It looks like the most lit of them."""
        on_rail = coming[0][1]
        for place, (start, state) in enumerate(coming):
            turn = (_RAIL, start[1])
            following = coming[place + 1 :]
            ends = ((_RAIL, following[0][0][1]),) if following else last
            if RANK[state] >= RANK[on_rail]:
                on_rail = state
                self._lines.append(Line((start, turn, *ends), state, arrow=not following))
            else:
                self._lines.append(Line((start, turn), state, arrow=False))
                self._lines.append(Line((turn, *ends), on_rail, arrow=not following))

    def _name(self, row: Row) -> str:
        name = self._labels(f"fact.{row[0].fact}")
        lane = self._names[row[0].id] if len(row) == 1 else ""
        if any(self._marked.node(node) == EITHER for node in row):
            name = f"{name}: {self._labels('picture.either')}"
        return f"{lane}: {name}" if lane else _capitalised(name)

    def _clause(self, steps: Sequence[Step]) -> str:
        """What the answer says: the case's own where its way goes, else what the diagram asks for."""
        node, edge = steps[0]
        if self._state(steps) in (LIT, ANSWERED):
            return self._labels.clause(node.fact, self._known.get(node.fact, edge.values))
        return self._labels.clause(node.fact, edge.values)

    def _asked(self, fact: str, words: str, state: str) -> str:
        """The answer that leads on: as a question, until the case has answered it so."""
        if state == EITHER:
            return _capitalised(f"{self._labels(f'fact.{fact}')}: {self._labels('picture.either')}")
        return words if state in (LIT, ANSWERED) else _capitalised(f"{words}?")

    def _below(self, row: Row) -> Row:
        place = self.rows.index(row)
        return self.rows[place + 1] if place + 1 < len(self.rows) else ()

    def _state(self, steps: Iterable[Step]) -> str:
        return max((self._marked.edge(*step) for step in steps), key=RANK.__getitem__)

    def _destination(self, way: Exit) -> str:
        """The headline, starred where the reading of Figure 1 that leads there is not certain."""
        star = "*" if way.to in self._doubtful else ""
        return _capitalised(self._labels(f"headline.{way.to}")) + star


Combination = tuple[str, ...]


def _lane_names(tree: Tree, rows: Sequence[Row], labels: Labels) -> dict[str, str]:
    """Of every node, by which answers it is reached, as far as that tells it from the others; empty where it is reached
    whatever was answered. First the answers of the rows that have several ways on are told; where two nodes of a row
    would be called alike, all answers on the way to them."""
    splitting = {row[0].fact for row, below in pairwise(rows) if _ways_on(row, below) > 1}
    names = _named(tree, rows, labels, splitting)
    alike = [row for row in rows if len({names[node.id] for node in row}) < len(row)]
    if alike:
        full = _named(tree, rows, labels, set(tree.facts))
        names |= {node.id: full[node.id] for row in alike for node in row}
    return names


def _ways_on(row: Row, below: Row) -> int:
    ids = {node.id for node in below}
    return len({edge.values for node in row for edge in node.edges if edge.to in ids})


def _named(tree: Tree, rows: Sequence[Row], labels: Labels, named_facts: Collection[str]) -> dict[str, str]:
    reached: dict[str, dict[Combination, None]] = {node.id: {} for row in rows for node in row}
    reached[tree.root][()] = None
    names: dict[str, str] = {}
    after: dict[Combination, None] = {(): None}
    for row in rows:
        if not names or any(len(c) > len(next(iter(after))) for node in row for c in reached[node.id]):
            after = {c: None for node in row for c in reached[node.id]}
        for node in row:
            names[node.id] = " / ".join(", ".join(c) for c in _told_apart(reached[node.id], after))
            for edge in (edge for edge in node.edges if edge.to in reached):
                said = (labels.clause(node.fact, edge.values),) if node.fact in named_facts else ()
                reached[edge.to] |= {(*c, *said): None for c in reached[node.id]}
    return names


def _told_apart(here: Collection[Combination], everywhere: Collection[Combination]) -> list[Combination]:
    """The combinations without the answers that make no difference; nothing where none does."""
    ways = list(here)
    for place in reversed(range(max(map(len, ways), default=0))):
        if len({len(c) for c in (*ways, *everywhere)}) > 1:
            break
        others = {c[place] for c in everywhere}
        rest = dict.fromkeys((*c[:place], *c[place + 1 :]) for c in ways)
        if all({c[place] for c in ways if (*c[:place], *c[place + 1 :]) == r} == others for r in rest):
            ways = list(rest)
            everywhere = dict.fromkeys((*c[:place], *c[place + 1 :]) for c in everywhere)
    return [c for c in ways if c]


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ink(state: str) -> str:
    return "soft" if state == OFF else "ink"
