"""Quiz polls: checking them as Telegram does, and their votes. Only quizzes that are not anonymous and have one right
option are supported, since the bot sends no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from phone.params import Params, true
from phone.refusals import bad_request

_QUESTION, _OPTION, _EXPLANATION = 300, 100, 200  # characters
_FEWEST, _MOST = 2, 12
_LINE_FEEDS = 2


@dataclass(slots=True)
class Poll:
    """A quiz. right: the index of the right option. votes: by the person's id, the index of the chosen option."""

    id: str
    question: str
    options: tuple[str, ...]
    right: int
    explanation: str
    votes: dict[int, int] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, Any]:
        """The Poll object as its bot gets it."""
        chosen = list(self.votes.values())
        return {
            "id": self.id,
            "question": self.question,
            "options": [
                {"persistent_id": str(place), "text": text, "voter_count": chosen.count(place)}
                for place, text in enumerate(self.options)
            ],
            "total_voter_count": len(chosen),
            "is_closed": False,
            "is_anonymous": False,
            "type": "quiz",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
            "correct_option_ids": [self.right],
            "explanation": self.explanation,
        }


def check_poll(params: Params, id_: str) -> Poll:
    """The poll of a sendPoll. Raises TelegramError."""
    question, options = _text(params, "question"), _options(params.get("options"))
    if not question:
        raise bad_request("text must be non-empty")
    if len(question) > _QUESTION:
        raise bad_request(f"poll question length must not exceed {_QUESTION}")
    if len(options) < _FEWEST:
        raise bad_request(f"poll must have at least {_FEWEST} option")
    if len(options) > _MOST:
        raise bad_request(f"poll can't have more than {_MOST} options")
    for text in options:
        if not text:
            raise bad_request("text must be non-empty")
        if len(text) > _OPTION:
            raise bad_request(f"poll options length must not exceed {_OPTION}")
    if params.get("type") != "quiz" or true(params.get("is_anonymous", True)):
        raise bad_request("only quizzes that are not anonymous are taken here")
    explanation = _text(params, "explanation")
    if len(explanation) > _EXPLANATION or explanation.count("\n") > _LINE_FEEDS:
        raise bad_request("message is too long")
    return Poll(id_, question, options, _right(params, len(options)), explanation)


def _text(params: Mapping[str, Any], name: str) -> str:
    if params.get(f"{name}_parse_mode"):
        raise bad_request("the words of a poll are taken here only as plain ones")
    return str(params.get(name, "")).strip()


def _options(given: object) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise bad_request("expected an Array of InputPollOption")
    texts = []
    for option in given:
        if isinstance(option, str):
            option = {"text": option}
        if not isinstance(option, Mapping):
            raise bad_request("can't parse InputPollOption: Expected InputPollOption to be an Object")
        if "text" not in option:
            raise bad_request("can't parse InputPollOption: Can't find field \"text\"")
        if option.get("text_parse_mode"):
            raise bad_request("the words of a poll are taken here only as plain ones")
        texts.append(str(option["text"]).strip())
    return tuple(texts)


def _right(params: Params, options: int) -> int:
    right = params.get("correct_option_ids")
    if right is None and params.get("correct_option_id") is not None:  # as before Bot API 9.6
        right = [params["correct_option_id"]]
    if right is None or right == []:
        raise bad_request("correct quiz option list must be non-empty")
    if not isinstance(right, list | tuple):
        raise bad_request("expected an Array of correct option identifiers")
    if not all(type(place) is int for place in right):
        raise bad_request("correct option identifier must be of type Number")
    if any(earlier >= later for earlier, later in pairwise(right)):
        raise bad_request("correct quiz option list must be increasing")
    if not 0 <= right[0] <= right[-1] < options:
        raise bad_request("wrong quiz correct_option_id")
    if len(right) > 1:
        raise bad_request("only quizzes with one right option are taken here")
    return int(right[0])
