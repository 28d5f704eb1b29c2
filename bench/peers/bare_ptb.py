"""python-telegram-bot alone: a tap is answered, and its message edited to a constant text with one button."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes
from telegram.request import BaseRequest

TEXT = "Please choose:"
DATA = "1"


async def button(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the query and edit its message."""
    query = update.callback_query
    assert query is not None
    await query.answer()
    await query.edit_message_text(TEXT, reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Next", None, DATA)]]))


def application(request: BaseRequest) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot."""
    built = ApplicationBuilder().token("1:bench").request(request).get_updates_request(request).build()
    built.add_handler(CallbackQueryHandler(button))
    return built
