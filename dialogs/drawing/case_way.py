"""The picture of a case: a box for each step, with the answer and where another would lead, then the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialogs.drawing.rows import part_name, rows_of
from dialogs.drawing.sheet import BODY, HEAD, MARGIN, SMALL, TITLE, WIDTH, Box, Line, Mark, Sheet, Text, block_height
from dialogs.labels import capitalised
from dialogs.suggested import Suggested
from dialogs.summary import summary
from guideline import UNDETERMINED, Assessment
from guideline.diagram import Step
from guideline.tree import Tree

_FULL = WIDTH - 2 * MARGIN
_PAD, _MARK, _GAP = 18, 40, 34
"""Pixels: around the words of a box, for a tick, and between two boxes."""

Words = tuple[str, int, bool, str]
"""A text, its size in pixels, whether it is bold, and its role."""


def draw(
    sheet: Sheet,
    found: Assessment,
    tree: Tree,
    doubtful: Iterable[str],
    suggested: Suggested,
    newer: tuple[str, Sequence[str]],
) -> None:
    """Add the picture below what is on the sheet. doubtful: headlines to star. newer: a heading and lines."""
    labels = suggested.labels
    star = "*" if found.headline in doubtful else ""
    open_ = found.headline == UNDETERMINED
    title = labels("picture.undetermined") if open_ else suggested.sentence(found, labels("picture.source"))
    sheet.paragraph(title + star, TITLE, True, after=4)
    said = [
        labels(f"summary.{one.label}") if one.label else labels.clause(one.fact, one.possible) for one in summary(found)
    ]
    said += filter(None, [suggested.fitness(found)])
    if said:
        sheet.paragraph(" · ".join(said), BODY, after=16)
    for caveat in found.caveats:
        sheet.panel(labels("picture.caveat", labels(f"caveat.{caveat}")))
    sheet.y += 8
    for step in found.way:
        _step(sheet, step, found, tree, suggested)
    if open_:
        _open(sheet, found, suggested)
    else:
        headline = suggested.name(found)
        _box(sheet, [(capitalised(headline) + star, HEAD, True, "paper")], "leaf lit")
    sheet.y += 24
    along = [suggested.adjunct(found, id_)[0] + suggested.unread(found, id_) for id_ in suggested.comes_with(found)]
    along += filter(None, [suggested.rfa_limits(found)])
    _list(sheet, labels("picture.with"), [labels("picture.item", line) for line in along])
    if found.transplant:
        states = [
            labels("picture.state").format(labels(f"criterion-state.{state}"), labels(f"criterion.{id_}"))
            + "".join(labels("picture.elsewhere", says) for says, _ in suggested.evidence.elsewhere(id_))
            for id_, state in found.transplant.criteria.items()
        ]
        states += [
            labels("picture.against", labels.clause(fact, found.known[fact])) for fact in found.transplant.against
        ]
        _list(sheet, labels("picture.transplant-short"), [labels("picture.item", state) for state in states])
    _list(sheet, *newer)
    if star:
        sheet.paragraph(labels("picture.uncertain"), SMALL, after=2)


def _step(sheet: Sheet, step: Step, found: Assessment, tree: Tree, suggested: Suggested) -> None:
    labels = suggested.labels
    fact = labels(f"fact.{step.node.fact}")
    if step.edge is None:
        said = labels("picture.indifferent", capitalised(fact))
        _box(sheet, [(said, BODY, False, "ink")], "node either", "dash")
        _arrow(sheet, "either")
        return
    clause = labels.clause(step.node.fact, found.known.get(step.node.fact, step.edge.values))
    elsewhere: dict[str, list[str]] = {}
    for edge in (edge for edge in step.node.edges if edge is not step.edge):
        target = _target(edge.to, found, tree, suggested)
        elsewhere.setdefault(target, []).append(labels.clause(step.node.fact, edge.values))
    others = [labels("picture.otherwise").format(labels("list.or").join(said), to) for to, said in elsewhere.items()]
    words: list[Words] = [(capitalised(clause), BODY, True, "ink")]
    words += [(capitalised(other), SMALL, False, "soft") for other in others]
    _box(sheet, words, "node lit", "tick")
    _arrow(sheet, "lit")


def _target(to: str, found: Assessment, tree: Tree, suggested: Suggested) -> str:
    """Where another answer would lead: a headline, a part of the diagram, or the fact that is asked next."""
    if to in tree.headlines:
        return suggested.instead(found, to)
    labels = suggested.labels
    part = part_name(tree, rows_of(tree), to, labels)
    return part or labels("picture.asks", labels(f"fact.{tree.nodes[to].fact}"))


def _open(sheet: Sheet, found: Assessment, suggested: Suggested) -> None:
    labels = suggested.labels
    missing = ", ".join(labels(f"fact.{fact}") for fact in found.needed)
    possible = " · ".join(suggested.instead(found, id_) for id_ in found.candidates)
    words: list[Words] = [
        (labels("picture.missing", missing), BODY, True, "ink"),
        (labels("picture.possible", possible), BODY, False, "ink"),
    ]
    _box(sheet, words, "node open", "?")


def _box(sheet: Sheet, words: Sequence[Words], role: str, mark: str = "") -> None:
    left = MARGIN + _PAD + (_MARK if mark else 0)
    room = MARGIN + _FULL - _PAD - left
    high = sum(block_height(said, room, size, bold) for said, size, bold, _ in words) + 2 * _PAD
    sheet.add(Box(MARGIN, sheet.y, _FULL, high, role))
    y = sheet.y + _PAD
    middle = y + 0.62 * words[0][1]
    if mark == "?":
        sheet.add(Text(MARGIN + _PAD + 6, round(y + 0.93 * BODY, 1), mark, BODY, True))
    elif mark:
        sheet.add(Mark(MARGIN + _PAD + 12, middle, mark, "ink"))
    for said, size, bold, ink in words:
        y = sheet.words(said, left, y, room, size, bold, ink)
    sheet.y += high


def _arrow(sheet: Sheet, role: str) -> None:
    middle = WIDTH / 2
    sheet.add(Line(((middle, sheet.y), (middle, sheet.y + _GAP)), role))
    sheet.y += _GAP


def _list(sheet: Sheet, heading: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    sheet.paragraph(heading, HEAD, True, after=4)
    for line in lines:
        sheet.paragraph(line, BODY, after=4)
    sheet.y += 18
