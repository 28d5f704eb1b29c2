"""The methods about updates: polling, and setting a webhook.

Like a Bot API server of one's own, it takes a webhook with plain http, any port and any address, where Telegram itself
takes only https. It is stricter than Telegram in one point: an `allowed_updates` that is not a list of texts is
refused, where Telegram ignores it. Certificates and fixed addresses are not supported. It sends nothing to the webhook:
a test takes `pending` there and calls `confirm`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from phone.params import Method, Params, integer, true
from phone.phones import KINDS, Phones
from phone.refusals import TelegramError, bad_request

_LONGEST_SECRET = 256
_CONNECTIONS = 40, 1, 100  # default, least, most
_BETWEEN = 1.0  # seconds from one setWebhook to the next
_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook. secret: the value of X-Telegram-Bot-Api-Secret-Token, or empty. connections: updates sent at the same
    time, 1 to 100."""

    url: str
    secret: str
    connections: int


class Delivery:
    """The methods of the Bot API about updates, by name. Each raises TelegramError.

    webhook: None while the bot polls.
    """

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self.webhook: Webhook | None = None
        self._set_again_at = float("-inf")
        self.methods: dict[str, Method] = {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    def _get_updates(self, params: Params) -> object:
        if self.webhook:
            raise TelegramError(409, f"Conflict: {_ACTIVE}")
        self._allow(params)
        return self._phones.updates(integer(params, "offset"))

    def _set_webhook(self, params: Params) -> object:
        url = str(params.get("url", ""))
        if not url:
            return self._delete_webhook(params)
        if self._phones.now() < self._set_again_at:
            raise TelegramError(429, "Too Many Requests: retry after 1", 1)
        self._set_again_at = self._phones.now() + _BETWEEN
        default, least, most = _CONNECTIONS
        asked = integer(params, "max_connections") if params.get("max_connections") else default
        webhook = Webhook(url, str(params.get("secret_token", "")), min(max(asked, least), most))
        if webhook != self.webhook:
            self.webhook = None  # Telegram removes the old one before it checks the new one
            _check(webhook)
            self.webhook = webhook
        self._allow(params)
        self._perhaps_drop(params)
        return self._phones.changed(True)

    def _delete_webhook(self, params: Params) -> object:
        self.webhook = None
        self._perhaps_drop(params)
        return self._phones.changed(True)

    def _get_webhook_info(self, params: Params) -> object:
        info: dict[str, Any] = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._phones.pending),
        }
        if self.webhook:
            info["max_connections"] = self.webhook.connections
        if self._phones.allowed != KINDS:
            info["allowed_updates"] = sorted(self._phones.allowed)
        return info

    def _perhaps_drop(self, params: Mapping[str, object]) -> None:
        if true(params.get("drop_pending_updates")):
            self._phones.drop()

    def _allow(self, params: Params) -> None:
        """Set which kinds of updates the bot wants. An empty list means all; no list leaves it as it is."""
        asked = params.get("allowed_updates")
        if asked is None or asked == "":
            return
        if not isinstance(asked, list | tuple) or not all(isinstance(kind, str) for kind in asked):
            raise bad_request("can't parse allowed_updates JSON object")
        self._phones.allowed = frozenset(asked) & KINDS or KINDS


def _check(webhook: Webhook) -> None:
    try:
        url = urlsplit(webhook.url if "://" in webhook.url else f"https://{webhook.url}")
        sound = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", webhook.url):
        raise bad_request("invalid webhook URL specified")
    if len(webhook.secret.encode()) > _LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch("[A-Za-z0-9_-]*", webhook.secret):
        raise bad_request("secret token contains unallowed characters")
