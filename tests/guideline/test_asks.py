"""The questions each statement and note answers (asks.toml), and what the content does not give (beyond.toml)."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from guideline import ContentError, asks, beyond, evidence
from guideline.asks import Answer
from guideline.content import DATA
from guideline.plain import split

CASES = Path(__file__).parent.parent / "cases"
ASKED = asks.load(evidence())
EVERYTHING = [*(Answer(id_) for id_ in evidence().statements), *(Answer(id_, note=True) for id_ in evidence().notes)]


def plain(question: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", question.casefold()))


def test_every_statement_and_note_has_the_questions_it_answers() -> None:
    assert [answer for answer in EVERYTHING if answer not in ASKED] == []


def test_each_has_at_least_four_and_none_is_asked_in_the_words_of_another() -> None:
    assert {answer: len(asked.asks) for answer, asked in ASKED.items() if len(asked.asks) < 4} == {}


def test_no_question_is_one_that_the_search_is_measured_by() -> None:
    measured = {
        plain(question["ask"])
        for path in CASES.glob("questions*.toml")
        for question in tomllib.loads(path.read_text("utf-8"))["question"]
    }
    assert sorted(measured & {plain(ask) for asked in ASKED.values() for ask in asked.asks}) == []


def broken(tmp_path: Path, file: str, text: str) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / file).write_text(text, "utf-8")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[statement.nothing-of-that]\nline = 'a'\nasks = ['b']", "nothing-of-that: statement names"),
        ("[note.rfa-over-5cm]\nline = 'a'\nasks = ['b']", "rfa-over-5cm: note names"),
        ("[statement.rfa-over-5cm]\nasks = ['b']", "rfa-over-5cm: line is missing"),
        ("[statement.rfa-over-5cm]\nline = 'a'\nasks = ['b']\nmore = 1", "'more' is not a key"),
        (
            "[statement.rfa-over-5cm]\nline = 'Over 6 cm'\nasks = ['b']",
            "line has 6, which none of its texts have",
        ),
        (f"[statement.rfa-over-5cm]\nline = '{'a' * 111}'\nasks = ['b']", "takes at most 110"),
        ("[statement.rfa-over-5cm]\nline = 'a'\nasks = ['b', 'b']", "which stands at rfa-over-5cm already"),
        (
            "[statement.rfa-over-5cm]\nline = 'a'\nasks = ['RFA size?']\n"
            "[statement.rfa-over-3cm]\nline = 'a'\nasks = ['rfa size']",
            "which stands at rfa-over-5cm already",
        ),
        ("more = 1", "'more' is not a key of this file"),
        ("statement = 1", "takes tables by id"),
    ],
)
def test_a_broken_file_is_refused_with_the_entry_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=message):
        asks.load(evidence(), broken(tmp_path, asks.FILE, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[doses]\nphrases = ['mg']", "line is missing"),
        ("[doses]\nline = 'a'\nphrases = ['?']", "one without a word"),
        ("doses = 1", "takes a table"),
    ],
)
def test_a_broken_list_of_what_is_not_given_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=message):
        beyond.load(broken(tmp_path, beyond.FILE, text))


def test_a_phrase_with_a_choice_of_words_stands_for_each_of_them(tmp_path: Path) -> None:
    text = "[children]\nline = 'a'\nphrases = ['(2|12) (yo|year old)', 'baby']"
    (gap,) = beyond.load(broken(tmp_path, beyond.FILE, text)).values()
    phrases = ("2 yo", "2 year old", "12 yo", "12 year old", "baby")
    assert gap.phrases == tuple(tuple(phrase.split()) for phrase in phrases)


def test_no_question_that_is_answered_asks_for_what_is_not_given() -> None:
    gaps = beyond.load().values()
    asked = [(answer.id, ask, split(ask)) for answer, asked in ASKED.items() for ask in asked.asks]
    assert [(id_, ask, gap.id) for id_, ask, words in asked for gap in gaps if gap.is_asked(words)] == []


SAID = {
    "intestinal-two-thirds": "Two thirds of | About",
    "population-liver-metastases": "12.9 %; the review says; no rate",
    "histology-survival-range": "Quoted as; caution",
    "workup-cga-liver": "than in patients without metastases",
    "resection-complete-survival": "of the liver metastases, midgut and hindgut",
    "resection-median-not-reached": "27 months in one study, 17 in another",
    "recurrence-170-overall": "All of 170 patients, complete resection or not",
    "recurrence-170-incomplete": "170-patient series",
    "recurrence-gomez-clear": "10 %; against 75 %",
    "recurrence-gomez-involved": "75 %; against only 10 %",
    "rfa-mazzaglia-safety": "of patients or sessions is not said",
    "rfa-progression": "number of the Mazzaglia series",
    "resection-best-chance": "is held to give | gives",
    "cryo-predictors": "independent for overall survival; linked with progression-free",
    "cryo-debulking": "seems to",
    "rfa-alone-recurrence": "rates are reported as higher | more often",
    "elias-one-step-survival": "overall survival 84 %",
    "tace-symptom-relief": "with malignant NENs",
    "tace-objective-response": "with malignant NENs",
    "resection-after-tace": "TACE and other therapies",
    "transplant-option": "may be an option",
    "transplant-criterion-primary": "curatively resected beforehand",
    "platinum-etoposide": "except in aggressive cases",
    "somatostatin-analogues": "if slow-growing and receptor-positive",
    "captem": "progression-free; temozolomide alone 14.4",
    "transplant-milan": "survival; not randomised",
    "transplant-or-resection": "Survival; not randomised",
    "grade-of-metastasis": "was linked to | goes with",
    "heart-follow-up": "if peptide raised or heart signs",
}
"""What a line may not leave out of its statement or note, and words, after `|`, that are stronger than the source."""


@pytest.mark.parametrize("id_", SAID)
def test_a_line_says_no_more_than_its_text(id_: str) -> None:
    line = ASKED[Answer(id_, note=id_ in evidence().notes)].line
    there, _, not_there = SAID[id_].partition(" | ")
    assert [words for words in there.split("; ") if words not in line] == []
    assert not_there == "" or not_there not in line


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        ("appendix carcinoid 1 cm, what next", "without-liver-metastases"),
        ("appendix carcinoid with liver metastases, resect?", None),
        ("lung carcinoid, liver mets", None),
        ("colorectal liver metastases", "other-tumours"),
    ],
)
def test_liver_metastases_of_a_carcinoid_are_what_the_review_is_about(question: str, gap: str | None) -> None:
    words = split(question)
    found = [entry.id for entry in beyond.load().values() if entry.is_asked(words)]
    assert found == ([gap] if gap else [])
