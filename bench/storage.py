"""A million stored cases: what one more costs, how much room each takes, and who waits while old ones are deleted."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import tempfile
import time
from pathlib import Path

from bench.measure import Row, beside_async
from bench.ways import in_another_process
from bot.store import Seal, SessionStore, Stored
from bot.store.sqlite import SqliteEngine
from dialogs.session import Session

FEW, MANY = 1_000, 1_000_000
_CALLS = 500
_LOOK = 0.001  # seconds between two looks at whether the loop is free
_HOUR = 3600.0


async def rows() -> list[Row]:
    """The rows of the table."""
    _, paths = in_another_process()
    session = Session.from_json(paths[0][-1].session)  # a complete case
    with tempfile.TemporaryDirectory() as name:
        few, many = Path(name, "few.sqlite3"), Path(name, "many.sqlite3")
        for file, count in ((few, FEW), (many, MANY)):
            await _fill(file, session, count)
        size = _size(many) / MANY
        small, large = _store(few), _store(many)
        await small.open()
        await large.open()
        seconds, more = await beside_async(lambda: _kept(small, FEW), lambda: _kept(large, MANY))
        await small.close()
        await large.close()
        wait = await _swept(many)
    return [
        Row("load and save", seconds * 1e6, "µs"),
        Row(f"load and save with {MANY:,} cases ÷ with {FEW:,}", more / seconds, must=1.3),
        Row("room for each case", size, "bytes", must=450),
        Row(f"longest wait of others while {MANY:,} old cases are deleted", wait * 1e3, "ms", must=20),
    ]


def _store(file: Path, now: float = 0.0) -> SessionStore:
    return SessionStore(SqliteEngine(file, _HOUR, lambda: now), Seal("1:bench"))


def _size(file: Path) -> int:
    return file.stat().st_size


async def _fill(file: Path, session: Session, count: int) -> None:
    """So many rows, as the store itself writes one: sealed anew, under names of their own."""
    store, seal = _store(file), Seal("1:bench")
    await store.open()
    await store.save(1, Stored(session, 7, arrived=True, answered=tuple(range(10**9, 10**9 + 20))), None)
    await store.close()
    with sqlite3.connect(file) as connection:
        (row,) = connection.execute("SELECT * FROM sessions").fetchall()
        columns = [column[1] for column in connection.execute("PRAGMA table_info(sessions)")]
        at = columns.index("sealed")
        name = row[columns.index("name")]
        text = seal.open(name, row[at])

        def another(chat: int) -> tuple[object, ...]:
            own = seal.name("chat", chat)
            values = dict(zip(columns, row, strict=True)) | {"name": own, "sealed": seal.seal(own, text)}
            return tuple(values[column] for column in columns)

        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO sessions VALUES ({marks})", map(another, range(2, count + 1)))
    connection.close()


async def _kept(store: SessionStore, count: int) -> float:
    """Seconds to load a case and save it, all over the table."""
    gc.collect()
    began = time.process_time()
    for call in range(_CALLS):
        chat = 1 + (call * 7919) % count
        before = await store.load(chat)
        assert before is not None
        await store.save(chat, Stored(before.session.changed(), 7, arrived=True, answered=before.answered), before)
    return (time.process_time() - began) / _CALLS


async def _swept(file: Path) -> float:
    """The longest time, in seconds, for which nobody else was served while all cases were deleted."""
    store = _store(file, now=2 * _HOUR)
    await store.open()
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_LOOK)
            now = time.perf_counter()
            longest, last = max(longest, now - last - _LOOK), now

    waiting = asyncio.create_task(others())
    await asyncio.sleep(0.05)
    count = await store.expire()
    waiting.cancel()
    await store.close()
    if count < MANY - FEW:
        raise AssertionError(f"only {count} of {MANY} were deleted")
    return longest
