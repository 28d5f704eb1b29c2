"""The questions: what each asks, which answers it takes, and what an answer says about the case. No wording.

Numbers are asked in the bands of the content that comes with the program. The content is read when this module is
imported, which raises ContentError when it is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from guideline import Span, guideline
from guideline.case import BY_NAME, CHOICES, FACTS, NUMBERS
from guideline.values import Possible, Values

UNKNOWN = "unknown"


class Stage(Enum):
    """The stages of the talk in a case."""

    GRADE = "grade"
    PATTERN = "pattern"
    PREREQUISITES = "prerequisites"
    SYMPTOMS = "symptoms"
    DETAILS = "details"
    RECOMMENDATION = "recommendation"
    WORKUP = "workup"


Facts = Mapping[str, Possible]
"""What is known of some facts."""

_NOTHING: Facts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked, about one fact. options: each with what it says of the fact; None says nothing (not known).

    also: what an option says of other facts. turns: the options that taps on a line of a checklist go through. adds:
    while these facts have these values, the line is also asked when it cannot change the headline, for what it adds to
    the result; None: it is asked for the headline only. only_with: for an option, the line that must be known before it
    is offered.
    """

    id: str
    fact: str
    options: Mapping[str, Possible | None]
    also: Mapping[str, Facts] = field(default_factory=dict)
    turns: tuple[str, ...] = ()
    adds: Facts | None = None
    only_with: Mapping[str, str] = field(default_factory=dict)

    def after(self, option: str) -> str:
        """The option that the next tap turns to. After an option that taps do not reach, it is the first that says
        something."""
        turns = self.turns or tuple(self.options)
        return turns[(turns.index(option) + 1) % len(turns)] if option in turns else turns[1]


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each
class Question:
    """One screen, with its layout. A question with several lines is a checklist: taps turn its lines, which start at
    UNKNOWN, and a button closes it.

    only_after: options of other questions; one of them must have been given for this question to be asked. not_after:
    options of which none may have been given. per_row: options in a row. help: the page that explains the options, or
    empty. rooms: further pages of the question, each with the options that are offered there. sweep: the option that
    one tap gives to all lines of a checklist that are not known. alone: whether a checklist with one line left asks for
    it like a question of its own. only_where: what has to be known of other facts before the question is asked on the
    way; without it the answer would be of no use yet.
    """

    id: str
    stage: Stage
    lines: tuple[Line, ...]
    only_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    per_row: int = 1
    help: str = ""
    rooms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sweep: str = ""
    alone: bool = False
    only_where: Facts = field(default_factory=dict)

    @property
    def takes_number(self) -> bool:
        """Whether a number can be typed as an answer."""
        return not self.is_checklist and self.lines[0].fact in NUMBERS

    @property
    def is_checklist(self) -> bool:
        return bool(self.sweep)


def _is(*values: str | bool) -> Possible:
    return Values(values)


def _one(id_: str, stage: Stage, fact: str, options: Mapping[str, Possible | None], per_row: int = 1) -> Question:
    return Question(id_, stage, (Line(id_, fact, {**options, UNKNOWN: None}),), per_row=per_row)


def _bands(fact: str) -> dict[str, Possible | None]:
    """The bands of a number in the content, by the text that is stored as the answer; the lowest first, unless listed
    in _HIGHEST_FIRST."""
    whole, _ = NUMBERS[fact]
    texts = [part.text(whole) for part in guideline().classes.parts[fact] if isinstance(part, Span)]
    return {text: Span.read(text) for text in (reversed(texts) if fact in _HIGHEST_FIRST else texts)}


_HIGHEST_FIRST = ("debulkable_percent", "stable_months")
"""Numbers of which more is better: their highest band comes first."""


def _each(fact: str) -> dict[str, Possible | None]:
    return {str(value): _is(value) for value in CHOICES[fact] if value != UNKNOWN}


def _values(fact: str) -> dict[str, Possible | None]:
    return _YES_NO if set(CHOICES[fact]) == {True, False} else _each(fact)


_YES_NO: dict[str, Possible | None] = {"yes": _is(True), "no": _is(False)}


def _met(id_: str, fact: str, met: Possible, unmet: Possible) -> Line:
    return Line(id_, fact, {UNKNOWN: None, "met": met, "unmet": unmet})


_PRIMARY = Line(
    "p-primary",
    "primary",
    {
        UNKNOWN: None,
        "met": _is("resected", "resectable"),
        "resected": _is("resected"),
        "resectable": _is("resectable"),
        "not_found": _is("not_found"),
        "unmet": _is("unresectable"),
    },
    turns=(UNKNOWN, "resected", "resectable", "not_found", "unmet"),
)
"""`met` is what "All met" says: it leaves open whether the primary is resected or resectable."""


def _symptom(id_: str, fact: str, adds: Facts) -> Line:
    return Line(id_, fact, {UNKNOWN: None, "yes": _is(True), "no": _is(False)}, adds=adds)


COUNT = "count"
"""The answer to the grade that opens the calculator."""

COUNTS = ("ki67", "mitoses")
"""What the calculator asks."""

ALONE = "alone"
"""The answer to the mitoses that they were not counted, so that the grade goes by Ki-67 alone."""

BILOBAR = "bilobar"
"""The page for a pattern that none of the three types describes: both lobes, no lesion dominant."""

_COUNTED: Mapping[str, tuple[str, ...]] = {"grade": (COUNT,)}

ON_THE_WAY: tuple[Question, ...] = (
    _one("grade", Stage.GRADE, "grade", {**_each("grade"), COUNT: None}, per_row=3),
    Question(
        "ki67",
        Stage.GRADE,
        (Line("ki67", "ki67", {**_bands("ki67"), UNKNOWN: None}),),
        only_after=_COUNTED,
    ),
    Question(
        "mitoses",
        Stage.GRADE,
        (
            Line(
                "mitoses",
                "mitoses",
                {**_bands("mitoses"), ALONE: None, UNKNOWN: None},
                only_with={ALONE: "ki67"},
            ),
        ),
        only_after=_COUNTED,
    ),
    Question(
        "differentiation",
        Stage.GRADE,
        (
            Line(
                "differentiation",
                "differentiation",
                {**_each("differentiation"), UNKNOWN: None},
                adds={"grade": _is("G3")},
            ),
        ),
        not_after={"grade": ("G1", "G2")},
        per_row=2,
    ),
    Question(
        "pattern",
        Stage.PATTERN,
        (
            Line(
                "pattern",
                "pattern",
                {**_each("pattern"), "II-nearest": _is("II"), "III-nearest": _is("III"), UNKNOWN: None},
                also={option: {"pattern_fit": _is("nearest")} for option in ("II-nearest", "III-nearest")},
            ),
        ),
        help="classify",
        rooms={BILOBAR: ("II-nearest", "III-nearest")},
    ),
    Question(
        "prerequisites",
        Stage.PREREQUISITES,
        (
            _PRIMARY,
            _met("p-r0", "r0_feasible", _is(True), _is(False)),
            _met("p-outside", "extrahepatic", _is("none", "resectable"), _is("unresectable")),
            _met("p-fit", "fit_for_surgery", _is(True), _is(False)),
            _met("p-heart", "carcinoid_heart_disease", _is("none", "optimised"), _is("uncontrolled")),
        ),
        sweep="met",
    ),
    Question(
        "symptoms",
        Stage.SYMPTOMS,
        (
            _symptom("s-carcinoid", "carcinoid_syndrome", adds={}),
            _symptom("s-refractory", "refractory_symptoms", adds={"pattern": _is("III")}),
            _symptom("s-local", "local_effects", adds={"pattern": _is("III")}),
        ),
        sweep="no",
        alone=True,
    ),
    replace(
        _one("volume", Stage.DETAILS, "debulkable_percent", _bands("debulkable_percent")),
        only_where={"cure_by_resection": _is(False)},
    ),
    replace(_one("steps", Stage.DETAILS, "one_stage_clearance", _YES_NO), only_where={"pattern": _is("II")}),
)
"""The questions on the way to a result, in the order of asking. Each is asked only if it matters (see `asking`)."""

_SHORT = ("primary_site",)
"""Facts with values short enough for two buttons in a row."""


def _detail(fact: str) -> Question:
    if fact in NUMBERS:
        return _one(fact, Stage.RECOMMENDATION, fact, _bands(fact))
    if set(CHOICES[fact]) == {True, False}:
        return _one(fact, Stage.RECOMMENDATION, fact, _YES_NO, per_row=2)
    return _one(fact, Stage.RECOMMENDATION, fact, _each(fact), per_row=2 if fact in _SHORT else 1)


_AGAIN = {question.id: question for question in ON_THE_WAY if question.id in ("differentiation", "volume")}

OFFERED: tuple[Question, ...] = (
    _AGAIN["differentiation"],
    *map(_detail, ("graded_tissue", "carcinoid_syndrome", "primary", "timing", "extrahepatic", "r0_feasible")),
    _AGAIN["volume"],
    *map(
        _detail,
        (
            "primary_small_asymptomatic", "largest_lesion_cm", "primary_site", "hepatomegaly", "portal_drainage",
            "liver_involvement_percent", "stable_months", "age", "fit_for_surgery", "carcinoid_heart_disease",
        ),
    ),
)  # fmt: skip
"""The questions that a result offers, since their answers can add to it."""

FIRST = ON_THE_WAY[0]

SCORED: Mapping[str, Mapping[str, Possible | None]] = {
    "fit_for_surgery": {"yes-by-score": _is(True), "no-by-score": _is(False)}
}
"""Options of a fact that was read from a score: the fitness from an ECOG or WHO performance status."""

QUESTIONS: Mapping[str, Question] = {question.id: question for question in (*ON_THE_WAY, *OFFERED)}

_ASKED = {line.fact for question in QUESTIONS.values() for line in question.lines}
_TYPED_AS_WELL = (
    "ki67", "mitoses", "graded_tissue", "differentiation", "fit_for_surgery", "carcinoid_heart_disease",
    "refractory_symptoms", "local_effects",
)  # fmt: skip
"""Facts that are asked, and have a line for what is typed as well: those beside another that is asked (Ki-67 beside a
grade), and those of a checklist, which would still be asked until the checklist is closed."""


def typed_line(fact: str) -> str:
    """The id of the fact's line in TYPED_LINES. It begins with `told-`, since stored sessions have it so."""
    return f"told-{fact}"


TYPED_LINES: Mapping[str, Line] = {
    typed_line(fact): Line(
        typed_line(fact), fact, {**({} if fact in NUMBERS else _values(fact)), **SCORED.get(fact, {}), UNKNOWN: None}
    )
    for fact in (*_TYPED_AS_WELL, *(fact for fact in FACTS if fact not in _ASKED))
}
"""Lines that no question has, for facts read from a typed text: those typed as well, and all that are not asked."""

LINES: Mapping[str, Line] = {
    **{line.id: line for question in QUESTIONS.values() for line in question.lines},
    **TYPED_LINES,
}

_SIGN = re.compile(r"^\s*[+\-\u2212\u2013]")
_NUMBER = re.compile(r"\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:%|cm)?\s*")


def says(line: Line, option: str) -> Facts:
    """What the answer says, by fact; empty for one that says nothing. Raises KeyError or ValueError for an option that
    the line does not have."""
    if option.startswith("=") and line.fact in NUMBERS:
        number = Span.of(option[1:])
        whole = NUMBERS[line.fact][0]
        countable = not BY_NAME[line.fact].whole or not number.single or number.low.is_integer()
        if countable and (number.within(whole) or (not number.single and number.meets(whole))):
            return {line.fact: number.both(whole)}
        raise KeyError(option)
    said = line.options[option]
    return _NOTHING if said is None else {line.fact: said, **line.also.get(option, _NOTHING)}


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
