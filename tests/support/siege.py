"""A worker under hostile updates: the real web application and Application, a store on disk, the strict stand-in.

All of it runs in this process, in a loop that skips waiting. A bystander has a case in progress meanwhile.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from bot.app import build_application
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from bot.webhook import LARGEST, Webhook
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.support.clock import Hasty
from tests.support.fields import MARK, Update
from tests.support.hostile import Body, every_field_wrong, hostile
from tests.support.telegram import FakeTelegram
from tests.support.user import User

TOKEN = "123456:a-token-that-opens-nothing"
SECRET = "only-telegram-knows"
BYSTANDER = 987_654_321_012
OWNER = 4000
"""The chat that gets the problem reports."""

_WAY = ("I am a clinician", "G2", "II: ", "All met", "No carcinoid", "No, two", "Why")
_ATTACKERS = 5000, 300  # the first chat, and how many
_ROUND = 36
"""Hostile updates in one chat; with its genuine ones they stay below the chat's rate limit."""
_IDS = ("chat_id", "message_id", "callback_query_id", "inline_query_id", "reply_parameters")


def besiege(folder: Path, count: int, seed: int, watch: Callable[[int], None] = lambda done: None) -> Siege:
    """Deliver so many hostile updates. watch: called after each with their number so far. Returns the outcome."""
    with asyncio.Runner(loop_factory=Hasty) as runner:
        siege = Siege(folder, seed)
        runner.run(siege.run(count, watch))
    return siege


class Siege:
    """statuses: of the answers. faults: what went wrong, at most 50. every_field: whether each field of each kind of
    update was wrong once. shown, kept: the bystander's chat and stored row, before and after. moved: whether their next
    tap led on."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []
        self.shown: list[Any] = []
        self.kept: list[Any] = []
        self.moved = self.every_field = False
        self._at = 0, 0
        self._random = Random(seed)
        self._database = folder / "besieged.sqlite3"
        self._telegram = Telegram(TOKEN)
        settings = Settings(
            bot_token=TOKEN,
            database_url=f"sqlite:///{self._database}",
            webhook_url="https://ward.example/telegram",
            webhook_secret=SECRET,
            owner_chat=OWNER,
        )
        self._seal = Seal(TOKEN)
        store = SessionStore(engine_for(settings.database_url, settings.retention_hours), self._seal)
        self._application = build_application(settings, Conversation(), store, FakeTelegram(self._telegram))
        self._worker = Webhook(settings, self._application, store)

    async def run(self, count: int, watch: Callable[[int], None]) -> None:
        """See besiege."""
        application = self._application
        assert application.post_init
        assert application.post_shutdown
        await application.initialize()
        await application.post_init(application)
        self._worker.ready = True
        await _Person(self, OWNER).start()
        bystander = _Person(self, BYSTANDER)
        await bystander.walk(3)
        others = [str(button["callback_data"]) for row in bystander.live.keyboard for button in row]
        self._note_bystander()
        done = 0
        for attacker in itertools.cycle(range(_ATTACKERS[0], sum(_ATTACKERS))):
            systematic = attacker % 2 == 0 and not self.every_field
            genuine = await self._conversation(attacker, 3 if systematic else self._random.randint(1, len(_WAY)))
            wild = hostile(genuine, self._random, others, BYSTANDER)
            for body, what in self._part(genuine) if systematic else itertools.islice(wild, _ROUND):
                await self._strike(body, what)
                done += 1
                watch(done)
            self._tidy(attacker)
            if done >= count:
                break
        self._note_bystander()
        before = bystander.live.text
        await bystander.tap(_WAY[3])
        self.moved = bystander.live.text != before
        await application.shutdown()
        await application.post_shutdown(application)

    async def deliver(self, body: bytes) -> int:
        """POST it to the worker; the status."""
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/telegram", "raw_path": b"/telegram", "root_path": "", "query_string": b"",
            "headers": [(b"x-telegram-bot-api-secret-token", SECRET.encode())], "client": None, "server": None,
        }  # fmt: skip
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self._worker.app(scope, receive, send)
        await self._worker.ended()  # buttons may come off an old message behind the answer
        return statuses[0]

    async def _conversation(self, chat_id: int, taps: int) -> list[Update]:
        """A person's talk so many taps far, and what may come next."""
        person, telegram = _Person(self, chat_id), self._telegram
        await person.walk(taps)
        live = person.live
        return [
            telegram.phones.say(chat_id, "/ask milan criteria"),
            telegram.phones.tap(chat_id, live.id, *self._button(live.keyboard)),
            telegram.phones.say(chat_id, "is it 12 %"),
            telegram.phones.send_other(chat_id, "photo"),
            telegram.phones.ask_inline(chat_id, "milan"),
            telegram.phones.say(-chat_id, "/start"),
            telegram.phones.block(chat_id),
            telegram.phones.unblock(chat_id),
        ]

    def _button(self, keyboard: list[list[dict[str, Any]]]) -> tuple[int, int]:
        places = [(r, c) for r, row in enumerate(keyboard) for c, button in enumerate(row) if "callback_data" in button]
        return self._random.choice(places)

    def _part(self, genuine: list[Update]) -> Iterator[Body]:
        """The next part of: every field of every kind of update wrong in turn. every_field: it was the last one."""
        kind, begin = self._at
        part = list(itertools.islice(every_field_wrong(genuine[kind]), begin, begin + _ROUND))
        self._at = (kind, begin + _ROUND) if len(part) == _ROUND else (kind + 1, 0)
        self.every_field = self._at[0] == len(genuine)
        yield from part

    async def _strike(self, body: bytes, what: str) -> None:
        self._telegram.calls.clear()
        try:
            status = await self.deliver(body)
        except Exception as error:
            status = 500
            self._fault(what, f"{type(error).__name__} came through")
        self.statuses[status] += 1
        if status != _expected(body):
            self._fault(what, f"status {status}")
        at_home = {str(chat) for chat in _chats(body)}
        for method, params in self._telegram.calls:
            reported = method == "sendMessage" and str(params.get("chat_id")) == str(OWNER)
            if "chat_id" in params and str(params["chat_id"]) not in at_home and not reported:
                self._fault(what, f"{method} to chat {params['chat_id']}")
            if any(MARK in str(value) for name, value in params.items() if name not in _IDS):
                self._fault(what, f"{method} with what was typed")

    def _fault(self, what: str, fault: str) -> None:
        if len(self.faults) < 50:
            self.faults.append(f"{fault}: {what[:200]}")

    def _note_bystander(self) -> None:
        self.shown.append(copy.deepcopy(self._telegram.phones.chat(BYSTANDER)))
        with sqlite3.connect(self._database) as connection:
            name = self._seal.name("chat", BYSTANDER)
            self.kept.append(connection.execute("SELECT * FROM sessions WHERE name = ?", (name,)).fetchall())

    def _tidy(self, chat_id: int) -> None:
        """Empty the stand-in, so that only the bot can grow."""
        for chat in map(self._telegram.phones.chat, (chat_id, -chat_id, OWNER)):
            chat.messages.clear()
            chat.toasts.clear()
        for update in self._telegram.phones.pending:
            self._telegram.phones.confirm(update["update_id"])


class _Person(User):
    """Somebody whose updates come by the webhook."""

    def __init__(self, siege: Siege, chat_id: int) -> None:
        super().__init__(siege._application, siege._telegram, chat_id)
        self._siege = siege

    async def deliver(self, update: dict[str, Any]) -> None:
        assert await self._siege.deliver(json.dumps(update).encode()) == 200

    async def walk(self, taps: int) -> None:
        """From the start so many taps far."""
        await self.type("/forget")
        await self.start()
        for caption in _WAY[:taps]:
            await self.tap(caption)


def _expected(body: bytes) -> int:
    """The status that is due: 503 would ask for the same again, without end."""
    if len(body) > LARGEST:
        return 413
    update = _read(body)
    return 200 if isinstance(update, dict) and type(update.get("update_id")) is int else 400


def _chats(body: bytes) -> Iterator[object]:
    """The ids of the chats that an update says it comes from."""
    update = _read(body)
    for inner in update.values() if isinstance(update, dict) else ():
        for holder in (inner, inner.get("message") if isinstance(inner, dict) else None):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict):
                yield chat.get("id")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
