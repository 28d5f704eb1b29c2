"""A crowd walks through its cases while the real processes behind it are killed; at full size in `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.faults import cases
from tests.support.crowd.account import Plan
from tests.support.crowd.crowd import by_polling, by_webhook
from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow


async def test_with_workers_behind_a_webhook_nothing_is_lost_or_counted_twice(
    tmp_path: Path, postgres: Postgres, postgres_url: str
) -> None:
    plan = Plan(people=25, seed=2012, kill_every=1.0, within=240)

    account = await by_webhook(plan, tmp_path, postgres_url, postgres.restart)

    assert not account.faults, "\n\n".join(account.faults)
    assert (account.heals, account.spinning, account.pending) == (0, 0, 0)
    assert account.kills > 1
    assert account.restarts == 1
    assert account.dealt["copies"] > 0
    assert account.dealt["at once"] > 0


async def test_with_one_process_that_polls_nothing_is_lost_or_done_again(tmp_path: Path) -> None:
    plan = Plan(people=10, seed=2012, kill_every=2.0, within=240)

    account = await by_polling(plan, tmp_path, f"sqlite:///{tmp_path / 'cases.sqlite3'}")

    assert not account.faults, "\n\n".join(account.faults)
    assert (account.heals, account.pending) == (0, 0)
    assert account.kills > 0


@pytest.mark.parametrize("webhook", [False, True])
async def test_while_telegram_fails_again_and_again_every_tap_ends_in_its_screen_once(webhook: bool) -> None:
    outcome = await cases(people=8, seconds=5, share=0.05, pause=0.5, seed=2012, webhook=webhook)

    assert not outcome.account.faults, "\n\n".join(outcome.account.faults)
    assert (outcome.account.heals, outcome.account.pending) == (0, 0)
    assert outcome.failed > 10
