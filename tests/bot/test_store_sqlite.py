"""What only SQLite does: one file, and what is left of it on the disk."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store import Row, StoreError, StoreUnavailableError
from bot.store.sqlite import SqliteEngine
from tests.bot.helpers import bytes_of, files_of

DAY = 24 * 3600.0
OLD_ROWS = 20_000
NAME = b"a chat's name"

WRITE_AND_DIE = """
import asyncio, os, pathlib, signal, sys
from bot.store import Row
from bot.store.sqlite import SqliteEngine

async def main():
    engine = SqliteEngine(pathlib.Path(sys.argv[1]), 60.0)
    await engine.open()
    for number in range(1, 51):
        assert await engine.write(b"%d" % number, Row(number, b"sealed"), None)
    await engine.delete(b"50")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_what_was_written_outlives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "killed.sqlite3"

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WRITE_AND_DIE, str(path)), cwd=Path(__file__).parents[2]
    )

    assert await process.wait() == -signal.SIGKILL
    engine = SqliteEngine(path, DAY)
    await engine.open()
    for number in range(1, 50):
        assert await engine.read(b"%d" % number) == Row(number, b"sealed")
    assert await engine.read(b"50") is None
    await engine.close()


async def test_what_was_deleted_is_not_left_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "cases.sqlite3"
    engine = SqliteEngine(path, DAY)
    await engine.open()
    for number in range(40):
        await engine.write(b"%d" % number, Row(number, b"not to be found" if number == 20 else b"another"), None)
    assert b"not to be found" in bytes_of(path)

    await engine.delete(b"20")

    assert b"not to be found" not in bytes_of(path)
    await engine.close()


async def test_the_files_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "private.sqlite3", DAY)
    await engine.open()
    await engine.write(NAME, Row(1, b"sealed"), None)

    files = files_of(tmp_path / "private.sqlite3")

    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await engine.close()


async def test_cases_from_before_they_were_sealed_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "earlier.sqlite3"
    with sqlite3.connect(path) as earlier:
        earlier.execute("CREATE TABLE sessions (chat_id INTEGER PRIMARY KEY, session TEXT NOT NULL)")
        earlier.execute("INSERT INTO sessions VALUES (7001, 'the grade is G2')")
    earlier.close()

    engine = SqliteEngine(path, DAY)
    await engine.open()
    await engine.write(NAME, Row(1, b"sealed"), None)
    await engine.close()

    assert b"G2" not in bytes_of(path)


async def test_tables_of_a_newer_release_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()

    with pytest.raises(StoreError, match="version 99, made by a newer release"):
        await SqliteEngine(path, DAY).open()


async def test_a_full_disk_is_told_as_such_and_what_was_there_stays(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "full.sqlite3", DAY)
    await engine.open()
    await engine.write(NAME, Row(1, b"sealed"), None)
    assert engine._connection is not None
    engine._connection.execute("PRAGMA max_page_count = 1")  # SQLite then says what it says of a full disk

    with pytest.raises(StoreUnavailableError):
        await engine.write(b"another", Row(1, b"x" * 100_000), None)

    assert await engine.read(NAME) == Row(1, b"sealed")
    await engine.close()


async def test_a_full_disk_is_found_by_trying_to_write(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "full.sqlite3", DAY)
    await engine.open()
    await engine.write(NAME, Row(1, b"sealed"), None)
    await engine.try_writing()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))  # no file of this process can grow, as on a full disk
    try:
        await engine.ping()
        with pytest.raises(StoreUnavailableError):
            await engine.try_writing()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    await engine.try_writing()
    assert await engine.read(NAME) == Row(1, b"sealed")
    await engine.close()


async def test_a_database_that_has_become_read_only_is_found_by_trying_to_write(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "cases.sqlite3", DAY)
    await engine.open()
    assert engine._connection is not None
    engine._connection.execute("PRAGMA query_only=ON")

    with pytest.raises(StoreUnavailableError):
        await engine.try_writing()

    engine._connection.execute("PRAGMA query_only=OFF")
    await engine.try_writing()
    await engine.close()


@pytest.mark.parametrize("table", ["sessions", "files"])
async def test_a_table_that_is_gone_is_noticed(tmp_path: Path, table: str) -> None:
    engine = SqliteEngine(tmp_path / "cases.sqlite3", DAY)
    await engine.open()
    with contextlib.closing(sqlite3.connect(tmp_path / "cases.sqlite3")) as other:
        other.execute(f"DROP TABLE {table}")

    with pytest.raises(StoreUnavailableError):
        await engine.ping()

    await engine.close()


async def test_a_file_that_is_gone_is_noticed(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "cases.sqlite3", DAY)
    await engine.open()
    await engine.ping()
    (tmp_path / "cases.sqlite3").unlink()

    with pytest.raises(StoreUnavailableError):
        await engine.ping()

    await engine.close()


@pytest.mark.slow
async def test_the_log_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.sqlite._LOGGED", 20)
    engine = SqliteEngine(tmp_path / "cases.sqlite3", DAY)
    await engine.open()

    for number in range(1, 2001):
        assert await engine.write(NAME, Row(number, b"sealed"), number - 1 if number > 1 else None)
        if number % 20 == 0:
            await asyncio.sleep(0.01)

    written = 2000 * 4096  # bytes at least
    assert (tmp_path / "cases.sqlite3-wal").stat().st_size < written / 3
    await engine.close()


@pytest.mark.slow
async def test_taps_go_on_while_many_rows_are_deleted(tmp_path: Path) -> None:
    """How long one waits is measured in the benchmark of the storage."""
    engine = await _engine_with_old_rows(tmp_path)
    assert await engine.write(NAME, Row(1, b"sealed"), None)
    left = set[int]()

    expiring = asyncio.create_task(engine.expire())
    while not expiring.done():
        assert await engine.read(NAME)
        assert await engine.write(NAME, Row(1, b"sealed"), 1)
        left.add(_rows(tmp_path))
        await asyncio.sleep(0.001)

    assert await expiring == OLD_ROWS
    assert len(left) > 20, "a tap came after every few rows"
    await engine.close()


async def test_a_process_that_stops_does_not_wait_until_all_old_rows_are_deleted(tmp_path: Path) -> None:
    engine = await _engine_with_old_rows(tmp_path)
    expiring = asyncio.create_task(engine.expire())
    async with asyncio.timeout(20):
        while _rows(tmp_path) == OLD_ROWS:  # noqa: ASYNC110 - the rows are deleted in a thread
            await asyncio.sleep(0.001)

    expiring.cancel()
    with pytest.raises(asyncio.CancelledError):
        await expiring
    await engine.close()

    assert 0 < _rows(tmp_path) < OLD_ROWS


async def _engine_with_old_rows(folder: Path) -> SqliteEngine:
    engine = SqliteEngine(folder / "cases.sqlite3", DAY, lambda: 1e9)
    await engine.open()
    with contextlib.closing(sqlite3.connect(folder / "cases.sqlite3")) as other:
        rows = ((number.to_bytes(16, "big"), 1, bytes(300), 1e6) for number in range(OLD_ROWS))
        other.executemany("INSERT INTO sessions VALUES (?, ?, ?, ?)", rows)
        other.commit()
    return engine


def _rows(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / "cases.sqlite3")) as other:
        return int(other.execute("SELECT count(*) FROM sessions").fetchone()[0])


@pytest.mark.slow
async def test_a_file_that_another_process_holds_is_unavailable_and_not_wrong(tmp_path: Path) -> None:
    path = tmp_path / "held.sqlite3"
    engine = SqliteEngine(path, DAY)
    await engine.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailableError):
        await engine.write(NAME, Row(1, b"sealed"), None)
    with pytest.raises(StoreUnavailableError):
        await SqliteEngine(path, DAY).open()

    other.execute("ROLLBACK")
    other.close()
    assert await engine.write(NAME, Row(1, b"sealed"), None)
    await engine.close()


def not_a_database(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("not a database at all, but long enough to be looked at " * 20)
    return path


@pytest.mark.parametrize(
    "place", [not_a_database, lambda folder: folder / "no" / "such" / "file", lambda folder: folder]
)
async def test_a_place_that_cannot_be_a_database_is_told_in_one_line(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    engine = SqliteEngine(place(tmp_path), DAY)

    with pytest.raises(StoreError) as refused:
        await engine.open()

    assert len(str(refused.value).splitlines()) == 1
    await engine.close()
