"""The first line of each question, for tests that wait for a question and are not about its words."""

from __future__ import annotations

import re

from dialogs.labels import TEMPLATES


def asks(question: str) -> str:
    """What the question's template says first, in bold; texts that it sets before are no part of what it says.

    Raises AssertionError when it does not begin with a plain line in bold.
    """
    text = (TEMPLATES / "ask" / f"{question}.j2").read_text("utf-8")
    found = re.match(r"(?:\{% set (?:(?!%\}).)*%\}\s*)?<b>([^<{]+)</b>", text, re.DOTALL)
    assert found, f"templates/ask/{question}.j2 begins with no plain line in bold"
    return found[1]


ASKS_GRADE, ASKS_PATTERN, ASKS_MITOSES = asks("grade"), asks("pattern"), asks("mitoses")
