"""A practice question: a made-up case, the question, and four options, one of which is right according to the core."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from zlib import crc32

from dialogs.labels import Labels, capitalised
from dialogs.practice import kinds
from dialogs.practice.deck import Key
from dialogs.practice.kinds import Asked
from dialogs.practice.sample import Facts, draw
from dialogs.render import utf16
from guideline import Assessment, Case, Guideline

QUESTION, OPTION, EXPLANATION = 300, 100, 200
"""UTF-16 units that Telegram takes in a quiz poll."""

OPTIONS = 4

_WANTED, _TRIES, _AT_LAST = 3, 30, 3000
"""How many subjects are tried in turn, and how many cases are drawn for each, since some subjects have no case in a
topic; then how many cases are drawn for any subject."""


class NoQuestionError(Exception):
    """No case was found for the kind of question."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option. id: its meaning, by the names of the content. why: why it is wrong in this case, in a sentence; empty
    for the right one."""

    id: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """facts: the made-up case; found: its assessment. subject: what is asked about, by the names of the content. text,
    options, explanation: as in the poll. right: the index of the right option. nearest: the index of the wrong option
    that comes nearest. because: the statements behind the right answer."""

    key: Key
    facts: Facts
    found: Assessment
    subject: str
    text: str
    options: tuple[Option, ...]
    right: int
    nearest: int
    explanation: str
    because: tuple[str, ...]

    @property
    def mark(self) -> int:
        """A checksum of the question: it differs when another release makes another question from the same seed."""
        return crc32(repr((self.text, self.options, self.right, self.facts)).encode())


class Maker:
    """Makes questions about this content; the same seed gives the same question."""

    def __init__(self, content: Guideline, labels: Labels) -> None:
        self._content, self._labels = content, labels
        self._words = kinds.Words(content, labels)

    def make(self, seed: int, key: Key) -> Question:
        """The question of a seed. Raises NoQuestionError when no case was found, KeyError for an unknown key."""
        random = Random(f"{seed}.{key.topic}.{key.kind}")  # noqa: S311 - it draws exercises
        subjects = kinds.subjects(self._content, key.kind)
        tries = [(want, _TRIES) for want in random.sample(subjects, _WANTED)]
        for want, times in (*tries, ("", _AT_LAST)):
            for _ in range(times):
                facts = draw(key.topic, random)
                found = self._content.assess(Case.of(facts))
                asked = kinds.ASK[key.kind](self._words, found, random, want)
                if asked and (question := self._question(key, facts, found, asked, random)):
                    return question
        raise NoQuestionError(f"{key.topic}: nothing to ask as {key.kind}")

    def _question(self, key: Key, facts: Facts, found: Assessment, asked: Asked, random: Random) -> Question | None:
        """The question with its options in order; None when two of them read the same, or there are too few."""
        right = Option(asked.right, capitalised(asked.text), "")
        wrong = [Option(id_, capitalised(text), why) for id_, text, why in asked.wrong[: OPTIONS - 1]]
        options = [right, *wrong]
        if len({option.text.lower() for option in options}) < OPTIONS:
            return None
        if asked.shuffled:
            random.shuffle(options)
        else:
            options.sort(key=lambda option: option.id)
        explanation = capitalised(next(text for text in asked.explanations if utf16(text) <= EXPLANATION))
        return Question(
            key,
            facts,
            found,
            asked.subject,
            asked.question,
            tuple(options),
            options.index(right),
            options.index(wrong[0]),
            explanation,
            asked.because,
        )
