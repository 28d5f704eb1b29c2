"""Registering the webhook with Telegram: at the start, and again when somebody else has changed it."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, TelegramError

from bot import metrics
from bot.app import ALLOWED_UPDATES
from bot.running import persist
from bot.service import App
from bot.settings import Settings, SettingsError

LOOK_EVERY = 20.0
"""Seconds between two checks. Whoever has the token can remove the webhook, for instance to poll with another program.
"""

AS_SET = "as set"

_log = logging.getLogger(__name__)


class Registration:
    """state: AS_SET, or what was found to be different. secret: what Telegram sends with each update.

    secret_refused: set when an update came with another secret; Telegram does not report the secret it has.
    """

    def __init__(self, settings: Settings, application: App, secret: str) -> None:
        self.state = "not set yet"
        self.secret = secret
        self.secret_refused = False
        self._url = settings.webhook_url
        self._server = settings.bot_api_url
        self._bot = application.bot

    async def set(self) -> None:
        """Set the webhook as soon as Telegram answers. Raises SettingsError when it refuses the address."""
        try:
            await persist(self._set)
        except BadRequest as error:
            raise SettingsError(f"WEBHOOK_URL: refused by {self._server} ({error.message})") from None

    async def watch(self) -> None:
        """Check every LOOK_EVERY seconds whether it is still as it was set, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except TelegramError as error:
                _log.warning("the webhook could not be checked or set again: %s", type(error).__name__)

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        if not info.url:
            self.state = "taken away"
        elif info.url != self._url:
            self.state = "at another address"
        elif info.allowed_updates and not set(ALLOWED_UPDATES) <= set(info.allowed_updates):
            self.state = "for too few kinds of updates"
        elif self.secret_refused:
            self.state = "perhaps with another secret"
        else:
            self.state = AS_SET
            return
        _log.error("the webhook was changed by somebody else (it is %s) and is set again", self.state)
        metrics.webhook_changes.inc()
        await self._set()

    async def _set(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self.secret, allowed_updates=ALLOWED_UPDATES)
        self.state, self.secret_refused = AS_SET, False
