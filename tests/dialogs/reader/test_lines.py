"""Lines as people type a case: every fact is read right or not at all, and what contradicts itself is named."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dialogs.reader import Reading, reader

CASES = Path(__file__).parents[2] / "cases"
SETS = (
    "lines-tuning.toml",
    "lines-held-out.toml",
    "lines-fresh.toml",
    "lines-second.toml",
    "lines-wards.toml",
    "lines-wards-second.toml",
)
_SHARE_READ = 0.95


@cache
def lines(file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((CASES / file).read_text("utf-8"))["line"]
    return found


LINES = [pytest.param(line, id=line["text"][:60]) for file in SETS for line in lines(file)]

VIGNETTES = tomllib.loads((CASES / "vignettes.toml").read_text("utf-8"))["vignette"]


def facts(reading: Reading) -> dict[str, object]:
    return {found.fact: found.plain for found in reading.facts}


def may(line: dict[str, Any]) -> set[str]:
    """The facts that the label leaves free."""
    return set(re.findall(r"[a-z0-9_]+", line["why"].partition("MAY")[2]))


@pytest.mark.parametrize("line", LINES)
def test_no_fact_is_read_wrongly(line: dict[str, Any]) -> None:
    read = facts(reader().read(line["text"]))

    wrong = {fact: value for fact, value in read.items() if line["expect"].get(fact, value) != value}
    assert not wrong
    assert set(read) <= set(line["expect"]) | may(line)


@pytest.mark.parametrize("patient", VIGNETTES, ids=lambda patient: patient["name"])
def test_a_patient_as_a_clinician_would_tell_them_is_read_as_the_case_that_was_meant(patient: dict[str, Any]) -> None:
    read = facts(reader().read(patient["patient"]))

    assert {fact: value for fact, value in read.items() if patient["case"].get(fact, value) != value} == {}


@pytest.mark.parametrize("line", LINES)
def test_a_contradiction_is_named(line: dict[str, Any]) -> None:
    assert set(line["conflict"]) <= set(reader().read(line["text"]).conflict)


@pytest.mark.parametrize("file", SETS)
def test_nearly_every_stated_fact_is_read(file: str) -> None:
    stated = [(line, fact) for line in lines(file) for fact in line["expect"]]
    read = [fact for line, fact in stated if fact in facts(reader().read(line["text"]))]

    assert len(read) >= _SHARE_READ * len(stated)


@pytest.mark.parametrize("line", LINES)
def test_a_fact_rests_on_a_stretch_of_the_text(line: dict[str, Any]) -> None:
    text = line["text"]

    for found in reader().read(text).facts:
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
