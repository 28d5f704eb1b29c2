"""What an error of a call to Telegram means: pass on, try again, or the chat is gone."""

from __future__ import annotations

import httpx
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

LONGEST_WAIT = 60.0
"""Seconds. A call that Telegram wants to have later than that is given up."""

# Beginnings of Telegram's words, in lower case, since the library changes their case.
_GONE = ("forbidden: bot was blocked by the user", "forbidden: user is deactivated", "chat not found")
_HARMLESS = ("message is not modified", "query is too old")


def is_harmless(error: BaseException | None) -> bool:
    """Whether nothing has gone wrong: the screen is there already, or a tap was answered too late."""
    return isinstance(error, BadRequest) and error.message.lower().startswith(_HARMLESS)


def is_chat_gone(error: BaseException | None) -> bool:
    """Whether Telegram itself says that the person blocked the bot or is no more. A foreign page with the same status
    does not say so."""
    return isinstance(error, Forbidden | BadRequest) and error.message.lower().startswith(_GONE)


def wait_for(error: BaseException | None) -> float | None:
    """The seconds after which the call may succeed, 0 where nobody can tell; None when it never will.

    So may one that was refused with 401 or 404, for the token was good at the start.
    """
    if isinstance(error, RetryAfter):
        seconds = error._retry_after.total_seconds()  # the public one changes its type by an environment variable
        return seconds if seconds <= LONGEST_WAIT else None
    passing = isinstance(error, NetworkError | InvalidToken | EndPointNotFound) and not isinstance(error, BadRequest)
    return 0.0 if passing else None


def may_have_arrived(error: BaseException | None) -> bool:
    """Whether Telegram has got the call and only its answer did not come in time."""
    return isinstance(error, TimedOut) and isinstance(error.__cause__, httpx.ReadTimeout)
