"""What outlives a case, beside a chat's row, the same on both engines: written with it or not at all, gone with it when
the person says so, and by itself after 90 days."""

from __future__ import annotations

from importlib import import_module

import pytest

from bot.store import Engine, Seal, SessionStore, Stored
from bot.store.engine import RECORD_RETENTION
from tests.bot.test_store import CHAT, HOUR, SESSION, Time, clock, engine, engine_at, store, url
from tests.conftest import TOKEN

__all__ = ["clock", "engine", "store", "url"]  # fixtures

DAY = 24 * HOUR


async def saved(store: SessionStore, record: str) -> Stored:
    found = await store.save(CHAT, Stored(SESSION, 12), await store.load(CHAT), record)
    assert found is not None
    return found


async def test_what_was_saved_is_read_and_replaced(store: SessionStore) -> None:
    assert await store.record(CHAT) == ""
    await saved(store, "one")
    assert await store.record(CHAT) == "one"
    await saved(store, "two")
    assert await store.record(CHAT) == "two"
    assert await store.record(CHAT + 1) == ""


async def test_a_save_without_one_leaves_it(store: SessionStore) -> None:
    before = await saved(store, "one")

    assert await store.save(CHAT, Stored(SESSION, 13), before)

    assert await store.record(CHAT) == "one"


async def test_who_was_slower_writes_neither_row_nor_record(store: SessionStore) -> None:
    before = await saved(store, "one")
    assert await store.save(CHAT, Stored(SESSION, 13), before, "two")

    assert not await store.save(CHAT, Stored(SESSION, 14), before, "three")
    assert not await store.save(CHAT, Stored(SESSION, 14), None, "three")

    assert await store.record(CHAT) == "two"
    assert (await saved(store, "four")).row is not None, "the database is free again"


async def test_deleted_with_the_chat_also_when_only_it_is_left(store: SessionStore, clock: Time) -> None:
    await saved(store, "one")
    await store.delete(CHAT)
    assert await store.record(CHAT) == ""

    await saved(store, "two")
    clock.running += 2 * HOUR
    assert await store.load(CHAT) is None
    assert await store.record(CHAT) == "two"
    await store.delete(CHAT)
    assert await store.record(CHAT) == ""


async def test_it_outlives_the_case_and_goes_90_days_after_it_was_last_written(
    store: SessionStore, clock: Time
) -> None:
    assert RECORD_RETENTION == 90 * DAY
    await saved(store, "one")
    clock.running += 60 * DAY
    assert await store.expire() == 1
    assert await store.record(CHAT) == "one"
    await saved(store, "two")

    clock.running += 89 * DAY
    await store.expire()
    assert await store.record(CHAT) == "two"
    clock.running += 2 * DAY
    assert await store.record(CHAT) == "", "it is not given any more"


async def test_what_is_too_old_is_deleted_and_not_only_hidden(
    engine: Engine, store: SessionStore, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(store, "one")
    clock.running += 91 * DAY
    await store.expire()
    for module in ("sqlite", "postgres"):
        monkeypatch.setattr(f"bot.store.{module}.RECORD_RETENTION", 1e12)

    assert await store.record(CHAT) == ""


async def test_what_was_sealed_with_another_token_is_none(store: SessionStore, engine: Engine) -> None:
    await saved(store, "one")
    name = store._seal.name("chat", CHAT)
    row = await engine.read(name)
    assert row is not None
    assert await engine.write(name, row, row.number, b"nothing that was sealed here, and long enough")

    assert await store.record(CHAT) == ""


async def test_the_row_does_not_open_in_its_place(store: SessionStore, engine: Engine) -> None:
    await saved(store, "one")
    name = store._seal.name("chat", CHAT)
    row = await engine.read(name)
    assert row is not None
    await engine.write(name, row, row.number, row.sealed)

    assert await store.record(CHAT) == ""


async def test_a_database_of_before_there_were_records_keeps_its_sessions(
    url: str, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "sqlite" if url.startswith("sqlite") else "postgres"
    with monkeypatch.context() as earlier:
        whole = getattr(import_module(f"bot.store.{module}"), "_MIGRATIONS")  # noqa: B009
        earlier.setattr(f"bot.store.{module}._MIGRATIONS", whole[:1])
        before = SessionStore(engine_at(url, clock), Seal(TOKEN))
        await before.open()
        assert await before.save(CHAT, Stored(SESSION, 12), None)
        await before.close()

    after = SessionStore(engine_at(url, clock), Seal(TOKEN))
    await after.open()
    assert await after.load(CHAT) == Stored(SESSION, 12)
    await saved(after, "one")
    assert await after.record(CHAT) == "one"
    await after.close()
