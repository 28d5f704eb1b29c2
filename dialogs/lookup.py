"""Looking something up outside a case: the topics, a topic's card, and the answers to a typed question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs import report
from dialogs.view import Choice, View
from guideline import Evidence
from guideline.evidence import TOPICS, Note
from guideline.search import Answer

CHANGED = "changed"
"""The topic of everything that newer sources say."""

_PARTS: Mapping[str, tuple[str, ...]] = {"advice": ("recommends", "figure"), "reports": ("reports",)}


def topics(leave: Choice) -> View:
    """The menu of topics."""
    choices = [Choice(f"look.{topic}", f"topic.{topic}") for topic in (*TOPICS, CHANGED)]
    rows = [tuple(choices[at : at + 2]) for at in range(0, len(choices), 2)]
    return View("topics", {}, (*rows, (leave,)))


def topic(evidence: Evidence, carrying: frozenset[str], rest: str, leave: Choice) -> View | None:
    """A topic's card. rest: the topic, perhaps its part (advice, reports, notes) and page; None if there is none.

    carrying: the statements that carry a rule, which come first.
    """
    name, _, behind = rest.partition(".")
    part, _, page = behind.partition(".")
    if name not in (*TOPICS, CHANGED):
        return None
    parts = _parts_of(evidence, name)
    part = part or next(iter(parts))
    if part not in parts:
        return None
    others = [
        Choice(f"look.{name}.{other}", f"part.{other}", count=str(len(ids)))
        for other, ids in parts.items()
        if other != part
    ]
    number = int(page) if page.isdecimal() and len(page) < 3 else 0
    rows = (
        *((tuple(others),) if others else ()),
        (Choice("look", "button.topics"), leave),
        report.button(report.of_topic(name, part, number)),
    )
    ids = sorted(parts[part], key=lambda id_: id_ not in carrying)
    context = {"topic": name, "part": part, "ids": ids}
    return View("topic", context, rows, number, f"look.{name}.{part}")


def every_topic(evidence: Evidence, carrying: frozenset[str], leave: Choice) -> Iterator[tuple[tuple[str, str], View]]:
    """The card of each part of each topic."""
    for name in (*TOPICS, CHANGED):
        for part in _parts_of(evidence, name):
            view = topic(evidence, carrying, f"{name}.{part}", leave)
            assert view is not None
            yield (name, part), view


def found(evidence: Evidence, answers: tuple[Answer, ...], leave: Choice, *, near: bool) -> View:
    """The answers to a typed question, each statement with the newer-source note on it if there is one.

    near: they are no answers, only the nearest there is.
    """
    newer = newer_on(evidence, answers)
    shown = {answer.id for answer in answers if answer.note}
    ids = dict.fromkeys(id_ for id_ in newer.values() if id_ not in shown)
    rows: list[tuple[Choice, ...]] = [
        (Choice(f"note.{id_}", "button.newer-on", f"topic.{evidence.notes[id_].topic}"),) for id_ in ids
    ]
    rows += [(Choice("look", "button.topics"), leave), report.button(report.of_found(answers, near=near))]
    return View("found", {"answers": answers, "newer": newer, "near": near}, tuple(rows))


def newer_on(evidence: Evidence, answers: tuple[Answer, ...]) -> dict[str, str]:
    """For each statement among the answers that has one, the newer-source note on it."""
    return {a.id: note.id for a in answers if not a.note and (note := _note_on(evidence, a.id))}


def note(evidence: Evidence, id_: str, leave: Choice) -> View | None:
    """One newer-source note by itself; None if there is none of that id."""
    if id_ not in evidence.notes:
        return None
    rows = ((Choice("look", "button.topics"), leave), report.button(report.of_note(id_)))
    return View("notes", {"notes": [id_], "heading": ""}, rows)


def _parts_of(evidence: Evidence, name: str) -> dict[str, list[str]]:
    notes = [note.id for note in evidence.notes.values() if name in (CHANGED, note.topic)]
    parts = {
        part: [s.id for s in evidence.statements.values() if name in s.topics and s.kind in kinds]
        for part, kinds in _PARTS.items()
    }
    return {part: ids for part, ids in {**parts, "notes": notes}.items() if ids}


def _note_on(evidence: Evidence, statement: str) -> Note | None:
    return next((note for note in evidence.notes.values() if statement in note.statements), None)
