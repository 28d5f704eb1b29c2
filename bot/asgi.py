"""Serving a web application on a listening socket, in the event loop that is running."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 means any free one. On `::` it takes IPv4 too where the system can do both.

    Raises OSError with the reason in one line.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        listener = socket.create_server((host, port), family=family, dualstack_ipv6=both)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise OSError(f"cannot listen on {host}:{port}: {reason}") from None
    # Its connections inherit it. Else the body of an answer waits 40 ms for the head to be acknowledged: asyncio sees
    # to that only on sockets that it has made itself.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def served(
    app: ASGIApp,
    listener: socket.socket,
    ready: asyncio.Event,
    leaving: Callable[[], None],
    grace: int,
) -> None:
    """Serve the application on a listening socket until cancelled. ready: set once it accepts requests.

    When cancelled, `leaving` is called, requests under way have `grace` seconds to end, and the socket is closed.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=grace,
    )
    server = _Server(config, ready)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(running)
    finally:
        leaving()
        server.should_exit = True
        await running


async def body_of(request: Request, largest: int) -> bytes | None:
    """The body of a request; None when it has more than `largest` bytes, whose rest is not read.

    Raises ClientDisconnect.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > largest:
            return None
    return bytes(body)


class _Server(uvicorn.Server):
    """Sets an event once it accepts requests, and leaves signals to the program."""

    def __init__(self, config: uvicorn.Config, ready: asyncio.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
