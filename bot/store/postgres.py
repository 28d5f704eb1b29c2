"""The engine for PostgreSQL, for any number of workers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg_pool import AsyncConnectionPool

from bot.store.clock import Clock
from bot.store.engine import RECORD_RETENTION, Row, StoreError, StoreUnavailableError

_PATIENCE = 3.0
"""Seconds after which a database that does not answer counts as unavailable."""

_CONNECTION_OPTIONS: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,  # milliseconds
}
"""They show a dead connection within seconds; with libpq's defaults it takes hours."""

_CLOCK_START: LiteralString = (
    "SELECT coalesce(%s::float8, extract(epoch FROM clock_timestamp())::float8), max(updated_at) FROM sessions"
)
"""Where a worker's clock starts: at the database's, since the clocks of workers differ. A test passes another time."""

_DELETED = 1000
"""Rows deleted in one statement, so that each answers within _PATIENCE."""

_CONNECTIONS = 10
"""The most connections of a worker."""

MIGRATION_LOCK = 782672
"""The advisory lock under which one process at a time changes the tables; the number is arbitrary."""

_MIGRATIONS: tuple[LiteralString, ...] = (
    """
    CREATE TABLE sessions (
        name bytea PRIMARY KEY, revision bigint NOT NULL, sealed bytea NOT NULL, updated_at double precision NOT NULL
    );
    CREATE INDEX ON sessions (updated_at);
    CREATE TABLE files (name bytea PRIMARY KEY, sealed bytea NOT NULL);
    """,
    """
    CREATE TABLE records (name bytea PRIMARY KEY, sealed bytea NOT NULL, updated_at double precision NOT NULL);
    CREATE INDEX ON records (updated_at);
    """,
)
"""Each leads from the version that is its index to the next."""

_INSERT: LiteralString = (
    "INSERT INTO sessions (name, revision, sealed, updated_at) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed, "
    "updated_at = excluded.updated_at WHERE sessions.updated_at < %s"
)
_UPDATE: LiteralString = (
    "UPDATE sessions SET revision = %s, sealed = %s, updated_at = %s WHERE name = %s AND revision = %s"
)
_AND_RECORD: LiteralString = (
    "WITH written AS ({} RETURNING name) "
    "INSERT INTO records (name, sealed, updated_at) SELECT name, %s, %s FROM written "
    "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at"
)
"""Writes a row and its record in one statement: both or neither."""

_Connection: TypeAlias = psycopg.AsyncConnection[tuple[object, ...]]


class PostgresEngine:
    """See Engine. url: as libpq takes it, postgresql://…; time_of_day: seconds since 1970, None for the database's.

    It also works through PgBouncer in transaction mode: no statement depends on another, and none is prepared.
    """

    def __init__(self, url: str, retention: float, time_of_day: Callable[[], float | None] = lambda: None) -> None:
        self._url = url
        self._retention = retention
        self._time_of_day = time_of_day
        self._now = Clock(0.0, None)
        self._pool: AsyncConnectionPool[_Connection] | None = None

    async def open(self) -> None:
        """See Engine."""
        if self._pool is not None:
            return
        try:
            async with asyncio.timeout(2 * _PATIENCE):
                async with await psycopg.AsyncConnection.connect(self._url, **_CONNECTION_OPTIONS) as connection:
                    await _migrate(connection)
                    cursor = await connection.execute(_CLOCK_START, (self._time_of_day(),))
                    time_of_day, newest = await cursor.fetchone() or (0.0, None)
        except psycopg.ProgrammingError as error:  # for example, no right to create tables
            raise StoreError(_reason(error)) from None
        except psycopg.Error as error:
            raise StoreUnavailableError(_reason(error)) from error
        except TimeoutError as error:
            raise StoreUnavailableError("it does not answer") from error
        pool: AsyncConnectionPool[_Connection] = AsyncConnectionPool(
            self._url,
            min_size=1,
            max_size=_CONNECTIONS,
            open=False,
            timeout=_PATIENCE,
            reconnect_timeout=_PATIENCE,  # after that, the next request tries to connect again
            check=AsyncConnectionPool.check_connection,  # no request meets a connection that a restart has cut
            kwargs={"autocommit": True, "prepare_threshold": None, **_CONNECTION_OPTIONS},
            name="sessions",
        )
        self._now = Clock(time_of_day, newest)
        await pool.open()
        self._pool = pool

    async def close(self) -> None:
        """See Engine."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close(timeout=1.0)

    async def ping(self) -> None:
        """See Engine."""
        async with self._connected() as connection:
            await connection.execute("SELECT 1 FROM sessions LIMIT 1")
            await connection.execute("SELECT 1 FROM files LIMIT 1")
            await connection.execute("SELECT 1 FROM records LIMIT 1")

    async def try_writing(self) -> None:
        """See Engine. Both in one transaction, which leaves no row but has to reach the disk."""
        async with self._connected() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO sessions (name, revision, sealed, updated_at) VALUES ('', 0, '', 0) "
                "ON CONFLICT (name) DO NOTHING"
            )
            await connection.execute("DELETE FROM sessions WHERE name = ''")

    async def read(self, name: bytes) -> Row | None:
        """See Engine."""
        now = self._now()
        async with self._connected() as connection:
            cursor = await connection.execute(
                "SELECT revision, sealed, %s - updated_at FROM sessions WHERE name = %s AND updated_at >= %s",
                (now, name, now - self._retention),
            )
            row = await cursor.fetchone()
        return Row(*row) if row else None  # type: ignore[arg-type]

    async def write(self, name: bytes, row: Row, number: int | None, record: bytes | None = None) -> bool:
        """See Engine."""
        now = self._now()
        values: tuple[object, ...]
        if number is None:
            statement, values = _INSERT, (name, row.number, row.sealed, now, now - self._retention)
        else:
            statement, values = _UPDATE, (row.number, row.sealed, now, name, number)
        if record is not None:
            statement, values = _AND_RECORD.format(statement), (*values, record, now)
        async with self._connected() as connection:
            cursor = await connection.execute(statement, values)
        return cursor.rowcount == 1

    async def read_record(self, name: bytes) -> bytes | None:
        """See Engine."""
        async with self._connected() as connection:
            cursor = await connection.execute(
                "SELECT sealed FROM records WHERE name = %s AND updated_at >= %s",
                (name, self._now() - RECORD_RETENTION),
            )
            row = await cursor.fetchone()
        return row[0] if row else None  # type: ignore[return-value]

    async def delete(self, name: bytes) -> None:
        """See Engine."""
        async with self._connected() as connection:
            await connection.execute(
                "WITH gone AS (DELETE FROM records WHERE name = %s) DELETE FROM sessions WHERE name = %s", (name, name)
            )

    async def expire(self) -> int:
        """See Engine."""
        now = self._now()
        await self._delete_older("records", now - RECORD_RETENTION)
        return await self._delete_older("sessions", now - self._retention)

    async def _delete_older(self, table: LiteralString, oldest: float) -> int:
        count, deleted = 0, _DELETED
        while deleted == _DELETED:
            async with self._connected() as connection:
                cursor = await connection.execute(
                    f"DELETE FROM {table} WHERE updated_at < %s AND name IN "  # noqa: S608
                    f"(SELECT name FROM {table} WHERE updated_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)",
                    (oldest, oldest, _DELETED),
                )
            deleted = cursor.rowcount
            count += deleted
        return count

    async def read_file(self, name: bytes) -> bytes | None:
        """See Engine."""
        async with self._connected() as connection:
            cursor = await connection.execute("SELECT sealed FROM files WHERE name = %s", (name,))
            row = await cursor.fetchone()
        return row[0] if row else None  # type: ignore[return-value]

    async def write_file(self, name: bytes, sealed: bytes) -> None:
        """See Engine."""
        async with self._connected() as connection:
            await connection.execute(
                "INSERT INTO files (name, sealed) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                (name, sealed),
            )

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Connection]:
        if self._pool is None:
            raise RuntimeError("the store is not open")
        try:
            async with asyncio.timeout(_PATIENCE), self._pool.connection() as connection:
                yield connection
        except (
            psycopg.Error,
            TimeoutError,
        ) as error:  # not OperationalError alone: after a failover the server may be read-only
            raise StoreUnavailableError(type(error).__name__) from error


async def _migrate(connection: _Connection) -> None:
    """Bring the tables up to date, one process at a time. Raises StoreError."""
    await connection.execute("SET LOCAL lock_timeout = '2s'")
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
    await connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)")
    row = await (await connection.execute("SELECT version FROM schema_version")).fetchone()
    version = int(str(row[0])) if row else 0
    if version > len(_MIGRATIONS):
        raise StoreError(f"its tables are of version {version}, made by a newer release")
    for statements in _MIGRATIONS[version:]:
        await connection.execute(statements)
    await connection.execute("DELETE FROM schema_version")
    await connection.execute("INSERT INTO schema_version (version) VALUES (%s)", (len(_MIGRATIONS),))


def _reason(error: psycopg.Error) -> str:
    """The server's message in one line. It may name host and user, never a password."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
