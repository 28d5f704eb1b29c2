"""When a kind of question comes back, and what is kept for that."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from dialogs.practice import Key
from dialogs.practice.deck import DECK, keys_of
from dialogs.practice.schedule import KEPT_DAYS, Record

DAY = date(2026, 11, 26)
STEPS, GRADE = Key("steps", "headline"), Key("grading", "grade")


def later(record: Record, days: int) -> Record:
    return Record.read(record.to_json(), record.today + timedelta(days))


def gaps(answers: str) -> list[int]:
    """The days until it comes back after each answer, given on the very day."""
    record, found = Record(DAY), []
    for answer in answers:
        record = record.answered(STEPS, right=answer == "r")
        found.append((record.entries[STEPS].due - record.today).days)
        record = later(record, found[-1])
    return found


def test_what_was_right_comes_back_after_growing_gaps() -> None:
    found = gaps("rrrr")

    assert found[0] >= 1
    assert all(earlier < after for earlier, after in pairwise(found[:3]))
    assert max(found) <= 60


def test_what_was_wrong_comes_back_the_next_day_and_grows_more_slowly() -> None:
    assert gaps("w") == [1]
    assert gaps("rrw")[-1] < gaps("rrr")[-1]
    assert sum(gaps("wrrr")) < sum(gaps("rrrr"))


def test_twice_on_a_day_does_no_harm() -> None:
    record = Record(DAY).answered(STEPS, right=True).answered(STEPS, right=True)

    assert record.score([STEPS]) == (2, 2)
    assert record.entries[STEPS].due > DAY


def test_what_is_due_goes_first_then_what_was_never_asked_then_what_comes_back_soonest() -> None:
    keys = keys_of("work-up")
    record = Record(DAY).answered(keys[0], right=False)
    random = Random(0)

    assert record.next_of(keys, keys[0], random) in keys[1:]
    assert later(record, 1).next_of(keys, None, random) == keys[0]
    assert later(record, 1).due(keys) == 1
    for key in keys[1:]:
        record = record.answered(key, right=True)
    assert record.next_of(keys, None, random) == keys[0]
    assert record.next_of(keys, keys[0], random) != keys[0]


def test_every_kind_is_asked_once_before_one_is_asked_again() -> None:
    record, last = Record(DAY), None
    seen: list[Key] = []
    for _ in DECK:
        last = record.next_of(DECK, last, Random(len(seen)))
        seen.append(last)
        record = record.answered(last, right=True)

    assert sorted(seen) == sorted(DECK)


def test_the_score_counts_by_topic() -> None:
    record = Record(DAY).answered(STEPS, right=True).answered(STEPS, right=False).answered(GRADE, right=True)

    assert record.score(keys_of("steps")) == (1, 2)
    assert record.score(keys_of("grading")) == (1, 1)
    assert record.score(DECK) == (2, 3)


def test_what_was_not_asked_for_so_long_is_dropped() -> None:
    record = Record(DAY).answered(STEPS, right=True)
    record = later(record, 60).answered(GRADE, right=True)

    assert set(later(record, KEPT_DAYS - 61).entries) == {STEPS, GRADE}
    assert set(later(record, KEPT_DAYS - 60).entries) == {GRADE}
    assert later(record, KEPT_DAYS).entries == {}


def test_it_is_read_as_it_was_written_and_stays_small() -> None:
    record = Record(DAY)
    for key in DECK:
        for right in (True, False, True):
            record = record.answered(key, right=right)
    again = Record.read(record.to_json(), DAY)

    assert again.to_json() == record.to_json()
    assert again.score(DECK) == record.score(DECK)
    assert len(record.to_json()) < 1600


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "null", "[1]", '[["steps"]]', '[["steps","headline",1,2,739000,739000,1,5]]',
        '[["steps","headline",true,1,739000,739000,1,5]]', '[["steps","headline",1,1,-5,739000,1,5]]',
        '[["steps","headline",1,1,1e99,739000,1,5]]', '[["steps","headline",1,1,739000,739000,0,5]]',
        '[["steps","headline",1,1,739000,739000,1,50]]', '[["steps","headline",1,1,739000,739000,"x",5]]',
        '[["nothing","headline",1,1,739946,739946,1,5]]',
    ],
)  # fmt: skip
def test_anything_odd_is_an_empty_record(text: str) -> None:
    assert Record.read(text, DAY).entries == {}
