"""What comes with a headline: adjuncts, transplant criteria, newer-source notes, and what could still add to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    def open_facts(self, known: Known) -> tuple[str, ...]:
        """The facts that keep it from being decided."""
        return tuple(fact for fact, values in self.facts.items() if _among(_now(fact, known), values) is None)


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds when one of `any_of` does, and `unless` does not (None: there is no such exception)."""

    id: str
    any_of: tuple[Condition, ...]
    unless: Condition | None
    because: tuple[str, ...]

    def holds(self, known: Known) -> bool | None:
        verdicts = [condition.holds(known) for condition in self.any_of]
        verdict = True if True in verdicts else None if None in verdicts else False
        exception = self.unless.holds(known) if self.unless else False
        if verdict is False or exception is True:
            return False
        return None if None in (verdict, exception) else True


@dataclass(frozen=True, slots=True)
class Update:
    """When a newer-source note touches a case. asks: facts worth asking for its sake."""

    note: str
    any_of: tuple[Condition, ...]
    with_adjunct: str
    unless_known: Condition
    asks: tuple[str, ...]

    def touches(self, known: Known, adjuncts: Iterable[str]) -> bool:
        here = self.with_adjunct in adjuncts or any(condition.holds(known) for condition in self.any_of)
        return here and not self._excluded(known)

    def open_to(self, known: Known) -> bool:
        """Whether more facts could still make it touch the case, or no longer touch it."""
        here = any(condition.holds(known) is not False for condition in self.any_of)
        return here and not self._excluded(known)

    def _excluded(self, known: Known) -> bool:
        facts = self.unless_known.facts.items()
        return any(_among(_now(fact, known), values) is True for fact, values in facts)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them, in the order in which they are shown. considered: when a transplant is weighed at all."""

    adjuncts: tuple[Rule, ...]
    criteria: tuple[Rule, ...]
    considered: Condition
    transplant_because: tuple[str, ...]
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True)
class Transplant:
    """status: `eligible`, `not-eligible` or `undetermined`; criteria: each `met`, `not met` or `unknown`."""

    status: str
    criteria: Mapping[str, str]


def weigh_transplant(rules: Rules, known: Known) -> Transplant | None:
    """The criteria of §5.4 and §6; None where a transplant is not considered."""
    if not rules.considered.holds(known):
        return None
    words = {True: "met", False: "not met", None: "unknown"}
    criteria = {rule.id: words[rule.holds(known)] for rule in rules.criteria}
    if "not met" in criteria.values():
        return Transplant("not-eligible", criteria)
    return Transplant("undetermined" if "unknown" in criteria.values() else "eligible", criteria)


def could_add(rules: Rules, known: Known) -> tuple[str, ...]:
    """The facts of the case, not known yet, that could still add an adjunct, decide a criterion, or bear on a note."""
    rests_on: list[str] = []
    for rule in rules.adjuncts:
        if rule.holds(known) is None:
            for condition in (*rule.any_of, *((rule.unless,) if rule.unless else ())):
                rests_on += condition.open_facts(known)
    transplant = weigh_transplant(rules, known)
    if transplant and transplant.status == "undetermined":
        for rule in rules.criteria:
            if rule.holds(known) is None:
                rests_on += rule.any_of[0].open_facts(known)
    for update in rules.updates:
        if update.asks and update.open_to(known):
            rests_on += update.asks
    facts = dict.fromkeys(fact for name in rests_on for fact in BEHIND.get(name, (name,)))
    return tuple(fact for fact in facts if fact != "headline" and not _settled(_now(fact, known)))


def load(
    statements: Mapping[str, object], notes: Iterable[str], headlines: Iterable[str], folder: Path = DATA
) -> Rules:
    """Read and check the rules. Raises ContentError that names the rule."""
    data = read(folder, FILE, "adjunct", "transplant", "update")
    derived = dict.fromkeys(BEHIND, OPEN) | {"imaging_to_get": OPEN, "headline": frozenset[Choice](headlines)}
    adjuncts = tuple(_rule(item, derived, statements) for item in items(FILE, data.get("adjunct")))
    transplant = Item(FILE, "transplant", data.get("transplant", {}))
    considered = _condition(transplant, transplant.table("considered"), derived)
    because = transplant.because(statements)
    criteria = tuple(_rule(item, derived, statements) for item in items(FILE, list(transplant.list("criterion"))))
    transplant.done()
    ids = [rule.id for rule in adjuncts]
    updates = tuple(_update(item, derived, notes, ids) for item in items(FILE, data.get("update"), "note"))
    if not criteria:
        raise ContentError(FILE, "transplant", "has no criterion")
    return Rules(adjuncts, criteria, considered, because, updates)


def _rule(item: Item, derived: Mapping[str, frozenset[Choice]], statements: Mapping[str, object]) -> Rule:
    when = _condition(item, item.table("when"), derived)
    if not when.facts and not item.flag("always"):
        raise item.error("says neither when it holds nor that it always does")
    unless = _condition(item, item.table("unless"), derived)
    rule = Rule(item.id, (when,), unless if unless.facts else None, item.because(statements))
    item.done()
    return rule


def _update(
    item: Item, derived: Mapping[str, frozenset[Choice]], notes: Iterable[str], adjuncts: Iterable[str]
) -> Update:
    item.known("note", (item.id,), notes)
    update = Update(
        note=item.id,
        any_of=tuple(_condition(item, table, derived) for table in item.list("any")),
        with_adjunct=item.text("with_adjunct", ""),
        unless_known=_condition(item, item.table("unless_known"), derived),
        asks=item.known("asks", item.texts("asks"), FACTS),
    )
    item.done()
    if update.with_adjunct:
        item.known("with_adjunct", (update.with_adjunct,), adjuncts)
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
