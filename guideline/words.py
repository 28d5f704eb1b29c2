"""The words of a text as the search compares them: plain, misspellings mended, stemmed, and by their meaning.

A term is a word's stem; a meaning, several words that say the same (`#12`, a line of synonyms.toml); or, with a `~`, a
word that carries no topic, such as "how" or "patient".
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
"""As many words are looked at that may have been meant by a misspelt one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or phrase of a question.

    terms: those that stand for it. misspelt: it is probably a known word, but not clear which.
    """

    terms: tuple[str, ...]
    misspelt: bool = False

    @property
    def carries(self) -> bool:
        """Whether it says what the question is about; a number is a patient's, and does not."""
        return not self.terms[0].startswith("~") and not self.terms[0].isdecimal()


class Words:
    """passed_over: words that carry no topic. alike: words and phrases of one meaning, on a line each.

    known: more words that are spelt right.
    """

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
        """Every term of a text that can be found; its words count as spelt right."""
        words = split(text)
        self._known.update(words)
        self._by_form = {}
        terms = {self._term(word) for word in words}
        for at, word in enumerate(words):
            for size in range(1, self._longest.get(word, 0) + 1):
                terms.update(self._meanings.get(tuple(words[at : at + size]), ()))
        return terms

    def of_question(self, words: Sequence[str], unclear: Collection[str] = ()) -> list[Unit]:
        """What the words of a question, mended, stand for; the longest phrases first, and each unit once."""
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
        """The words, each misspelt one replaced by the known word it was meant to be; and those meant unclearly."""
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
        """The word it was meant to be; itself where it is spelt right or like none that is; empty where not clear."""
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
        near = [one for one in near if not word.startswith(one[3])]  # a longer word is a word of its own
        for far, begins_otherwise, passed_over, other in sorted(near):
            swapped, dropped = sorted(other) == sorted(word), len(other) != len(word)
            if len(word) < 6 and not swapped and not (len(word) == 5 and dropped):
                continue
            if far == 1 or not (begins_otherwise or passed_over):
                return other
        return "" if near else word

    def _spelt(self) -> dict[tuple[str, int], list[str]]:
        """The known words that a misspelt one may be, by first letter and length."""
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
