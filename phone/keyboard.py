"""Checking inline keyboards as Telegram does; stricter in one point: a button may only open an https address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from phone.refusals import bad_request

Button: TypeAlias = dict[str, object]
Keyboard: TypeAlias = list[list[Button]]

MOST_BUTTONS = 100
LONGEST_CALLBACK_DATA = 64  # bytes
LONGEST_COPY_TEXT = 256  # characters

_HTTPS = re.compile(r"https://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", re.ASCII)


def check_keyboard(markup: object) -> Keyboard:
    """The rows of an inline keyboard given as decoded JSON; none without a markup. Raises TelegramError."""
    if markup is None or markup == "":
        return []
    if not isinstance(markup, Mapping):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = [[_check_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in keyboard) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _check_button(button: object) -> Button:
    if not isinstance(button, Mapping):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if data := button.get("callback_data"):
        if not isinstance(data, str) or len(data.encode()) > LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text, "callback_data": data}
    if (copy := button.get("copy_text")) is not None:
        words = copy.get("text") if isinstance(copy, Mapping) else None
        if not isinstance(words, str) or not 1 <= len(words) <= LONGEST_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"text": text, "copy_text": {"text": words}}
    if url := button.get("url"):
        if not isinstance(url, str) or not _HTTPS.fullmatch(url):
            raise bad_request("BUTTON_URL_INVALID")
        return {"text": text, "url": url}
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
