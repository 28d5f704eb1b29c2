"""The stand-in refuses what Telegram refuses, with its codes and in its words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from phone.forms import Upload
from phone.telegram import ConnectionDroppedError, Telegram, TelegramError
from tests.support.png import picture, png

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
CHAT = 7


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    """One row of buttons."""
    return {"inline_keyboard": [list(buttons)]}


def button(data: str = "go", text: str = "Go") -> dict[str, Any]:
    """A button that asks the bot."""
    return {"text": text, "callback_data": data}


@pytest.fixture
def chat(telegram: Telegram) -> int:
    """A chat that has begun, message 1 the person's, message 2 the bot's with one button."""
    telegram.phones.say(CHAT, "/start")
    telegram.call("sendMessage", {"chat_id": CHAT, "text": "Hello", "reply_markup": keyboard(button())})
    return CHAT


def refusal(telegram: Telegram, method: str, **params: object) -> tuple[int, str]:
    """The code and the words with which the call is refused; the chat stays as it is."""
    before = repr(telegram.phones.chat(CHAT))
    with pytest.raises(TelegramError) as refused:
        telegram.call(method, params)
    assert repr(telegram.phones.chat(CHAT)) == before
    return refused.value.code, refused.value.description


BUTTON_FAULTS: list[tuple[object, str]] = [
    (keyboard(button("x" * 65)), "Bad Request: BUTTON_DATA_INVALID"),
    (keyboard(button("é" * 33)), "Bad Request: BUTTON_DATA_INVALID"),
    (keyboard(button(text=" ")), "Bad Request: BUTTON_TEXT_INVALID"),
    (keyboard({"text": "x", "copy_text": {"text": "x" * 257}}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    (keyboard({"text": "x", "copy_text": {"text": ""}}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    *(
        (keyboard({"text": "x", "url": url}), "Bad Request: BUTTON_URL_INVALID")
        for url in ("nowhere", "http://paper.example/1", "javascript:alert(1)", "https://", "https://a b.example/")
    ),
    (
        keyboard(button("")),
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        keyboard({"callback_data": "x"}),
        "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
    ),
    ({"inline_keyboard": [[button()] * 8] * 13}, "Bad Request: reply markup is too long"),
    ("{", "Bad Request: can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "words"), BUTTON_FAULTS)
def test_a_wrong_keyboard_is_refused_when_sent_and_when_edited(
    telegram: Telegram, chat: int, markup: object, words: str
) -> None:
    sent = refusal(telegram, "sendMessage", chat_id=chat, text="x", reply_markup=markup)
    edited = refusal(telegram, "editMessageText", chat_id=chat, message_id=2, text="x", reply_markup=markup)

    assert sent == edited == (400, words)


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"text": "\U0001f600" * 2049}, "message is too long"),
        ("sendMessage", {"text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        (
            "sendMessage",
            {"text": "<x>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        ),
        ("editMessageText", {"message_id": 2, "text": " "}, "message text is empty"),
        ("editMessageText", {"message_id": 2, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
        ("editMessageText", {"message_id": 9, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageReplyMarkup", {"message_id": 9}, "message to edit not found"),
        ("deleteMessage", {"message_id": 9}, "message to delete not found"),
        ("sendChatAction", {}, "wrong parameter action in request"),
        ("sendPhoto", {"photo": picture(), "caption": "x" * 1025}, "message caption is too long"),
        ("sendPhoto", {"photo": Upload("a.png", b"")}, "file must be non-empty"),
        ("sendPhoto", {"photo": Upload("a.png", b"GIF89a")}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": picture(210, 10)}, "PHOTO_INVALID_DIMENSIONS"),
        (
            "sendPhoto",
            {"photo": "photo9"},
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        (
            "editMessageMedia",
            {"message_id": 2, "media": {"type": "photo", "media": "photo9", "caption": "x" * 1025}},
            "MEDIA_CAPTION_TOO_LONG",
        ),
        ("answerCallbackQuery", {"callback_query_id": "9"}, TOO_OLD.removeprefix("Bad Request: ")),
        ("setMyCommands", {"commands": [{"command": "Big", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "x" * 33, "description": "x"}]},
            "command length must not exceed 32",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "x", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "x", "description": ""}]},
            "command description must be non-empty",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "x", "description": "x"}] * 101},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        ("setMyDescription", {"description": "x" * 513}, "DESCRIPTION_TOO_LONG"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "ABOUT_TOO_LONG"),
    ],
)
def test_a_wrong_call_is_refused(
    telegram: Telegram, chat: int, method: str, params: dict[str, object], words: str
) -> None:
    assert refusal(telegram, method, chat_id=chat, **params) == (400, f"Bad Request: {words}")


def test_what_just_fits_is_taken(telegram: Telegram, chat: int) -> None:
    paper = {"text": "x", "url": "https://doi.org/10.1016/S0140-6736(24)00701-3"}
    fits = keyboard(button("x" * 64), {"text": "x", "copy_text": {"text": "x" * 256}}, paper)

    telegram.call("sendMessage", {"chat_id": chat, "text": "x" * 4096, "reply_markup": fits})
    telegram.call("sendMessage", {"chat_id": chat, "text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"})
    telegram.call("sendPhoto", {"chat_id": chat, "photo": picture(), "caption": "x" * 1024})

    assert len(telegram.phones.chat(chat).messages) == 5


def test_parameters_may_come_as_ptb_sends_them(telegram: Telegram, chat: int) -> None:
    markup = json.dumps(keyboard(button()))

    telegram.call("editMessageText", {"chat_id": "7", "message_id": "2", "text": "x", "reply_markup": markup})

    assert telegram.phones.chat(chat).messages[1].keyboard == [[button()]]
    assert telegram.calls[-1][1]["reply_markup"] == keyboard(button())


def test_an_unchanged_edit_is_refused(telegram: Telegram, chat: int) -> None:
    same = {"chat_id": chat, "message_id": 2, "reply_markup": keyboard(button())}

    assert refusal(telegram, "editMessageText", text="Hello", **same) == (400, NOT_MODIFIED)
    assert refusal(telegram, "editMessageReplyMarkup", **same) == (400, NOT_MODIFIED)


def test_an_edit_without_a_keyboard_takes_the_keyboard_away(telegram: Telegram, chat: int) -> None:
    telegram.call("editMessageText", {"chat_id": chat, "message_id": 2, "text": "Hello"})

    assert telegram.phones.chat(chat).messages[1].keyboard == []


def test_an_unchanged_picture_is_refused_and_a_new_one_taken(telegram: Telegram, chat: int) -> None:
    telegram.call("sendPhoto", {"chat_id": chat, "photo": picture()})
    edit = {"chat_id": chat, "message_id": 3, "media": {"type": "photo", "media": "attach://file"}}

    assert refusal(telegram, "editMessageMedia", **edit, file=picture()) == (400, NOT_MODIFIED)
    telegram.call("editMessageMedia", {**edit, "file": picture(250)})

    assert telegram.phones.files[telegram.phones.chat(chat).messages[2].file].content == png(250)


def test_a_picture_has_no_text_to_edit(telegram: Telegram, chat: int) -> None:
    telegram.call("sendPhoto", {"chat_id": chat, "photo": picture(), "caption": "x"})

    assert refusal(telegram, "editMessageText", chat_id=chat, message_id=3, text="y") == (
        400,
        "Bad Request: there is no text in the message to edit",
    )


def test_a_stranger_cannot_be_written_to(telegram: Telegram) -> None:
    telegram.phones.chat(CHAT)

    assert refusal(telegram, "sendMessage", chat_id=CHAT, text="x") == (400, "Bad Request: chat not found")
    assert refusal(telegram, "sendMessage", text="x") == (400, "Bad Request: chat_id is empty")


def test_who_blocked_the_bot_cannot_be_written_to(telegram: Telegram, chat: int) -> None:
    update = telegram.phones.block(chat)

    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert refusal(telegram, "sendMessage", chat_id=chat, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    telegram.phones.unblock(chat)
    telegram.call("sendMessage", {"chat_id": chat, "text": "x"})


def test_a_query_is_answered_once(telegram: Telegram, chat: int) -> None:
    query = telegram.phones.tap(chat, 2, 0, 0)["callback_query"]["id"]

    too_long = refusal(telegram, "answerCallbackQuery", callback_query_id=query, text="x" * 201)
    telegram.call("answerCallbackQuery", {"callback_query_id": query, "text": "x" * 200, "show_alert": "true"})

    assert too_long == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert telegram.phones.chat(chat).toasts[-1].alert
    assert telegram.phones.chat(chat).waiting == {}
    assert refusal(telegram, "answerCallbackQuery", callback_query_id=query) == (400, TOO_OLD)


def test_an_unknown_method_and_a_wrong_token_are_refused(telegram: Telegram) -> None:
    assert refusal(telegram, "sendInvoice") == (404, "Not Found: method not found")
    with pytest.raises(TelegramError, match="401 Unauthorized"):
        telegram.check_token("1:other")


def test_a_message_of_two_days_cannot_be_deleted() -> None:
    clock = [0.0]
    telegram = Telegram(now=lambda: clock[0])
    telegram.phones.say(CHAT, "/start")
    telegram.call("sendMessage", {"chat_id": CHAT, "text": "x"})
    clock[0] = 48 * 3600

    assert refusal(telegram, "deleteMessage", chat_id=CHAT, message_id=2) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )
    clock[0] -= 1
    telegram.call("deleteMessage", {"chat_id": CHAT, "message_id": 2})
    assert [message.id for message in telegram.phones.chat(CHAT).messages] == [1]


def test_scripted_faults_hit_only_what_they_name_and_end(telegram: Telegram, chat: int) -> None:
    telegram.phones.say(8, "/start")
    telegram.fail("sendMessage", TelegramError(429, "Too Many Requests: retry after 3", 3), 2, {"chat_id": chat})

    telegram.call("sendMessage", {"chat_id": 8, "text": "x"})
    for _ in range(2):
        assert refusal(telegram, "sendMessage", chat_id=chat, text="x")[0] == 429
    telegram.call("sendMessage", {"chat_id": chat, "text": "x"})


def test_a_dropped_call_has_no_effect(telegram: Telegram, chat: int) -> None:
    telegram.fail("sendMessage", "drop")

    with pytest.raises(ConnectionDroppedError):
        telegram.call("sendMessage", {"chat_id": chat, "text": "x"})

    assert len(telegram.phones.chat(chat).messages) == 2
