"""Inline mode: `@bot milan criteria`, typed in any chat, offers cards that can be sent there."""

from __future__ import annotations

from telegram import InlineQuery, InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from telegram.constants import InlineQueryLimit

from dialogs.conversation import Conversation
from dialogs.view import Card

LOOK_UP = "ask"
"""What follows /start for who comes from the button that is offered when nothing is found."""

_CACHE_TIME = 300  # seconds in which Telegram may give the same answer; also how long old content can outlive an update


async def answer(query: InlineQuery, conversation: Conversation, *, personal: bool) -> None:
    """Offer the cards on what was typed, or the way to the bot when there are none.

    personal: Telegram must not give this answer to anybody else.
    """
    question = query.query[: InlineQueryLimit.MAX_QUERY_LENGTH].strip()
    cards = conversation.inline(question)
    to_bot = None
    if question and not cards:
        to_bot = InlineQueryResultsButton(conversation.nothing_found, start_parameter=LOOK_UP)
    await query.answer([_article(card) for card in cards], _CACHE_TIME, is_personal=personal, button=to_bot)


async def refuse(query: InlineQuery) -> None:
    """Offer nothing, to this person and this once."""
    await query.answer([], cache_time=0, is_personal=True)


def _article(card: Card) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        card.id, card.title, InputTextMessageContent(card.text), description=card.description or None
    )
