"""A second judge: another engine decides the exported rules, and every change of the file is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from guideline import guideline
from guideline.compare import JUDGE, LARGEST, CompareError, Difference, compare
from guideline.dmn_file import export
from tests.support.thresholds import RFA_UNSUITABLE

pytestmark = pytest.mark.slow

CONTENT = guideline()
OWN = export(CONTENT).decode()

engine = pytest.mark.skipif(
    not (shutil.which("node") and (JUDGE / "node_modules").exists()), reason="no Node.js, or `make dmn` was not run"
)


@pytest.fixture
def found(tmp_path: Path) -> Callable[[str], list[Difference]]:
    """The differences that a changed file makes."""

    def differences(written: str) -> list[Difference]:
        file = tmp_path / "rules.dmn"
        file.write_text(written, "utf-8")
        return compare(file, CONTENT)

    return differences


def changed(old: str, new: str, count: int = 1) -> str:
    """The own file with a part of it put otherwise."""
    assert old in OWN
    return OWN.replace(old, new, count)


@engine
def test_the_other_engine_decides_every_complete_class_of_cases_as_the_core_does(
    found: Callable[[str], list[Difference]],
) -> None:
    assert found(OWN) == []


@engine
def test_what_is_changed_is_found_in_exactly_its_cases_with_the_smallest_that_shows_it(
    found: Callable[[str], list[Difference]],
) -> None:
    """A moved threshold, another target, and two rows that hold together: each comparison takes a while."""
    start = OWN.index('<rule id="caveats_1">')
    row = OWN[start : OWN.index("</rule>", start) + len("</rule>")]
    written = changed('<text>"systemic-chemotherapy"</text>', '<text>"multimodal-nonsurgical"</text>')
    size = f"<text>&gt; {RFA_UNSUITABLE:g}</text>"
    assert written.count(size) == 1
    written = written.replace(size, f"<text>&gt; {RFA_UNSUITABLE + 1:g}</text>").replace(row, "")

    differences = {one.what: one for one in found(written)}

    moved = differences["adjuncts: ablation-unsuitable-over-5cm"]
    assert (moved.ours, moved.theirs) == ("yes", "no")
    assert RFA_UNSUITABLE < float(str(moved.example["largest_lesion_cm"])) <= RFA_UNSUITABLE + 1
    target = differences["headline"]
    assert (target.ours, target.theirs) == ("systemic-chemotherapy", "multimodal-nonsurgical")
    assert target.example == {"grade": "G3"}
    assert 0 < target.count < target.looked_at
    caveats = [what for what in differences if what.startswith("caveats: ")]
    assert len(caveats) == 1
    assert differences[caveats[0]].theirs == "no"


@engine
def test_a_missing_row_and_rows_that_hold_together_are_told(found: Callable[[str], list[Difference]]) -> None:
    rows = {}
    for id_ in ("headline_1", "indication_1"):
        start = OWN.index(f'<rule id="{id_}">')
        rows[id_] = OWN[start : OWN.index("</rule>", start) + len("</rule>")]
    twice = rows["headline_1"] + rows["headline_1"].replace("headline_1", "headline_again")

    differences = found(OWN.replace(rows["headline_1"], twice).replace(rows["indication_1"], ""))

    assert any(one.theirs == "rows 1 and 2 hold together" for one in differences if one.what == "headline")
    assert any(one.what.startswith("adjuncts: ") for one in differences)  # what asks for the indication


@engine
@pytest.mark.parametrize(
    ("written", "told"),
    [
        (lambda: changed("<text>fit_for_surgery</text>", "<text>fitness</text>"), "fitness"),
        (lambda: OWN.replace('"age"', '"years"').replace("<text>age</text>", "<text>years</text>"), "years"),
        (lambda: changed('hitPolicy="UNIQUE"', 'hitPolicy="PRIORITY"'), "PRIORITY"),
        (lambda: OWN.replace('name="caveats"', 'name="warnings"'), "caveats"),
        (lambda: "<definitions/>", "DMN"),
        (lambda: "rules", "not XML"),
        (lambda: OWN[:5000], "not XML"),
        (
            lambda: f'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "{"&a;" * 99}">]>{OWN[OWN.index("<def") :]}',
            "document type",
        ),
    ],
)
def test_a_file_that_cannot_be_compared_gets_one_clear_line(
    found: Callable[[str], list[Difference]], written: Callable[[], str], told: str
) -> None:
    with pytest.raises(CompareError, match=told) as refused:
        found(written())

    assert "\n" not in str(refused.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "rules.dmn"
    with file.open("wb") as written:
        written.truncate(100 << 20)

    with pytest.raises(CompareError, match=str(LARGEST)):
        compare(file, CONTENT)


def test_the_command_tells_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "guideline", "compare", str(tmp_path / "none.dmn")], capture_output=True, text=True
    )

    assert ran.returncode == 2
    assert ran.stderr == "none.dmn cannot be read: No such file or directory\n"
