"""What an error of a call to Telegram means: harmless, temporary, or the chat is gone."""

from __future__ import annotations

import httpx
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

LONGEST_WAIT = 60.0
"""Seconds. When Telegram asks to wait longer than that, the call is given up."""

# Beginnings of Telegram's error messages, in lower case, since the library changes their case.
_GONE = ("forbidden: bot was blocked by the user", "forbidden: user is deactivated", "chat not found")
_HARMLESS = ("message is not modified", "query is too old")


def is_harmless(error: BaseException | None) -> bool:
    """Whether nothing has gone wrong: the screen is there already, or a tap was answered too late."""
    return isinstance(error, BadRequest) and error.message.lower().startswith(_HARMLESS)


def is_chat_gone(error: BaseException | None) -> bool:
    """Whether Telegram says that the person has blocked the bot or deleted the account. The message is compared, since
    the page of a proxy may have the same status."""
    return isinstance(error, Forbidden | BadRequest) and error.message.lower().startswith(_GONE)


def wait_for(error: BaseException | None) -> float | None:
    """The seconds to wait before the call is tried again, 0 where Telegram names none; None for an error that lasts.

    401 and 404 count as temporary, since the token was good at the start.
    """
    if isinstance(error, RetryAfter):
        seconds = error._retry_after.total_seconds()  # the public one has a type that depends on the environment
        return seconds if seconds <= LONGEST_WAIT else None
    temporary = isinstance(error, NetworkError | InvalidToken | EndPointNotFound) and not isinstance(error, BadRequest)
    return 0.0 if temporary else None


def may_have_arrived(error: BaseException | None) -> bool:
    """Whether Telegram may have carried out the call, and only its answer did not come in time."""
    return isinstance(error, TimedOut) and isinstance(error.__cause__, httpx.ReadTimeout)
