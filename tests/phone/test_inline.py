"""Inline mode of the stand-in: what it refuses, and what a person can do with the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Update

from phone.telegram import Telegram, TelegramError

CHAT = 7
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def article(id_: str = "1", title: str = "Title", **content: Any) -> dict[str, Any]:
    """A result, with what its message is to be instead of "Text"."""
    return {"type": "article", "id": id_, "title": title, "input_message_content": {"message_text": "Text"} | content}


@pytest.fixture
def query(telegram: Telegram) -> str:
    """A question that waits for its answer."""
    return str(telegram.phones.ask_inline(CHAT, "milan")["inline_query"]["id"])


def answer(telegram: Telegram, query: str, *results: object, **more: object) -> object:
    return telegram.call("answerInlineQuery", {"inline_query_id": query, "results": json.dumps(results), **more})


HTML = {"parse_mode": "HTML"}


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([article(str(number)) for number in range(51)], "too many inline query results specified"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("")], "RESULT_ID_EMPTY"),
        ([article("é" * 33)], "RESULT_ID_INVALID"),
        ([article(title=" ")], "ARTICLE_TITLE_EMPTY"),
        ([article(message_text="")], "message text is empty"),
        ([article(message_text="x" * 4097)], "MESSAGE_TOO_LONG"),
        (
            [article(message_text="1 < 2", **HTML)],
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        (
            [{"type": "article", "id": "1", "title": "x"}],
            "can't parse InlineQueryResult: message content must be specified",
        ),
        ([{"type": "photo", "id": "1"}], "can't parse InlineQueryResult: only articles are taken"),
        (["x"], "can't parse InlineQueryResult: only articles are taken"),
    ],
)
def test_a_wrong_answer_is_refused_and_a_right_one_then_taken(
    telegram: Telegram, query: str, results: list[object], words: str
) -> None:
    with pytest.raises(TelegramError) as refused:
        answer(telegram, query, *results)

    assert (refused.value.code, refused.value.description) == (400, f"Bad Request: {words}")
    answer(telegram, query, article())


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "", "start_parameter": "ask"}, "SWITCH_PM_TEXT_EMPTY"),
        ({"text": "x", "start_parameter": ""}, "can't use empty start_parameter"),
        ({"text": "x", "start_parameter": "x" * 65}, "too long start_parameter specified"),
        ({"text": "x", "start_parameter": "a b"}, "unallowed characters in start_parameter are used"),
        (["x"], "can't parse InlineQueryResultsButton: object expected"),
    ],
)
def test_a_wrong_button_is_refused(telegram: Telegram, query: str, button: object, words: str) -> None:
    with pytest.raises(TelegramError) as refused:
        answer(telegram, query, button=json.dumps(button))

    assert refused.value.description == f"Bad Request: {words}"


def test_an_answer_without_results_is_refused(telegram: Telegram, query: str) -> None:
    with pytest.raises(TelegramError, match="can't parse inline query results"):
        telegram.call("answerInlineQuery", {"inline_query_id": query})


def test_a_question_is_answered_once(telegram: Telegram, query: str) -> None:
    answer(telegram, query, article())

    for other in (query, "999"):
        with pytest.raises(TelegramError, match=TOO_OLD):
            answer(telegram, other, article())


def test_what_just_fits_is_taken(telegram: Telegram, query: str) -> None:
    results = [article(str(number)) for number in range(49)]

    answer(telegram, query, *results, article("x" * 64, message_text=f"<b>{'x' * 4096}</b>", **HTML))

    inline = telegram.phones.chat(CHAT).inline
    assert inline is not None
    assert len(inline.results) == 50


def test_a_result_that_is_chosen_is_a_message_through_the_bot(telegram: Telegram, query: str) -> None:
    answer(telegram, query, article("1"), article("2", message_text="<b>Two</b>", **HTML))

    update = Update.de_json(telegram.phones.choose(CHAT, "2"))

    assert update.message
    assert update.message.via_bot
    assert update.message.via_bot.username == telegram.phones.me["username"]
    assert update.message.from_user
    assert not update.message.from_user.is_bot
    assert update.message.text == "Two"
    assert [entity.type for entity in update.message.entities] == ["bold"]
    (message,) = telegram.phones.chat(CHAT).messages
    assert (message.text, message.from_bot, message.via_bot) == ("Two", False, True)


def test_only_what_is_offered_now_can_be_chosen(telegram: Telegram, query: str) -> None:
    with pytest.raises(LookupError):
        telegram.phones.choose(CHAT, "1")
    answer(telegram, query, article("1"))
    telegram.phones.ask_inline(CHAT, "milan c")

    with pytest.raises(LookupError):
        telegram.phones.choose(CHAT, "1")

    assert telegram.phones.chat(CHAT).messages == []


def test_a_late_answer_does_not_stand_for_a_later_question(telegram: Telegram, query: str) -> None:
    later = telegram.phones.ask_inline(CHAT, "rfa")["inline_query"]["id"]

    answer(telegram, later, article("rfa"))
    answer(telegram, query, article("milan"))

    inline = telegram.phones.chat(CHAT).inline
    assert inline is not None
    assert [result.id for result in inline.results] == ["rfa"]


def test_ptb_reads_the_question_cut_as_a_client_cuts_it(telegram: Telegram) -> None:
    update = Update.de_json(telegram.phones.ask_inline(CHAT, "x" * 300))

    assert update.inline_query
    assert update.inline_query.query == "x" * 256
    assert update.inline_query.from_user.id == CHAT
    assert update.effective_chat is None
