"""From JSON to an update. The library accepts any value in any field, so the types are checked here."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from telegram import Bot, CallbackQuery, Chat, InaccessibleMessage, PollAnswer, Update, User

_CHAT = {"id": int, "type": str}
_PERSON = {"id": int}
_MESSAGE = {
    "message_id": int, "chat": _CHAT, "from?": _PERSON, "via_bot?": _PERSON, "sender_chat?": _CHAT, "text?": str,
    "message_thread_id?": int, "media_group_id?": str,
}  # fmt: skip
KINDS: dict[str, Any] = {
    Update.MESSAGE: _MESSAGE,
    Update.CALLBACK_QUERY: {"id": str, "from": _PERSON, "message?": _MESSAGE, "data?": str},
    Update.INLINE_QUERY: {"id": str, "from": _PERSON, "query": str},
    Update.POLL_ANSWER: {"poll_id": str, "user?": _PERSON, "option_ids": list},
    Update.MY_CHAT_MEMBER: {"chat": _CHAT, "from": _PERSON, "new_chat_member": {"status": str}},
}
"""The fields that the handlers and their filters read of each kind of update; one with ? may be missing."""


class Read(NamedTuple):
    """update: None when the bot can do nothing with it."""

    number: int
    update: Update | None


def read_body(body: bytes, bot: Bot) -> Read | None:
    """The update in the body of a request; None when the body is none."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read_update(given, bot)


def number_of(update: object) -> int | None:
    """The number of an update as JSON; None for anything else."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else None


def read_update(given: Any, bot: Bot | None = None) -> Read | None:
    """The update as an object; None when what is given is none."""
    number = number_of(given)
    if number is None:
        return None
    kind = next((kind for kind in KINDS if kind in given), None)
    if kind is None or not _fits(given[kind], _RULES[kind]):
        return Read(number, None)
    try:
        light = _tap(number, given[kind], bot) or _answer_to_poll(number, given[kind])
        return Read(number, light or Update.de_json({"update_id": number, kind: given[kind]}, bot))
    except Exception:  # the library raises anything on what it does not expect
        return Read(number, None)


def _tap(number: int, query: dict[str, Any], bot: Bot | None) -> Update | None:
    """A tap on a button of a message outside a topic; None for any other. Of the message it has the ids only.

    Parsing the text and the buttons, which are the bot's own, would double the work.
    """
    message = query.get("message")
    if message is None or "message_thread_id" in message:
        return None
    chat, person = message["chat"], query["from"]
    read = CallbackQuery(
        query["id"],
        User(person["id"], "", is_bot=False),
        "",
        InaccessibleMessage(Chat(chat["id"], chat["type"]), message["message_id"]),
        query.get("data"),
    )
    read.set_bot(bot)
    return Update(number, callback_query=read)


def _answer_to_poll(number: int, answer: dict[str, Any]) -> Update | None:
    """A person's answer to a poll; None for any other. The library's parser needs a field that older Bot API servers do
    not send."""
    person = answer.get("user")
    if person is None or "poll_id" not in answer:
        return None
    user = User(person["id"], "", is_bot=False)
    read = PollAnswer(answer["poll_id"], answer["option_ids"], user, option_persistent_ids=())
    return Update(number, poll_answer=read)


def _rules(wanted: Any) -> Any:
    """The fields as _fits takes them: names, each with whether it may be missing and the type of its value."""
    if isinstance(wanted, type):
        return wanted
    return tuple((name.removesuffix("?"), name.endswith("?"), _rules(inner)) for name, inner in wanted.items())


_RULES = {kind: _rules(wanted) for kind, wanted in KINDS.items()}


def _fits(given: object, rules: Any) -> bool:
    """Whether the value has the wanted type, or the wanted fields."""
    if isinstance(rules, type):
        return type(given) is rules
    if not isinstance(given, dict):
        return False
    for name, optional, inner in rules:
        value = given.get(name)
        if not (value is None and optional) and not _fits(value, inner):
            return False
    return True
