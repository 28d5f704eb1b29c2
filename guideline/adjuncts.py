"""What comes with a headline: adjuncts, caveats, transplant criteria, notes, and what could still add to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guideline.case import FACTS, Choice, Possible, domain
from guideline.content import DATA, ContentError, Item, items, read, values_of
from guideline.facts import BEHIND, OPEN
from guideline.span import Span

FILE = "rules.toml"

Known = Mapping[str, Possible]
"""What is possible for the facts of a case, for the facts that follow, and for the headline."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Every named fact is among its values."""

    facts: Mapping[str, Possible]

    def holds(self, known: Known) -> bool | None:
        """True once every fact is known to be among its values, False once one cannot be, None between."""
        verdicts = [_among(_now(fact, known), values) for fact, values in self.facts.items()]
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def some_known(self, known: Known) -> bool:
        """Whether one of the facts is known to be among its values."""
        return any(_among(_now(fact, known), values) is True for fact, values in self.facts.items())

    def open_facts(self, known: Known) -> tuple[str, ...]:
        """The facts that keep it from being decided."""
        return tuple(fact for fact, values in self.facts.items() if _among(_now(fact, known), values) is None)


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways in which a rule can hold. because: the statements that carry this way, besides the rule's own."""

    when: Condition
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds when `when` does, one of the ways `either` does (where there are any), and `unless` (where there is one)
    does not.

    unless_known: not once one of these facts is known to be among the values. unknown: only while these facts are not
    known. asks: facts worth asking for its sake.
    """

    id: str
    when: Condition
    either: tuple[Way, ...]
    unless: Condition | None
    unless_known: Condition
    unknown: tuple[str, ...]
    asks: tuple[str, ...]
    because: tuple[str, ...]

    def holds(self, known: Known) -> bool | None:
        """True or False once no further fact changes it, those of `unless_known` and `unknown` apart; else None."""
        verdicts = [self.when.holds(known), self._either(known)]
        if self.unless:
            exception = self.unless.holds(known)
            verdicts.append(None if exception is None else not exception)
        if False in verdicts or self._excluded(known):
            return False
        return None if None in verdicts else True

    def because_of(self, known: Known) -> tuple[str, ...]:
        """The statements that carry it in a case in which it holds."""
        ways = [id_ for way in self.either if way.when.holds(known) for id_ in way.because]
        return tuple(dict.fromkeys((*self.because, *ways)))

    def open_facts(self, known: Known) -> list[str]:
        """The facts not known yet that could still change whether it holds."""
        if self.holds(known) is False:
            return []
        found = [*self.when.open_facts(known), *self.unless_known.open_facts(known)]
        found += self.unless.open_facts(known) if self.unless else ()
        if self._either(known) is None:
            found += [
                fact for way in self.either if way.when.holds(known) is None for fact in way.when.open_facts(known)
            ]
        return found

    def _either(self, known: Known) -> bool | None:
        verdicts = [way.when.holds(known) for way in self.either]
        return True if True in verdicts or not verdicts else None if None in verdicts else False

    def _excluded(self, known: Known) -> bool:
        return self.unless_known.some_known(known) or any(_settled(_now(fact, known)) for fact in self.unknown)


@dataclass(frozen=True, slots=True)
class Update:
    """When a newer-source note touches a case. with_: whenever that adjunct or caveat does. first: when it stands
    before others, being about what is known of the patient. unless_known, asks: as in a rule."""

    note: str
    any_of: tuple[Condition, ...]
    first: tuple[Condition, ...]
    with_: str
    unless_known: Condition
    asks: tuple[str, ...]

    def touches(self, known: Known, along: Collection[str]) -> bool:
        """Whether it touches the case. along: the adjuncts and caveats of the case."""
        here = self.with_ in along or any(condition.holds(known) for condition in self.any_of)
        return here and not self.unless_known.some_known(known)

    def open_to(self, known: Known) -> bool:
        """Whether more facts could still make it touch the case, or no longer touch it."""
        here = any(condition.holds(known) is not False for condition in self.any_of)
        return here and not self.unless_known.some_known(known)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them, in the order in which they are shown. considered: when a transplant is weighed at all.
    against: what counts against a transplant though it is no criterion."""

    adjuncts: tuple[Rule, ...]
    caveats: tuple[Rule, ...]
    criteria: tuple[Rule, ...]
    considered: Condition
    against: Condition
    transplant_because: tuple[str, ...]
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True)
class Transplant:
    """status: `eligible`, `not-eligible` or `undetermined`; criteria: each `met`, `not met` or `unknown`.

    against: facts that are no criterion and are known to speak against it: fitness, the heart.
    """

    status: str
    criteria: Mapping[str, str]
    against: tuple[str, ...]


def touching(rules: Rules, known: Known, along: Collection[str]) -> tuple[str, ...]:
    """The notes that touch the case, in the order in which they are shown. along: its adjuncts and caveats."""
    here = [update for update in rules.updates if update.touches(known, along)]
    here.sort(key=lambda update: not any(condition.holds(known) for condition in update.first))
    return tuple(update.note for update in here)


def weigh_transplant(rules: Rules, known: Known) -> Transplant | None:
    """The criteria of §5.4 and §6; None where a transplant is not considered."""
    if not rules.considered.holds(known):
        return None
    words = {True: "met", False: "not met", None: "unknown"}
    criteria = {rule.id: words[rule.holds(known)] for rule in rules.criteria}
    weighed = criteria.values()
    status = "not-eligible" if "not met" in weighed else "undetermined" if "unknown" in weighed else "eligible"
    against = tuple(fact for fact, bad in rules.against.facts.items() if _among(_now(fact, known), bad))
    return Transplant(status, criteria, against)


def could_add(rules: Rules, known: Known) -> tuple[str, ...]:
    """The facts of the case, not known yet, that could still add an adjunct, decide a criterion, or bear on a note."""
    rests_on = [fact for rule in rules.adjuncts for fact in rule.open_facts(known)]
    if rules.considered.holds(known):  # a criterion that fails does not stop the others from being asked
        rests_on += [fact for rule in rules.criteria for fact in rule.open_facts(known)]
        rests_on += rules.against.open_facts(known)
    for rule in rules.caveats:
        if rule.holds(known) is not False:
            rests_on += rule.asks
    for update in rules.updates:
        if update.asks and update.open_to(known):
            rests_on += update.asks
    facts = dict.fromkeys(fact for name in rests_on for fact in BEHIND.get(name, (name,)))
    return tuple(fact for fact in facts if fact != "headline" and not _settled(_now(fact, known)))


def load(
    statements: Mapping[str, object], notes: Iterable[str], headlines: Iterable[str], folder: Path = DATA
) -> Rules:
    """Read and check the rules. Raises ContentError that names the rule."""
    data = read(folder, FILE, "adjunct", "caveat", "transplant", "update")
    derived = dict.fromkeys(BEHIND, OPEN) | {"imaging_to_get": OPEN, "headline": frozenset[Choice](headlines)}
    adjuncts = tuple(_rule(item, derived, statements) for item in items(FILE, data.get("adjunct")))
    caveats = tuple(_rule(item, derived, statements) for item in items(FILE, data.get("caveat")))
    transplant = Item(FILE, "transplant", data.get("transplant", {}))
    considered = _condition(transplant, transplant.table("considered"), derived)
    against = _condition(transplant, transplant.table("against"), derived)
    because = transplant.because(statements)
    criteria = tuple(_rule(item, derived, statements) for item in items(FILE, list(transplant.list("criterion"))))
    transplant.done()
    ids = [rule.id for rule in (*adjuncts, *caveats)]
    updates = tuple(_update(item, derived, notes, ids) for item in items(FILE, data.get("update"), "note"))
    if not criteria:
        raise ContentError(FILE, "transplant", "has no criterion")
    return Rules(adjuncts, caveats, criteria, considered, against, because, updates)


def _rule(item: Item, derived: Mapping[str, frozenset[Choice]], statements: Mapping[str, object]) -> Rule:
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
        raise item.error("says neither when it holds nor that it always does")
    unless = _condition(item, item.table("unless"), derived)
    rule = Rule(
        id=item.id,
        when=when,
        either=tuple(ways),
        unless=unless if unless.facts else None,
        unless_known=_condition(item, item.table("unless_known"), derived),
        unknown=item.known("unknown", item.texts("unknown"), FACTS),
        asks=item.known("asks", item.texts("asks"), FACTS),
        because=item.because(statements),
    )
    item.done()
    return rule


def _update(item: Item, derived: Mapping[str, frozenset[Choice]], notes: Iterable[str], along: Iterable[str]) -> Update:
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
        raise item.error("says of no case that the note touches it")
    return update


def _condition(item: Item, table: object, derived: Mapping[str, frozenset[Choice]]) -> Condition:
    if not isinstance(table, dict):
        raise item.error("a condition takes a table")
    return Condition({fact: values_of(item, fact, given, derived) for fact, given in table.items()})


def _now(fact: str, known: Known) -> Possible:
    return known[fact] if fact in known else domain(fact)


def _among(possible: Possible, values: Possible) -> bool | None:
    if isinstance(values, Span):
        assert isinstance(possible, Span)
        return True if possible.within(values) else None if possible.meets(values) else False
    assert isinstance(possible, frozenset)
    return True if possible <= values else False if possible.isdisjoint(values) else None


def _settled(possible: Possible) -> bool:
    return possible.single if isinstance(possible, Span) else len(possible) == 1
