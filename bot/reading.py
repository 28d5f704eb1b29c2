"""From the body of a request to an update. The library takes anything for any field, so what is read is looked at."""

from __future__ import annotations

import json
from collections.abc import Container
from contextvars import ContextVar
from typing import Any, NamedTuple

from telegram import Bot, Update

_CHAT = {"id": int, "type": str}
_PERSON = {"id": int}
_MESSAGE = {
    "message_id": int, "chat": _CHAT, "from?": _PERSON, "via_bot?": _PERSON, "sender_chat?": _CHAT, "text?": str,
    "message_thread_id?": int, "media_group_id?": str,
}  # fmt: skip
_KINDS: dict[str, Any] = {
    Update.MESSAGE: _MESSAGE,
    Update.CALLBACK_QUERY: {"id": str, "from": _PERSON, "message?": _MESSAGE, "data?": str},
    Update.INLINE_QUERY: {"id": str, "from": _PERSON, "query": str},
    Update.MY_CHAT_MEMBER: {"chat": _CHAT, "from": _PERSON, "new_chat_member": {"status": str}},
}
"""What the handlers and their filters read of each kind; a name with ? may be missing."""

_OF_THE_TAPPED = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
"""What is kept of the message under a tapped button: its text and buttons are the bot's own, and as much work to read
as all the rest of the update. Outside a topic the date goes too: without one the library makes an
InaccessibleMessage of it, of three fields instead of a hundred."""


class Read(NamedTuple):
    """update: None when the bot can do nothing with it."""

    number: int
    update: Update | None


def read_body(body: bytes, bot: Bot) -> Read | None:
    """The update in a body, or None when that is none."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read_update(given, bot)


def read_update(given: object, bot: Bot | None = None) -> Read | None:
    """The update that was given, or None when that is none."""
    if not isinstance(given, dict) or type(number := given.get("update_id")) is not int:
        return None
    kind = next((kind for kind in _KINDS if kind in given), "")
    if not kind or not _fits(given[kind], _KINDS[kind]):
        return Read(number, None)
    try:
        return Read(number, Update.de_json(_lightened(given), bot))
    except Exception:  # the library raises anything on what it does not expect
        return Read(number, None)


def is_read(update: Update) -> bool:
    """Whether there is more of an update than the number that `readable` leaves."""
    return any(getattr(update, kind) is not None for kind in _KINDS)


known: ContextVar[Container[int]] = ContextVar("known", default=())
"""The numbers of the updates that whoever polls has already taken."""


def readable(answer: bytes) -> bytes:
    """An answer of getUpdates in which every update can be read.

    Of one that cannot, and of one that is known already, its number is left: they need not be read again and again
    while they are under way.
    """
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError):
        return answer
    updates = given.get("result") if isinstance(given, dict) else None
    if not isinstance(updates, list):
        return answer
    taken = known.get()
    read = [(update, _number(update, taken) or read_update(update)) for update in updates]
    kept = [_lightened(update) if found.update else {"update_id": found.number} for update, found in read if found]
    return json.dumps({**given, "result": kept}).encode()


def _number(update: object, taken: Container[int]) -> Read | None:
    """The number alone of an update that is known."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return Read(number, None) if type(number) is int and number in taken else None


def _lightened(update: dict[str, Any]) -> dict[str, Any]:
    """The update with its kind alone, and of a tapped message only what is needed."""
    kind = next(kind for kind in _KINDS if kind in update)
    body = update[kind]
    if kind == Update.CALLBACK_QUERY and isinstance(message := body.get("message"), dict):
        kept = {key: message[key] for key in _OF_THE_TAPPED if key in message}
        if "message_thread_id" not in kept:
            kept["date"] = 0
        body = {**body, "message": kept}
    return {"update_id": update["update_id"], kind: body}


def _fits(given: object, wanted: Any) -> bool:
    if isinstance(wanted, type):
        return type(given) is wanted
    if not isinstance(given, dict):
        return False
    for name, inner in wanted.items():
        value = given.get(name.removesuffix("?"))
        if not (value is None and name.endswith("?")) and not _fits(value, inner):
            return False
    return True
