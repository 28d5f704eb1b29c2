"""The questions the search is measured by, checked as data: nothing here imports the project."""

import re
import tomllib
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
DATA = TESTS.parent / "guideline" / "data"


def tables(file: Path, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[key]
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


QUESTIONS = tables(TESTS / "cases" / "questions.toml", "question")
STATEMENTS = tables(DATA / "statements.toml", "statement")
NOTES = tables(DATA / "notes.toml", "note")
TOPICS = {s["id"]: set(s["topics"]) for s in STATEMENTS} | {f"note:{n['id']}": {n["topic"]} for n in NOTES}
VOCABULARY = {
    word
    for text in [s["text"] for s in STATEMENTS] + [f"{n['title']} {n['review']} {n['now']}" for n in NOTES]
    for word in words(text)
}
ABBREVIATIONS = {
    "cga", "dfs", "g2", "g3", "hae", "hpf", "ihc", "ious", "lm", "mdt", "nec", "net", "olt", "os", "pfs",
    "pnet", "prrt", "pve", "rfa", "srs", "ssa", "tace", "tare",
}  # fmt: skip
LEAST = {"plain": 14, "typo": 14, "abbreviation": 14, "unanswerable": 14}

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])


def of_kind(kind: str) -> pytest.MarkDecorator:
    asks = [question["ask"] for question in QUESTIONS if question["kind"] == kind]
    return pytest.mark.parametrize("ask", asks)


def test_there_are_seventy_two_questions() -> None:
    assert len(QUESTIONS) == 72


def test_there_are_enough_of_each_kind_and_no_other_kind() -> None:
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert kinds.keys() == LEAST.keys()
    assert {kind: count for kind, count in kinds.items() if count < LEAST[kind]} == {}


def test_no_question_is_asked_twice() -> None:
    asked = Counter(" ".join(words(question["ask"])) for question in QUESTIONS)
    assert [ask for ask, times in asked.items() if times > 1] == []


def test_the_questions_reach_every_topic() -> None:
    reached = {topic for question in QUESTIONS for right in question["right"] for topic in TOPICS[right]}
    assert reached == set().union(*TOPICS.values())


@each_question
def test_a_question_has_an_ask_a_kind_and_right_answers_and_nothing_else(question: dict[str, Any]) -> None:
    assert question.keys() == {"ask", "kind", "right"}


@each_question
def test_a_question_is_as_short_as_one_typed_on_a_phone(question: dict[str, Any]) -> None:
    assert question["ask"] == question["ask"].strip()
    assert 1 <= len(question["ask"]) <= 60


@each_question
def test_every_right_answer_exists_and_stands_once(question: dict[str, Any]) -> None:
    assert set(question["right"]) <= TOPICS.keys()
    assert len(set(question["right"])) == len(question["right"])


@each_question
def test_only_an_unanswerable_question_has_no_right_answer(question: dict[str, Any]) -> None:
    assert (question["right"] == []) == (question["kind"] == "unanswerable")


@of_kind("typo")
def test_a_typo_is_a_misspelling_of_a_word_the_content_uses(ask: str) -> None:
    unknown = [word for word in words(ask) if len(word) > 4 and word not in VOCABULARY]
    assert any(get_close_matches(word, VOCABULARY, cutoff=0.8) for word in unknown)


@of_kind("abbreviation")
def test_an_abbreviation_question_holds_one_of_the_fields_abbreviations(ask: str) -> None:
    assert ABBREVIATIONS & set(words(ask))


def test_every_abbreviation_on_the_list_is_asked() -> None:
    asks = [question["ask"] for question in QUESTIONS if question["kind"] == "abbreviation"]
    assert ABBREVIATIONS - {word for ask in asks for word in words(ask)} == set()
