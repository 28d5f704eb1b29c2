"""The hazard log: every control names a test that is there. That it passes is watched by tests/support/controls.py."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "CLINICAL_SAFETY.md").read_text("utf-8").splitlines()
    if re.match(r"\| H\d+ \|", line)
]
RISK = re.compile(r"([1-5])×([1-5])")


def functions_of(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_hazard_is_told_once_and_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"H{number}" for number in range(1, len(ROWS) + 1)]


@pytest.mark.parametrize(
    "hazard",
    [
        "grade band", "NET G3", "Type I, II, III", "stale source", "citation", "Over-reliance", "Wrong patient",
        "details leak", "client cannot show", "warning is cut off", "stale or doubled tap", "translation", "Outage",
        "nobody hears of", "wrong tissue", "none of the three types", "Unknown read as no",
    ],
)  # fmt: skip
def test_the_least_that_can_go_wrong_is_among_the_hazards(hazard: str) -> None:
    assert sum(hazard in row[1] for row in ROWS) == 1


def test_no_control_rests_on_a_browser_that_may_not_be_there() -> None:
    files = {ROOT / file for row in ROWS for file in re.findall(r"`(tests/[\w/]+\.py)::", row[6])}
    assert files
    assert [file.name for file in files if "in_browser" in file.read_text("utf-8")] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_control_names_a_test_that_there_is(row: list[str]) -> None:
    _, hazard, cause, harm, before, control, proof, after = row
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)

    assert all((hazard, cause, harm, control))
    assert named
    assert len(named) == proof.count("`") // 2
    for file, test in named:
        assert test in functions_of(ROOT / file), test
    first, then = RISK.fullmatch(before), RISK.fullmatch(after)
    assert first
    assert then
    assert int(then[1]) * int(then[2]) < int(first[1]) * int(first[2])
