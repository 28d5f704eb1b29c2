"""The whole algorithm on an A4 page, with what it needs: grades, patterns, prerequisites, thresholds, newer facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.lettering import LEADING
from dialogs.drawing.livers import PATTERNS
from dialogs.drawing.paper import A4
from dialogs.drawing.sheet import BODY, HEAD, MARGIN, SMALL, TITLE, WIDTH, Sheet
from dialogs.labels import Labels, capitalised
from dialogs.papers import in_short
from dialogs.suggested import NO_ROUTE
from guideline import Guideline
from guideline.facts import GRADES

WIDTHS = (1880, 1920, 1960, 2000, 2040, 2080, 2116)
"""Pixels of the page, best first: the words of the diagram print at 10 points at the first, at 9 at the last."""

LEAST = 9
"""Points: the size of the smallest letters on paper."""

_LINE = round(BODY * LEADING)

_BESIDE = WIDTH + 20
"""Where the column beside the diagram begins."""

NEWER = ("g3-net", "debulking-70", "carcinoid-crisis", "transplant-age", "embolisation-choice", "type-naming")
"""The newer-source notes whose difference stands on the card: those on which something is done otherwise today."""


def high(wide: int) -> int:
    """Pixels of an A4 page of that width."""
    return round(wide * A4[1] / A4[0])


def sheet(content: Guideline, chart: Callable[[], Flowchart], labels: Labels, stamp: str) -> Sheet:
    """The card, in the largest letters that fit the page. chart: makes the chart of the diagram without a case.

    Raises ValueError when it does not fit in letters of 9 points.
    """
    for wide in WIDTHS:
        page, by_diagram = _laid_out(content, chart(), labels, stamp, wide)
        if page.height <= high(wide):
            page.y = high(wide) - MARGIN
            return page
    lines = -(-(page.height - high(wide)) // _LINE)
    raise ValueError(
        f"the pocket card is {lines} lines higher than a page holds: shorten "
        + ("the labels in its diagram (headline, value, fact)" if by_diagram else "what stands beside it (NEWER)")
    )


def _laid_out(content: Guideline, chart: Flowchart, labels: Labels, stamp: str, wide: int) -> tuple[Sheet, bool]:
    """The card on a page of that width, as high as its content, and whether the diagram is higher than what is beside
    it."""
    page = Sheet(wide=wide, room=wide - 2 * MARGIN)
    small = max(SMALL, ceil(LEAST * wide / A4[0]))
    page.paragraph(labels("picture.pocket"), TITLE, True, after=4)
    page.paragraph(labels("picture.not-emergency"), BODY, True, after=24)
    top = page.y
    chart.draw(page)
    page.y += 16
    page.room = WIDTH - 2 * MARGIN
    page.paragraph(labels("picture.uncertain"), small, after=0)
    diagram_ends, page.y = page.y, top
    page.left, page.room = _BESIDE, wide - MARGIN - _BESIDE
    _beside(page, content, labels)
    by_diagram = diagram_ends > page.y
    page.y = max(page.y, diagram_ends) + 10
    page.left, page.room = MARGIN, wide - 2 * MARGIN
    page.paragraph(stamp, small, role="soft", after=0)
    return page, by_diagram


def _beside(page: Sheet, content: Guideline, labels: Labels) -> None:
    statements, notes = content.evidence.statements, content.evidence.notes
    _part(page, labels("picture.grades"), [*grades(content, labels), capitalised(labels(f"caveat.{NO_ROUTE}"))])
    _part(page, labels("picture.patterns-short"), (statements[f"type-{name.lower()}"].text for name in PATTERNS))
    cover = labels("adjunct.perioperative-somatostatin")
    _part(page, labels("picture.prerequisites"), [statements["prerequisites"].text, cover])
    several = "multimodal-nonsurgical"
    _part(page, capitalised(labels(f"headline.{several}")), [capitalised(labels.suggests(several))])
    _part(page, labels("picture.thresholds"), [labels(f"adjunct.{id_}") for id_ in size_limits(content)])
    criteria = [labels("picture.item", labels(f"criterion.{rule.id}")) for rule in content.rules.criteria]
    _part(page, labels("picture.transplant"), [labels("picture.transplant-criteria"), *criteria])
    newer = [f"{notes[id_].differs} [{in_short(notes[id_])}]" for id_ in NEWER]
    _part(page, labels("picture.newer"), [labels("picture.item", fact) for fact in newer])


def size_limits(content: Guideline) -> list[str]:
    """The adjuncts that depend on the size of a lesion."""
    return [rule.id for rule in content.rules.adjuncts if "largest_lesion_cm" in rule.when.facts]


def grades(content: Guideline, labels: Labels) -> list[str]:
    """What makes each grade, a line each: the lowest takes both counts, the others either (§2)."""
    lines = []
    for grade in GRADES:
        mitoses, ki67 = (labels.clause(count, content.bands[count][str(grade)]) for count in ("mitoses", "ki67"))
        joined = labels("list.and" if grade == GRADES[0] else "list.or")
        lines.append(labels("picture.grade").format(grade, mitoses, joined, ki67))
    return lines


def _part(page: Sheet, heading: str, lines: Iterable[str]) -> None:
    page.paragraph(heading, HEAD, True, after=4)
    for line in lines:
        page.paragraph(line, BODY, after=4)
    page.y += 22
