"""The width of words in the font of the pictures, and where lines break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import font_roboto  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

_FILES = Path(font_roboto.__file__).parent / "files"
REGULAR, BOLD = _FILES / "Roboto-Regular.ttf", _FILES / "Roboto-Bold.ttf"

FAMILY = "Roboto"

ASCENT, DESCENT = 0.93, 0.25
"""How far letters reach above and below the baseline, as a share of their size."""

_TOGETHER = re.compile(r" (?=%)|(?<=Fig\.) |(?<=ref\.) |(?<=Type) |(?<=content) |(?<=\d) (?=years|months|cm)")
"""Spaces at which no line breaks."""

LEADING = 1.24
"""From one baseline to the next, as a share of the size."""


def width(words: str, size: float, bold: bool = False) -> float:
    """The width in pixels. size: in pixels. Raises KeyError for a character that the font does not have."""
    advances, units = _advances(BOLD if bold else REGULAR)
    return sum(advances[ord(letter)] for letter in words) * size / units


def lines(words: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The words in lines of at most that width. room, size: pixels. Raises ValueError when a single word is wider."""
    return list(_lines(words, room, size, bold))


def widest_word(words: str, size: float, bold: bool = False) -> float:
    """The width in pixels of the widest piece that is kept on one line."""
    return max(width(word, size, bold) for word in _TOGETHER.sub("\u00a0", words).split(" "))


def _lines(words: str, room: float, size: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in _TOGETHER.sub("\u00a0", words).split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold) > room:
            yield line
            longer = word
        if width(longer, size, bold) > room:
            raise ValueError(f"{longer!r} is wider than {room:g} pixels at size {size:g}")
        line = longer
    yield line


@cache
def _advances(file: Path) -> tuple[dict[int, int], int]:
    with TTFont(file) as font:
        widths = font["hmtx"].metrics
        advances = {code: widths[name][0] for code, name in font.getBestCmap().items()}
        return advances, font["head"].unitsPerEm
