"""Inline mode: the query of a person, and checking the bot's answer as Telegram does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from phone.entities import Entity, utf16_length
from phone.keyboard import Keyboard, check_keyboard
from phone.params import LONGEST_TEXT, Params, text_of
from phone.refusals import bad_request

LONGEST_QUESTION = 256  # characters
_MOST_RESULTS = 50
_LONGEST_ID = 64  # bytes
_LONGEST_PARAMETER = 64  # characters


@dataclass(frozen=True, slots=True)
class Result:
    """A result that can be sent to the chat. html: its message as the bot gave it."""

    id: str
    title: str
    description: str
    html: str
    text: str
    entities: list[Entity]
    keyboard: Keyboard


@dataclass(slots=True)
class Inline:
    """An inline query and, once it is answered, its results. button: text and start_parameter, or empty."""

    query: str
    text: str
    answered: bool = False
    results: list[Result] = field(default_factory=list)
    button: dict[str, str] = field(default_factory=dict)


def check_results(params: Params) -> list[Result]:
    """The results of an answer; only articles with text are supported. Raises TelegramError."""
    given = params.get("results")
    if not isinstance(given, list | tuple):
        raise bad_request("can't parse inline query results JSON object")
    if len(given) > _MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    results = [_check_result(one) for one in given]
    if len({result.id for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def check_button(params: Params) -> dict[str, str]:
    """The button above the results, or empty. Raises TelegramError."""
    button = params.get("button")
    if not button:
        return {}
    if not isinstance(button, Mapping):
        raise bad_request("can't parse InlineQueryResultsButton: object expected")
    text, parameter = str(button.get("text", "")), str(button.get("start_parameter", ""))
    if not text:
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if not parameter:
        raise bad_request("can't use empty start_parameter")
    if len(parameter) > _LONGEST_PARAMETER:
        raise bad_request("too long start_parameter specified")
    if not re.fullmatch("[A-Za-z0-9_-]+", parameter):
        raise bad_request("unallowed characters in start_parameter are used")
    return {"text": text, "start_parameter": parameter}


def _check_result(given: object) -> Result:
    if not isinstance(given, Mapping) or given.get("type") != "article":
        raise bad_request("can't parse InlineQueryResult: only articles are taken")
    content: Any = given.get("input_message_content")
    if not isinstance(content, Mapping) or "message_text" not in content:
        raise bad_request("can't parse InlineQueryResult: message content must be specified")
    id_, title = str(given.get("id", "")), str(given.get("title", ""))
    if not id_:
        raise bad_request("RESULT_ID_EMPTY")
    if len(id_.encode()) > _LONGEST_ID:
        raise bad_request("RESULT_ID_INVALID")
    if not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    html, text, entities = text_of(content, "message_text")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    keyboard = check_keyboard(given.get("reply_markup"))
    return Result(id_, title, str(given.get("description", "")), html, text, entities, keyboard)
