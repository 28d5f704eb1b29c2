"""The captions and short phrases of labels.toml, and values and numbers in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dialogs.questions import LINES
from guideline import Guideline, Span, guideline
from guideline.assess import Change
from guideline.case import CHOICES, NUMBERS
from guideline.content import read
from guideline.outcomes import Outcome
from guideline.rules import Rule, Rules
from guideline.values import EVERY_NUMBER, Possible, Values

TEMPLATES = Path(__file__).parent.parent / "templates"


class Labels:
    """The captions and short phrases of labels.toml, by path (`button.back`).

    content: whose rules give the labels of adjuncts, caveats and criteria their numbers; by default the content that
    comes with the program. Raises ContentError for a file that cannot be read; KeyError or AttributeError where a label
    names a number that its rule does not have.
    """

    def __init__(self, content: Guideline | None = None) -> None:
        content = content or guideline()
        texts, self._lists = _read()
        self.grades = content.bands
        """For `ki67` and `mitoses`: the numbers of each grade."""
        self.bands = {rule.id: bands_of(rule) for _, rule in _labelled(content.rules)}
        """By the id of an adjunct, caveat or criterion, and by fact: the numbers for which it holds."""
        numbered = {path: texts[path].format(**self.bands[rule.id]) for path, rule in _labelled(content.rules)}
        self._texts = {**texts, **numbered}
        for line in LINES.values():
            for name, option in line.options.items():
                if isinstance(option, Span):
                    caption = self(f"option-number.{line.id}", self.amount(option, line.fact))
                    self._texts[f"option.{line.id}.{name}"] = capitalised(caption)

    def __call__(self, path: str, filling: object = "") -> str:
        """The label at that path, with the filling in its gap. Raises KeyError where there is none."""
        found = self._texts[path]
        return found.format(filling) if filling != "" else found

    def suggests(self, headline: str) -> str:
        """What a headline suggests, as the end of a sentence: in words of its own where it has them, else its name."""
        return self._texts.get(f"suggests.{headline}") or self(f"headline.{headline}")

    def texts(self, path: str) -> list[str]:
        """The list of texts at that path. Raises KeyError where there is none."""
        return list(self._lists[path])

    def clause(self, fact: str, possible: Possible) -> str:
        """What is known of a fact, as a short clause."""
        if isinstance(possible, Span):
            one = f"number-one.{fact}"
            path = one if possible == Span.at(1) and one in self._texts else f"number.{fact}"
            return self(path, self.amount(possible, fact))
        return self(f"value.{fact}.{_values(fact, possible)}")

    def brief(self, fact: str, possible: Possible) -> str:
        """The clause in its shortest form."""
        if isinstance(possible, Span):
            brief = f"brief.{fact}"
            return self(brief, self.amount(possible, fact)) if brief in self._texts else self.clause(fact, possible)
        brief = f"brief.{fact}-{_values(fact, possible)}"
        return self(brief) if brief in self._texts else self.clause(fact, possible)

    def answer(self, fact: str, possible: Possible) -> str:
        """What is known of a fact, in the form that follows its name."""
        if isinstance(possible, Span):
            return self(f"answer.{fact}", self.amount(possible, fact))
        answer = f"answer.{fact}-{_values(fact, possible)}"
        return self(answer) if answer in self._texts else self.clause(fact, possible)

    def either(self, fact: str, values: Sequence[str | bool]) -> str:
        """The clause of a fact that has one of these values; of a number, they are bands next to each other."""
        if fact in NUMBERS:
            spans = sorted(Span.read(str(value)) for value in values)
            first, last = spans[0], spans[-1]
            return self.clause(fact, Span(first.low, last.high, first.low_in, last.high_in))
        if f"value.{fact}.{_values(fact, frozenset(values))}" in self._texts:
            return self.clause(fact, Values(values))
        return self("list.or").join(self.clause(fact, Values({value})) for value in values)

    def turning(self, fact: str, values: Sequence[str | bool]) -> str:
        """What would change a result, as a noun: a fact with one of these values, or without them by its name."""
        path = f"turning.{fact}-{_values(fact, values)}" if values and fact not in NUMBERS else f"turning.{fact}"
        return self(path) if path in self._texts else self.either(fact, values)

    def changed(self, change: Change) -> str:
        """The clause of a fact after the change."""
        to = change.to
        if change.fact in NUMBERS:
            return self.clause(change.fact, Span.read(str(to)))
        return self.clause(change.fact, Values({to}))

    def ago(self, minutes: int) -> str:
        """So many minutes (at least 1) ago, in the largest unit that fits: `20 minutes ago`."""
        unit, length = next(one for one in (("day", 1440), ("hour", 60), ("minute", 1)) if minutes >= one[1])
        count = minutes // length
        return self(f"ago.{unit}") if count == 1 else self(f"ago.{unit}s", count)

    def amount(self, span: Span, fact: str = "") -> str:
        """A number, or the band it lies in. fact: whose lowest and highest numbers are not said; empty: of no fact."""
        whole = NUMBERS[fact][0] if fact else EVERY_NUMBER
        if span.single:
            return f"{span.low:g}"
        span = span.both(whole)
        low, high = f"{span.low:g}", f"{span.high:g}"
        if span.low == whole.low:
            return self("band.up-to" if span.high_in else "band.below", high)
        if span.high == whole.high:
            return self("band.from" if span.low_in else "band.above", low)
        kind = "between" if span.low_in and span.high_in else "between-below" if span.low_in else "above-to"
        return self(f"band.{kind}").format(low, high)

    def figure(self, outcome: Outcome) -> str:
        """A reported figure in words: `46–86 % at 5 years`."""
        numbers = f"{outcome.low}–{outcome.high}" if outcome.low < outcome.high else f"{outcome.low}"
        unit = self(f"picture.unit.{outcome.unit}", numbers)
        said = self(f"picture.bound.{outcome.bound}", unit) if outcome.bound else unit
        if outcome.years:
            return f"{said} {self('picture.years', str(outcome.years))}"
        return said

    def timed(self, outcome: Outcome) -> str:
        """The same, and of a share the time in words that is said of it, or that none is."""
        said = self.figure(outcome)
        if outcome.years or outcome.unit == "months":
            return said
        return f"{said}, {outcome.time or self('picture.no-time')}"


def bands_of(rule: Rule) -> dict[str, Span]:
    """The numbers for which a rule holds, by fact; for a rule with several ways to hold, those of the first."""
    conditions = (*(way.when for way in reversed(rule.either)), rule.when)
    return {fact: span for one in conditions for fact, span in one.facts.items() if isinstance(span, Span)}


def capitalised(text: str) -> str:
    """The text with a capital first; its other letters stay as they are, as in `RFA`."""
    return text[:1].upper() + text[1:]


def _labelled(rules: Rules) -> Iterator[tuple[str, Rule]]:
    """The rules that have a label, each with its path."""
    for table, of_it in (("adjunct", rules.adjuncts), ("caveat", rules.caveats), ("criterion", rules.criteria)):
        yield from ((f"{table}.{rule.id}", rule) for rule in of_it)


@cache
def _values(fact: str, possible: Collection[str | bool]) -> str:
    """The values in the form of a label's path: `resected-or-resectable`."""
    return "-or-".join(str(value) for value in CHOICES[fact] if value in possible)


@cache
def _read() -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """The labels, and the lists of texts, by path. Raises ContentError for a file that cannot be read."""
    texts: dict[str, str] = {}
    lists: dict[str, list[str]] = {}

    def flatten(table: Mapping[str, Any], prefix: str) -> None:
        for key, value in table.items():
            path = f"{prefix}{key}"
            if isinstance(value, dict):
                flatten(value, f"{path}.")
            elif isinstance(value, list):
                lists[path] = value
            else:
                texts[path] = value

    flatten(read(TEMPLATES, "labels.toml"), "")
    return texts, lists
