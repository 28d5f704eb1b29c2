"""The stand-in behind HTTP, on a free port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.asgi import listen
from phone.server import serve_on
from phone.telegram import Telegram


@contextlib.asynccontextmanager
async def served(telegram: Telegram, port: int = 0) -> AsyncIterator[str]:
    """Serve `telegram` meanwhile, on a free port unless one is named; where, as http://host:port."""
    listener = listen("127.0.0.1", port)
    port = listener.getsockname()[1]
    ready = asyncio.Event()
    serving = asyncio.create_task(serve_on(telegram, listener, ready))
    await ready.wait()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
