"""What lies one tap behind a result: why, alternatives, changes, newer sources, numbers, and what can be added."""

from __future__ import annotations

from dialogs import report
from dialogs.actions import Open, Picture, Room
from dialogs.answers import given
from dialogs.cards import TO_RESULT, in_rows, offers
from dialogs.papers import to_paper
from dialogs.questions import OFFERED, QUESTIONS, UNKNOWN, Question
from dialogs.session import Answers
from dialogs.view import Choice, View
from guideline import Assessment, Evidence
from guideline.assess import Change


def behind(room: Room, evidence: Evidence, found: Assessment, answers: Answers) -> View | None:
    """What lies one tap behind the result: why, alternatives, changes, newer, figure, numbers, add, change; or None."""
    context: dict[str, object] = {"a": found}
    back = TO_RESULT
    name = room.name
    reporting = report.button(report.of_case(found.headline, name))
    notes = [id_ for id_ in found.updates if evidence.notes[id_].reading == (name == "figure")]
    if name == "numbers":
        context["outcomes"] = found.outcomes
        back = (Choice(Picture("outcomes"), "button.plot"), *back)
    elif name == "add":
        return to_add(found)
    elif name == "change":
        return View("change", context, (*_changeable(answers), back, reporting))
    elif name == "changes":
        context["changes"] = _by_result(found)
    elif name not in ("why", "alternatives", "newer", "figure"):
        return None
    context["heading"] = name
    rows = (back, reporting)
    if name not in ("newer", "figure"):
        return View(name, context, rows, room.page, room)
    beside = tuple(to_paper(evidence.notes[id_]) for id_ in notes)
    return View("notes", {**context, "notes": notes}, rows, room.page, room, beside)


def to_add(found: Assessment) -> View:
    """What could still add to the result."""
    rows = [(Choice(Open(q.id), f"asks.{q.id}"),) for q in offers(found)]
    reporting = report.button(report.of_case(found.headline, "add"))
    return View("add", {"a": found}, (*rows, TO_RESULT, reporting))


def left_to_add(opened: str, before: Answers, after: Answers, found: Assessment) -> View | None:
    """What is left to add once the opened question, one of those offered, was answered for the first time."""
    first = given(before, opened) is None and given(after, opened) not in (None, UNKNOWN)
    return to_add(found) if first and QUESTIONS.get(opened) in OFFERED and offers(found) else None


def _by_result(found: Assessment) -> list[list[Change]]:
    """The changes that come to the same, together."""
    together: dict[tuple[str, ...], list[Change]] = {}
    for change in found.changes:
        together.setdefault(change.candidates, []).append(change)
    return list(together.values())


def _changeable(answers: Answers) -> list[tuple[Choice, ...]]:
    def answered(question: Question) -> bool:
        ids = (question.id, *(id_ for line in question.lines for id_ in (line.id, f"told-{line.fact}")))
        return any(given(answers, id_) is not None for id_ in ids)

    return in_rows([Choice(Open(q.id), f"question.{q.id}") for q in QUESTIONS.values() if answered(q)])
