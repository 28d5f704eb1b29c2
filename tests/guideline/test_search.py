"""The search, by the questions a trainee would ask (tests/cases/questions.toml, written before it was tuned)."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from guideline import ContentError, evidence
from guideline.content import DATA
from guideline.search import Answer, Search, load

CASES = Path(__file__).parent.parent / "cases"


def asked(file: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((CASES / file).read_text("utf-8"))["question"])


QUESTIONS = asked("questions.toml")


@pytest.fixture(scope="module")
def search() -> Search:
    return load(evidence())


def named(answer: Answer) -> str:
    return f"note:{answer.id}" if answer.note else answer.id


def is_right(search: Search, question: dict[str, Any]) -> bool:
    found = {named(answer) for answer in search.find(question["ask"])}
    return bool(found & set(question["right"])) if question["right"] else not found


def test_at_least_95_of_100_questions_find_a_right_answer_among_the_first_three(search: Search) -> None:
    wrong = [question["ask"] for question in QUESTIONS if not is_right(search, question)]

    assert len(wrong) <= 0.05 * len(QUESTIONS), wrong


def test_chattier_questions_asked_later_find_theirs_nine_times_of_ten(search: Search) -> None:
    later = asked("questions-later.toml")
    wrong = [question["ask"] for question in later if not is_right(search, question)]

    assert len(wrong) <= 0.1 * len(later), wrong


@pytest.mark.parametrize(
    ("file", "among_three", "first", "refused"),
    [
        ("questions-tuning.toml", 0.9, 0.8, 0.95),
        ("questions-calibration.toml", 0.9, 0.75, 0.95),
        ("questions-held-out.toml", 0.9, 0.75, 0.95),
        ("questions-fresh.toml", 0.9, 0.75, 0.95),
        ("questions-second.toml", 0.9, 0.75, 0.95),
    ],
)
def test_questions_of_many_kinds_find_theirs(
    search: Search, file: str, among_three: float, first: float, refused: float
) -> None:
    answerable = [question for question in asked(file) if question["right"]]
    others = [question for question in asked(file) if not question["right"]]
    found = [([named(answer) for answer in search.find(q["ask"])], q["right"]) for q in answerable]

    assert sum(bool(set(answers) & set(right)) for answers, right in found) >= among_three * len(found)
    assert sum(answers[:1] != [] and answers[0] in right for answers, right in found) >= first * len(found)
    assert sum(not search.find(question["ask"]) for question in others) >= refused * len(others)


@pytest.mark.parametrize(
    ("question", "gap"),
    [
        ("octreotide dose before theatre", "doses"),
        ("ct how often after resection", "follow-up"),
        ("colorectal mets resectable?", "other-tumours"),
        ("side effects of everolimus", "side-effects"),
        ("how big must the FLR be", "remnant"),
        ("lap vs open for the liver", "technique"),
        ("how do i calculate the meld", "scores"),
    ],
)
def test_what_the_review_does_not_give_is_said_where_it_is_asked(search: Search, question: str, gap: str) -> None:
    found = search.look_up(question)
    assert found.answers == ()
    assert found.gap is not None
    assert found.gap.id == gap


def test_the_nearest_comes_only_where_there_is_no_answer(search: Search) -> None:
    assert search.look_up("rfa size limit").nearest == ()
    assert search.look_up("octreotide dose").nearest != ()


@pytest.mark.parametrize("question", [q for q in QUESTIONS if not q["right"]], ids=lambda q: q["ask"])
def test_what_the_content_does_not_answer_gets_no_answer(search: Search, question: dict[str, Any]) -> None:
    assert search.find(question["ask"]) == ()


@pytest.mark.parametrize("id_", evidence().statements)
def test_every_statement_is_one_typed_line_away(search: Search, id_: str) -> None:
    assert Answer(id_, False) in search.find(evidence().statements[id_].text)


@pytest.mark.parametrize("id_", evidence().notes)
def test_every_newer_note_is_found_by_its_title(search: Search, id_: str) -> None:
    assert Answer(id_, True) in search.find(evidence().notes[id_].title)


def test_an_abbreviation_finds_what_its_words_find(search: Search) -> None:
    assert search.find("PVE") == search.find("portal vein embolisation")


def test_a_drug_at_top_dose_is_no_question_of_a_dose(search: Search) -> None:
    assert search.look_up("still flushing on maximal dose lanreotide, debulk?").gap is None
    assert search.look_up("maximal dose of lanreotide").gap is not None


def test_a_percent_sign_without_a_number_asks_for_a_share(search: Search) -> None:
    assert search.find("what % are type II")[0] == Answer("type-ii-share")


def test_a_typo_is_forgiven(search: Search) -> None:
    assert search.find("cholecistectomy") == search.find("cholecystectomy")


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "and the of", "\x00", '"', "AND OR NOT", "'; DROP TABLE texts; --", "∞" * 300]
)
def test_words_that_carry_nothing_find_nothing_and_break_nothing(search: Search, text: str) -> None:
    assert search.find(text) in ((), search.find("drop table texts"))


@pytest.mark.parametrize("text", ["3", "-3", "70", "25 %", "3 20", "2012"])
def test_numbers_alone_find_nothing_and_are_near_to_nothing(search: Search, text: str) -> None:
    assert search.find(text) == ()
    assert search.nearest(text) == ()


@pytest.mark.parametrize("words", ["Ki67 well differentiated", "rfa lesion size", "debulking", "age limit transplant"])
@pytest.mark.parametrize("number", ["7", "25", "61.5", "999"])
def test_a_number_that_stands_in_no_answer_hides_none(search: Search, words: str, number: str) -> None:
    first, *rest = words.split()
    assert search.find(words)
    assert search.find(f"{first} {number} {' '.join(rest)}")


def test_a_number_puts_those_first_in_which_it_stands(search: Search) -> None:
    assert search.find("debulking 70")[0] == Answer("debulking-70", True)


def test_a_very_long_question_is_answered_by_its_beginning(search: Search) -> None:
    assert search.find("debulking threshold " + "x" * 100_000)[:1] in ((), (Answer("debulking-70", True),))


def test_the_same_question_finds_the_same(search: Search) -> None:
    assert search.find("recurrence after resection") == load(evidence()).find("recurrence after resection")


@pytest.mark.parametrize(
    "text", ["passed_over = 1\nalike = []", "alike = []", "passed_over = ''\nalike = []\nmore = 1"]
)
def test_a_broken_word_list_is_refused_by_its_file(text: str, tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "synonyms.toml").write_text(text)

    with pytest.raises(ContentError, match=r"^synonyms\.toml: file: "):
        load(evidence(), tmp_path / "data")
