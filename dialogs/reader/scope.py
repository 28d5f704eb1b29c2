"""How a phrase is meant: stated, denied, in doubt (`?`, "awaited", "if"), in a question, or about somebody else."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

from dialogs.reader.phrases import NONE, Hit, Text, clauses
from guideline.values import Span


class Mood(Enum):
    """How a phrase is meant. ELSEWHERE: of another person or another tumour. ASKED: in a question."""

    SAID = "said"
    DENIED = "denied"
    HEDGED = "hedged"
    ASKED = "asked"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Clause:
    first: int
    end: int
    mood: Mood
    other_tumour: bool
    plain: bool
    """Nothing in the clause denies or doubts."""
    denies: bool
    """Whether the clause begins a list that "no" or "without" denies."""


_LOOK_BACK = 8
"""Clauses before a phrase that are searched for a denial of the whole list."""
_FAR = 16
"""Tokens at most between a phrase and the word that denies or doubts it."""


class Scope:
    """The moods of the phrases of one sentence. first, end: the index of its first token, and of the one after its
    last.
    """

    def __init__(self, text: Text, hits: list[Hit], first: int, end: int) -> None:
        self._text, self._hits, self._first, self._end = text, hits, first, end
        core = 0
        for hit in hits:
            core |= hit.core
        self._core = core
        self._bounds = list(clauses(text, first, end))
        self._firsts = [first for first, _ in self._bounds]
        self._clauses: dict[int, Clause] = {}
        words = text.tokens.words[first:end]
        self._lists = not _LISTING.isdisjoint(words)

    def is_of_another_tumour(self) -> bool:
        """Whether another kind of tumour is named, and not as somebody else's."""
        return any(self._clause(number).other_tumour for number in range(len(self._bounds)))

    def asks(self) -> bool:
        """Whether the sentence asks about something that is not one of its phrases."""
        text = self._text
        if not text.named.isdisjoint(("question", "topic")) and any(
            text.has(index, "question", "topic") and not self._covered(index) for index in range(self._first, self._end)
        ):
            return True
        marked = self._end < len(text.breaks) and text.tokens.words[self._end] == "?"
        return marked and self._end - 1 >= self._first and not self._covered(self._end - 1)

    def _number(self, index: int) -> int:
        return bisect_right(self._firsts, index) - 1

    def _covered(self, index: int) -> int:
        return self._core >> index & 1

    def _clause(self, number: int) -> Clause:
        found = self._clauses.get(number)
        if found is None:
            first, end = self._bounds[number]
            tumour = self._names(first, end, "other-tumour") and not self._names(first, end, "somebody-else")
            plain = self._is_plain(first, end)
            found = Clause(first, end, self._clause_mood(first, end), tumour, plain, self._denies(first, end))
            self._clauses[number] = found
        return found

    def mood(self, hit: Hit) -> Mood:
        """How the phrase is meant."""
        clause = self._clause(self._number(hit.first))
        if clause.mood is not Mood.SAID:
            return clause.mood
        if hit.rule.facts[0] not in _LASTING and self._is_of_the_past(hit, clause):
            return Mood.HEDGED
        if self._has_alternative(hit):
            return Mood.HEDGED
        if clause.plain and not (hit.rule.finding and self._lists):
            return Mood.SAID
        inside = self._inside(hit)
        before = self._before(hit, clause)
        after = self._after(hit, clause)
        if Mood.HEDGED in (inside, before, after):
            return Mood.HEDGED
        denied = [inside, before, after].count(Mood.DENIED)
        if denied > 1:
            return Mood.HEDGED
        return Mood.DENIED if denied else Mood.SAID

    def _clause_mood(self, first: int, end: int) -> Mood:
        text = self._text
        mood = Mood.SAID
        if not text.named:
            return mood
        if end < len(text.breaks) and text.tokens.words[end] == "?":
            mood = self._question(first, end)
        elif first < end and text.has(first, "question"):
            mood = Mood.ASKED
        if text.named.isdisjoint(_OVER_THE_CLAUSE):
            return mood
        for index in range(first, end):
            if not text.terms[index]:
                continue
            if text.has(index, "somebody-else", "other-tumour"):
                return Mood.ELSEWHERE
            if text.has(index, "if"):
                mood = Mood.HEDGED
        return mood

    def _is_plain(self, first: int, end: int) -> bool:
        text = self._text
        if not _JOINING.isdisjoint(text.tokens.words[max(0, first - 1) : end + 1]):
            return False
        return not any(text.bits[index] & text.doubt_bits for index in range(first, end))

    def _names(self, first: int, end: int, group: str) -> bool:
        return group in self._text.named and any(group in self._text.terms[index] for index in range(first, end))

    def _question(self, first: int, end: int) -> Mood:
        """A clause before a question mark: a question where it reads like one, else its last words are in doubt."""
        for index in range(first, end):
            if self._text.has(index, "question"):
                return Mood.ASKED
        return Mood.SAID

    def _denies(self, first: int, end: int) -> bool:
        return first < end and bool(self._text.has(first, "no"))

    def _inside(self, hit: Hit) -> Mood:
        """By the words in the phrase's gaps."""
        mood = Mood.SAID
        index = hit.first
        while index < hit.end:
            if not hit.core >> index & 1:
                if self._text.has(index, "maybe", "unsure"):
                    return Mood.HEDGED
                if skip := self._text.has(index, "no"):
                    mood = Mood.HEDGED if mood is Mood.DENIED else Mood.DENIED
                    index = skip
                    continue
            index += 1
        return mood

    def _before(self, hit: Hit, clause: Clause) -> Mood:
        """The mood by the words before the phrase in its clause, and by a list that began before the clause."""
        text = self._text
        index = hit.first - 1
        strange = 0
        listed = False
        while index >= max(clause.first, hit.first - _FAR):
            word = text.tokens.words[index]
            begins = self._cue(index, clause.first)
            if begins is None and self._covered(index) and (not text.fillers[index] or self._is_other(hit, index)):
                if not listed:
                    break
                index -= 1
                continue
            if begins is not None:
                group, start = begins
                if group == "never-mind":
                    index = start - 1
                    continue
                if group == "history":
                    return Mood.HEDGED if hit.rule.facts[0] not in _LASTING else Mood.SAID
                if group == "maybe":
                    return Mood.HEDGED
                if strange:
                    return Mood.HEDGED if strange < 4 else Mood.SAID
                if listed and not hit.rule.finding:
                    return Mood.SAID
                if not hit.rule.finding and self._may_answer(start, clause):
                    return Mood.HEDGED
                return Mood.DENIED
            if self._is_query(index):
                return Mood.HEDGED
            if word in ("or", "nor"):
                listed = True
            elif word == "and":
                return self._joined(hit, index, clause)
            elif not text.fillers[index]:
                strange += 1
            index -= 1
        if (
            index < clause.first
            and clause.first > 0
            and text.tokens.words[clause.first - 1] == "?"
            and self._is_query(clause.first - 1)
        ):
            return Mood.HEDGED
        return self._listed(hit, clause, listed)

    def _may_answer(self, index: int, clause: Clause) -> bool:
        """Whether the denial there may answer a bare name before it, as in `heart disease no fit`."""
        return index > clause.first and any(
            other.core >> index - 1 & 1 and other.end == index and other.rule.value == "?" and not other.rule.never
            for other in self._hits
        )

    def _is_other(self, hit: Hit, index: int) -> bool:
        """Whether the filler belongs to a phrase about something else, as "disease" does in `no heart disease fit`."""
        return any(
            other.core >> index & 1
            and other.core & other.core - 1
            and not other.core & hit.core
            and other.rule.facts != hit.rule.facts
            for other in self._hits
        )

    def _joined(self, hit: Hit, index: int, clause: Clause) -> Mood:
        """The mood of B in `no A and B`: unclear when B is a finding."""
        if not hit.rule.finding:
            return Mood.SAID
        negated = any(self._text.has(back, "no") for back in range(clause.first, index))
        return Mood.HEDGED if negated else Mood.SAID

    def _listed(self, hit: Hit, clause: Clause, listed: bool) -> Mood:
        """The mood in a list: `no A, B or C` and `no A/B/C` deny B and C as well; otherwise each part stands for
        itself.
        """
        number = self._number(hit.first)
        if not hit.rule.finding or not number:
            return Mood.SAID
        if self._is_slashed(number):
            return Mood.DENIED if self._is_bare(clause, hit) else Mood.HEDGED
        if not (listed or self._is_bare(clause, hit)):
            return Mood.SAID
        for back in range(number - 1, max(-1, number - _LOOK_BACK), -1):
            before = self._clause(back)
            if before.denies:
                denied = (listed or self._ends_with_or(number + 1)) and not self._is_about(before, hit)
                return Mood.DENIED if denied else Mood.SAID
            if not self._is_bare(before, None) or self._says_else(before):
                return Mood.SAID
        return Mood.SAID

    def _is_slashed(self, number: int) -> bool:
        """Whether only slashes separate that clause from an earlier one that begins with a denial."""
        for back in range(number - 1, max(-1, number - _LOOK_BACK), -1):
            before = self._clause(back)
            if self._text.tokens.words[before.end] != "/":
                return False
            if before.denies:
                return True
        return False

    def _says_else(self, clause: Clause) -> bool:
        """Whether the clause says something that is not a finding."""
        return any(
            clause.first <= hit.first < clause.end and not hit.rule.finding and not hit.rule.never for hit in self._hits
        )

    def _is_about(self, clause: Clause, hit: Hit) -> bool:
        """Whether the clause is about the same fact as the phrase."""
        return any(
            clause.first <= other.first < clause.end and other.rule.facts == hit.rule.facts and not other.rule.never
            for other in self._hits
        )

    def _ends_with_or(self, number: int) -> bool:
        """Whether the list continues, from that clause on, to an `or` between findings."""
        words = self._text.tokens.words
        for index in range(number, min(number + _LOOK_BACK, len(self._bounds))):
            clause = self._clause(index)
            if self._says_else(clause):
                return False
            if any(
                words[word] in ("or", "nor") and not self._covered(word) for word in range(clause.first, clause.end)
            ):
                return True
        return False

    def _is_bare(self, clause: Clause, hit: Hit | None) -> bool:
        """Whether the clause has nothing but the phrase and fillers; without a phrase, at most two words."""
        index = clause.first
        others = 0
        if clause.end - index > _FAR:
            return False
        while index < clause.end:
            if self._text.has(index, "yes", "with", "no"):
                return False
            if (hit is None or not hit.first <= index < hit.end) and not self._text.fillers[index]:
                others += 1
            index += 1
        return others <= (0 if hit else 2)

    def _after(self, hit: Hit, clause: Clause) -> Mood:
        """The mood by an answer directly after the phrase, or by a doubt further on."""
        text = self._text
        index = self._answer_index(hit)
        if self._is_minus(hit.end):
            return Mood.DENIED
        number = hit.quantity if hit.rule.value == "#" else None
        if number and number.end == hit.end and hit.end + 1 in text.numbers and text.tokens.words[hit.end] == "or":
            return Mood.HEDGED  # `<3 % or 3-5 %`
        if index >= 0:
            if text.tokens.words[index] == "?" or text.has(index, "unsure"):
                return Mood.HEDGED
            if end := text.has(index, "answer-no"):
                labelled = ":" in text.tokens.words[hit.end : index]
                if labelled or self._ends_clause(end, clause):
                    return Mood.DENIED
        index = hit.end
        while index < min(clause.end, hit.end + _FAR):
            if self._covered(index) or text.is_subject(index):
                break
            if text.has(index, "unsure"):
                return Mood.HEDGED
            index += 1
        else:
            if index == clause.end and index < len(text.breaks) and text.tokens.words[index] == "?":
                return Mood.HEDGED
        return Mood.SAID

    def _has_alternative(self, hit: Hit) -> bool:
        """Whether another number with another meaning follows a slash or stands before an `or`, as in `PS 2/3` and `70
        or 90 %`."""
        quantity = hit.quantity
        if hit.rule.value != "#" or not quantity:
            return False
        tokens, numbers = self._text.tokens, self._text.numbers
        other = None
        if quantity.first > 1 and tokens.words[quantity.first - 1] == "or":
            other = numbers.get(quantity.first - 2)
        elif quantity.end == hit.end and quantity.end + 1 < len(tokens.words) and tokens.words[quantity.end] == "/":
            glued = tokens.glued[quantity.end] and tokens.glued[quantity.end + 1]
            other = numbers.get(quantity.end + 1) if glued else None
        if other is None:
            return False
        one, two = Span.of(quantity.text), Span.of(other.text)
        return not any(one.within(band) and two.within(band) for band, _ in hit.rule.bands)

    def _is_of_the_past(self, hit: Hit, clause: Clause) -> bool:
        """Whether it is about the past: `ECOG 1 previously`, `Ki-67 2 %, now 12 %`, `2 % then, 12 % now`,
        `rose from 5 to 15 %`."""
        text = self._text
        if hit.quantity and "-" in hit.quantity.text and text.tokens.words[hit.quantity.first - 1] == "from":
            return True
        if not text.named.isdisjoint(("back-then", "nowadays")):
            index = hit.end
            while index < min(clause.end, hit.end + _FAR):
                if text.has(index, "back-then"):
                    return True
                if index in text.numbers and text.numbers[index].unit == "years":
                    index = text.numbers[index].end
                elif self._covered(index) or text.is_subject(index):
                    break
                else:
                    index += 1
            other = False
            for index in range(hit.end, min(self._end, hit.end + _FAR)):
                if self._covered(index) or text.is_subject(index):
                    break
                number = text.numbers.get(index)
                other |= bool(number and hit.quantity and number.unit and number.unit == hit.quantity.unit)
                if end := text.has(index, "nowadays"):
                    return other or end in text.numbers
        return False

    def _answer_index(self, hit: Hit) -> int:
        """The index of the first token after the phrase that is not a filler; -1 for none."""
        index = hit.end
        text = self._text
        while index < len(text.breaks) and text.breaks[index] == NONE:
            if text.has(index, "yes", "answer-no", "unsure") or not text.fillers[index]:
                return index
            index += 1
        return index if index < len(text.breaks) and text.tokens.words[index] == "?" else -1

    def _ends_clause(self, end: int, clause: Clause) -> bool:
        text = self._text
        while end < clause.end and text.fillers[end]:
            end += 1
        return end >= clause.end

    def _is_minus(self, index: int) -> bool:
        """Whether a minus sign follows the phrase, as in `CS-` and, before a comma or the end, `CS -`."""
        tokens = self._text.tokens
        if index >= len(tokens.words) or tokens.words[index] != "-":
            return False
        if index + 1 >= len(tokens.words) or self._text.breaks[index + 1] != NONE:
            return True
        return tokens.glued[index] and not tokens.glued[index + 1]

    def _is_query(self, index: int) -> bool:
        """Whether a question mark stands there that is about what follows it."""
        tokens = self._text.tokens
        if index < 0 or tokens.words[index] != "?":
            return False
        return not tokens.glued[index] and index + 1 < len(tokens.words)

    def _cue(self, index: int, first: int) -> tuple[str, int] | None:
        """The longest word group of the clause that denies or doubts and ends at the index, and where it begins."""
        cues = [(group, start) for group, start in self._text.cues.get(index, ()) if start >= first]
        return min(cues, key=lambda cue: cue[1], default=None)


_LISTING = frozenset({"or", "nor", "/"})
_JOINING = frozenset({"or", "nor", "and", "?", "-"})
_OVER_THE_CLAUSE = frozenset({"somebody-else", "other-tumour", "if"})
_LASTING = frozenset(
    {
        "graded_tissue", "differentiation", "pattern_fit", "primary", "timing", "primary_site",
        "primary_small_asymptomatic", "portal_drainage", "age", "stable_months",
    }
)  # fmt: skip
"""Facts that do not change; an earlier state of any other fact says nothing about it."""
