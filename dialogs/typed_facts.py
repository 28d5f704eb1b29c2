"""The facts read from a typed text, before they are used: as answers, and as a code that fits a button.

Nothing of the text is stored. The buttons of the card that offers the facts carry them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

from dialogs.answers import given, with_answer
from dialogs.questions import COUNT, COUNTS, SCORED, TYPED_LINES, Question, typed_line
from dialogs.session import Answers
from guideline import Span
from guideline.case import CHOICES, FACTS, NUMBERS
from guideline.values import Choice, Possible, Values

if TYPE_CHECKING:
    from dialogs.reader import Reading

_LINE_OF: Mapping[str, str] = {
    "debulkable_percent": "volume",
    "one_stage_clearance": "steps",
}
"""The lines of facts whose line has another name."""

_BAND = re.compile(r"(<=|>=|<|>)?(\d+(?:\.\d)?)(?:-(\d+(?:\.\d)?))?")
_SIGNS = ("", "<", "<=", ">", ">=", "-")
_TENTHS = {fact: round(min(whole.high, 999) * 10) + 1 for fact, (whole, *_) in NUMBERS.items()}
"""For each number: it is coded in tenths, which are below this."""
_NOT_READ = ("nothing", "unclear", "conflict")
"""The states of a fact without a value in a code."""
_MOST_MISSED = 8

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_MARK = 64 * 64
_LAYOUT = crc32(repr((FACTS, tuple(CHOICES.items()), _SIGNS, _NOT_READ)).encode()) % _MARK
"""Differs when the facts or their values differ, so that older codes are refused."""


@dataclass(frozen=True, slots=True)
class TypedFacts:
    """facts: by name, a value, or for a number its text (`8`, `<2`, `10-15`). scored: whether the fitness was read from
    an ECOG or WHO performance status. conflict, unclear: facts stated in two ways, and named without a clear value.
    missed: how many stretches and words of the text were not understood, at most 8. cut: whether only the beginning was
    read."""

    facts: Mapping[str, Choice]
    scored: bool = False
    conflict: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    missed: int = 0
    cut: bool = False

    @classmethod
    def of(cls, reading: Reading) -> TypedFacts:
        """The facts of a reading. One with a value that a code cannot hold, such as 2.55, is unclear."""
        facts = {found.fact: found.value for found in reading.facts if holds(found.fact, found.value)}
        unclear = {*reading.unclear, *(found.fact for found in reading.facts if found.fact not in facts)}
        scored = any(found.fact == "fit_for_surgery" and found.scored for found in reading.facts)
        missed = min(len(reading.not_understood) + reading.left_out, _MOST_MISSED)
        in_order = tuple(fact for fact in FACTS if fact in unclear)
        return cls(facts, scored, reading.conflict, in_order, missed, reading.cut > 0)

    def possible(self, fact: str) -> Possible:
        """The values that the fact has in a case."""
        value = self.facts[fact]
        return Values({value}) if fact in CHOICES else Span.of(str(value))

    def without(self, facts: set[str]) -> TypedFacts:
        """These facts without some of them."""
        return replace(self, facts={fact: value for fact, value in self.facts.items() if fact not in facts})

    def on(self, question: Question) -> set[str]:
        """Those of the facts that answer the question."""
        asked = {line.fact for line in question.lines}
        if "grade" in asked and "grade" not in self.facts:
            asked |= set(COUNTS)
        return asked & set(self.facts)


def answers_with(answers: Answers, typed: TypedFacts, facts: set[str]) -> Answers:
    """The answers with answers that say these facts as the newest."""
    counts = [count for count in COUNTS if count in facts]
    by_counts = counts and "grade" not in facts and given(answers, "grade") in (None, COUNT)
    if by_counts:
        answers = with_answer(answers, "grade", COUNT)
    for fact in (fact for fact in FACTS if fact in facts):
        line = _line(fact, answers, by_counts=bool(by_counts), typed=typed)
        option = _option(fact, typed.facts[fact])
        by_score = typed.scored and fact in SCORED
        answers = with_answer(answers, line, f"{option}-by-score" if by_score else option)
    return answers


def encode(typed: TypedFacts) -> str:
    """The facts as a code of at most 51 characters: letters, digits, `-` and `_`."""
    number = (typed.missed * 2 + typed.cut) * 2 + typed.scored
    for fact in FACTS:
        value = typed.facts.get(fact)
        if value is None:
            state = 2 if fact in typed.conflict else 1 if fact in typed.unclear else 0
        elif fact in CHOICES:
            state = len(_NOT_READ) + CHOICES[fact].index(value)
        else:
            sign, low, high = _parts(str(value))
            for part in (high, low) if high else (low,):
                number = number * _TENTHS[fact] + _tenths(part)
            state = len(_NOT_READ) + _SIGNS.index("-" if high else sign)
        number = number * (len(_NOT_READ) + _ways(fact)) + state
    number = number * _MARK + _LAYOUT
    digits = ""
    while number:
        number, digit = divmod(number, 64)
        digits += _DIGITS[digit]
    return digits


def decode(code: str) -> TypedFacts | None:
    """The facts that `encode` made the code from; None for any other text."""
    number = 0
    for digit in reversed(code):
        if digit not in _DIGITS or len(code) > 60:
            return None
        number = number * 64 + _DIGITS.index(digit)
    number, mark = divmod(number, _MARK)
    if mark != _LAYOUT:
        return None
    facts: dict[str, Choice] = {}
    not_read: dict[str, int] = {}
    for fact in reversed(FACTS):
        number, state = divmod(number, len(_NOT_READ) + _ways(fact))
        way = state - len(_NOT_READ)
        if way < 0:
            not_read[fact] = state
        elif fact in CHOICES:
            facts[fact] = CHOICES[fact][way]
        else:
            number, low = divmod(number, _TENTHS[fact])
            facts[fact] = f"{_SIGNS[way]}{low / 10:g}"
            if _SIGNS[way] == "-":
                number, high = divmod(number, _TENTHS[fact])
                facts[fact] = f"{low / 10:g}-{high / 10:g}"
    unclear, conflict = (tuple(fact for fact in FACTS if not_read.get(fact) == state) for state in (1, 2))
    number, scored = divmod(number, 2)
    missed, cut = divmod(number, 2)
    in_order = {fact: facts[fact] for fact in FACTS if fact in facts}
    typed = TypedFacts(in_order, bool(scored), conflict, unclear, missed, bool(cut))
    sound = missed <= _MOST_MISSED and all(holds(fact, value) for fact, value in typed.facts.items())
    return typed if sound and encode(typed) == code else None


def _ways(fact: str) -> int:
    """The number of values of a fact, or of comparators of a number."""
    return len(CHOICES[fact]) if fact in CHOICES else len(_SIGNS)


def _parts(text: str) -> tuple[str, str, str]:
    found = _BAND.fullmatch(text)
    if not found or (found[1] and found[3]):
        raise ValueError(f"{text!r} is not a number with at most one decimal")
    return found[1] or "", found[2], found[3] or ""


def _tenths(text: str) -> int:
    return round(float(text) * 10)


def holds(fact: str, value: Choice) -> bool:
    """Whether the code can hold the value."""
    if fact in CHOICES:
        return True
    try:
        _, low, high = _parts(str(value))
        span = Span.of(str(value))
    except ValueError:
        return False
    whole = NUMBERS[fact][0]
    return span.meets(whole) and all(
        _tenths(number) < _TENTHS[fact] and Span.at(float(number)).within(whole) for number in (low, high) if number
    )


def _line(fact: str, answers: Answers, *, by_counts: bool, typed: TypedFacts) -> str:
    """The line that takes the fact: of a question that arises, or else of no question."""
    if fact in COUNTS and by_counts:
        return fact
    if fact == "differentiation" and (typed.facts.get("grade") or given(answers, "grade")) in ("G3", COUNT):
        return fact
    if typed_line(fact) in TYPED_LINES:
        return typed_line(fact)
    return _LINE_OF.get(fact, fact)


def _option(fact: str, value: Choice) -> str:
    if fact in NUMBERS:
        return f"={value}"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else value
