"""One tap through the real Application, everything on but the network, beside bare libraries doing next to nothing."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application

from bench.measure import ROUNDS, Row, beside_async
from bench.network import NoNetwork, message, tapped
from bench.peers import bare_ptb, conversation_handler
from bench.peers.bare_aiogram import Peer
from bench.unpaced import lift
from bench.ways import Step, Way, in_another_process
from bot import buttons, receipt
from bot.__main__ import enable_collection
from bot.app import build_application
from bot.reading import read_update
from bot.settings import Settings
from bot.store import Seal, SessionStore, Stored, engine_for
from dialogs.conversation import Conversation
from dialogs.session import Session

App = Application[Any, Any, Any, Any, Any, Any]

_TAPS = 200
"""In a round."""

_BEFORE = 600
"""To screens that are not among those that are measured."""

_numbers = count(1)


async def rows() -> list[Row]:
    """The rows of the table."""
    fresh, paths = in_another_process(_BEFORE + ROUNDS * _TAPS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Ours(folder) as ours:
            bare, talk = (
                bare_ptb.application(NoNetwork()),
                conversation_handler.application(NoNetwork(), folder / "talk.pickle"),
            )
            async with bare, talk:
                aiogram = Peer()
                batches = iter([fresh[at : at + _TAPS] for at in range(_BEFORE, len(fresh), _TAPS)])
                common = [step for way in paths for step in way]
                await ours.taps(common * 3)  # the common paths have been walked before
                await ours.taps(fresh[:_BEFORE])  # so that Jinja has compiled the templates

                async def never_shown() -> float:
                    return await ours.taps(next(batches))

                async def walked() -> float:
                    return await ours.taps((common * _TAPS)[:_TAPS])

                yardstick, first, known, other, handler, kept = await beside_async(
                    lambda: _bare(bare, bare_ptb.DATA, 5),
                    never_shown,
                    walked,
                    lambda: _aiogram(aiogram),
                    lambda: _talking(talk, flush=False),
                    lambda: _talking(talk, flush=True),
                )
    return [
        Row("one tap, bare python-telegram-bot (the yardstick)", yardstick * 1e6, "µs"),
        Row("one tap to a screen never shown before ÷ the yardstick", first / yardstick, must=2.2, aim=1.4),
        Row("one tap on the common paths ÷ the yardstick", known / yardstick, must=1.6, aim=1.4),
        Row("one tap, bare aiogram ÷ the yardstick", other / yardstick),
        Row("one tap, ConversationHandler at 10,000 chats, nothing saved ÷ the yardstick", handler / yardstick),
        Row("the same, saved by PicklePersistence at every tap ÷ the yardstick", kept / yardstick),
    ]


class Ours:
    """The bot with SQLite, sealing, lanes and pace; only the waits so as not to flood Telegram are lifted."""

    def __init__(self, folder: Path) -> None:
        lift()
        settings = Settings(bot_token="1:bench")
        self._store = SessionStore(engine_for(f"sqlite:///{folder / 'cases.sqlite3'}", 24), Seal(settings.bot_token))
        self._app: App = build_application(settings, Conversation(), self._store, NoNetwork())
        self._chats = count(1)

    async def __aenter__(self) -> Ours:
        await self._store.open()
        await self._app.initialize()
        enable_collection()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._app.shutdown()
        await self._store.close()

    async def taps(self, way: Way) -> float:
        """Seconds for one of these taps, each made in a chat of its own."""
        updates = [await self._ready(step) for step in way]
        return await _timed(self._app, updates)

    async def _ready(self, step: Step) -> dict[str, Any]:
        chat_id, session = next(self._chats), Session.from_json(step.session)
        await self._store.save(chat_id, Stored(session, 7, arrived=True), None)
        keyboard = [[_button(session.revision, *button) for button in row] for row in step.rows]
        data = buttons.encode(session.revision, step.action)
        return tapped(next(_numbers), message(chat_id, step.text, keyboard), data)


def _button(revision: int, caption: str, action: str) -> dict[str, str]:
    return {"text": caption, "callback_data": buttons.encode(revision, action or "copied")}


async def _timed(app: App, updates: list[dict[str, Any]]) -> float:
    async def deal(update: dict[str, Any]) -> None:
        read = read_update(update, app.bot)
        assert read is not None
        assert read.update is not None
        receipt.begin()
        await app.update_processor.process_update(read.update, app.process_update(read.update))

    return await _each(deal, updates)


async def _each(deal: Callable[[dict[str, Any]], Awaitable[None]], updates: list[dict[str, Any]]) -> float:
    gc.collect()
    began = time.process_time()
    for update in updates:
        await deal(update)
    return (time.process_time() - began) / len(updates)


async def _bare(app: App, data: str, chat_id: int) -> float:
    on = message(chat_id, bare_ptb.TEXT, [[{"text": "Next", "callback_data": data}]])

    async def deal(update: dict[str, Any]) -> None:
        read = Update.de_json(update, app.bot)
        await app.update_processor.process_update(read, app.process_update(read))

    return await _each(deal, [tapped(next(_numbers), on, data) for _ in range(_TAPS)])


async def _aiogram(peer: Peer) -> float:
    on = message(5, bare_ptb.TEXT, [[{"text": "Next", "callback_data": bare_ptb.DATA}]])
    return await _each(peer.feed, [tapped(next(_numbers), on, bare_ptb.DATA) for _ in range(_TAPS)])


async def _talking(app: App, *, flush: bool) -> float:
    text, options = conversation_handler.STEPS[0]
    on = message(9, text, [[{"text": option, "callback_data": option} for option in options]])
    updates = [tapped(next(_numbers), on, options[0]) for _ in range(ROUNDS if flush else _TAPS)]

    async def deal(update: dict[str, Any]) -> None:
        read = Update.de_json(update, app.bot)
        await app.process_update(read)
        if flush:
            await app.update_persistence()

    return await _each(deal, updates)
