"""The store, the same on both engines; each is a real one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.store import Engine, Row, Seal, SessionStore, Stored, engine_for
from bot.store.postgres import PostgresEngine
from bot.store.sessions import KEPT
from bot.store.sqlite import SqliteEngine
from dialogs.session import Session
from tests.conftest import TOKEN

CHAT = 700123456
HOUR = 3600.0
SESSION = Session(41, "2012.1.0", True, (("grade", "G2"), ("pattern", "II")))


@dataclass
class Time:
    """The time as a test sets it. day: what the machine's clock says. running: since when it runs."""

    day: float = 1e9
    running: float = 5e5


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr("bot.store.clock.running", lambda: time.running)
    return time


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cases.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))


def engine_at(url: str, clock: Time) -> Engine:
    """The engine of a worker that keeps rows for an hour."""
    if url.startswith("sqlite"):
        return SqliteEngine(Path(url.removeprefix("sqlite:///")), HOUR, lambda: clock.day)
    return PostgresEngine(url, HOUR, lambda: clock.day)


@pytest.fixture
async def engine(url: str, clock: Time) -> AsyncIterator[Engine]:
    engine = engine_at(url, clock)
    await engine.open()
    yield engine
    await engine.close()


@pytest.fixture
def store(engine: Engine) -> SessionStore:
    return SessionStore(engine, Seal(TOKEN))


async def test_a_chat_that_was_never_seen_has_no_row(store: SessionStore) -> None:
    assert await store.load(CHAT) is None


async def test_what_was_saved_is_loaded(store: SessionStore) -> None:
    first = Stored(SESSION, None).with_answered(5, SESSION)
    second = replace(first.with_answered(10**20, SESSION), message_id=12, arrived=True)
    assert await store.save(CHAT, second, await store.save(CHAT, first, None))
    assert await store.save(CHAT + 1, first, None)

    loaded = await store.load(CHAT)

    assert loaded == second
    assert loaded is not None
    assert loaded.arrived
    assert loaded.answered == (5, 10**20)
    assert await store.load(CHAT + 1) == first


def test_an_update_was_answered_or_overtaken_or_is_new() -> None:
    stored = Stored(SESSION, None).with_answered(10, SESSION).with_answered(12, SESSION)

    assert stored.has_answered(10)
    assert not stored.has_answered(11)
    assert stored.is_past(11)
    assert not stored.is_past(12)
    assert not stored.is_past(13)
    assert not stored.has_answered(13)


def test_of_many_answered_updates_the_last_are_kept_and_earlier_ones_count_as_answered() -> None:
    stored = Stored(SESSION, None)
    for number in range(1000, 1000 + 3 * KEPT, 2):
        stored = stored.with_answered(number, SESSION)

    assert len(stored.answered) == KEPT
    assert stored.has_answered(1000)
    assert stored.has_answered(1001)
    assert not stored.has_answered(stored.answered[-1] - 1)
    assert not stored.has_answered(1000 - 100_000), "after a quiet week Telegram may start from anywhere"
    assert not stored.is_past(1000 - 100_000)


async def test_who_was_slower_changes_nothing(store: SessionStore) -> None:
    quick, slow = Stored(SESSION.changed(answers=()), 12), Stored(SESSION.changed(open="grade"), 13)
    before = await store.save(CHAT, Stored(SESSION, 12), None)

    assert await store.save(CHAT, quick, before)
    assert not await store.save(CHAT, slow, before)
    assert not await store.save(CHAT, slow, None)

    assert await store.load(CHAT) == quick


async def test_the_same_session_written_by_two_is_written_by_one(store: SessionStore) -> None:
    """Neither loses what the other has noted, though the session is the same."""
    before = await store.save(CHAT, Stored(SESSION, 12), None)

    assert await store.save(CHAT, Stored(SESSION, 12).with_answered(5, SESSION), before)
    assert not await store.save(CHAT, Stored(SESSION, 12).with_answered(6, SESSION), before)


async def test_of_many_at_once_one_is_the_first(url: str, clock: Time) -> None:
    engines = [engine_at(url, clock) for _ in range(4)]
    await asyncio.gather(*(engine.open() for engine in engines))  # each makes the tables, if it is the first
    stores = [SessionStore(engine, Seal(TOKEN)) for engine in engines]
    first = await asyncio.gather(*(store.save(CHAT, Stored(SESSION, None), None) for store in stores * 5))
    before = await stores[0].load(CHAT)
    assert before is not None
    later = [replace(before, session=replace(SESSION, revision=number)) for number in range(100, 120)]
    second = await asyncio.gather(
        *(store.save(CHAT, one, before) for store, one in zip(stores * 5, later, strict=True))
    )

    assert len(stores * 5) - first.count(None) == 1
    (won,) = (one for one in second if one)
    assert await stores[0].load(CHAT) == won
    await asyncio.gather(*(engine.close() for engine in engines))


async def test_a_deleted_row_is_gone_and_the_others_stay(store: SessionStore) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)
    await store.save(CHAT + 1, Stored(SESSION, 13), None)

    await store.delete(CHAT)
    await store.delete(CHAT)

    assert await store.load(CHAT) is None
    assert await store.load(CHAT + 1) == Stored(SESSION, 13)


async def test_what_is_too_old_is_not_given_out_even_before_it_is_deleted(store: SessionStore, clock: Time) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)
    clock.running += HOUR + 1

    assert await store.load(CHAT) is None
    assert await store.save(CHAT, Stored(SESSION, 13), None), "what is too old is in nobody's way"
    assert await store.load(CHAT) == Stored(SESSION, 13)


async def test_what_is_loaded_says_for_how_many_minutes_nothing_was_written(store: SessionStore, clock: Time) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)
    loaded = []
    for seconds in (59, 1, 20 * 60, -(30 * 60)):  # the last: another worker's clock, which is ahead
        clock.running += seconds
        stored = await store.load(CHAT)
        assert stored is not None
        loaded.append(stored.idle_minutes)
    assert loaded == [0, 1, 21, 0]


async def test_only_rows_that_are_too_old_expire(store: SessionStore, clock: Time) -> None:
    await store.save(1, Stored(SESSION, None), None)
    clock.running += 0.6 * HOUR
    await store.save(2, Stored(SESSION, None), None)
    clock.running += 0.6 * HOUR

    assert await store.expire() == 1
    assert await store.expire() == 0
    assert await store.load(2) is not None


async def at(url: str, clock: Time, day: float) -> SessionStore:
    """The store of a process that starts when the machine's clock says so."""
    clock.day = day
    store = SessionStore(engine_at(url, clock), Seal(TOKEN))
    await store.open()
    return store


@pytest.mark.parametrize("restarts", [True, False])
async def test_a_clock_that_was_ten_years_back_for_an_hour_costs_nobody_a_case(
    url: str, clock: Time, restarts: bool
) -> None:
    today, wrong = 1.7e9, 1.7e9 - 10 * 365 * 24 * HOUR
    store = await at(url, clock, today)
    await store.save(1, Stored(SESSION, 11), None)
    clock.day = wrong
    if restarts:
        await store.close()
        store = await at(url, clock, wrong)
    await store.save(2, Stored(SESSION, 12), None)
    assert await store.expire() == 0
    clock.running += 0.5 * HOUR
    await store.save(3, Stored(SESSION, 13), None)
    assert await store.expire() == 0
    clock.day = today + 0.5 * HOUR
    if restarts:
        await store.close()
        store = await at(url, clock, today + 0.5 * HOUR)

    assert await store.expire() == 0
    assert [await store.load(chat) for chat in (1, 2, 3)] == [Stored(SESSION, message) for message in (11, 12, 13)]
    clock.running += HOUR + 1
    assert await store.expire() == 3
    await store.close()


@pytest.mark.parametrize("restarts", [True, False])
async def test_a_clock_that_was_ahead_keeps_nothing_for_longer(url: str, clock: Time, restarts: bool) -> None:
    store = await at(url, clock, 1.7e9 + 1000 * HOUR)
    await store.save(CHAT, Stored(SESSION, 12), None)
    clock.day = 1.7e9
    if restarts:
        await store.close()
        store = await at(url, clock, 1.7e9)

    assert await store.expire() == 0
    assert await store.load(CHAT) == Stored(SESSION, 12)
    clock.running += HOUR + 1
    assert await store.load(CHAT) is None
    assert await store.expire() == 1
    await store.close()


async def test_many_rows_that_are_too_old_expire_and_those_that_are_not_stay(store: SessionStore, clock: Time) -> None:
    for chat in range(0, 250, 2):
        await store.save(chat, Stored(SESSION, None), None)
    clock.running += 0.6 * HOUR
    for chat in range(1, 250, 2):
        await store.save(chat, Stored(SESSION, None), None)
    clock.running += 0.6 * HOUR

    assert await store.expire() == 125
    assert [chat for chat in range(250) if await store.load(chat)] == list(range(1, 250, 2))


async def test_trying_to_write_leaves_nothing_behind(store: SessionStore, engine: Engine, clock: Time) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)

    await engine.ping()
    await engine.try_writing()

    assert await engine.read(b"") is None
    clock.running += HOUR + 1
    assert await store.expire() == 1


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "[1, 2, 3]", '["{}", 1, 2]', '["secret", null, null]'])
async def test_a_row_that_cannot_be_read_is_deleted_and_not_quoted(
    store: SessionStore, engine: Engine, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    name = Seal(TOKEN).name("chat", CHAT)
    await engine.write(name, Row(1, Seal(TOKEN).seal(name, text)), None)

    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert await store.load(CHAT) is None

    (record,) = caplog.records
    assert "cannot be read" in record.getMessage()
    assert str(CHAT) not in record.getMessage()
    assert "secret" not in record.getMessage()
    assert await engine.read(name) is None


@pytest.mark.parametrize("sealed", [b"", b"short", b"long enough, but nothing that was sealed here"])
async def test_what_was_not_sealed_here_counts_as_none(store: SessionStore, engine: Engine, sealed: bytes) -> None:
    await engine.write(Seal(TOKEN).name("chat", CHAT), Row(1, sealed), None)
    await engine.write_file(Seal(TOKEN).name("file", "flowchart"), sealed)

    assert await store.load(CHAT) is None
    assert await store.file_id("flowchart") is None


async def test_one_chats_row_does_not_open_as_anothers(store: SessionStore, engine: Engine) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)
    row = await engine.read(Seal(TOKEN).name("chat", CHAT))
    assert row is not None
    await engine.write(Seal(TOKEN).name("chat", CHAT + 1), row, None)

    assert await store.load(CHAT + 1) is None


async def test_with_another_token_nothing_is_found(store: SessionStore, engine: Engine) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)

    assert await SessionStore(engine, Seal("1:another")).load(CHAT) is None


async def test_opening_and_closing_twice_is_fine(url: str, clock: Time) -> None:
    store = SessionStore(engine_at(url, clock), Seal(TOKEN))
    await store.close()
    await store.open()
    await store.open()
    await store.ping()
    await store.save(CHAT, Stored(SESSION, 5), None)
    await store.close()
    await store.close()

    with pytest.raises(RuntimeError, match="not open"):
        await store.load(CHAT)
    await store.open()
    assert await store.load(CHAT) == Stored(SESSION, 5)
    await store.close()


async def test_a_file_id_is_kept_until_a_newer_one_comes(store: SessionStore) -> None:
    assert await store.file_id("flowchart") is None

    await store.keep_file_id("flowchart", "first")
    await store.keep_file_id("pocket-card", "other")
    await store.keep_file_id("flowchart", "second")

    assert await store.file_id("flowchart") == "second"
    assert await store.file_id("pocket-card") == "other"


async def test_forgetting_cases_leaves_the_file_ids(store: SessionStore, clock: Time) -> None:
    await store.save(CHAT, Stored(SESSION, 12), None)
    await store.keep_file_id("flowchart", "first")

    await store.delete(CHAT)
    clock.running += 1000 * HOUR
    await store.expire()

    assert await store.file_id("flowchart") == "first"


def test_the_setting_chooses_the_engine() -> None:
    assert isinstance(engine_for("sqlite:///cases.sqlite3", 24), SqliteEngine)
    assert isinstance(engine_for("postgresql://ward@db/cases", 24), PostgresEngine)
