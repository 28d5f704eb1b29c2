"""Looking something up outside a case: the topics, a topic's card, single notes, and the answers to a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from textwrap import shorten

from dialogs import actions, report
from dialogs.actions import Do, Found, Topic
from dialogs.codes import Codebook, codes_of
from dialogs.papers import to_paper
from dialogs.view import Choice, View
from guideline import Guideline
from guideline.evidence import TOPICS, Note, Statement
from guideline.search import Answer, Search
from guideline.search import load as load_search

CHANGED = "changed"
"""The topic of everything that newer sources say."""

_TITLE = 26
"""Characters of a note's title on a button."""

_PARTS = ("advice", "reports")
"""The parts of a topic: what the review advises; what it states otherwise, or reports of others."""


class Lookup:
    """Everything that can be looked up. leave: the button that leads back."""

    def __init__(self, content: Guideline) -> None:
        self._evidence, self._carrying = content.evidence, content.carrying
        self.codes = Codebook(content.evidence)

    @cached_property
    def _search(self) -> Search:
        """Made with the first question: the index takes a seventh of a second of the start."""
        return load_search(self._evidence)

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
        answers = self._search.find(question)
        return self._found(answers or self._search.nearest(question), leave, near=not answers)

    def found(self, found: Found, leave: Choice) -> View | None:
        """A page of answers shown before; None where something of it is there no longer."""
        answers = self.codes.answers(found.codes)
        return self._found(answers, leave, near=found.near, page=found.page) if answers else None

    def with_newer(self, question: str) -> list[tuple[Answer, dict[str, str]]]:
        """The answers to a question, each with the newer-source note on it, if there is one, by the answer's id."""
        return [(answer, self._newer_on((answer,))) for answer in self._search.find(question)]

    def _found(self, answers: tuple[Answer, ...], leave: Choice, *, near: bool, page: int = 0) -> View:
        """Each statement with the note on it. The question is kept nowhere, so a page turns by what was found."""
        newer = self._newer_on(answers)
        shown = {answer.id for answer in answers if answer.note}
        behind = dict.fromkeys(id_ for id_ in newer.values() if id_ not in shown)
        context = {"answers": answers, "newer": newer, "near": near}
        last = ((Choice(Do.TOPICS, "button.topics"), leave), report.button(report.of_found(answers, near=near)))
        rows = (*((choice,) for choice in self._to_notes(behind)), *last)
        return View("found", context, rows, page, Found(codes_of(answers), near))

    def _to_notes(self, ids: Iterable[str]) -> Iterator[Choice]:
        """A button to each note, by as much of its title as a button holds."""
        for id_ in ids:
            title = shorten(self._evidence.notes[id_].title, _TITLE, placeholder="…")
            yield Choice(actions.Note(id_), "button.newer-on", count=title)

    def _newer_on(self, answers: tuple[Answer, ...]) -> dict[str, str]:
        return {a.id: note.id for a in answers if not a.note and (note := self._note_on(a.id))}

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
