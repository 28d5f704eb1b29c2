"""What a text says of a case: each fact with its stretch of text, what is doubtful, and what was not understood.

Deterministic, without a network or a language model; it keeps nothing of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from dialogs.reader import liver
from dialogs.reader.phrases import NONE, Hit, Text, hits, read, sentences
from dialogs.reader.quantities import span
from dialogs.reader.scope import Mood, Scope
from dialogs.reader.tokens import SIGN, WORD
from dialogs.reader.vocabulary import Vocabulary, vocabulary
from dialogs.typed import is_about_a_person
from guideline import Case, CaseError, Guideline, guideline
from guideline.case import CHOICES, FACTS, NUMBERS
from guideline.values import Choice, Span

LONGEST = 4096
"""Characters of a message; nothing is read of a longer text."""

_CONTRADICTING = (
    ("grade", ("ki67", "mitoses")),
    ("differentiation", ("grade",)),
    ("hormonal_symptoms", ("carcinoid_syndrome", "refractory_symptoms")),
)
_CHANCE = 4
"""A word of the vocabulary with at most so many letters may stand in a text by chance."""
_PLAIN_SIGNS = frozenset({*".,;:-/()%<>=?+", "<=", ">=", "\n"})
_FACTS_OF_NET = 2
"""So many facts are none by chance in a text that names the tumour."""
_MAX_ASKED_FACTS = 2
"""A question with at most so many facts, and no person, is about no case."""
_ASKING = frozenset({"question", "topic"})
_OVERLAP = 24
"""The longest phrase, in tokens."""
_MOST_STRETCHES, _LONGEST_STRETCH = 8, 60


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that was read. value: a value, or for a number its text: `8`, `2.5`, `<2`, `10-15`. start, end: its place
    in the text. scored: whether it was read from a score, such as the fitness from a performance status."""

    fact: str
    value: Choice
    start: int
    end: int
    scored: bool = False

    @property
    def possible(self) -> Choice | Span | float:
        """The value as a case takes it."""
        if self.fact not in NUMBERS:
            return self.value
        text = str(self.value)
        return float(text) if _NUMBER.fullmatch(text) else Span.read(text)

    @property
    def plain(self) -> Choice | float | int:
        """The value as JSON has it: a band as text."""
        if self.fact not in NUMBERS or not _NUMBER.fullmatch(str(self.value)):
            return self.value
        number = float(self.value)
        return int(number) if number.is_integer() else number


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says.

    conflict: facts that are stated in two ways, or contradict each other. stated: each value that the text gives of
    them. unclear: facts that are named without a clear value. not_understood: stretches of the text. left_out: how many
    words more were not understood, which are not given back: they may be names, or there are too many. is_case: whether
    it says anything about a case. cut: for a text of which only the beginning was read, the number of characters read;
    else 0. asks: whether it also asks something.
    """

    facts: tuple[Found, ...] = ()
    conflict: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    is_case: bool = False
    cut: int = 0
    asks: bool = False
    stated: tuple[Found, ...] = ()
    left_out: int = 0


NOTHING = Reading()

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Reader:
    """Reads texts, and keeps nothing of them."""

    def __init__(self, content: Guideline | None = None, words: Vocabulary | None = None) -> None:
        self._content = content or guideline()
        self._words = words or vocabulary()

    def read(self, text: str) -> Reading:
        """What the text says about a case. Nothing is read of one with a person's name or number, or longer than
        LONGEST.
        """
        if len(text) > LONGEST or not text.strip() or is_about_a_person(text):
            return NOTHING
        parsed = read(text, self._words)
        weighed = _Weighed(parsed)
        found: list[Hit] = []
        read_already: set[str] = set()
        other_tumour = "other-tumour" in parsed.named and "net" not in parsed.named
        for first, end in sentences(parsed):
            sentence = text[parsed.tokens.starts[first] : parsed.tokens.ends[end - 1]]
            if sentence in read_already:
                continue
            read_already.add(sentence)
            of_sentence = _without_look_alikes(hits(parsed, self._words, first, end, frozenset(weighed.closed)))
            weighed.asks |= _is_asked(parsed, of_sentence, end)
            if not of_sentence and not other_tumour and parsed.named.isdisjoint(_ASKING):
                continue
            scope = Scope(parsed, of_sentence, first, end)
            if other_tumour and scope.is_of_another_tumour():
                return NOTHING
            for hit, mood in _with_shared_doubt([(hit, scope.mood(hit)) for hit in of_sentence]):
                weighed.take(hit, mood)
                if mood is not Mood.ELSEWHERE:
                    found.append(hit)
            if scope.asks():
                weighed.asked = True
            else:
                weighed.stated |= {fact for hit in of_sentence if not hit.rule.never for fact in hit.rule.facts}
        return self._reading(text, parsed, weighed, found)

    def _reading(self, text: str, parsed: Text, weighed: _Weighed, found: list[Hit]) -> Reading:
        facts, conflict = weighed.facts()
        if (
            weighed.asked
            and len(facts) <= _MAX_ASKED_FACTS
            and len(weighed.stated.intersection(facts)) < _MAX_ASKED_FACTS
            and not ("age" in facts or "person" in parsed.named)
        ):
            return NOTHING  # a question about something, not somebody
        if "largest_lesion_cm" in facts and not self._is_of_ablated(parsed, facts):
            del facts["largest_lesion_cm"]
            weighed.doubt("largest_lesion_cm")
        if facts.keys() == {"age"} and "ages" not in parsed.named:
            facts.clear()  # `45m` alone may be anything
        of_net = "net" in parsed.named and len(facts) >= _FACTS_OF_NET
        if not of_net and self._is_chance(parsed, found):
            return NOTHING
        conflict |= self._contradictions(facts)
        if "graded_tissue" in facts and conflict & {"grade", "ki67", "mitoses"}:
            del facts["graded_tissue"]  # the two figures may be of two tissues
            weighed.doubt("graded_tissue")
        stated = [(fact, value) for fact in FACTS if fact in conflict for value in weighed.stated_values(fact, facts)]
        for fact in conflict:
            facts.pop(fact, None)
        unclear = {
            fact
            for fact in weighed.unclear()
            if fact not in facts and fact not in conflict and not self._follows(fact, facts)
        }
        is_case = bool(facts or conflict or unclear)
        if not is_case:
            return NOTHING
        tokens = parsed.tokens
        not_understood, left_out = _not_understood(text, parsed, found, self._words)

        def as_found(fact: str, value: _Value) -> Found:
            said, first, end = value
            return Found(fact, said, tokens.starts[first], tokens.ends[end - 1], scored=fact in weighed.by_score)

        return Reading(
            tuple(as_found(fact, facts[fact]) for fact in FACTS if fact in facts),
            tuple(fact for fact in FACTS if fact in conflict),
            tuple(fact for fact in FACTS if fact in unclear),
            tuple(not_understood),
            is_case,
            tokens.ends[-1] if parsed.unread else 0,
            weighed.asked or weighed.asks,
            tuple(as_found(fact, value) for fact, value in stated),
            left_out,
        )

    def _is_of_ablated(self, parsed: Text, facts: Mapping[str, _Value]) -> bool:
        """Whether the size that was read is of the lesions to be ablated, as the contract takes it (section 1).

        It is when its clause mentions ablation, or the text does and no resection of the liver; when it is the size of
        a satellite; and where nothing is resected: the patient is not fit, or the facts come to ablation and
        embolisation. Otherwise the largest lesion is usually resected.
        """
        _, first, end = facts["largest_lesion_cm"]
        if any("satellites" in terms for terms in parsed.terms[first:end]) or _is_for_ablation(parsed, first, end):
            return True
        if "ablation" in parsed.named:
            return "resecting" not in parsed.named
        if facts.get("fit_for_surgery", ("",))[0] is False:
            return True
        case = {fact: Found(fact, value, 0, 0).possible for fact, (value, _, _) in facts.items()}
        try:
            return self._content.assess(Case.of(case)).headline == "ablation-embolisation"
        except CaseError:
            return False

    def _is_chance(self, parsed: Text, found: list[Hit]) -> bool:
        """Whether what was read may be chance: only short words, among more words that are not understood."""
        tokens, known = parsed.tokens, self._words.known
        core = 0
        for hit in found:
            core |= hit.core
            for index in range(hit.first, hit.end):
                if len(tokens.words[index]) > _CHANCE and tokens.kinds[index] is WORD and hit.core >> index & 1:
                    return False
        several = 0  # the tokens of word groups with several tokens: `r/o`, `b/l`
        for index, terms in enumerate(parsed.terms):
            if terms and (end := max(terms.values())) > index + 1:
                several |= (1 << end) - (1 << index)
        understood = strange = 0
        for index, (word, kind) in enumerate(zip(tokens.words, tokens.kinds, strict=True)):
            covered = core >> index & 1
            if covered and len(word) == 1 and kind is WORD:
                continue
            if covered or several >> index & 1 or (kind is WORD and len(word) > 1 and word in known):
                understood += 1
            elif kind is WORD or (kind is SIGN and word not in _PLAIN_SIGNS):
                strange += 1
        return strange > understood

    def _contradictions(self, facts: dict[str, _Value]) -> set[str]:
        """The facts that contradict each other in the core."""
        case = {fact: Found(fact, value, 0, 0).possible for fact, (value, _, _) in facts.items()}
        against: set[str] = set()
        for fact, others in _CONTRADICTING:
            if fact not in case:
                continue
            for other in others:
                if other in case and self._refused({fact: case[fact], other: case[other]}):
                    against |= {fact, other}
        return against

    def _follows(self, fact: str, facts: dict[str, _Value]) -> bool:
        """Whether the other facts leave only one value for it: refractory symptoms, for instance, are symptoms."""
        others = dict(_CONTRADICTING).get(fact, ())
        case = {other: facts[other][0] for other in others if other in facts and other in CHOICES}
        return bool(case) and sum(not self._refused({fact: value, **case}) for value in CHOICES[fact]) == 1

    def _refused(self, case: dict[str, object]) -> bool:
        if case.get("differentiation") == "poor" and case.get("grade") in ("G1", "G2"):
            return True
        try:
            self._content.assess(Case.of(case))
        except CaseError:
            return True
        return False


@cache
def reader() -> Reader:
    """The reader with the content that comes with the program."""
    return Reader()


_Value = tuple[Choice, int, int]
"""A value, and its place: the index of the first token, and of the one after the last."""


class _Weighed:
    """Collects the phrases of a text, and concludes the facts from them."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._said: dict[str, list[_Value]] = {}
        self._hedged: dict[str, list[Choice]] = {}
        self._open: list[tuple[tuple[str, ...], int]] = []
        self._found: list[tuple[str, int]] = []
        self._used = 0
        self._signs: list[_Value] = []
        self._segments: set[int] = set()
        self.asked = self.asks = False
        self.stated: set[str] = set()
        self.by_score: set[str] = set()
        self.closed: set[str] = set()
        """The facts that are stated in two ways, which further phrases cannot change."""

    def take(self, hit: Hit, mood: Mood) -> None:
        """Add a phrase with its mood."""
        if hit.rule.never or mood is Mood.ELSEWHERE:
            return
        if mood is Mood.ASKED:
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

    def facts(self) -> tuple[dict[str, _Value], set[str]]:
        """The facts that are stated in one way, and the names of those stated in two."""
        facts: dict[str, _Value] = {}
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
                self._hedged.setdefault(fact, []).append("?")
        self._pattern(facts, conflict)
        return facts, conflict

    def _of_one_lesion(self, sizes: list[_Value]) -> list[_Value]:
        """The sizes that are said of lesions to be ablated, where there are such: another is of a lesion that is
        resected."""
        ablated = [size for size in sizes if _is_for_ablation(self._text, size[1], size[2])]
        return ablated or sizes

    def stated_values(self, fact: str, facts: Mapping[str, _Value]) -> list[_Value]:
        """Each value that is stated of the fact, once. facts: those stated in one way. Of the pattern only a type."""
        if fact in facts:
            return [facts[fact]]
        said = self._said.get(fact, ()) if fact != "pattern" else [s for s in self._signs if s[0] in liver.TYPES]
        return list({str(value[0]): value for value in reversed(said)}.values())[::-1]

    def _is_found(self, fact: str) -> bool:
        """Whether something is named that is stated not to be there, such as a node."""
        return any(fact == found and core & ~self._used for found, core in self._found)

    def _pattern(self, facts: dict[str, _Value], conflict: set[str]) -> None:
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


def _is_for_ablation(parsed: Text, first: int, end: int) -> bool:
    """Whether the clause with these tokens mentions ablation."""
    while first and parsed.breaks[first - 1] == NONE:
        first -= 1
    while end < len(parsed.breaks) and parsed.breaks[end] == NONE:
        end += 1
    return any("ablation" in terms for terms in parsed.terms[first:end])


def _is_asked(parsed: Text, found: list[Hit], end: int) -> bool:
    """Whether the sentence ends with a question mark that does not just doubt the value before it."""
    if end >= len(parsed.breaks) or parsed.tokens.words[end] != "?":
        return False
    return not any(hit.core >> end - 1 & 1 for hit in found if not hit.rule.never and hit.rule.value != "?")


def _with_shared_doubt(moods: list[tuple[Hit, Mood]]) -> list[tuple[Hit, Mood]]:
    """The phrases with their moods. One that shares words with a phrase in doubt about the same fact is in doubt
    too."""
    doubtful: dict[tuple[str, ...], int] = {}
    for hit, mood in moods:
        if mood is Mood.HEDGED and not hit.rule.never:
            doubtful[hit.rule.facts] = doubtful.get(hit.rule.facts, 0) | hit.core
    if not doubtful:
        return moods
    return [
        (hit, Mood.HEDGED if mood is Mood.SAID and hit.core & doubtful.get(hit.rule.facts, 0) else mood)
        for hit, mood in moods
    ]


def _in_range(fact: str, text: str) -> str | None:
    found = Found(fact, text, 0, 0)
    try:
        Case.of({fact: found.possible})
    except (CaseError, ValueError):
        return None
    if isinstance(found.possible, Span):
        whole = NUMBERS[fact][0]
        numbers = [float(number) for number in _NUMBER.findall(text)]
        return (
            text if found.possible.meets(whole) and all(Span.at(number).within(whole) for number in numbers) else None
        )
    return text


def _banded(hit: Hit) -> Choice | None:
    assert hit.quantity is not None
    bands = [band for band, _ in hit.rule.bands]
    number, whole = span(hit.quantity.text), Span(min(b.low for b in bands), max(b.high for b in bands))
    if not number.meets(whole):
        return None
    number = number.both(whole)
    return next((value for band, value in hit.rule.bands if number.within(band)), None)


def _together(values: list[_Value], *, number: bool) -> _Value | None:
    """The value that all of them state, of two bands the narrower; None when they differ."""
    best = values[0]
    for other in values[1:]:
        if other[0] == best[0] and type(other[0]) is type(best[0]):
            continue
        if not number:
            return None
        one, two = span(str(best[0])), span(str(other[0]))
        if two.within(one):
            best = other
        elif not one.within(two):
            return None
    return best


def _without_look_alikes(found: list[Hit]) -> list[Hit]:
    """The phrases without those contained in a longer one about the same fact, and those that overlap with a phrase of
    [[never]] for the fact, unless they contain it and more, or state no value."""
    alike: dict[str, list[int]] = {}
    by_facts: dict[tuple[str, ...], list[Hit]] = {}
    for hit in found:
        if hit.rule.never:
            for fact in hit.rule.facts:
                alike.setdefault(fact, []).append(hit.core)
        else:
            by_facts.setdefault(hit.rule.facts, []).append(hit)
    kept = [hit for hit in found if hit.rule.never]
    for facts, hits_ in by_facts.items():
        never = [core for fact in facts for core in alike.get(fact, ())]
        last = len(hits_) - 1
        for number, hit in enumerate(hits_):
            core = hit.core
            asks = hit.rule.value == "?"
            if any(core & other and (core & other != other or (core == other and not asks)) for other in never):
                continue
            low = number
            while low and hits_[low - 1].first > hit.first - _OVERLAP:
                low -= 1
            high = number
            while high < last and hits_[high + 1].first < hit.end:
                high += 1
            if not any(core | hits_[index].core == hits_[index].core != core for index in range(low, high + 1)):
                kept.append(hit)
    return kept


def _not_understood(text: str, parsed: Text, found: Iterable[Hit], words: Vocabulary) -> tuple[list[str], int]:
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


_JOINING = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "by",
        "from",
        "as",
        "and",
        "or",
        "with",
        "w",
        "is",
        "-",
        "(",
    }
)
"""Words that end no stretch."""


def _quiet(parsed: Text, words: Vocabulary) -> set[int]:
    """The tokens of words that say nothing by themselves."""
    quiet = {index for index, filler in enumerate(parsed.fillers) if filler}
    for index, terms in enumerate(parsed.terms):
        for group, end in terms.items():
            if group in words.quiet:
                quiet.update(range(index, end))
    return quiet


_OF_TIME = frozenset({"years", "months", "weeks"})


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


_MAYBE_NAME = re.compile(r"[A-Z][a-z]+")
