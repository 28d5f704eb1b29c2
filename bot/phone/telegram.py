"""A strict stand-in for the Bot API, as far as the bot calls it. No I/O, no clock of its own, no randomness.

It takes no markup but HTML and no picture but PNG, and remembers one list of commands for all scopes and languages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.phone.chat import Chat, Message, Toast
from bot.phone.entities import Entity, utf16_length
from bot.phone.keyboard import Keyboard, check_keyboard
from bot.phone.params import Params, check_command, decode, integer, text_of, true
from bot.phone.phones import Phones
from bot.phone.photos import png_size
from bot.phone.refusals import ConnectionDroppedError, TelegramError, bad_request

__all__ = ["Chat", "ConnectionDroppedError", "Message", "Telegram", "TelegramError", "Toast"]

LONGEST_TEXT = 4096  # UTF-16 units
LONGEST_CAPTION = 1024  # UTF-16 units
LONGEST_ANSWER = 200  # characters
_DELETABLE = 48 * 3600  # seconds
_MOST_CALLS_KEPT = 20_000
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class _Fault:
    method: str
    error: TelegramError | Literal["drop"]
    times: int
    when: Mapping[str, object]


class Telegram(Phones):
    """One bot's Telegram.

    calls: every call but getUpdates, as (method, parameters decoded), refused ones too; the last 20,000.
    """

    def __init__(
        self,
        token: str = "1:phone",  # noqa: S107 - opens nothing
        username: str = "nen_lm_guide_bot",
        now: Callable[[], float] = time.time,
        name: str = "NEN-LM guide",
    ) -> None:
        number = int(token.partition(":")[0])
        super().__init__({"id": number, "is_bot": True, "first_name": name, "username": username}, now)
        self.token = token
        self.commands: list[dict[str, str]] = []
        self.description = ""
        self.short_description = ""
        self.calls: list[tuple[str, Params]] = []
        self._faults: list[_Fault] = []

    def call(self, method: str, params: Mapping[str, object]) -> object:
        """Do one call of the Bot API; the result, ready for JSON.

        params: as PTB puts them on the wire (JSON in strings) or decoded; files as bytes.
        Raises TelegramError, and ConnectionDroppedError where `fail` says so.
        """
        decoded = {name: decode(name, value) for name, value in params.items() if value is not None}
        if method != "getUpdates":
            self.calls.append((method, decoded))
            del self.calls[:-_MOST_CALLS_KEPT]
        self._perhaps_fail(method, decoded)
        do = _METHODS.get(method)
        if do is None:
            raise TelegramError(404, "Not Found: method not found")
        return do(self, decoded)

    def fail(
        self,
        method: str,
        error: TelegramError | Literal["drop"],
        times: int = 1,
        when: Mapping[str, object] | None = None,
    ) -> None:
        """Let the next `times` calls of `method` fail before they take effect.

        error: the refusal, or "drop" for a broken connection. when: only calls with these parameters.
        """
        self._faults.append(_Fault(method, error, times, when or {}))

    def check_token(self, token: str) -> None:
        """Raises TelegramError 401 unless it is this bot's."""
        if token != self.token:
            raise TelegramError(401, "Unauthorized")

    def _perhaps_fail(self, method: str, params: Params) -> None:
        for fault in self._faults:
            asked = all(params.get(name) == value for name, value in fault.when.items())
            if fault.method == method and fault.times > 0 and asked:
                fault.times -= 1
                if fault.error == "drop":
                    raise ConnectionDroppedError
                raise fault.error

    def _get_me(self, params: Params) -> object:
        return {
            **self.me,
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _get_updates(self, params: Params) -> object:
        return self.updates(integer(params, "offset"))

    def _delete_webhook(self, params: Params) -> object:
        return True

    def _set_my_commands(self, params: Params) -> object:
        commands = params.get("commands")
        if not isinstance(commands, list | tuple):
            raise bad_request("can't parse commands JSON object")
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands = [check_command(command) for command in commands]
        return self._changed(True)

    def _get_my_commands(self, params: Params) -> object:
        return self.commands

    def _set_my_description(self, params: Params) -> object:
        text = str(params.get("description", ""))
        if len(text) > 512:
            raise bad_request("DESCRIPTION_TOO_LONG")
        self.description = text
        return self._changed(True)

    def _set_my_short_description(self, params: Params) -> object:
        text = str(params.get("short_description", ""))
        if len(text) > 120:
            raise bad_request("ABOUT_TOO_LONG")
        self.short_description = text
        return self._changed(True)

    def _send_message(self, params: Params) -> object:
        chat = self._chat_for(params)
        html, text, entities = text_of(params, "text")
        if not text:
            raise bad_request("message text is empty")
        if utf16_length(text) > LONGEST_TEXT:
            raise bad_request("message is too long")
        return self._sent(chat, html, text, entities, check_keyboard(params.get("reply_markup")))

    def _send_photo(self, params: Params) -> object:
        chat = self._chat_for(params)
        html, text, entities = text_of(params, "caption")
        if utf16_length(text) > LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        keyboard = check_keyboard(params.get("reply_markup"))
        photo = self._take_photo(params.get("photo"), params)
        return self._sent(chat, html, text, entities, keyboard, photo)

    def _sent(
        self, chat: Chat, html: str, text: str, entities: list[Entity], keyboard: Keyboard, photo: str = ""
    ) -> object:
        message = Message(self._next_message(), True, self._time(), html, text, entities, keyboard, photo)
        chat.messages.append(message)
        chat.live = message.id
        chat.typing = False
        return self._changed(self._json(chat, message), chat)

    def _edit_message_text(self, params: Params) -> object:
        chat, message = self._message_to_edit(params)
        html, text, entities = text_of(params, "text")
        if not text:
            raise bad_request("message text is empty")
        if message.photo:
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
        photo = self._take_photo(media.get("media"), params)
        return self._edited(chat, message, html, text, entities, keyboard, photo)

    def _edited(
        self,
        chat: Chat,
        message: Message,
        html: str,
        text: str,
        entities: list[Entity],
        keyboard: Keyboard,
        photo: str = "",
    ) -> object:
        same_photo = self.photos.get(photo) == self.photos.get(message.photo)
        same_text = (text, entities, keyboard) == (message.text, message.entities, message.keyboard)
        if same_photo and same_text:
            raise bad_request(_NOT_MODIFIED)
        message.html, message.text, message.entities = html, text, entities
        message.keyboard, message.photo, message.edited = keyboard, photo, self._time()
        chat.live = message.id
        chat.typing = False
        return self._changed(self._json(chat, message), chat)

    def _edit_message_reply_markup(self, params: Params) -> object:
        chat, message = self._message_to_edit(params)
        keyboard = check_keyboard(params.get("reply_markup"))
        if keyboard == message.keyboard:
            raise bad_request(_NOT_MODIFIED)
        message.keyboard = keyboard
        return self._changed(self._json(chat, message), chat)

    def _delete_message(self, params: Params) -> object:
        chat = self._chat_for(params)
        message = chat.find(integer(params, "message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        if self._time() - message.date >= _DELETABLE:
            raise bad_request("message can't be deleted for everyone")
        chat.messages.remove(message)
        return self._changed(True, chat)

    def _answer_callback_query(self, params: Params) -> object:
        query = str(params.get("callback_query_id", ""))
        chat = self._asked.get(query)
        if chat is None:
            raise bad_request(_QUERY_TOO_OLD)
        text = str(params.get("text", ""))
        if len(text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        del self._asked[query], chat.waiting[query]
        chat.toasts.append(Toast(text, true(params.get("show_alert"))))
        return self._changed(True, chat)

    def _send_chat_action(self, params: Params) -> object:
        chat = self._chat_for(params)
        if not params.get("action"):
            raise bad_request("wrong parameter action in request")
        chat.typing = True
        return self._changed(True, chat)

    def _chat_for(self, params: Params) -> Chat:
        if params.get("chat_id") in (None, ""):
            raise bad_request("chat_id is empty")
        chat = self._chats.get(integer(params, "chat_id"))
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        if chat.blocked:
            raise TelegramError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message_to_edit(self, params: Params) -> tuple[Chat, Message]:
        chat = self._chat_for(params)
        message = chat.find(integer(params, "message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot:
            raise bad_request("message can't be edited")
        return chat, message

    def _take_photo(self, photo: object, params: Params) -> str:
        """The file id of a photo given as bytes, as the part of the request it names, or by file id."""
        if isinstance(photo, str) and photo.startswith("attach://"):
            photo = params.get(photo.removeprefix("attach://"))
        if isinstance(photo, str) and photo in self.photos:
            return photo
        if not isinstance(photo, bytes):
            raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        png_size(photo)
        file_id = f"photo{len(self.photos) + 1}"
        self.photos[file_id] = photo
        return file_id


_METHODS: dict[str, Callable[[Telegram, Params], object]] = {
    "getMe": Telegram._get_me,
    "getUpdates": Telegram._get_updates,
    "deleteWebhook": Telegram._delete_webhook,
    "setMyCommands": Telegram._set_my_commands,
    "getMyCommands": Telegram._get_my_commands,
    "setMyDescription": Telegram._set_my_description,
    "setMyShortDescription": Telegram._set_my_short_description,
    "sendMessage": Telegram._send_message,
    "sendPhoto": Telegram._send_photo,
    "sendChatAction": Telegram._send_chat_action,
    "editMessageText": Telegram._edit_message_text,
    "editMessageMedia": Telegram._edit_message_media,
    "editMessageReplyMarkup": Telegram._edit_message_reply_markup,
    "deleteMessage": Telegram._delete_message,
    "answerCallbackQuery": Telegram._answer_callback_query,
}
