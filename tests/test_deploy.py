"""What deploy/ says holds together: with the settings, with the folders, and from one file to the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE, COMPOSE, NGINX, UNIT, PAGE = (
    (DEPLOY / name).read_text("utf-8")
    for name in ("Dockerfile", "compose.yaml", "nginx.conf", "nen-lm-guide.service", "README.md")
)
NOT_OURS = {
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD_FILE",
    "AF_INET",
    "AF_UNIX",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
}
WORKERS = re.findall(r"^  worker-\d+:\n(?:    .*\n)+", COMPOSE, re.MULTILINE)
TAKES, DRAINS = "200 OK", "503 Service Unavailable"
UPSTREAM = re.findall(r"^ *server ([\d.]+):(\d+)", NGINX, re.MULTILINE)


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, UNIT, PAGE], ids=["Dockerfile", "compose", "unit", "page"])
def test_every_setting_that_is_named_is_one(text: str) -> None:
    settings = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))

    named = set(re.findall(r"\b(?:[A-Z]+(?:_[A-Z]+)+|LISTEN)\b", text)) - NOT_OURS

    assert named
    assert {name.removesuffix("_FILE") for name in named} <= settings


def test_no_setting_stands_twice_in_the_workers_environment() -> None:
    """YAML forbids it, and compose does not start then."""
    block = COMPOSE.partition("x-worker:")[2].partition("secrets:")[0]
    names = re.findall(r"^    ([A-Z_]+): ", block, re.MULTILINE)

    assert len(names) > 5
    assert len(names) == len(set(names))


def test_the_image_holds_the_program_and_nothing_else() -> None:
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.MULTILINE)

    assert set(copied) == {"requirements.txt", "pyproject.toml", "bot", "dialogs", "guideline", "templates"}
    assert all((ROOT / name).exists() for name in copied)
    assert ignore[1] == "*"
    assert {line[1:] for line in ignore if line.startswith("!")} == set(copied)


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)


def test_nginx_stands_before_the_three_workers_that_there_are() -> None:
    addresses = [re.findall(r"ipv4_address: ([\d.]+)", worker) for worker in WORKERS]
    listens = re.search(r"LISTEN=0\.0\.0\.0:(\d+)", DOCKERFILE)

    assert len(WORKERS) == 3
    assert [[host] for host, _ in UPSTREAM] == addresses
    assert listens
    assert {port for _, port in UPSTREAM} == {listens[1]}


def test_only_nginx_is_reached_from_outside() -> None:
    assert re.findall(r"^ +ports: (.*)$", COMPOSE, re.MULTILINE) == ['["443:8443"]']
    assert "internal: true" in COMPOSE


def test_the_path_of_the_webhook_is_the_same_everywhere() -> None:
    path = re.findall(r"location = (/\S+)", NGINX)

    assert len(path) == 1
    assert re.findall(r"https://host(/\w+)", COMPOSE) == path
    assert set(re.findall(r"WEBHOOK_URL=https://[\w.]+(/\w+)", PAGE)) == set(path)


def test_what_the_page_says_of_secrets_is_what_compose_reads() -> None:
    files = set(re.findall(r"file: \./(secrets/\w+)", COMPOSE))

    assert files
    assert files <= set(re.findall(r"secrets/\w+", PAGE))
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_a_process_that_drains_is_left_the_time_for_it() -> None:
    drain = 10  # seconds, promised by the bot
    grace = re.search(r"stop_grace_period: (\d+)s", COMPOSE)
    stop = re.search(r"TimeoutStopSec=(\d+)", UNIT)

    assert grace
    assert stop
    assert min(int(grace[1]), int(stop[1])) > drain


@pytest.mark.parametrize(("status", "healthy"), [(TAKES, True), (DRAINS, False)])
async def test_the_image_tells_whether_a_worker_is_healthy(status: str, healthy: bool) -> None:
    found = re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", DOCKERFILE.replace("\\\n", ""), re.MULTILINE)
    assert found
    _, option, program = json.loads(found[1])

    async with _Worker(status).listening() as port:
        asking = await asyncio.create_subprocess_exec(
            *(sys.executable, option, program),
            env=os.environ | {"LISTEN": f"0.0.0.0:{port}", "http_proxy": "http://127.0.0.1:9"},
            stderr=asyncio.subprocess.DEVNULL,
        )

        assert (await asking.wait() == 0) is healthy


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "nen-lm-guide.service"
    unit.write_text(UNIT.replace("/opt/nen-lm-guide/.venv/bin/python", sys.executable), "utf-8")

    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")


@pytest.fixture
def nginx(tmp_path: Path) -> Path:
    """nginx.conf as it is, but for its folders, which are the test's own."""
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("no nginx")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    made += ["-keyout", str(tmp_path / "tls_key"), "-out", str(tmp_path / "tls_certificate")]
    subprocess.run(made, capture_output=True, check=True)
    conf = tmp_path / "nginx.conf"
    conf.write_text(re.sub(r"(?<= )(/tmp|/run/secrets)(?=/)", str(tmp_path), NGINX), "utf-8")
    return conf


def test_nginx_takes_its_configuration(nginx: Path) -> None:
    told = subprocess.run(["nginx", "-t", "-q", "-c", nginx], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")


async def test_an_update_goes_to_the_worker_that_takes_it_and_nothing_else_goes_through(nginx: Path) -> None:
    one, other = _Worker(DRAINS), _Worker(DRAINS)
    async with one.listening() as first, other.listening() as second:
        door = _free_port()
        _lead(nginx, door, (_free_port(), first, second))
        running = await asyncio.create_subprocess_exec(
            "nginx", "-c", nginx, "-g", "daemon off;", stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await _listening(door)
            refused = [await _asked(door, "POST /telegram") for _ in range(3)]
            other.status = TAKES  # at once: none is left out because of what it said before
            taken = [await _asked(door, "POST /telegram") for _ in range(6)]
            inside = "/metrics", "/healthz", "/readyz", "/telegram/", "/"
            others = [await _asked(door, f"GET {path}") for path in inside]
            looked = await _asked(door, "GET /telegram")
        finally:
            running.terminate()
            await running.wait()

    assert set(refused) <= {502, 503}
    assert taken == [200] * 6
    assert other.answered.count(TAKES) == 6
    assert (looked, others) == (403, [404] * 5)


def _lead(nginx: Path, door: int, workers: tuple[int, ...]) -> None:
    """Let nginx listen at `door` and lead to `workers`, all on this machine."""
    conf = nginx.read_text("utf-8").replace("listen 8443", f"listen 127.0.0.1:{door}")
    for (host, port), here in zip(UPSTREAM, workers, strict=True):
        conf = conf.replace(f"{host}:{port}", f"127.0.0.1:{here}")
    nginx.write_text(conf, "utf-8")


class _Worker:
    """Answers everything with its status."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.answered: list[str] = []

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Answer meanwhile, on that port."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        self.answered.append(self.status)
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


def _free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


async def _listening(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


async def _asked(port: int, what: str) -> int:
    """The status of an answer, over TLS."""
    trusting = ssl._create_unverified_context()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.write(f"{what} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status
