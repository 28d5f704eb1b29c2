"""The HTTP server of the phone: the Bot API for the bot, the page for a person."""

from __future__ import annotations

import asyncio
import socket

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.asgi import body_of, served
from phone.forms import parse_body
from phone.guard import Guard
from phone.page import Page
from phone.polling import Bell, get_updates
from phone.refusals import bad_request, envelope
from phone.telegram import ConnectionDroppedError, ForeignPageError, Telegram, TelegramError

_LARGEST = 50 << 20  # bytes, as large as a file that a bot may send
_STOP_WITHIN = 2  # seconds


async def serve_on(telegram: Telegram, listener: socket.socket, ready: asyncio.Event) -> None:
    """Serve `telegram` on a listening socket until cancelled, then close it. ready: set once it accepts requests."""
    bell = Bell(telegram.phones)
    app = build_app(telegram, bell, listener.getsockname()[0])
    await served(app, listener, ready, leaving=bell.close, grace=_STOP_WITHIN)


def build_app(telegram: Telegram, bell: Bell, host: str) -> ASGIApp:
    """The application, for a server bound to `host`."""

    async def bot_api(request: Request) -> Response:
        return await _bot_api(telegram, bell, request)

    door = Route("/bot{token}/{method}", bot_api, methods=["GET", "POST"])
    return Guard(Starlette(routes=[door, *Page(telegram, bell).routes]), host)


async def _bot_api(telegram: Telegram, bell: Bell, request: Request) -> Response:
    method = telegram.named(request.path_params["method"])
    try:
        telegram.check_token(request.path_params["token"])
        raw = await body_of(request, _LARGEST)
        if raw is None:
            raise TelegramError(413, "Request Entity Too Large")
        try:
            body = parse_body(request.headers.get("content-type", ""), raw)
        except ValueError:
            raise bad_request("can't parse the request") from None
        params = {**request.query_params, **body}
        if method == "getUpdates":
            result: object = await get_updates(telegram, bell, params)
        else:
            seconds = telegram.delay(method, params)
            result = telegram.call(method, params)
            await asyncio.sleep(seconds)
    except ForeignPageError as error:
        return HTMLResponse(error.html, error.code)
    except TelegramError as error:
        return JSONResponse(envelope(error), error.code)
    except ConnectionDroppedError:
        return _Dropped()
    except ClientDisconnect:
        return Response()  # the client has gone
    return JSONResponse({"ok": True, "result": result})


class _Dropped(Response):
    """An answer that ends before it is complete, so that uvicorn closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
