"""A quiz poll on the stand-in: what Telegram refuses of one, who answers it, and what the page is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from phone.page import state_of
from phone.telegram import Telegram, TelegramError

CHAT, OTHER = 7, 8
QUIZ: dict[str, Any] = {
    "chat_id": CHAT,
    "question": "Which grade?",
    "options": ["G1", "G2", "G3"],
    "type": "quiz",
    "is_anonymous": False,
    "correct_option_ids": [1],
    "explanation": "By both counts.",
}


@pytest.fixture
def telegram() -> Telegram:
    telegram = Telegram()
    telegram.phones.say(CHAT, "/start")
    return telegram


def sent(telegram: Telegram, **more: object) -> dict[str, Any]:
    result = telegram.call("sendPoll", {**QUIZ, **more})
    assert isinstance(result, dict)
    return result


def refused(telegram: Telegram, **more: object) -> str:
    before = len(telegram.phones.chat(CHAT).messages)
    with pytest.raises(TelegramError) as error:
        telegram.call("sendPoll", {**QUIZ, **more})
    assert (len(telegram.phones.chat(CHAT).messages), telegram.phones.polls) == (before, {})
    return error.value.description


def test_a_quiz_is_taken_as_objects_as_texts_and_in_json(telegram: Telegram) -> None:
    options = [{"text": "G1"}, {"text": "G2"}, {"text": "G3"}]
    for given in (QUIZ["options"], options, json.dumps(options)):
        poll = sent(telegram, options=given, correct_option_ids="[1]", is_anonymous="false")["poll"]
        assert [option["text"] for option in poll["options"]] == ["G1", "G2", "G3"]
        assert (poll["type"], poll["correct_option_ids"], poll["is_anonymous"]) == ("quiz", [1], False)
    assert sent(telegram, correct_option_ids=None, correct_option_id=2)["poll"]["correct_option_ids"] == [2]


def test_the_limits_are_taken_and_one_more_is_refused(telegram: Telegram) -> None:
    at_most = {"question": "q" * 300, "explanation": "e" * 200, "options": ["o" * 99 + str(n % 10) for n in range(12)]}
    sent(telegram, **at_most)
    telegram.phones.polls.clear()

    assert refused(telegram, question="q" * 301) == "Bad Request: poll question length must not exceed 300"
    assert refused(telegram, options=["o" * 101, "b"]) == "Bad Request: poll options length must not exceed 100"
    assert refused(telegram, options=[str(n) for n in range(13)]) == "Bad Request: poll can't have more than 12 options"
    assert refused(telegram, explanation="e" * 201) == "Bad Request: message is too long"
    assert refused(telegram, explanation="a\nb\nc\nd") == "Bad Request: message is too long"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"question": " "}, "text must be non-empty"),
        ({"options": ["G1", " "]}, "text must be non-empty"),
        ({"options": ["G1"]}, "poll must have at least 2 option"),
        ({"options": {}}, "expected an Array of InputPollOption"),
        ({"options": [1, 2]}, "can't parse InputPollOption: Expected InputPollOption to be an Object"),
        ({"options": [{}, {}]}, "can't parse InputPollOption: Can't find field \"text\""),
        ({"correct_option_ids": None}, "correct quiz option list must be non-empty"),
        ({"correct_option_ids": []}, "correct quiz option list must be non-empty"),
        ({"correct_option_ids": [3]}, "wrong quiz correct_option_id"),
        ({"correct_option_ids": [-1]}, "wrong quiz correct_option_id"),
        ({"correct_option_ids": [1, 0]}, "correct quiz option list must be increasing"),
        ({"correct_option_ids": ["1"]}, "correct option identifier must be of type Number"),
        ({"chat_id": 99}, "chat not found"),
    ],
)
def test_telegram_refuses_it(telegram: Telegram, more: dict[str, Any], words: str) -> None:
    assert refused(telegram, **more) == f"Bad Request: {words}"


def test_an_answer_is_brought_once_and_never_changed(telegram: Telegram) -> None:
    poll = sent(telegram)["poll"]["id"]

    update = telegram.phones.vote(CHAT, poll, 2)

    assert update["poll_answer"]["user"]["id"] == CHAT
    assert (update["poll_answer"]["poll_id"], update["poll_answer"]["option_ids"]) == (poll, [2])
    assert telegram.phones.pending[-1] == update
    with pytest.raises(LookupError):
        telegram.phones.vote(CHAT, poll, 1)
    with pytest.raises(LookupError):
        telegram.phones.vote(OTHER, poll, 3)
    with pytest.raises(LookupError):
        telegram.phones.vote(OTHER, "1", 0)
    assert telegram.phones.vote(OTHER, poll, 1)["poll_answer"]["user"]["id"] == OTHER


def test_a_bot_that_does_not_ask_for_answers_hears_of_none(telegram: Telegram) -> None:
    telegram.call("getUpdates", {"allowed_updates": ["message"]})
    pending = len(telegram.phones.pending)

    telegram.phones.vote(CHAT, sent(telegram)["poll"]["id"], 1)

    assert len(telegram.phones.pending) == pending


def test_a_poll_is_no_text_to_edit(telegram: Telegram) -> None:
    message = sent(telegram)["message_id"]

    with pytest.raises(TelegramError) as error:
        telegram.call("editMessageText", {"chat_id": CHAT, "message_id": message, "text": "x"})
    assert error.value.description == "Bad Request: there is no text in the message to edit"


def test_the_page_is_told_the_right_option_only_once_one_is_chosen(telegram: Telegram) -> None:
    poll = sent(telegram)["poll"]["id"]
    chat = telegram.phones.chat(CHAT)

    before = state_of(telegram, chat)["messages"][-1]["poll"]
    assert before == {"id": poll, "question": QUIZ["question"], "options": QUIZ["options"], "chosen": None}
    telegram.phones.vote(CHAT, poll, 2)
    after = state_of(telegram, chat)["messages"][-1]["poll"]
    assert (after["chosen"], after["right"], after["explanation"]) == (2, 1, QUIZ["explanation"])
