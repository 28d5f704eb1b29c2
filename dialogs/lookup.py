"""Looking something up outside a case: the topics, a topic's card, single notes, and the answers to a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

from dialogs import actions, report
from dialogs.actions import Do, Found, Topic
from dialogs.codes import Codebook, codes_of
from dialogs.papers import to_paper
from dialogs.view import Choice, View
from guideline import Guideline
from guideline.asks import Answer
from guideline.evidence import TOPICS, Note, Statement
from guideline.glossary import glossary

if TYPE_CHECKING:
    from guideline.search import Search

CHANGED = "changed"
"""The topic of everything that newer sources say."""

_TITLE = 26
"""Characters of a note's title on a button."""

_MOST = 3
"""As many answers as a question gets."""

_SHOWN = 2
"""As many of them are on the first screen; the others are a tap away."""

_PARTS_OF_A_TEXT = re.compile(r"[.,;:]\s+")

_FIRST = (
    Answer("type-i"),
    Answer("rfa-over-5cm"),
    Answer("debulking-90"),
    Answer("g3-net", note=True),
    Answer("transplant-milan", note=True),
)
"""What is offered in another chat before anything is typed."""

_PARTS = ("advice", "reports")
"""The parts of a topic: what the review advises; what it states otherwise, or reports of others."""


class Said(NamedTuple):
    """What there is on a question: answers or, where there are none, what is nearest to it.

    gap: the line that says what it asks for and the content does not give; empty for nothing of that kind.
    """

    answers: tuple[Answer, ...]
    nearest: tuple[Answer, ...]
    gap: str


class Lookup:
    """Everything that can be looked up. leave: the button that leads back."""

    def __init__(self, content: Guideline) -> None:
        self._evidence, self._carrying = content.evidence, content.carrying

    @cached_property
    def codes(self) -> Codebook:
        """Everything that can be found, by code."""
        return Codebook(self._evidence, glossary().terms)

    @cached_property
    def _search(self) -> Search:
        """Made with the first question: the index takes a seventh of a second of the start."""
        from guideline.search import load

        return load(self._evidence)

    def topics(self, leave: Choice) -> View:
        """The menu of topics."""
        choices = [Choice(Topic(topic), f"topic.{topic}") for topic in (*TOPICS, CHANGED)]
        rows = [tuple(choices[at : at + 2]) for at in range(0, len(choices), 2)]
        return View("topics", {}, (*rows, (leave,)))

    def topic(self, topic: Topic, leave: Choice) -> View | None:
        """A part of a topic, what carries a rule first; None where there is no such topic or part."""
        name = topic.name
        if name not in (*TOPICS, CHANGED):
            return None
        parts = self._parts_of(name)
        part = topic.part or next(iter(parts))
        if part not in parts:
            return None
        others = [
            Choice(Topic(name, other), f"part.{other}", count=str(len(ids)))
            for other, ids in parts.items()
            if other != part
        ]
        rows = (
            *((tuple(others),) if others else ()),
            (Choice(Do.TOPICS, "button.topics"), leave),
            report.button(report.of_topic(name, part, topic.page)),
        )
        ids = sorted(parts[part], key=lambda id_: id_ not in self._carrying)
        context = {"topic": name, "part": part, "ids": ids}
        beside = tuple(to_paper(self._evidence.notes[id_]) for id_ in ids) if part == "notes" else ()
        return View("topic", context, rows, topic.page, Topic(name, part), beside)

    def every_topic(self, leave: Choice) -> Iterator[tuple[tuple[str, str], View]]:
        """The card of each part of each topic."""
        for name in (*TOPICS, CHANGED):
            for part in self._parts_of(name):
                view = self.topic(Topic(name, part), leave)
                assert view is not None
                yield (name, part), view

    def note(self, id_: str, leave: Choice) -> View | None:
        """One newer-source note by itself; None if there is none of that id."""
        if id_ not in self._evidence.notes:
            return None
        rows = ((Choice(Do.TOPICS, "button.topics"), leave), report.button(report.of_note(id_)))
        beside = (to_paper(self._evidence.notes[id_]),)
        return View("notes", {"notes": [id_], "heading": ""}, rows, beside=beside)

    def asked(self, question: str, leave: Choice) -> View:
        """The answers to a typed question or, where there are none, what is nearest to some of its words."""
        said = self.look_up(question)
        return self._found(said.answers or said.nearest, leave, near=not said.answers, gap=said.gap)

    def lines(self, question: str) -> list[tuple[str, str]]:
        """The answers to a question with a patient in it, each in a line with where it stands; a note stands in none.
        What is asked stands mostly in the last part of such a text, so the first answer to that part is one of them."""
        last = _PARTS_OF_A_TEXT.split(question)[-1]
        answers = (*self.look_up(question).answers[:_SHOWN], *self.look_up(last).answers[:1])
        lines = {answer: self._search.line(answer) for answer in answers}
        statements = self._evidence.statements
        return [(line, "" if a.note else statements[a.id].section) for a, line in lines.items() if line]

    def action(self, question: str) -> Found | None:
        """What shows the answers to a question again, or what is nearest; None where there is nothing."""
        said = self.look_up(question)
        answers = said.answers or said.nearest
        return Found(codes_of(answers), near=not said.answers) if answers else None

    def found(self, found: Found, leave: Choice) -> View | None:
        """A page of answers shown before; None where something of it is there no longer."""
        answers = self.codes.answers(found.codes)
        return self._found(answers, leave, near=found.near, page=found.page) if answers else None

    def cards(self, question: str) -> list[tuple[Answer, str, dict[str, str]]]:
        """What can be sent to another chat on a question, or on none: each answer, itself in a line, and the
        newer-source note on it, if there is one, by the answer's id."""
        answers = self.look_up(question).answers if question.strip() else _FIRST
        return [(answer, self._search.line(answer), self._newer_on((answer,))) for answer in answers]

    def look_up(self, question: str) -> Said:
        """What there is on a question; a term whose meaning it asks for stands first."""
        found, term = self._search.look_up(question), glossary().asked(question)
        if term:
            return Said((Answer(term.id, term=True), *found.answers)[:_MOST], (), "")
        return Said(found.answers, found.nearest, found.gap.line if found.gap else "")

    def _found(self, answers: tuple[Answer, ...], leave: Choice, *, near: bool, gap: str = "", page: int = 0) -> View:
        """Each statement with the note on it. The question is kept nowhere, so a page turns by what was found."""
        shown, more = (answers, ()) if near else (answers[:_SHOWN], answers[_SHOWN:])
        newer = self._newer_on(shown)
        notes = {answer.id for answer in shown if answer.note}
        behind = dict.fromkeys(id_ for id_ in newer.values() if id_ not in notes)
        line = self._search.line(answers[0]) if answers and not near else ""
        context = {"answers": shown, "newer": newer, "near": near, "gap": gap, "line": line}
        last = ((Choice(Do.TOPICS, "button.topics"), leave), report.button(report.of_found(answers, near=near)))
        rows = (
            *((choice,) for choice in self._to_notes(behind)),
            *((Choice(Found(codes_of((answer,))), "button.also", count=self._short(answer)),) for answer in more),
            *last,
        )
        return View("found", context, rows, page, Found(codes_of(answers), near))

    def _short(self, answer: Answer) -> str:
        return shorten(self._search.line(answer), _TITLE, placeholder="…")

    def _to_notes(self, ids: Iterable[str]) -> Iterator[Choice]:
        """A button to each note, by as much of its title as a button holds."""
        for id_ in ids:
            title = shorten(self._evidence.notes[id_].title, _TITLE, placeholder="…")
            yield Choice(actions.Note(id_), "button.newer-on", count=title)

    def _newer_on(self, answers: tuple[Answer, ...]) -> dict[str, str]:
        """The newer-source note on each statement, by the statement's id; each note once."""
        newer: dict[str, str] = {}
        for answer in answers:
            note = None if answer.note or answer.term else self._note_on(answer.id)
            if note and note.id not in newer.values():
                newer[answer.id] = note.id
        return newer

    def _note_on(self, statement: str) -> Note | None:
        return next((note for note in self._evidence.notes.values() if statement in note.statements), None)

    def _parts_of(self, topic: str) -> dict[str, list[str]]:
        notes = [note.id for note in self._evidence.notes.values() if topic in (CHANGED, note.topic)]
        parts = {
            part: [s.id for s in self._evidence.statements.values() if topic in s.topics and _part(s) == part]
            for part in _PARTS
        }
        return {part: ids for part, ids in {**parts, "notes": notes}.items() if ids}


def _part(statement: Statement) -> str:
    return "reports" if statement.kind == "reports" or statement.background else "advice"
