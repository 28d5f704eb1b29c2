"""The HTTP client: an environment that it cannot take, and answers that do not come from Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from bot.network import TelegramRequest, request_to_telegram
from bot.settings import SettingsError
from tests.conftest import TOKEN

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://proxy.example"),
        ("HTTPS_PROXY", "http://proxy.example:port"),
        ("https_proxy", "http://[::1"),
        ("HTTP_PROXY", "socks4://127.0.0.1:1080"),
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),  # it would need a further library
        ("NO_PROXY", "localhost,[::1"),
        ("no_proxy", "localhost,fd00::/8"),
        ("SSL_CERT_FILE", "/no/such/file"),
        ("SSL_CERT_FILE", str(Path(__file__))),
        ("SSL_CERT_DIR", "/no/such/folder"),
        ("SSLKEYLOGFILE", "/no/such/folder/keys"),
    ],
)
def test_an_environment_that_the_client_cannot_take_is_one_line_that_names_the_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("HTTP_PROXY", "http://good.example:3128")
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"^{name}: got .*, takes ") as refused:
        request_to_telegram()

    assert "\n" not in str(refused.value)
    assert value in str(refused.value)


def test_the_password_of_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ward:geheim@proxy.example:port")

    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY: got") as refused:
        request_to_telegram()

    assert "geheim" not in str(refused.value)


def test_an_environment_that_is_sound_is_heeded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,::1,.ward.example,10.0.0.0/8")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    request_to_telegram()


class Page:
    """Answers every request with one status and body; {address} stands for the path that was asked for."""

    def __init__(self, status: str, body: str) -> None:
        self.status, self.body = status, body

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """Answer meanwhile, at that address."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        body = self.body.format(address=head.split()[1].decode()).encode()
        writer.write(
            f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()


@pytest.mark.parametrize(
    "status", ["200 OK", "401 Unauthorized", "403 Forbidden", "404 Not Found", "400 Bad Request", "409 Conflict"]
)
async def test_an_answer_that_is_not_telegrams_is_passing_trouble_of_the_network(status: str) -> None:
    async with TelegramRequest() as request:
        for body in ("<html>Please log in</html>", "", "Not found", "[]", '{{"error": "blocked"}}', "null"):
            async with Page(status, body).served() as address:
                bot = Bot(TOKEN, address, request=request, get_updates_request=request)

                with pytest.raises(NetworkError, match=f"not Telegram's: status {status[:3]}, ") as refused:
                    await bot.get_me()

            assert type(refused.value) is NetworkError, body


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found"])
async def test_telegrams_own_word_on_the_token_counts(status: str) -> None:
    body = f'{{{{"ok": false, "error_code": {status[:3]}, "description": "{status[4:]}"}}}}'
    async with Page(status, body).served() as address, TelegramRequest() as request:
        bot = Bot(TOKEN, address, request=request, get_updates_request=request)

        with pytest.raises(InvalidToken):
            await bot.get_me()


@pytest.mark.parametrize("around", ["{address}", "<p>{address}</p>", "x" * 40 + " {address}", "&quot;{address}&quot;"])
@pytest.mark.parametrize("colon", [":", "%3A", "&#58;"])
async def test_the_token_in_a_page_is_not_quoted(around: str, colon: str) -> None:
    number, _, secret = TOKEN.partition(":")
    page = around.format(address=f"/bot{number}{colon}{secret}/getMe") + " was not found. " * 100
    async with Page("404 Not Found", page).served() as address, TelegramRequest() as request:
        bot = Bot(TOKEN, address, request=request, get_updates_request=request)

        with pytest.raises(NetworkError) as refused:
            await bot.get_me()

    assert len(str(refused.value)) < 150
    assert not any(part in str(refused.value) for part in (number, secret, secret[:8]))
