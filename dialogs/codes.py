"""The results of a search as short codes for a button; an answer has the same code under every content version."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from guideline import Evidence
from guideline.asks import Answer

_MOST = 3
"""Answers that a search gives at most."""


def name_of(answer: Answer) -> str:
    """A statement's id; for a note `note.<id>`, for a term `term.<id>`, since their ids may be the same."""
    return f"note.{answer.id}" if answer.note else f"term.{answer.id}" if answer.term else answer.id


def codes_of(answers: Iterable[Answer]) -> str:
    """The answers in order, as printable ASCII without spaces and dots, 9 characters for each; empty for none."""
    return "+".join(_code(answer) for answer in answers)


class Codebook:
    """Everything that a search can find, by code."""

    def __init__(self, evidence: Evidence, terms: Iterable[str]) -> None:
        answers = [
            *(Answer(id_) for id_ in evidence.statements),
            *(Answer(id_, note=True) for id_ in evidence.notes),
            *(Answer(id_, term=True) for id_ in terms),
        ]
        self._answers = {_code(answer): answer for answer in answers}

    def answers(self, codes: str) -> tuple[Answer, ...]:
        """The answers that `codes_of` made the codes from; none when one of them does not exist."""
        found = [self._answers.get(code) for code in codes.split("+")[: _MOST + 1]]
        answers = tuple(answer for answer in found if answer)
        return answers if len(answers) == len(found) <= _MOST else ()


def _code(answer: Answer) -> str:
    return f"{crc32(name_of(answer).encode()):08x}"
