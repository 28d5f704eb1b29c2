"""The terms that the search compares: words in plain form, spelling corrected, stemmed, and replaced by their meanings.

A term is the stem of a word; or a meaning that several words share (`#12`, a line of synonyms.toml); or, with a `~`, a
word without a topic, such as "how" or "patient".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA
from Stemmer import Stemmer

from guideline.content import DATA, ContentError, read
from guideline.plain import split

FILE = "synonyms.toml"

_CLOSE = 8
"""Known words that are considered for a misspelt one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or phrase of a question.

    terms: those that stand for it. misspelt: whether it is probably a misspelling, but not clear of which word.
    """

    terms: tuple[str, ...]
    misspelt: bool = False

    @property
    def carries(self) -> bool:
        """Whether it says what the question is about. A number does not: it is a patient's."""
        return not self.terms[0].startswith("~") and not self.terms[0].isdecimal()


class Words:
    """passed_over: words without a topic. alike: lists of words and phrases with one meaning. known: further words that
    are spelt correctly."""

    def __init__(self, passed_over: Iterable[str], alike: Iterable[Sequence[str]], known: Iterable[str] = ()) -> None:
        self._stem = Stemmer("porter", 0)
        self._passed_over = frozenset(passed_over)
        self._no_topic = frozenset(self._stem.stemWords(sorted(self._passed_over)))
        self._meanings: dict[tuple[str, ...], list[str]] = {}
        for number, line in enumerate(alike):
            for phrase in line:
                self._meanings.setdefault(tuple(split(phrase)), []).append(f"#{number}")
        self._longest: dict[str, int] = {}
        for words in self._meanings:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self._known = {*self._passed_over, *known, *(word for words in self._meanings for word in words)}
        self._stems: dict[str, str] = {}
        self._by_form: dict[tuple[str, int], list[str]] = {}
        self._terms: set[str] = set()

    def of_text(self, text: str) -> set[str]:
        """All terms of a text. Its words count as spelt correctly from then on."""
        words = split(text)
        self._known.update(words)
        self._by_form = {}
        terms = {self._term(word) for word in words}
        for at, word in enumerate(words):
            for size in range(1, self._longest.get(word, 0) + 1):
                terms.update(self._meanings.get(tuple(words[at : at + size]), ()))
        return terms

    def of_question(self, words: Sequence[str], unclear: Collection[str] = ()) -> list[Unit]:
        """The units of a question, each once; the longest phrase is taken first. words: with their spelling
        corrected."""
        units: dict[tuple[str, ...], Unit] = {}
        at = 0
        while at < len(words):
            longest = min(self._longest.get(words[at], 0), len(words) - at)
            size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in self._meanings), 0)
            terms = tuple(self._meanings[tuple(words[at : at + size])] if size else [self._term(words[at])])
            units.setdefault(terms, Unit(terms, misspelt=words[at] in unclear))
            at += size or 1
        return list(units.values())

    def mended(self, words: Iterable[str]) -> tuple[list[str], set[str]]:
        """The words with misspelt ones corrected; and those that may be misspelt, but not clearly of which word."""
        mended, unclear = [], set()
        for word in words:
            meant = self._meant_by(word)
            mended.append(meant or word)
            if not meant:
                unclear.add(word)
        return mended, unclear

    def _term(self, word: str) -> str:
        term = self._stems.get(word)
        if term is None:
            stem = word if word.isdecimal() else self._stem.stemWord(word)
            term = f"~{stem}" if stem in self._no_topic else stem
            if word in self._known:
                self._stems[word] = term
        return term

    def _meant_by(self, word: str) -> str:
        """The correct word; the word itself when it is spelt correctly or like no known word; empty when it is not
        clear."""
        spelt = self._spelt()
        if len(word) < 4 or word.isdecimal() or word in self._known or self._term(word) in self._terms:
            return word
        edits = 1 if len(word) < 7 else 2 if len(word) < 10 else 3
        alike = [
            other
            for first in dict.fromkeys(word[:2])  # the first letter may have been left out, or changed places
            for length in range(len(word) - edits, len(word) + edits + 1)
            for other in spelt.get((first, length), ())
        ]
        found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=edits, limit=_CLOSE)
        near = [(far, other[0] != word[0], other in self._passed_over, other) for other, far, _ in found]
        near = [one for one in near if not word.startswith(one[3])]  # a known word with an ending is another word
        for far, begins_otherwise, passed_over, other in sorted(near):
            swapped, dropped = sorted(other) == sorted(word), len(other) != len(word)
            if len(word) < 6 and not swapped and not (len(word) == 5 and dropped):
                continue
            if far == 1 or not (begins_otherwise or passed_over):
                return other
        return "" if near else word

    def _spelt(self) -> dict[tuple[str, int], list[str]]:
        """The known words, by first letter and length."""
        if not self._by_form:
            for word in sorted(word for word in self._known if len(word) > 3 and not word.isdecimal()):
                self._by_form.setdefault((word[0], len(word)), []).append(word)
            self._terms = {self._term(word) for word in self._known}
        return self._by_form


def load(folder: Path = DATA, known: Iterable[str] = ()) -> Words:
    """The words of the folder's synonyms.toml. Raises ContentError."""
    data = read(folder, FILE)
    passed_over, alike = data.get("passed_over"), data.get("alike")
    if not isinstance(passed_over, str) or not isinstance(alike, list) or set(data) != {"passed_over", "alike"}:
        raise ContentError(FILE, "file", "takes passed_over (a text) and alike (a list of lists)")
    return Words(passed_over.split(), alike, known)
