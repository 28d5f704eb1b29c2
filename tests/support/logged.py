"""The log as it is set up in production, written to a text."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from unittest.mock import patch

from bot import logs

_CHANGED = ("", *logs.QUIET, *logs.SILENT, "telegram")


@contextlib.contextmanager
def logged(hidden: Sequence[str], *, full_errors: bool = False) -> Iterator[StringIO]:
    """The log of the block, at level DEBUG. hidden: the secrets."""
    stream = StringIO()
    levels = {name: logging.getLogger(name).level for name in _CHANGED}
    raising = logging.raiseExceptions
    with patch.object(sys, "stderr", stream):
        handler = logs.configure("DEBUG", hidden, full_errors=full_errors)
    try:
        yield stream
    finally:
        logging.raiseExceptions = raising
        logging.getLogger().removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
