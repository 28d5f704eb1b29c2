"""The figure in a question that a limit is about, such as the 4.2 cm of `RFA 4.2 cm`."""

from __future__ import annotations

import re

from guideline.values import Span

_UNITS = {
    "largest_lesion_cm": {"cm": 1.0, "mm": 0.1},
    "age": {"years": 1.0},
    "ki67": {"percent": 1.0},
    "debulkable_percent": {"percent": 1.0},
    "liver_involvement_percent": {"percent": 1.0},
    "stable_months": {"months": 1.0, "years": 12.0},
}
"""The units of each fact, with the factor to the unit of the case."""

_KI67 = re.compile(r"\bki[\s-]?67\b", re.IGNORECASE)
_BARE_KI67 = re.compile(
    r"\bki[\s-]?67\s*(?:of|is|=|:|index|exactly|\s)*\s*(\d+(?:[.,]\d+)?)\b(?!\s*(?:%|percent))", re.IGNORECASE
)
_MITOSES = re.compile(
    r"\b(\d+(?:[.,]\d+)?)\s*mito(?:ses|sis|tic)\b|\bmito(?:ses|sis|tic\s+(?:count|rate|index))\s*(?:of|is|=|:|\s)*\s*(\d+(?:[.,]\d+)?)\b",
    re.IGNORECASE,
)
_BARE_AGE = re.compile(
    r"\b(?:at|aged?|is|be|he's|she's)\s+(?:of\s+)?(\d\d)\b(?!\s*(?:%|percent|[a-z]*m\b|months|lesions|mets))",
    re.IGNORECASE,
)
_SHARED_UNIT = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:or|and|vs\.?|versus|/)\s*|,\s+)\d", re.IGNORECASE)
"""A number that shares its unit with the next one, as in `3 or 5 cm`."""

_AGES = Span(15, 110)


def figures_of(question: str, fact: str) -> tuple[Span, ...]:
    """The figures in a question that have a unit of the fact, converted to the unit of the case. An age or a Ki-67 may
    stand without a unit, beside words such as `aged`; a count of mitoses stands beside that word."""
    from dialogs.reader.phrases import read
    from dialogs.reader.quantities import quantities
    from dialogs.reader.vocabulary import vocabulary

    parsed = read(_KI67.sub("ki", question), vocabulary())
    units = _UNITS.get(fact, {})
    found = [
        Span.of(one.times(units[one.unit]).text) for one in quantities(parsed.tokens, parsed.terms) if one.unit in units
    ]
    bare = {"age": _BARE_AGE, "ki67": _BARE_KI67, "mitoses": _MITOSES}.get(fact)
    if bare and not found:
        numbers = [next(filter(None, one.groups())) for one in bare.finditer(question)]
        found = [Span.at(float(number.replace(",", "."))) for number in numbers]
    if found and fact != "mitoses":  # the number before theirs may be a Ki-67
        found += [Span.at(float(number.replace(",", "."))) for number in _SHARED_UNIT.findall(question)]
    if fact == "age":
        found = [one for one in found if one.within(_AGES)]
    return tuple(dict.fromkeys(found))
