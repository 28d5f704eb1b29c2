"""The whole algorithm on one page, with what it needs: grades, patterns, prerequisites, thresholds."""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.livers import PATTERNS
from dialogs.drawing.sheet import BODY, HEAD, SMALL, TITLE, Sheet
from dialogs.labels import Labels
from guideline import Guideline
from guideline.facts import GRADES


def draw(sheet: Sheet, content: Guideline, chart: Flowchart, labels: Labels) -> None:
    """Put the card on the sheet. chart: of the diagram without a case."""
    sheet.paragraph(labels("picture.pocket"), TITLE, True)
    sheet.paragraph(labels("picture.not-emergency"), BODY, True, after=16)
    _part(sheet, labels("picture.grades"), grades(content, labels))
    statements = content.evidence.statements
    _part(sheet, labels("picture.patterns-short"), (statements[f"type-{name.lower()}"].text for name in PATTERNS))
    _part(sheet, labels("picture.prerequisites"), [statements["prerequisites"].text])
    sheet.y += 8
    chart.draw(sheet)
    sheet.y += 18
    sheet.paragraph(labels("picture.uncertain"), SMALL, after=16)
    _part(sheet, labels("picture.thresholds"), [labels(f"adjunct.{id_}") for id_ in size_limits(content)])
    criteria = " · ".join(labels(f"criterion.{rule.id}") for rule in content.rules.criteria)
    _part(sheet, labels("picture.transplant"), [criteria])
    topics = dict.fromkeys(note.topic for note in content.evidence.notes.values() if not note.reading)
    _part(sheet, labels("picture.newer"), [" · ".join(labels(f"topic.{topic}") for topic in topics)])


def size_limits(content: Guideline) -> list[str]:
    """The adjuncts that go by the size of a lesion."""
    return [rule.id for rule in content.rules.adjuncts if "largest_lesion_cm" in rule.when.facts]


def grades(content: Guideline, labels: Labels) -> list[str]:
    """What makes each grade, a line each."""
    return [
        labels("picture.grade").format(
            grade, *(labels.clause(count, content.bands[count][str(grade)]) for count in ("mitoses", "ki67"))
        )
        for grade in GRADES
    ]


def _part(sheet: Sheet, heading: str, lines: Iterable[str]) -> None:
    sheet.paragraph(heading, HEAD, True, after=2)
    for line in lines:
        sheet.paragraph(line, BODY, after=2)
    sheet.y += 14
