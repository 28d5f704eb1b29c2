"""What two contents say differently: each read and asked by the program of its own checkout."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guideline import guideline
from guideline.changed import DiffError, Door, cases, diff, differences, items
from tests.guideline import contract
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LOW, HIGH = RFA_UNCERTAIN, RFA_UNSUITABLE
LOWER = (LOW + HIGH) / 2
"""Where the higher size limit of RFA is moved to."""
BASE = {"grade": "G2", "pattern": "II", "fit_for_surgery": False, "timing": "synchronous"}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The data of two checkouts, the second with a threshold, a text and an exception changed."""
    for name in ("old", "new"):
        shutil.copytree(ROOT / "guideline", tmp_path / name / "guideline")
    new = tmp_path / "new" / "guideline" / "data"
    rules, statements = new / "rules.toml", new / "statements.toml"
    moved = rules.read_text("utf-8")
    for old, changed in (
        (f'">{LOW:g}-{HIGH:g}"', f'">{LOW:g}-{LOWER:g}"'),
        (f'cm = ">{HIGH:g}"', f'cm = ">{LOWER:g}"'),
    ):
        assert moved.count(old) == 1
        moved = moved.replace(old, changed)
    rules.write_text(moved, "utf-8")
    said = "Where the primary sits affects the outcome of liver transplantation."
    text = statements.read_text("utf-8")
    assert said in text
    statements.write_text(text.replace(said, "The site of the primary bears on transplantation."), "utf-8")
    return tmp_path / "old" / "guideline" / "data", new


def test_what_was_reworded_and_changed_is_told_by_its_key(folders: tuple[Path, Path]) -> None:
    assert list(items(*folders)) == [
        "statement transplant-location: changed in text",
        "adjunct ablation-uncertain-over-3cm: changed in when",
        "adjunct ablation-unsuitable-over-5cm: changed in when",
    ]
    assert list(items(folders[0], folders[0])) == []


def test_what_cases_come_to_is_counted_with_the_smallest_case_of_each_kind(folders: tuple[Path, Path]) -> None:
    between = (LOWER + HIGH) / 2
    asked = [BASE], [{"largest_lesion_cm": size} for size in (LOW, (LOW + LOWER) / 2, between, HIGH, HIGH + 0.5)]
    lines = [line for line in diff(*folders, *asked) if not line.startswith(("statement", "adjunct "))]
    case = f'grade="G2", pattern="II", fit_for_surgery=false, largest_lesion_cm={between:g}'
    assert lines == [
        "cases asked of both: 6",
        f"adjuncts + ablation-unsuitable-over-5cm: 2 cases, such as {case}",
        f"adjuncts - ablation-uncertain-over-3cm: 2 cases, such as {case}",
    ]


def test_a_case_that_only_one_takes_is_told_with_the_fact_it_refuses() -> None:
    taken, refused = {"headline": "resection", "adjuncts": []}, {"error": {"field": "lesion_count"}}
    assert list(differences(refused, taken)) == ["taken only by the new content (the old refuses lesion_count)"]
    assert list(differences(taken, refused)) == ["taken only by the old content (the new refuses lesion_count)"]
    assert list(differences(refused, refused)) == []


def test_an_answer_without_caveats_comes_from_a_content_that_knew_none() -> None:
    was, is_ = {"headline": "resection"}, {"headline": "debulking", "caveats": ["pattern-nearest"]}
    assert list(differences(was, is_)) == ["headline resection -> debulking", "caveats + pattern-nearest"]


def test_the_cases_are_every_complete_class_and_the_further_facts_one_by_one_and_as_a_rule_asks_them() -> None:
    complete, beside = cases(guideline())
    sizes = [len(guideline().classes.parts[fact]) for fact in guideline().tree.facts]
    expected = 1
    for size in sizes:
        expected *= size
    assert len(complete) == expected
    assert {fact for others in beside for fact in others} == {*contract.OTHER_FACTS, "ki67", "mitoses"}
    assert {"primary_site": "pancreas", "hepatomegaly": True} in beside
    assert max(map(len, beside)) == 2


def test_a_folder_outside_a_checkout_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DiffError, match="is not the guideline/data of a checkout"):
        Door(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "guideline", "diff", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (2, b"", 1)
