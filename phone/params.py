"""Parameters of a Bot API call, encoded as PTB sends them, or decoded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from phone.entities import Entity, parse_html
from phone.refusals import bad_request

Params = dict[str, Any]
Method = Callable[[Params], object]
"""A method of the Bot API: from its decoded parameters to its result, ready for JSON."""
LONGEST_TEXT = 4096  # UTF-16 units
_JSON_PARAMETERS = (
    "reply_markup", "commands", "media", "results", "button", "allowed_updates", "reply_parameters", "options",
    "correct_option_ids",
)  # fmt: skip


def check_command(command: object) -> dict[str, str]:
    """The checked BotCommand. Raises TelegramError."""
    if not isinstance(command, Mapping):
        raise bad_request("can't parse BotCommand: BotCommand must be an Object")
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    if not name or not description:
        raise bad_request(f"command {'description' if name else 'name'} must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def text_of(params: Mapping[str, Any], name: str) -> tuple[str, str, list[Entity]]:
    """The text as given, and the text and entities as shown."""
    given = str(params.get(name, ""))
    mode = str(params.get("parse_mode", ""))
    if not mode:
        return given, given.strip(), []
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    try:
        return given, *parse_html(given)
    except ValueError as error:
        raise bad_request(f"can't parse entities: {error}") from None


def decode(name: str, value: object) -> object:
    """The value of the parameter `name`, decoded if it is a JSON string."""
    if name not in _JSON_PARAMETERS or not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        what = "reply keyboard markup" if name == "reply_markup" else name
        raise bad_request(f"can't parse {what} JSON object") from None


def integer(params: Params, name: str) -> int:
    """A whole number, given as a number or a text; 0 for anything else, which is nobody's id."""
    try:
        return int(params.get(name, 0))
    except (TypeError, ValueError):
        return 0


def true(value: object) -> bool:
    """A boolean, given as a boolean or a text."""
    return str(value).lower() in ("true", "1")
