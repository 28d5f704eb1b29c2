"""The updates that had no effect yet: with a webhook Telegram is asked to deliver them again."""

from __future__ import annotations


class Unfinished:
    """Numbers of updates. Whoever cannot deal with one now adds it; whoever answers Telegram takes it."""

    def __init__(self) -> None:
        self._numbers: set[int] = set()

    def add(self, update_id: int) -> None:
        """Ask for this one again."""
        self._numbers.add(update_id)

    def take(self, update_id: int) -> bool:
        """Whether this one is asked for again; told once."""
        if update_id not in self._numbers:
            return False
        self._numbers.remove(update_id)
        return True
