"""Questions that compare two treatments, such as "PRRT or everolimus": what is said of each, or what compares them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from guideline.asks import Answer, answers_of, line_of, numbers_of
from guideline.content import DATA, Item, items, read
from guideline.evidence import Evidence
from guideline.plain import Phrases, has_any, phrases

FILE = "comparisons.toml"

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A treatment. name: as it is written. phrases: as it is typed. line: what is said of it, in a line. answer: the
    statement or note that says it."""

    id: str
    name: str
    phrases: Phrases
    line: str
    answer: Answer


class Compared(NamedTuple):
    """Two treatments in the order of the question. list: the id of the list that answers; empty: nothing compares
    them."""

    sides: tuple[Side, Side]
    list: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of such a question. apart: what is said of two that nothing compares. between: what stands between the
    two. joining: what does so in a question that has one of `comparing`. passed_over: words that may stand next to it.
    unless: words that make it another question."""

    apart: str
    between: Phrases
    joining: Phrases
    comparing: Phrases
    passed_over: frozenset[str]
    unless: Phrases


class Comparisons:
    """All treatments that can be compared. lists: by the ids of two treatments."""

    def __init__(self, sides: Sequence[Side], wording: Wording, lists: Mapping[frozenset[str], str]) -> None:
        self.sides, self._wording, self._lists = sides, wording, lists
        self._named = {phrase: side for side in sides for phrase in side.phrases}
        self._sizes = range(max(map(len, self._named)), 0, -1)

    def asked(self, words: Sequence[str]) -> Compared | None:
        """What a question compares; None for any other question. words: of the question, with their spelling
        corrected."""
        wording = self._wording
        if has_any(words, wording.unless):
            return None
        joining = wording.joining if has_any(words, wording.comparing) else ()
        for at in range(1, len(words)):
            for phrase in (*wording.between, *joining):
                if tuple(words[at : at + len(phrase)]) == phrase:
                    one, other = self._ending(words[:at]), self._beginning(words[at + len(phrase) :])
                    if one and other and one != other:
                        return Compared((one, other), self._lists.get(frozenset({one.id, other.id}), ""))
        return None

    def named(self, words: Sequence[str]) -> tuple[Side, ...]:
        """The treatments that the words name, in their order, each once; of overlapping names the longest."""
        named: dict[Side, None] = {}
        at = 0
        while at < len(words):
            phrase = self._longest_of(tuple(words[at : at + size]) for size in self._sizes)
            if phrase:
                named.setdefault(self._named[phrase])
            at += len(phrase) or 1
        return tuple(named)

    def apart(self, one: Side, other: Side) -> str:
        """What is said of two treatments that nothing compares."""
        name = other.name if other.name.isupper() else other.name.lower()
        return self._wording.apart.format(one.name, name)

    def shown(self, answers: Sequence[Answer]) -> tuple[Side, Side] | None:
        """The two treatments whose answers these are, where nothing compares them and no others have the same."""
        of = [[side for side in self.sides if side.answer == answer] for answer in answers]
        if len(of) != 2 or any(len(sides) != 1 for sides in of):
            return None
        one, other = of[0][0], of[1][0]
        return None if frozenset({one.id, other.id}) in self._lists else (one, other)

    def _ending(self, words: Sequence[str]) -> Side | None:
        """The treatment with which the words end."""
        while words and words[-1] in self._wording.passed_over:
            words = words[:-1]
        return self._named.get(self._longest_of(tuple(words[-size:]) for size in self._sizes))

    def _beginning(self, words: Sequence[str]) -> Side | None:
        """The treatment with which the words begin."""
        while words and words[0] in self._wording.passed_over:
            words = words[1:]
        return self._named.get(self._longest_of(tuple(words[:size]) for size in self._sizes))

    def _longest_of(self, phrases: Iterable[Phrase]) -> Phrase:
        """The first of the phrases, which begin with the longest, that names a treatment; empty for none."""
        return next((phrase for phrase in phrases if phrase in self._named), ())


def load(content: Evidence, lists: Collection[str], folder: Path = DATA) -> Comparisons:
    """The comparisons of the folder's comparisons.toml. lists: the ids of all lists.

    Raises ContentError for an unknown id, for a phrase of two treatments, and for a line that is too long or has a
    number that its statement or note does not have.
    """
    data = read(folder, FILE, "words", "side", "pair")
    words = Item(FILE, "words", data.get("words"))
    between, joining, comparing, unless = (
        phrases(words.texts(key)) for key in ("between", "joining", "comparing", "unless")
    )
    passed_over = frozenset(words.texts("passed_over"))
    wording = Wording(words.text("apart"), between, joining, comparing, passed_over, unless)
    words.done()
    sides: dict[str, Side] = {}
    whose: dict[Phrase, str] = {}
    for item in items(FILE, data.get("side")):
        named = phrases(item.texts("words"))
        answers = answers_of(item, "answer", content)
        if len(answers) != 1 or not named:
            raise item.error("takes words, and one statement or note (answer)")
        for phrase in named:
            if whose.setdefault(phrase, item.id) != item.id or not phrase:
                raise item.error(f"words has {' '.join(phrase)!r}, which is no word or another treatment's")
        line = line_of(item, numbers_of(answers, content), content)
        sides[item.id] = Side(item.id, item.text("name"), named, line, answers[0])
        item.done()
    pairs: dict[frozenset[str], str] = {}
    for item in items(FILE, data.get("pair"), "list"):
        item.known("list", (item.id,), lists)
        one, others = item.text("one"), item.known("others", item.texts("others"), sides)
        item.known("one", (one,), sides)
        item.done()
        pairs |= {frozenset({one, other}): item.id for other in others}
    return Comparisons(tuple(sides.values()), wording, pairs)
