"""Searching the statements and newer-source notes by their words and by the questions they answer.

The score has two parts: how much of the question a text covers, by the weight of its words, and how similar the
question is to one that the text answers (asks.toml). Measurements: docs/decisions/0014-asks-before-vectors.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guideline import asks, beyond, words
from guideline.asks import Answer, Asked
from guideline.beyond import Beyond
from guideline.content import DATA
from guideline.evidence import Evidence, evidence
from guideline.plain import split
from guideline.words import Unit, Words

__all__ = ["Answer", "Found", "Search", "load", "search"]

_LONGEST = 300
"""Characters of a question that are read."""

_MOST_WORDS = 32

_ASK = 0.45
"""The share of similarity to a known question in the score; the rest is what the text covers."""

_NO_TOPIC = 0.5
_NUMBER = 0.5
"""The weight factors of a word without a topic, and of a number."""

_UNKNOWN = 6.0
_MISSPELT = 2.5
"""The weight of a word that is not in the content, and of one that may be a misspelling. A question with unknown words
is probably about something else."""

_FOUND = 1.0
_BY_ASK = 0.2
_BY_WEIGHT = 0.22
"""A text is an answer from this sum on: the share of the question that it covers, plus the similarity to a known
question and the weight of the covered words, times these factors. Set with questions-calibration.toml."""

_MUCH = 5
"""A question of at least so many words that are all in the content has an answer."""

_NEAR = 0.25
"""The share of the question that the nearest texts have to cover."""

_FIRST = 2
_SHARE = 0.6
"""Answers after the first ones share a topic with them, and cover at least this share of what they cover of the
question; others match only by a word. Set with all sets of questions in tests/cases/: none loses its only right one."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A text and how well it answers. score: for the order. covered: the share of the question that it covers, by
    weight. ask: the similarity to a known question. weight: of the covered words."""

    answer: Answer
    score: float
    covered: float
    ask: float
    weight: float

    @property
    def is_found(self) -> bool:
        """Whether it is an answer."""
        return self.covered + _BY_ASK * self.ask + _BY_WEIGHT * math.log1p(self.weight) >= _FOUND


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a look-up: answers or, where there are none, what is nearest to a part of the question.

    gap: what the question asks for and the content does not have, such as a dose.
    """

    answers: tuple[Answer, ...]
    nearest: tuple[Answer, ...]
    gap: Beyond | None


class Search:
    """The index, in memory. asked: the questions that each text answers. gaps: what the content does not have."""

    def __init__(
        self, content: Evidence, asked: dict[Answer, Asked], vocabulary: Words, gaps: Iterable[Beyond]
    ) -> None:
        self._words, self._gaps = vocabulary, tuple(gaps)
        self._lines = {answer: one.line for answer, one in asked.items()}
        self._topics = {Answer(s.id): set(s.topics) for s in content.statements.values()}
        self._topics |= {Answer(n.id, note=True): {n.topic} for n in content.notes.values()}
        self._answers: list[Answer] = []
        self._with: defaultdict[str, set[int]] = defaultdict(set)
        asks_of: list[tuple[int, set[str]]] = []
        for answer, name, text in _texts(content):
            number, known = len(self._answers), asked.get(answer)
            self._answers.append(answer)
            questions = [self._words.of_text(ask) for ask in ((known.line, *known.asks) if known else (name,))]
            for term in self._words.of_text(f"{name} {text}").union(*questions):
                self._with[term].add(number)
            asks_of += ((number, terms) for terms in questions)
        self._weights = {term: self._weight(term, len(texts)) for term, texts in self._with.items()}
        self._asks = [(number, math.hypot(*sorted(self._weights[term] for term in terms))) for number, terms in asks_of]
        self._asked_with: defaultdict[str, list[int]] = defaultdict(list)
        for row, (_, terms) in enumerate(asks_of):
            for term in terms:
                self._asked_with[term].append(row)

    def look_up(self, question: str, most: int = 3, without: Collection[Answer] = ()) -> Found:
        """Look up a question as typed. most: of answers, and of nearest texts, best first. without: what is no answer
        to it."""
        typed, unclear = self._words.mended(split(question[:_LONGEST])[:_MOST_WORDS])
        gap = next((gap for gap in self._gaps if gap.is_asked(typed)), None)
        units = self._words.of_question(typed, unclear)
        ranked = [one for one in self._ranked(units) if one.answer not in without]
        best = tuple(self._related(ranked[:most]))
        if best and gap is None and (ranked[0].is_found or self._is_all_known(units)):
            return Found(best, (), None)
        return Found((), tuple(one.answer for one in ranked[:most] if one.covered >= _NEAR), gap)

    def words(self, question: str) -> list[str]:
        """The words of a question, with their spelling corrected."""
        return self._words.mended(split(question[:_LONGEST])[:_MOST_WORDS])[0]

    def line(self, answer: Answer) -> str:
        """The answer of a statement or note in a line; empty when it has none."""
        return self._lines.get(answer, "")

    def find(self, question: str, most: int = 3) -> tuple[Answer, ...]:
        """The answers to a question; may be empty."""
        return self.look_up(question, most).answers

    def nearest(self, question: str, most: int = 3) -> tuple[Answer, ...]:
        """The texts nearest to a part of a question without an answer."""
        return self.look_up(question, most).nearest

    def _ranked(self, units: list[Unit]) -> list[Ranked]:
        weighed = [(unit, self._weight_of(unit)) for unit in units]
        topic = sum(weight for unit, weight in weighed if unit.carries)
        if not topic:
            return []
        length = math.hypot(*(weight for _, weight in weighed))
        covered: defaultdict[int, float] = defaultdict(float)
        shared: defaultdict[int, float] = defaultdict(float)
        for unit, weight in weighed:
            if unit.carries:
                for number in set().union(*(self._with.get(term, ()) for term in unit.terms)):
                    covered[number] += weight
            for row in set().union(*(self._asked_with.get(term, ()) for term in unit.terms)):
                shared[row] += weight * weight
        nearest: defaultdict[int, float] = defaultdict(float)
        for row, product in shared.items():
            number, length_of_ask = self._asks[row]
            nearest[number] = max(nearest[number], product / (length * length_of_ask))
        ranked = [
            Ranked(
                self._answers[number],
                _ASK * nearest[number] + (1 - _ASK) * weight / topic,
                weight / topic,
                nearest[number],
                weight,
            )
            for number, weight in sorted(covered.items())
        ]
        return sorted(ranked, key=lambda one: -round(one.score, 9))

    def _related(self, ranked: list[Ranked]) -> Iterator[Answer]:
        """The answers without further ones that are about something else than the first ones."""
        first = ranked[:_FIRST]
        topics = set().union(*(self._topics[one.answer] for one in first))
        for one in ranked:
            enough = one.covered >= _SHARE * max(other.covered for other in first)
            if one in first or (enough and topics.intersection(self._topics[one.answer])):
                yield one.answer

    def _is_all_known(self, units: list[Unit]) -> bool:
        """Whether a question has many words, all of them in the content: mostly one with a patient in it, of which no
        single text covers much."""
        topic = [unit for unit in units if unit.carries]
        return len(topic) >= _MUCH and all(any(term in self._with for term in unit.terms) for unit in topic)

    def _weight_of(self, unit: Unit) -> float:
        """The weight of a unit: rare words weigh more, and unknown ones most."""
        texts = set().union(*(self._with.get(term, ()) for term in unit.terms))
        if texts:
            return self._weight(unit.terms[0], len(texts))
        if not unit.carries:
            return 0.0
        return _MISSPELT if unit.misspelt else _UNKNOWN

    def _weight(self, term: str, texts: int) -> float:
        factor = _NO_TOPIC if term.startswith("~") else _NUMBER if term.isdecimal() else 1.0
        return factor * math.log1p(len(self._answers) / texts)


def load(content: Evidence, folder: Path = DATA, asked: dict[Answer, Asked] | None = None) -> Search:
    """The search over this content, with the questions and words of the folder. Raises ContentError.

    asked: the questions, if they have been read already.
    """
    gaps = beyond.load(folder).values()
    spelt = {word for gap in gaps for phrase in gap.phrases for word in phrase}
    return Search(content, asked or asks.load(content, folder), words.load(folder, spelt), gaps)


@cache
def search() -> Search:
    """The search over the content that comes with the program."""
    return load(evidence())


def _texts(content: Evidence) -> Iterable[tuple[Answer, str, str]]:
    """All statements and notes, each with its name and its text."""
    for s in content.statements.values():
        yield Answer(s.id), f"{s.id} {' '.join(s.topics)}", s.text
    for n in content.notes.values():
        yield Answer(n.id, note=True), n.title, f"{n.id} {n.topic} {n.review} {n.now} {n.ours}"
