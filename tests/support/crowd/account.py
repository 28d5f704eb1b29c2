"""What is planned for a crowd, and the account of what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.store import SessionStore
from phone.telegram import Telegram
from tests.support.crowd.person import Habits, Person


@dataclass(frozen=True, slots=True)
class Plan:
    """people: how many. seed: of everything left to chance but time itself. kill_every: seconds between two kills.

    within: seconds after which it is given up, which is a fault.
    """

    people: int
    seed: int
    kill_every: float
    within: float
    habits: Habits = field(default_factory=Habits)


@dataclass(slots=True)
class Account:
    """seconds: of walking. steps: taps and texts that had an effect. kills: of processes. restarts: of the database.

    heals: taps and texts that had to be made again because nothing came of them. stale: screens that asked what had
    been answered. spinning: taps never answered. pending: updates never taken. dealt: see Dealer. faults: what must
    never be, with its seed.
    """

    seed: int
    people: int
    seconds: float = 0.0
    steps: int = 0
    kills: int = 0
    restarts: int = 0
    heals: int = 0
    stale: int = 0
    spinning: int = 0
    pending: int = 0
    dealt: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def judge(self, telegram: Telegram, people: Sequence[Person], store: SessionStore) -> None:
        """Look at every screen and into the store: each answer is there once, and the result is the core's."""
        self.pending = len(telegram.phones.pending)
        for person in people:
            person.judge()
            chat = telegram.phones.chat(person.hand.chat_id)
            stored = await store.load(chat.id)
            kept = dict(stored.session.answers) if stored else {}
            if kept != person.said:
                person.faults.append(f"said {person.said}, kept is {kept}")
            self.steps += person.hand.steps
            self.heals += person.hand.heals
            self.stale += person.stale
            self.spinning += len(chat.waiting)
            told = f"seed {self.seed}, chat {chat.id}: {person.hand.taps}"
            self.faults += [f"{fault}\n{told}" for fault in person.faults]
