"""The questions: what each asks, which answers it takes, and what an answer says about the case. No wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from guideline import Span
from guideline.case import CHOICES, NUMBERS, Possible
from guideline.values import Values

UNKNOWN = "unknown"


class Stage(Enum):
    """Where a conversation can be."""

    GRADE = "grade"
    PATTERN = "pattern"
    PREREQUISITES = "prerequisites"
    SYMPTOMS = "symptoms"
    DETAILS = "details"
    RECOMMENDATION = "recommendation"
    WORKUP = "workup"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked, about one fact. options: each with what it says of the fact; None says nothing (not known)."""

    id: str
    fact: str
    options: Mapping[str, Possible | None]

    def after(self, option: str) -> str:
        """The option that the next tap turns to."""
        ids = list(self.options)
        return ids[(ids.index(option) + 1) % len(ids)]


@dataclass(frozen=True, slots=True)
class Question:
    """One screen, with its layout. A question with several lines is a list: its lines are turned by tapping, and it is
    closed by a tap of its own.

    only_after: options of other questions of which one must have been given for this one to arise.
    per_row: how many options stand side by side. help: the room that explains the options, if there is one.
    resting: the option at which an untouched line of a list stands. sweep: the option that one tap gives to all lines
    of a list that are at rest.
    """

    id: str
    stage: Stage
    lines: tuple[Line, ...]
    only_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    per_row: int = 1
    help: str = ""
    resting: str = ""
    sweep: str = ""

    @property
    def takes_number(self) -> bool:
        """Whether a number can be typed instead of a tap."""
        return not self.is_list and self.lines[0].fact in NUMBERS

    @property
    def is_list(self) -> bool:
        return bool(self.sweep)


def _is(*values: str | bool) -> Possible:
    return Values(values)


def _one(
    id_: str, stage: Stage, fact: str, options: Mapping[str, Possible | None], per_row: int = 1, help_: str = ""
) -> Question:
    only_after = _ONLY_AFTER.get(id_, {})
    return Question(id_, stage, (Line(id_, fact, {**options, UNKNOWN: None}),), only_after, per_row, help_)


def _bands(*bands: str) -> dict[str, Possible | None]:
    return {band: Span.read(band) for band in bands}


def _each(fact: str) -> dict[str, Possible | None]:
    return {str(value): _is(value) for value in CHOICES[fact] if value != UNKNOWN}


def _values(fact: str) -> dict[str, Possible | None]:
    return _YES_NO if set(CHOICES[fact]) == {True, False} else _each(fact)


_YES_NO: dict[str, Possible | None] = {"yes": _is(True), "no": _is(False)}


def _met(id_: str, fact: str, met: Possible, unmet: Possible) -> Line:
    return Line(id_, fact, {UNKNOWN: None, "met": met, "unmet": unmet})


def _primary(id_: str) -> Line:
    line = _met(id_, "primary", _is("resected", "resectable"), _is("unresectable"))
    return Line(id_, "primary", {**line.options, "not_found": _is("not_found")})


def _symptom(id_: str, fact: str) -> Line:
    return Line(id_, fact, {"no": _is(False), "yes": _is(True), UNKNOWN: None})


COUNT = "count"
"""The answer to the grade that opens the calculator."""

COUNTS = ("ki67", "mitoses")
"""What the calculator asks."""

_ONLY_AFTER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    **{count: {"grade": (COUNT,)} for count in COUNTS},
    "differentiation": {"grade": ("G3", COUNT)},
}

ON_THE_WAY: tuple[Question, ...] = (
    _one("grade", Stage.GRADE, "grade", {**_each("grade"), COUNT: None}, per_row=3),
    _one("ki67", Stage.GRADE, "ki67", _bands("<3", "3-20", ">20")),
    _one("mitoses", Stage.GRADE, "mitoses", _bands("<2", "2-20", ">20")),
    _one("pattern", Stage.PATTERN, "pattern", _each("pattern"), help_="classify"),
    Question(
        "prerequisites",
        Stage.PREREQUISITES,
        (
            _primary("p-primary"),
            _met("p-r0", "r0_feasible", _is(True), _is(False)),
            _met("p-outside", "extrahepatic", _is("none", "resectable"), _is("unresectable")),
            _met("p-fit", "fit_for_surgery", _is(True), _is(False)),
            _met("p-heart", "carcinoid_heart_disease", _is("none", "optimised"), _is("uncontrolled")),
        ),
        resting=UNKNOWN,
        sweep="met",
    ),
    Question(
        "symptoms",
        Stage.SYMPTOMS,
        (
            _symptom("s-carcinoid", "carcinoid_syndrome"),
            _symptom("s-refractory", "refractory_symptoms"),
            _symptom("s-local", "local_effects"),
        ),
        resting="no",
        sweep="no",
    ),
    _one("volume", Stage.DETAILS, "debulkable_percent", _bands(">=90", "70-<90", "<70")),
    _one("steps", Stage.DETAILS, "one_stage_clearance", _YES_NO),
)
"""In the order of asking. What is asked of them is only what can still change the answer."""

_DETAIL_BANDS = {
    "largest_lesion_cm": _bands("<=3", ">3-5", ">5"),
    "age": _bands("<=50", ">50"),
    "liver_involvement_percent": _bands("<=50", ">50"),
    "stable_months": _bands(">=6", "<6"),
}


_SHORT = ("differentiation", "primary_site")
"""Facts whose values are short enough for two in a row."""


def _detail(fact: str) -> Question:
    if fact in NUMBERS:
        return _one(fact, Stage.RECOMMENDATION, fact, _DETAIL_BANDS[fact])
    if set(CHOICES[fact]) == {True, False}:
        return _one(fact, Stage.RECOMMENDATION, fact, _YES_NO, per_row=2)
    return _one(fact, Stage.RECOMMENDATION, fact, _each(fact), per_row=2 if fact in _SHORT else 1)


OFFERED: tuple[Question, ...] = tuple(
    _detail(fact)
    for fact in (
        "differentiation", "carcinoid_syndrome", "primary", "timing", "extrahepatic", "r0_feasible",
        "primary_small_asymptomatic", "largest_lesion_cm", "primary_site", "hepatomegaly", "portal_drainage",
        "liver_involvement_percent", "stable_months", "age",
    )
)  # fmt: skip
"""One for each fact that can only add to an answer; the recommendation offers them."""

FIRST = ON_THE_WAY[0]

QUESTIONS: Mapping[str, Question] = {question.id: question for question in (*ON_THE_WAY, *OFFERED)}
TOLD: Mapping[str, Line] = {
    f"told-{fact}": Line(f"told-{fact}", fact, {**({} if fact in NUMBERS else _values(fact)), UNKNOWN: None})
    for fact in (
        "ki67", "mitoses", "graded_tissue", "differentiation", "pattern_fit", "lesion_count", "fit_for_surgery",
        "carcinoid_heart_disease", "hormonal_symptoms", "refractory_symptoms", "local_effects",
    )
}  # fmt: skip
"""Lines that no question has, for facts read from a typed text: those beside a fact that is asked (Ki-67 beside a
grade), and the lines of a list, which would be asked for as long as the list is not closed."""

LINES: Mapping[str, Line] = {
    **{line.id: line for question in QUESTIONS.values() for line in question.lines},
    **TOLD,
}

_SIGN = re.compile(r"^\s*[+\-\u2212\u2013]")
_NUMBER = re.compile(r"\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:%|cm)?\s*")


def says(line: Line, option: str) -> Possible | None:
    """What the answer says of the line's fact; None when it says nothing. Raises KeyError for an option it has not."""
    if option.startswith("=") and line.fact in NUMBERS:
        number = _number(option[1:])
        whole = NUMBERS[line.fact][0]
        if number.within(whole) or (not number.single and number.meets(whole)):
            return number.both(whole)
        raise KeyError(option)
    return line.options[option]


def _number(text: str) -> Span:
    """A number, or a band such as `<2` or `10-15`. Raises ValueError on anything else."""
    try:
        return Span.at(float(text))
    except ValueError:
        return Span.read(text)


def takes(line: Line, option: str) -> bool:
    """Whether the line has that option."""
    try:
        says(line, option)
    except (KeyError, ValueError):
        return False
    return True


def is_number(text: str) -> bool:
    """Whether the text is a number that can be typed, or one with a sign."""
    return read_number(_SIGN.sub("", text, count=1)) is not None


def read_number(text: str) -> str | None:
    """A typed number (`12`, `12.5`, `12,5`, with % or cm) as the text of an option's number; None for anything else."""
    found = _NUMBER.fullmatch(text)
    return found[1].replace(",", ".") if found else None
