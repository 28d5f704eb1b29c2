"""Search in the statements and newer-source notes: full text, the field's abbreviations, typos forgiven."""

from __future__ import annotations

import math
import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import compress
from pathlib import Path

from guideline.content import DATA, ContentError, read
from guideline.evidence import Evidence, evidence

FILE = "synonyms.toml"

_WORD = re.compile(r"[a-z0-9]+")
_YEARS = re.compile(r"(\d+)\s?-?(?:y|yr|yrs|years?)\b")
_COVERED = 0.6
"""The share of a question, by weight of its words, that an answer has to cover. A number is no word: it is a patient's,
and need not stand in an answer; it only puts those first in which it does."""

_NEAR = 0.25
"""The share that something near has to cover."""

_LONGEST = 200
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement or, when `note` is true, a newer-source note, by id."""

    id: str
    note: bool


class Search:
    """The index, in memory. alike: words of one meaning, on a line each. passed_over: words that carry none."""

    def __init__(self, content: Evidence, passed_over: frozenset[str], alike: list[list[str]]) -> None:
        self._passed_over = passed_over
        self._meanings = {tuple(_words(phrase)): line for line in alike for phrase in line}
        self._longest = max(map(len, self._meanings), default=1)
        self._answers: list[Answer] = []
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE texts USING fts5(name, text, tokenize='porter unicode61')")
        for statement in content.statements.values():
            self._add(Answer(statement.id, False), f"{statement.id} {' '.join(statement.topics)}", statement.text)
        for note in content.notes.values():
            self._add(Answer(note.id, True), f"{note.id} {note.title} {note.topic}", f"{note.review} {note.now}")
        self._vocabulary = self._known_words()
        self._swapped = {"".join(sorted(word)): word for word in sorted(passed_over) if len(word) == 4}

    def find(self, question: str, most: int = 3) -> tuple[Answer, ...]:
        """The answers to a question as typed, best first, at most `most`; none when the content has nothing on it."""
        return self._best(question, most, _COVERED)

    def nearest(self, question: str, most: int = 3) -> tuple[Answer, ...]:
        """What is nearest to a part of the question, for one that `find` has no answer to."""
        return self._best(question, most, _NEAR)

    def _best(self, question: str, most: int, enough: float) -> tuple[Answer, ...]:
        meanings = self._meanings_of(question)
        rows = [self._rows(phrases) for phrases in meanings]
        weights = [math.log(1 + len(self._answers) / (len(found) or 0.5)) for found in rows]
        worded = [not phrases[0].isdecimal() for phrases in meanings]
        if not any(worded) and not all(word.isdecimal() for word in _words(question)):
            worded = [True] * len(meanings)  # all its words are passed over, as in "how figure 1 was read"
        asked = {word for phrases in meanings for phrase in phrases for word in _words(phrase)}
        scores: dict[int, tuple[float, bool, float]] = {}
        for row in set().union(*(found for found, words in zip(rows, worded, strict=True) if words)):
            there = [row in found for found in rows]
            by_words = list(compress(weights, worded)), list(compress(there, worded))
            if sum(compress(*by_words)) >= enough * sum(by_words[0]):
                rank = sum(found[row] for found in rows if row in found)
                named = asked.issuperset(_words(self._answers[row].id))
                scores[row] = (sum(compress(weights, there)), named, -rank)
        best = sorted(scores, key=lambda row: (*scores[row], -row), reverse=True)
        return tuple(self._answers[row] for row in best[:most])

    def _add(self, answer: Answer, name: str, text: str) -> None:
        row = (len(self._answers), " ".join(_words(name)), " ".join(_words(text)))
        self._index.execute("INSERT INTO texts (rowid, name, text) VALUES (?, ?, ?)", row)
        self._answers.append(answer)

    def _known_words(self) -> list[str]:
        texts = self._index.execute("SELECT name, text FROM texts")
        words = {word for row in texts for part in row for word in part.split()}
        words.update(word for phrase in self._meanings for word in phrase)
        return sorted(word for word in words if len(word) > 3)

    def _meanings_of(self, question: str) -> list[list[str]]:
        """What the question asks about: for each meaning, the phrases that stand for it."""
        words = [self._corrected(word) for word in _words(question[:_LONGEST])[:_MOST_WORDS]]
        meanings: list[list[str]] = []
        at = 0
        while at < len(words):
            size = next((n for n in range(self._longest, 0, -1) if tuple(words[at : at + n]) in self._meanings), 0)
            if size:
                meanings.append(self._meanings[tuple(words[at : at + size])])
            elif words[at] not in self._passed_over:
                meanings.append([words[at]])
            at += size or 1
        return [meaning for n, meaning in enumerate(meanings) if meaning not in meanings[:n]]

    def _corrected(self, word: str) -> str:
        """The word, or the known one it was probably meant to be."""
        if len(word) < 4 or word in self._passed_over or (word,) in self._meanings or self._rows([word]):
            return word
        if len(word) == 4:  # too short for more than two letters that changed places
            return self._swapped.get("".join(sorted(word)), word)
        close = get_close_matches(word, self._vocabulary, n=1, cutoff=0.83)
        return close[0] if close else word

    def _rows(self, phrases: list[str]) -> Mapping[int, float]:
        """The texts with any of the phrases, each with its rank (the lower, the better)."""
        match = " OR ".join(f'"{" ".join(_words(phrase))}"' for phrase in phrases)
        found = self._index.execute("SELECT rowid, bm25(texts, 6, 1) FROM texts WHERE texts MATCH ?", (match,))
        return dict(found.fetchall())


def load(content: Evidence, folder: Path = DATA) -> Search:
    """The search over this content, with the words of the folder. Raises ContentError."""
    data = read(folder, FILE)
    passed_over, alike = data.get("passed_over"), data.get("alike")
    if not isinstance(passed_over, str) or not isinstance(alike, list) or set(data) != {"passed_over", "alike"}:
        raise ContentError(FILE, "file", "takes passed_over (a text) and alike (a list of lists)")
    return Search(content, frozenset(passed_over.split()), alike)


@cache
def search() -> Search:
    """The search over the content that comes with the program."""
    return load(evidence())


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ø", "o")).encode("ascii", "ignore").decode()
    return _WORD.findall(_YEARS.sub(r"\1 year ", plain))
