from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Bot

from bot.app import ALLOWED_UPDATES
from bot.reading import KINDS, read_body, read_update
from phone.telegram import Telegram
from tests.conftest import TOKEN
from tests.support.fields import put

BOT = Bot(TOKEN)


def read(update: object) -> tuple[int, bool] | None:
    """The number, and whether there is an update."""
    found = read_body(json.dumps(update).encode(), BOT)
    return found and (found.number, found.update is not None)


def updates() -> list[dict[str, Any]]:
    telegram = Telegram(TOKEN)
    group, person = -5, 5
    telegram.phones.chat(person).started = True
    quiz = {"question": "?", "options": ["a", "b"], "type": "quiz", "is_anonymous": False, "correct_option_ids": [0]}
    telegram.call("sendPoll", {"chat_id": person, **quiz})
    return [
        telegram.phones.say(person, "/start"),
        telegram.phones.say(group, "/start"),
        telegram.phones.send_other(person, "voice"),
        telegram.phones.forge(person, 1, "0.now"),
        telegram.phones.ask_inline(person, "milan"),
        telegram.phones.block(person),
        telegram.phones.vote(person, next(iter(telegram.phones.polls)), 1),
    ]


@pytest.mark.parametrize("update", updates(), ids=lambda update: [*update][1])
def test_what_telegram_brings_is_read(update: dict[str, Any]) -> None:
    assert read(update) == (update["update_id"], True)


def test_what_is_looked_at_is_what_telegram_is_asked_for() -> None:
    assert set(KINDS) == set(ALLOWED_UPDATES)


@pytest.mark.parametrize(
    ("number", "path", "value"),
    [
        (0, ("message", "text"), 12),
        (0, ("message", "chat", "id"), {}),
        (0, ("message", "chat", "id"), True),
        (0, ("message", "chat"), None),
        (0, ("message", "from", "id"), []),
        (0, ("message", "date"), 10**30),
        (3, ("callback_query", "data"), 7),
        (3, ("callback_query", "message", "message_id"), "1"),
        (4, ("inline_query", "query"), None),
        (5, ("my_chat_member", "new_chat_member"), None),
        (6, ("poll_answer", "poll_id"), 7),
        (6, ("poll_answer", "option_ids"), None),
        (6, ("poll_answer", "user", "id"), "5"),
    ],
)
def test_what_nobody_can_deal_with_is_no_update_but_has_its_number(
    number: int, path: tuple[str, ...], value: object
) -> None:
    update = put(updates()[number], path, value)

    assert read(update) == (update["update_id"], False)


def test_a_kind_that_was_not_asked_for_is_left_aside() -> None:
    update = updates()[0]

    assert read({"update_id": 1, "edited_message": update["message"]}) == (1, False)
    assert read({"update_id": 1}) == (1, False)
    assert read({**update, "edited_message": {"chat": {"id": []}}}) == (update["update_id"], True)


def test_of_a_tapped_message_no_more_is_read_than_where_it_is() -> None:
    update = updates()[3]
    update["callback_query"]["message"] |= {"reply_markup": "none of ours"}

    found = read_update(update, BOT)

    assert found is not None
    assert found.update is not None
    query = found.update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.message.chat.id, query.message.message_id, query.data) == (5, 1, "0.now")
    assert query.get_bot() is BOT
    in_topic = put(updates()[3], ("callback_query", "message", "message_thread_id"), 12)
    found = read_update(in_topic, BOT)
    assert found is not None
    assert found.update is not None
    assert found.update.callback_query is not None
    assert found.update.callback_query.message.message_thread_id == 12  # type: ignore[union-attr]


def test_an_answer_to_a_poll_is_read_also_as_an_older_server_sends_it() -> None:
    update = updates()[6]
    del update["poll_answer"]["option_persistent_ids"]

    found = read_update(update, BOT)

    assert found is not None
    assert found.update is not None
    assert found.update.poll_answer is not None
    assert found.update.poll_answer.option_ids == (1,)
