"""`python -m bot`: with a token on Telegram, without one on the phone page of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import webbrowser
from dataclasses import replace

from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot import logs
from bot.app import ALLOWED_UPDATES, BOOTSTRAP_RETRIES, POOL_TIMEOUT, build_application, polling
from bot.lanes import SLOTS
from bot.phone.server import serve
from bot.phone.telegram import Telegram
from bot.settings import Settings, SettingsError, load_settings
from bot.store import SessionStore, SqliteStore, StoreError
from dialogs.conversation import About, Conversation

_PHONE_TOKEN = "1:phone"  # noqa: S105


def main() -> int:
    """Run until SIGINT or SIGTERM. Returns the exit code: 2 for a wrong setting, 1 without Telegram."""
    try:
        settings = load_settings()
        logs.configure(settings.log_level, settings.bot_token)
        about = About(retention_hours=settings.retention_hours, owner_contact=settings.owner_contact)
        conversation, store = Conversation(about=about), SqliteStore(settings.database)
        if settings.bot_token:
            _on_telegram(settings, conversation, store)
        else:
            asyncio.run(_on_phone(settings, conversation, store))
    except SettingsError as error:
        return _stopped(2, str(error))
    except StoreError as error:
        got = str(settings.database)
        return _stopped(2, f"DATABASE_URL: got {got!r} ({error}), takes sqlite:///path of a file it may write")
    except InvalidToken:
        return _stopped(2, f"BOT_TOKEN: refused by {settings.bot_api_url}, takes the token from @BotFather")
    except TelegramError as error:
        return _stopped(1, f"BOT_API_URL: no answer from {settings.bot_api_url} ({type(error).__name__})")
    return 0


def _stopped(code: int, line: str) -> int:
    print(line, file=sys.stderr)
    return code


def _on_telegram(settings: Settings, conversation: Conversation, store: SessionStore) -> None:
    application = build_application(settings, conversation, store)
    application.run_polling(bootstrap_retries=BOOTSTRAP_RETRIES, allowed_updates=ALLOWED_UPDATES)


async def _on_phone(settings: Settings, conversation: Conversation, store: SessionStore) -> None:
    """The phone page and the bot in one loop; the bot polls the page's Bot API over HTTP."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ready = asyncio.Event()
    host, port = settings.listen_host, settings.listen_port
    server = asyncio.create_task(serve(Telegram(_PHONE_TOKEN), host, port, ready))
    try:
        await _first(ready, server, settings)
        address = _address(host, port)
        request = HTTPXRequest(connection_pool_size=SLOTS, pool_timeout=POOL_TIMEOUT, httpx_kwargs={"trust_env": False})
        here = replace(
            settings,
            bot_token=_PHONE_TOKEN,
            bot_api_url=address,
            allowed_users=frozenset(),  # they have ids on Telegram; who sits here is let in
        )
        async with polling(build_application(here, conversation, store, request)):
            print(f"Open {address}/ (no BOT_TOKEN is set: nothing goes to Telegram). Ctrl+C stops.", flush=True)
            await _open_browser(address)
            await _first(stop, server, settings)
    finally:
        server.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await server


async def _first(event: asyncio.Event, server: asyncio.Task[None], settings: Settings) -> None:
    """Wait for event. Raises SettingsError when the server cannot listen."""
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait((waiting, server), return_when=asyncio.FIRST_COMPLETED)
        if server.done():
            server.result()
    except OSError as error:
        got = f"{settings.listen_host}:{settings.listen_port}"
        raise SettingsError(f"LISTEN: got {got!r} ({error.strerror or error}), takes a free host:port") from None
    finally:
        waiting.cancel()


def _address(host: str, port: int) -> str:
    """The page's address for a browser on this machine; "all addresses" is none that can be opened."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _open_browser(address: str) -> None:
    """Open the page where somebody sits at a desktop; a text browser would take the terminal."""
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop and sys.stdout.isatty():
        await asyncio.to_thread(webbrowser.open, f"{address}/")


if __name__ == "__main__":
    sys.exit(main())
