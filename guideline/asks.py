"""For each statement and note, the questions that it answers and its answer in a line: loaded and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guideline.content import DATA, Item, entries, read
from guideline.evidence import Evidence, filled

FILE = "asks.toml"

LINE = 110
"""Characters of an answer in a line at most; it is also the title of an inline card."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOTE = "note:"
"""Stands before the id of a note where a list of answers in the data may have statements too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement by id; when `note` is true, a newer-source note; when `term` is true, a term of the glossary."""

    id: str
    note: bool = False
    term: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """line: the answer in a line, with its figure or limit. asks: the questions, as people type them."""

    line: str
    asks: tuple[str, ...]


def load(content: Evidence, folder: Path = DATA) -> dict[Answer, Asked]:
    """The lines and questions of the statements and notes of this content.

    Raises ContentError for an unknown id, for a question given twice, and for a line with a number that the statement
    or note does not have.
    """
    asked: dict[Answer, Asked] = {}
    whose: dict[str, str] = {}
    for answer, item, text in _entries(content, read(folder, FILE, "statement", "note")):
        line, asks = line_of(item, set(_NUMBER.findall(text)), content), item.texts("asks")
        item.done()
        for ask in asks:
            other = whose.setdefault(" ".join(re.findall(r"[^\W_]+", ask.casefold())), item.id)
            if other != item.id or asks.count(ask) > 1:
                raise item.error(f"asks {ask!r}, which stands at {other} already")
        asked[answer] = Asked(line, asks)
    return asked


def answers_of(item: Item, key: str, content: Evidence) -> tuple[Answer, ...]:
    """The answers that an item names; a note as `note:…`. Raises ContentError for an unknown id."""
    ids = item.texts(key)
    item.known(key, ids, (*content.statements, *(f"{_NOTE}{id_}" for id_ in content.notes)))
    return tuple(Answer(id_.removeprefix(_NOTE), note=id_.startswith(_NOTE)) for id_ in ids)


def numbers_of(answers: Iterable[Answer], content: Evidence) -> set[str]:
    """The numbers in the texts of the answers."""
    return {number for answer in answers for number in _NUMBER.findall(_text(answer, content))}


def line_of(item: Item, numbers: set[str], content: Evidence) -> str:
    """The line of an item. numbers: those that it may have.

    Raises ContentError when it has more than LINE characters, or another number.
    """
    line = filled(item, item.text("line"), content.statements)
    if len(line) > LINE:
        raise item.error(f"line: {len(line)} characters; takes at most {LINE}")
    if strange := set(_NUMBER.findall(line)) - numbers:
        raise item.error(f"line has {', '.join(sorted(strange))}, which none of its texts have")
    return line


def _text(answer: Answer, content: Evidence) -> str:
    if not answer.note:
        return content.statements[answer.id].text
    note = content.notes[answer.id]
    return f"{note.review} {note.now}"


def _entries(content: Evidence, data: Mapping[str, object]) -> Iterator[tuple[Answer, Item, str]]:
    """Each entry of the file with the text that its line is about."""
    statements = {s.id: f"{s.section} {s.text}" for s in content.statements.values()}
    notes = {n.id: f"{n.title} {n.differs} {n.review} {n.now}" for n in content.notes.values()}
    for key, texts in (("statement", statements), ("note", notes)):
        for item in entries(FILE, key, data.get(key, {})):
            item.known(key, (item.id,), texts)
            yield Answer(item.id, note=key == "note"), item, texts[item.id]
