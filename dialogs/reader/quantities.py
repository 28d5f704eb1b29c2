"""Numbers with their comparators, ranges and units."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.reader.tokens import NUMBER, WORD, Tokens
from dialogs.reader.vocabulary import UNITS
from guideline import Span

_MOST = 100_000
_YEARS = range(1900, 2101)
_NUMBER_WORDS = {
    name: float(value)
    for value, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
_SIGNS = {"at-most": "<=", "at-least": ">=", "below": "<", "above": ">", "between": "between"}
_LONGEST_SIGN = 4

Terms = list[dict[str, int]]
"""For each token the word groups that begin there, each with the index after it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """text: a number (`12`, `2.5`) or a band (`<2`, `10-15`). unit: empty for none. first, end: the index of its first
    token, and of the one after its last."""

    text: str
    unit: str
    first: int
    end: int

    def times(self, factor: float) -> Quantity:
        """The quantity in another unit."""
        if factor == 1:
            return self
        sign = next((s for s in ("<=", ">=", "<", ">") if self.text.startswith(s)), "")
        numbers = "-".join(_written(float(number) * factor) for number in self.text.removeprefix(sign).split("-"))
        return Quantity(sign + numbers, self.unit, self.first, self.end)


def span(text: str) -> Span:
    """The text of a quantity as a span."""
    return Span.at(float(text)) if text[0].isdigit() and "-" not in text else Span.read(text)


def quantities(tokens: Tokens, terms: Terms) -> list[Quantity]:
    """The numbers of a text, in order."""
    found: list[Quantity] = []
    behind = 0
    for index, (kind, word) in enumerate(zip(tokens.kinds, tokens.words, strict=True)):
        if index < behind or (kind is not NUMBER and word not in _NUMBER_WORDS):
            continue
        quantity = _quantity(tokens, terms, index)
        if quantity:
            found.append(quantity)
            behind = quantity.end
    return found


def _quantity(tokens: Tokens, terms: Terms, index: int) -> Quantity | None:
    low = _number(tokens, index)
    if low is None or _is_exponent(tokens, index) or _is_square(tokens, index):
        return None
    unit, end = _unit(terms, index + 1)
    sign, first = _sign(terms, index)
    high = None
    if _goes_on(tokens, end, sign):
        high = _number(tokens, end + 1)
        if high is not None:
            unit, end = _unit(terms, end + 2)
    if not sign and high is None and (behind := _or_more(tokens, terms, end)):
        sign, end = ">=", behind
    if end < len(tokens.words) and tokens.glued[end] and tokens.kinds[end] is WORD and not terms[end]:
        return None  # `1e9`
    bare = not unit and not sign and high is None
    if (bare and low in _YEARS) or max(low, high or 0) > _MOST:
        return None
    if high is not None:
        return Quantity(f"{_written(low)}-{_written(high)}", unit, first, end) if low < high else None
    return Quantity(sign + _written(low), unit, first, end) if sign != "between" else None


def _is_exponent(tokens: Tokens, index: int) -> bool:
    """Whether the number is the exponent of one such as `1e400`."""
    e_before = index > 1 and tokens.words[index - 1] == "e" and tokens.kinds[index - 2] is NUMBER
    return e_before and tokens.glued[index] and tokens.glued[index - 1]


def _is_square(tokens: Tokens, index: int) -> bool:
    """Whether the number is the 2 of `mm2`."""
    return tokens.glued_to_letters(index) and tokens.words[index - 1] in ("mm", "cm", "m")


def _number(tokens: Tokens, index: int) -> float | None:
    if index >= len(tokens.words):
        return None
    text = tokens.words[index]
    if tokens.kinds[index] is not NUMBER:
        return _NUMBER_WORDS.get(text)
    if text.isdigit() and len(text) < 12:
        return float(text)
    if text.count(",") + text.count(".") > 1 or len(text) > 11:
        return None
    if "," in text and len(text.rpartition(",")[2]) == 3:  # thousands
        text = text.replace(",", "")
    return float(text.replace(",", "."))


def _unit(terms: Terms, index: int) -> tuple[str, int]:
    unit, end = "", index
    if index < len(terms):
        for group, behind in terms[index].items():
            if behind > end and group in UNITS:
                unit, end = group, behind
    return unit, end


def _goes_on(tokens: Tokens, index: int, sign: str) -> bool:
    """Whether a range such as `3-5` continues at the index."""
    if index >= len(tokens.words):
        return False
    word = tokens.words[index]
    return (not sign and word in ("-", "to")) or (sign == "between" and word in ("and", "-"))


def _or_more(tokens: Tokens, terms: Terms, index: int) -> int:
    behind = terms[index].get("or-more", 0) if index < len(terms) else 0
    return behind if behind and (tokens.words[index] != "+" or tokens.glued[index]) else 0


def _sign(terms: Terms, index: int) -> tuple[str, int]:
    """The comparator before the number, empty for none, and the index at which it begins."""
    for back in range(max(0, index - _LONGEST_SIGN), index):
        starting = terms[back]
        if starting and not _SIGNS.keys().isdisjoint(starting):
            for group, sign in _SIGNS.items():
                if starting.get(group) == index:
                    return sign, back
    return "", index


def _written(number: float) -> str:
    if number.is_integer():
        return str(int(number))
    rounded = round(number, 3)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)
