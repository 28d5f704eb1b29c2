"""The practice record of a person: for each topic and kind of question how often it was asked and right, and when it
comes back. A spaced-repetition library (fsrs) decides when: after growing gaps, and on the next day after a wrong
answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from dialogs.practice.deck import DECK, Key

if TYPE_CHECKING:
    from fsrs import Scheduler

KEPT_DAYS = 90
"""Days after which an entry is dropped, counted from the day on which its kind of question was last asked."""

_LONGEST_GAP = 60
"""Days at most until a question comes back: later its entry would be dropped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """asked, right: how often. due: the day on which it comes back. last: the day on which it was last asked. stability
    (days), difficulty (1 to 10): the state from which the library works out the next gap."""

    asked: int
    right: int
    due: date
    last: date
    stability: float
    difficulty: float


@dataclass(frozen=True)
class Record:
    """The practice of a person, on the day `today`."""

    today: date
    entries: Mapping[Key, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, today: date) -> Record:
        """The record that `to_json` wrote, without entries that are too old or of unknown keys; an empty record for any
        other text."""
        try:
            entries = {Key(topic, kind): _entry(*rest) for topic, kind, *rest in json.loads(text or "[]")}
        except (ValueError, TypeError, OverflowError, RecursionError):
            return cls(today)
        oldest = today - timedelta(KEPT_DAYS)
        return cls(today, {key: entry for key, entry in entries.items() if key in DECK and entry.last > oldest})

    def to_json(self) -> str:
        """The record as a text for `read`."""
        rows = [
            [*key, entry.asked, entry.right, entry.due.toordinal(), entry.last.toordinal(), *_rounded(entry)]
            for key, entry in self.entries.items()
        ]
        return json.dumps(rows, separators=(",", ":"))

    def answered(self, key: Key, *, right: bool) -> Record:
        """The record after one more answer to a question of that key, given today."""
        from fsrs import Card, Rating, State  # loaded with the first answer

        before = self.entries.get(key)
        # Without an id, the library waits a millisecond to make one.
        card = Card(card_id=0)
        if before:
            card = Card(0, State.Review, None, before.stability, before.difficulty, _at(before.due), _at(before.last))
        card, _ = _scheduler().review_card(card, Rating.Good if right else Rating.Again, _at(self.today))
        assert card.stability is not None
        assert card.difficulty is not None
        entry = Entry(
            (before.asked if before else 0) + 1,
            (before.right if before else 0) + right,
            max(card.due.date(), self.today + timedelta(1)),
            self.today,
            card.stability,
            card.difficulty,
        )
        return Record(self.today, {**self.entries, key: entry})

    def next_of(self, keys: Iterable[Key], last: Key | None, random: Random) -> Key:
        """The key to be asked next: one that is due, the longest overdue first; else one never asked; else the one that
        comes back soonest. Not `last`, if there is another."""
        others = [key for key in keys if key != last]
        if not others:
            assert last is not None
            return last
        random.shuffle(others)
        due = [key for key in others if key in self.entries and self.entries[key].due <= self.today]
        fresh = [key for key in others if key not in self.entries]
        if not due and fresh:
            return fresh[0]
        return min(due or others, key=lambda key: self.entries[key].due)

    def score(self, keys: Iterable[Key]) -> tuple[int, int]:
        """The number of right answers to these keys, and of all answers."""
        entries = [self.entries[key] for key in keys if key in self.entries]
        return sum(entry.right for entry in entries), sum(entry.asked for entry in entries)

    def due(self, keys: Iterable[Key]) -> int:
        """The number of these keys that are due today."""
        return sum(key in self.entries and self.entries[key].due <= self.today for key in keys)


def _scheduler() -> Scheduler:
    """The library's scheduler, in whole days and without randomness."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=_LONGEST_GAP)


def _entry(asked: int, right: int, due: int, last: int, stability: float, difficulty: float) -> Entry:
    """The entry of these values. Raises ValueError or TypeError for anything else."""
    if not (type(asked) is type(right) is int and 0 <= right <= asked and stability > 0 and 1 <= difficulty <= 10):
        raise ValueError("not a record")
    return Entry(asked, right, date.fromordinal(due), date.fromordinal(last), float(stability), float(difficulty))


def _rounded(entry: Entry) -> tuple[float, float]:
    return max(0.001, round(entry.stability, 3)), min(10.0, max(1.0, round(entry.difficulty, 3)))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
