"""Answers to the polls of practice questions."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import cast

from telegram import PollAnswer, Update

from bot import metrics
from bot.delivery import Delivery, Destination
from bot.service import Context
from bot.store import SessionStore, Stored
from bot.target import target
from bot.turns import Turns, idle_minutes, is_repeated
from dialogs.conversation import Chosen, Conversation
from dialogs.practice.schedule import Record
from dialogs.view import Show, Turn

LOOKS, LOOK_AGAIN = 10, 0.3
"""How often, and after how many seconds each, the store is read for the id of a poll: the answer to the poll may come
before its id is stored."""


class PollAnswers:
    """The callback for answers to polls."""

    def __init__(self, conversation: Conversation, store: SessionStore, turns: Turns, delivery: Delivery) -> None:
        self._conversation = conversation
        self._store = store
        self._turns = turns
        self._delivery = delivery

    async def answer(self, update: Update, context: Context) -> None:
        """Count an answer once, and only from the person in whose chat the poll is open: others can answer a poll that
        was forwarded to them."""
        answer = cast(PollAnswer, update.poll_answer)
        if answer.user is None or len(answer.option_ids) != 1:
            return
        destination, option = Destination(answer.user.id, None, update.update_id), answer.option_ids[0]

        def respond(before: Stored | None, record: Record | None) -> Turn | None:
            if before and is_repeated(before, update):
                return replace(self._conversation.stale(before.session), notice="")
            if before is None or before.poll != answer.poll_id:
                return None
            return self._conversation.respond(before.session, Chosen(option), idle_minutes(before), record)

        began = time.perf_counter()
        await self._until_known(destination.chat_id)
        saved = await self._turns.make(
            update, destination.chat_id, respond, lambda before: before.last if before else "", Chosen(option)
        )
        if saved and isinstance(saved.turn, Show):
            message_id = target(saved.before, again=is_repeated(saved.before, update))
            await self._delivery.show(context.bot, destination, saved, saved.turn, message_id)
            metrics.observe_turn(saved.turn.stage, began)

    async def _until_known(self, chat_id: int) -> None:
        """Wait a little while a poll has been sent and its id is not stored yet."""
        for _ in range(LOOKS):
            stored = await self._store.load(chat_id)
            if stored is None or stored.poll or not stored.session.is_asked:
                return
            await asyncio.sleep(LOOK_AGAIN)
