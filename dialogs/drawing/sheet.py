"""The sheet on which a picture is laid out: shapes with their positions, in pixels. Their role tells the template how
they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dialogs.drawing import lettering

WIDTH = 1080
"""Pixels: three for each of a phone screen that is 360 wide."""

MARGIN = 36
SMALL, BODY, HEAD, TITLE = 30, 32, 38, 46
"""Sizes of letters, in pixels."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words: x of its left end, y of its baseline."""

    x: float
    y: float
    words: str
    size: int
    bold: bool = False
    role: str = "ink"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the room that the letters may take."""
        right = self.x + lettering.width(self.words, self.size, self.bold)
        return self.x, self.y - lettering.ASCENT * self.size, right, self.y + lettering.DESCENT * self.size


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    role: str
    radius: float = 14


@dataclass(frozen=True, slots=True)
class Line:
    """Straight lines from point to point, with an arrowhead at the end unless `arrow` is false."""

    points: tuple[Point, ...]
    role: str
    arrow: bool = True

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The corners of the arrow's head."""
        (x0, y0), (x, y) = self.points[-2:]
        size = 20.0 if self.role in ("lit", "either") else 15.0
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        wide = size * 0.6
        return (
            (x, y),
            (x - dx * size - dy * wide, y - dy * size - dx * wide),
            (x - dx * size + dy * wide, y - dy * size + dx * wide),
        )

    @property
    def drawn(self) -> tuple[Point, ...]:
        """The points of the line itself, which ends inside its arrowhead."""
        if not self.arrow:
            return self.points
        (x0, y0), (x, y) = self.points[-2:]
        return (*self.points[:-1], (x - 10 * ((x > x0) - (x < x0)), y - 10 * ((y > y0) - (y < y0))))


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign beside words, `tick` or `dash`; x and y of its middle."""

    x: float
    y: float
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Art:
    """A drawing of its own, the template of that name; x and y of its top left corner."""

    x: float
    y: float
    name: str


@dataclass
class Sheet:
    """y: how far down the sheet is filled. wide: its width. left, room: where paragraphs begin, and their width."""

    y: float = MARGIN
    wide: int = WIDTH
    left: float = MARGIN
    room: float = WIDTH - 2 * MARGIN
    shapes: list[Text | Box | Line | Mark | Art] = field(default_factory=list)

    @property
    def height(self) -> int:
        return round(self.y + MARGIN)

    def add(self, *shapes: Text | Box | Line | Mark | Art) -> None:
        self.shapes += shapes

    def of(self, kind: type) -> Iterator[object]:
        return (shape for shape in self.shapes if isinstance(shape, kind))

    def words(
        self, words: str, x: float, y: float, room: float, size: int = BODY, bold: bool = False, role: str = "ink"
    ) -> float:
        """Add words in lines at x, their top at y. Returns the y below them."""
        for line in lettering.lines(words, room, size, bold):
            self.add(Text(x, round(y + lettering.ASCENT * size, 1), line, size, bold, role))
            y += lettering.LEADING * size
        return y

    def paragraph(self, words: str, size: int = BODY, bold: bool = False, role: str = "ink", after: float = 8) -> None:
        """Add words in lines below what is on the sheet. after: the room below them."""
        self.y = self.words(words, self.left, self.y, self.room, size, bold, role) + after

    def panel(self, words: str, after: float = 12) -> None:
        """Add bold words in a frame, which must not be missed, below what is on the sheet. after: the room below."""
        pad = 18
        room = self.room - 2 * pad
        high = block_height(words, room, BODY, True) + 2 * pad
        self.add(Box(self.left, self.y, self.room, high, "panel"))
        self.words(words, self.left + pad, self.y + pad, room, BODY, True)
        self.y += high + after


def block_height(words: str, room: float, size: int = BODY, bold: bool = False) -> float:
    """The height of the words in lines of that width."""
    return len(lettering.lines(words, room, size, bold)) * lettering.LEADING * size
