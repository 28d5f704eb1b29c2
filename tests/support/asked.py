"""The first line of each question, for tests that wait for a question and are not about its words."""

from __future__ import annotations

import re

from dialogs.labels import TEMPLATES


def asks(question: str) -> str:
    """What the question's template says in its first line. Raises AssertionError where there is no plain one."""
    text = (TEMPLATES / "ask" / f"{question}.j2").read_text("utf-8")
    found = re.search(r"^<b>([^<{]+)</b>", text, re.MULTILINE)
    assert found, f"templates/ask/{question}.j2 has no plain line in bold"
    return found[1]


ASKS_GRADE, ASKS_PATTERN, ASKS_MITOSES = asks("grade"), asks("pattern"), asks("mitoses")
