"""A strict stand-in for the Bot API, as far as the bot calls it. No I/O, no clock of its own, no randomness.

It takes no markup but HTML and no picture but PNG, of inline results only articles, and remembers one list of commands
for all scopes and languages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from phone.chat import Chat, Message, Toast
from phone.delivery import Delivery
from phone.inline import check_button, check_results
from phone.messages import Messages
from phone.params import Params, check_command, decode, true
from phone.refusals import ConnectionDroppedError, ForeignPageError, TelegramError, bad_request

__all__ = ["Chat", "ConnectionDroppedError", "ForeignPageError", "Message", "Telegram", "TelegramError", "Toast"]

LONGEST_ANSWER = 200  # characters
_MOST_CALLS_KEPT = 20_000
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


Failure = TelegramError | ForeignPageError | Literal["drop", "lose"]


What = TypeVar("What")


@dataclass(slots=True)
class _Planned(Generic[What]):
    """What the next `times` calls of a method, with these parameters, meet with."""

    method: str
    what: What
    times: int
    when: Mapping[str, object]

    def meets(self, method: str, params: Mapping[str, object]) -> bool:
        """Whether this call is one of them; it is counted."""
        asked = all(params.get(name) == value for name, value in self.when.items())
        if self.method != method or self.times <= 0 or not asked:
            return False
        self.times -= 1
        return True


class Telegram(Messages, Delivery):
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
        self._failures: list[_Planned[Failure]] = []
        self._delays: list[_Planned[float]] = []

    def call(self, method: str, params: Mapping[str, object]) -> object:
        """Do one call of the Bot API; the result, ready for JSON.

        method: in any case of letters. params: as PTB puts them on the wire (JSON in strings) or decoded; files as
        Upload.
        Raises TelegramError, and where `fail` says so ConnectionDroppedError and ForeignPageError.
        """
        method = _NAMES.get(method.lower(), method)
        decoded = {name: decode(name, value) for name, value in params.items() if value is not None}
        if method != "getUpdates":
            self.calls.append((method, decoded))
            del self.calls[:-_MOST_CALLS_KEPT]
        failure = self.failure(method, decoded)
        if isinstance(failure, Exception):
            raise failure
        if failure == "drop":
            raise ConnectionDroppedError
        do = _METHODS.get(method)
        if do is None:
            raise TelegramError(404, "Not Found: method not found")
        result = do(self, decoded)
        if failure == "lose":
            raise ConnectionDroppedError
        return result

    def fail(self, method: str, error: Failure, times: int = 1, when: Mapping[str, object] | None = None) -> None:
        """Let the next `times` calls of `method` fail before they take effect.

        error: the refusal; a page of something on the way; "drop" for a broken connection, or "lose" for one that
        breaks when the call has taken effect. when: only calls with these parameters.
        """
        self._failures.append(_Planned(method, error, times, when or {}))

    def slow(self, method: str, seconds: float, times: int = 1, when: Mapping[str, object] | None = None) -> None:
        """Let the answers to the next `times` calls of `method` come so much later than their effect, over HTTP."""
        self._delays.append(_Planned(method, seconds, times, when or {}))

    def failure(self, method: str, params: Mapping[str, object]) -> Failure | None:
        """How this call fails, if it does."""
        return next((failure.what for failure in self._failures if failure.meets(method, params)), None)

    def delay(self, method: str, params: Mapping[str, object]) -> float:
        """How many seconds later than its effect the answer to this call comes."""
        return next((delay.what for delay in self._delays if delay.meets(method, params)), 0.0)

    def check_token(self, token: str) -> None:
        """Raises TelegramError 401 unless it is this bot's."""
        if token != self.token:
            raise TelegramError(401, "Unauthorized")

    def _get_me(self, params: Params) -> object:
        return {
            **self.me,
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }

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

    def _answer_inline_query(self, params: Params) -> object:
        results, button = check_results(params), check_button(params)
        query = str(params.get("inline_query_id", ""))
        if query not in self._asked_inline:
            raise bad_request(_QUERY_TOO_OLD)
        chat, inline = self._asked_inline.pop(query)
        inline.answered, inline.results, inline.button = True, results, button
        return self._changed(True, chat)


_METHODS: dict[str, Callable[[Telegram, Params], object]] = {
    "getMe": Telegram._get_me,
    "getUpdates": Telegram._get_updates,
    "setWebhook": Telegram._set_webhook,
    "deleteWebhook": Telegram._delete_webhook,
    "getWebhookInfo": Telegram._get_webhook_info,
    "setMyCommands": Telegram._set_my_commands,
    "getMyCommands": Telegram._get_my_commands,
    "setMyDescription": Telegram._set_my_description,
    "setMyShortDescription": Telegram._set_my_short_description,
    "sendMessage": Telegram._send_message,
    "sendPhoto": Telegram._send_photo,
    "sendDocument": Telegram._send_document,
    "sendChatAction": Telegram._send_chat_action,
    "editMessageText": Telegram._edit_message_text,
    "editMessageMedia": Telegram._edit_message_media,
    "editMessageReplyMarkup": Telegram._edit_message_reply_markup,
    "deleteMessage": Telegram._delete_message,
    "answerCallbackQuery": Telegram._answer_callback_query,
    "answerInlineQuery": Telegram._answer_inline_query,
}
_NAMES = {name.lower(): name for name in _METHODS}
