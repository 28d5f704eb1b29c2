"""What is kept of somebody's practice: for each topic and kind of question how often it was asked and right, and when
it comes back. A spaced-repetition library (fsrs) says when: after growing gaps, the next day after a wrong answer."""

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
"""Days after which what is kept of a kind of question is dropped, counted from when it was last asked."""

_LONGEST_GAP = 60
"""Days: what comes back later would be dropped before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """asked, right: how often. due, last: the days on which it comes back and was last asked. stability (days),
    difficulty (1 to 10): by which the library works out the next gap."""

    asked: int
    right: int
    due: date
    last: date
    stability: float
    difficulty: float


@dataclass(frozen=True)
class Record:
    """Somebody's practice, as it stands on a day."""

    today: date
    entries: Mapping[Key, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, today: date) -> Record:
        """What `to_json` wrote, without what is out of date and what this content has no longer; an empty one of
        anything else."""
        try:
            entries = {Key(topic, kind): _entry(*rest) for topic, kind, *rest in json.loads(text or "[]")}
        except (ValueError, TypeError, OverflowError, RecursionError):
            return cls(today)
        oldest = today - timedelta(KEPT_DAYS)
        return cls(today, {key: entry for key, entry in entries.items() if key in DECK and entry.last > oldest})

    def to_json(self) -> str:
        """All of it, for `read`."""
        rows = [
            [*key, entry.asked, entry.right, entry.due.toordinal(), entry.last.toordinal(), *_rounded(entry)]
            for key, entry in self.entries.items()
        ]
        return json.dumps(rows, separators=(",", ":"))

    def answered(self, key: Key, *, right: bool) -> Record:
        """The same after one more answer to a question of that key, given today."""
        from fsrs import Card, Rating, State  # loaded with the first answer

        before = self.entries.get(key)
        # Without an id of its own a card waits a millisecond for one.
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
        """Which of the keys is asked next: what is due, the longest first; what was never asked; what comes back
        soonest. Not the same one twice running, where there is another."""
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
        """How many answers to these were right, and how many there were."""
        entries = [self.entries[key] for key in keys if key in self.entries]
        return sum(entry.right for entry in entries), sum(entry.asked for entry in entries)

    def due(self, keys: Iterable[Key]) -> int:
        """How many of these come back today."""
        return sum(key in self.entries and self.entries[key].due <= self.today for key in keys)


def _scheduler() -> Scheduler:
    """In whole days, and the same every time."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=_LONGEST_GAP)


def _entry(asked: int, right: int, due: int, last: int, stability: float, difficulty: float) -> Entry:
    """Raises ValueError or TypeError on anything odd."""
    if not (type(asked) is type(right) is int and 0 <= right <= asked and stability > 0 and 1 <= difficulty <= 10):
        raise ValueError("not a record")
    return Entry(asked, right, date.fromordinal(due), date.fromordinal(last), float(stability), float(difficulty))


def _rounded(entry: Entry) -> tuple[float, float]:
    return max(0.001, round(entry.stability, 3)), min(10.0, max(1.0, round(entry.difficulty, 3)))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
