"""Delivering a saved turn: its screen, its poll and its files, and the note in the store that they have arrived."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from telegram import Bot
from telegram.error import TelegramError

from bot import attachments, faults, lanes, polls, receipt, screen
from bot.sending import UNCONFIRMED_SENDS, insist
from bot.store import SessionStore, Stored, StoreUnavailableError
from bot.target import target
from bot.turns import TRIES, SavedTurn
from dialogs.conversation import Conversation
from dialogs.view import Forget, Send, Show, Turn

_BUTTON_REMOVAL_TRIES = 5

_log = logging.getLogger(__name__)


class Destination(NamedTuple):
    """Where the answer to an update goes.

    thread: the topic in which the person writes, in a private chat that has topics. update_id: of the update.
    """

    chat_id: int
    thread: int | None
    update_id: int


class Delivery:
    """Sends what turns say, and keeps track of the message that shows a chat's screen."""

    def __init__(self, conversation: Conversation, store: SessionStore) -> None:
        self._conversation = conversation
        self._store = store

    async def show(
        self, bot: Bot, destination: Destination, saved: SavedTurn, turn: Show | Forget, message_id: int | None
    ) -> int | None:
        """Show the screen of `turn` on that message, or on a new one when that is None, its notice as the first line.

        Returns the id of the message that shows it; None when a later update of the chat shows its own screen, or when
        Telegram does not say.
        """
        chat_id, thread, _ = destination
        revision, unconfirmed = _revision(turn), 0

        async def show() -> int | None:
            nonlocal unconfirmed
            try:
                if message_id is None:
                    return await screen.send(bot, chat_id, turn.screen, revision, turn.notice, thread)
                return await screen.replace(bot, chat_id, message_id, turn.screen, revision, turn.notice, thread)
            except TelegramError as error:
                unconfirmed += message_id is None and faults.may_have_arrived(error)
                if unconfirmed < UNCONFIRMED_SENDS:
                    raise
                _log.warning("a screen was sent, but Telegram did not confirm it in time")
                return None

        entry = lanes.current()
        async with entry.showing():
            entry.screen_message, entry.screen = message_id, (turn.screen, revision)
            shown_on = await insist(show, None if message_id is None else entry.overtaken)
            entry.screen_message = shown_on
            poll_id = ""
            if shown_on is not None and isinstance(turn, Show) and turn.poll and saved.after and not saved.after.poll:
                poll_id = await polls.send(bot, chat_id, turn.poll, thread)
            outdated = frozenset[int]()
            if shown_on is not None:
                outdated = await self.note_arrival(bot, destination, saved, shown_on, poll_id)
            if shown_on in outdated:
                entry.screen_message = None
        await self.remove_buttons(bot, chat_id, outdated)
        return shown_on

    async def send_files(self, bot: Bot, destination: Destination, turn: Turn) -> None:
        """Send the turn's files, and then its text, each as a message of its own."""
        chat_id, thread, _ = destination
        if isinstance(turn, Send | Show):
            revision = turn.session.revision
            for attachment in turn.attachments:
                await attachments.send(bot, self._store, chat_id, attachment, revision, thread)
        if isinstance(turn, Send) and turn.text:
            await attachments.send_text(bot, chat_id, turn, thread)

    async def note_arrival(
        self, bot: Bot, destination: Destination, saved: SavedTurn, message_id: int, poll_id: str = ""
    ) -> frozenset[int]:
        """Store that the screen has arrived on that message, and the id of the poll that was sent with it. Returns the
        messages whose buttons no longer count: those that were live before, or this one where another is live now.

        Another worker may have saved a later turn meanwhile, and its screen may have reached the same message before
        this one; then the current screen is shown there again.
        """
        revision, now = _revision(saved.turn), saved.after or await self._store.load(destination.chat_id)
        before = saved.before.message_id if saved.before else None
        for _ in range(TRIES):
            if now is None:
                if not isinstance(saved.turn, Forget):  # a /forget came meanwhile: the message must not keep the case
                    await screen.replace(bot, destination.chat_id, message_id, self._conversation.forgotten(), 0)
                return frozenset()
            if now.session.revision == revision:
                # An earlier screen may have arrived only after this turn was made: it is live now, and was not before.
                replaced = frozenset(id_ for id_ in (before, now.message_id) if id_ not in (None, message_id))
                if now.arrived and now.message_id == message_id and not poll_id:
                    return replaced
                seen = message_id if now.seen is None else now.seen
                arrived = max(now.answered) == destination.update_id  # else a later screen is still to come
                noted = replace(now, message_id=message_id, arrived=arrived, seen=seen, poll=poll_id or now.poll)
                if await self._store.save(destination.chat_id, noted, now):
                    return replaced
            elif target(now, message_id) == message_id:
                revision = now.session.revision
                await self._show_current(bot, destination.chat_id, message_id, now)
            else:
                return frozenset({message_id})
            now = await self._store.load(destination.chat_id)
        return frozenset()

    async def remove_buttons(self, bot: Bot, chat_id: int, message_ids: Iterable[int]) -> None:
        """Take the buttons off messages that are no longer the live one. No update waits for this, and failures are
        ignored."""
        for message_id in message_ids:
            lanes.current().leave()
            receipt.current().on_its_way()
            await self._remove_buttons_of(bot, chat_id, message_id)

    async def _remove_buttons_of(self, bot: Bot, chat_id: int, message_id: int) -> None:
        entry = lanes.current()

        async def remove() -> None:
            now = await self._store.load(chat_id)
            if message_id in (entry.screen_message, now.message_id if now else None):
                return  # it has become the live message again
            await screen.strip(bot, chat_id, message_id)
            if entry.screen_message == message_id and entry.screen:  # it has become the live message meanwhile
                await screen.replace(bot, chat_id, message_id, *entry.screen)

        with contextlib.suppress(TelegramError, StoreUnavailableError):
            await insist(remove, tries=_BUTTON_REMOVAL_TRIES)

    async def _show_current(self, bot: Bot, chat_id: int, message_id: int, now: Stored) -> None:
        current = self._conversation.stale(now.session).screen
        await screen.replace(bot, chat_id, message_id, current, now.session.revision)


def _revision(turn: Turn) -> int:
    return 0 if isinstance(turn, Forget) else turn.session.revision
