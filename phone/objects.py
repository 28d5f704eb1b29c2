"""The Bot API's objects as JSON, made from chats and messages."""

from __future__ import annotations

import re
from typing import Any

from phone.chat import Chat, Message
from phone.entities import utf16_length
from phone.files import File
from phone.polls import Poll

_COMMAND = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")
_FILE = {"file_id": "file", "file_unique_id": "file"}

OTHER_KINDS: dict[str, Any] = {
    "photo": [{**_FILE, "width": 90, "height": 90}],
    "voice": {**_FILE, "duration": 1},
    "document": {**_FILE, "file_name": "document.pdf"},
    "contact": {"phone_number": "0", "first_name": "Contact"},
    "location": {"latitude": 0.0, "longitude": 0.0},
    "sticker": {
        **_FILE,
        "type": "regular",
        "width": 90,
        "height": 90,
        "is_animated": False,
        "is_video": False,
    },
}


def command_entities(text: str) -> list[dict[str, Any]]:
    """The entities of the commands in a typed text, as a client adds them."""
    return [
        {"type": "bot_command", "offset": utf16_length(text[: found.start()]), "length": len(found[0])}
        for found in _COMMAND.finditer(text)
    ]


def person_json(chat: Chat) -> dict[str, Any]:
    """The User object of the person in the chat."""
    return {"id": abs(chat.id), "is_bot": False, "first_name": chat.first_name, "language_code": "en"}


def chat_json(chat: Chat) -> dict[str, Any]:
    """The Chat object."""
    if chat.id < 0:
        return {"id": chat.id, "type": "group", "title": chat.first_name}
    return {"id": chat.id, "type": "private", "first_name": chat.first_name}


def message_json(
    chat: Chat, message: Message, bot: dict[str, Any], file: File | None = None, poll: Poll | None = None
) -> dict[str, Any]:
    """The Message object. file, poll: the photo, document or poll in it."""
    shown: dict[str, Any] = {
        "message_id": message.id,
        "date": message.date,
        "chat": chat_json(chat),
        "from": bot if message.from_bot else person_json(chat),
    }
    if message.edited:
        shown["edit_date"] = message.edited
    if message.thread:
        shown |= {"message_thread_id": message.thread, "is_topic_message": True}
    if message.album:
        shown["media_group_id"] = message.album
    if message.via_bot:
        shown["via_bot"] = bot
    if file:
        shown |= file.json
    if poll:
        shown["poll"] = poll.json
    if message.kind != "text":
        shown[message.kind] = OTHER_KINDS[message.kind]
    elif message.text:
        text_key, entities_key = ("caption", "caption_entities") if file else ("text", "entities")
        shown[text_key] = message.text
        entities = message.entities if message.from_bot or message.via_bot else command_entities(message.text)
        if entities:
            shown[entities_key] = entities
    if message.keyboard:
        shown["reply_markup"] = {"inline_keyboard": message.keyboard}
    return shown
