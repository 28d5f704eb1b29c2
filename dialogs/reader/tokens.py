"""Splitting a text into tokens: words, numbers and signs in lower case, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGN, WORD, NUMBER = None, 1, 2
"""The kinds of token."""

_TOKEN = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?)|([0-9]+(?:[.,][0-9]+)*)|<=|>=|\n|[^\w\s]|_")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u00b4", "'"),
        **dict.fromkeys("\u00ba\u02da", "°"),
        **dict.fromkeys("\u2022\u00b7", "\n"),
        "\u00b2": "2",
        "\u00d7": "x",
        "\u223c": "~",
        "\u2248": "~",
    }
)
"""Characters replaced by others of the same meaning, one for one, so that the places in the text stay the same."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, in order, as lists of equal length.

    words: in lower case. starts, ends: their places in the text. kinds: SIGN, WORD or NUMBER. glued: whether there is
    no space between the token and the one before.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[int | None]
    glued: list[bool]

    @classmethod
    def of(cls, text: str) -> Tokens:
        """The tokens of the text."""
        plain = text.lower() if text.isascii() else _lower(text.translate(_ALIKE))
        matches = list(_TOKEN.finditer(plain))
        starts = [match.start() for match in matches]
        ends = [match.end() for match in matches]
        glued = [start == end for start, end in zip(starts, [-1, *ends], strict=False)]
        return cls([match[0] for match in matches], starts, ends, [match.lastindex for match in matches], glued)

    def up_to(self, end: int) -> Tokens:
        """The tokens before the index."""
        return Tokens(self.words[:end], self.starts[:end], self.ends[:end], self.kinds[:end], self.glued[:end])

    def glued_to_letters(self, index: int) -> bool:
        """Whether the token follows a word without a space, as the number in `ecog1`."""
        return index > 0 and self.glued[index] and self.kinds[index - 1] is WORD


def words(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase of the vocabulary, without hyphens."""
    return tuple(word for word in Tokens.of(phrase).words if word != "-")


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
