"""What follows if a case were different: alternatives, changes, what decides it, and what could add to the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from guideline.case import CaseError
from guideline.decide import Decider
from guideline.diagram import Left, headline_of
from guideline.facts import ANY_OF, COUNTS, SOURCES
from guideline.rules import Rule, Rules

REMEMBERED = 1024
"""Entries of each cache, by the bits of a case. They hold nothing about a person."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A headline that is not possible, and the fewest known facts that exclude it."""

    headline: str
    because_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """If this known fact were `to` (for a number: the band, as text), the headline would be this one.

    It may be `undetermined`; then the candidates say what would be possible.
    """

    fact: str
    to: str | bool
    headline: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decides:
    """The candidates once some facts are known.

    values: by fact, the values (for a number the bands, as text), one of which is enough. candidates: the headlines
    that are possible then. rest: whether it applies when none of the earlier entries does.
    """

    values: tuple[tuple[str, tuple[str | bool, ...]], ...]
    candidates: tuple[str, ...]
    rest: bool = False


Piece = tuple[tuple[str, ...], int]
"""Known facts of the case, and the paths through the diagram that they exclude together."""


class WhatIf:
    """Decides variations of a case. stated: the bits of what the case states."""

    def __init__(
        self, decider: Decider, rules: Rules, options: Mapping[str, tuple[tuple[str | bool, int], ...]]
    ) -> None:
        """options: for each fact that can decide the headline, the values or bands that it can be changed to, with
        their bits."""
        self._decider, self._rules = decider, rules
        self._classes, self._diagram, self._follow = decider.classes, decider.diagram, decider.follow
        self._options = options
        self._deciding = sum(self._classes.whole[fact] for fact in options)
        self._alternatives = lru_cache(REMEMBERED)(self._find_alternatives)
        self._changes = lru_cache(REMEMBERED)(self._find_changes)
        self._added = lru_cache(REMEMBERED)(self._find_added)
        self._decides = lru_cache(REMEMBERED)(self._find_decides)
        self._changing = lru_cache(REMEMBERED)(self._find_changing)
        self._depending = lru_cache(REMEMBERED)(self._find_depending)

    # Alternatives

    def alternatives(self, stated: int, headlines: tuple[str, ...]) -> tuple[Alternative, ...]:
        """For each of these excluded headlines, the fewest known facts that exclude it."""
        return self._alternatives(stated & self._deciding, headlines)

    def _find_alternatives(self, deciding: int, headlines: tuple[str, ...]) -> tuple[Alternative, ...]:
        pieces = list(self._pieces(self._whole(deciding)))
        found = []
        for headline in headlines:
            ways = self._diagram.to(headline)
            closing = [(facts, closed & ways) for facts, closed in pieces if closed & ways]
            found.append(Alternative(headline, _fewest(closing, ways)))
        return tuple(found)

    def _whole(self, deciding: int) -> int:
        """The bits of a case in which only the facts that can decide the headline are stated."""
        return self._classes.nothing_known & ~self._deciding | deciding

    def _pieces(self, stated: int) -> Iterator[Piece]:
        """For each fact of the diagram that excludes paths, the smallest sets of known facts that do."""
        bits = self._follow.implied(stated)
        for fact in self._diagram.facts:
            closed = self._diagram.closed(fact, bits)
            if not closed:
                continue
            known = [name for name in SOURCES.get(fact, (fact,)) if self._classes.says(name, stated)]
            if len(known) == 1:
                yield (known[0],), closed
            else:
                yield from self._among(fact, known, stated, closed)

    def _among(self, fact: str, known: list[str], stated: int, closing: int) -> Iterator[Piece]:
        """The same for a fact that several known facts say something about. closing: the paths that all of them
        together exclude."""
        found: list[Piece] = []
        for some in (some for size in range(1, len(known) + 1) for some in combinations(known, size)):
            within = [less for facts, less in found if set(facts) < set(some)]
            if closing in within:
                continue  # fewer facts exclude the same
            closed = self._diagram.closed(fact, self._follow.implied(self._classes.only(some, stated)))
            if closed and all(closed & ~less for less in within):
                found.append((some, closed))
        return iter(found)

    # Changes

    def changes(self, stated: int, candidates: tuple[str, ...]) -> tuple[Change, ...]:
        """Every change of one known fact after which other headlines are possible than these candidates."""
        return self._changes(stated & self._deciding, candidates)

    def _find_changes(self, deciding: int, candidates: tuple[str, ...]) -> tuple[Change, ...]:
        stated, found = self._whole(deciding), []
        asked = self._diagram.reached(self._follow.implied(stated))
        bearing = {source for fact in asked for source in SOURCES.get(fact, (fact,))}
        for fact, options in self._options.items():
            if fact not in bearing:
                continue
            others = stated & ~self._classes.whole[fact]
            for to, bits in options if self._classes.says(fact, stated) else ():
                if stated & bits:
                    continue
                try:
                    left = self._diagram.left(self._follow.implied(others | bits))
                except CaseError:
                    continue  # the case would contradict itself
                if (others_left := left.candidates) != candidates:
                    found.append(Change(fact, to, headline_of(others_left), others_left))
        return tuple(found)

    # What decides

    def decides(self, stated: int) -> tuple[Decides, ...]:
        """What decides an undetermined case, in the order in which the diagram asks.

        For each fact: the values that leave few headlines, with these headlines. For the following facts the other
        values are assumed. The last entry has what is possible with none of the values before.
        """
        return self._decides(stated & self._deciding)

    def _find_decides(self, deciding: int) -> tuple[Decides, ...]:
        bits = self._whole(deciding)
        aside: list[Decides] = []
        assumed: list[tuple[str, tuple[str | bool, ...]]] = []
        asked: set[str] = set()
        while left := [fact for fact in self._decider.decide(bits)[1].needed if fact not in asked]:
            asked.add(left[0])
            fact = self._in_place_of(left[0], bits)
            ways = self._ways(fact, bits)
            onward = self._onward(list(ways.values()))
            for (to, _), candidates in ways.items():
                if candidates != onward and len(candidates) <= _MAX_ASIDE:
                    _put(aside, fact, to, candidates)
            on = [option for option, found in ways.items() if found == onward or len(found) > _MAX_ASIDE]
            if len(on) < len(ways):
                assumed.append((fact, tuple(to for to, _ in on)))
                bits = bits & ~self._classes.whole[fact] | sum(part for _, part in on) & bits
        candidates = self._decider.decide(bits)[1].candidates
        return (*aside, Decides(tuple(assumed), candidates, rest=True))

    def _in_place_of(self, fact: str, bits: int) -> str:
        """The fact to be known next: for the grade with one count known, the other count."""
        missing = [count for count in COUNTS if not self._classes.says(count, bits)]
        return missing[0] if fact == "grade" and len(missing) == 1 else fact

    def _ways(self, fact: str, bits: int) -> dict[tuple[str | bool, int], tuple[str, ...]]:
        """The candidates with each value of the fact, by the value and its bits."""
        found = {}
        for to, part in self._options[fact]:
            if bits & part:
                try:
                    _, left = self._decider.decide(bits & ~self._classes.whole[fact] | bits & part)
                except CaseError:
                    continue  # the case would contradict itself
                found[to, part] = left.candidates
        return found

    def _onward(self, ways: list[tuple[str, ...]]) -> tuple[str, ...]:
        """The candidates with the headline that comes first in the order of the diagram."""
        order = self._diagram.headlines
        return min(ways, key=lambda candidates: min(map(order.index, candidates)))

    # What could add

    def could_add(self, stated: int) -> tuple[str, ...]:
        """The unknown facts that could change an adjunct or a criterion, or that a caveat or note asks for."""
        return self._added(stated)

    def _find_added(self, stated: int) -> tuple[str, ...]:
        rules, (bits, _) = self._rules, self._decider.decide(stated)
        found = [fact for fact in self._depending(stated) if self.could_change(fact, stated)]
        if rules.considered.holds(bits):
            found += rules.against.open_facts(bits)
        found += [fact for rule in rules.caveats if rule.holds(bits) is not False for fact in rule.asks]
        found += [fact for update in rules.updates if update.asks and update.open_to(bits) for fact in update.asks]
        return tuple(fact for fact in dict.fromkeys(found) if self._classes.open(fact, bits))

    def could_change(self, fact: str, stated: int) -> bool:
        """Whether, in some completion of the case, the value of the fact changes an adjunct or a criterion."""
        return self._changing(fact, stated)

    def _find_changing(self, fact: str, stated: int) -> bool:
        return any(self._matters(rule, fact, stated) for rule in self._depending(stated).get(fact, ()))

    def _find_depending(self, stated: int) -> Mapping[str, list[Rule]]:
        """By open fact, the adjuncts and criteria that may depend on it."""
        bits, _ = self._decider.decide(stated)
        # Even if one criterion is not met, the others are asked.
        rules = (*self._rules.adjuncts, *(self._rules.criteria if self._rules.considered.holds(bits) else ()))
        depending: dict[str, list[Rule]] = {}
        for rule in rules:
            for fact in self._open_facts(rule, bits):
                depending.setdefault(fact, []).append(rule)
        return depending

    def _matters(self, rule: Rule, fact: str, stated: int) -> bool:
        """Whether, in some completion of the case, the value of the fact changes whether the rule holds."""
        tried: set[tuple[tuple[Left, int], ...]] = set()

        def differ(cases: list[int]) -> bool:
            """Whether some completion makes the rule hold in one of these cases and not in another."""
            decided = []
            for case in cases:
                try:
                    decided.append((case, *self._decider.decide(case)))
                except CaseError:
                    continue  # the case contradicts itself
            verdicts = {rule.surely_holds(bits) for _, bits, _ in decided}
            if verdicts >= {True, False}:
                return True
            # The outcome depends only on what is left of the diagram and on the facts of the rule.
            state = tuple((left, bits & rule.mask) for _, bits, left in decided)
            if None not in verdicts or len(decided) < 2 or state in tried:
                return False
            tried.add(state)
            others = [name for _, bits, _ in decided for name in self._open_facts(rule, bits) if name != fact]
            if not others:
                return False
            # Give the first open fact each of its values in turn, the same one in all the cases.
            narrowed = zip(*(self._each(rule, others[0], case) for case, _, _ in decided), strict=True)
            return any(differ(list(alike)) for alike in narrowed)

        return differ(self._each(rule, fact, stated))

    def _each(self, rule: Rule, fact: str, stated: int) -> list[int]:
        """The case with each value of the fact; of values that nothing distinguishes, with one."""
        cases = self._classes.each(fact, stated)
        if fact in self._options:
            return cases
        tests = [within for c in rule.conditions for name, within, _ in c.tests if name == fact]
        return list({tuple(bool(case & within) for within in tests): case for case in cases}.values())

    def _open_facts(self, rule: Rule, bits: int) -> list[str]:
        """The facts of a case on which it may depend whether the rule holds; not all of them need to matter."""
        names = [name for part in rule.open_facts(bits) for name in self._behind(part, bits)]
        return [name for name in dict.fromkeys(names) if self._classes.open(name, bits)]

    def _behind(self, name: str, bits: int) -> tuple[str, ...]:
        if name in ("headline", "imaging_to_get"):
            return self._diagram.left(bits).needed
        return tuple(part for part, _ in ANY_OF[name][1]) if name in ANY_OF else (name,)


_MAX_ASIDE = 3
"""A value that leaves at most so many headlines is listed by itself; one that leaves more leads on to the next fact."""


def _put(aside: list[Decides], fact: str, to: str | bool, candidates: tuple[str, ...]) -> None:
    """Add a value that leaves few headlines; if the last entry leaves the same ones, join them."""
    if not aside or aside[-1].candidates != candidates:
        aside.append(Decides(((fact, (to,)),), candidates))
        return
    *before, (last, values) = aside[-1].values
    together = ((last, (*values, to)),) if last == fact else ((last, values), (fact, (to,)))
    aside[-1] = Decides((*before, *together), candidates)


def _fewest(pieces: list[Piece], ways: int) -> tuple[str, ...]:
    """The fewest facts that exclude all the paths; of equally few, those of fewer pieces, then of earlier ones."""
    for facts, closed in pieces:
        if closed == ways and len(facts) == 1:
            return facts
    best: tuple[int, int, list[int]] | None = None

    def search(left: int, chosen: tuple[int, ...]) -> None:
        nonlocal best
        if not left:
            places = sorted(chosen)
            found = len({fact for place in places for fact in pieces[place][0]}), len(places), places
            best = min(best, found) if best else found
        elif best is None or len(chosen) < best[0]:
            way = left & -left  # has to be closed by some piece
            for place, (_, closed) in enumerate(pieces):
                if closed & way:
                    search(left & ~closed, (*chosen, place))

    search(ways, ())
    places = best[2] if best else []
    return tuple(dict.fromkeys(fact for place in places for fact in pieces[place][0]))
