"""The liver segments named in a text, and the pattern that the signs of one come to (§3)."""

from __future__ import annotations

from collections.abc import Iterable, Set

from dialogs.reader.tokens import NUMBER, Tokens

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "iva": 4, "ivb": 4}
_BETWEEN = frozenset({*"/,&+-", "and", "to"})
_BEHIND = frozenset("/,&+-ab.);?:]")

LEFT, RIGHT = frozenset({2, 3, 4}), frozenset({5, 6, 7, 8})
_ADJACENT = frozenset(
    frozenset(pair)
    for pair in (
        (1, 2), (1, 3), (1, 4), (1, 7), (1, 8), (2, 3), (2, 4), (3, 4), (4, 5), (4, 8), (5, 6), (5, 8), (6, 7), (7, 8),
    )
)  # fmt: skip

TYPES = ("I", "II", "III")


def segments(tokens: Tokens, index: int) -> tuple[frozenset[int], int]:
    """The segments of a list that begins at that token, and the index after it; no segments where no list begins."""
    found: set[int] = set()
    words, end = tokens.words, index
    while end < len(words) and _stands_alone(tokens, end + 1) and (numbers := _segment(tokens, end)):
        if found and words[end - 1] in ("-", "to"):
            numbers = frozenset(range(min(max(found), min(numbers)), max(numbers) + 1))
        found |= numbers
        index = end = end + 1
        if end < len(words) and tokens.glued[end] and words[end] in ("a", "b"):
            index = end = end + 1
        while end < len(words) and words[end] in _BETWEEN:
            end += 1
        if end == index and not (end < len(words) and tokens.kinds[end] is NUMBER):
            break
    return frozenset(found), index


def restricted(of: Set[int]) -> bool:
    """Whether these segments are one lobe or two adjacent segments."""
    return len(of) == 1 or of <= LEFT or of <= RIGHT or of in _ADJACENT


def pattern(signs: Iterable[str], of: Set[int], *, both_sides: bool) -> tuple[str, bool]:
    """The type that the signs come to, empty for none, and whether they contradict each other (§3).

    signs: types said by name, and signs of one. of: the segments named. both_sides: left and right are both named.
    """
    said = set(signs)
    named = {sign for sign in said if sign in TYPES}
    if len(named) > 1:
        return "", True
    two_lobes = "bilobar" in said
    if ("diffuse" in said or two_lobes) and "restricted" in said:
        return "", True
    if named:
        (type_,) = named
        against = {
            "I": "diffuse" in said or two_lobes,
            "II": "diffuse" in said or "restricted" in said,
            "III": "restricted" in said or "dominant" in said,
        }
        return (type_, False) if not against[type_] else ("", True)
    if "diffuse" in said:
        return ("III", False) if "dominant" not in said else ("", False)
    satellites = two_lobes or ("satellites" in said and both_sides)
    if "dominant" in said or ("sized" in said and satellites):
        return ("II" if satellites and "restricted" not in said else ""), False
    if satellites:
        return "", False
    if _on_both_sides(said, of):
        return "", False
    if "restricted" in said or (of and restricted(of)):
        return ("I", False) if not of or restricted(of) else ("", False)
    return "", False


def _on_both_sides(said: Set[str], of: Set[int]) -> bool:
    """Whether lesions are named on both sides: `4 in the right lobe and 1 in segment 2`."""
    right = "on-the-right" in said or bool(of & RIGHT)
    left = "on-the-left" in said or bool(of & LEFT)
    by_side = {"on-the-right", "on-the-left"} & said
    return bool(by_side) and right and left and "restricted" not in said


def _stands_alone(tokens: Tokens, behind: int) -> bool:
    """Whether a number followed by that token can be a segment: not in `1ry`, `2 cm` or `3%`."""
    if behind >= len(tokens.words):
        return True
    word = tokens.words[behind]
    if word in ("cm", "mm", "%"):
        return False
    return not tokens.glued[behind] or word in _BEHIND


def _segment(tokens: Tokens, index: int) -> frozenset[int]:
    text = tokens.words[index]
    if tokens.kinds[index] is NUMBER:
        parts = text.split(",")
        return frozenset(map(int, parts)) if all(len(p) == 1 and p in "12345678" for p in parts) else frozenset()
    return frozenset({ROMAN[text]}) if text in ROMAN else frozenset()
