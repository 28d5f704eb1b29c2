"""Inline mode: `@bot milan criteria`, typed in any chat, offers cards that can be sent there."""

from __future__ import annotations

from typing import cast

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import InlineQueryLimit

from bot.service import Context
from dialogs.conversation import Conversation
from dialogs.view import Card

LOOK_UP = "ask"
"""The argument of /start behind the button that is offered when nothing is found."""

_CACHE_TIME = 300  # seconds for which Telegram may repeat an answer; after an update old content shows for that long


class InlineMode:
    """The callback for inline queries. personal: Telegram must not give an answer to anybody else."""

    def __init__(self, conversation: Conversation, *, personal: bool) -> None:
        self._conversation = conversation
        self._personal = personal

    async def answer(self, update: Update, context: Context) -> None:
        """Offer the cards on what was typed, or a button that opens the bot when there are none."""
        query = cast(InlineQuery, update.inline_query)
        question = query.query[: InlineQueryLimit.MAX_QUERY_LENGTH].strip()
        cards = self._conversation.inline(question)
        to_bot = None
        if question and not cards:
            to_bot = InlineQueryResultsButton(self._conversation.nothing_found, start_parameter=LOOK_UP)
        await query.answer([_article(card) for card in cards], _CACHE_TIME, is_personal=self._personal, button=to_bot)


async def refuse(query: InlineQuery) -> None:
    """Offer nothing; Telegram neither keeps this answer nor gives it to others."""
    await query.answer([], cache_time=0, is_personal=True)


def _article(card: Card) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        card.id, card.title, InputTextMessageContent(card.text), description=card.description or None
    )
