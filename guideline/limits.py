"""Limits in the look-up: answers that are shown together, such as the bands of a rule, and the line for a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guideline.asks import Answer, answers_of, line_of, numbers_of
from guideline.case import NUMBERS
from guideline.content import DATA, Item, band_of, entries, read
from guideline.evidence import Evidence, filled
from guideline.values import Span

FILE = "limits.toml"

_OWN = 2
"""Answers of a limit without bands that a question has to have for the whole limit to be shown."""


@dataclass(frozen=True, slots=True)
class Band:
    """line: what holds for numbers in the span. answers: those shown with it, best first."""

    span: Span
    line: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """leads: a question with one of these among its first answers is about the limit. fact: the one whose figure
    selects the band; empty for none. together: whether the whole limit is shown for a question without a figure. line:
    the whole limit in a line; answers: those shown with it. section: of the review."""

    id: str
    leads: frozenset[Answer]
    fact: str
    together: bool
    line: str
    answers: tuple[Answer, ...]
    section: str
    bands: tuple[Band, ...]

    def is_of(self, answer: Answer) -> bool:
        """Whether the answer belongs to the limit."""
        return answer in self.answers

    def is_told(self, answers: Sequence[Answer]) -> bool:
        """Whether the whole limit is shown for a question without a figure. answers: of the question, best first."""
        own = sum(map(self.is_of, answers))
        return self.together and answers[0] in self.leads and (bool(self.bands) or own >= _OWN)

    def band(self, figure: Span) -> Band | None:
        """The band that contains the whole figure; None for none."""
        return next((band for band in self.bands if figure.within(band.span)), None)


def load(content: Evidence, folder: Path = DATA) -> tuple[Limit, ...]:
    """Everything in the folder's limits.toml, in order.

    Raises ContentError for an unknown id or fact, for a line that is too long or has a number that is in none of its
    statements and notes, and for bands of a fact that is not a number.
    """
    return tuple(_limit(item, content) for item in entries(FILE, "file", read(folder, FILE)))


def _limit(item: Item, content: Evidence) -> Limit:
    fact = item.text("fact", "")
    if fact and fact not in NUMBERS:
        raise item.error(f"fact: got {fact!r}; takes a fact that is a number")
    leads, answers, because = (answers_of(item, key, content) for key in ("leads", "answers", "because"))
    rests = (*leads, *answers, *because)
    numbers = numbers_of(rests, content)
    sections = [content.statements[answer.id].section for answer in rests if not answer.note]
    if not answers or not leads or not sections:
        raise item.error("takes leads, answers, and a statement among them or in because")
    bands = []
    for table in item.list("bands"):
        part = Item(item.file, item.id, table)
        line = line_of(part, numbers, content)
        span = band_of(part, "band", filled(part, part.text("band"), content.statements))
        bands.append(Band(span, line, answers_of(part, "answers", content) or answers))
        part.done()
    if bool(bands) != bool(fact):
        raise item.error("takes bands with a fact, and no fact without")
    limit = Limit(
        id=item.id,
        leads=frozenset(leads),
        fact=fact,
        together=item.flag("together"),
        line=line_of(item, numbers, content),
        answers=answers,
        section=sections[0],
        bands=tuple(bands),
    )
    item.done()
    return limit
