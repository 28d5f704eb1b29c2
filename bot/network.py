"""The HTTP client for calls to Telegram. It tells answers of Telegram from those of a proxy in between."""

from __future__ import annotations

import contextlib
import json
import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest, RequestData

from bot.lanes import SLOTS
from bot.settings import SettingsError

_POOL_TIMEOUT = 15.0  # seconds; with the library's 1 s a busy moment becomes TimedOut

_READ_TIMEOUT = 40.0
"""Seconds. With the library's 5 s a message that Telegram takes slowly would be sent again, and arrive twice."""

_QUOTED = 60
"""Characters of an answer that is not Telegram's which an error quotes."""

_PROXY = "an address such as http://proxy.example:3128"
_ENVIRONMENT = {
    "HTTP_PROXY": _PROXY,
    "HTTPS_PROXY": _PROXY,
    "ALL_PROXY": _PROXY,
    "NO_PROXY": "hosts and addresses with commas between them",
    "SSL_CERT_FILE": "a file of certificates that can be read",
    "SSL_CERT_DIR": "a folder of certificates",
    "SSLKEYLOGFILE": "a file that may be written",
}
"""The environment variables that the HTTP client reads (proxies also in lower case), and what each takes."""


class TelegramRequest(HTTPXRequest):
    """The library's client; an answer that is not Telegram's counts as a temporary error of the network.

    A proxy or a captive portal sends pages of its own with any status: its 401 or 404 says nothing about the token, and
    its 403 nothing about the person.
    """

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        """See BaseRequest. Raises NetworkError for an answer that is not Telegram's."""
        code, body = await super().do_request(url, method, request_data, *timeouts, **named)
        if not _is_telegrams(body):
            raise NetworkError(f"an answer that is not Telegram's: status {code}, {_quoted(body)}")
        return code, body


def request_to_telegram() -> TelegramRequest:
    """The client for all calls. Raises SettingsError for an environment that it cannot take."""
    try:
        return _client({"verify": _tls()})
    except Exception as error:  # the client raises anything on what it does not expect
        raise _refused(error) from None


def request_without_environment() -> TelegramRequest:
    """The client for a server on this machine: no proxy, and no TLS."""
    options = {"trust_env": False, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    return _client(options)


def _client(options: dict[str, Any]) -> TelegramRequest:
    return TelegramRequest(
        SLOTS + 1,  # one for asking for updates
        read_timeout=_READ_TIMEOUT,
        write_timeout=_READ_TIMEOUT,
        media_write_timeout=2 * _READ_TIMEOUT,
        pool_timeout=_POOL_TIMEOUT,
        httpx_kwargs=options,
    )


def _tls() -> ssl.SSLContext:
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not Path(folder).is_dir():  # it would be accepted, and then every certificate refused
        raise NotADirectoryError("no such folder")
    return httpx.create_ssl_context()


def _refused(error: Exception) -> SettingsError:
    """The error that names the variable which the client refuses."""
    given = {name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT and value}
    for name, value in given.items():
        with _only(name, value, given):
            try:
                httpx.AsyncClient(verify=_tls())
            except Exception as alone:
                shown = re.sub(r"[^/@]*@", "…@", value)  # a proxy may have a password
                reason = type(alone).__name__ if "@" in value else " ".join(str(alone).split())[:100]
                return SettingsError(f"{name}: got {shown[:80]!r} ({reason}), takes {_ENVIRONMENT[name.upper()]}")
    return SettingsError(f"{', '.join(given)}: the HTTP client cannot take them together ({type(error).__name__})")


@contextlib.contextmanager
def _only(name: str, value: str, given: dict[str, str]) -> Iterator[None]:
    """Inside the block the environment has this variable, and none of the other given ones."""
    for other in given:
        del os.environ[other]
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.update(given)


def _is_telegrams(body: bytes) -> bool:
    """Whether the body is a JSON object with `ok`, as every answer of Telegram is."""
    if body.startswith(b'{"ok":'):
        return True
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(given, dict) and "ok" in given


def _quoted(body: bytes) -> str:
    """The beginning of a body, without what may be the token: such pages quote the address, which contains it."""
    text = re.sub(r"\d{5,}\S*", "…", " ".join(body.decode("utf-8", "replace").split()))
    return repr(text if len(text) <= _QUOTED else text[:_QUOTED] + "…")
