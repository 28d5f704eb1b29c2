"""Whether typed text looks like it is about a person, and must not be read; and whether it asks something."""

from __future__ import annotations

import re

from guideline.glossary import glossary

_NOBODYS = re.compile(
    r"""
      \bdoi\b\S* | \b10\.\d{4,9}/\S+                    # a doi
    | \b(?i:ki)[\s-]?67                                 # not even together with a range that follows
    | \b782672\b                                        # the review's own number
    | \b(?:PMC|PMID:?\s?|NCT)\d+\b                       # a paper or a trial by its number
    | \bhttps?://(?:\S*\.)?(?:doi\.org|nih\.gov|ncbi\.nlm\.nih\.gov|clinicaltrials\.gov)/\S+
    | \bchecked\s(?:19|20)\d\d-\d\d-\d\d\b               # when sources were checked, in the bot's own text
    | \b(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\b         # from one year to another
    """,
    re.VERBOSE,
)
"""Digits that are not about a person."""

_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19\d\d|200\d|[3-9]\d)\b"  # one in which somebody who is grown up may have been born
_NUMBERS = re.compile(
    r"\d(?:[\s-]{0,3}\d){5,}"  # six digits and more: a hospital or phone number
    r"|\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b"  # a date
    r"|\b(?:19|20)\d\d-\d\d-\d\d\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}"
)
_MAIL = re.compile(r"\S@\S+\.\S")
_NAMES = re.compile(
    r"""
      \b(?i:dob|d\.o\.b|born|nhs\s*(?:no|number|id|\d+)|mrn|chi|hospital\s+(?:no|number)|patient\s+(?:name|id|called)|surname)\b
    | \b(?i:mr|mrs|ms|miss|dr|prof|herr|frau)\b\.?\s+[A-Z][a-z]
    """,
    re.VERBOSE,
)
_BEFORE_NAMES = frozenset(
    [
        "dob",
        "d",
        "born",
        "nhs",
        "mrn",
        "chi",
        "hospital",
        "patient",
        "surname",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "herr",
        "frau",
    ]
)
"""The first words of everything in _NAMES, for a quick check: most texts have none of them."""
_WORDS = re.compile(r"[^\W\d_]+")

_ASKS = re.compile(
    r"^\W*(?:who|when|where|why|should|shall|can|could|may|is|are|does|do|would|will)\b"
    r"|\b(?:what|which|how|(?:should|can|do|shall) (?:i|we|he|she))\b"
)
"""Words that begin a question, and those that make one wherever they stand."""

_LISTED = re.compile(r"[,;\n]\s*\S|[.:]\s+\S")
"""A sign between two parts."""

_OF_TREATMENT = re.compile(
    r"""
    \b(?: on | after | since | post | prior | previous(?:ly)? | had | has | have | having | given | underwent | got
      | received | receiving | failed | failing | failure | done | started | stopped | finished | completed | refractory
      | progress\w* | ongoing | intoleran\w* | declined | refused | tried | treated | cycles? | listed )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Words that tell how a treatment went."""

_DEFINES = re.compile(r"\b(?:is|are|does|mean\w*|defin\w*|explain\w*|stand\w*|what's|whats)\b", re.IGNORECASE)
_SHORT_QUESTION = 100
"""Characters."""

_BEGINS = re.compile(
    r"\b(?:what|which|how|who|when|where|why|should|shall|can|could|may|is|are|does|do|would|will|define|explain)\b",
    re.IGNORECASE,
)

_PART = re.compile(r"[,.;:?\n]\s*|\s[-–]\s")
"""The sign before a further part of a text."""
_SIGNS = " ,.;:?-–\n"

_THE_PATIENT = r"(?:this|the|that|my)\s+(?:patient|case|one)"
_SOMEBODY = rf"(?:i|we|you|they|he|she|it|one|this|{_THE_PATIENT})"
_WHOM = rf"(?:on|with|for|about|him|her|it|them|here|now|next|then|today|or\s+not|{_THE_PATIENT}|this)"
_WHAT_TO_DO = re.compile(
    rf"""
    ^\W*(?:(?:so|ok|okay|and|then)\W+)*
    (?: (?:should|shall|can|could|do|would|may|must)\s+{_SOMEBODY}\s+
        (?: operate | resect | treat | proceed | go\s+ahead | be\s+(?:operated|resected|treated)
          | (?:have|go\s+(?:for|to)|offer|get)(?:\s+(?:him|her|them|an|the))*\s+(?:surgery|operation|resection) )
      | (?:is|are)\s+{_SOMEBODY}\s+
        (?: operable | resectable | (?:a\s+)?(?:surgical\s+candidate|candidate\s+for\s+surgery) | for\s+surgery )
      | (?:what|how)\s+(?:should|shall|do|would|can|could|must)\s+{_SOMEBODY}\s+
        (?:do|suggest|recommend|offer|advise|treat|proceed)
      | what\s+(?:is|does)\s+the\s+(?:review|source)\s+(?:say|suggest|recommend)
      | what(?:\s+is|'s|s)?\s+(?:now|next|the\s+plan|to\s+do)
      | (?:to\s+)?(?:operate|resect|surgery|operation)(?:\s+or\s+not)?
    )
    (?:\s+{_WHOM})*\W*$
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A question what to do with a patient, which only a case answers: `should I operate`, `what now`."""


def is_about_a_person(text: str) -> bool:
    """Whether the text seems to have a person's number, date of birth, e-mail address, or title and name."""
    plain = _NOBODYS.sub(" x ", text)
    if _NUMBERS.search(plain) or ("@" in plain and _MAIL.search(plain)):
        return True
    return not _BEFORE_NAMES.isdisjoint(_WORDS.findall(plain.casefold())) and _NAMES.search(plain) is not None


def is_question(text: str) -> bool:
    """Whether the words of the text ask something. A question mark does not count: it may only be a doubt, as in
    `G2?`."""
    return _ASKS.search(text.lower()) is not None


def is_list(text: str) -> bool:
    """Whether the text has several parts between signs, as a case mostly has, or lines."""
    return _LISTED.search(text) is not None


def tells_of_treatment(text: str) -> bool:
    """Whether the text tells that a treatment is or was given and how it went, as in `PRRT failed`; a case says so."""
    return _OF_TREATMENT.search(text) is not None


def beginnings_of_questions(text: str) -> list[int]:
    """The places, behind the first word, at which a short question may begin at the end of a text."""
    begins = (found.start() for found in _BEGINS.finditer(text, max(0, len(text) - _SHORT_QUESTION)))
    return [start for start in begins if text[:start].strip()]


def is_item(text: str, start: int, end: int) -> bool:
    """Whether this stretch is an item of a list of several: all that stands between two signs."""
    before, behind = text[:start].rstrip(), text[end:].lstrip()
    return (
        (not before or before[-1] in ",;") and (not behind or behind[0] in ",;") and bool(before or behind.strip(",;"))
    )


def asks_for_a_term(text: str) -> bool:
    """Whether the text asks what a term of the glossary means, and not for its value, as `what grade` does."""
    return _DEFINES.search(text) is not None and glossary().asked(text) is not None


def beginning_of_what_to_do(text: str) -> int:
    """The place, behind something else, at which a question what to do begins that ends the text, as in `G2, type II,
    should I operate?`; 0 for none."""
    parts = (found.end() for found in _PART.finditer(text, max(0, len(text) - _SHORT_QUESTION)))
    places = sorted({*beginnings_of_questions(text), *parts})
    return next((start for start in places if text[:start].strip(_SIGNS) and asks_what_to_do(text[start:])), 0)


def asks_what_to_do(text: str) -> bool:
    """Whether the text asks what to do, of no topic and no figure: the case answers that, and no statement."""
    return _WHAT_TO_DO.search(text.replace("’", "'")) is not None
