"""The vocabulary: which phrases say which fact. It is data (`guideline/data/vocabulary.toml`), checked when loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.reader.spelling import Spelling
from dialogs.reader.tokens import words
from guideline import Span
from guideline.case import CHOICES, FACTS, NUMBERS
from guideline.content import DATA, ContentError, Item, read
from guideline.values import Choice

FILE = "vocabulary.toml"

ADJACENT, GAP, WIDE_GAP = "", "..", "..,"
"""How far an element of a phrase may follow the one before: next to it except for fillers, within some words of the
same clause, or across commas."""

CUES = frozenset({"no", "maybe", "history", "never-mind"})
"""The word groups that deny or doubt what follows."""

MARKS = CUES | {
    "unsure", "if", "question", "somebody-else", "other-tumour", "net", "left", "right", "other-side", "yes", "with",
    "answer-no", "person", "topic", "ages", "ablation", "resecting", "back-then", "nowadays",
}  # fmt: skip
"""All word groups that decide how a phrase is meant."""

NUMBERS_AND_PLACES = ("#", "#%", "#cm", "#hpf", "#months", "#years", "#share", "#half", "#?", "#segments")

UNITS: Mapping[str, tuple[str, float]] = {
    "percent": ("%", 1), "cm": ("cm", 1), "mm": ("cm", 0.1), "per-10-hpf": ("hpf", 1), "per-other-field": ("?", 1),
    "months": ("months", 1), "years": ("years", 1), "weeks": ("?", 1), "other-unit": ("?", 1),
}  # fmt: skip
"""The word groups of units: the unit as a phrase writes it behind `#`, and the factor to that unit."""

SHARES: Mapping[str, tuple[str, float]] = {"share": ("share", 1), "half": ("half", 1)}
"""The same for shares in words or as a fraction, in percent."""

PATTERN_SIGNS = (
    "I",
    "II",
    "III",
    "restricted",
    "segments",
    "dominant",
    "sized",
    "satellites",
    "bilobar",
    "diffuse",
    "on-the-right",
    "on-the-left",
)
"""The values of the pattern in the vocabulary: a type, or a sign of one, from which `dialogs.reader.liver`
concludes."""

_ELEMENT = re.compile(
    r"<([a-z0-9| -]+)>|(#(?:%\?|%|cm|hpf\?|hpf|months|years|share|half|segments)?!?)|(\.\.,?)|([^\s<>#]+)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a phrase says. value: of the fact; `#` for the number in the phrase, `?` for one that it does not say.

    negated: the value under a negation, None for none. finding: whether it is a noun that one "no" before a list denies
    as well. bands: for `#` of a fact that is no number: the value for each band. never: text that looks like the fact
    and is not read.
    """

    facts: tuple[str, ...]
    value: Choice
    negated: Choice | None
    finding: bool
    bands: tuple[tuple[Span, Choice], ...]
    never: bool


@dataclass(slots=True)
class Phrase:
    """elements: for each, the word groups that may stand there. reaches: for each but the first, how far it may follow
    the one before. begins, ends: whether it begins or ends a clause (`^`, `$`).

    number: the index of the element that is the number. bits: of the word groups that the phrase must have.
    """

    rule: Rule
    elements: tuple[tuple[str, ...], ...]
    reaches: tuple[str, ...]
    begins: bool
    ends: bool
    number: int
    bits: int = 0


@dataclass(slots=True)
class Beginning:
    """The phrases that begin with a word group: those of one element, and the others by their second one."""

    alone: list[Phrase] = field(default_factory=list)
    behind: dict[str, list[tuple[str, Phrase]]] = field(default_factory=dict)
    second_bits: int = 0
    facts: frozenset[str] = frozenset()


_TABLES = ("words", "subjects", "quiet", "fillers", "misspelt", "not-misspelt", "read", "never")


class Vocabulary:
    """The phrases and words of the file. Raises ContentError for wrong data."""

    def __init__(self, folder: Path = DATA) -> None:
        data = read(folder, FILE, *_TABLES)
        self.groups: dict[str, list[str]] = {name: list(texts) for name, texts in _table(data, "words").items()}
        for name in (*UNITS, *MARKS):
            if name not in self.groups:
                raise ContentError(FILE, "words", f"{name} is missing")
        self.phrases: dict[str, Beginning] = {}
        for number, table in enumerate(data.get("read", ())):
            item = Item(FILE, f"read {number + 1}", table)
            self._add(item, self._rule(item))
        for number, table in enumerate(data.get("never", ())):
            item = Item(FILE, f"never {number + 1}", table)
            self._add(item, self._never(item))
        self.subjects = frozenset(data["subjects"])
        for name in self.subjects - set(self.groups):
            raise ContentError(FILE, "subjects", f"{name!r} is not a group of words")
        for name in set(data["quiet"]) - set(self.groups):
            raise ContentError(FILE, "quiet", f"{name!r} is not a group of words")
        self.fillers = frozenset(data["fillers"])
        self.quiet = frozenset(data["quiet"])
        self.bits = {group: 1 << n for n, group in enumerate((*self.groups, *NUMBERS_AND_PLACES))}
        self.subject_bits = sum(self.bits[group] for group in self.subjects)
        self.doubt_bits = sum(self.bits[group] for group in (*CUES, "unsure", "answer-no"))
        self.mark_bits = sum(self.bits[group] for group in MARKS)
        for beginning in self.phrases.values():
            phrases = [*beginning.alone, *(p for some in beginning.behind.values() for _, p in some)]
            for phrase in phrases:
                phrase.bits = sum({self.bits[element[0]] for element in phrase.elements if len(element) == 1})
            beginning.facts = frozenset(fact for phrase in phrases for fact in phrase.rule.facts)
            beginning.second_bits = sum(self.bits[group] for group in beginning.behind)
        self.terms: dict[str, Any] = {}
        for group, texts in self.groups.items():
            for text in texts:
                self._enter(group, text)
        self.known = {word for texts in self.groups.values() for text in texts for word in words(text)} | self.fillers
        for word in set(data["misspelt"]) - self.known:
            raise ContentError(FILE, "misspelt", f"{word!r} is a word of no phrase")
        self.spelling = Spelling(self.known, data["misspelt"], data["not-misspelt"])

    def _rule(self, item: Item) -> Rule:
        facts = item.any("fact")
        facts = (facts,) if isinstance(facts, str) else tuple(facts or ())
        if not facts or not set(facts) <= set(FACTS):
            raise item.error(f"{facts!r} are not facts of a case")
        value, negated = item.any("value"), item.any("negated")
        for one in (value, negated):
            if one is not None and not _takes(facts[0], one):
                raise item.error(f"{facts[0]} does not take {one!r}")
        bands = tuple((Span.read(band), of) for band, of in item.table("bands").items())
        if value is None or (value == "#" and facts[0] not in NUMBERS and not bands):
            raise item.error("value is missing, or a number needs bands")
        return Rule(facts, value, negated, item.flag("finding"), bands, False)

    def _never(self, item: Item) -> Rule:
        facts = item.texts("facts") or FACTS
        item.text("why", "")
        return Rule(facts, "?", None, False, (), True)

    def _add(self, item: Item, rule: Rule) -> None:
        texts = item.texts("phrases")
        if not texts:
            raise item.error("phrases are missing")
        for text in texts:
            elements, reaches = self._elements(item, text.removeprefix("^ ").removesuffix(" $"))
            number = _number_meant(text, elements)
            phrase = Phrase(rule, elements, reaches, text.startswith("^ "), text.endswith(" $"), number)
            for group in elements[0]:
                beginning = self.phrases.setdefault(group, Beginning())
                if len(elements) == 1:
                    beginning.alone.append(phrase)
                else:
                    for second in elements[1]:
                        beginning.behind.setdefault(second, []).append((reaches[0], phrase))
        item.done()

    def _elements(self, item: Item, text: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        reaches: list[str] = []
        literal: list[str] = []

        def literals() -> None:
            if literal:
                phrase = " ".join(literal)
                ampersand = " ".join("&" if word == "and" else word for word in literal)
                self.groups.setdefault(f"'{phrase}", []).extend(dict.fromkeys((phrase, ampersand)))
                found.append((f"'{phrase}",))
                literal.clear()

        for groups, number, gap, word in _ELEMENT.findall(text):
            if word and word != ",":
                literal.append(word)
                continue
            literals()
            if word:
                self.groups.setdefault("',", [","])
                found.append(("',",))
            elif gap:
                reaches += [ADJACENT] * (len(found) - len(reaches) - 1) + [gap]
            elif number := number.removesuffix("!"):
                found.append((number[:-1], "#") if number.endswith("?") else (number,))
            else:
                names = tuple(groups.split("|"))
                for name in names:
                    if name not in self.groups:
                        raise item.error(f"{text!r}: {name!r} is not a group of words")
                found.append(names)
        literals()
        reaches += [ADJACENT] * (len(found) - len(reaches) - 1)
        if not found or len(reaches) != len(found) - 1:
            raise item.error(f"{text!r} begins or ends with a gap")
        return tuple(found), tuple(reaches)

    def _enter(self, group: str, text: str) -> None:
        node = self.terms
        parts = words(text)
        if not parts:
            raise ContentError(FILE, group, f"{text!r} has no words")
        for word in parts:
            node = node.setdefault(word, {})
        groups, bits = node.get("", ((), 0))
        node[""] = (*groups, group), bits | self.bits[group]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program, read once."""
    return Vocabulary()


def _takes(fact: str, value: object) -> bool:
    if value in ("?", "#"):
        return True
    if fact == "pattern":
        return value in PATTERN_SIGNS
    return fact in CHOICES and any(type(value) is type(v) and value == v for v in CHOICES[fact])


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Iterable[str]]:
    table = data.get(key)
    if not isinstance(table, dict) or not all(
        isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts) for texts in table.values()
    ):
        raise ContentError(FILE, key, "takes a table of lists of texts")
    return table


def _number_meant(text: str, elements: tuple[tuple[str, ...], ...]) -> int:
    """The index of a phrase's last number, or of the first if it is marked with `!`; -1 for none."""
    numbers = [index for index, element in enumerate(elements) if element[0][0] == "#"]
    return numbers[0 if "!" in text else -1] if numbers else -1
