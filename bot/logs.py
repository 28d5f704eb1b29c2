"""What may reach the log: no answers, no names, no token, chats only under a passing name."""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
import traceback
from types import TracebackType
from typing import TypeAlias

from telegram.error import InvalidToken

_Failure: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# A new key with every start: a log line cannot be led back to a chat, not even by trying all ids.
_KEY = secrets.token_bytes(16)

# The first two put the token into their lines, transitions the states a case goes through.
_QUIET = ("httpx", "httpcore", "transitions", "fontTools", "fpdf")
# Whatever these have to say repeats what came over the wire, even as errors; each also raises.
_SILENT = ("telegram.Bot", "telegram.ext.ExtBot", "telegram.request.BaseRequest")


def chat_name(chat_id: int) -> str:
    """The name of a chat in the log: eight hex digits, the same until the next start."""
    return hashlib.blake2b(str(chat_id).encode(), key=_KEY, digest_size=4).hexdigest()


def configure(level: str, token: str) -> logging.Handler:
    """Send the log to stderr at level (a name from `settings.LEVELS`), with nothing private in it.

    Returns the handler that does it.
    """
    logging.raiseExceptions = False  # else a line that cannot be formatted is printed with what was in it
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(token))
    handler.addFilter(_not_told_at_start)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # At DEBUG it prints whole updates.
    logging.getLogger("telegram").setLevel(max(logging.INFO, root.level))
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return handler


def _not_told_at_start(record: logging.LogRecord) -> bool:
    """Leaves out a token that is refused at start: that is told in one line there."""
    refused = record.exc_info is not None and isinstance(record.exc_info[1], InvalidToken)
    return not (refused and "Bootstrap" in record.getMessage())


class _Formatter(logging.Formatter):
    """Exceptions as type and frames, since their text may quote an answer; the token nowhere."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has made of the exception
        line = super().format(record)
        return line.replace(self._token, "<token>") if self._token else line

    def formatException(self, ei: _Failure) -> str:  # noqa: N802
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines += traceback.format_list(traceback.extract_tb(error.__traceback__))
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}\n")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()
