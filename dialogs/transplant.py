"""The page of the transplant criteria (§5.4, §6): the state of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dialogs import report
from dialogs.actions import Do, Room
from dialogs.asking import to_fill
from dialogs.cards import TO_RESULT, in_rows, newer_notes
from dialogs.view import Choice, View
from guideline import Assessment, Evidence
from guideline.evidence import Source

_STATES = ("not met", "unknown", "met")
"""The states of a criterion, in the order in which they are listed."""

_NOTES = ("transplant-age", "transplant-milan")


class Criterion(NamedTuple):
    """A criterion, its state, the facts it is about, and what other lists say about it, each with the source."""

    id: str
    state: str
    facts: Sequence[str]
    elsewhere: Sequence[tuple[str, Source]]


def room(evidence: Evidence, found: Assessment) -> View | None:
    """The criteria, each with the answer beside its limit, those not met first; None where there is none."""
    if not found.transplant:
        return None
    criteria = [
        Criterion(id_, state, found.criterion_facts(id_), evidence.elsewhere(id_))
        for id_, state in sorted(found.transplant.criteria.items(), key=lambda one: _STATES.index(one[1]))
    ]
    rows: list[tuple[Choice, ...]] = []
    if open_ := to_fill(found):
        caption = "button.fill" if len(open_) > 1 else "button.fill-one"
        rows.append((Choice(Do.FILL, caption, count=str(len(open_))),))
    notes = newer_notes(evidence, found)
    doors = [Choice(Room("newer", notes.index(id_) + 1), f"note.{id_}") for id_ in _NOTES if id_ in notes]
    rows += in_rows([*doors, Choice(Room("criteria"), "button.statements")])
    rows += [TO_RESULT, report.button(report.of_case(found.headline, "transplant"))]
    return View("transplant", {"a": found, "criteria": criteria}, tuple(rows))
