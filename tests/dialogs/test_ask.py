"""`python -m dialogs ask`: a question in, a JSON line out."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dialogs.ask import ask
from tests.dialogs.test_door import asked
from tests.support.thresholds import RFA_UNSUITABLE

CASES = Path(__file__).parents[1] / "cases"
NOTHING = {"answers": [], "nearest": [], "found": False, "not_given": None, "case": None}


@pytest.mark.slow
def test_every_line_has_its_answer_in_order() -> None:
    size, dose, empty, noise = asked(
        "how big can a tumour be for rfa", "octreotide dose", "", "\ufffd\x00 \ufffd", door="ask"
    )

    assert size["found"] is True
    first: Any = size["answers"]
    assert first[0]["id"] == "rfa-over-5cm"
    assert first[0].keys() == {"id", "note", "text"}
    assert f"{RFA_UNSUITABLE:g} cm" in first[0]["text"]
    assert (dose["found"], dose["not_given"]) == (False, "The review gives no doses.")
    assert dose["nearest"]
    assert empty == noise == NOTHING


def test_a_term_is_defined_first() -> None:
    answers: Any = ask("what is R0")["answers"]
    assert answers[0]["id"] == "term.r0"
    assert len(answers) <= 3


def test_a_question_with_a_patient_in_it_has_the_case_as_the_core_sees_it() -> None:
    said: Any = ask("G2 ki67 9 %, type II, primary resected, not fit. ablate?")
    assert said["case"]["facts"] == {
        "grade": "G2", "ki67": 9, "pattern": "II", "primary": "resected", "fit_for_surgery": False,
    }  # fmt: skip
    assert said["case"]["headline"] == "ablation-embolisation"
    assert ask("rfa size limit")["case"] is None


@pytest.mark.parametrize("text", ["help he is crashing", "Mrs Smith, rfa size", "NHS 943 476 5919 milan criteria"])
def test_of_an_emergency_and_of_a_person_nothing_is_taken(text: str) -> None:
    assert ask(text) == NOTHING


def test_nothing_typed_is_given_back() -> None:
    for text in ("zebrafish", "zebrafish rfa size", "G2 zebrafish type II rfa zebrafish"):
        assert "zebrafish" not in json.dumps(ask(text))


def test_the_same_question_has_the_same_line_every_time() -> None:
    questions = [q["ask"] for q in tomllib.loads((CASES / "questions-tuning.toml").read_text("utf-8"))["question"]]
    assert [json.dumps(ask(q)) for q in questions] == [json.dumps(ask(q)) for q in questions]
