"""The methods that send, edit and delete messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from phone.chat import Chat, Message
from phone.entities import Entity, utf16_length
from phone.files import check_file
from phone.forms import Upload
from phone.keyboard import Keyboard, check_keyboard
from phone.params import LONGEST_TEXT, Method, Params, integer, text_of, true
from phone.phones import Phones
from phone.polls import check_poll
from phone.refusals import TelegramError, bad_request

LONGEST_CAPTION = 1024  # UTF-16 units
_DELETABLE = 48 * 3600  # seconds
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Messages:
    """The methods of the Bot API that send, edit and delete messages, by name. Each raises TelegramError."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self.methods: dict[str, Method] = {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendPoll": self._send_poll,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_message_text,
            "editMessageMedia": self._edit_message_media,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "deleteMessage": self._delete_message,
        }

    def _send_message(self, params: Params) -> object:
        chat, thread = self._place_for(params)
        html, text, entities = text_of(params, "text")
        if not text:
            raise bad_request("message text is empty")
        if utf16_length(text) > LONGEST_TEXT:
            raise bad_request("message is too long")
        keyboard = check_keyboard(params.get("reply_markup"))
        return self._sent(chat, thread, html, text, entities, keyboard)

    def _send_photo(self, params: Params) -> object:
        return self._send_file("photo", params)

    def _send_document(self, params: Params) -> object:
        return self._send_file("document", params)

    def _send_file(self, kind: str, params: Params) -> object:
        chat, thread = self._place_for(params)
        html, text, entities = text_of(params, "caption")
        if utf16_length(text) > LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        keyboard = check_keyboard(params.get("reply_markup"))
        file = self._take_file(kind, params.get(kind), params)
        return self._sent(chat, thread, html, text, entities, keyboard, file)

    def _send_poll(self, params: Params) -> object:
        chat, thread = self._place_for(params)
        keyboard = check_keyboard(params.get("reply_markup"))
        poll = check_poll(params, str(self._phones.next_poll()))
        self._phones.polls[poll.id] = poll
        return self._sent(chat, thread, "", "", [], keyboard, poll=poll.id)

    def _sent(
        self,
        chat: Chat,
        thread: int,
        html: str,
        text: str,
        entities: list[Entity],
        keyboard: Keyboard,
        file: str = "",
        poll: str = "",
    ) -> object:
        message = Message(self._phones.next_message(), True, self._phones.time(), html, text, entities, keyboard, file)
        message.thread, message.poll = thread, poll
        chat.messages.append(message)
        chat.live = chat.live if file or poll else message.id
        chat.typing = False
        return self._phones.changed(self._phones.json(chat, message), chat)

    def _edit_message_text(self, params: Params) -> object:
        chat, message = self._message_to_edit(params)
        html, text, entities = text_of(params, "text")
        if not text:
            raise bad_request("message text is empty")
        if message.file or message.poll:
            raise bad_request("there is no text in the message to edit")
        if utf16_length(text) > LONGEST_TEXT:
            raise bad_request("MESSAGE_TOO_LONG")
        return self._edited(chat, message, html, text, entities, check_keyboard(params.get("reply_markup")))

    def _edit_message_media(self, params: Params) -> object:
        chat, message = self._message_to_edit(params)
        media = params.get("media")
        if not isinstance(media, Mapping) or media.get("type") != "photo":
            raise bad_request("can't parse InputMedia: only photos are taken")
        html, text, entities = text_of(media, "caption")
        if utf16_length(text) > LONGEST_CAPTION:
            raise bad_request("MEDIA_CAPTION_TOO_LONG")
        keyboard = check_keyboard(params.get("reply_markup"))
        file = self._take_file("photo", media.get("media"), params)
        return self._edited(chat, message, html, text, entities, keyboard, file)

    def _edited(
        self,
        chat: Chat,
        message: Message,
        html: str,
        text: str,
        entities: list[Entity],
        keyboard: Keyboard,
        file: str = "",
    ) -> object:
        if (text, entities, keyboard, file) == (message.text, message.entities, message.keyboard, message.file):
            raise bad_request(_NOT_MODIFIED)
        message.html, message.text, message.entities = html, text, entities
        message.keyboard, message.file, message.edited = keyboard, file, self._phones.time()
        chat.live = message.id
        chat.typing = False
        return self._phones.changed(self._phones.json(chat, message), chat)

    def _edit_message_reply_markup(self, params: Params) -> object:
        chat, message = self._message_to_edit(params)
        keyboard = check_keyboard(params.get("reply_markup"))
        if keyboard == message.keyboard:
            raise bad_request(_NOT_MODIFIED)
        message.keyboard = keyboard
        return self._phones.changed(self._phones.json(chat, message), chat)

    def _delete_message(self, params: Params) -> object:
        chat = self._chat_for(params)
        message = chat.find(integer(params, "message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        if self._phones.time() - message.date >= _DELETABLE:
            raise bad_request("message can't be deleted for everyone")
        chat.messages.remove(message)
        return self._phones.changed(True, chat)

    def _send_chat_action(self, params: Params) -> object:
        chat = self._chat_for(params)
        if not params.get("action"):
            raise bad_request("wrong parameter action in request")
        chat.typing = True
        return self._phones.changed(True, chat)

    def _chat_for(self, params: Params) -> Chat:
        if params.get("chat_id") in (None, ""):
            raise bad_request("chat_id is empty")
        chat = self._phones.chats.get(integer(params, "chat_id"))
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        if chat.blocked:
            raise TelegramError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _place_for(self, params: Params) -> tuple[Chat, int]:
        """The chat and the topic of a new message. The message that it replies to has to exist."""
        chat, thread = self._chat_for(params), integer(params, "message_thread_id")
        if thread and thread not in chat.threads:
            raise bad_request("message thread not found")
        reply = params.get("reply_parameters") or {}
        gone = bool(reply) and chat.find(integer(reply, "message_id")) is None
        if gone and not true(reply.get("allow_sending_without_reply")):
            raise bad_request("message to be replied not found")
        return chat, thread

    def _message_to_edit(self, params: Params) -> tuple[Chat, Message]:
        chat = self._chat_for(params)
        message = chat.find(integer(params, "message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot:
            raise bad_request("message can't be edited")
        return chat, message

    def _take_file(self, kind: str, given: Any, params: Params) -> str:
        """The file id of a file that is uploaded, attached to the form, or named by its file id."""
        if isinstance(given, str) and given.startswith("attach://"):
            given = params.get(given.removeprefix("attach://"))
        if isinstance(given, Upload):
            file = check_file(kind, given)
            self._phones.files[file.id] = file
            return file.id
        if known := self._phones.files.get(str(given)):
            if known.kind != kind:
                raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
            return known.id
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
