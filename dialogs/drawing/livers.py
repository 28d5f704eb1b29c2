"""The three patterns of liver metastases (§3), each drawn beside what the review says of it."""

from __future__ import annotations

from dialogs.drawing.sheet import HEAD, MARGIN, TITLE, WIDTH, Art, Sheet
from dialogs.labels import Labels, capitalised
from guideline import Evidence
from guideline.case import CHOICES

PATTERNS = tuple(map(str, CHOICES["pattern"]))

_ART_WIDTH, _ART_HEIGHT = 470, 330
_BESIDE = MARGIN + _ART_WIDTH + 30


def draw(sheet: Sheet, evidence: Evidence, labels: Labels) -> None:
    """Add the drawing and the words of each pattern below what is on the sheet."""
    sheet.paragraph(labels("picture.patterns"), TITLE, True, after=26)
    for name in PATTERNS:
        top = sheet.y
        sheet.add(Art(MARGIN, top, f"liver-{name.lower()}"))
        room = WIDTH - MARGIN - _BESIDE
        heading, _, definition = evidence.statements[f"type-{name.lower()}"].text.partition(": ")
        y = sheet.words(heading, _BESIDE, top, room, HEAD, True) + 4
        y = sheet.words(capitalised(definition), _BESIDE, y, room) + 8
        y = sheet.words(evidence.statements[f"type-{name.lower()}-share"].text, _BESIDE, y, room)
        sheet.y = max(top + _ART_HEIGHT, y) + 34
