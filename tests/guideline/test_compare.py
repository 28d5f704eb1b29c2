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
def test_a_moved_threshold_is_found_with_the_smallest_case_that_shows_it(
    found: Callable[[str], list[Difference]],
) -> None:
    differences = found(OWN.replace("<text>&gt; 5</text>", "<text>&gt; 6</text>"))

    (one,) = [one for one in differences if one.what == "adjuncts: ablation-unsuitable-over-5cm"]
    assert (one.ours, one.theirs) == ("yes", "no")
    assert 5 < float(str(one.example["largest_lesion_cm"])) <= 6
    assert {other.what for other in differences} == {one.what}


@engine
def test_another_target_is_found_in_exactly_its_cases(found: Callable[[str], list[Difference]]) -> None:
    differences = found(changed('<text>"systemic-chemotherapy"</text>', '<text>"multimodal-nonsurgical"</text>'))

    one = next(one for one in differences if one.what == "headline")
    assert (one.ours, one.theirs) == ("systemic-chemotherapy", "multimodal-nonsurgical")
    assert one.example == {"grade": "G3"}
    assert one.count == one.looked_at // 3


@engine
def test_a_missing_row_and_two_that_overlap_are_found(found: Callable[[str], list[Difference]]) -> None:
    start = OWN.index('<rule id="indication_1">')
    row = OWN[start : OWN.index("</rule>", start) + len("</rule>")]
    again = row.replace("indication_1", "indication_again")

    gone, twice = found(OWN.replace(row, "")), found(OWN.replace(row, row + again))

    assert gone
    assert twice
    assert all(one.example for one in (*gone, *twice) if one.what == "headline")


@engine
def test_rows_that_hold_together_are_told_by_their_numbers(found: Callable[[str], list[Difference]]) -> None:
    start = OWN.index('<rule id="headline_1">')
    row = OWN[start : OWN.index("</rule>", start) + len("</rule>")]

    differences = found(OWN.replace(row, row + row.replace("headline_1", "headline_again")))

    assert any(one.theirs == "rows 1 and 2 hold together" for one in differences if one.what == "headline")


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
