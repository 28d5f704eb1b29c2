"""The decision: a case in, an assessment out (CLINICAL contract: §§2–6 and Figure 1 of the review)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from guideline import adjuncts as adjuncts_
from guideline import evidence as evidence_
from guideline import tree as tree_
from guideline.adjuncts import Rules, Transplant
from guideline.case import CHOICES, FACTS, Case, CaseError, Possible
from guideline.content import DATA, ContentError, Item, band_of, read
from guideline.facts import GRADES, NO, YES, Bands, derive, stated_behind
from guideline.span import Span
from guideline.tree import Tree, Turn

UNDETERMINED = "undetermined"
GENERAL = "general"
TRANSPLANT = "transplant"


@dataclass(frozen=True, slots=True)
class Workup:
    """What settles a needed fact: from whom (ids), and the statements that say how. fact: GENERAL where it is none."""

    fact: str
    source: tuple[str, ...]
    get: tuple[str, ...]
    imaging: bool


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


@dataclass(frozen=True)
class Guideline:
    """Everything the core decides by, read from the data and checked."""

    evidence: evidence_.Evidence
    tree: Tree
    rules: Rules
    bands: Bands
    band_texts: Mapping[str, tuple[str, ...]]
    workup: Mapping[str, Workup]

    @cached_property
    def carrying(self) -> frozenset[str]:
        """The statements that a turn, a headline, an adjunct or a criterion rests on."""
        rests = [edge.because for node in self.tree.nodes.values() for edge in node.edges]
        rests += self.tree.headlines.values()
        rules = (*self.rules.adjuncts, *self.rules.caveats, *self.rules.criteria)
        rests += [rule.because for rule in rules]
        rests += [way.because for rule in rules for way in rule.either]
        return frozenset(id_ for because in rests for id_ in because)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The headlines to which the reading of Figure 1 leads without certainty: those with a note on that reading."""
        reading = [rule for rule in self.rules.updates if self.evidence.notes[rule.note].reading]
        conditions = [condition for rule in reading for condition in rule.any_of]
        return frozenset(h for h in self.tree.headlines for c in conditions if c.holds({"headline": frozenset({h})}))

    def assess(self, case: Case) -> Assessment:
        """Decide the case. Raises CaseError when its grade contradicts its counts."""
        known = derive(case, self.bands)
        reach = self.tree.reach(known)
        known["headline"] = frozenset(reach.candidates)
        known["imaging_to_get"] = YES if any(self.workup[fact].imaging for fact in reach.needed) else NO
        return Assessment(self, case, known, reach.candidates, reach.needed)


@dataclass(frozen=True)
class Assessment:
    """What the review says of a case, and why. All lists are in a fixed order; equal cases give equal assessments.

    candidates: every headline some completion of the case reaches. needed: every unknown fact of which some completion
    shows that its value changes the headline; Ki-67, mitoses and grade count as one fact, `grade`.
    """

    _guideline: Guideline
    case: Case
    known: Mapping[str, Possible]
    candidates: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The one headline that every completion agrees on, or `undetermined`."""
        return self.candidates[0] if len(self.candidates) == 1 else UNDETERMINED

    @property
    def version(self) -> str:
        return self._guideline.evidence.stamp.version

    @cached_property
    def adjuncts(self) -> tuple[str, ...]:
        """The ids of what comes with it, as far as the known facts establish it."""
        return tuple(rule.id for rule in self._guideline.rules.adjuncts if rule.holds(self.known))

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """The ids of what has to be known before the headline is read."""
        return tuple(rule.id for rule in self._guideline.rules.caveats if rule.holds(self.known))

    @cached_property
    def transplant(self) -> Transplant | None:
        """The transplant criteria (§5.4, §6), only for G1/G2 with pattern III."""
        return adjuncts_.weigh_transplant(self._guideline.rules, self.known)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The statements that report an outcome of the headline; of a transplant only while one is not ruled out."""
        of = {self.headline}
        if self.transplant and self.transplant.status != "not-eligible":
            of.add(TRANSPLANT)
        statements = self._guideline.evidence.statements
        return tuple(id_ for id_, statement in statements.items() if of.intersection(statement.outcome_of))

    @cached_property
    def updates(self) -> tuple[str, ...]:
        """The ids of the newer-source notes that touch this very case, the one that decides most first."""
        along = (*self.adjuncts, *self.caveats)
        return adjuncts_.touching(self._guideline.rules, self.known, along)

    @cached_property
    def could_add(self) -> tuple[str, ...]:
        """The facts not known yet that could still add to what comes with the headline."""
        return adjuncts_.could_add(self._guideline.rules, self.known)

    @cached_property
    def way(self) -> tuple[Turn, ...]:
        """The way through the diagram, as far as it is decided."""
        return self._guideline.tree.way(self.known)

    @cached_property
    def workup(self) -> tuple[Workup, ...]:
        """For each needed fact, what to get and from whom (§4)."""
        return tuple(self._guideline.workup[fact] for fact in self.needed)

    @property
    def general_workup(self) -> Workup:
        """What belongs to every work-up and settles no needed fact (§4)."""
        return self._guideline.workup[GENERAL]

    @cached_property
    def headline_because(self) -> tuple[str, ...]:
        """The statements that carry the headline: those of the way, then its own."""
        ids = [id_ for turn in self.way if turn.edge for id_ in turn.edge.because]
        return tuple(dict.fromkeys((*ids, *self.carrying)))

    @property
    def headlines(self) -> tuple[str, ...]:
        """Every headline there is."""
        return tuple(self._guideline.tree.headlines)

    @property
    def tree_facts(self) -> tuple[str, ...]:
        """The facts that the diagram asks."""
        return self._guideline.tree.facts

    @property
    def carrying(self) -> tuple[str, ...]:
        """The statements that carry the headline itself, besides those of the way to it."""
        return () if self.headline == UNDETERMINED else self._guideline.tree.carrying(self.headline, self.known)

    @property
    def limits(self) -> tuple[str, ...]:
        """The statements that limit the headline in this case."""
        return () if self.headline == UNDETERMINED else self._guideline.tree.limiting(self.headline, self.known)

    @cached_property
    def transplant_because(self) -> tuple[str, ...]:
        """The statements behind the transplant criteria."""
        rules = self._guideline.rules
        ids = [*rules.transplant_because, *(id_ for rule in rules.criteria for id_ in rule.because)]
        return tuple(dict.fromkeys(ids))

    def adjunct_because(self, adjunct: str) -> tuple[str, ...]:
        """The statements that carry an adjunct of the case."""
        return next(rule.because_of(self.known) for rule in self._guideline.rules.adjuncts if rule.id == adjunct)

    def caveat_because(self, caveat: str) -> tuple[str, ...]:
        """The statements that carry a caveat of the case."""
        return next(rule.because_of(self.known) for rule in self._guideline.rules.caveats if rule.id == caveat)

    @cached_property
    def because(self) -> tuple[str, ...]:
        """The statements that carry the headline and each adjunct."""
        of_adjuncts = (id_ for adjunct in self.adjuncts for id_ in self.adjunct_because(adjunct))
        return tuple(dict.fromkeys((*self.headline_because, *of_adjuncts)))

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The headlines that are excluded, each with the fewest known facts of the case that exclude it; not one that
        the chosen headline contains."""
        tree = self._guideline.tree
        contained = (*self.candidates, *tree.contains.get(self.headline, ()))
        others = (headline for headline in tree.headlines if headline not in contained)
        return tuple(Alternative(headline, self._fewest_against(headline)) for headline in others)

    def _fewest_against(self, headline: str) -> tuple[str, ...]:
        best: tuple[str, ...] = ()
        for facts in self._guideline.tree.excluders(headline, self.known):
            if best and len(facts) >= len(best):
                break
            stated = [stated_behind(fact, self.case, self._guideline.bands) for fact in facts]
            all_stated = tuple(dict.fromkeys(name for names in stated for name in names))
            if not best or len(all_stated) < len(best):
                best = all_stated
        return best

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change of one known fact that changes a determined headline; empty when it is undetermined."""
        return tuple(self._changes()) if self.headline != UNDETERMINED else ()

    def _changes(self) -> Iterator[Change]:
        decisive = {*self._guideline.tree.facts, "differentiation", "ki67", "mitoses", "hormonal_symptoms"}
        for fact in (fact for fact in FACTS if fact in self.case.known and fact in decisive):
            for to, value in self._other_values(fact):
                try:
                    changed = Case.of({**self.case.known, fact: value})
                    found = self._guideline.assess(changed)
                except CaseError:
                    continue  # such a case cannot be
                if found.headline != self.headline:
                    yield Change(fact, to, found.headline, found.candidates)

    def _other_values(self, fact: str) -> Iterator[tuple[str | bool, object]]:
        now = self.case.known[fact]
        if isinstance(now, Span):
            for text in self._guideline.band_texts.get(fact, ()):
                if not Span.read(text).meets(now):
                    yield text, Span.read(text)
        else:
            for value in CHOICES[fact]:
                if value not in now:
                    yield value, value


def load(folder: Path = DATA) -> Guideline:
    """Read and check all data of the folder. Raises ContentError that names the file and the item."""
    evidence = evidence_.load(folder)
    tree = tree_.load(evidence.statements, folder)
    rules = adjuncts_.load(evidence.statements, evidence.notes, tree.headlines, folder)
    for statement in evidence.statements.values():
        for headline in statement.outcome_of:
            if headline not in (*tree.headlines, TRANSPLANT):
                raise ContentError("statements.toml", statement.id, f"{headline!r} is not a headline")
    texts = _thresholds(folder, evidence.statements)
    bands = {count: {grade: Span.read(text) for grade, text in by.items()} for count, by in texts.items()}
    band_texts = {count: tuple(by.values()) for count, by in texts.items()}
    band_texts |= {fact: found for fact in tree.facts if (found := tree.bands(fact))}
    return Guideline(evidence, tree, rules, bands, band_texts, _workup(folder, evidence.statements, tree))


@cache
def guideline() -> Guideline:
    """The guideline that comes with the program, read once."""
    return load()


def assess(case: Case) -> Assessment:
    """Decide the case by the program's own data. Raises CaseError when its grade contradicts its counts."""
    return guideline().assess(case)


def _thresholds(folder: Path, statements: Mapping[str, object]) -> Mapping[str, Mapping[str, str]]:
    file = "thresholds.toml"
    texts: dict[str, dict[str, str]] = {}
    data = read(folder, file, "ki67", "mitoses")
    for count in ("ki67", "mitoses"):
        item = Item(file, count, data.get(count, {}))
        texts[count] = item.table("bands")
        item.text("unit")
        item.because(statements)
        item.done()
        if tuple(texts[count]) != GRADES:
            raise item.error(f"takes one band for each of {', '.join(map(str, GRADES))}")
        spans = [band_of(item, grade, text) for grade, text in texts[count].items()]
        tree_.refuse_gap_and_overlap(item, count, list(spans))
        if spans != sorted(spans, key=lambda span: span.high):
            raise item.error("the bands do not rise with the grade")
    return texts


def _workup(folder: Path, statements: Mapping[str, object], tree: Tree) -> Mapping[str, Workup]:
    file = "workup.toml"
    found = {}
    for fact, table in read(folder, file).items():
        item = Item(file, fact, table)
        item.known("fact", (fact,), (*tree.facts, GENERAL))
        get = item.known("get", item.texts("get"), statements)
        found[fact] = Workup(fact, item.texts("from"), get, item.flag("imaging"))
        item.done()
        if not get or not found[fact].source:
            raise item.error("says not what to get, or not from whom")
    for missing in (fact for fact in (*tree.facts, GENERAL) if fact not in found):
        raise ContentError(file, missing, "has no work-up")
    return found
