"""Callback data of buttons, `<revision in base 36>.<action>`, and the keyboard of a screen."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit

from dialogs.view import Button, Screen

MAX_REVISION = 36**6 - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DATA = re.compile(r"(0|[1-9a-z][0-9a-z]{0,5})\.([\x21-\x7e]+)")
_ACTION = re.compile(r"[\x21-\x7e]+")


def encode(revision: int, action: str) -> str:
    """The callback data of a button.

    revision: 0 to MAX_REVISION. action: printable ASCII without spaces.
    Raises ValueError when either is something else or the data has more than 64 bytes.
    """
    data = f"{_base36(revision)}.{action}"
    fits = len(data) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    if not (fits and 0 <= revision <= MAX_REVISION and _is_action(action)):
        raise ValueError(f"cannot be sent as callback data: revision {revision}, action {action!r}")
    return data


def decode(data: str | None) -> tuple[int, str] | None:
    """Revision and action of callback data; None for data that `encode` did not make."""
    found = _DATA.fullmatch(data or "")
    return (int(found[1], 36), found[2]) if found else None


def keyboard(screen: Screen, revision: int) -> dict[str, list[list[dict[str, Any]]]] | None:
    """The inline keyboard of a screen as the Bot API takes it; None without buttons. revision: of the session, put into
    every button."""
    rows = [[_button(button, revision) for button in row] for row in screen.rows if row]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button, revision: int) -> dict[str, Any]:
    if button.copy:
        return {"text": button.caption, "copy_text": {"text": button.copy}}
    if button.url:
        return {"text": button.caption, "url": button.url}
    return {"text": button.caption, "callback_data": encode(revision, button.action)}


@lru_cache(1024)
def _is_action(action: str) -> bool:
    return _ACTION.fullmatch(action) is not None


@lru_cache(256)
def _base36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
