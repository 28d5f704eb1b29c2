"""Reported outcomes as bars on a scale, each with whose result it is. Not a comparison, and it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from dialogs.drawing.lettering import ASCENT, LEADING, width
from dialogs.drawing.sheet import BODY, HEAD, MARGIN, SMALL, TITLE, WIDTH, Box, Sheet
from dialogs.labels import Labels, capitalised
from guideline import Evidence
from guideline.evidence import Statement
from guideline.outcomes import Outcome

SCALES = {"%": 100, "months": 48}
"""What the full width of a bar's track stands for."""

_FULL = WIDTH - 2 * MARGIN
_VALUE = 300
_TRACK = 22
_POINT = 16
"""Pixels: the width of the column of figures, the height of a bar, the width of a single figure, and the padding."""


def draw(
    sheet: Sheet,
    headline: str,
    parts: Mapping[str, Sequence[Outcome]],
    evidence: Evidence,
    labels: Labels,
    *,
    covered: bool,
) -> None:
    """Add the outcomes below what is on the sheet. headline: its name. parts: the outcomes by the heading above them,
    which is empty for those of the headline itself. covered: whether the review has figures for such a tumour."""
    shown = list(chain.from_iterable(parts.values()))
    sheet.paragraph(labels("picture.numbers"), TITLE, True, after=4)
    sheet.paragraph(labels("picture.numbers-for", headline), BODY, after=14)
    if not covered:
        sheet.paragraph(labels("picture.no-figures"), BODY, True, after=14)
    sheet.panel(labels("picture.bias"), after=18)
    _key(sheet, labels)
    for unit in dict.fromkeys(outcome.unit for outcome in shown):
        sheet.paragraph(labels(f"picture.scale.{unit}", str(SCALES[unit])), SMALL, role="soft", after=0)
    sheet.y += 22
    for heading, outcomes in parts.items():
        if heading:
            sheet.paragraph(heading, TITLE, True, after=14)
        for measure in dict.fromkeys(outcome.measure for outcome in outcomes):
            sheet.paragraph(labels(f"picture.measure.{measure}"), HEAD, True, after=8)
            for outcome in (outcome for outcome in outcomes if outcome.measure == measure):
                _bar(sheet, outcome, evidence.statements[outcome.statement], labels)
            sheet.y += 18
    if any(evidence.statements[outcome.statement].inconsistencies for outcome in shown):
        sheet.paragraph(labels("picture.cautions"), SMALL, after=2)


def credit(statement: Statement, labels: Labels) -> str:
    """Whose result it is, with the sentence's reference numbers and what is known to be wrong in it."""
    numbers = ", ".join(map(str, statement.refs))
    parts = [capitalised(statement.whose)]
    parts.append(labels("picture.refs", numbers) if numbers else labels("picture.no-refs"))
    if statement.inconsistencies:
        parts.append(labels("picture.caution", ", ".join(statement.inconsistencies)))
    return " ".join(parts)


def _key(sheet: Sheet, labels: Labels) -> None:
    x = float(MARGIN)
    for role, wide in (("range", 60), ("single", _POINT), ("limit", 60)):
        sheet.add(Box(x, sheet.y + ASCENT * SMALL - _TRACK, wide, _TRACK, role, 4))
        words = labels(f"picture.key.{role}")
        sheet.words(words, x + wide + 12, sheet.y, _FULL, SMALL)
        x += wide + 12 + width(words, SMALL) + 40
    sheet.y += LEADING * SMALL + 4


def _bar(sheet: Sheet, outcome: Outcome, statement: Statement, labels: Labels) -> None:
    left = sheet.words(labels.timed(outcome), MARGIN, sheet.y, _VALUE - 20, BODY, True)
    right = sheet.words(credit(statement, labels), MARGIN + _VALUE, sheet.y, _FULL - _VALUE, SMALL)
    top = max(left, right) + 8
    low, high = (MARGIN + _FULL * end / SCALES[outcome.unit] for end in (outcome.low, outcome.high))
    sheet.add(Box(MARGIN, top, _FULL, _TRACK, "track", 4))
    if outcome.bound in ("up-to", "below"):
        sheet.add(Box(MARGIN, top, high - MARGIN, _TRACK, "limit", 4))
    elif low < high:
        sheet.add(Box(low, top, high - low, _TRACK, "range", 4))
    else:
        start = min(max(low - _POINT / 2, MARGIN), MARGIN + _FULL - _POINT)
        sheet.add(Box(start, top - 4, _POINT, _TRACK + 8, "single", 4))
    sheet.y = top + _TRACK + 26
