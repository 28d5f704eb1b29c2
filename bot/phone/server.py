"""The HTTP door of the phone: the Bot API for the bot, the page for a person."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.phone.forms import parse_body
from bot.phone.guard import Guard
from bot.phone.page import Page
from bot.phone.polling import Bell, get_updates
from bot.phone.refusals import bad_request, envelope
from bot.phone.telegram import ConnectionDroppedError, Telegram, TelegramError

_STOP_WITHIN = 2  # seconds


async def serve(telegram: Telegram, host: str, port: int, ready: asyncio.Event) -> None:
    """Serve `telegram` on host:port until cancelled; `ready` is set once it answers.

    Raises OSError with one line for a person when the address cannot be had.
    """
    await serve_on(telegram, listen(host, port), ready)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket (port 0: any free one). Raises OSError with one line for a person."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise OSError(f"cannot listen on {host}:{port}: {reason}") from None


async def serve_on(telegram: Telegram, listener: socket.socket, ready: asyncio.Event) -> None:
    """Serve `telegram` on a listening socket until cancelled, then close it."""
    bell = Bell(telegram)
    app = build_app(telegram, bell, listener.getsockname()[0])
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_STOP_WITHIN,
    )
    server = _Server(config, ready)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(running)
    finally:
        bell.close()
        server.should_exit = True
        await running


def build_app(telegram: Telegram, bell: Bell, host: str) -> ASGIApp:
    """The application, for a server bound to `host`."""

    async def bot_api(request: Request) -> Response:
        return await _bot_api(telegram, bell, request)

    door = Route("/bot{token}/{method}", bot_api, methods=["GET", "POST"])
    return Guard(Starlette(routes=[door, *Page(telegram, bell).routes]), host)


async def _bot_api(telegram: Telegram, bell: Bell, request: Request) -> Response:
    method = request.path_params["method"]
    try:
        telegram.check_token(request.path_params["token"])
        try:
            body = parse_body(request.headers.get("content-type", ""), await request.body())
        except ValueError:
            raise bad_request("can't parse the request") from None
        params = {**request.query_params, **body}
        if method == "getUpdates":
            result: object = await get_updates(telegram, bell, params)
        else:
            result = telegram.call(method, params)
    except TelegramError as error:
        return JSONResponse(envelope(error), error.code)
    except ConnectionDroppedError:
        return _Dropped()
    return JSONResponse({"ok": True, "result": result})


class _Dropped(Response):
    """An answer that breaks off: uvicorn closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


class _Server(uvicorn.Server):
    """Says when it answers, and leaves the signals to the program."""

    def __init__(self, config: uvicorn.Config, ready: asyncio.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
