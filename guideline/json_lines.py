"""Answering stdin line by line, for another program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def answer_stdin(answer: Callable[[bytes], str]) -> int:
    """Print the answer to each line, until the input ends or the reader of stdout has gone.

    Returns the exit code: 0, or 130 after Ctrl+C.
    """
    try:
        for line in sys.stdin.buffer:
            print(answer(line), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0
