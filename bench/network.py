"""A network that costs nothing: Telegram's answers, as long as the real ones, without Telegram."""

from __future__ import annotations

import json
from typing import Any

from telegram.request import BaseRequest, RequestData

BOT = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


def message(chat_id: int, text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    """A message of the bot as Telegram describes it."""
    return {
        "message_id": 7,
        "from": BOT,
        "chat": {"id": chat_id, "first_name": "Trainee", "type": "private"},
        "date": 1_790_000_000,
        "text": text,
        "reply_markup": {"inline_keyboard": rows},
    }


def typed(number: int, chat_id: int, text: str) -> dict[str, Any]:
    """The update of a typed text or command."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Trainee", "language_code": "en"}
    body: dict[str, Any] = {
        "message_id": 6,
        "from": person,
        "chat": {"id": chat_id, "first_name": "Trainee", "type": "private"},
        "date": 1_790_000_000,
        "text": text,
    }
    if text.startswith("/"):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"update_id": number, "message": body}


def tapped(number: int, on: dict[str, Any], data: str) -> dict[str, Any]:
    """The update of a tap on a button of that message."""
    person = {"id": on["chat"]["id"], "is_bot": False, "first_name": "Trainee", "language_code": "en"}
    query = {"id": str(number), "from": person, "message": on, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": query}


class NoNetwork(BaseRequest):
    """Answers every call of a Bot at once; shown: the parameters of the last message sent or edited."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}

    @property
    def read_timeout(self) -> float | None:
        """Asked for by the library."""
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Status and body. A message comes back as it was sent, keyboard and all."""
        name = url.rpartition("/")[2]
        result: object = True
        if name.lower() == "getme":
            result = BOT
        elif name.lower() in ("sendmessage", "editmessagetext") and request_data:
            self.shown = request_data.json_parameters
            rows = json.loads(self.shown.get("reply_markup", '{"inline_keyboard": []}'))["inline_keyboard"]
            result = message(int(self.shown["chat_id"]), self.shown["text"], rows)
        return 200, json.dumps({"ok": True, "result": result}).encode()
