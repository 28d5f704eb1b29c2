"""A practice question: a made-up case, what is asked of it, and four options, one of which the core says is right."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from zlib import crc32

from dialogs.labels import Labels
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
"""How many subjects are tried one after the other, and how many cases are drawn for each: some subjects have no case in
a topic. Then how many are drawn for whatever can be asked."""


class NoQuestionError(Exception):
    """The content holds no case of which the kind of question can be asked."""


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. id: what it stands for, by the names of the content. why: why it is wrong here, in a
    sentence; empty for the right one."""

    id: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """facts: the made-up case; found: what it comes to. subject: what is asked about, by the names of the content.
    text, options, explanation: as they stand in the poll. right: the place of the right option, from 0. nearest: that
    of the wrong option which comes nearest. because: the statements that the right answer rests on."""

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
        """Tells this question from another one: of another release, say, made from the same seed."""
        return crc32(repr((self.text, self.options, self.right, self.facts)).encode())


class Maker:
    """Makes questions over this content, the same one from the same seed."""

    def __init__(self, content: Guideline, labels: Labels) -> None:
        self._content, self._labels = content, labels
        self._words = kinds.Words(content, labels)

    def make(self, seed: int, key: Key) -> Question:
        """The question of a seed. Raises NoQuestionError where no case was found for it, KeyError for a key that is
        none."""
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
        """The question in its order; None where two of its options read the same, or there are too few."""
        right = Option(asked.right, _capital(asked.text), "")
        wrong = [Option(id_, _capital(text), why) for id_, text, why in asked.wrong[: OPTIONS - 1]]
        options = [right, *wrong]
        if len({option.text.lower() for option in options}) < OPTIONS:
            return None
        if asked.shuffled:
            random.shuffle(options)
        else:
            options.sort(key=lambda option: option.id)
        explanation = _capital(next(text for text in asked.explanations if utf16(text) <= EXPLANATION))
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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
