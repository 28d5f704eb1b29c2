"""What the phrases of a text state together: the facts stated in one way, in two, and not clearly."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.reader import liver
from dialogs.reader.found import NUMERAL, Found
from dialogs.reader.phrases import NONE, Hit, Text
from dialogs.reader.scope import Mood
from guideline import Case, CaseError
from guideline.case import NUMBERS
from guideline.values import Choice, Span

Value = tuple[Choice, int, int]
"""A value, and its place: the index of the first token, and of the one after the last."""


class Weighed:
    """Collects the phrases of a text, and concludes the facts from them.

    asked: whether a sentence is a question about its facts. asks: whether a sentence ends with a question. stated: the
    facts named in sentences that are no question. by_score: those read from a score. closed: those stated in two ways,
    which further phrases cannot change.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._said: dict[str, list[Value]] = {}
        self._hedged: dict[str, list[Choice]] = {}
        self._open: list[tuple[tuple[str, ...], int]] = []
        self._found: list[tuple[str, int]] = []
        self._used = 0
        self._signs: list[Value] = []
        self._segments: set[int] = set()
        self.asked = self.asks = False
        self.stated: set[str] = set()
        self.by_score: set[str] = set()
        self.closed: set[str] = set()

    def take(self, hit: Hit, mood: Mood) -> None:
        """Add a phrase with its mood."""
        if hit.rule.never or mood in (Mood.ELSEWHERE, Mood.ASKED):
            return
        value = self._value(hit, mood)
        facts = hit.rule.facts
        if mood is Mood.HEDGED or value is None:
            for fact in facts:
                self._hedged.setdefault(fact, []).append("?" if value is None else value)
            self._used |= hit.core
        elif value == "?":
            self._open.append((facts, hit.core))
            if hit.rule.finding and hit.rule.negated is None:
                self._found.append((facts[0], hit.core))
        else:
            self._used |= hit.core
            self._add(hit, value)

    def _add(self, hit: Hit, value: Choice) -> None:
        (fact,) = hit.rule.facts[:1]
        if fact == "pattern":
            self._signs.append((value, hit.first, hit.end))
            if value == "segments":
                self._segments |= hit.places
        else:
            values = self._said.setdefault(fact, [])
            values.append((value, hit.first, hit.end))
            if len(values) > 1 and value != values[0][0] and not _together(values, number=fact in NUMBERS):
                self.closed.add(fact)
            if hit.rule.bands:
                self.by_score.add(fact)

    def _value(self, hit: Hit, mood: Mood) -> Choice | None:
        """The value that the phrase states; None when it is out of range, or when its denial says nothing."""
        rule = hit.rule
        if mood is Mood.DENIED:
            return rule.negated
        if rule.value != "#":
            return rule.value
        assert hit.quantity is not None
        return _in_range(rule.facts[0], hit.quantity.text) if not rule.bands else _banded(hit)

    def facts(self) -> tuple[dict[str, Value], set[str]]:
        """The facts that are stated in one way, and the names of those stated in two."""
        facts: dict[str, Value] = {}
        conflict: set[str] = set()
        for fact, values in self._said.items():
            if fact == "largest_lesion_cm":
                values = self._of_one_lesion(values)
            one = _together(values, number=fact in NUMBERS)
            hedged = [value for value in self._hedged.get(fact, ()) if one and value not in (one[0], "?")]
            if one is None:
                conflict.add(fact)
            elif not hedged and not (one[0] == "none" and self._is_found(fact)):
                facts[fact] = one
            else:
                self.doubt(fact)
        self._pattern(facts, conflict)
        return facts, conflict

    def _of_one_lesion(self, sizes: list[Value]) -> list[Value]:
        """The sizes that are said of lesions to be ablated, where there are such: another is of a lesion that is
        resected."""
        ablated = [size for size in sizes if is_for_ablation(self._text, size[1], size[2])]
        return ablated or sizes

    def stated_values(self, fact: str, facts: Mapping[str, Value]) -> list[Value]:
        """Each value that is stated of the fact, once. facts: those stated in one way. Of the pattern only a type."""
        if fact in facts:
            return [facts[fact]]
        said = self._said.get(fact, ()) if fact != "pattern" else [s for s in self._signs if s[0] in liver.TYPES]
        return list({str(value[0]): value for value in reversed(said)}.values())[::-1]

    def _is_found(self, fact: str) -> bool:
        """Whether something is named that is stated not to be there, such as a node."""
        return any(fact == found and core & ~self._used for found, core in self._found)

    def _pattern(self, facts: dict[str, Value], conflict: set[str]) -> None:
        if not self._signs:
            return
        hedged = {str(sign) for sign in self._hedged.get("pattern", ())}
        if facts.get("pattern_fit", ("",))[0] == "nearest":
            self._signs = [sign for sign in self._signs if sign[0] in liver.TYPES] or self._signs
        signs = {str(sign) for sign, _, _ in self._signs}
        type_, contradict = liver.pattern(signs, self._segments, both_sides=self._both_sides())
        if contradict:
            conflict.add("pattern")
        elif type_ and not hedged - {"?", type_} - signs:
            first, end = min(first for _, first, _ in self._signs), max(end for _, _, end in self._signs)
            best = next(((f, e) for v, f, e in self._signs if v == type_), None)
            facts["pattern"] = (type_, *(best or (first, end)))

    def _both_sides(self) -> bool:
        named = self._text.named
        left = "left" in named or bool(self._segments & liver.LEFT)
        right = "right" in named or bool(self._segments & liver.RIGHT)
        return "other-side" in named or (left and right)

    def doubt(self, fact: str) -> None:
        """Count the fact as unclear, whatever was stated."""
        self._hedged.setdefault(fact, []).append("?")

    def unclear(self) -> set[str]:
        """Facts that are hedged, or named without a value."""
        unclear = set(self._hedged)
        if self._signs:
            unclear.add("pattern")
        for facts, core in self._open:
            if core & ~self._used:
                unclear.update(facts)
        return unclear


def is_for_ablation(parsed: Text, first: int, end: int) -> bool:
    """Whether the clause with these tokens mentions ablation."""
    while first and parsed.breaks[first - 1] == NONE:
        first -= 1
    while end < len(parsed.breaks) and parsed.breaks[end] == NONE:
        end += 1
    return any("ablation" in terms for terms in parsed.terms[first:end])


def _in_range(fact: str, text: str) -> str | None:
    """The text of a number or a band; None when it is out of the fact's range, or one of its ends is."""
    whole, _ = NUMBERS[fact]
    try:
        possible = Found(fact, text, 0, 0).possible
        Case.of({fact: possible})
    except (CaseError, ValueError):
        return None
    ends = [Span.at(float(number)) for number in NUMERAL.findall(text)]
    out = isinstance(possible, Span) and not (possible.meets(whole) and all(end.within(whole) for end in ends))
    return None if out else text


def _banded(hit: Hit) -> Choice | None:
    """The value whose band has the number of a score, such as the fitness for `ECOG 1`; None when no band has it."""
    assert hit.quantity is not None
    bands = [band for band, _ in hit.rule.bands]
    number, whole = Span.of(hit.quantity.text), Span(min(b.low for b in bands), max(b.high for b in bands))
    if not number.meets(whole):
        return None
    number = number.both(whole)
    return next((value for band, value in hit.rule.bands if number.within(band)), None)


def _together(values: list[Value], *, number: bool) -> Value | None:
    """The value that all of them state, of two bands the narrower; None when they differ."""
    best = values[0]
    for other in values[1:]:
        if other[0] == best[0] and type(other[0]) is type(best[0]):
            continue
        if not number:
            return None
        one, two = Span.of(str(best[0])), Span.of(str(other[0]))
        if two.within(one):
            best = other
        elif not one.within(two):
            return None
    return best
