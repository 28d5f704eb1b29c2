"""The webhook: Telegram brings the updates, and has its receipt for one only when it has had its effect.

Without the receipt Telegram brings the update again, to any worker; what was stored by then is told by the session's
revision or by the update's number, so it changes nothing twice, and the person gets the current screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import AsyncIterator
from urllib.parse import unquote, urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot import metrics
from bot.app import ALLOWED_UPDATES
from bot.asgi import body_of, listen, served
from bot.reading import read_body
from bot.receipt import begin
from bot.running import STOP_WITHIN, persist, start, stopping
from bot.service import App
from bot.settings import DOOR, Settings, SettingsError
from bot.store import SessionStore, StoreUnavailableError, derived

LARGEST = 1 << 20
"""Bytes of an update. Telegram's have some thousands."""

ANSWERED_WITHIN = 15.0
"""Seconds. nginx asks the next worker after 20 (deploy/nginx.conf)."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_SIGN_OF_LIFE = 3.0  # seconds

_log = logging.getLogger(__name__)


class Webhook:
    """The web application of one worker. `ready`: whether it takes updates."""

    def __init__(self, settings: Settings, application: App, store: SessionStore) -> None:
        self.ready = False
        self.secret = settings.webhook_secret or derived(settings.bot_token, "webhook").hex()
        self._application = application
        self._store = store
        self._under_way: set[asyncio.Task[None]] = set()
        self.app = Starlette(
            routes=[
                Route("/healthz", self._health),
                Route("/readyz", self._readiness),
                Route("/metrics", self._metrics),
                Route(unquote(urlsplit(settings.webhook_url).path) or "/", self._update, methods=["POST"]),
            ]
        )

    def leave(self) -> None:
        """Take no further updates: they go to another worker."""
        self.ready = False

    async def _update(self, request: Request) -> Response:
        """2xx: the update had its effect, or never can have one. 503: it has to come again."""
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
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
            _log.warning("an update cannot be read")
            return _refused(200, "unreadable")
        return Response(status_code=200 if await self._is_done(read.update) else 503)

    async def _is_done(self, update: Update) -> bool:
        """Deal with the update. False when it has to come again.

        It has an answer before a load balancer loses patience and asks another worker. When its effect is stored by
        then and its screen is with Telegram, which is slow, that goes on behind the answer; so it does while Telegram
        asks to wait, since Telegram brings nothing more of the chat before it has the answer.
        """
        receipt = begin(ANSWERED_WITHIN)
        work = asyncio.create_task(self._deal_with(update))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        work.add_done_callback(lambda _: receipt.close())
        try:
            await asyncio.wait((receipt.due,), timeout=ANSWERED_WITHIN)
        except asyncio.CancelledError:  # this worker ends before it was done
            work.cancel()
            return False
        if not work.done():
            receipt.on_its_way()
            if not receipt.stored:
                work.cancel()
            return receipt.stored
        return not receipt.again

    async def _deal_with(self, update: Update) -> None:
        await self._application.update_processor.process_update(update, self._application.process_update(update))

    async def ended(self) -> None:
        """Wait until what goes on behind its answer has ended."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _health(self, request: Request) -> Response:
        """Whether database and Telegram are reached from here."""
        found = {"database": "ok", "telegram": "ok"}
        try:
            async with asyncio.timeout(_SIGN_OF_LIFE):
                await self._store.ping()
        except (StoreUnavailableError, RuntimeError, TimeoutError):
            found["database"] = "not reached"
        try:
            async with asyncio.timeout(_SIGN_OF_LIFE):
                await self._application.bot.get_me()
        except (TelegramError, RuntimeError, TimeoutError):
            found["telegram"] = "not reached"
        return JSONResponse(found, 200 if set(found.values()) == {"ok"} else 503)

    async def _readiness(self, request: Request) -> Response:
        return JSONResponse({"ready": self.ready}, 200 if self.ready else 503)

    async def _metrics(self, request: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


@contextlib.asynccontextmanager
async def webhook(settings: Settings, application: App, store: SessionStore) -> AsyncIterator[None]:
    """Telegram brings updates to this worker while the block runs.

    Raises OSError when it cannot listen, SettingsError when Telegram refuses the address.

    Health and readiness can be asked from the first moment on, however long Telegram or the database take.
    """
    worker, up = Webhook(settings, application, store), asyncio.Event()
    listener = listen(*(settings.listen or DOOR))
    serving = asyncio.create_task(served(worker.app, listener, up, worker.leave, int(STOP_WITHIN) - 1))
    try:
        await up.wait()
        await start(application)
        try:
            await persist(
                lambda: application.bot.set_webhook(
                    settings.webhook_url, secret_token=worker.secret, allowed_updates=ALLOWED_UPDATES
                )
            )
        except BadRequest as error:
            raise SettingsError(f"WEBHOOK_URL: refused by {settings.bot_api_url} ({error.message})") from None
        worker.ready = True
        yield
    finally:
        async with stopping(application):
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await worker.ended()


def _refused(status: int, reason: str) -> Response:
    metrics.refusals.labels(reason).inc()
    return Response(status_code=status)
