"""Questions for a list, such as criteria, and questions that compare two things: the words of each, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guideline.asks import Answer, answers_of, line_of, numbers_of
from guideline.content import DATA, Item, entries, read
from guideline.evidence import Evidence
from guideline.plain import Phrases, has_any, phrases

FILE = "lists.toml"


@dataclass(frozen=True, slots=True)
class List:
    """words: groups of phrases; a question asks for the list when it has a phrase of each group and none of `unless`.
    line: the answer in a line. listed: statements shown under it, each in a line. answers: shown in full after that.
    section: of the review; empty when the first answer is a newer-source note, since the line is then from it."""

    id: str
    words: tuple[Phrases, ...]
    unless: Phrases
    line: str
    listed: tuple[str, ...]
    answers: tuple[Answer, ...]
    section: str

    def is_asked(self, words: Sequence[str]) -> bool:
        """Whether a question asks for it. words: of the question, with their spelling corrected."""
        return all(has_any(words, group) for group in self.words) and not self.is_other(words)

    def is_other(self, words: Sequence[str]) -> bool:
        """Whether a question asks for something else, by one of `unless`."""
        return has_any(words, self.unless)


def load(content: Evidence, folder: Path = DATA) -> tuple[List, ...]:
    """Everything in the folder's lists.toml, in order.

    Raises ContentError for an unknown id, for a line that is too long or has a number that is in none of its
    statements and notes, for a list without words or answers, and for answers that two lists have.
    """
    lists: list[List] = []
    for item in entries(FILE, "file", read(folder, FILE)):
        listed = item.known("listed", item.texts("listed"), content.statements)
        answers, because = answers_of(item, "answers", content), answers_of(item, "because", content)
        rests = (*(Answer(id_) for id_ in listed), *answers, *because)
        by_note = bool(answers) and answers[0].note
        sections = [content.statements[one.id].section for one in rests if not (by_note or one.note)]
        one = List(
            id=item.id,
            words=_groups(item),
            unless=phrases(item.texts("unless")),
            line=line_of(item, numbers_of(rests, content), content),
            listed=listed,
            answers=answers,
            section=sections[0] if sections else "",
        )
        item.done()
        if not answers or any(other.answers == answers for other in lists):
            raise item.error("answers: takes some, and not those of another list")
        lists.append(one)
    return tuple(lists)


def _groups(item: Item) -> tuple[Phrases, ...]:
    given = item.list("words")
    if not all(isinstance(group, list) and all(isinstance(text, str) for text in group) for group in given):
        raise item.error("words takes lists of texts")
    groups = tuple(phrases(group) for group in given)
    if not groups or not all(group and all(group) for group in groups):
        raise item.error("words has no group, or one without a word")
    return groups
