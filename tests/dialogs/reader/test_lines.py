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


VIGNETTES = tomllib.loads((CASES / "vignettes.toml").read_text("utf-8"))["vignette"]


def facts(reading: Reading) -> dict[str, object]:
    return {found.fact: found.plain for found in reading.facts}


@cache
def read(text: str) -> Reading:
    return reader().read(text)


def may(line: dict[str, Any]) -> set[str]:
    """The facts that the label leaves free."""
    return set(re.findall(r"[a-z0-9_]+", line["why"].partition("MAY")[2]))


@pytest.mark.parametrize("file", SETS)
def test_no_fact_is_read_wrongly(file: str) -> None:
    wrong, too_much = {}, {}
    for line in lines(file):
        said, expected = facts(read(line["text"])), line["expect"]
        wrong[line["text"]] = {fact: value for fact, value in said.items() if expected.get(fact, value) != value}
        too_much[line["text"]] = said.keys() - expected.keys() - may(line)

    assert {text: values for text, values in wrong.items() if values} == {}
    assert {text: names for text, names in too_much.items() if names} == {}


@pytest.mark.parametrize("patient", VIGNETTES, ids=lambda patient: patient["name"])
def test_a_patient_as_a_clinician_would_tell_them_is_read_as_the_case_that_was_meant(patient: dict[str, Any]) -> None:
    said = facts(read(patient["patient"]))

    assert {fact: value for fact, value in said.items() if patient["case"].get(fact, value) != value} == {}


@pytest.mark.parametrize("file", SETS)
def test_a_contradiction_is_named(file: str) -> None:
    unnamed = {line["text"]: set(line["conflict"]) - set(read(line["text"]).conflict) for line in lines(file)}

    assert {text: conflict for text, conflict in unnamed.items() if conflict} == {}


@pytest.mark.parametrize("file", SETS)
def test_nearly_every_stated_fact_is_read(file: str) -> None:
    stated = [(line, fact) for line in lines(file) for fact in line["expect"]]
    said = [fact for line, fact in stated if fact in facts(read(line["text"]))]

    assert len(said) >= _SHARE_READ * len(stated)


@pytest.mark.parametrize("file", SETS)
def test_a_fact_rests_on_a_stretch_of_the_text(file: str) -> None:
    for text in (line["text"] for line in lines(file)):
        for found in read(text).facts:
            assert 0 <= found.start < found.end <= len(text), text
            assert text[found.start : found.end].strip() == text[found.start : found.end], text
