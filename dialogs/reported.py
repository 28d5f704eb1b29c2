"""The reported figures in the order of the page, and what each of them is an outcome of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from dialogs.labels import Labels
from guideline import Assessment, Evidence
from guideline.assess import TRANSPLANT
from guideline.evidence import Statement
from guideline.outcomes import Outcome


class Line(NamedTuple):
    """What one statement reports, or several about the same patients with the same section, references and errors.
    statement: the first of them."""

    statement: Statement
    figures: Sequence[Outcome]


class Part(NamedTuple):
    """What is reported of the headline (of: empty), of what an adjunct brings in (its id), or of a `transplant`.

    headlines: while several are possible, those among them that the figures belong to.
    """

    of: str
    lines: Sequence[Line]
    headlines: tuple[str, ...] = ()

    @property
    def figures(self) -> list[Outcome]:
        """Every figure of it."""
        return [figure for line in self.lines for figure in line.figures]


def by_measure(reported: Iterable[Outcome], evidence: Evidence) -> list[Line]:
    """The figures in their order, those of one statement and measure together."""
    together = groupby(reported, key=lambda outcome: (outcome.measure, outcome.statement))
    return [Line(evidence.statements[id_], list(of_it)) for (_, id_), of_it in together]


def parts(found: Assessment, reported: Sequence[Outcome], evidence: Evidence) -> list[Part]:
    """The figures by what they are an outcome of. reported: those of the assessment that are shown."""
    shown: list[Part] = []
    for of, ids in found.outcomes_of.items():
        alike: dict[object, Line] = {}
        for outcome in (outcome for outcome in reported if outcome.statement in ids):
            s = evidence.statements[outcome.statement]
            line = alike.setdefault((s.whose, s.section, s.refs, s.inconsistencies), Line(s, []))
            alike[s.whose, s.section, s.refs, s.inconsistencies] = Line(line.statement, [*line.figures, outcome])
        if alike:
            shown.append(Part(of, list(alike.values())))
    return shown


def by_headline(part: Part, found: Assessment) -> list[Part]:
    """The part of an undetermined case by the possible headlines that its figures belong to, in the order of the
    diagram: a figure that stands alone would be taken for this patient's."""
    apart: dict[tuple[str, ...], list[Line]] = {}
    for line in part.lines:
        of_it = tuple(id_ for id_ in found.candidates if id_ in line.statement.outcome_of)
        apart.setdefault(of_it, []).append(line)
    order = sorted(apart, key=lambda ids: [found.candidates.index(id_) for id_ in ids])
    return [Part(part.of, apart[ids], ids) for ids in order]


def condition(part: Part, found: Assessment) -> tuple[str, tuple[str | bool, ...]] | None:
    """The fact with the values that lead to the headlines of the part, and to no other; None where it is not one fact
    alone, or where another way leads there too."""
    leading = [one for one in found.decides if set(part.headlines).intersection(one.candidates)]
    if len(leading) != 1 or not set(leading[0].candidates) <= set(part.headlines):
        return None
    alone = leading[0].rest or leading[0] == found.decides[0]  # those in between assume what those before them leave
    return leading[0].values[0] if alone and len(leading[0].values) == 1 else None


def heading(part: Part, found: Assessment, labels: Labels) -> str:
    """What stands above a part: nothing above the headline's own."""
    if part.of == TRANSPLANT:
        assert found.transplant is not None
        return labels("picture.possible-transplant", labels(f"transplant.{found.transplant.status}"))
    return labels(f"adjunct.{part.of}") if part.of else ""
