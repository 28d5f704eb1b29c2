"""The rules as a DMN file: its tables follow from the data, and say what they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guideline import Case, guideline
from guideline.case import CHOICES, NUMBERS
from guideline.dmn import COLLECT, MOST_INPUTS, UNIQUE, Table, decisions
from guideline.dmn_file import MODEL, export, feel
from guideline.values import Possible, Span, Values

pytestmark = pytest.mark.slow

CONTENT = guideline()
DECISIONS = {decision.name: decision for decision in decisions(CONTENT)}
TABLES = [decision for decision in DECISIONS.values() if isinstance(decision, Table)]
FILE = Path(__file__).parent.parent.parent / "docs" / "rules.dmn"


def table(name: str) -> Table:
    found = DECISIONS[name]
    assert isinstance(found, Table)
    return found


def test_no_table_asks_more_than_a_reader_can_hold() -> None:
    assert all(len(one.columns) <= MOST_INPUTS for one in TABLES)
    assert any(len(one.columns) > 5 for one in TABLES)


def test_exactly_one_row_decides_and_lists_collect() -> None:
    collecting = {one.name for one in TABLES if one.hit_policy == COLLECT}

    assert {name.rstrip("_123") for name in collecting} == {"adjuncts", "caveats", "transplant_criteria"}
    assert all(one.hit_policy == UNIQUE for one in TABLES if one.name not in collecting)


def test_a_decision_comes_behind_what_it_requires() -> None:
    there: set[str] = {*CHOICES, *NUMBERS}
    for decision in DECISIONS.values():
        columns = decision.columns if isinstance(decision, Table) else ()
        for name in (*columns, *decision.requires):
            assert name.removeprefix("count(").removesuffix(")") in there, f"{decision.name} asks {name} too early"
        there.add(decision.name)


def test_every_headline_adjunct_caveat_and_criterion_is_in_it() -> None:
    results = {row.result.strip('"') for one in TABLES for row in one.rows}
    rules = CONTENT.rules

    assert {*CONTENT.tree.headlines} <= results
    assert {rule.id for rule in (*rules.adjuncts, *rules.caveats, *rules.criteria)} <= results


def test_a_type_two_case_with_an_uncontrolled_heart_waits() -> None:
    rows = [
        row
        for row in table("headline").rows
        if row.result == '"optimise-heart-first"' and (Values({"II"}),) in row.cells
    ]

    assert len(rows) == 1
    assert (Values({"uncontrolled"}),) in rows[0].cells
    assert "prerequisite-heart" in rows[0].because


@pytest.mark.parametrize(
    ("column", "cell", "written"),
    [
        ("grade", (), "-"),
        ("grade", (Values({"G2", "G1"}),), '"G1","G2"'),
        ("extrahepatic", (Values({"resectable", "none"}),), '"none","resectable"'),
        ("indication", (Values({True}),), "true"),
        ("debulkable_percent", (Span.read(">=90"),), ">= 90"),
        ("debulkable_percent", (Span(0, 90, True, False),), "< 90"),
        ("largest_lesion_cm", (Span.read(">3-5"),), "(3..5]"),
        ("ki67", (Span.read("<3"), Span.read(">20")), "< 3,> 20"),
        ("differentiation", (Values({"null", "well"}),), '"well",null'),
    ],
)
def test_cells_are_written_as_feel(column: str, cell: tuple[Possible, ...], written: str) -> None:
    assert feel(column, cell) == written


def test_the_file_says_what_it_is() -> None:
    told = ElementTree.fromstring(export(CONTENT)).findtext(f"{{{MODEL}}}description") or ""

    for part in (CONTENT.evidence.stamp.version, str(CONTENT.evidence.stamp.year), "Not clinically reviewed", "null"):
        assert part in told


def test_every_rule_has_its_words_sections_statements_and_references() -> None:
    for rule in ElementTree.fromstring(export(CONTENT)).iter(f"{{{MODEL}}}rule"):
        assert rule.findtext(f"{{{MODEL}}}description")
        assert len(rule.findall(f"{{{MODEL}}}annotationEntry")) == 3


def test_a_reference_is_printed_only_as_far_as_it_is_vouched_for() -> None:
    rules = list(ElementTree.fromstring(export(CONTENT)).iter(f"{{{MODEL}}}rule"))
    told = {
        part for rule in rules for part in (rule.findall(f"{{{MODEL}}}annotationEntry")[2][0].text or "").split("; ")
    }
    numbers = {text.partition(":")[0] for text in told if text[:1].isdigit()}
    known = CONTENT.evidence.references

    assert any(int(number) in known for number in numbers)
    for number in map(int, numbers):
        vouched = f"{number}: {known[number].citation} ({known[number].level})" if number in known else ""
        for text in told:
            if text.startswith(f"{number}: ") and text != f"{number}: number only":
                assert vouched.startswith(text)


def test_the_same_content_gives_the_same_file_and_the_page_is_current() -> None:
    assert export(CONTENT) == export(CONTENT) == FILE.read_bytes(), "run `make docs`"


def test_the_command_writes_the_file() -> None:
    ran = subprocess.run([sys.executable, "-m", "guideline", "export", "dmn"], capture_output=True, check=True)

    assert ran.stdout == FILE.read_bytes()


def test_an_unknown_command_is_told_what_there_is() -> None:
    ran = subprocess.run([sys.executable, "-m", "guideline", "export", "pmml"], capture_output=True, text=True)

    assert ran.returncode == 2
    assert ran.stderr.strip().count("\n") == 0
    assert "export dmn" in ran.stderr


def test_the_core_and_the_table_of_the_grade_agree() -> None:
    rows = table("grade_by_counts").rows
    for ki67, mitoses, grade in ((2, 1, "G1"), (3, 1, "G2"), (20, 20, "G2"), (2, 21, "G3"), (21, 0, "G3")):
        assert CONTENT.assess(Case.of({"ki67": ki67, "mitoses": mitoses})).known["grade"] == Values({grade})
        fitting = [
            row.result
            for row in rows
            if all(
                not cell or any(isinstance(part, Span) and Span.at(count).within(part) for part in cell)
                for cell, count in zip(row.cells, (ki67, mitoses), strict=True)
            )
        ]
        assert fitting == [f'"{grade}"']
