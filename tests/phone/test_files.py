"""Photos and documents on the stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from phone.forms import Upload
from phone.telegram import Telegram, TelegramError
from tests.support.png import picture, png

CHAT = 7
PDF = Upload("card.pdf", b"%PDF-1.7")
UNKNOWN = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"


@pytest.fixture
def chat(telegram: Telegram) -> int:
    telegram.phones.say(CHAT, "/start")
    return CHAT


def sent(telegram: Telegram, kind: str, file: object, **more: object) -> Any:
    method = {"photo": "sendPhoto", "document": "sendDocument"}[kind]
    return telegram.call(method, {"chat_id": CHAT, kind: file, **more})


def test_a_file_comes_back_with_an_id_by_which_it_can_be_sent_again(telegram: Telegram, chat: int) -> None:
    photo = sent(telegram, "photo", picture(30, 20))["photo"][-1]
    document = sent(telegram, "document", PDF, caption="c")
    again = sent(telegram, "document", document["document"]["file_id"])

    assert (photo["width"], photo["height"], photo["file_size"]) == (30, 20, len(png(30, 20)))
    assert document["caption"] == "c"
    assert document["document"]["file_name"] == "card.pdf"
    assert again["document"] == document["document"]
    assert [telegram.phones.files[message.file].content for message in telegram.phones.chat(chat).messages[1:]] == [
        png(30, 20),
        PDF.content,
        PDF.content,
    ]


def test_after_a_restart_an_id_stands_for_no_other_file(telegram: Telegram, chat: int) -> None:
    first = sent(telegram, "photo", picture(30))["photo"][-1]["file_id"]
    restarted = Telegram()
    restarted.phones.say(CHAT, "/start")

    other = sent(restarted, "photo", picture(40))["photo"][-1]["file_id"]

    assert other != first
    with pytest.raises(TelegramError, match="wrong remote file identifier"):
        sent(restarted, "photo", first)


def test_a_file_does_not_become_the_live_message(telegram: Telegram, chat: int) -> None:
    telegram.call("sendMessage", {"chat_id": chat, "text": "x"})

    sent(telegram, "photo", picture())

    assert telegram.phones.chat(chat).live == 2


@pytest.mark.parametrize(
    ("kind", "file", "more", "words"),
    [
        ("document", Upload("a.pdf", b""), {}, "file must be non-empty"),
        ("document", PDF, {"caption": "x" * 1025}, "message caption is too long"),
        ("document", PDF, {"caption": "\U0001f600" * 513}, "message caption is too long"),
        ("document", Upload("a.pdf", bytes(50 * 1024 * 1024 + 1)), {}, "file is too big"),
        ("photo", Upload("a.png", bytes(10 * 1024 * 1024 + 1)), {}, "file is too big"),
        ("document", "document-1", {}, UNKNOWN),
        ("photo", "photo-1", {}, UNKNOWN),
        ("document", None, {}, UNKNOWN),
    ],
)
def test_a_wrong_file_is_refused(
    telegram: Telegram, chat: int, kind: str, file: object, more: dict[str, object], words: str
) -> None:
    with pytest.raises(TelegramError) as refused:
        sent(telegram, kind, file, **more)

    assert refused.value.description == f"Bad Request: {words}"
    assert len(telegram.phones.chat(chat).messages) == 1


def test_a_photo_cannot_be_sent_as_a_document_by_its_id(telegram: Telegram, chat: int) -> None:
    photo = sent(telegram, "photo", picture())["photo"][-1]["file_id"]

    with pytest.raises(TelegramError, match="can't use file of type Photo as Document"):
        sent(telegram, "document", photo)
