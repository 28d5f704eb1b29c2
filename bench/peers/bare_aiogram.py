"""aiogram alone: a tap is answered, and its message edited to a constant text with one button."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, TelegramMethod
from aiogram.methods.base import Response
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bench.network import message
from bench.peers.bare_ptb import DATA, TEXT


async def button(query: CallbackQuery) -> None:
    """Answer the query and edit its message."""
    await query.answer()
    assert isinstance(query.message, Message)
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Next", callback_data=DATA)]])
    await query.message.edit_text(TEXT, reply_markup=keyboard)


class NoNetwork(BaseSession):
    """Answers every call at once, built and read as a real session does."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        """What Telegram would answer."""
        files: dict[str, Any] = {}
        for value in method.model_dump(warnings=False).values():
            self.prepare_value(value, bot=bot, files=files)
        result: object = True
        if isinstance(method, EditMessageText):
            rows = [[{"text": "Next", "callback_data": DATA}]]
            result = message(int(str(method.chat_id)), TEXT, rows)
        body = self.json_dumps({"ok": True, "result": result})
        response: Response[Any] = self.check_response(bot, method, 200, body)
        return response.result

    async def close(self) -> None:
        """Nothing to close."""

    async def stream_content(self, *args: Any, **named: Any) -> AsyncGenerator[bytes, None]:
        """No file is fetched."""
        yield b""


class Peer:
    """The bot, fed with updates as they come over the wire."""

    def __init__(self) -> None:
        self.bot = Bot("1:bench", session=NoNetwork())
        self.dispatcher = Dispatcher()
        self.dispatcher.callback_query.register(button)

    async def feed(self, update: dict[str, Any]) -> None:
        """Deal with one update."""
        await self.dispatcher.feed_update(self.bot, Update.model_validate(update, context={"bot": self.bot}))
