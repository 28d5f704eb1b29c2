"""The whole algorithm on an A4 page, with what it needs: grades, patterns, prerequisites, thresholds, newer facts."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.livers import PATTERNS
from dialogs.drawing.paper import A4
from dialogs.drawing.sheet import BODY, HEAD, MARGIN, SMALL, TITLE, WIDTH, Sheet
from dialogs.labels import Labels
from dialogs.papers import in_short
from guideline import Guideline
from guideline.facts import GRADES

WIDE = 1880
"""Pixels: at this width the smallest letters print at 9.5 points."""

HIGH = round(WIDE * A4[1] / A4[0])

_BESIDE = WIDTH + 20
"""Where the column beside the diagram begins."""

NEWER = ("g3-net", "debulking-70", "carcinoid-crisis", "transplant-age", "embolisation-choice", "type-naming")
"""The newer-source notes whose difference stands on the card: those on which something is done otherwise today."""


def sheet(content: Guideline, chart: Flowchart, labels: Labels, stamp: str) -> Sheet:
    """The card. chart: of the diagram without a case. Raises ValueError where it is more than a page holds."""
    page = Sheet(wide=WIDE, room=WIDE - 2 * MARGIN)
    page.paragraph(labels("picture.pocket"), TITLE, True, after=4)
    page.paragraph(labels("picture.not-emergency"), BODY, True, after=24)
    top = page.y
    chart.draw(page)
    page.y += 16
    page.room = WIDTH - 2 * MARGIN
    page.paragraph(labels("picture.uncertain"), SMALL, after=0)
    diagram_ends, page.y = page.y, top
    page.left, page.room = _BESIDE, WIDE - MARGIN - _BESIDE
    _beside(page, content, labels)
    page.y = max(page.y, diagram_ends) + 10
    page.left, page.room = MARGIN, WIDE - 2 * MARGIN
    page.paragraph(stamp, SMALL, role="soft", after=0)
    if page.height > HIGH:
        raise ValueError(f"the pocket card is {page.height} pixels high; a page holds {HIGH}")
    page.y = HIGH - MARGIN
    return page


def _beside(page: Sheet, content: Guideline, labels: Labels) -> None:
    statements, notes = content.evidence.statements, content.evidence.notes
    _part(page, labels("picture.grades"), grades(content, labels))
    _part(page, labels("picture.patterns-short"), (statements[f"type-{name.lower()}"].text for name in PATTERNS))
    _part(page, labels("picture.prerequisites"), [statements["prerequisites"].text])
    _part(page, labels("picture.thresholds"), [labels(f"adjunct.{id_}") for id_ in size_limits(content)])
    criteria = [labels(f"criterion.{rule.id}") for rule in content.rules.criteria]
    _part(page, labels("picture.transplant"), [labels("picture.item", criterion) for criterion in criteria])
    newer = [f"{notes[id_].differs} [{in_short(notes[id_])}]" for id_ in NEWER]
    _part(page, labels("picture.newer"), [labels("picture.item", fact) for fact in newer])


def size_limits(content: Guideline) -> list[str]:
    """The adjuncts that go by the size of a lesion."""
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
