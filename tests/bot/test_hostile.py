"""Hostile updates at the webhook: no crash, no leak, and nobody's case but the sender's own is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.fields import MARK
from tests.support.logged import logged
from tests.support.siege import BYSTANDER, SECRET, TOKEN, besiege

pytestmark = pytest.mark.slow


def test_thousands_of_hostile_updates_harm_nobody(tmp_path: Path) -> None:
    with logged((TOKEN, SECRET)) as log:
        siege = besiege(tmp_path, 6000, seed=1)

    assert siege.faults == []
    assert siege.every_field
    assert set(siege.statuses) == {200, 400, 413}
    assert siege.statuses[200] > 3000
    assert len(siege.kept[0]) == 1
    assert siege.kept[0] == siege.kept[1]
    assert siege.shown[0] == siege.shown[1]
    assert siege.moved
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line for line in lines if line["level"] in ("ERROR", "CRITICAL") or "trace" in line] == []
    for private in (MARK, TOKEN, SECRET, str(BYSTANDER), "Traceback"):
        assert private not in log.getvalue()
