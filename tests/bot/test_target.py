from __future__ import annotations

import pytest

from bot.store import Stored
from bot.target import target
from dialogs.session import Session

LIVE, OLD = 20, 10


def stored(*, arrived: bool) -> Stored:
    return Stored(Session(5, "1"), LIVE, arrived)


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("tapped", [LIVE, OLD])
def test_a_button_that_counts_turns_its_own_message(tapped: int, again: bool, arrived: bool) -> None:
    assert target(stored(arrived=arrived), tapped, fresh=True, again=again) == tapped


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_any_button_of_the_live_message_turns_it(again: bool, arrived: bool) -> None:
    assert target(stored(arrived=arrived), LIVE, again=again) == LIVE


def test_a_button_behind_the_live_message_turns_its_own_which_is_a_newer_screen() -> None:
    assert target(stored(arrived=False), LIVE + 1) == LIVE + 1


@pytest.mark.parametrize("arrived", [True, False])
def test_an_old_button_on_another_message_gets_a_new_one_and_the_second_time_turns_that(arrived: bool) -> None:
    assert target(stored(arrived=arrived), OLD) is None
    assert target(stored(arrived=arrived), OLD, again=True) == LIVE


def test_a_message_is_answered_by_a_new_one_and_the_second_time_only_where_none_arrived() -> None:
    assert target(stored(arrived=True)) is None
    assert target(stored(arrived=False)) is None
    assert target(stored(arrived=False), again=True) is None
    assert target(stored(arrived=True), again=True) == LIVE


def test_where_nothing_is_stored_all_is_new() -> None:
    assert target(None) is None
    assert target(None, OLD) is None


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("arrived", [True, False])
def test_a_button_below_what_stays_gets_a_new_message_and_the_second_time_turns_that(
    fresh: bool, arrived: bool
) -> None:
    for tapped in (OLD, LIVE + 1):
        assert target(stored(arrived=arrived), tapped, fresh=fresh, stays=True) is None
    assert target(stored(arrived=arrived), OLD, fresh=fresh, again=True, stays=True) == LIVE
    assert target(stored(arrived=arrived), LIVE + 1, fresh=fresh, again=True, stays=True) is None
    assert target(None, OLD, fresh=fresh, again=True, stays=True) is None


@pytest.mark.parametrize("again", [True, False])
def test_a_button_shows_where_a_message_is_when_none_is_known_to_be_live(again: bool) -> None:
    assert target(Stored(Session(5, "1"), None), OLD, again=again) == OLD
