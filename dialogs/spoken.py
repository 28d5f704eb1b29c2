"""Typed text as an answer to the open question: `yes`, `not known`, `all met`, the words of a button."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.actions import Answer, Close
from dialogs.labels import Labels
from dialogs.questions import UNKNOWN, Question

_WORDS = ("yes", "no", "unknown", "met", "none")


class Spoken:
    """Reads typed words as taps. The words are in labels.toml."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._words = {word: frozenset(labels.texts(f"answer-words.{word}")) for word in _WORDS}

    def answer(self, question: Question, lines: Sequence[str], text: str) -> Answer | Close | None:
        """The tap that the text stands for; None for any other text. lines: of the question, on the screen."""
        said = _plain(text)
        if question.is_checklist:
            return self._of_list(question, lines, said)
        options = question.lines[0].options
        if said in self._words["unknown"]:
            return Answer(question.id, UNKNOWN)
        for option in options:
            if option in ("yes", "no") and said in self._words[option]:
                return Answer(question.id, option)
            if option == UNKNOWN:
                continue
            label = _plain(self._labels(f"option.{question.id}.{option}"))
            if said == label or said == self._short(label):
                return Answer(question.id, option)
        return None

    def _short(self, label: str) -> str:
        """The label up to its colon, as in `not counted: by ki-67 alone`; empty when that is just yes or no."""
        short = label.partition(":")[0]
        return "" if short in self._words["yes"] | self._words["no"] else short

    def cue(self, question: Question) -> str:
        """The words that make a bare answer to the question readable when they precede it; may be empty."""
        return self._labels(f"cue.{question.id}")

    def _of_list(self, question: Question, lines: Sequence[str], said: str) -> Close | None:
        if said in self._words["unknown"]:
            return Close(question.id, UNKNOWN)
        if len(lines) == 1 and question.sweep == "no" and said in self._words["yes"]:
            return Close(question.id, "yes")
        if said in self._words["met" if question.sweep == "met" else "none"]:
            return Close(question.id, question.sweep)
        return None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").rstrip(" .!").split())
