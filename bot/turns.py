"""The step from an update to a saved turn: load what is stored of the chat, respond, save."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from telegram import Update

from bot import lanes, receipt
from bot.store import SessionStore, Stored, StoreUnavailableError
from dialogs.conversation import Conversation, Event
from dialogs.practice.schedule import Record
from dialogs.session import Session
from dialogs.view import Forget, Show, Turn

TRIES = 10
"""How often a step is begun again because another worker has saved the same session meanwhile."""

Respond = Callable[[Stored | None, Record | None], Turn | None]
"""From what is stored of a chat, and the record of its practice where the event needs that, to the turn. None: there is
nothing to do."""


class SavedTurn(NamedTuple):
    """before: what was stored when the turn was made. after: what is stored since; None after a /forget."""

    before: Stored | None
    turn: Turn
    after: Stored | None


class Turns:
    """Makes turns and saves them."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store

    async def make(
        self,
        update: Update,
        chat_id: int,
        respond: Respond,
        last: Callable[[Stored | None], str],
        event: Event | None = None,
    ) -> SavedTurn | None:
        """Load, respond and save as one step: where another worker saved first, the step begins again.

        last: from what was stored to what Stored keeps as `last`. event: what `respond` answers. Returns None where
        there is nothing to do, as for an update that is delivered again although the current screen has arrived or will
        come with a later update. Raises StoreUnavailableError.
        """
        await lanes.current().enter()
        for _ in range(TRIES):
            before = await self._store.load(chat_id)
            if before and is_repeated(before, update) and (before.arrived or before.has_later(update.update_id)):
                receipt.current().stored = True
                return None
            record = None
            if event and self._conversation.needs_record(session_of(before), event):  # read after the row: see Engine
                record = Record.read(await self._store.record(chat_id), datetime.now(UTC).date())
            turn = respond(before, record)
            if turn is None:
                receipt.current().stored = True
                return None
            if isinstance(turn, Forget):
                await self._store.delete(chat_id)
                receipt.current().stored = True
                return SavedTurn(before, turn, None)
            stored = before or Stored(turn.session, None)
            after = await self._store.save(
                chat_id,
                stored.with_answered(update.update_id, turn.session, last(before)),
                before,
                turn.record if isinstance(turn, Show) else None,
            )
            if after:
                receipt.current().stored = True
                return SavedTurn(before, turn, after)
        raise StoreUnavailableError("another worker saved first every time")


def session_of(stored: Stored | None) -> Session | None:
    return stored.session if stored else None


def idle_minutes(stored: Stored | None) -> int:
    return stored.idle_minutes if stored else 0


def is_repeated(before: Stored | None, update: Update) -> bool:
    """Whether the update was answered before and is delivered again."""
    return before is not None and before.has_answered(update.update_id)
