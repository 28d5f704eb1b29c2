"""Whether typed text sounds like an emergency that is happening, rather than a question about one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dialogs.labels import Labels

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile("['’]")
_PRESSURE = re.compile(
    r"\b(?:bp|blood pressure|map|systolic|sbp)\b(?:[\s:=~<]|is|of|at|now|only|down|dropped|fell|to)*(\d{2,3})\b(?!\s*%)"
)
_LOW = 90
"""A pressure in mmHg below this is taken for an emergency."""

_LEAST_MISSPELT = 6
"""In a word of so many letters or more, one wrong letter is corrected."""


class Emergency:
    """certain: words and phrases that always mean an emergency. words: those that mean one, unless a word of `denied`
    stands right before them, or the text has one of `unless`, which makes it a question. now: words with which it is an
    emergency in spite of `unless`.
    """

    def __init__(
        self,
        certain: Iterable[str],
        words: Iterable[str],
        unless: Iterable[str],
        denied: Iterable[str],
        now: Iterable[str],
    ) -> None:
        self._certain, self._words, self._unless, self._denied, self._now = (
            {tuple(_split(phrase)) for phrase in phrases} for phrases in (certain, words, unless, denied, now)
        )
        long = {w for phrase in self._certain | self._words | self._unless for w in phrase if len(w) >= _LEAST_MISSPELT}
        self._long = {first: sorted(w for w in long if w[0] == first) for first in sorted({w[0] for w in long})}

    @classmethod
    def of(cls, labels: Labels) -> Emergency:
        """With the words in labels.toml."""
        return cls(*(labels.texts(f"emergency.{kind}") for kind in ("certain", "words", "unless", "denied", "now")))

    def is_in(self, text: str) -> bool:
        """Whether the text sounds like an emergency."""
        plain = _APOSTROPHES.sub("", text.lower())
        if any(int(found[1]) < _LOW for found in _PRESSURE.finditer(plain)):
            return True
        typed = _split(text)
        meant = {word: self._meant(word) for word in set(typed)}
        words = [meant[word] for word in typed]
        if _starts_of(words, self._certain):
            return True
        happening = [
            start
            for start in _starts_of(words, self._words)
            if not _starts_of(words[max(start - 2, 0) : start], self._denied)
        ]
        return bool(happening) and (bool(_starts_of(words, self._now)) or not _starts_of(words, self._unless))

    def _meant(self, word: str) -> str:
        """The known word with the same first letter that a misspelt word stands for; else the word itself."""
        alike = self._long.get(word[0], ())
        if len(word) < _LEAST_MISSPELT or not alike or word in alike:
            return word
        from rapidfuzz import process  # a tenth of a second of the start
        from rapidfuzz.distance import OSA

        found = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=1)
        return found[0] if found else word


def _split(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()))


def _starts_of(words: list[str], phrases: set[tuple[str, ...]]) -> list[int]:
    """Where in the words one of the phrases begins."""
    sizes = {len(phrase) for phrase in phrases}
    return [i for i in range(len(words)) if any(tuple(words[i : i + size]) in phrases for size in sizes)]
