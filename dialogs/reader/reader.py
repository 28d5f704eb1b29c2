"""What a text says of a case: each fact with its stretch of text, what is doubtful, and what was not understood.

Deterministic, without a network or a language model; it keeps nothing of what it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dialogs.reader.found import Found
from dialogs.reader.not_understood import not_understood
from dialogs.reader.phrases import Hit, Text, hits, read, sentences
from dialogs.reader.scope import Mood, Scope
from dialogs.reader.tokens import SIGN, WORD
from dialogs.reader.vocabulary import Vocabulary, vocabulary
from dialogs.reader.weighed import Value, Weighed, is_for_ablation
from dialogs.typed import is_about_a_person
from guideline import Case, CaseError, Guideline, guideline
from guideline.case import CHOICES, FACTS

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
        weighed = Weighed(parsed)
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

    def _reading(self, text: str, parsed: Text, weighed: Weighed, found: list[Hit]) -> Reading:
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
        stretches, left_out = not_understood(text, parsed, found, self._words)

        def as_found(fact: str, value: Value) -> Found:
            said, first, end = value
            return Found(fact, said, tokens.starts[first], tokens.ends[end - 1], scored=fact in weighed.by_score)

        return Reading(
            tuple(as_found(fact, facts[fact]) for fact in FACTS if fact in facts),
            tuple(fact for fact in FACTS if fact in conflict),
            tuple(fact for fact in FACTS if fact in unclear),
            tuple(stretches),
            is_case,
            tokens.ends[-1] if parsed.unread else 0,
            weighed.asked or weighed.asks,
            tuple(as_found(fact, value) for fact, value in stated),
            left_out,
        )

    def _is_of_ablated(self, parsed: Text, facts: Mapping[str, Value]) -> bool:
        """Whether the size that was read is of the lesions to be ablated, as the contract takes it (section 1).

        It is when its clause mentions ablation, or the text does and no resection of the liver; when it is the size of
        a satellite; and where nothing is resected: the patient is not fit, or the facts come to ablation and
        embolisation. Otherwise the largest lesion is usually resected.
        """
        _, first, end = facts["largest_lesion_cm"]
        if any("satellites" in terms for terms in parsed.terms[first:end]) or is_for_ablation(parsed, first, end):
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

    def _contradictions(self, facts: dict[str, Value]) -> set[str]:
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

    def _follows(self, fact: str, facts: dict[str, Value]) -> bool:
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
