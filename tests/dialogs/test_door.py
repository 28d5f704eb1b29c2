"""The doors for other programs: a line of text in, a JSON line out."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def asked(*lines: str, door: str = "read") -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "dialogs", door], input="\n".join(lines).encode(), capture_output=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_case_in_one_line() -> None:
    (answer,) = asked(
        "G2 ki67 10–15 %, bilobar, dominant right lesion, primary resected, ECOG 4, fit for surgery, debulkable >90%, "
        "6 cm"
    )

    assert answer == {
        "facts": {"grade": "G2", "pattern": "II", "primary": "resected", "ki67": "10-15", "debulkable_percent": ">90"},
        "conflict": ["fit_for_surgery"],
        "unclear": ["largest_lesion_cm"],
        "not_understood": [],
        "is_case": True,
        "cut": 0,
    }


def test_a_line_of_which_not_all_was_read_says_how_much() -> None:
    line = "G1. " + "Primary resected, R0 feasible, type II. " * 60

    (answer,) = asked(line)

    cut = answer["cut"]
    assert isinstance(cut, int)
    assert 0 < cut < len(line)


def test_one_answer_for_each_line_in_order_and_no_persons_details_are_given_back() -> None:
    answers = asked("G1", "", "Mrs Brown, dob 12/03/1961, zylophant, G2", "\udcff".encode("utf-8", "replace").decode())

    assert [answer["facts"] for answer in answers] == [{"grade": "G1"}, {}, {}, {}]
    assert [answer["is_case"] for answer in answers] == [True, False, False, False]
    assert "zylophant" not in json.dumps(answers)


@pytest.mark.parametrize("arguments", [[], ["sing"], ["read", "more"]])
def test_an_unknown_door_is_refused_in_one_line(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "dialogs", *arguments], input=b"", capture_output=True)

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"read" in done.stderr
