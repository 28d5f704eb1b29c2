from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

import bot.__main__
from phone.telegram import Telegram, TelegramError
from tests.bot.test_network import Page
from tests.conftest import TOKEN
from tests.support.phone import served
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds, for a machine that is busy


class Program:
    """`python -m bot` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, **variables: str) -> asyncio.subprocess.Process:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = await asyncio.create_subprocess_exec(
            # The library leaves its connection open when a token is refused.
            *(sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-m", "bot"),
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9"} | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return self.process

    async def result(self, **variables: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a run that ends by itself."""
        process = await self.start(**variables)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Exit code and stderr of a running program after that signal."""
        assert self.process is not None
        self.process.send_signal(number)
        _, err = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return self.process.returncode, err.decode()


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    program = Program(tmp_path)
    yield program
    if program.process is not None and program.process.returncode is None:
        program.process.kill()
        await program.process.communicate()


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


async def test_a_wrong_setting_stops_the_start_in_one_line(program: Program) -> None:
    code, out, err = await program.result(RETENTION_HOURS="soon")

    assert code == 2
    assert out == ""
    assert err == "RETENTION_HOURS: got 'soon', takes a whole number of hours from 1 to 8760\n"


async def test_a_setting_in_the_env_file_counts(program: Program) -> None:
    (program.folder / ".env").write_text("BOT_TOKEN=what-is-this\n")

    code, _, err = await program.result()

    assert code == 2
    assert err.startswith("BOT_TOKEN: ")
    assert "what-is-this" not in err


async def test_a_database_that_cannot_be_opened_stops_the_start_in_one_line(program: Program) -> None:
    (program.folder / "a-folder").mkdir()

    code, out, err = await program.result(DATABASE_URL="sqlite:///a-folder", LISTEN=f"127.0.0.1:{free_port()}")

    assert code == 2
    assert out == ""
    assert err.startswith("DATABASE_URL: got 'sqlite:///a-folder' (")
    assert err.count("\n") == 1


async def test_a_port_that_is_taken_stops_the_start_in_one_line(program: Program) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"

        code, out, err = await program.result(LISTEN=taken)

    assert code == 2
    assert out == ""
    assert err.startswith(f"LISTEN: got {taken!r}")
    assert err.count("\n") == 1


async def test_a_token_that_telegram_refuses_stops_the_start_in_one_line(program: Program) -> None:
    async with served(Telegram("1:another")) as address:
        code, out, err = await program.result(BOT_TOKEN=TOKEN, BOT_API_URL=address, NO_PROXY="127.0.0.1")

    assert code == 2
    assert out == ""
    assert err == f"BOT_TOKEN: refused by {address}, takes the token from @BotFather\n"


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found", "403 Forbidden", "200 OK"])
async def test_a_page_that_is_not_telegrams_is_no_refusal_of_the_token(program: Program, status: str) -> None:
    async with Page(status, "<html>{address}</html>").served() as address:
        address = address.removesuffix("/bot")
        process = await program.start(BOT_TOKEN=TOKEN, BOT_API_URL=address, NO_PROXY="127.0.0.1")
        assert process.stderr is not None
        line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
        code, err = await program.stop(signal.SIGTERM)

    assert f"not started yet: no answer from Telegram (an answer that is not Telegram's: status {status[:3]}" in line
    assert (code, TOKEN in line + err, TOKEN.partition(":")[2] in line + err) == (0, False, False)


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS_PROXY", "ftp://proxy.example"), ("SSLKEYLOGFILE", "/no/such/folder/keys")]
)
async def test_an_environment_that_the_client_cannot_take_stops_the_start_in_one_line(
    program: Program, name: str, value: str
) -> None:
    code, out, err = await program.result(BOT_TOKEN=TOKEN, **{name: value})

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{name}: got {value!r} (")


async def test_a_server_that_comes_later_than_the_bot_is_waited_for(program: Program) -> None:
    port, telegram, answered = free_port(), Telegram(TOKEN), asyncio.Event()
    telegram.phones.on_change.append(lambda: answered.set() if telegram.phones.chat(7001).live else None)
    telegram.phones.say(7001, "/start")
    process = await program.start(BOT_TOKEN=TOKEN, BOT_API_URL=f"http://127.0.0.1:{port}", NO_PROXY="127.0.0.1")
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)

    async with served(telegram, port):
        await asyncio.wait_for(answered.wait(), PATIENCE)
        code, err = await program.stop(signal.SIGTERM)

    assert "not started yet: no answer from Telegram" in line.decode()
    assert code == 0
    assert "Traceback" not in err


async def test_a_bot_that_still_waits_for_telegram_stops_at_once(program: Program) -> None:
    process = await program.start(BOT_TOKEN=TOKEN, BOT_API_URL=f"http://127.0.0.1:{free_port()}")
    assert process.stderr is not None
    await asyncio.wait_for(process.stderr.readline(), PATIENCE)

    code, err = await program.stop(signal.SIGTERM)

    assert code == 0
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_without_a_token_the_phone_page_works_until_a_signal_comes(
    program: Program, number: signal.Signals
) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    listen = address.removeprefix("http://")
    process = await program.start(LISTEN=listen, LOG_LEVEL="WARNING", ALLOWED_USERS="7001")
    assert process.stdout is not None

    line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)

    assert line.decode().startswith(f"Open {address}/")
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE) as browser:
        assert (await browser.get("/", params={"chat": "anna"})).status_code == 200
        await browser.post("/chats/anna/say", json={"text": "/start"})
        async with browser.stream("GET", "/chats/anna/events") as events:
            async for state in events.aiter_lines():
                if '"bot": true' in state:
                    break
    assert '"keyboard": [[{' in state
    assert await program.stop(number) == (0, "")
    assert (program.folder / "nen-lm.sqlite3").exists()


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::]:0"])
async def test_the_phone_page_takes_any_free_port_and_both_kinds_of_address(program: Program, listen: str) -> None:
    process = await program.start(LISTEN=listen)
    assert process.stdout is not None

    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()

    port = re.findall(r":(\d+)/ ", line)[0]
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as browser:
        assert (await browser.get(f"http://127.0.0.1:{port}/", params={"chat": "anna"})).status_code == 200
    assert int(port) != 8080
    assert (await program.stop(signal.SIGTERM))[0] == 0


async def test_with_a_token_the_bot_answers_on_telegram_until_a_signal_comes(program: Program) -> None:
    telegram, answered = Telegram(TOKEN), asyncio.Event()
    telegram.phones.on_change.append(lambda: answered.set() if telegram.phones.chat(7001).live else None)
    telegram.phones.say(7001, "/start")

    async with served(telegram) as address:
        await program.start(BOT_TOKEN=TOKEN, BOT_API_URL=address, LOG_LEVEL="DEBUG", NO_PROXY="127.0.0.1")
        await asyncio.wait_for(answered.wait(), PATIENCE)
        code, err = await program.stop(signal.SIGTERM)

    assert code == 0
    assert telegram.phones.chat(7001).messages[-1].buttons
    assert "polling begins" in err
    assert "Traceback" not in err
    for private in (TOKEN, "7001", "/start", "Trainee"):
        assert private not in err


async def test_a_worker_takes_updates_until_a_signal_comes_and_ends_what_is_under_way(program: Program) -> None:
    """Telegram asks it to wait in the middle of an answer; the signal comes then."""
    telegram, worker = Telegram(TOKEN), f"http://127.0.0.1:{free_port()}"

    async with served(telegram) as address, httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        await program.start(
            BOT_TOKEN=TOKEN,
            BOT_API_URL=address,
            WEBHOOK_URL="https://ward.example/telegram",
            LISTEN=worker.removeprefix("http://"),
            LOG_LEVEL="INFO",
            NO_PROXY="127.0.0.1",
        )
        await _until(client, f"{worker}/readyz", 200)
        hook = telegram.delivery.webhook
        assert hook is not None
        secret = {"X-Telegram-Bot-Api-Secret-Token": hook.secret}
        assert (await client.post(f"{worker}/telegram", json=telegram.phones.say(7001, "/start"))).status_code == 403
        telegram.fail("sendMessage", TelegramError(429, "Too Many Requests: retry after 1", 1))
        update = telegram.phones.say(7001, "/start")
        answer = asyncio.create_task(client.post(f"{worker}/telegram", json=update, headers=secret))
        while not any(method == "sendMessage" for method, _ in telegram.calls):  # noqa: ASYNC110 - it changes nothing
            await asyncio.sleep(0.01)

        code, err = await program.stop(signal.SIGTERM)

        assert (await answer).status_code == 200
    assert code == 0
    assert telegram.phones.chat(7001).messages[-1].buttons
    assert "Traceback" not in err
    for private in (TOKEN, hook.secret, "7001", "Trainee"):
        assert private not in err


async def test_a_polling_process_tells_its_health_where_it_is_told_to_listen(program: Program) -> None:
    """The image's health check asks both pages."""
    telegram, door = Telegram(TOKEN), f"http://127.0.0.1:{free_port()}"
    async with served(telegram) as address, httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        telegram.fail("getMe", "drop", times=1)
        await program.start(
            BOT_TOKEN=TOKEN, BOT_API_URL=address, LISTEN=door.removeprefix("http://"), NO_PROXY="127.0.0.1"
        )
        await _until(client, f"{door}/readyz", 503)
        await _until(client, f"{door}/readyz", 200)
        health = await client.get(f"{door}/healthz")
        metrics = (await client.get(f"{door}/metrics")).text
        updates = (await client.post(f"{door}/telegram", json=telegram.phones.say(7001, "/start"))).status_code
        code, err = await program.stop(signal.SIGTERM)

    assert (health.status_code, health.json()) == (200, {"database": "ok", "telegram": "ok"})
    assert "nenlm_content_info" in metrics
    assert (updates, code, "Traceback" in err) == (404, 0, False)


@pytest.mark.parametrize("closed", ["2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
async def test_a_program_that_is_started_without_its_streams_works(tmp_path: Path, closed: str) -> None:
    telegram, answered = Telegram(TOKEN), asyncio.Event()
    telegram.phones.on_change.append(lambda: answered.set() if telegram.phones.chat(7001).live else None)
    telegram.phones.say(7001, "/start")
    async with served(telegram) as address:
        process = await asyncio.create_subprocess_shell(
            f"exec {sys.executable} -m bot {closed}",
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "BOT_TOKEN": TOKEN, "BOT_API_URL": address, "LOG_LEVEL": "DEBUG"},
        )
        await asyncio.wait_for(answered.wait(), PATIENCE)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), PATIENCE)

    assert code == 0
    assert (tmp_path / "nen-lm.sqlite3").read_bytes().startswith(b"SQLite format 3")


async def test_a_program_whose_log_nobody_reads_any_more_works(program: Program) -> None:
    telegram, answered = Telegram(TOKEN), asyncio.Event()
    telegram.phones.on_change.append(lambda: answered.set() if telegram.phones.chat(7001).live else None)
    async with served(telegram) as address:
        process = await program.start(BOT_TOKEN=TOKEN, BOT_API_URL=address, LOG_LEVEL="DEBUG", NO_PROXY="127.0.0.1")
        assert process.stderr is not None
        await asyncio.wait_for(process.stderr.readline(), PATIENCE)
        process.stderr._transport.close()  # type: ignore[attr-defined]
        telegram.phones.say(7001, "/start")
        await asyncio.wait_for(answered.wait(), PATIENCE)
        process.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def _until(client: httpx.AsyncClient, address: str, status: int) -> None:
    """Ask until it answers so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(address)).status_code == status:
                    return
            await asyncio.sleep(0.05)


async def test_a_worker_waits_for_its_database_and_says_so(
    program: Program, postgres: Postgres, postgres_url: str
) -> None:
    telegram, worker = Telegram(TOKEN), f"http://127.0.0.1:{free_port()}"
    postgres.stop()
    async with served(telegram) as address, httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        process = await program.start(
            BOT_TOKEN=TOKEN,
            BOT_API_URL=address,
            DATABASE_URL=postgres_url,
            WEBHOOK_URL="https://ward.example/",
            LISTEN=worker.removeprefix("http://"),
            NO_PROXY="127.0.0.1",
        )
        await _until(client, f"{worker}/readyz", 503)
        health = (await client.get(f"{worker}/healthz")).json()
        assert process.stderr is not None
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
        postgres.start()
        await _until(client, f"{worker}/healthz", 200)
        await _until(client, f"{worker}/readyz", 200)
        code, _ = await program.stop(signal.SIGTERM)

    assert health == {"database": "not reached", "telegram": "ok"}
    assert "not started yet: no answer from the database" in line.decode()
    assert code == 0


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("ward.example", "http://ward.example:8080"),
    ],
)
def test_the_page_has_an_address_that_can_be_opened(host: str, address: str) -> None:
    assert bot.__main__.page_address(host, 8080) == address
