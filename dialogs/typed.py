"""What typed text must not be taken for a question: an emergency, or something about a person."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+")

_KI67 = re.compile(r"\bki[\s-]?67", re.IGNORECASE)
"""Its digits are nobody's number, not even together with a range that follows."""

_ABOUT_A_PERSON = re.compile(
    r"""
      \d[\d\s-]{4,}\d                                   # six digits and more: a hospital or phone number
    | \b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b   # a date
    | \b(?:19|20)\d\d-\d\d-\d\d\b
    | \S@\S+\.\S                                        # a mail address
    | \b(?i:dob|d\.o\.b|born|nhs|mrn|chi|hospital\s+(?:no|number)|patient\s+(?:name|id|called)|surname)\b
    | \b(?i:mr|mrs|ms|miss|dr|prof|herr|frau)\b\.?\s+[A-Z][a-z]
    """,
    re.VERBOSE,
)


def is_emergency(text: str, words: frozenset[str]) -> bool:
    """Whether one of the words is in the text."""
    return not words.isdisjoint(_WORD.findall(text.lower()))


def is_about_a_person(text: str) -> bool:
    """Whether the text looks like it holds a person's number, date of birth, address or title and name."""
    return _ABOUT_A_PERSON.search(_KI67.sub("Ki", text)) is not None
