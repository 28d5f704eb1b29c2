"""Looking something up outside a case: the topics, a topic's card, single notes, and the answers to a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from textwrap import shorten

from dialogs import report
from dialogs.codes import Codebook
from dialogs.view import Choice, View
from guideline import Guideline
from guideline.evidence import TOPICS, Note, Statement
from guideline.search import Answer
from guideline.search import load as load_search

CHANGED = "changed"
"""The topic of everything that newer sources say."""

_TITLE = 26
"""Characters of a note's title on a button."""

_PARTS = ("advice", "reports")
"""The parts of a topic: what the review advises; what it states otherwise, or reports of others."""


class Lookup:
    """Everything that can be looked up. leave: the button that leads back. rest: what stands behind the verb of a tap.

    taps: by the verb, what a tap shows.
    """

    def __init__(self, content: Guideline) -> None:
        self._evidence, self._carrying = content.evidence, content.carrying
        self._search, self.codes = load_search(content.evidence), Codebook(content.evidence)
        self.taps: Mapping[str, Callable[[str, Choice], View | None]] = {
            "look": self.topic,
            "note": self.note,
            "found": self.found,
            "near": self.near,
        }

    def topics(self, leave: Choice) -> View:
        """The menu of topics."""
        choices = [Choice(f"look.{topic}", f"topic.{topic}") for topic in (*TOPICS, CHANGED)]
        rows = [tuple(choices[at : at + 2]) for at in range(0, len(choices), 2)]
        return View("topics", {}, (*rows, (leave,)))

    def topic(self, rest: str, leave: Choice) -> View | None:
        """A topic's card, what carries a rule first; None if there is none.

        rest: the topic, perhaps its part (advice, reports, notes) and page.
        """
        name, _, behind = rest.partition(".")
        part, _, page = behind.partition(".")
        if name not in (*TOPICS, CHANGED):
            return None
        parts = self._parts_of(name)
        part = part or next(iter(parts))
        if part not in parts:
            return None
        others = [
            Choice(f"look.{name}.{other}", f"part.{other}", count=str(len(ids)))
            for other, ids in parts.items()
            if other != part
        ]
        number = page_number(page)
        rows = (
            *((tuple(others),) if others else ()),
            (Choice("look", "button.topics"), leave),
            report.button(report.of_topic(name, part, number)),
        )
        ids = sorted(parts[part], key=lambda id_: id_ not in self._carrying)
        context = {"topic": name, "part": part, "ids": ids}
        return View("topic", context, rows, number, f"look.{name}.{part}")

    def every_topic(self, leave: Choice) -> Iterator[tuple[tuple[str, str], View]]:
        """The card of each part of each topic."""
        for name in (*TOPICS, CHANGED):
            for part in self._parts_of(name):
                view = self.topic(f"{name}.{part}", leave)
                assert view is not None
                yield (name, part), view

    def note(self, rest: str, leave: Choice) -> View | None:
        """One newer-source note by itself; None if there is none of that id."""
        if rest not in self._evidence.notes:
            return None
        rows = (
            *((choice,) for choice in _to_paper(self._evidence.notes[rest])),
            (Choice("look", "button.topics"), leave),
            report.button(report.of_note(rest)),
        )
        return View("notes", {"notes": [rest], "heading": ""}, rows)

    def asked(self, question: str, leave: Choice) -> View:
        """The answers to a typed question or, where there are none, what is nearest to some of its words."""
        answers = self._search.find(question)
        return self._found(answers or self._search.nearest(question), leave, near=not answers)

    def found(self, rest: str, leave: Choice) -> View | None:
        """A page of answers shown before; rest: their codes and the page. None if there are none of these codes."""
        return self._again(rest, leave, near=False)

    def near(self, rest: str, leave: Choice) -> View | None:
        """The same of what was nearest."""
        return self._again(rest, leave, near=True)

    def with_newer(self, question: str) -> list[tuple[Answer, dict[str, str]]]:
        """The answers to a question, each with the newer-source note on it, if there is one, by the answer's id."""
        return [(answer, self._newer_on((answer,))) for answer in self._search.find(question)]

    def _again(self, rest: str, leave: Choice, *, near: bool) -> View | None:
        codes, _, page = rest.partition(".")
        answers = self.codes.answers(codes)
        return self._found(answers, leave, near=near, page=page_number(page)) if answers else None

    def _found(self, answers: tuple[Answer, ...], leave: Choice, *, near: bool, page: int = 0) -> View:
        """Each statement with the note on it. The question is kept nowhere, so a page turns by what was found."""
        newer = self._newer_on(answers)
        shown = {answer.id for answer in answers if answer.note}
        behind = dict.fromkeys(id_ for id_ in newer.values() if id_ not in shown)
        node = report.of_found(answers, near=near)
        context = {"answers": answers, "newer": newer, "near": near}
        last = ((Choice("look", "button.topics"), leave), report.button(node))
        return View("found", context, (*((choice,) for choice in self._to_notes(behind)), *last), page, node)

    def _to_notes(self, ids: Iterable[str]) -> Iterator[Choice]:
        """A button to each note, by as much of its title as a button holds."""
        for id_ in ids:
            title = shorten(self._evidence.notes[id_].title, _TITLE, placeholder="…")
            yield Choice(f"note.{id_}", "button.newer-on", count=title)

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


def _to_paper(note: Note) -> Iterator[Choice]:
    """A button to the first paper of the note that was read: by its doi, or else to its record."""
    papers = [source for source in note.sources if source.doi and source.read != "not read"]
    papers += [source for source in note.sources if source.read == "record" and source.link.startswith("https://")]
    for source in papers[:1]:
        yield Choice("", "button.paper-of" if source.name else "button.paper", count=source.name, url=source.link)


def page_number(text: str) -> int:
    """The number of a page behind a tap; the first, 0, where there is none."""
    return int(text) if text.isdecimal() and len(text) < 3 else 0
