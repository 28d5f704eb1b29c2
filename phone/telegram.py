"""A strict stand-in for the Bot API, as far as the bot calls it. No I/O, no clock of its own, no randomness.

It supports only HTML as markup, only PNG as pictures and only articles as inline results, and has one list of commands
for all scopes and languages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from phone.answers import Answers
from phone.chat import Chat, Message, Toast
from phone.delivery import Delivery
from phone.messages import Messages
from phone.params import Params, decode
from phone.phones import Phones
from phone.profile import Profile
from phone.refusals import ConnectionDroppedError, ForeignPageError, TelegramError

__all__ = ["Chat", "ConnectionDroppedError", "ForeignPageError", "Message", "Telegram", "TelegramError", "Toast"]

_MOST_CALLS_KEPT = 20_000
Failure = TelegramError | ForeignPageError | Literal["drop", "lose"]

What = TypeVar("What")


@dataclass(slots=True)
class _Planned(Generic[What]):
    """What happens to the next `times` calls of a method with these parameters."""

    method: str
    what: What
    times: int
    when: Mapping[str, object]

    def meets(self, method: str, params: Mapping[str, object]) -> bool:
        """Whether this call is one of them. If so, it is counted."""
        asked = all(params.get(name) == value for name, value in self.when.items())
        if self.method.lower() != method.lower() or self.times <= 0 or not asked:
            return False
        self.times -= 1
        return True


class Telegram:
    """One bot's Telegram.

    phones: what people do and see. delivery: how updates reach the bot. profile: what the bot says about itself. calls:
    the last 20,000 calls other than getUpdates, refused ones included, as (method, decoded parameters).
    """

    def __init__(
        self,
        token: str = "1:phone",  # noqa: S107 - opens nothing
        username: str = "nen_lm_guide_bot",
        now: Callable[[], float] = time.time,
        name: str = "NEN-LM guide",
    ) -> None:
        number = int(token.partition(":")[0])
        self.token = token
        self.phones = Phones({"id": number, "is_bot": True, "first_name": name, "username": username}, now)
        self.delivery = Delivery(self.phones)
        self.profile = Profile(self.phones)
        parts = (self.delivery, self.profile, Messages(self.phones), Answers(self.phones))
        self._methods = {name: method for part in parts for name, method in part.methods.items()}
        self._names = {name.lower(): name for name in self._methods}
        self.calls: list[tuple[str, Params]] = []
        self._failures: list[_Planned[Failure]] = []
        self._delays: list[_Planned[float]] = []

    def call(self, method: str, params: Mapping[str, object]) -> object:
        """Carry out a call of the Bot API. Returns its result, ready for JSON.

        method: see `named`. params: as PTB puts them on the wire (JSON in strings) or decoded; files as
        Upload.
        Raises TelegramError; after `fail` also ConnectionDroppedError and ForeignPageError.
        """
        method = self.named(method)
        decoded = {name: decode(name, value) for name, value in params.items() if value is not None}
        if method != "getUpdates":
            self.calls.append((method, decoded))
            del self.calls[:-_MOST_CALLS_KEPT]
        failure = self.failure(method, decoded)
        if isinstance(failure, Exception):
            raise failure
        if failure == "drop":
            raise ConnectionDroppedError
        do = self._methods.get(method)
        if do is None:
            raise TelegramError(404, "Not Found: method not found")
        result = do(decoded)
        if failure == "lose":
            raise ConnectionDroppedError
        return result

    def named(self, method: str) -> str:
        """The method's name as the Bot API writes it. method: in upper or lower case."""
        return self._names.get(method.lower(), method)

    def fail(self, method: str, error: Failure, times: int = 1, when: Mapping[str, object] | None = None) -> None:
        """Let the next `times` calls of `method` fail before they take effect.

        error: the refusal; the page of a proxy; "drop" for a connection that breaks before the call takes effect,
        "lose" for one that breaks afterwards. when: only calls with these parameters.
        """
        self._failures.append(_Planned(method, error, times, when or {}))

    def slow(self, method: str, seconds: float, times: int = 1, when: Mapping[str, object] | None = None) -> None:
        """Let the answers to the next `times` calls of `method` come so much later than their effect, over HTTP."""
        self._delays.append(_Planned(method, seconds, times, when or {}))

    def failure(self, method: str, params: Mapping[str, object]) -> Failure | None:
        """How this call fails, if it does."""
        return next((failure.what for failure in self._failures if failure.meets(method, params)), None)

    def delay(self, method: str, params: Mapping[str, object]) -> float:
        """The seconds between the effect of this call and its answer."""
        return next((delay.what for delay in self._delays if delay.meets(method, params)), 0.0)

    def check_token(self, token: str) -> None:
        """Raises TelegramError 401 unless it is this bot's."""
        if token != self.token:
            raise TelegramError(401, "Unauthorized")
