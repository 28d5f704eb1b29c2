"""The stretches of a text that were not understood, to be shown to whoever typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dialogs.reader.phrases import NONE, Hit, Text
from dialogs.reader.tokens import SIGN, WORD
from dialogs.reader.vocabulary import Vocabulary

_MOST_STRETCHES, _LONGEST_STRETCH = 8, 60
_JOINING = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "w", "with", "-",
     "("}
)  # fmt: skip
"""Words that end no stretch."""
_OF_TIME = frozenset({"years", "months", "weeks"})
_MAYBE_NAME = re.compile(r"[A-Z][a-z]+")


def not_understood(text: str, parsed: Text, found: Iterable[Hit], words: Vocabulary) -> tuple[list[str], int]:
    """Stretches of the text outside all phrases that are read, with a figure, or a word that is not one of those that
    say nothing by themselves; and how many such words are left out of them: they may be names, or are too many."""
    used = {index for hit in found if not hit.rule.never for index in range(hit.first, hit.end)}
    figures, quiet = _figures(parsed), _quiet(parsed, words)
    tokens, fillers = parsed.tokens, parsed.fillers
    stretches: list[str] = []
    open_: list[int] = []
    left_out = 0

    def says(index: int) -> bool:
        return index in figures or (tokens.kinds[index] is WORD and index not in quiet)

    def may_be_a_name(index: int) -> bool:
        place = text[tokens.starts[index] : tokens.ends[index]]
        return tokens.words[index] not in words.known and _MAYBE_NAME.match(place) is not None

    def close() -> None:
        nonlocal left_out
        while open_ and tokens.words[open_[-1]] in _JOINING:
            open_.pop()
        saying = sum(map(says, open_))
        while open_ and tokens.ends[open_[-1]] - tokens.starts[open_[0]] > _LONGEST_STRETCH:
            open_.pop()
        if saying and open_ and len(stretches) < _MOST_STRETCHES:
            stretches.append(text[tokens.starts[open_[0]] : tokens.ends[open_[-1]]])
            saying -= sum(map(says, open_))
        left_out += saying
        open_.clear()

    for index, kind in enumerate(tokens.kinds):
        begins = not open_ and (fillers[index] or kind is SIGN) and index not in figures
        if index in used or parsed.breaks[index] or begins:
            close()
        elif may_be_a_name(index):
            close()
            left_out += 1
        else:
            open_.append(index)
    close()
    return stretches, left_out


def _quiet(parsed: Text, words: Vocabulary) -> set[int]:
    """The tokens of words that say nothing by themselves."""
    quiet = {index for index, filler in enumerate(parsed.fillers) if filler}
    for index, terms in enumerate(parsed.terms):
        for group, end in terms.items():
            if group in words.quiet:
                quiet.update(range(index, end))
    return quiet


def _figures(parsed: Text) -> set[int]:
    """The tokens of the numbers that say something: not of a time, nor of a number before an item, as in `1.` or `2)`,
    nor of a bare one in words."""
    words = parsed.tokens.words
    figures: set[int] = set()
    for index, quantity in parsed.numbers.items():
        begins = index == 0 or parsed.breaks[index - 1] != NONE or words[index - 1] == "("
        is_of_list = not quantity.unit and begins and quantity.end < len(words) and words[quantity.end] in (".", ")")
        in_words = not quantity.unit and parsed.tokens.kinds[quantity.end - 1] is WORD
        if quantity.unit not in _OF_TIME and not is_of_list and not in_words:
            figures.update(range(index, quantity.end))
    return figures
