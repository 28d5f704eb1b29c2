"""python-telegram-bot's own way to hold a talk: ConversationHandler, kept by PicklePersistence."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)
from telegram.request import BaseRequest

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What is the grade?", ("G1", "G2", "G3")),
    ("How are the metastases spread?", ("I", "II", "III")),
    ("Are the prerequisites met?", ("all met", "not all")),
    ("Are there symptoms?", ("none", "some")),
    ("One operation or two?", ("one", "two")),
)
CHATS = 10_000
_NAME = "case"


def _keyboard(step: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(option, None, option)] for option in STEPS[step][1]])


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask the first question."""
    assert update.message is not None
    await update.message.reply_text(STEPS[0][0], reply_markup=_keyboard(0))
    return 0


async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer, ask the next question; behind the last one, begin anew."""
    query = update.callback_query
    assert query is not None
    assert context.user_data is not None
    step = context.user_data.get("step", 0)
    await query.answer()
    context.user_data[STEPS[step][0]] = query.data
    step = (step + 1) % len(STEPS)
    context.user_data["step"] = step
    await query.edit_message_text(STEPS[step][0], reply_markup=_keyboard(step))
    return int(step)


def application(request: BaseRequest, file: Path) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot, with CHATS chats in its file."""
    users = {id_: {"step": 0, **{text: options[0] for text, options in STEPS}} for id_ in range(1, CHATS + 1)}
    kept = {
        "conversations": {_NAME: {(id_, id_): 0 for id_ in users}},
        "user_data": users,
        "chat_data": {},
        "bot_data": {},
        "callback_data": None,
    }
    file.write_bytes(pickle.dumps(kept))
    built = (
        ApplicationBuilder()
        .token("1:bench")
        .request(request)
        .get_updates_request(request)
        .persistence(PicklePersistence(file))
        .build()
    )
    states: dict[object, list[Any]] = {step: [CallbackQueryHandler(answered)] for step in range(len(STEPS))}
    built.add_handler(
        ConversationHandler(
            [CommandHandler("start", start)], states, [], name=_NAME, persistent=True, per_message=False
        )
    )
    return built
