"""Health, readiness and metrics of a running process, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram.error import TelegramError

from bot import metrics
from bot.asgi import served
from bot.service import App
from bot.store import SessionStore, StoreUnavailableError

_TIMEOUT = 3.0  # seconds

_FAILURES = (StoreUnavailableError, TelegramError, RuntimeError, TimeoutError)


class Health:
    """The routes of /healthz, /readyz and /metrics. state: the answer of /readyz; `ready` in it sets the status."""

    def __init__(self, application: App, store: SessionStore, state: Callable[[], dict[str, object]]) -> None:
        self._application = application
        self._store = store
        self._state = state
        self.routes = [
            Route("/healthz", self._health),
            Route("/readyz", self._readiness),
            Route("/metrics", self._metrics),
        ]

    async def _health(self, request: Request) -> Response:
        """200 when the database can be read and written and Telegram is reached from here, else 503."""
        found = {"database": await self._database(), "telegram": await self._telegram()}
        return JSONResponse(found, 200 if set(found.values()) == {"ok"} else 503)

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._store.ping()
        except _FAILURES:
            return "not reached"
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._store.try_writing()
        except _FAILURES:
            return "cannot be written"
        return "ok"

    async def _telegram(self) -> str:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._application.bot.get_me()
        except _FAILURES:
            return "not reached"
        return "ok"

    async def _readiness(self, request: Request) -> Response:
        state = self._state()
        return JSONResponse(state, 200 if state["ready"] else 503)

    async def _metrics(self, request: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


@contextlib.asynccontextmanager
async def health_door(
    listener: socket.socket, application: App, store: SessionStore, ready: asyncio.Event
) -> AsyncIterator[None]:
    """Serve the routes of a process that polls while the block runs. ready: set while it fetches updates."""
    health = Health(application, store, lambda: {"ready": ready.is_set()})
    app = Starlette(routes=health.routes)
    serving = asyncio.create_task(served(app, listener, asyncio.Event(), leaving=ready.clear, grace=1))
    try:
        yield
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
