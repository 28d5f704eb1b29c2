"""The reported figures in the order of the page: by measure, then by statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from guideline import Evidence
from guideline.evidence import Statement
from guideline.outcomes import Outcome


class Reported(NamedTuple):
    """What one statement reports of one measure."""

    statement: Statement
    figures: Sequence[Outcome]


def by_measure(reported: Iterable[Outcome], evidence: Evidence) -> dict[str, list[Reported]]:
    """The lines of each measure. reported: in the order of the measures, as `outcomes.load` gives them."""
    measures: dict[str, list[Reported]] = {}
    for (measure, id_), of_it in groupby(reported, key=lambda outcome: (outcome.measure, outcome.statement)):
        measures.setdefault(measure, []).append(Reported(evidence.statements[id_], list(of_it)))
    return measures
