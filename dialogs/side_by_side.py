"""A case beside the same case with one answer changed: the two results, and what comes or goes with the change."""

from __future__ import annotations

from dialogs import report
from dialogs.actions import Instead, Room
from dialogs.cards import newer_notes
from dialogs.labels import Labels
from dialogs.view import Choice, View
from guideline import Assessment, Evidence, Span
from guideline.assess import Change
from guideline.case import NUMBERS
from guideline.values import Possible, Values

_HALF_A_ROW = 17
"""Characters of a caption in half a row."""


def doors(found: Assessment, labels: Labels) -> list[tuple[Choice, ...]]:
    """A button for each change of one answer that leads to another headline, two in a row where they are short."""
    rows: list[tuple[Choice, ...]] = []
    half = False
    for change in found.changes:
        said = labels.brief(change.fact, possible(change))
        choice = Choice(Instead(change.fact, str(change.to)), "button.if", count=said)
        short = len(labels("button.if", said)) <= _HALF_A_ROW
        if short and half:
            rows[-1] = (*rows[-1], choice)
        else:
            rows.append((choice,))
        half = short and not half
    return rows


def change_of(action: Instead, found: Assessment) -> Change | None:
    """The change that the action names; None when the case has no such change."""
    named = action.fact, action.to
    return next((change for change in found.changes if (change.fact, str(change.to)) == named), None)


def possible(change: Change) -> Possible:
    """What is known of the fact after the change."""
    return Span.read(str(change.to)) if change.fact in NUMBERS else Values({change.to})


def view(change: Change, evidence: Evidence, found: Assessment, other: Assessment) -> View:
    """The page. found: the case. other: the case after the change."""

    def only(ids: tuple[str, ...] | list[str], not_in: tuple[str, ...] | list[str]) -> list[str]:
        return [id_ for id_ in ids if id_ not in not_in]

    newer, newer_then = newer_notes(evidence, found), newer_notes(evidence, other)
    context = {
        "change": change,
        "now": {"a": found, "adjuncts": only(found.adjuncts, other.adjuncts), "newer": only(newer, newer_then)},
        "then": {"a": other, "adjuncts": only(other.adjuncts, found.adjuncts), "newer": only(newer_then, newer)},
        "both": [id_ for id_ in found.adjuncts if id_ in other.adjuncts],
    }
    take = Choice(Instead(change.fact, str(change.to), take=True), "button.take-over")
    rows = ((take,), (Choice(Room("changes"), "button.back"),))
    return View("compare", context, (*rows, report.button(report.of_case(found.headline, "compare"))))
