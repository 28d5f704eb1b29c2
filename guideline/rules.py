"""What comes with a headline: adjuncts, caveats, transplant criteria, notes, and what could still add to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from pathlib import Path

from guideline.case import FACTS, YES_NO
from guideline.classes import Classes
from guideline.condition import Condition
from guideline.content import DATA, ContentError, Item, items, read, values_of
from guideline.facts import ANY_OF
from guideline.values import Choice, Values

FILE = "rules.toml"


@dataclass(frozen=True)
class Way:
    """One of several ways in which a rule can hold. because: the statements behind it, besides the rule's own."""

    when: Condition
    because: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule holds when `when` holds, one of the ways in `either` holds (if there are any), and `unless` does not hold.

    unless_known: it does not hold once one of these facts is known to have one of its values. unknown: it holds only
    while none of these facts is known; each with its bits. asks: facts that are worth asking because of it. considers:
    another headline that it adds as a possibility; empty for none.
    """

    id: str
    when: Condition
    either: tuple[Way, ...]
    unless: Condition | None
    unless_known: Condition
    unknown: Mapping[str, int]
    asks: tuple[str, ...]
    considers: str
    because: tuple[str, ...]

    @cached_property
    def mask(self) -> int:
        """The bits of all facts in its conditions."""
        return reduce(or_, (within | outside for c in self.conditions for _, within, outside in c.tests), 0)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts of a case that its conditions ask, straight or through what follows from them."""
        asked = {fact for condition in self.conditions for fact in condition.facts}
        return frozenset(asked.union(*({part for part, _ in ANY_OF[fact][1]} for fact in asked & ANY_OF.keys())))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        unless = (self.unless,) if self.unless else ()
        return (self.when, *(way.when for way in self.either), *unless, self.unless_known)

    def bound(self, classes: Classes) -> Rule:
        """The rule with its conditions bound to the classes."""
        return replace(
            self,
            when=self.when.bound(classes),
            either=tuple(replace(way, when=way.when.bound(classes)) for way in self.either),
            unless=self.unless.bound(classes) if self.unless else None,
            unless_known=self.unless_known.bound(classes),
            unknown={fact: classes.whole[fact] for fact in self.unknown},
        )

    def holds(self, bits: int) -> bool | None:
        """Whether it holds; None while further facts, other than those of `unless_known` and `unknown`, can change
        that.
        """
        verdict = self.when.holds(bits)
        if verdict is False or (self.unless_known.tests and self.unless_known.some_known(bits)):
            return False
        if self.either:
            either = self._either(bits)
            if either is False:
                return False
            verdict = verdict and either
        if self.unless:
            exception = self.unless.holds(bits)
            if exception:
                return False
            verdict = verdict if exception is False else None
        if self.unknown and any((bits & whole).bit_count() == 1 for whole in self.unknown.values()):
            return False
        return verdict

    def surely_holds(self, bits: int) -> bool | None:
        """Like `holds`, and also None while a fact of `unless_known` could still end it."""
        verdict = self.holds(bits)
        return None if verdict and self.unless_known.open_facts(bits) else verdict

    def because_of(self, bits: int) -> tuple[str, ...]:
        """The statements behind it, in a case in which it holds."""
        ways = [id_ for way in self.either if way.when.holds(bits) for id_ in way.because]
        return tuple(dict.fromkeys((*self.because, *ways))) if ways else self.because

    def open_facts(self, bits: int) -> list[str]:
        """The unknown facts on which it may depend whether the rule holds."""
        if self.holds(bits) is False:
            return []
        found = [*self.when.open_facts(bits), *self.unless_known.open_facts(bits)]
        found += self.unless.open_facts(bits) if self.unless else ()
        if self.either and self._either(bits) is None:
            found += [fact for way in self.either if way.when.holds(bits) is None for fact in way.when.open_facts(bits)]
        return found

    def excluded_by(self, bits: int) -> tuple[str, ...]:
        """The known facts because of which it cannot hold any more; none while it holds or still can."""
        if self.holds(bits) is not False:
            return ()
        found = self.when.against(bits)
        if not found and self.either and self._either(bits) is False:
            found = [fact for way in self.either for fact in way.when.against(bits)]
        found += self.unless_known.known_facts(bits)
        if self.unless and self.unless.holds(bits):
            found += self.unless.facts
        found += [fact for fact, whole in self.unknown.items() if (bits & whole).bit_count() == 1]
        return tuple(dict.fromkeys(found))

    def _either(self, bits: int) -> bool | None:
        verdicts = [way.when.holds(bits) for way in self.either]
        return True if True in verdicts else None if None in verdicts else False


@dataclass(frozen=True)
class Update:
    """The cases that a newer-source note is about: those of any_of, and those with the adjunct or caveat `with_`.

    first: when it is shown before others, because it is about something known of the patient. unless_known, asks: as in
    a rule.
    """

    note: str
    any_of: tuple[Condition, ...]
    first: tuple[Condition, ...]
    with_: str
    unless_known: Condition
    asks: tuple[str, ...]

    def bound(self, classes: Classes) -> Update:
        """The update with its conditions bound to the classes."""
        any_of = tuple(condition.bound(classes) for condition in self.any_of)
        first = tuple(condition.bound(classes) for condition in self.first)
        return replace(self, any_of=any_of, first=first, unless_known=self.unless_known.bound(classes))

    def touches(self, bits: int, along: Collection[str]) -> bool:
        """Whether the note is about the case. along: the adjuncts and caveats of the case."""
        if self.with_ not in along:
            for condition in self.any_of:
                if condition.holds(bits):
                    break
            else:
                return False
        return not self.unless_known.tests or not self.unless_known.some_known(bits)

    def open_to(self, bits: int) -> bool:
        """Whether more facts could still change whether the note is about the case."""
        possible = any(condition.holds(bits) is not False for condition in self.any_of)
        return possible and not self.unless_known.some_known(bits)


@dataclass(frozen=True)
class Rules:
    """All rules, in the order in which they are shown. considered: when a transplant is considered at all. against:
    what speaks against a transplant without being a criterion. transplant_shown: facts named beside the result when
    a transplant is considered."""

    adjuncts: tuple[Rule, ...]
    caveats: tuple[Rule, ...]
    criteria: tuple[Rule, ...]
    considered: Condition
    against: Condition
    transplant_because: tuple[str, ...]
    transplant_shown: tuple[str, ...]
    updates: tuple[Update, ...]

    @property
    def conditions(self) -> Iterator[Condition]:
        """All conditions of all rules."""
        for rule in (*self.adjuncts, *self.caveats, *self.criteria):
            yield from rule.conditions
        for update in self.updates:
            yield from (*update.any_of, *update.first, update.unless_known)
        yield from (self.considered, self.against)

    def bound(self, classes: Classes) -> Rules:
        """The rules with their conditions bound to the classes."""
        return replace(
            self,
            adjuncts=tuple(rule.bound(classes) for rule in self.adjuncts),
            caveats=tuple(rule.bound(classes) for rule in self.caveats),
            criteria=tuple(rule.bound(classes) for rule in self.criteria),
            considered=self.considered.bound(classes),
            against=self.against.bound(classes),
            updates=tuple(update.bound(classes) for update in self.updates),
        )


@dataclass(frozen=True, slots=True)
class Transplant:
    """status: `eligible`, `not-eligible` or `undetermined`; criteria: each `met`, `not met` or `unknown`.

    against: see transplant_against.
    """

    status: str
    criteria: Mapping[str, str]
    against: tuple[str, ...]


def touching(rules: Rules, bits: int, along: Collection[str]) -> tuple[str, ...]:
    """The notes that are about the case, in the order in which they are shown. along: its adjuncts and caveats."""
    updates = [update for update in rules.updates if update.touches(bits, along)]
    first = [update.note for update in updates if update.first and any(c.holds(bits) for c in update.first)]
    return (*first, *[update.note for update in updates if update.note not in first])


def weigh_transplant(rules: Rules, bits: int) -> Transplant | None:
    """The criteria of §5.4 and §6; None when a transplant is not considered."""
    if not rules.considered.holds(bits):
        return None
    words = {True: "met", False: "not met", None: "unknown"}
    criteria = {rule.id: words[rule.holds(bits)] for rule in rules.criteria}
    weighed = criteria.values()
    status = "not-eligible" if "not met" in weighed else "undetermined" if "unknown" in weighed else "eligible"
    return Transplant(status, criteria, transplant_against(rules, bits))


def transplant_failed(rules: Rules, bits: int) -> dict[str, tuple[str, ...]]:
    """The criteria of §5.4 and §6 that cannot be met any more, each with the known facts because of which."""
    return {rule.id: rule.excluded_by(bits) for rule in rules.criteria if rule.holds(bits) is False}


def transplant_against(rules: Rules, bits: int) -> tuple[str, ...]:
    """The facts that are no criterion and are known to speak against a transplant."""
    return tuple(fact for fact, _, outside in rules.against.tests if not bits & outside)


def derived_facts(headlines: Iterable[str]) -> dict[str, tuple[Choice, ...]]:
    """The derived facts that rules may use, with their values."""
    return dict.fromkeys((*ANY_OF, "imaging_to_get"), YES_NO) | {"headline": tuple(headlines)}


def load(
    statements: Mapping[str, object], notes: Iterable[str], headlines: Iterable[str], folder: Path = DATA
) -> Rules:
    """Read and check the rules. Raises ContentError that names the rule."""
    data = read(folder, FILE, "adjunct", "caveat", "transplant", "update")
    derived = {fact: Values(values) for fact, values in derived_facts(headlines).items()}
    adjuncts = tuple(_rule(item, derived, statements) for item in items(FILE, data.get("adjunct")))
    caveats = tuple(_rule(item, derived, statements) for item in items(FILE, data.get("caveat")))
    transplant = Item(FILE, "transplant", data.get("transplant", {}))
    considered = _condition(transplant, transplant.table("considered"), derived)
    against = _condition(transplant, transplant.table("against"), derived)
    because = transplant.because(statements)
    shown = transplant.known("shown", transplant.texts("shown"), FACTS)
    criteria = tuple(_rule(item, derived, statements) for item in items(FILE, list(transplant.list("criterion"))))
    transplant.done()
    ids = [rule.id for rule in (*adjuncts, *caveats)]
    updates = tuple(_update(item, derived, notes, ids) for item in items(FILE, data.get("update"), "note"))
    if not criteria:
        raise ContentError(FILE, "transplant", "has no criterion")
    own = tuple(dict.fromkeys(fact for c in (*(rule.when for rule in criteria), against) for fact in c.facts))
    return Rules(adjuncts, caveats, criteria, considered, against, because, (*own, *shown), updates)


def _rule(item: Item, derived: Mapping[str, Values], statements: Mapping[str, object]) -> Rule:
    when, ways = _condition(item, item.table("when"), derived), []
    for number, table in enumerate(item.list("either"), 1):
        part = Item(item.file, f"{item.id}, way {number}", table)
        way = Way(
            _condition(part, part.table("when"), derived), part.known("because", part.texts("because"), statements)
        )
        part.done()
        if not way.when.facts:
            raise part.error("does not say when it holds")
        ways.append(way)
    if not when.facts and not ways and not item.flag("always"):
        raise item.error("does not say when it holds, nor that it always does")
    unless = _condition(item, item.table("unless"), derived)
    rule = Rule(
        id=item.id,
        when=when,
        either=tuple(ways),
        unless=unless if unless.facts else None,
        unless_known=_condition(item, item.table("unless_known"), derived),
        unknown=dict.fromkeys(item.known("unknown", item.texts("unknown"), FACTS), 0),
        asks=item.known("asks", item.texts("asks"), FACTS),
        considers=item.known("considers", (item.text("considers", ""),), ("", *map(str, derived["headline"])))[0],
        because=item.because(statements),
    )
    item.done()
    return rule


def _update(item: Item, derived: Mapping[str, Values], notes: Iterable[str], along: Iterable[str]) -> Update:
    item.known("note", (item.id,), notes)
    update = Update(
        note=item.id,
        any_of=tuple(_condition(item, table, derived) for table in item.list("any")),
        first=tuple(_condition(item, table, derived) for table in item.list("first")),
        with_=item.text("with", ""),
        unless_known=_condition(item, item.table("unless_known"), derived),
        asks=item.known("asks", item.texts("asks"), FACTS),
    )
    item.done()
    if update.with_:
        item.known("with", (update.with_,), along)
    elif not update.any_of:
        raise item.error("does not say which cases the note is about")
    return update


def _condition(item: Item, table: object, derived: Mapping[str, Values]) -> Condition:
    if not isinstance(table, dict):
        raise item.error("a condition takes a table")
    return Condition({fact: values_of(item, fact, given, derived) for fact, given in table.items()})
