"""Logging without answers, names or secrets; a chat appears under a name that changes with every start.

One JSON object a line for programs that collect logs; plain lines on a terminal.
"""

from __future__ import annotations

import copy
import hashlib
import html
import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus

from pythonjsonlogger.json import JsonFormatter
from telegram.error import InvalidToken

_Failure: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# A new key with every start: a log line cannot be linked to a chat, not even by trying all ids.
_KEY = secrets.token_bytes(16)

QUIET = ("httpx", "httpcore", "transitions", "psycopg", "uvicorn", "fontTools", "fpdf")
"""Loggers limited to warnings. Of the others httpx and httpcore print the token, transitions the states of a case."""

SILENT = ("telegram.Bot", "telegram.ext.ExtBot", "telegram.request.BaseRequest")
"""Loggers that are switched off: they quote what came over the network, and their errors are raised as well."""

_SHORTEST_SECRET = 6  # characters; a shorter one would be found in ordinary words

LONGEST = 500
"""Characters of a message. The library quotes whole pages that a proxy sent in place of Telegram's answer."""

_WORDS = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_FIELDS = {"asctime": "time", "levelname": "level", "name": "logger", "message": "message", "exc_info": "trace"}
"""The fields of a line, under the names that they have in a log record."""


def chat_name(chat_id: int) -> str:
    """The name of a chat in the log: eight hex digits, the same until the next start."""
    return hashlib.blake2b(str(chat_id).encode(), key=_KEY, digest_size=4).hexdigest()


def configure(level: str, hidden: Sequence[str], *, full_errors: bool = False) -> logging.Handler:
    """Send the log to stderr at level (a name from `settings.LEVELS`), with nothing private in it.

    hidden: the secrets, which are replaced wherever they stand. full_errors: log errors with their messages, as on the
    phone page, where there are no real people. Returns the handler that does it.
    """
    logging.raiseExceptions = False  # a record that cannot be formatted would be printed with its arguments
    handler = _PrivateHandler(hidden)
    words = logging.Formatter(_WORDS) if full_errors else _WordsFormatter()
    handler.setFormatter(words if full_errors or sys.stderr.isatty() else _LinesFormatter())
    handler.addFilter(_is_not_a_refused_start)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # At DEBUG it prints whole updates.
    logging.getLogger("telegram").setLevel(max(logging.INFO, root.level))
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return handler


def _is_not_a_refused_start(record: logging.LogRecord) -> bool:
    """Whether to log the record: the program itself reports a token that is refused at the start, in one line."""
    refused = record.exc_info is not None and isinstance(record.exc_info[1], InvalidToken)
    return not (refused and "Bootstrap" in record.getMessage())


class _PrivateHandler(logging.StreamHandler[Any]):
    """Writes to stderr, each message without secrets and no longer than LONGEST."""

    def __init__(self, hidden: Iterable[str]) -> None:
        super().__init__(sys.stderr)
        self._hidden = sorted({form for secret in hidden for form in _forms(secret)}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line. The record itself stays as it is, for other handlers."""
        clean = copy.copy(record)
        clean.msg, clean.args, clean.exc_text = self._clean(record), (), None
        return super().format(clean)

    def _clean(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.name == "asyncio":  # the lines after the first quote a task's arguments and its error
            message = message.partition("\n")[0]
        for form in self._hidden:
            message = message.replace(form, "<secret>")
        return message if len(message) <= LONGEST else f"{message[:LONGEST]}… ({len(message)} characters)"


def _forms(secret: str) -> set[str]:
    """The secret, also as quoted in addresses, HTML, JSON and Python; of a token also the part after the colon."""
    forms = {secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1]}
    forms |= {repr(secret)[1:-1], secret.partition(":")[2]}
    return {form for form in forms if len(form) >= _SHORTEST_SECRET}


class _WordsFormatter(logging.Formatter):
    """A plain line. Of an exception it has the type and the frames; the message may quote an answer."""

    def __init__(self) -> None:
        super().__init__(_WORDS)

    def formatException(self, ei: _Failure) -> str:  # noqa: N802
        return "\n".join(_frames(ei))


class _LinesFormatter(JsonFormatter):
    """The same as one JSON object."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def __init__(self) -> None:
        fields = [name for name in _FIELDS if name != "exc_info"]  # the library adds it where there is an exception
        super().__init__(fields, rename_fields=_FIELDS, json_ensure_ascii=False)

    def formatException(self, ei: _Failure) -> Any:  # noqa: N802 - the library takes a list too
        return _frames(ei)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Keep the fields above only: by itself the library prints every attribute that a caller gave the record."""
        return {name: log_data[name] for name in _FIELDS.values() if name in log_data}


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
