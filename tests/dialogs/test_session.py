"""What is kept: reading back gives the same, and nothing odd is read."""

from __future__ import annotations

import json
from random import Random

import pytest

from dialogs.answers import DONE
from dialogs.questions import QUESTIONS
from dialogs.session import REVISIONS, Session
from tests.dialogs.samples import answered


def _is_refused(text: str) -> bool:
    try:
        Session.from_json(text)
    except ValueError:
        return True
    return False


SOUND = [5, "2012.1", True, [["grade", "G2"], ["pattern", "II"]], ""]


def test_a_session_read_back_is_the_session() -> None:
    random = Random(4)
    for number in range(300):
        session = Session(number, "2012.1", accepted=bool(number % 2), answers=answered(random), open="grade")
        assert Session.from_json(session.to_json()) == session


def test_a_session_with_every_answer_there_is_can_be_read_back() -> None:
    lines = [(line.id, list(line.options)[-1]) for question in QUESTIONS.values() for line in question.lines]
    lists = [(question.id, DONE) for question in QUESTIONS.values() if question.is_checklist]
    session = Session(1, "2012.1", accepted=True, answers=(*lines, *lists), open="primary_small_asymptomatic")
    assert Session.from_json(session.to_json()) == session


def test_what_is_written_is_plain_ascii_json_of_the_tapped_answers_and_nothing_else() -> None:
    session = Session(5, "2012.1", accepted=True, answers=(("grade", "G2"), ("pattern", "II")))
    assert json.loads(session.to_json()) == SOUND
    assert session.to_json().isascii()


@pytest.mark.parametrize(
    "value",
    [
        None, 7, "text", True, [], {}, [1], SOUND[:4], [*SOUND, 1], {"revision": 1},
        ["5", *SOUND[1:]], [-1, *SOUND[1:]], [REVISIONS, *SOUND[1:]], [1.0, *SOUND[1:]],
        [True, *SOUND[1:]], [None, *SOUND[1:]],
        [5, 2012, *SOUND[2:]], [5, None, *SOUND[2:]], [5, "x" * 41, *SOUND[2:]],
        [5, "v", 1, [], ""], [5, "v", "yes", [], ""], [5, "v", None, [], ""],
        [5, "v", True, None, ""], [5, "v", True, 3, ""], [5, "v", True, "ab", ""], [5, "v", True, ["grade"], ""],
        [5, "v", True, [["grade"]], ""], [5, "v", True, [["grade", "G2", "G3"]], ""],
        [5, "v", True, [["grade", 2]], ""],
        [5, "v", True, [[None, "G2"]], ""], [5, "v", True, [["grade", "x" * 41]], ""],
        [5, "v", True, [[["a"], "b"]], ""],
        [5, "v", True, [["grade", "G2"]] * 500, ""], [5, "v", True, [], None], [5, "v", True, [], ["grade"]],
        [5, "v", True, [], "x" * 41], [5, "v", True, [{"a": 1, "b": 2, "c": 3}], ""],
    ],
)  # fmt: skip
def test_json_that_is_no_session_is_refused_with_a_value_error(value: object) -> None:
    assert _is_refused(json.dumps(value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nan",
        "[1,",
        "\x00",
        "[" * 100_000,
        "1" * 5000,
        "[NaN, 1, 1, 1, 1]",
        '[1e999, "v", true, [], ""]',
        "\ud800",
    ],
)
def test_text_that_is_no_json_is_refused_with_a_value_error(text: str) -> None:
    assert _is_refused(text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_stored_session_that_was_damaged_is_refused_or_read_but_never_breaks(seed: int) -> None:
    random = Random(seed)
    refused = 0
    for _ in range(500):
        text = list(Session(5, "2012.1", accepted=True, answers=answered(random)[:6]).to_json())
        for _ in range(random.randint(1, 4)):
            text[random.randrange(len(text))] = random.choice('[]{}",:0a\\ \u2028')
        refused += _is_refused("".join(text))
    assert refused > 300


def test_a_change_takes_the_next_revision_and_the_last_one_is_followed_by_the_first() -> None:
    session = Session(REVISIONS - 2, "2012.1")
    assert session.changed(open="grade").revision == REVISIONS - 1
    assert session.changed().changed(accepted=True).revision == 0


def test_a_new_session_starts_at_a_revision_of_its_own_within_the_range() -> None:
    revisions = {Session.new("2012.1").revision for _ in range(50)}
    assert len(revisions) > 40
    assert all(0 <= revision < REVISIONS for revision in revisions)
