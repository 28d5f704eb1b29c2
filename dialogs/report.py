"""Reporting a problem: the names of the cards. A report has only the card's name and the content version, so the name
says no more of a case than its headline, and nothing of what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dialogs.actions import SendReport
from dialogs.codes import Codebook, codes_of, name_of
from dialogs.practice.deck import DECK
from dialogs.view import Choice, Report
from guideline import UNDETERMINED, Evidence
from guideline.asks import Answer

WORK_UP = "workup"
NOTHING_FOUND = "nothing-found"

RESULT = "result"
ROOMS = (
    "why", "because", "alternatives", "changes", "newer", "figure", "numbers", "reports", "transplant", "criteria",
    "add", "change", "hand", "share", "senior", "compare",
)  # fmt: skip
"""The pages behind a result."""

PRACTICE = "practice"
_LONGEST_SEED = 10

FOUND = ("found", "near")
"""Answers to a question, and what is only nearest to it."""


def button(node: str) -> tuple[Choice, ...]:
    """The row with the button that reports a card. node: its name, from one of the functions below."""
    return (Choice(SendReport(node), "button.report"),)


def of_case(headline: str, room: str = RESULT) -> str:
    """A result, or a page behind it: `result.debulking`, `why.debulking`; `workup`, `why.workup`."""
    if headline == UNDETERMINED:
        return WORK_UP if room == RESULT else f"{room}.{WORK_UP}"
    return f"{room}.{headline}"


def of_topic(topic: str, part: str, page: int) -> str:
    """A page of a topic's card, from 0: `topic.ablation.advice.1`."""
    return f"topic.{topic}.{part}.{page + 1}"


def of_note(id_: str) -> str:
    """A single note: `note.debulking-70`."""
    return f"note.{id_}"


def of_found(answers: Collection[Answer], *, near: bool) -> str:
    """The answers to a question, by their codes, since names would be too long for a button: `found.<codes>`,
    `near.<codes>`."""
    return f"{FOUND[near]}.{codes_of(answers)}" if answers else NOTHING_FOUND


def of_practice(topic: str, kind: str, seed: int) -> str:
    """A practice question, by what it is made from: `practice.steps.headline.1234`."""
    return f"{PRACTICE}.{topic}.{kind}.{seed}"


class Nodes:
    """The names of all cards. pages: for each part of each topic, its number of pages."""

    def __init__(
        self, evidence: Evidence, headlines: Collection[str], pages: Mapping[tuple[str, str], int], codes: Codebook
    ) -> None:
        self._codes = codes
        self.names = frozenset(
            {
                NOTHING_FOUND,
                *(of_case(headline, room) for headline in (*headlines, UNDETERMINED) for room in (RESULT, *ROOMS)),
                *(of_topic(*part, page) for part, number in pages.items() for page in range(number)),
                *(of_note(id_) for id_ in evidence.notes),
            }
        )

    def read(self, card: str, version: str) -> Report | None:
        """The report of the card of that name; None when there is no such card. version: of the content it showed."""
        node = self._named(card)
        return Report(node, version) if node else None

    def _named(self, node: str) -> str:
        """The card's name, with names in place of the codes of answers; empty when there is no such card."""
        if node.startswith(f"{PRACTICE}."):
            return node if _is_practice(node) else ""
        kind, _, codes = node.partition(".")
        if kind not in FOUND:
            return node if node in self.names else ""
        found = self._codes.answers(codes)
        return f"{kind}.{'+'.join(name_of(answer) for answer in found)}" if found else ""


def _is_practice(node: str) -> bool:
    _, *key, seed = node.split(".")
    return tuple(key) in DECK and seed.isascii() and seed.isdecimal() and len(seed) <= _LONGEST_SEED
