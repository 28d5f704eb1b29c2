"""Reporting a problem: how the card is named that a reader has before them. Its name and the content version are all
that a report says, so the name tells no more of a case than its headline, and nothing of what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from zlib import crc32

from dialogs.view import Choice, Report
from guideline import UNDETERMINED, Evidence
from guideline.search import Answer

WORK_UP = "workup"
NOTHING_FOUND = "nothing-found"

RESULT = "result"
ROOMS = ("why", "alternatives", "changes", "newer", "figure", "numbers", "add", "change")
"""What lies one tap behind a result, by the tap."""

_FOUND = ("found", "near")
_MOST_FOUND = 3


def button(node: str) -> tuple[Choice, ...]:
    """The row of a card's button. node: the card, as one of the functions below names it."""
    return (Choice(f"report.{node}", "button.report"),)


def of_case(headline: str, room: str = RESULT) -> str:
    """A result, or a room behind it: `result.debulking`, `why.debulking`; `workup`, `why.workup`."""
    if headline == UNDETERMINED:
        return WORK_UP if room == RESULT else f"{room}.{WORK_UP}"
    return f"{room}.{headline}"


def of_topic(topic: str, part: str, page: int) -> str:
    """A page of a topic's card, the first being 0: `topic.ablation.advice.1`."""
    return f"topic.{topic}.{part}.{page + 1}"


def of_note(id_: str) -> str:
    """A single note: `note.debulking-70`."""
    return f"note.{id_}"


def of_found(answers: Collection[Answer], *, near: bool) -> str:
    """The answers to a question, by codes, since a button has no room for their names: `found.<code>+<code>`."""
    codes = "+".join(_code(_name(answer)) for answer in answers)
    return f"{_FOUND[near]}.{codes}" if codes else NOTHING_FOUND


class Nodes:
    """The cards there are, by name. pages: of each topic and each of its parts, how many pages it has."""

    def __init__(self, evidence: Evidence, headlines: Collection[str], pages: Mapping[tuple[str, str], int]) -> None:
        results = (*headlines, UNDETERMINED)
        self.names = frozenset(
            {
                NOTHING_FOUND,
                *(of_case(headline, room) for headline in results for room in (RESULT, *ROOMS)),
                *(of_topic(*part, page) for part, number in pages.items() for page in range(number)),
                *(of_note(id_) for id_ in evidence.notes),
            }
        )
        answers = [*(Answer(id_, False) for id_ in evidence.statements), *(Answer(id_, True) for id_ in evidence.notes)]
        self._names_by_code = {_code(name): name for name in map(_name, answers)}

    def read(self, action: str, version: str) -> Report | None:
        """What a tap reports; None: it is no report, or of a card that there is not. version: of the card's content."""
        verb, _, said = action.partition(".")
        node = self._named(said) if verb == "report" else None
        return Report(node, version) if node else None

    def _named(self, node: str) -> str | None:
        """The node with the answers of a search by their ids."""
        kind, _, codes = node.partition(".")
        if kind not in _FOUND:
            return node if node in self.names else None
        found = [self._names_by_code.get(code, "") for code in codes.split("+")]
        return f"{kind}.{'+'.join(found)}" if all(found) and len(found) <= _MOST_FOUND else None


def _name(answer: Answer) -> str:
    return of_note(answer.id) if answer.note else answer.id


def _code(name: str) -> str:
    return f"{crc32(name.encode()):08x}"
