"""`python -m bot`: with a token on Telegram, without one on the phone page of this machine.

Modules that only one way of running needs (the webhook, the phone page) are imported where they are used: imports take
most of the start.
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # until all is loaded: nothing of it becomes garbage, and collecting costs a tenth of the start

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date

from guideline import ContentError, guideline

if __name__ == "__main__":
    try:
        guideline()  # importing `dialogs` needs it
    except ContentError as error:
        print(f"content: {error}", file=sys.stderr)
        sys.exit(2)

from telegram.error import InvalidToken, TelegramError

from bot import logs, metrics
from bot.app import build_application
from bot.network import request_without_environment
from bot.running import polling
from bot.settings import DOOR, Address, Settings, SettingsError, load_settings
from bot.store import Seal, SessionStore, StoreError, engine_for
from dialogs.conversation import About, Conversation

_STOP_BY_FORCE_AFTER = 9.5
"""Seconds after which a stopping process exits even if a thread still runs, such as one that waits for a name server.
"""

_log = logging.getLogger("bot")

_PHONE_TOKEN = "1:phone"  # noqa: S105


def main() -> int:
    """Run until SIGINT or SIGTERM. Returns the exit code: 2 for a wrong setting or broken content, 1 when Telegram
    refuses the start."""
    _open_streams()
    try:
        settings = load_settings()
        logs.configure(settings.log_level, settings.secrets, full_errors=not settings.bot_token)
        about = About(
            settings.retention_hours,
            settings.owner_contact,
            today=date.today(),
            reports_to_owner=bool(settings.owner_chat),
        )
        conversation = Conversation(about=about)
        metrics.content.labels(conversation.version).set(1)
        enable_collection()
        run = _on_telegram if settings.bot_token else _on_phone
        asyncio.run(_until_signalled(run(settings, conversation)))
    except SettingsError as error:
        return _stopped(2, str(error))
    except ContentError as error:
        return _stopped(2, f"content: {error}")
    except StoreError as error:
        got = settings.database_url if settings.database_url.startswith("sqlite") else "postgresql://…"
        return _stopped(2, f"DATABASE_URL: got {got!r} ({error}), takes a database it may write")
    except InvalidToken:
        return _stopped(2, f"BOT_TOKEN: refused by {settings.bot_api_url}, takes the token from @BotFather")
    except TelegramError as error:
        return _stopped(1, f"BOT_API_URL: the start is refused by {settings.bot_api_url} ({type(error).__name__})")
    except Exception as error:
        _log.critical("stopped by an internal error", exc_info=error)  # the log leaves out the error's message
        return 1
    return 0


def enable_collection() -> None:
    """Collect garbage from now on.

    What is loaded is left out of it: going through that would make everybody wait. A tap makes some thousand objects,
    nearly all of them without cycles: with the interpreter's own threshold of 700 a sixth of its time would go into
    looking for some.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _open_streams() -> None:
    """Open the null device in place of each standard stream that is closed, as after `2>&-`.

    Otherwise the next file to be opened, such as the database, would get the stream's number and what is written to it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def _end_streams() -> None:
    """Redirect a stream whose reader has gone to the null device: flushing it at exit would make the exit code 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _stopped(code: int, line: str) -> int:
    with contextlib.suppress(OSError):  # the reader of stderr may have gone
        print(line, file=sys.stderr)
    return code


async def _until_signalled(run: Coroutine[None, None, None]) -> None:
    """Run until SIGINT or SIGTERM, which cancel `run` so that it closes what is open. If that takes longer than
    _STOP_BY_FORCE_AFTER, exit without it."""
    running = asyncio.create_task(run)
    overdue = threading.Timer(_STOP_BY_FORCE_AFTER, os._exit, (0,))
    overdue.daemon = True

    def stop() -> None:
        running.cancel()
        with contextlib.suppress(RuntimeError):  # started by an earlier signal
            overdue.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _on_telegram(settings: Settings, conversation: Conversation) -> None:
    store = _store(settings, settings.bot_token)
    application = build_application(settings, conversation, store)
    if settings.webhook_url:
        from bot.webhook import webhook

        async with webhook(settings, application, store, _listener(settings)):
            await asyncio.Event().wait()
    door: contextlib.AbstractAsyncContextManager[None] = contextlib.nullcontext()
    ready = asyncio.Event()
    if settings.listen:
        from bot.health import health_door

        door = health_door(_listener(settings), application, store, ready)
    async with door, polling(application):
        ready.set()
        await asyncio.Event().wait()


def _store(settings: Settings, token: str) -> SessionStore:
    return SessionStore(engine_for(settings.database_url, settings.retention_hours), Seal(token))


async def _on_phone(settings: Settings, conversation: Conversation) -> None:
    """The phone page and the bot in one loop; the bot polls the page's Bot API over HTTP."""
    try:
        from phone.server import serve_on
        from phone.telegram import Telegram
    except ModuleNotFoundError:  # the Docker image does not contain it
        raise SettingsError(
            "BOT_TOKEN: got nothing, takes the token from @BotFather; the phone page is not installed"
        ) from None

    listener = _listener(settings)
    address, ready = page_address(*listener.getsockname()[:2]), asyncio.Event()
    server = asyncio.create_task(serve_on(Telegram(_PHONE_TOKEN), listener, ready))
    try:
        await ready.wait()
        local = replace(
            settings,
            bot_token=_PHONE_TOKEN,
            bot_api_url=address,
            allowed_users=frozenset(),  # these are ids on Telegram; on the phone page everybody is allowed
        )
        store, request = _store(local, _PHONE_TOKEN), request_without_environment()
        async with polling(build_application(local, conversation, store, request)):
            print(f"Open {address}/ (no BOT_TOKEN is set: nothing goes to Telegram). Ctrl+C stops.", flush=True)
            await _open_browser(address)
            await asyncio.wait({server})  # when cancelled, this leaves the server running until the bot has stopped
    finally:
        server.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await server


def _listener(settings: Settings) -> socket.socket:
    """A socket that listens at the address of the settings. Raises SettingsError."""
    from bot.asgi import listen

    address = settings.listen or DOOR
    try:
        return listen(*address)
    except OSError as error:
        raise SettingsError(f"LISTEN: got '{address}' ({error.strerror or error}), takes a free host:port") from None


def page_address(host: str, port: int) -> str:
    """The page's address for a browser on this machine, which cannot open 0.0.0.0 or ::."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{Address(host, port)}"


async def _open_browser(address: str) -> None:
    """Open the page in a browser on a desktop; elsewhere a text browser would take over the terminal."""
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop and sys.stdout.isatty():
        import webbrowser

        await asyncio.to_thread(webbrowser.open, f"{address}/")


if __name__ == "__main__":
    code = main()
    _end_streams()
    sys.exit(code)
