"""Numbers with their comparators, ranges and units, and shares in words (`a third`)."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.reader.tokens import NUMBER, WORD, Tokens
from dialogs.reader.vocabulary import UNITS

_MOST = 100_000
_YEARS = range(1900, 2101)
_NUMBER_WORDS = {
    name: float(value)
    for value, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
_SHARES = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10,
}  # fmt: skip
"""Words that name a share, and the number of parts."""
_MOST_PARTS = 10
_SIGNS = {"at-most": "<=", "at-least": ">=", "below": "<", "above": ">", "between": "between"}
_LONGEST_SIGN = 4

Terms = list[dict[str, int]]
"""For each token the word groups that begin there, each with the index after it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """text: a number (`12`, `2.5`) or a band (`<2`, `10-15`). unit: empty for none, `share` or `half` for a share in
    words or as a fraction, whose number is in percent. first, end: the index of its first token, and of the one after
    its last."""

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


def quantities(tokens: Tokens, terms: Terms) -> list[Quantity]:
    """The numbers of a text, in order."""
    found: list[Quantity] = []
    behind = 0
    for index, (kind, word) in enumerate(zip(tokens.kinds, tokens.words, strict=True)):
        if index < behind or (kind is not NUMBER and word not in _NUMBER_WORDS and word not in _SHARES):
            continue
        quantity = _share(tokens, terms, index) or _quantity(tokens, terms, index)
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


def _share(tokens: Tokens, terms: Terms, index: int) -> Quantity | None:
    """The share of something that begins at the index: `two thirds`, `half`, `1/3 of`; also `a third`, whose article
    stands before the index. None for any other token, and for an ordinal such as `third lesion`."""
    words, count = tokens.words, len(tokens.words)
    first, end, number = index, index + 1, _number(tokens, index)
    parts = 0
    if words[index] == "half":
        number, parts = 1, 2
    elif words[index] in _SHARES:
        number, parts = 1, _SHARES[words[index]] if index and words[index - 1] == "a" else 0
        first = index - 1
    elif number is not None and end + 1 < count and words[end] == "/":
        of = _number(tokens, end + 1) if tokens.glued[end] and tokens.glued[end + 1] else None
        end += 2
        while end < count and words[end] in ("rd", "th", "rds", "ths") and tokens.glued[end]:
            end += 1
        if of is not None and of.is_integer() and of <= _MOST_PARTS and end < count and words[end] == "of":
            parts = int(of)
    elif number is not None:
        end += end < count and words[end] == "-"
        parts = _SHARES.get(words[end], 0) if end < count else 0
        end += 1
    if number is None or not parts or not 0 < number < parts:
        return None
    sign, first = _sign(terms, first)
    text = sign + _written(float(round(100 * number / parts)))
    bare_half = parts == _SHARES["half"] and not sign
    return Quantity(text, "half" if bare_half else "share", first, end) if sign != "between" else None


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
