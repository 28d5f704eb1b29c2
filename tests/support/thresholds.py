"""Where the rules begin and end, for tests that are about something else than the number."""

from __future__ import annotations

from guideline import Span, guideline

_RULES = {rule.id: rule for rule in (*guideline().rules.adjuncts, *guideline().rules.criteria)}


def span(rule: str, fact: str) -> Span:
    """The numbers for which a rule holds."""
    found = _RULES[rule].when.facts[fact]
    assert isinstance(found, Span)
    return found


RFA_UNCERTAIN = span("ablation-uncertain-over-3cm", "largest_lesion_cm").low
RFA_UNSUITABLE = span("ablation-unsuitable-over-5cm", "largest_lesion_cm").low
"""Centimetres over which RFA clears a lesion with less certainty, and is considered unsuitable."""
