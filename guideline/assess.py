"""The decision: a case in, an assessment out (docs/contract.md; §§2–6 and Figure 1 of the review)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from guideline.case import CHOICES, FACTS, Case
from guideline.classes import Classes
from guideline.content import DATA, ContentError, Item, band_of, read
from guideline.decide import Decider
from guideline.diagram import UNDETERMINED, Left, Step, headline_of
from guideline.evidence import Evidence, Statement
from guideline.evidence import load as load_evidence
from guideline.facts import ANY_OF, COUNTS, GRADES, SOURCES
from guideline.outcomes import Outcome
from guideline.outcomes import load as load_outcomes
from guideline.rules import (
    Rule,
    Rules,
    Transplant,
    derived_facts,
    touching,
    transplant_against,
    transplant_failed,
    weigh_transplant,
)
from guideline.rules import load as load_rules
from guideline.tree import Edge, Tree, refuse_gap_and_overlap
from guideline.tree import load as load_tree
from guideline.values import Possible, Span, Values
from guideline.whatif import Alternative, Change, Decides, WhatIf

__all__ = ["UNDETERMINED", "Alternative", "Assessment", "Change", "Guideline", "Workup", "assess", "guideline", "load"]

GENERAL = "general"
TRANSPLANT = "transplant"

_HEART_FIRST, _HEART = "optimise-heart-first", "carcinoid_heart_disease"


@dataclass(frozen=True, slots=True)
class Workup:
    """How to settle a needed fact: from whom (ids), and the statements that say how. fact: GENERAL for what belongs to
    every work-up. imaging: whether imaging settles it."""

    fact: str
    source: tuple[str, ...]
    get: tuple[str, ...]
    imaging: bool


class Guideline:
    """Everything that the core decides with, read from the data and checked.

    bands: by count and grade, the numbers; band_texts: the same as texts. workup: by the fact that it settles.
    """

    def __init__(
        self,
        evidence: Evidence,
        tree: Tree,
        rules: Rules,
        band_texts: Mapping[str, Mapping[str, str]],
        workup: Mapping[str, Workup],
        folder: Path = DATA,
    ) -> None:
        self._folder = folder
        self.evidence, self.workup, self.band_texts = evidence, workup, band_texts
        self.bands = {count: {grade: Span.read(text) for grade, text in by.items()} for count, by in band_texts.items()}
        asked = list(tree.asked)
        asked += [asks for condition in rules.conditions for asks in condition.facts.items()]
        asked += [(count, band) for count, by in self.bands.items() for band in by.values()]
        self.classes = Classes(asked, derived_facts(tree.headlines))
        self.rules, self.tree = rules.bound(self.classes), tree.bound(self.classes)
        self.decider = Decider(tree, self.classes, self.bands, [fact for fact, item in workup.items() if item.imaging])
        self.what_if = WhatIf(self.decider, self.rules, self._options())

    def _options(self) -> dict[str, tuple[tuple[str | bool, int], ...]]:
        """For each fact that can decide the headline, the values or bands that it can be changed to, with their
        bits."""
        decisive = {source for fact in self.tree.facts for source in SOURCES.get(fact, (fact,))}
        options: dict[str, tuple[tuple[str | bool, int], ...]] = {}
        for fact in (fact for fact in FACTS if fact in decisive):
            if fact in CHOICES:
                options[fact] = tuple((value, self.classes.bit(fact, value)) for value in CHOICES[fact])
            else:
                texts = self.band_texts[fact].values() if fact in self.band_texts else self.tree.bands(fact)
                options[fact] = tuple((text, self.classes.bits(fact, Span.read(text))) for text in texts)
        return options

    @cached_property
    def carrying(self) -> frozenset[str]:
        """The statements behind the edges of the diagram, the headlines, and the rules."""
        rests = [edge.because for node in self.tree.nodes.values() for edge in node.edges]
        rests += self.tree.headlines.values()
        rules = (*self.rules.adjuncts, *self.rules.caveats, *self.rules.criteria)
        rests += [rule.because for rule in rules]
        rests += [way.because for rule in rules for way in rule.either]
        return frozenset(id_ for because in rests for id_ in because)

    @cached_property
    def noted_facts(self) -> frozenset[str]:
        """The facts on which newer-source notes turn."""
        return frozenset(fact for rule in self.rules.updates for condition in rule.any_of for fact in condition.facts)

    @cached_property
    def reporting(self) -> tuple[Statement, ...]:
        """The statements that report an outcome."""
        return tuple(statement for statement in self.evidence.statements.values() if statement.outcome_of)

    @cached_property
    def reported(self) -> tuple[Outcome, ...]:
        """The reported outcomes with a figure, by measure. Raises ContentError when read for the first time."""
        return load_outcomes(self.evidence.statements, self._folder)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The headlines to which the reading of Figure 1 is not certain: those with a note on that reading."""
        reading = [rule for rule in self.rules.updates if self.evidence.notes[rule.note].reading]
        conditions = [condition for rule in reading for condition in rule.any_of]
        only = {headline: self.classes.known({"headline": Values({headline})}) for headline in self.tree.headlines}
        return frozenset(headline for headline, bits in only.items() if any(c.holds(bits) for c in conditions))

    def assess(self, case: Case) -> Assessment:
        """Decide the case. Raises CaseError when its grade contradicts its counts or its differentiation."""
        stated = self.classes.known(case.known)
        bits, left = self.decider.decide(stated)
        return Assessment(self, case, stated, bits, left)


class Assessment:
    """What the review says about a case, and why. All lists are in a fixed order; equal cases give equal assessments.

    A completion is the case with all facts known. candidates: every headline that some completion reaches. needed:
    every unknown fact whose value changes the headline in some completion; Ki-67, mitoses and grade count as one fact,
    `grade`. headline: the one that all completions agree on, or `undetermined`.
    """

    def __init__(self, guideline: Guideline, case: Case, stated: int, bits: int, left: Left) -> None:
        self._guideline = guideline
        self.case = case
        self.candidates, self.needed = left.candidates, left.needed
        self.headline = headline_of(self.candidates)
        self._stated = stated
        """What the case states, as bits."""
        self._bits = bits
        """What the case states and what follows from it, as bits."""

    @property
    def version(self) -> str:
        """The version of the content."""
        return self._guideline.evidence.stamp.version

    @cached_property
    def known(self) -> Mapping[str, Possible]:
        """What is known of the case's facts and of those that follow from them; always has the grade and the
        headline."""
        known, classes = dict(self.case.known), self._guideline.classes
        for fact in (*SOURCES, *ANY_OF, "headline", "imaging_to_get"):
            if classes.says(fact, self._bits) or fact not in SOURCES or fact == "grade":
                known[fact] = classes.values(fact, self._bits)
        return known

    @cached_property
    def adjuncts(self) -> tuple[str, ...]:
        """The ids of the adjuncts that the known facts establish."""
        return tuple([rule.id for rule in self._guideline.rules.adjuncts if rule.holds(self._bits)])

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """The ids of the caveats: what has to be known before the headline is read."""
        return tuple([rule.id for rule in self._guideline.rules.caveats if rule.holds(self._bits)])

    @cached_property
    def transplant(self) -> Transplant | None:
        """The transplant criteria (§5.4, §6), only for G1/G2 with pattern III."""
        return weigh_transplant(self._guideline.rules, self._bits)

    @cached_property
    def transplant_failed(self) -> Mapping[str, tuple[str, ...]]:
        """The transplant criteria (§5.4, §6) that cannot be met any more, each with the known facts because of which;
        also where no transplant is weighed, since one may be named for its other indication, hormones."""
        return transplant_failed(self._guideline.rules, self._bits)

    @cached_property
    def transplant_against(self) -> tuple[str, ...]:
        """What else is known to speak against a transplant: facts that are no criterion."""
        return transplant_against(self._guideline.rules, self._bits)

    @cached_property
    def afterwards(self) -> Assessment | None:
        """The case once its heart disease is optimised, where that comes before liver surgery (§5.1.1), else None."""
        if self.headline != _HEART_FIRST:
            return None
        return self._guideline.assess(Case({**self.case.known, _HEART: Values({"optimised"})}))

    @cached_property
    def in_low_grade(self) -> Assessment | None:
        """The case with G1 or G2, where it is undetermined because the grade is not known; None elsewhere. What comes
        with a headline of these grades is not established yet, but may be as important as the headline."""
        if self.headline != UNDETERMINED or "grade" not in self.needed:
            return None
        return self._guideline.assess(Case({**self.case.known, "grade": Values({"G1", "G2"})}))

    @cached_property
    def outcomes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The statements that report an outcome, each once.

        Under an empty id: of the headline, or of every candidate. Under the id of an adjunct: of the headline that it
        brings in. Under `transplant`, unless the case is not eligible: of a transplant.
        """
        of = {"": self.candidates}
        rules = self._guideline.rules.adjuncts
        of |= {rule.id: (rule.considers,) for rule in rules if rule.considers and rule.id in self.adjuncts}
        if self.transplant and self.transplant.status != "not-eligible":
            of[TRANSPLANT] = (TRANSPLANT,)
        found: dict[str, tuple[str, ...]] = {}
        for id_, headlines in of.items():
            listed, wanted = set().union(*found.values()), set(headlines)
            reporting = [s.id for s in self._guideline.reporting if not wanted.isdisjoint(s.outcome_of)]
            if more := tuple([one for one in reporting if one not in listed]):
                found[id_] = more
        return found

    @property
    def outcomes(self) -> tuple[str, ...]:
        """All statements of `outcomes_of` in one list."""
        return tuple(id_ for ids in self.outcomes_of.values() for id_ in ids)

    @property
    def reported(self) -> tuple[Outcome, ...]:
        """The figures of these statements, in the order of `outcomes_of`, each part by measure."""
        parts = self.outcomes_of.values()
        return tuple(outcome for ids in parts for outcome in self._guideline.reported if outcome.statement in ids)

    @cached_property
    def updates(self) -> tuple[str, ...]:
        """The ids of the newer-source notes about this case, the most decisive first."""
        return touching(self._guideline.rules, self._bits, (*self.adjuncts, *self.caveats))

    @cached_property
    def could_add(self) -> tuple[str, ...]:
        """The unknown facts that could still add to the result: change an adjunct, decide a criterion, or matter to a
        caveat or note that asks for them."""
        return self._guideline.what_if.could_add(self._stated)

    def could_change(self, fact: str) -> bool:
        """Whether, in some completion, the value of the fact changes an adjunct or decides a criterion of a transplant
        that is considered."""
        return self._guideline.what_if.could_change(fact, self._stated)

    @cached_property
    def way(self) -> tuple[Step, ...]:
        """The path through the diagram, as far as it is decided."""
        return tuple(self._guideline.decider.diagram.way(self._bits))

    @cached_property
    def workup(self) -> tuple[Workup, ...]:
        """For each needed fact, what to get and from whom (§4)."""
        return tuple(self._guideline.workup[fact] for fact in self.needed)

    @cached_property
    def bearing(self) -> frozenset[str]:
        """The facts of the diagram that bear on the result: those on the way to it, those without which an adjunct
        would not be established, and where a transplant is weighed those that `rules.toml` names for it."""
        rules, decide = self._guideline.rules, self._guideline.decider.decide
        bearing = {step.node.fact for step in self.way if step.edge}
        bearing.update(rules.transplant_shown if self.transplant else ())
        for fact in self.case.known.keys() & set(self.tree_facts) - bearing:
            asking = [rule for rule in rules.adjuncts if fact in rule.facts and rule.id in self.adjuncts]
            if asking:
                without, _ = decide(self._stated | self._guideline.classes.whole[fact])
                bearing.update([fact] if not all(rule.holds(without) for rule in asking) else ())
        return frozenset(bearing)

    @property
    def noted_facts(self) -> frozenset[str]:
        """The facts on which newer-source notes turn."""
        return self._guideline.noted_facts

    @property
    def general_workup(self) -> Workup:
        """The part of the work-up that settles no fact (§4)."""
        return self._guideline.workup[GENERAL]

    @cached_property
    def headline_because(self) -> tuple[str, ...]:
        """The statements behind the headline: those of the path, then its own."""
        ids = [id_ for step in self.way if step.edge for id_ in step.edge.because]
        return tuple(dict.fromkeys((*ids, *self.carrying)))

    @property
    def headlines(self) -> tuple[str, ...]:
        """All headlines of the diagram."""
        return tuple(self._guideline.tree.headlines)

    @property
    def tree_facts(self) -> tuple[str, ...]:
        """The facts that the diagram asks."""
        return self._guideline.tree.facts

    @cached_property
    def carrying(self) -> tuple[str, ...]:
        """The headline's own statements, without those of the path to it."""
        return () if self.headline == UNDETERMINED else self._guideline.tree.carrying(self.headline, self._bits)

    @property
    def limits(self) -> tuple[str, ...]:
        """The statements that limit the headline in this case."""
        return () if self.headline == UNDETERMINED else self._guideline.tree.limiting(self.headline, self._bits)

    @cached_property
    def transplant_because(self) -> tuple[str, ...]:
        """The statements behind the transplant criteria."""
        rules = self._guideline.rules
        ids = [*rules.transplant_because, *(id_ for rule in rules.criteria for id_ in rule.because)]
        return tuple(dict.fromkeys(ids))

    def criterion_facts(self, criterion: str) -> tuple[str, ...]:
        """The facts that a transplant criterion is about."""
        return next(tuple(rule.when.facts) for rule in self._guideline.rules.criteria if rule.id == criterion)

    def criterion_because(self, criterion: str) -> tuple[str, ...]:
        """The statements behind a transplant criterion."""
        return next(rule.because for rule in self._guideline.rules.criteria if rule.id == criterion)

    @property
    def criteria_met(self) -> tuple[str, ...]:
        """The ids of the transplant criteria that are met, also when no transplant is considered."""
        return tuple(rule.id for rule in self._guideline.rules.criteria if rule.holds(self._bits))

    @property
    def criteria_open(self) -> tuple[str, ...]:
        """The unknown facts that transplant criteria depend on; none when no transplant is considered."""
        criteria = self.transplant.criteria if self.transplant else {}
        open_ = (rule for rule in self._guideline.rules.criteria if criteria.get(rule.id) == "unknown")
        return tuple(dict.fromkeys(fact for rule in open_ for fact in rule.open_facts(self._bits)))

    def adjunct_because(self, adjunct: str) -> tuple[str, ...]:
        """The statements behind an adjunct of the case; none for an id that is no adjunct."""
        return self._because_of(self._guideline.rules.adjuncts, adjunct)

    def caveat_because(self, caveat: str) -> tuple[str, ...]:
        """The statements behind a caveat of the case; none for an id that is no caveat."""
        return self._because_of(self._guideline.rules.caveats, caveat)

    def excluding(self, id_: str) -> tuple[str, ...]:
        """The known facts, derived ones among them, that keep an adjunct or a caveat from holding whatever else becomes
        known; none while it holds or still can, and for an id that is neither."""
        rules = self._guideline.rules
        return next((rule.excluded_by(self._bits) for rule in (*rules.adjuncts, *rules.caveats) if rule.id == id_), ())

    def _because_of(self, rules: tuple[Rule, ...], id_: str) -> tuple[str, ...]:
        return next((rule.because_of(self._bits) for rule in rules if rule.id == id_), ())

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
        here = (*self.candidates, *tree.contains.get(self.headline, ()))
        others = tuple([headline for headline in tree.headlines if headline not in here])
        return self._guideline.what_if.alternatives(self._stated, others)

    @property
    def contained(self) -> frozenset[str]:
        """The headlines that are a part of one that is still possible, such as TACE of multimodal treatment."""
        contains = self._guideline.tree.contains
        return frozenset(part for headline in self.candidates for part in contains.get(headline, ()))

    def opening(self, headline: str, facts: Collection[str]) -> list[tuple[str, Edge]]:
        """The other values of these known facts from which an excluded headline could be reached, as edges of the
        diagram, each with the fact it asks."""
        asked = [fact for fact in self.tree_facts if set(SOURCES.get(fact, (fact,))).intersection(facts)]
        return [
            (fact, edge)
            for fact in asked
            for edge in self._guideline.tree.ways_to(headline, fact)
            if not edge.open_to(self.known[fact])
        ]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change of one known fact that changes a determined headline; empty when it is undetermined."""
        if self.headline == UNDETERMINED:
            return ()
        return self._guideline.what_if.changes(self._stated, self.candidates)

    @cached_property
    def decides(self) -> tuple[Decides, ...]:
        """What decides it while it is undetermined, in the order of the diagram; empty when it is determined."""
        return self._guideline.what_if.decides(self._stated) if self.headline == UNDETERMINED else ()


def load(folder: Path = DATA) -> Guideline:
    """Read and check all data of the folder. Raises ContentError that names the file and the item."""
    evidence = load_evidence(folder)
    tree = load_tree(evidence.statements, folder)
    rules = load_rules(evidence.statements, evidence.notes, tree.headlines, folder)
    for statement in evidence.statements.values():
        for headline in statement.outcome_of:
            if headline not in (*tree.headlines, TRANSPLANT):
                raise ContentError("statements.toml", statement.id, f"{headline!r} is not a headline")
    for note in evidence.notes.values():
        for criterion in (criterion for source in note.sources for criterion in source.criteria):
            if criterion not in [rule.id for rule in rules.criteria]:
                raise ContentError("notes.toml", note.id, f"{criterion!r} is no transplant criterion")
    texts = _thresholds(folder, evidence.statements)
    return Guideline(evidence, tree, rules, texts, _workup(folder, evidence.statements, tree), folder)


@cache
def guideline() -> Guideline:
    """The guideline that comes with the program, read once."""
    return load()


def assess(case: Case) -> Assessment:
    """Decide the case by the program's own data. Raises CaseError like `Guideline.assess`."""
    return guideline().assess(case)


def _thresholds(folder: Path, statements: Mapping[str, object]) -> Mapping[str, Mapping[str, str]]:
    file = "thresholds.toml"
    texts: dict[str, dict[str, str]] = {}
    data = read(folder, file, *COUNTS)
    for count in COUNTS:
        item = Item(file, count, data.get(count, {}))
        texts[count] = item.table("bands")
        item.text("unit")
        item.because(statements)
        item.done()
        if tuple(texts[count]) != GRADES:
            raise item.error(f"takes one band for each of {', '.join(map(str, GRADES))}")
        spans = [band_of(item, grade, text) for grade, text in texts[count].items()]
        refuse_gap_and_overlap(item, count, list(spans))
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
            raise item.error("does not say what to get, or from whom")
    for missing in (fact for fact in (*tree.facts, GENERAL) if fact not in found):
        raise ContentError(file, missing, "has no work-up")
    return found
