"""The decision diagram on a sheet: a row for each fact it asks, with the way on below it and the ways out beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dialogs.drawing.lettering import ASCENT, widest_word
from dialogs.drawing.route import ANSWERED, EITHER, LIT, OFF, OPEN, PLAIN, RANK, Route
from dialogs.drawing.rows import Row, lane_names, leads_to, part_name, rows_of, with_decided
from dialogs.drawing.sheet import BODY, MARGIN, WIDTH, Box, Line, Mark, Point, Sheet, Text, block_height
from dialogs.labels import Labels, capitalised
from dialogs.suggested import named_alone
from guideline.tree import Edge, Node, Tree
from guideline.values import Possible

_LEFT, _LEFT_WIDTH = MARGIN, 330
_RIGHT, _RIGHT_WIDTH = 414, 600
_RAIL = WIDTH - 36
_RAILS = WIDTH - 54, WIDTH - 12
"""x of a rail, the line on which ways lead down beside the ways out; and of the first and last of several rails."""
_PAD = 13
_MARK = 34
"""Pixels for a tick before words."""
_GAP, _ENTRY, _HEADED = 32, 50, 100
"""Pixels above a row: by itself; where a way comes in from the side; where it does so under a heading of a line."""
_ENTERS, _HEADING = 22, 40
"""Pixels below a row at which a way comes in from the side, and at which a heading begins."""

_BETWEEN = 12
"""Pixels between the ways out of one row."""

Step = tuple[Node, Edge]


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out beside a row, to a headline or to a row further down.

    words: the answers with which it is taken. steps: the edges it stands for. state: see `route`.
    """

    words: str
    to: str
    steps: tuple[Step, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Onward:
    """A way on to the next row. words, steps, state: see Exit."""

    words: str
    steps: tuple[Step, ...]
    state: str


class Flowchart:
    """Lays out the whole diagram.

    doubtful: headlines to star. known: what is known of the case's facts; empty without a case. suggested: the name of
    the case's own headline, with what keeps it from this tumour; empty: as it is called everywhere.
    """

    def __init__(
        self,
        tree: Tree,
        doubtful: Collection[str],
        labels: Labels,
        marked: Route,
        known: Mapping[str, Possible],
        suggested: str = "",
    ) -> None:
        self._tree, self._doubtful, self._labels, self._marked, self._known = tree, doubtful, labels, marked, known
        self._suggested = suggested
        self.rows = rows_of(tree)
        self._mark = 0 if marked.rest == PLAIN else _MARK
        self._lanes: dict[str, float] = {}
        self._names = lane_names(tree, self.rows, labels)
        self._lines: list[Line] = []
        self._rails = self._spread_rails()
        self._side_ways: dict[str, list[tuple[Exit, Point]]] = {}

    def ways(self, row: Row) -> tuple[list[Onward], list[Exit]]:
        """The ways on and the ways out of a row."""
        below = {node.id for node in self._below(row)}
        onward: list[Onward] = []
        exits: list[Exit] = []
        for values in (edge.values for edge in row[0].edges):
            steps = [(node, edge) for node in row for edge in node.edges if edge.values == values]
            on = tuple(step for step in steps if step[1].to in below)
            if on:
                # With the same answer another node of the row may lead out; it counts for the state as well.
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
        """Add the diagram below what is on the sheet."""
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
        # Where a word is wider than a column the answers stand one below the other, their arrows side by side.
        stacked = any(
            widest_word(capitalised(way.words), BODY, way.state == LIT) > column - self._mark for way in onward
        )
        room = (inner if stacked else column) - self._mark
        answered = [block_height(capitalised(way.words), room, BODY, way.state == LIT) for way in onward]
        named = block_height(name, inner, BODY, True) if name else 0
        left = named + (sum(answered) if stacked else max(answered, default=0))
        heights = [self._exit_height(way) for way in exits]
        high = max(left + 2 * _PAD, sum(heights) + _BETWEEN * (len(exits) - 1))
        sheet.add(Box(_LEFT, top, _LEFT_WIDTH, high, f"node {state}"))
        y = top + (high - left) / 2
        if name:
            y = sheet.words(name, _LEFT + _PAD, y, inner, BODY, True, _ink(state))
        for place, way in enumerate(onward):
            x = _LEFT + _PAD + place * column
            ink = _ink(way.state if len(onward) > 1 else state)
            if stacked:
                y = self._marked_words(sheet, way, _LEFT + _PAD, y, inner, ink)
            else:
                self._marked_words(sheet, way, x, y, column, ink)
            self._lead_on(row, way, (x, column) if len(onward) > 1 else None, top + high)
        y = top
        slack = (high - sum(heights) - _BETWEEN * (len(exits) - 1)) / max(1, len(exits))
        for out, height in zip(exits, heights, strict=True):
            self._exit(sheet, out, y, height + slack)
            y += height + slack + _BETWEEN
        sheet.y = top + high

    def _exit_height(self, way: Exit) -> float:
        room = _RIGHT_WIDTH - 2 * _PAD - self._mark
        return (
            block_height(capitalised(way.words), room, BODY, way.state == LIT)
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
        y = self._marked_words(sheet, way, _RIGHT + _PAD, y, room, ink)
        if leaf:
            sheet.words(self._destination(way), _RIGHT + _PAD + self._mark, y, room - self._mark, BODY, True, ink)
        else:
            self._side_ways.setdefault(way.to, []).append((way, (_RIGHT + _RIGHT_WIDTH, middle)))

    def _marked_words(self, sheet: Sheet, way: Onward | Exit, x: float, y: float, room: float, ink: str) -> float:
        middle = y + 0.62 * BODY
        if way.state in (LIT, ANSWERED):
            sheet.add(Mark(x + 11, middle, "tick", ink))
        elif way.state == EITHER:
            sheet.add(Mark(x + 11, middle, "dash", ink))
        elif way.state == OPEN:
            sheet.add(Text(x + 2, round(y + ASCENT * BODY, 1), "?", BODY, True, ink))
        words = capitalised(way.words)
        return sheet.words(words, x + self._mark, y, room - self._mark, BODY, way.state == LIT, ink)

    def _lead_on(self, row: Row, way: Onward, column: tuple[float, float] | None, bottom: float) -> None:
        """Add the arrows to the next row, each on the lane of its node.

        column: left end and width of the answer when the row has several, each of which starts a lane. bottom: y.
        """
        below = self._below(row)
        gap = self._gap(below)
        targets = list(dict.fromkeys(edge.to for _, edge in way.steps))
        for node, edge in way.steps:
            x = self._lanes[node.id]
            if column:
                x = column[0] + column[1] * (targets.index(edge.to) + 1) / (len(targets) + 1)
            self._lanes[edge.to] = x
            self._lines.append(Line(((x, bottom), (x, bottom + gap)), self._marked.edge(node, edge)))

    def _gap(self, row: Row) -> int:
        """Pixels above a row to which the one before it leads."""
        entered = sum(node.id in self._rails for node in row)
        return _ENTRY + _ENTERS * (entered - 1) if entered else _GAP

    def _spread_rails(self) -> dict[str, float]:
        """x of the rail to each node that ways from the side lead to, by its id. Rails to two nodes never overlap."""
        spans = []
        for place, row in enumerate(self.rows):
            for node in row:
                starts = [at for at, above in enumerate(self.rows[: max(0, place - 1)]) if leads_to(above, (node,))]
                if starts:
                    spans.append((starts[0], place, node.id))
        free: list[int] = []  # for each rail, the row from which on it is free
        rail: dict[str, int] = {}
        for start, end, id_ in sorted(spans, key=lambda span: (span[0], -span[1])):
            rail[id_] = next((one for one, row in enumerate(free) if row <= start), len(free))
            free[rail[id_] : rail[id_] + 1] = [end]
        if len(free) <= 1:
            return dict.fromkeys(rail, _RAIL)
        inner, outer = _RAILS
        return {id_: outer - one * (outer - inner) / (len(free) - 1) for id_, one in rail.items()}

    def _come_in(self, sheet: Sheet, row: Row) -> None:
        """Leave room above a row, and add the ways that come in there from the side."""
        top = sheet.y
        coming = {node.id: self._side_ways[node.id] for node in row if node.id in self._side_ways}
        if leads_to(self.rows[self.rows.index(row) - 1], row):
            sheet.y += self._gap(row)
            ends = [*sorted(self._lanes[node.id] for node in row), _LEFT + _LEFT_WIDTH]
            for place, (id_, ways) in enumerate(coming.items()):
                lane = self._lanes[id_]
                enters = (lane + next(end for end in ends if end > lane)) / 2
                self._gather(self._rails[id_], ways, enters, top + _ENTERS * (place + 1), sheet.y)
            return
        ((id_, ways),) = coming.items()
        enters = self._lanes[id_]
        room = min(self._rails.values()) - enters - _HEADING
        heading = self._heading(id_, [way for way, _ in ways])
        sheet.y += max(_HEADED, round(_HEADING + block_height(heading, room, BODY, True) + 20))
        self._gather(self._rails[id_], ways, enters, top + _ENTERS, sheet.y)
        state = max((self._marked.node(node) for node in row), key=RANK.__getitem__)
        sheet.words(heading, enters + 28, top + _HEADING, room, BODY, True, _ink(state))

    def _heading(self, id_: str, ways: Sequence[Exit]) -> str:
        """The heading of a part of the diagram: what holds on all ways to it, else the answers that lead there."""
        name = part_name(self._tree, self.rows, id_, self._labels)
        answers = " / ".join(dict.fromkeys(way.words for way in ways))
        return capitalised(name or with_decided(self._tree, id_, answers, self._labels))

    def _gather(
        self, rail: float, ways: Sequence[tuple[Exit, Point]], enters: float, across: float, bottom: float
    ) -> None:
        """Add the lines of the ways, top ones first, to their rail, and from the rail to the row below.

        ways: each with the point where it begins. enters, across, bottom: x and y at which they turn, and y of the row.
        A line that several ways share has the state that comes last in RANK.
        """
        coming = [(start, way.state) for way, start in ways]
        last = ((rail, across), (enters, across), (enters, bottom))
        on_rail = coming[0][1]
        for place, (start, state) in enumerate(coming):
            corner = (rail, start[1])
            following = coming[place + 1 :]
            ends = ((rail, following[0][0][1]),) if following else last
            if RANK[state] >= RANK[on_rail]:
                on_rail = state
                self._lines.append(Line((start, corner, *ends), state, arrow=not following))
            else:
                self._lines.append(Line((start, corner), state, arrow=False))
                self._lines.append(Line((corner, *ends), on_rail, arrow=not following))

    def _name(self, row: Row) -> str:
        name = self._labels(f"fact.{row[0].fact}")
        lane = self._names[row[0].id] if len(row) == 1 else ""
        if any(self._marked.node(node) == EITHER for node in row):
            name = f"{name}: {self._labels('picture.either')}"
        return f"{lane}: {name}" if lane else capitalised(name)

    def _clause(self, steps: Sequence[Step]) -> str:
        """The answer in words: that of the case where its way goes along here, else the values of the edge."""
        node, edge = steps[0]
        if self._state(steps) in (LIT, ANSWERED):
            return self._labels.clause(node.fact, self._known.get(node.fact, edge.values))
        return self._labels.clause(node.fact, edge.values)

    def _asked(self, fact: str, words: str, state: str) -> str:
        """The answer that leads on; as a question, unless the case has given it."""
        if state == EITHER:
            return capitalised(f"{self._labels(f'fact.{fact}')}: {self._labels('picture.either')}")
        return words if state in (LIT, ANSWERED) else capitalised(f"{words}?")

    def _below(self, row: Row) -> Row:
        place = self.rows.index(row)
        return self.rows[place + 1] if place + 1 < len(self.rows) else ()

    def _state(self, steps: Iterable[Step]) -> str:
        return max((self._marked.edge(*step) for step in steps), key=RANK.__getitem__)

    def _destination(self, way: Exit) -> str:
        """The headline, starred where the reading of Figure 1 that leads there is not certain."""
        star = "*" if way.to in self._doubtful else ""
        own = self._suggested if way.state in (LIT, EITHER) else ""
        return capitalised(own or named_alone(self._labels, way.to)) + star


def _ink(state: str) -> str:
    return "soft" if state == OFF else "ink"
