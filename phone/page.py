"""The phone page in a browser: its files, the state of a chat, and what a person can do."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

import font_roboto  # type: ignore[import-untyped]
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.asgi import body_of
from phone.chat import Chat, Message
from phone.forms import parse_body
from phone.inline import Inline
from phone.polling import Bell, waited
from phone.polls import Poll
from phone.telegram import Telegram

_HERE = Path(__file__).parent
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FILES = {path.name: _TYPES[path.suffix] for path in _HERE.iterdir() if path.suffix in _TYPES}
_LETTERS = Path(font_roboto.__file__).parent / "files"
_FONTS = ("Roboto-Regular.ttf", "Roboto-Italic.ttf", "Roboto-Medium.ttf", "Roboto-Bold.ttf")
"""The fonts of most Android phones, so that lines and labels have the same length on every machine."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_KEEP_ALIVE = 15.0  # seconds
_LARGEST = 64 * 1024  # bytes of a request; the longest message takes a quarter of it

Posted: TypeAlias = dict[str, object]


def chat_id_of(name: str) -> int:
    """The chat id for the name of a tab: a hash, positive and below 2**40."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:5]) + 1


def state_of(telegram: Telegram, chat: Chat) -> dict[str, Any]:
    """All that a phone shows of one chat."""
    return {
        "bot": {
            "name": telegram.phones.me["first_name"],
            "username": telegram.phones.me["username"],
            "description": telegram.profile.description,
            "commands": telegram.profile.commands,
        },
        "messages": [_shown(telegram, message, chat) for message in chat.messages],
        "waiting": list(chat.waiting.values()),
        "toasts": len(chat.toasts),
        "toast": {"text": chat.toasts[-1].text, "alert": chat.toasts[-1].alert} if chat.toasts else None,
        "typing": chat.typing,
        "inline": _offered(chat.inline) if chat.inline and chat.inline.answered else None,
    }


def _shown(telegram: Telegram, message: Message, chat: Chat) -> dict[str, Any]:
    poll = telegram.phones.polls.get(message.poll)
    file = telegram.phones.files.get(message.file)
    return {
        "id": message.id,
        "bot": message.from_bot,
        "date": message.date,
        "edited": message.edited,
        "text": message.text,
        "entities": message.entities,
        "via_bot": message.via_bot,
        "file": {"id": file.id, "kind": file.kind, "name": file.name, "size": len(file.content)} if file else None,
        "poll": _polled(poll, chat) if poll else None,
        "keyboard": [[_button(button) for button in row] for row in message.keyboard],
    }


def _polled(poll: Poll, chat: Chat) -> dict[str, Any]:
    """The poll as this person sees it: which option is right only once they have chosen."""
    chosen = poll.votes.get(abs(chat.id))
    shown = {"id": poll.id, "question": poll.question, "options": list(poll.options), "chosen": chosen}
    return shown if chosen is None else {**shown, "right": poll.right, "explanation": poll.explanation}


def _button(button: dict[str, Any]) -> dict[str, str]:
    copy = button.get("copy_text", {}).get("text", "")
    return {"text": button["text"], "copy": copy, "url": button.get("url", "")}


def _offered(inline: Inline) -> dict[str, Any]:
    results = [{"id": one.id, "title": one.title, "description": one.description} for one in inline.results]
    return {"text": inline.text, "results": results, "button": inline.button}


class Page:
    """The page's files and its requests to `telegram`."""

    def __init__(self, telegram: Telegram, bell: Bell) -> None:
        self._telegram = telegram
        self._bell = bell
        self.routes = [
            Route("/", self._page),
            *(Route(f"/{name}", self._file) for name in _FILES if name != "page.html"),
            *(Route(f"/{name}", self._font) for name in _FONTS),
            Route("/files/{file}", self._sent_file),
            Route("/chats/{name}/events", self._events),
            Route("/chats/{name}/say", self._say, methods=["POST"]),
            Route("/chats/{name}/tap", self._tap, methods=["POST"]),
            Route("/chats/{name}/vote", self._vote, methods=["POST"]),
            Route("/chats/{name}/ask", self._ask, methods=["POST"]),
            Route("/chats/{name}/choose", self._choose, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        if not _NAME.fullmatch(request.query_params.get("chat", "")):
            query = {**request.query_params, "chat": secrets.token_hex(4)}
            return RedirectResponse(f"/?{urlencode(query)}", 303)
        return _read("page.html")

    async def _file(self, request: Request) -> Response:
        return _read(request.url.path.removeprefix("/"))

    async def _font(self, request: Request) -> Response:
        font = _LETTERS / request.url.path.removeprefix("/")
        return Response(font.read_bytes(), media_type="font/ttf")

    async def _sent_file(self, request: Request) -> Response:
        file = self._telegram.phones.files.get(request.path_params["file"])
        if file is None:
            return Response(status_code=404)
        if file.kind == "photo":
            return Response(file.content, media_type="image/png")
        saved_as = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(file.name)}"}
        return Response(file.content, headers=saved_as, media_type="application/octet-stream")

    async def _events(self, request: Request) -> Response:
        chat = self._chat(request)
        if chat is None:
            return _wrong("a chat's name is 1 to 32 letters, digits, - or _")
        return StreamingResponse(self._states(chat), media_type="text/event-stream")

    async def _states(self, chat: Chat) -> AsyncIterator[str]:
        """The chat's state now and after every change, as server-sent events."""
        sent = None
        while not self._bell.closed:
            ticket = self._bell.ticket()
            version = (chat.version, self._telegram.phones.version)
            if version != sent:
                sent = version
                yield f"data: {json.dumps(state_of(self._telegram, chat))}\n\n"
            elif not await waited(ticket, _KEEP_ALIVE):
                yield ": still here\n\n"

    async def _say(self, request: Request) -> Response:
        return await self._do(request, lambda chat, said: self._telegram.phones.say(chat, _sound(said["text"])))

    async def _tap(self, request: Request) -> Response:
        def tap(chat: int, tapped: Posted) -> object:
            message, row, column = (int(str(tapped[key])) for key in ("message", "row", "column"))
            return self._telegram.phones.tap(chat, message, row, column)

        return await self._do(request, tap)

    async def _vote(self, request: Request) -> Response:
        return await self._do(
            request,
            lambda chat, voted: self._telegram.phones.vote(chat, str(voted["poll"]), int(str(voted["option"]))),
        )

    async def _ask(self, request: Request) -> Response:
        return await self._do(
            request, lambda chat, asked: self._telegram.phones.ask_inline(chat, _sound(asked["text"]))
        )

    async def _choose(self, request: Request) -> Response:
        return await self._do(request, lambda chat, chosen: self._telegram.phones.choose(chat, str(chosen["result"])))

    async def _do(self, request: Request, action: Callable[[int, Posted], object]) -> Response:
        """Carry out what was posted, in the chat of the request."""
        chat = self._chat(request)
        try:
            posted = await _json(request)
            if chat is None:
                raise ValueError("no such chat")
            action(chat.id, posted)
        except (LookupError, ValueError) as error:
            return _wrong(str(error))
        return JSONResponse({})

    def _chat(self, request: Request) -> Chat | None:
        name = request.path_params["name"]
        return self._telegram.phones.chat(chat_id_of(name)) if _NAME.fullmatch(name) else None


async def _json(request: Request) -> Posted:
    """The body. Only JSON is taken, since another web page cannot send that without a preflight."""
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("application/json"):
        raise ValueError("only JSON is taken")
    body = await body_of(request, _LARGEST)
    if body is None:
        raise ValueError(f"a body has at most {_LARGEST} bytes")
    return parse_body(content_type, body)


def _read(name: str) -> Response:
    return Response((_HERE / name).read_bytes(), media_type=_FILES[name])


def _wrong(words: str) -> Response:
    return JSONResponse({"error": words}, 400)


def _sound(text: object) -> str:
    """The text without lone surrogates, which no message can have."""
    return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
