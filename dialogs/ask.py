"""Answering a question from another program: what is found, what is nearest, and the case in the question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dialogs.codes import name_of
from dialogs.emergency import Emergency
from dialogs.labels import Labels
from dialogs.lookup import Lookup
from dialogs.reader import Reading, reader
from dialogs.typed import is_about_a_person
from guideline import Case, CaseError, assess, guideline
from guideline.asks import Answer
from guideline.evidence import evidence
from guideline.glossary import glossary


def ask(text: str) -> dict[str, object]:
    """The answer to a question, as JSON takes it.

    `answers` and `nearest`: at most three each, with `id`, `note` and `text`; a term of the glossary has the id
    `term.…`. `found`: whether there are answers. `not_given`: what the question asks for and the review does not give,
    or null. `case`: the facts read from it, with their assessment, or null. A text that sounds like an emergency, or
    has a person's details, gets no answer.
    """
    if _emergency().is_in(text) or is_about_a_person(text):
        return _said((), (), "", None)
    look_up = _lookup().look_up(text)
    return _said(look_up.answers, look_up.nearest, look_up.gap, _case(reader().read(text)))


def _said(
    answers: Iterable[Answer], nearest: Iterable[Answer], gap: str, case: dict[str, object] | None
) -> dict[str, object]:
    found = [_entry(answer) for answer in answers]
    return {
        "answers": found,
        "nearest": [_entry(answer) for answer in nearest],
        "found": bool(found),
        "not_given": gap or None,
        "case": case,
    }


def _entry(answer: Answer) -> dict[str, object]:
    return {"id": name_of(answer) if answer.term else answer.id, "note": answer.note, "text": _text(answer)}


def _text(answer: Answer) -> str:
    if answer.term:
        term = glossary().terms[answer.id]
        return f"{term.names[0]}: {term.text}"
    if not answer.note:
        return evidence().statements[answer.id].text
    note = evidence().notes[answer.id]
    return " ".join(filter(None, (f"{note.title}. The review: {note.review} Newer: {note.now}", note.ours)))


def _case(reading: Reading) -> dict[str, object] | None:
    """The facts, the headline and what could still change it; None when the question is not about a patient."""
    if not reading.is_case:
        return None
    facts = {"facts": {found.fact: found.plain for found in reading.facts}}
    doubts: dict[str, object] = {"conflict": list(reading.conflict), "unclear": list(reading.unclear)}
    try:
        made = assess(Case.of({found.fact: found.possible for found in reading.facts}))
    except CaseError:  # facts that are each possible, but not together
        return {**facts, **doubts, "headline": None, "candidates": [], "needed": []}
    return {
        **facts,
        **doubts,
        "headline": made.headline,
        "candidates": list(made.candidates),
        "needed": list(made.needed),
    }


@cache
def _lookup() -> Lookup:
    return Lookup(guideline())


@cache
def _emergency() -> Emergency:
    return Emergency.of(Labels())
