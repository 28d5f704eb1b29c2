"""The webhook: Telegram delivers updates, and gets a 2xx for one only after its effect is stored.

Without a 2xx Telegram delivers the update again, to any worker. If it was stored after all, the session's revision or
the update's number shows that; then it changes nothing, and the person gets the current screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import socket
from collections.abc import AsyncIterator
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update

from bot import metrics
from bot.asgi import body_of, served
from bot.health import Health
from bot.reading import read_body
from bot.receipt import begin
from bot.registration import AS_SET, Registration
from bot.running import STOP_WITHIN, start, stopping
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore, derived

LARGEST = 1 << 20
"""Bytes of an update. Real ones have a few thousand."""

ANSWERED_WITHIN = 15.0
"""Seconds. nginx asks the next worker after 20 (deploy/nginx.conf)."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105

_log = logging.getLogger(__name__)


class Webhook:
    """The web application of one worker. ready: whether it takes updates."""

    def __init__(self, settings: Settings, application: App, store: SessionStore) -> None:
        self.ready = False
        secret = settings.webhook_secret or derived(settings.bot_token, "webhook").hex()
        self.registration = Registration(settings, application, secret)
        self._application = application
        self._under_way: set[asyncio.Task[None]] = set()
        self.app = Starlette(
            routes=[
                *Health(application, store, self._state).routes,
                Route(unquote(urlsplit(settings.webhook_url).path) or "/", self._update, methods=["POST"]),
            ]
        )

    def leave(self) -> None:
        """Refuse further updates, so that they go to another worker."""
        self.ready = False

    async def _update(self, request: Request) -> Response:
        """2xx: the update is done, or can never be. 503: Telegram has to deliver it again."""
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.registration.secret.encode()):
            self.registration.secret_refused = True
            return _refused(403, "secret")
        if not self.ready:
            return Response(status_code=503)
        try:
            body = await body_of(request, LARGEST)
        except ClientDisconnect:
            return _refused(400, "broken-off")
        if body is None:
            return _refused(413, "too-large")
        read = read_body(body, self._application.bot)
        if read is None:
            return _refused(400, "no-update")
        if read.update is None:
            _log.warning("an update cannot be read and is ignored")
            return _refused(200, "unreadable")
        return Response(status_code=200 if await self._is_done(read.update) else 503)

    async def _is_done(self, update: Update) -> bool:
        """Handle the update. False when it has to be delivered again.

        The answer comes within ANSWERED_WITHIN, before a load balancer asks another worker. If the effect is stored and
        only the screen takes longer, sending it goes on after the answer. The same holds while Telegram asks to wait,
        since it delivers no further update of the chat before it has the answer.
        """
        receipt = begin(ANSWERED_WITHIN)
        work = asyncio.create_task(self._handle(update))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        work.add_done_callback(lambda _: receipt.close())
        try:
            await asyncio.wait((receipt.due,), timeout=ANSWERED_WITHIN)
        except asyncio.CancelledError:  # this worker stops
            work.cancel()
            return False
        if not work.done():
            receipt.on_its_way()
            if not receipt.stored:
                work.cancel()
            return receipt.stored
        return not receipt.again

    async def _handle(self, update: Update) -> None:
        await self._application.update_processor.process_update(update, self._application.process_update(update))

    async def ended(self) -> None:
        """Wait for the updates that are still handled after their answer."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _state(self) -> dict[str, object]:
        return {"ready": self.ready and self.registration.state == AS_SET, "webhook": self.registration.state}


@contextlib.asynccontextmanager
async def webhook(
    settings: Settings, application: App, store: SessionStore, listener: socket.socket
) -> AsyncIterator[None]:
    """While the block runs, this worker takes updates from Telegram.

    listener: where the worker listens. Health and readiness are served from the beginning, however long Telegram or the
    database take. Raises SettingsError when Telegram refuses the address.
    """
    worker, up = Webhook(settings, application, store), asyncio.Event()
    watching: asyncio.Task[None] | None = None
    serving = asyncio.create_task(served(worker.app, listener, up, worker.leave, int(STOP_WITHIN) - 1))
    try:
        await up.wait()
        await start(application)
        await worker.registration.set()
        worker.ready = True
        watching = asyncio.create_task(worker.registration.watch())
        yield
    finally:
        if watching:
            watching.cancel()
        async with stopping(application):
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await worker.ended()


def _refused(status: int, reason: str) -> Response:
    metrics.refusals.labels(reason).inc()
    return Response(status_code=status)
