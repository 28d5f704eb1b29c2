"""What /healthz says of the database, with each engine."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
from starlette.applications import Starlette

from bot.health import Health
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from tests.bot.helpers import store_at

GREEN = (200, {"database": "ok", "telegram": "ok"})


def red(database: str) -> tuple[int, dict[str, str]]:
    return 503, {"database": database, "telegram": "ok"}


@contextlib.asynccontextmanager
async def asked(application: App, store: SessionStore) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Health(application, store, lambda: {"ready": True}).routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://worker") as client:
        yield client


async def health(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    answer = await client.get("/healthz")
    return answer.status_code, answer.json()


async def test_a_full_disk_is_red_and_green_again_when_there_is_room(application: App, store: SessionStore) -> None:
    async with asked(application, store) as client:
        assert await health(client) == GREEN
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))  # no file of this process can grow
        try:
            full = await health(client)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

        assert full == red("cannot be written")
        assert await health(client) == GREEN


async def test_a_table_or_a_file_that_is_gone_is_red(application: App, store: SessionStore, settings: Settings) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    async with asked(application, store) as client:
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE files")
        assert await health(client) == red("not reached")
        path.unlink()  # noqa: ASYNC240
        assert await health(client) == red("not reached")


async def test_a_postgresql_that_can_only_be_read_or_has_no_table_is_red(
    application: App, settings: Settings, postgres_url: str
) -> None:
    store = store_at(replace(settings, database_url=postgres_url))
    await store.open()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    with psycopg.connect(postgres_url, autocommit=True) as other:
        (name,) = other.execute("SELECT current_database()").fetchone() or ("",)
        async with asked(application, store) as client:
            assert await health(client) == GREEN
            for setting, expected in (("on", red("cannot be written")), ("off", GREEN)):
                other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {setting}".encode())
                other.execute(ended, (name,))
                assert await health(client) == expected
            other.execute("DROP TABLE sessions")
            assert await health(client) == red("not reached")
    await store.close()
