"""What neither the review nor the notes give, such as doses: the words that ask for it, and the line that answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from guideline.content import DATA, entries, read
from guideline.plain import Phrases, has_any, phrases

FILE = "beyond.toml"


@dataclass(frozen=True, slots=True)
class Beyond:
    """line: the answer. phrases: a question that has one of these word sequences asks for it, unless it also has one of
    `unless`.
    """

    id: str
    line: str
    phrases: Phrases
    unless: Phrases = ()

    def is_asked(self, words: Sequence[str]) -> bool:
        """Whether one of the phrases is in the words."""
        return has_any(words, self.phrases) and not has_any(words, self.unless)


def load(folder: Path = DATA) -> dict[str, Beyond]:
    """Everything in the folder's beyond.toml, by id. Raises ContentError."""
    beyond = {}
    for item in entries(FILE, "file", read(folder, FILE)):
        asking, unless = (
            phrases(phrase for text in item.texts(key) for phrase in _spelt_out(text)) for key in ("phrases", "unless")
        )
        beyond[item.id] = Beyond(item.id, item.text("line"), asking, unless)
        item.done()
        if not all(asking):
            raise item.error("phrases has one without a word")
    return beyond


def _spelt_out(text: str) -> Iterator[str]:
    """The phrases that a text stands for: `2 year old` and `3 year old` for `(2|3) year old`."""
    return map("".join, product(*(part.split("|") for part in re.split(r"[()]", text))))
