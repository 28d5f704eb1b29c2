"""What is said where a typed text or a command cannot be used, and where a chat goes on from there."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from phone.entities import parse_html
from tests.support.walk import Talk, begun


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def at_result(conversation: Conversation) -> Talk:
    return begun(conversation).taps("a.grade.G3", "a.differentiation.unknown")


def test_what_is_not_understood_is_said_to_be_first(conversation: Conversation) -> None:
    assert begun(conversation).types("zyzzyva").notice.startswith("Not understood. ")


def test_cancel_without_a_case_says_so(conversation: Conversation) -> None:
    assert Talk(conversation).says("start").says("cancel").notice == "No case is open."
    assert at_result(conversation).says("cancel").says("cancel").notice == "No case is open."
    for in_case in (begun(conversation), at_result(conversation)):
        assert in_case.says("cancel").notice == "The case is ended and its answers are deleted."


def test_after_forgetting_the_start_is_a_tap_away(conversation: Conversation) -> None:
    talk = at_result(conversation).says("forget")
    (button,) = talk.buttons
    assert talk.taps(button.action).text.startswith("<b>NEN-LM guide</b>")


def test_a_number_at_a_result_is_not_answered_with_starting_a_case(conversation: Conversation) -> None:
    assert at_result(conversation).types("12").notice.endswith("or change an answer.")
    assert Talk(conversation).says("start").types("12").notice.endswith("or start a case.")


def test_help_says_first_what_the_bot_does_and_is_short(conversation: Conversation) -> None:
    text = parse_html(Talk(conversation).says("help").text)[0]
    assert "neuroendocrine liver metastases" in text.splitlines()[0]
    assert len(text.split()) <= 285  # half of what it was
