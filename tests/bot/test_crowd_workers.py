"""A crowd walks through its cases while the real processes behind it are killed; at full size in `make bench`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.store import SqliteStore
from tests.support.crowd.account import Plan
from tests.support.crowd.crowd import by_polling


async def test_with_one_process_that_polls_nothing_is_lost_that_one_more_tap_does_not_heal(tmp_path: Path) -> None:
    plan = Plan(people=10, seed=2012, kill_every=2.0, within=90)
    database = tmp_path / "cases.sqlite3"
    store = SqliteStore(database)
    await store.open()

    account = await by_polling(plan, tmp_path, f"sqlite:///{database}", store, patience=2.0)
    await store.close()

    assert account.faults == []
    assert account.kills > 0
