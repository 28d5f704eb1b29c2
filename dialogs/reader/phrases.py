"""The phrases of the vocabulary in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.reader.liver import ROMAN, segments
from dialogs.reader.quantities import Quantity, quantities
from dialogs.reader.tokens import NUMBER, SIGN, WORD, Tokens
from dialogs.reader.vocabulary import (
    ADJACENT,
    CUES,
    GAP,
    MARKS,
    SHARES,
    UNITS,
    WIDE_GAP,
    Beginning,
    Phrase,
    Rule,
    Vocabulary,
)

NONE, SOFT, HARD = 0, 1, 2

_BREAKS = {
    **dict.fromkeys((";", "\n", "!", "|", ".", "?"), HARD),
    **dict.fromkeys((",", "/", "but", "however", "although", "though", "whereas", "while", "yet"), SOFT),
}
_BEHIND_A_NUMBER = frozenset({*UNITS, "sex"})
"""Word groups that may follow a number without a space."""
_REACH = {ADJACENT: 0, GAP: 5, WIDE_GAP: 8}
"""For each reach, how many tokens that are not fillers may stand between two elements of a phrase."""
_DENYING = frozenset({"no", "not", "nil"})
"""Words that deny what follows them, or answer what stands before."""
_BEHIND_AN_ANSWER = frozenset({")", "]", "-", "(", "and", "as", "because", "since", "due", "per", "by", "on"})
_LABELLING = frozenset({":", "="})
_MOST_FILLERS = 4
_LONG_SENTENCE = 100
_MOST = 80
"""Numbers, and words that may begin a word group, that are read of a text. The fullest of the labelled lines has 44."""
_WINDOW = 14
"""How many tokens, fillers included, may stand between two elements of a phrase."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is read.

    Lists with an entry for each token: breaks, whether a clause (SOFT) or a sentence (HARD) ends there; terms, the word
    groups that begin there, each with the index of the token after it; bits, the same groups as bits; fillers, whether
    the token is one. subject_bits, doubt_bits: as in the vocabulary. named: the groups of MARKS that occur. cues: by
    the index of their last token, the groups that deny or doubt what follows, each with the index at which it begins.
    numbers, places: by index, the quantity and the liver segments that begin there. unread: whether the text has more
    sentences than are read.
    """

    tokens: Tokens
    breaks: list[int]
    terms: list[dict[str, int]]
    bits: list[int]
    fillers: list[bool]
    subject_bits: int
    doubt_bits: int
    named: set[str]
    cues: dict[int, list[tuple[str, int]]]
    numbers: dict[int, Quantity]
    places: dict[int, frozenset[int]]
    unread: bool

    def has(self, index: int, *groups: str) -> int:
        """The index after the longest of these word groups that begins there; 0 for none."""
        starting = self.terms[index]
        if len(groups) == 1:
            return starting.get(groups[0], 0)
        return max([starting[group] for group in groups if group in starting], default=0) if starting else 0

    def is_subject(self, index: int) -> bool:
        """Whether a word group begins there that no gap may reach over."""
        return self.bits[index] & self.subject_bits != 0


@dataclass(slots=True)
class Hit:
    """A phrase that was found. first, end: the index of its first token, and of the one after its last. core: a bit for
    each token that belongs to an element of the phrase."""

    rule: Rule
    first: int
    end: int
    core: int
    quantity: Quantity | None
    places: frozenset[int]


def read(text: str, words: Vocabulary) -> Text:
    """The text with its tokens, sentences, word groups and numbers."""
    whole = Tokens.of(text)
    tokens = _beginning(whole, words)
    texts = tokens.words
    fillers = words.fillers
    count = len(texts)
    parsed = Text(
        tokens, [], [_NOTHING] * count, [0] * count, [word in fillers for word in texts], words.subject_bits,
        words.doubt_bits, set(), {}, {}, {}, len(tokens.words) < len(whole.words),
    )  # fmt: skip
    _terms(parsed, words)
    parsed.breaks.extend(_breaks(tokens, parsed.terms))
    for quantity in quantities(tokens, parsed.terms):
        if not _is_in_a_term(parsed, quantity.first):
            _enter(parsed, quantity, words)
    for index, word in enumerate(texts):
        if (tokens.kinds[index] is NUMBER or word in ROMAN) and not _is_glued(tokens, index):
            of, end = segments(tokens, index)
            if of:
                parsed.places[index] = of
                _add_term(parsed, index, "#segments", end, words)
                parsed.breaks[index:end] = [NONE] * (end - index)
    return parsed


def _beginning(tokens: Tokens, words: Vocabulary) -> Tokens:
    """The tokens with misspelt words corrected; of a long text only the first sentences, with at most _MOST numbers and
    words to read."""
    root, known, corrected = words.terms, words.known, words.spelling.corrected
    texts, last, read, end = tokens.words, len(tokens.words) - 1, 0, 0
    meant: dict[str, str] = {}
    for index, (word, kind) in enumerate(zip(texts, tokens.kinds, strict=True)):
        if kind is WORD and word not in known:
            if word not in meant:
                meant[word] = corrected(word)
            texts[index] = word = meant[word]
        if kind is NUMBER or (kind is WORD and word in root):
            read += 1
            if read > _MOST:
                return tokens.up_to(end)
        elif _BREAKS.get(word) == HARD and (word not in ".?" or index == last or not tokens.glued[index + 1]):
            end = index + 1
    return tokens


def hits(text: Text, words: Vocabulary, first: int, end: int, closed: frozenset[str]) -> list[Hit]:
    """The phrases in one sentence, each once, in the order in which they begin. first, end: the tokens of the sentence.

    closed: facts that are not searched for any more.
    """
    found: list[Hit] = []
    window = _Window(text, first, end)
    for index in window.starts:
        seen: set[tuple[int, int]] = set()
        glued = index in text.numbers and text.tokens.glued_to_letters(index)
        for group, behind in text.terms[index].items():
            entry = words.phrases.get(group)
            if entry is None or (glued and group[0] == "#") or entry.facts <= closed:
                continue
            for phrase in entry.alone:
                _add(found, seen, _hit(text, phrase, index, [(index, behind)]))
            if entry.second_bits & window.bits:
                _follow(text, window, entry, index, behind, closed, found, seen)
    return found


def sentences(text: Text) -> Iterator[tuple[int, int]]:
    """The sentences, each as the index of its first token and of the one after its last; very long ones in parts."""
    first = 0
    for index, kind in enumerate(text.breaks):
        if kind == HARD or (kind and index - first > _LONG_SENTENCE):
            if index > first:
                yield first, index
            first = index + 1
        elif index - first > 2 * _LONG_SENTENCE:
            yield first, index
            first = index
    if first < len(text.breaks):
        yield first, len(text.breaks)


class _Window:
    """Counts over the tokens of a sentence, from which the distance between two of them is read.

    starts: the tokens at which word groups begin. bits: all of those groups. nth: for each token the number of starts
    before it. others: for each token the number of tokens before it that are not fillers. stop: for each token the last
    one to search for what follows it. soft: for each token the next one at which a clause ends. The last four lists
    begin at the sentence's first token.
    """

    def __init__(self, text: Text, first: int, end: int) -> None:
        breaks, fillers, bits, subject = text.breaks, text.fillers, text.bits, text.subject_bits
        self.first, self.end = first, end
        self.starts = [index for index in range(first, end) if bits[index]]
        self.bits = 0
        for index in self.starts:
            self.bits |= bits[index]
        self.nth, self.others = [], []
        nth = others = 0
        for index in range(first, end):
            self.nth.append(nth)
            self.others.append(others)
            if bits[index]:
                nth += 1
            if not fillers[index]:
                others += 1
        self.nth.append(nth)
        self.others.append(others)
        count = end - first
        self.stop = [end] * (count + 1)
        self.soft = [end] * (count + 1)
        stop = soft = end
        for index in range(end - 1, first - 1, -1):
            if breaks[index]:
                soft = index
            if bits[index] & subject and not fillers[index]:
                stop = index + 1
            self.stop[index - first], self.soft[index - first] = stop, soft


def clauses(text: Text, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, each as the index of its first token and of the one after its last."""
    for index in range(first, end):
        if text.breaks[index]:
            yield first, index
            first = index + 1
    yield first, end


def _follow(
    text: Text,
    window: _Window,
    entry: Beginning,
    first: int,
    end: int,
    closed: frozenset[str],
    found: list[Hit],
    seen: set[tuple[int, int]],
) -> None:
    """Find the phrases that begin with the word group at these tokens and have a second element."""
    terms, bits, second, behind = text.terms, text.bits, entry.second_bits, entry.behind
    start = window.first
    if end >= window.end:
        return
    stop, soft = min(window.stop[end - start], end + _WINDOW), window.soft[end - start]
    before, absent = window.others[end - start], ~window.bits
    tried: set[int] = set()
    for index in window.starts[window.nth[end - start] : window.nth[min(stop, window.end) - start]]:
        if not bits[index] & second:
            continue
        others = window.others[index - start] - before
        crossed = index > soft
        starting = terms[index]
        for group in behind.keys() & starting.keys():
            for reach, phrase in behind[group]:
                if phrase.bits & absent or others > _REACH[reach] or (crossed and reach != WIDE_GAP):
                    continue
                if id(phrase) in tried or closed.issuperset(phrase.rule.facts):
                    continue
                if reach == ADJACENT and index - end > _MOST_FILLERS:
                    continue
                tried.add(id(phrase))
                _add(found, seen, _rest(text, phrase, first, end, index))


def _rest(text: Text, phrase: Phrase, first: int, end: int, second: int) -> Hit | None:
    """Find the other elements, nearest first."""
    behind = text.has(second, *phrase.elements[1])
    if len(phrase.elements) == 2:
        return _hit(text, phrase, first, [(first, end), (second, behind)])
    places = [(first, end), (second, behind)]
    for element, reach in zip(phrase.elements[2:], phrase.reaches[1:], strict=True):
        index = _find(text, element, places[-1][1], reach)
        if index < 0:
            return None
        places.append((index, text.has(index, *element)))
    return _hit(text, phrase, first, places)


def _find(text: Text, element: tuple[str, ...], index: int, reach: str) -> int:
    """The token at which the element begins, within reach; -1 when it does not."""
    others, most = 0, _REACH[reach]
    terms, breaks, fillers = text.terms, text.breaks, text.fillers
    for position in range(index, min(len(terms), index + _WINDOW)):
        starting = terms[position]
        if starting:
            for group in element:
                if group in starting:
                    return position
        kind = breaks[position]
        if kind and (kind == HARD or reach != WIDE_GAP):
            return -1
        if not fillers[position]:
            others += 1
            if others > most or text.is_subject(position):
                return -1
        elif reach == ADJACENT and position - index >= _MOST_FILLERS:
            return -1
    return -1


def _hit(text: Text, phrase: Phrase, first: int, places: list[tuple[int, int]]) -> Hit | None:
    end = places[-1][1]
    if phrase.begins and first and text.breaks[first - 1] == NONE:
        return None
    if phrase.ends and end < len(text.breaks) and text.breaks[end] == NONE:
        return None
    if end - first > 1 and text.tokens.words[end - 1] in _DENYING and not _is_answer(text, first, end):
        return None
    core = 0
    quantity, where = None, frozenset[int]()
    for number, (index, behind) in enumerate(places):
        core |= (1 << behind) - (1 << index)
        if number == phrase.number:
            if phrase.elements[number][0] == "#segments":
                where = text.places[index]
                continue
            quantity = text.numbers[index]
            if phrase.elements[number][0] == "#months" and quantity.unit == "years":
                quantity = quantity.times(12)
    return Hit(phrase.rule, first, end, core, quantity, where)


def _is_answer(text: Text, first: int, end: int) -> bool:
    """Whether the "no" that ends a phrase answers it, as in `R0: no` and `R0 no, fit`, and does not deny what follows,
    as in `one operation no syndrome`."""
    words = text.tokens.words
    if end >= len(words) or text.breaks[end] != NONE or words[end] in _BEHIND_AN_ANSWER:
        return True
    return not _LABELLING.isdisjoint(words[first:end])


def _add(found: list[Hit], seen: set[tuple[int, int]], hit: Hit | None) -> None:
    if hit and (id(hit.rule), hit.end) not in seen:
        seen.add((id(hit.rule), hit.end))
        found.append(hit)


def _is_in_a_term(text: Text, index: int) -> bool:
    """Whether the number is part of a word group, as in `Ki-67`."""
    for before in range(max(0, index - 3), index):
        for group, end in text.terms[before].items():
            if end > index and group not in UNITS and group[0] != "'":
                return True
    return False


def _add_term(text: Text, index: int, group: str, end: int, words: Vocabulary) -> None:
    """Enter a word group that begins at the index."""
    if not text.terms[index]:
        text.terms[index] = {}
    text.terms[index][group] = end
    text.bits[index] |= words.bits[group]


def _enter(text: Text, quantity: Quantity, words: Vocabulary) -> None:
    unit, factor = SHARES.get(quantity.unit) or UNITS.get(quantity.unit, ("", 1))
    _add_term(text, quantity.first, f"#{unit}", quantity.end, words)
    if unit == "years":
        _add_term(text, quantity.first, "#months", quantity.end, words)
    text.numbers[quantity.first] = quantity.times(factor)


_NOTHING: dict[str, int] = {}


def _terms(text: Text, words: Vocabulary) -> None:
    """Enter the word groups at every token."""
    tokens, bits_of = text.tokens, words.bits
    texts, count, root, glued, kinds = tokens.words, len(tokens.words), words.terms, tokens.glued, tokens.kinds
    marks = words.mark_bits
    for index, word in enumerate(texts):
        node = root.get(word)
        if node is None:
            continue
        inside = glued[index] and kinds[index] is not SIGN and kinds[index - 1] is not SIGN
        if inside and kinds[index - 1] is WORD and kinds[index] is WORD:
            continue
        starting: dict[str, int] = {}
        bits = 0
        end = index
        while True:
            end += 1
            ending = node.get("")
            if ending and (end >= count or not glued[end] or _may_end(tokens, end)):
                groups = [group for group in ending[0] if group in _BEHIND_A_NUMBER] if inside else ending[0]
                starting.update(dict.fromkeys(groups, end))
                bits |= ending[1]
            if end < count and texts[end] == "-":
                end += 1
            if end >= count or (
                kinds[end] is NUMBER and not glued[end] and len(texts[end - 1]) == 1 and kinds[end - 1] is not SIGN
            ):
                break  # `g2`, not `g 2`
            node = node.get(texts[end])
            if node is None:
                break
        if starting:
            text.terms[index] = starting
            text.bits[index] = sum(bits_of[group] for group in starting) if inside else bits
            if bits & marks:
                for group in MARKS & starting.keys():
                    text.named.add(group)
                    if group in CUES:
                        text.cues.setdefault(starting[group] - 1, []).append((group, index))
    if "s" in texts:
        for index, word in enumerate(texts):
            if word == "s" and index + 1 < count and kinds[index + 1] is NUMBER and glued[index + 1]:
                _add_term(text, index, "segment", index + 1, words)


def _may_end(tokens: Tokens, end: int) -> bool:
    """Whether a word group may end before that token: not within a word or a number, except as in `ecog1`."""
    if end >= len(tokens.words) or not tokens.glued[end]:
        return True
    last, after = tokens.kinds[end - 1], tokens.kinds[end]
    if last is SIGN or after is SIGN:
        return True
    return last is WORD and after is NUMBER and len(tokens.words[end - 1]) > 1


def _is_glued(tokens: Tokens, index: int) -> bool:
    """Whether the token directly follows letters, other than the s of `s6`."""
    return tokens.glued_to_letters(index) and tokens.words[index - 1] != "s"


def _breaks(tokens: Tokens, terms: list[dict[str, int]]) -> list[int]:
    texts, glued = tokens.words, tokens.glued
    last = len(texts) - 1
    breaks = [_BREAKS.get(text, NONE) for text in texts]
    for index, kind in enumerate(breaks):
        if kind and (
            (texts[index] in ".?" and index < last and glued[index + 1])  # e.g., ?G2
            or (texts[index] == "/" and terms[index])
        ):
            breaks[index] = NONE
    for index, starting in enumerate(terms):  # a sign within a word group ends no clause
        if starting and (end := max(starting.values())) > index + 1:
            for inside in range(index, end):
                if breaks[inside] == SOFT or texts[inside] == ".":
                    breaks[inside] = NONE
    return breaks
