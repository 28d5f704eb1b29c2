"""The methods that answer taps and inline queries."""

from __future__ import annotations

from phone.chat import Toast
from phone.inline import check_button, check_results
from phone.params import Method, Params, true
from phone.phones import Phones
from phone.refusals import bad_request

LONGEST_ANSWER = 200  # characters
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Answers:
    """The methods of the Bot API that answer a query, by name. Each raises TelegramError."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self.methods: dict[str, Method] = {
            "answerCallbackQuery": self._answer_callback_query,
            "answerInlineQuery": self._answer_inline_query,
        }

    def _answer_callback_query(self, params: Params) -> object:
        query = str(params.get("callback_query_id", ""))
        chat = self._phones.asked.get(query)
        if chat is None:
            raise bad_request(_QUERY_TOO_OLD)
        text = str(params.get("text", ""))
        if len(text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        del self._phones.asked[query], chat.waiting[query]
        chat.toasts.append(Toast(text, true(params.get("show_alert"))))
        return self._phones.changed(True, chat)

    def _answer_inline_query(self, params: Params) -> object:
        results, button = check_results(params), check_button(params)
        query = str(params.get("inline_query_id", ""))
        if query not in self._phones.asked_inline:
            raise bad_request(_QUERY_TOO_OLD)
        chat, inline = self._phones.asked_inline.pop(query)
        inline.answered, inline.results, inline.button = True, results, button
        return self._phones.changed(True, chat)
