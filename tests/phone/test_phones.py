"""What people do on their phones, and the updates that come of it."""

from __future__ import annotations

import pytest
from telegram import Update

from phone.telegram import Telegram


def test_commands_are_marked_where_they_stand(telegram: Telegram) -> None:
    message = telegram.phones.say(1, "\U0001f600 /start now, not a/b")["message"]

    assert message["entities"] == [{"type": "bot_command", "offset": 3, "length": 6}]


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097])
def test_what_a_client_does_not_send_is_not_sent(telegram: Telegram, text: str) -> None:
    with pytest.raises(ValueError, match="1 to 4096"):
        telegram.phones.say(1, text)

    assert telegram.phones.updates(0) == []


def test_only_a_button_that_is_there_now_can_be_tapped(telegram: Telegram) -> None:
    telegram.phones.say(1, "/start")
    rows = [[{"text": "A", "callback_data": "a"}, {"text": "C", "copy_text": {"text": "c"}}]]
    telegram.call("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": rows}})

    assert telegram.phones.tap(1, 2, 0, 0)["callback_query"]["data"] == "a"
    for message, row, column in [(2, 0, 1), (2, 0, 2), (2, 1, 0), (2, -1, 0), (3, 0, 0), (1, 0, 0)]:
        with pytest.raises(LookupError):
            telegram.phones.tap(1, message, row, column)
    telegram.call("editMessageReplyMarkup", {"chat_id": 1, "message_id": 2})
    with pytest.raises(LookupError):
        telegram.phones.tap(1, 2, 0, 0)


def test_confirmed_updates_are_gone_and_the_others_stay(telegram: Telegram) -> None:
    first, second = telegram.phones.say(1, "one"), telegram.phones.say(2, "two")

    assert telegram.phones.updates(0) == [first, second]
    assert telegram.phones.updates(second["update_id"]) == [second]
    assert telegram.phones.updates(0) == [second]


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "contact", "location", "sticker"])
def test_ptb_reads_every_kind_of_message(telegram: Telegram, kind: str) -> None:
    update = Update.de_json(telegram.phones.send_other(1, kind))

    assert update.message
    assert update.message.effective_attachment


def test_a_forged_callback_carries_any_data(telegram: Telegram) -> None:
    update = Update.de_json(telegram.phones.forge(1, 99, "\x00" * 500))

    assert update.callback_query
    assert update.callback_query.data == "\x00" * 500
    telegram.call("answerCallbackQuery", {"callback_query_id": update.callback_query.id})


def test_every_change_is_told(telegram: Telegram) -> None:
    told: list[int] = []
    telegram.phones.on_change.append(lambda: told.append(telegram.phones.chat(1).version))

    telegram.phones.say(1, "/start")
    telegram.call("sendMessage", {"chat_id": 1, "text": "x"})
    telegram.call("setMyDescription", {"description": "x"})

    assert told == [1, 2, 2]
    assert telegram.phones.version == 1
