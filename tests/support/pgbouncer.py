"""Debian's PgBouncer in front of a test's PostgreSQL, in transaction mode."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_PATIENCE = 20.0  # seconds

_CONFIGURATION = """
[databases]
* = host={sockets} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_reset_query =
"""


@contextlib.contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """The address of the database at `url`, through a PgBouncer that has two connections to it for everybody."""
    parts = urlsplit(url)
    sockets = Path(parse_qs(parts.query)["host"][0])
    owner = sockets.stat().st_uid  # PgBouncer does not run as root, and only the server's user reaches its socket
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    shutil.chown(folder, owner)
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(_CONFIGURATION.format(sockets=sockets, port=port))
    configuration.chmod(0o644)
    running = subprocess.Popen(["pgbouncer", "-q", configuration], user=owner, stderr=subprocess.DEVNULL)
    try:
        _wait(port, running)
        yield f"postgresql://postgres@127.0.0.1:{port}{parts.path}"
    finally:
        running.kill()
        running.wait()
        shutil.rmtree(folder)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    """Until it listens."""
    until = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        assert running.poll() is None, "PgBouncer does not start"
        assert time.monotonic() < until, "PgBouncer does not listen"
        time.sleep(0.02)
