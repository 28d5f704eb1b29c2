"""What only PostgreSQL does: it is elsewhere, goes away and comes back, and several workers start on it at once."""

from __future__ import annotations

import asyncio
import shutil

import psycopg
import pytest

from bot.store import Seal, SessionStore, Stored, StoreError, StoreUnavailableError
from bot.store.postgres import MIGRATION_LOCK, PostgresEngine
from tests.bot.test_store import CHAT, HOUR, SESSION
from tests.conftest import TOKEN
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow


async def test_a_database_that_is_gone_is_unavailable_and_comes_back(postgres: Postgres, postgres_url: str) -> None:
    store = SessionStore(PostgresEngine(postgres_url, HOUR), Seal(TOKEN))
    await store.open()
    await store.save(CHAT, Stored(SESSION, 12), None)

    postgres.stop(at_once=True)
    for deed in (store.load(CHAT), store.save(CHAT, Stored(SESSION, 1), Stored(SESSION, 12)), store.ping()):
        with pytest.raises(StoreUnavailableError):
            await deed
    with pytest.raises(StoreUnavailableError):
        await PostgresEngine(postgres_url, HOUR).open()
    postgres.start()

    assert await store.load(CHAT) == Stored(SESSION, 12)
    await store.close()


async def test_a_database_that_was_restarted_between_two_taps_costs_nobody_an_answer(
    postgres: Postgres, postgres_url: str
) -> None:
    store = SessionStore(PostgresEngine(postgres_url, HOUR), Seal(TOKEN))
    await store.open()
    await store.save(CHAT, Stored(SESSION, 12), None)

    postgres.stop()
    postgres.start()

    assert await store.load(CHAT) == Stored(SESSION, 12)
    await store.close()


async def test_tables_of_a_newer_release_are_left_alone(postgres_url: str) -> None:
    engine = PostgresEngine(postgres_url, HOUR)
    await engine.open()
    async with engine._connected() as connection:
        await connection.execute("UPDATE schema_version SET version = 99")
    await engine.close()

    with pytest.raises(StoreError, match="version 99, made by a newer release"):
        await engine.open()


async def test_a_database_that_can_only_be_read_is_unavailable_and_not_wrong(postgres_url: str) -> None:
    engine = PostgresEngine(postgres_url, HOUR)
    await engine.open()
    store = SessionStore(engine, Seal(TOKEN))
    with psycopg.connect(postgres_url, autocommit=True) as other:  # as a failover to a replica does
        (name,) = other.execute("SELECT current_database()").fetchone() or ("",)
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (name,),
        )

    with pytest.raises(StoreUnavailableError):
        await store.save(CHAT, Stored(SESSION, 12), None)
    with pytest.raises(StoreUnavailableError):
        await store.delete(CHAT)
    await store.ping()
    with pytest.raises(StoreUnavailableError):
        await store.try_writing()
    await engine.close()
    with pytest.raises(StoreUnavailableError):
        await engine.open()


@pytest.mark.parametrize("table", ["sessions", "files"])
async def test_a_table_that_is_gone_is_noticed(postgres_url: str, table: str) -> None:
    engine = PostgresEngine(postgres_url, HOUR)
    await engine.open()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(f"DROP TABLE {table}".encode())

    with pytest.raises(StoreUnavailableError):
        await engine.ping()

    await engine.close()


async def test_more_rows_than_are_deleted_at_once_expire(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.postgres._DELETED", 10)
    engine = PostgresEngine(postgres_url, HOUR)
    await engine.open()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("INSERT INTO sessions SELECT int4send(n), 1, '', 0 FROM generate_series(1, 25) n")

    assert await engine.expire() == 25

    await engine.close()


async def test_a_worker_whose_clock_is_wrong_deletes_nothing(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SessionStore(PostgresEngine(postgres_url, HOUR), Seal(TOKEN))
    await store.open()
    await store.save(CHAT, Stored(SESSION, 12), None)
    monkeypatch.setattr("time.time", lambda: 4e9)

    assert await store.expire() == 0
    assert await store.load(CHAT) is not None
    await store.close()


async def test_a_start_that_waits_for_another_one_is_not_without_end(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))

        with pytest.raises(StoreUnavailableError):
            await PostgresEngine(postgres_url, HOUR).open()


@pytest.mark.skipif(not shutil.which("pgbouncer"), reason="no PgBouncer")
async def test_several_workers_behind_pgbouncer_in_transaction_mode(postgres_url: str) -> None:
    """Its two connections are given to whoever has a statement, so each of them meets every worker's."""
    with pgbouncer(postgres_url) as url:
        stores = [SessionStore(PostgresEngine(url, HOUR), Seal(TOKEN)) for _ in range(3)]
        await asyncio.gather(*(store.open() for store in stores))

        async def talk(chat: int) -> None:
            before = None
            for number in range(20):
                store = stores[(chat + number) % len(stores)]
                assert await store.load(chat) == before
                after = Stored(SESSION.changed(open=str(number)), number)
                before = await store.save(chat, after, before)
                assert before
            await stores[0].keep_file_id(str(chat), "id")
            assert await stores[1].file_id(str(chat)) == "id"

        await asyncio.gather(*(talk(chat) for chat in range(10)))
        for store in stores:
            await store.ping()
            await store.try_writing()
            assert await store.expire() == 0
        await stores[2].delete(1)
        assert await stores[0].load(1) is None
        await asyncio.gather(*(store.close() for store in stores))
