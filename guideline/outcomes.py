"""The reported outcomes that can be plotted. A figure that its statement does not have is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guideline.content import DATA, Item, items, read
from guideline.evidence import Statement

FILE = "outcomes.toml"

MEASURES = (
    "survival", "survival-transplant",
    "survival-limited", "survival-hepatomegaly", "expected-survival", "disease-free-long-term",
    "recurrence-free-transplant", "recurrence-local", "recurrence",
    "no-progression", "progression", "relief", "response", "relief-duration", "response-duration",
    "complications", "deaths",
)  # fmt: skip
"""The measures, in the order in which they are plotted."""

GROUPS = ("resection", "recurrence", "debulking", "ablation", "embolisation", "transplant", "carcinoma")
"""What the figures that stand together in the look-up are about, in their order there: a treatment, the recurrence
after resection, a disease."""

BOUNDS = ("", "up-to", "below", "about")

_FIGURE = re.compile(r"(\d+)(?:–(\d+))? (%|months)")
_NUMBERS = re.compile(r"\d+")
_TIME = re.compile(r"(\d+)(?: years|-year)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reported figure of a statement.

    low and high are in the unit (`%` of patients, or `months`), and equal for a single figure. years: the time that a
    figure in % is about, or 0. time: that time in words when it is not a number of years, or empty. of: the treatment
    or the patients, in few words. bound: `up-to`, `below` or `about` when the statement says so, else empty.
    group: one of GROUPS.
    """

    id: str
    statement: str
    measure: str
    of: str
    low: int
    high: int
    unit: str
    years: int
    time: str
    bound: str
    group: str


def load(statements: Mapping[str, Statement], folder: Path = DATA) -> tuple[Outcome, ...]:
    """Read and check the outcomes, in the order of MEASURES. Raises ContentError that names the outcome."""
    found = [_outcome(item, statements) for item in items(FILE, read(folder, FILE).get("bar"))]
    return tuple(sorted(found, key=lambda outcome: MEASURES.index(outcome.measure)))


def _outcome(item: Item, statements: Mapping[str, Statement]) -> Outcome:
    id_, at = item.text("statement"), item.text("at", "")
    statement = statements[item.known("statement", (id_,), statements)[0]]
    if not statement.outcome_of:
        raise item.error(f"{id_} reports the outcome of no headline")
    figure = item.text("figure")
    for given in (figure, *([at] if at else [])):
        if given not in statement.figures:
            raise item.error(f"{given!r} is not a figure of {id_}")
    value, time = _FIGURE.fullmatch(figure), _TIME.fullmatch(at)
    if value is None or (at and time is None):
        raise item.error("takes a figure in % or months, at a time in years")
    low, high, years = int(value[1]), int(value[2] or value[1]), int(time[1]) if time else 0
    measure, bound, of = item.text("measure"), item.text("bound", ""), item.text("of")
    in_words, group = item.text("time", ""), item.text("group")
    item.known("measure", (measure,), MEASURES)
    item.known("bound", (bound,), BOUNDS)
    item.known("group", (group,), GROUPS)
    item.done()
    if low > high or (bound and low < high) or (value[3] == "%" and high > 100):
        raise item.error(f"{figure!r} cannot be plotted: a range that falls, a bound of a range, or more than 100 %")
    if in_words and (at or value[3] != "%"):
        raise item.error("time is taken only for a figure in % without at")
    for key, words in (("of", of), ("time", in_words)):
        if strange := set(_NUMBERS.findall(words)) - set(_NUMBERS.findall(statement.text)):
            raise item.error(f"{key} has {', '.join(sorted(strange))}, which the statement does not have")
    return Outcome(item.id, id_, measure, of, low, high, value[3], years, in_words, bound, group)
