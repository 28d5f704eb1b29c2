"""Correcting misspelt words: a word of the vocabulary one or two edits away, unless the word is one of its own."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_LONG = 9
"""Words of this length or more may be two edits away."""


class Spelling:
    """known: the words of the vocabulary. misspelt: those of them that a misspelt word may stand for. real: other words
    that look like a misspelling and are none."""

    def __init__(self, known: Iterable[str], misspelt: Iterable[str], real: Iterable[str]) -> None:
        self._known, self._real = frozenset(known), frozenset(real)
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in sorted(set(misspelt)):
            for length in range(len(word) - 2, len(word) + 3):
                self._alike.setdefault((word[0], length), []).append(word)

    def corrected(self, word: str) -> str:
        """The word that it stands for: the nearest one with the same first letter. The word itself when there is none,
        or two are equally near."""
        if word in self._known or word in self._real or len(word) < _SHORTEST:
            return word
        near = self._alike.get((word[0], len(word)))
        if not near:
            return word
        most = 2 if len(word) >= _LONG else 1
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=2)
        if not found or (len(found) == 2 and found[0][1] == found[1][1]):
            return word
        return found[0][0]
