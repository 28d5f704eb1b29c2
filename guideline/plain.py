"""Splitting a text into plain words, in which texts and questions are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

Phrases = tuple[tuple[str, ...], ...]
"""Sequences of words."""

_WORD = re.compile(r"[a-z0-9]+")
_YEARS = re.compile(r"(\d+)\s?-?(?:y|yr|yrs|years?)\b")
_GLUED = re.compile(r"\b(\d+)(cm|mm|f|m|yo)\b")  # "5cm", "58f"
_PERCENT = re.compile(r"(?<![\d\s])\s*%|(?<!\d)\s+%")  # "what % of", not "15 %"
_LETTER = re.compile(r"[^\W\d_]")
_APOSTROPHES = re.compile("['’]")


def split(text: str) -> list[str]:
    """The words of a text in lower case, without accents; "5y" as "5 year", and a "%" among words without a number as
    "percent"."""
    plain = _APOSTROPHES.sub("", text.lower()).replace("ø", "o")
    if _LETTER.search(plain):
        plain = _PERCENT.sub(" percent ", plain)
    ascii_ = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return _WORD.findall(_YEARS.sub(r"\1 year ", _GLUED.sub(r"\1 \2", ascii_)))


def phrases(texts: Iterable[str]) -> Phrases:
    """The words of each text."""
    return tuple(tuple(split(text)) for text in texts)


def has_any(words: Sequence[str], phrases: Phrases) -> bool:
    """Whether one of the phrases is in the words."""
    text = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in text for phrase in phrases)
