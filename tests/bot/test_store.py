from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store import SqliteStore, Stored, StoreError
from dialogs.conversation import Command, Conversation, Tap
from dialogs.session import Session

CHAT = 700123456

SAVE_AND_DIE = """
import asyncio, os, pathlib, signal, sys
from bot.store import SqliteStore
from dialogs.session import Session

async def main():
    store = SqliteStore(pathlib.Path(sys.argv[1]))
    await store.open()
    for chat_id in range(1, 51):
        await store.save(chat_id, Session.from_json(sys.argv[2]), chat_id * 10)
    await store.delete(50)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def session(conversation: Conversation) -> Session:
    """A session in which one button has been tapped."""
    first = conversation.respond(None, Command("start"))
    turn = conversation.respond(first.session, Tap(first.screen.rows[0][0].action))
    assert turn.session is not None
    return turn.session


def files_of(path: Path) -> list[Path]:
    """The database, its write-ahead log and that log's index."""
    return sorted(path.parent.glob(f"{path.name}*"))


def bytes_of(path: Path) -> bytes:
    """Everything that the database has on disk."""
    return b"".join(file.read_bytes() for file in files_of(path))


async def test_a_chat_that_was_never_seen_has_no_row(store: SqliteStore) -> None:
    assert await store.load(CHAT) is None


async def test_what_was_saved_is_loaded(store: SqliteStore, session: Session) -> None:
    await store.save(CHAT, session, None)
    await store.save(CHAT, session, 12)
    await store.save(CHAT + 1, session, None)

    assert await store.load(CHAT) == Stored(session, 12)
    assert await store.load(CHAT + 1) == Stored(session, None)


async def test_a_deleted_row_is_gone_and_the_others_stay(store: SqliteStore, session: Session) -> None:
    await store.save(CHAT, session, 12)
    await store.save(CHAT + 1, session, 13)

    await store.delete(CHAT)
    await store.delete(CHAT)

    assert await store.load(CHAT) is None
    assert await store.load(CHAT + 1) == Stored(session, 13)


async def test_deleted_answers_are_not_left_on_the_disk(store: SqliteStore, session: Session, tmp_path: Path) -> None:
    gone = session.changed(answers=(("grade", "G2"), ("pattern", "II")))
    answers = gone.to_json().encode()
    for chat_id in range(CHAT - 20, CHAT + 20):
        await store.save(chat_id, gone if chat_id == CHAT else session, 12)
    assert answers in bytes_of(tmp_path / "sessions.sqlite3")

    await store.delete(CHAT)

    assert answers not in bytes_of(tmp_path / "sessions.sqlite3")


async def test_only_rows_older_than_the_limit_expire(tmp_path: Path, session: Session) -> None:
    clock = iter([100.0, 200.0, 300.0])
    store = SqliteStore(tmp_path / "clock.sqlite3", now=lambda: next(clock))
    await store.open()
    for chat_id in (1, 2, 3):
        await store.save(chat_id, session, None)

    assert await store.expire(before=200.0) == 1
    assert await store.expire(before=200.0) == 0
    assert await store.load(1) is None
    assert await store.load(2) is not None
    await store.close()


@pytest.mark.parametrize("broken", ["", "null", "[]", "{}", "{", '{"secret": 1}', "\x00", "1e999", "[" * 100_000])
async def test_a_row_that_cannot_be_read_counts_as_none_and_is_not_quoted(
    store: SqliteStore, session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    await store.save(CHAT, session, 12)
    with sqlite3.connect(tmp_path / "sessions.sqlite3") as other:
        other.execute("UPDATE sessions SET session = ?", (broken,))
    other.close()

    with caplog.at_level(logging.DEBUG):
        assert await store.load(CHAT) is None

    (record,) = caplog.records
    assert "cannot be read" in record.getMessage()
    assert str(CHAT) not in record.getMessage()
    assert "secret" not in record.getMessage()


async def test_what_was_saved_outlives_kill_9(tmp_path: Path, session: Session) -> None:
    path = tmp_path / "killed.sqlite3"
    command = [sys.executable, "-c", SAVE_AND_DIE, str(path), session.to_json()]

    process = await asyncio.create_subprocess_exec(*command, cwd=Path(__file__).parents[2])

    assert await process.wait() == -signal.SIGKILL
    store = SqliteStore(path)
    await store.open()
    assert [await store.load(chat_id) for chat_id in range(1, 50)] == [
        Stored(session, chat_id * 10) for chat_id in range(1, 50)
    ]
    assert await store.load(50) is None
    await store.close()


async def test_the_files_can_be_read_by_their_owner_only(tmp_path: Path, session: Session) -> None:
    store = SqliteStore(tmp_path / "private.sqlite3")
    await store.open()
    await store.save(CHAT, session, None)

    files = files_of(tmp_path / "private.sqlite3")

    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await store.close()


async def test_opening_and_closing_twice_is_fine(tmp_path: Path, session: Session) -> None:
    store = SqliteStore(tmp_path / "twice.sqlite3")
    await store.close()
    await store.open()
    await store.open()
    await store.save(CHAT, session, 5)
    await store.close()
    await store.close()

    with pytest.raises(RuntimeError, match="not open"):
        await store.load(CHAT)
    await store.open()
    assert await store.load(CHAT) == Stored(session, 5)
    await store.close()


async def test_a_file_id_is_kept_until_a_newer_one_comes(store: SqliteStore) -> None:
    assert await store.file_id("flowchart") is None

    await store.keep_file_id("flowchart", "first")
    await store.keep_file_id("pocket-card", "other")
    await store.keep_file_id("flowchart", "second")

    assert await store.file_id("flowchart") == "second"
    assert await store.file_id("pocket-card") == "other"


async def test_forgetting_cases_leaves_the_file_ids(store: SqliteStore, session: Session) -> None:
    await store.save(CHAT, session, 12)
    await store.keep_file_id("flowchart", "first")

    await store.delete(CHAT)
    await store.expire(before=4e9)

    assert await store.file_id("flowchart") == "first"


async def test_a_database_from_before_file_ids_is_taken(tmp_path: Path, session: Session) -> None:
    path = tmp_path / "earlier.sqlite3"
    earlier = SqliteStore(path)
    await earlier.open()
    await earlier.save(CHAT, session, 12)
    await earlier.close()
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE files")
    other.close()

    store = SqliteStore(path)
    await store.open()

    assert await store.load(CHAT) == Stored(session, 12)
    assert await store.file_id("flowchart") is None
    await store.close()


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
    store = SqliteStore(place(tmp_path))

    with pytest.raises(StoreError) as refused:
        await store.open()

    assert len(str(refused.value).splitlines()) == 1
    await store.close()


async def test_answers_taken_back_are_not_left_on_the_disk(store: SqliteStore, settings: Settings) -> None:
    session = Session(1, "v", True, (("grade", "G3-not-to-be-found"),))
    await store.save(CHAT, session, 12)
    await store.save(CHAT, session.changed(answers=()), 12)

    kept = b"".join(path.read_bytes() for path in settings.database.parent.glob(f"{settings.database.name}*"))
    assert b"not-to-be-found" not in kept
