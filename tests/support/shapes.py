"""Where shapes of a picture lie, and how colours stand out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dialogs.drawing.sheet import Art, Box, Line, Mark, Sheet, Text

Bounds = tuple[float, float, float, float]


def bounds(box: Box) -> Bounds:
    return box.x, box.y, box.x + box.width, box.y + box.height


def within(inner: Bounds, outer: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(one: Bounds, other: Bounds) -> bool:
    near = 0.5  # pixels of room that letters leave inside their own bounds
    return (
        one[2] <= other[0] + near or other[2] <= one[0] + near or one[3] <= other[1] + near or other[3] <= one[1] + near
    )


def pieces(shape: object) -> Iterator[Bounds]:
    """What lines, marks and drawings take up."""
    if isinstance(shape, Line):
        for (x0, y0), (x1, y1) in zip(shape.points, shape.points[1:], strict=False):
            yield min(x0, x1) - 4, min(y0, y1) - 4, max(x0, x1) + 4, max(y0, y1) + 4
    elif isinstance(shape, Mark):
        yield shape.x - 14, shape.y - 13, shape.x + 14, shape.y + 12
    elif isinstance(shape, Art):
        yield shape.x, shape.y, shape.x + 470, shape.y + 330


def collisions(sheet: Sheet) -> Iterator[tuple[str, object]]:
    """Words that leave the sheet, lie across a box, or are crossed by other words or a shape, with what they meet."""
    texts = [(shape.words, shape.bounds) for shape in sheet.shapes if isinstance(shape, Text)]
    boxes = [(shape, bounds(shape)) for shape in sheet.shapes if isinstance(shape, Box)]
    drawn = [(shape, piece) for shape in sheet.shapes for piece in pieces(shape)]
    for words, taken in texts:
        if not within(taken, (0, 0, sheet.wide, sheet.height)):
            yield words, sheet
        for box, room in boxes:
            if not within(taken, room) and not apart(taken, room):
                yield words, box
        for shape, piece in drawn:
            if not apart(taken, piece):
                yield words, shape
    for (words, taken), (other, room) in combinations(texts, 2):
        if not apart(taken, room):
            yield words, other


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`) as WCAG counts it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
