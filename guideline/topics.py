"""The opening page of each topic of the look-up: ids of terms and statements, loaded and checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from guideline.asks import Answer, line_of, numbers_of
from guideline.content import DATA, ContentError, entries, read
from guideline.evidence import TOPICS, Evidence, Statement

FILE = "topics.toml"

PICTURES = ("", "patterns")


@dataclass(frozen=True, slots=True)
class Opening:
    """line: what the topic comes to, in a line. because: the statements that it rests on. terms: of the glossary.
    first: statements with definitions, limits or figures. advice: what the review advises. outcomes: whether the tables
    of reported figures are a tap away. picture: the name of a picture, or empty."""

    line: str
    because: tuple[str, ...]
    terms: tuple[str, ...]
    first: tuple[str, ...]
    advice: tuple[str, ...]
    outcomes: bool
    picture: str


def advises(statement: Statement) -> bool:
    """Whether the statement is advice of the review, in its text or its figure, and not a report or background."""
    return statement.kind != "reports" and not statement.background


def load(content: Evidence, terms: Collection[str], folder: Path = DATA) -> dict[str, Opening]:
    """The opening of each of TOPICS, in their order.

    Raises ContentError for a topic that is missing or unknown, for an unknown term or statement, for a statement of
    other topics, for advice that is none, and for a line that is too long or has a number that is in none of the
    statements it rests on.
    """
    statements = content.statements
    found = {item.id: item for item in entries(FILE, "file", read(folder, FILE, *TOPICS))}
    openings: dict[str, Opening] = {}
    for topic in TOPICS:
        if topic not in found:
            raise ContentError(FILE, topic, "is missing")
        item = found[topic]
        because = item.because(statements)
        opening = Opening(
            line=line_of(item, numbers_of((Answer(id_) for id_ in because), content), content),
            because=because,
            terms=item.known("terms", item.texts("terms"), terms),
            first=item.known("first", item.texts("first"), statements),
            advice=item.known("advice", item.texts("advice"), statements),
            outcomes=item.flag("outcomes"),
            picture=item.known("picture", (item.text("picture", ""),), PICTURES)[0],
        )
        item.done()
        for id_ in (*because, *opening.first, *opening.advice):
            if topic not in statements[id_].topics:
                raise item.error(f"{id_} is not a statement of this topic")
        for id_ in opening.advice:
            if not advises(statements[id_]):
                raise item.error(f"advice: {id_} advises nothing")
        if not opening.first:
            raise item.error("first is empty")
        openings[topic] = opening
    return openings
