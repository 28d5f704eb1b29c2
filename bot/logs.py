"""What may reach the log: no answers, no names, no secrets, chats only under a passing name.

One JSON object a line for whoever collects logs; a line of words where a person looks on.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import TypeAlias

from telegram.error import InvalidToken

_Failure: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# A new key with every start: a log line cannot be led back to a chat, not even by trying all ids.
_KEY = secrets.token_bytes(16)

# The first two put the token into their lines, transitions the states a case goes through.
_QUIET = ("httpx", "httpcore", "transitions", "psycopg", "uvicorn", "fontTools", "fpdf")
# Whatever these have to say repeats what came over the wire, even as errors; each also raises.
_SILENT = ("telegram.Bot", "telegram.ext.ExtBot", "telegram.request.BaseRequest")


_SHORTEST_SECRET = 6  # characters; a shorter one would be found in ordinary words


def chat_name(chat_id: int) -> str:
    """The name of a chat in the log: eight hex digits, the same until the next start."""
    return hashlib.blake2b(str(chat_id).encode(), key=_KEY, digest_size=4).hexdigest()


def configure(level: str, hidden: Sequence[str]) -> logging.Handler:
    """Send the log to stderr at level (a name from `settings.LEVELS`), with nothing private in it.

    hidden: the secrets, which are cut out wherever they stand. Returns the handler that does it.
    """
    logging.raiseExceptions = False  # else a line that cannot be formatted is printed with what was in it
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((_Words if sys.stderr.isatty() else _Lines)(hidden))
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


class _Words(logging.Formatter):
    """A line for a person. Exceptions as type and frames, since their text may quote an answer; secrets nowhere."""

    def __init__(self, hidden: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._hidden = [secret for secret in hidden if len(secret) >= _SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has made of the exception
        return self._cut(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = _told(record)
        return super().formatMessage(record)

    def formatException(self, ei: _Failure) -> str:  # noqa: N802
        return "\n".join(_frames(ei))

    def _cut(self, line: str) -> str:
        for secret in self._hidden:
            line = line.replace(secret, "<secret>")
        return line


class _Lines(_Words):
    """The same as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": _told(record),
        }
        if record.exc_info:
            line["trace"] = _frames(record.exc_info)
        return self._cut(json.dumps(line, ensure_ascii=False))


def _told(record: logging.LogRecord) -> str:
    """The message. asyncio's goes on with what a task was given, and what it raised."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _frames(failure: _Failure) -> list[str]:
    """Where it happened: frames and type of the exception, then of what caused it."""
    lines: list[str] = []
    error, seen = failure[1], set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines += "".join(traceback.format_list(traceback.extract_tb(error.__traceback__))).splitlines()
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines
