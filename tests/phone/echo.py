"""A bot that shows what a page must be able to show."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from tests.support.png import png

PDF = b"%PDF-1.7\n" + b"%" * 2000 + b"\n%%EOF\n"
LONG_LABEL = "A label that is far too long to fit into one line of a phone"
QUOTE = "<blockquote expandable>" + "\n".join(f"Line {n} of a quotation." for n in range(1, 9)) + "</blockquote>"
START = (
    "<b>Echo</b> of <i>what</i> &lt;you&gt; <u>say</u>, with <code>code</code> and "
    f'<a href="https://example.org/">a link</a>.\n{QUOTE}\nThe end.'
)


def keyboard() -> InlineKeyboardMarkup:
    """One button of each kind, one too long, two in a row."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(LONG_LABEL, callback_data="long")],
            [InlineKeyboardButton("Edit", callback_data="edit"), InlineKeyboardButton("Toast", callback_data="toast")],
            [
                InlineKeyboardButton("Alert", callback_data="alert"),
                InlineKeyboardButton("Photo", callback_data="photo"),
            ],
            [
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("copied text")),
                InlineKeyboardButton("Document", callback_data="document"),
            ],
            [
                InlineKeyboardButton("Tall", callback_data="tall"),
                InlineKeyboardButton("Paper", url="https://paper.example/1"),
            ],
        ]
    )


async def on_start(update: Update, context: Any) -> None:
    """/start"""
    assert update.message
    await update.message.reply_text(START, parse_mode="HTML", reply_markup=keyboard())


async def on_text(update: Update, context: Any) -> None:
    """An echo of what was typed, not as HTML."""
    assert update.message
    await update.message.reply_text(f"You said {update.message.text}")


async def on_tap(update: Update, context: Any) -> None:
    """What the button says."""
    query = update.callback_query
    assert query
    assert update.effective_chat
    answers = {"toast": "A toast.", "alert": "An alert."}
    await query.answer(answers.get(query.data or "", ""), show_alert=query.data == "alert")
    if query.data == "edit":
        await query.edit_message_text("Edited <b>in place</b>.", parse_mode="HTML", reply_markup=keyboard())
    if query.data == "tall":
        await query.edit_message_text("Top\n" + "line\n" * 60 + "end", reply_markup=keyboard())
    if query.data == "photo":
        picture = png(1080, 900)
        await context.bot.send_photo(update.effective_chat.id, picture, caption="A <b>caption</b>", parse_mode="HTML")
    if query.data == "document":
        await context.bot.send_document(update.effective_chat.id, PDF, filename="card é.pdf", caption="For the pocket")


async def on_inline(update: Update, context: Any) -> None:
    """The question as a card; a button where it begins with "no"."""
    query = update.inline_query
    assert query
    if query.query.startswith("no"):
        await query.answer([], button=InlineQueryResultsButton("Nothing on that", start_parameter="ask"))
        return
    content = InputTextMessageContent(f"<b>Card</b> on {query.query}", parse_mode="HTML")
    card = InlineQueryResultArticle("1", f"About {query.query}", content, description="What it says. " * 20)
    other = InlineQueryResultArticle("2", "Another", InputTextMessageContent("Another card"))
    await query.answer([card, other])


@contextlib.asynccontextmanager
async def echoing(token: str, address: str) -> AsyncIterator[None]:
    """The bot polls the stand-in at `address` meanwhile."""
    app = Application.builder().token(token).base_url(f"{address}/bot").job_queue(None).build()
    app.add_handler(CommandHandler("start", on_start))
    app.add_handler(CallbackQueryHandler(on_tap))
    app.add_handler(InlineQueryHandler(on_inline))
    app.add_handler(MessageHandler(filters.TEXT & ~filters.VIA_BOT, on_text))
    async with app:
        await app.bot.set_my_description("It says what you say.")
        await app.bot.set_my_commands([("start", "Begin"), ("help", "What works here")])
        assert app.updater
        await app.updater.start_polling(timeout=30)
        await app.start()
        yield
        await app.updater.stop()
        await app.stop()
