"""What the source suggests for a case and what comes with it, in lines that include their limits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dialogs.labels import Labels
from guideline import UNDETERMINED, Assessment, Evidence

NO_ROUTE = "net-g3-not-covered"
"""The caveat that the source's suggestion is not about this tumour."""

_OF_CARCINOMA = "systemic-chemotherapy"
"""The headline that the source has for poorly differentiated carcinoma only."""

_ABOUT = {
    "differentiation-unknown": "grade",
    "pattern-nearest": "pattern",
    "primary-not-found": "primary",
    "grade-of-primary": "grade",
}
"""The fact that each of the other caveats puts in doubt."""

_SIZES = ("ablation-uncertain-over-3cm", "ablation-unsuitable-over-5cm")
"""The adjuncts by which the largest lesion to be ablated limits RFA."""

_TRANSPLANT = "transplant-for-hormones"

_SAID_IN_FULL = 2
"""Answers against a transplant that are said in full; of more, the facts are named. Where the criteria have a page of
their own, one less."""

BILOBAR = "summary-transplant-liver-only"
"""The statement that names bilobar metastases for a transplant."""

_OF_OTHER_PATTERN = ("tace-nonresectable", BILOBAR)
"""The statements that limit what is suggested in this case since they are about another pattern."""

_APPLIES = ("cholecystectomy", "leave-primary", "consider-debulking", "sequential-approach")
"""The adjuncts that could be taken for a part of other treatment: with them it is said when they apply."""

_OPERATIVE = ("cholecystectomy", "consider-debulking", "transplant-for-hormones")
"""The adjuncts that are an operation of their own, beside treatment that is none."""

_OPERATIONS = ("resection", "resection-one-step", "resection-two-step", "debulking", "optimise-heart-first")
"""The headlines that are an operation, or lead to one."""

IN_PART = ("primary", "extrahepatic")
"""The facts that "All met" tells in part."""


def named_alone(labels: Labels, headline: str) -> str:
    """The name of a headline where no differentiation is known, with what limits it to some tumours."""
    name = labels(f"headline.{headline}")
    return labels("says.carcinoma-only", name) if headline == _OF_CARCINOMA else name


@dataclass(frozen=True, slots=True)
class Suggested:
    """Says what is suggested. sections: from ids of statements to their sections in words."""

    evidence: Evidence
    labels: Labels
    sections: Callable[[tuple[str, ...]], str]

    def sentence(self, found: Assessment, who: str, what: str = "", *, with_fits: bool = True) -> str:
        """Who suggests what, with the caveats that put it in doubt, the limits that the review sets to it, and what of
        this case takes a part of it back. what: the name of the headline, if not given. with_fits: whether
        the caveats are said."""
        what = what or self.labels(f"headline.{found.headline}")
        fits = ", ".join(self._fits(found)) if with_fits else ""
        what = "; ".join([what, *(self.labels("says.limit").format(*limit) for limit in self.limits(found))])
        if back := [line for line, _ in self.taken_back(found)]:
            what = self.labels("says.but").format(what, "; ".join(back))
        if NO_ROUTE in found.caveats:
            said = self.labels("says.no-route").format(who, what)
            return said + self.labels("says.no-route-fit", fits) if fits else said
        return self.labels("says.fit").format(who, fits, what) if fits else self.labels("says.plain").format(who, what)

    def taken_back(self, found: Assessment) -> list[tuple[str, tuple[str, ...]]]:
        """What of this case takes a part of the headline back, the size of a lesion to be ablated: in few words, with
        the statements that say so."""
        lows = {id_: f"{self.labels.bands[id_]['largest_lesion_cm'].low:g}" for id_ in _SIZES if id_ in found.adjuncts}
        return [(self.labels(f"limit-brief.{id_}", low), found.adjunct_because(id_)) for id_, low in lows.items()]

    def limits(self, found: Assessment, *, brief: bool = False) -> list[tuple[str, str]]:
        """The limits that the review sets to the headline, which need not hold in this case: section, and few words;
        unless brief, with the pattern of the case where the review speaks of another."""
        return [(self.sections((id_,)), self._limit(found, id_, brief=brief)) for id_ in found.limits]

    def _limit(self, found: Assessment, id_: str, *, brief: bool = False) -> str:
        said = self.labels(f"limit-brief.{id_}")
        return said if brief or id_ not in _OF_OTHER_PATTERN else f"{said}, {self._yours(found)}"

    def _yours(self, found: Assessment) -> str:
        """That the pattern of the case is another than the one that a statement is about."""
        pattern = found.known["pattern"]
        assert isinstance(pattern, frozenset)
        (one,) = pattern
        return self.labels(f"yours.{one}")

    def comes_with(self, found: Assessment) -> list[str]:
        """The adjuncts of the case besides the MDT, in the order in which they are told: what limits ablation before
        the ablation itself."""
        return sorted([id_ for id_ in found.adjuncts if id_ != "mdt"], key=lambda id_: id_ not in _SIZES)

    def name(self, found: Assessment) -> str:
        """The name of the headline with the caveats. Where the source has no route for the tumour, that comes first,
        since the name alone would be taken for a suggestion."""
        name = self.labels(f"headline.{found.headline}")
        if found.headline == UNDETERMINED:
            return name
        fits = ", ".join([name, *self._fits(found)])
        return self.labels("says.no-route-name", fits) if NO_ROUTE in found.caveats else fits

    def instead(self, found: Assessment, headline: str) -> str:
        """The name of a headline to which one other answer would lead, with what keeps it from this tumour."""
        name, known = self.labels(f"headline.{headline}"), found.case.known.get("differentiation")
        if headline != _OF_CARCINOMA or not known:
            return named_alone(self.labels, headline)
        return self.labels("says.no-route-name", name) if known == frozenset({"well"}) else name

    def adjunct_name(self, found: Assessment, id_: str, *, brief: bool = False) -> str:
        """The name of an adjunct of the case; of a transplant with what is known to speak against it. brief: without
        the answers themselves."""
        against = self.against_transplant(found, brief=brief) if id_ == _TRANSPLANT else ""
        return "; ".join(filter(None, (self.labels(f"adjunct.{id_}"), against)))

    def against_transplant(self, found: Assessment, *, brief: bool = False) -> str:
        """The answers by which criteria of a transplant are not met, and what else of the case speaks against one;
        empty where nothing does. brief: the facts by name only, for who has read the answers; so are many of them."""

        def said(facts: Collection[str]) -> str:
            if brief or len(facts) > _SAID_IN_FULL - (found.transplant is not None):
                return ", ".join(self.labels(f"question.{fact}").lower() for fact in facts)
            return "; ".join(self.labels.clause(fact, found.case.known[fact]) for fact in facts)

        failed = dict.fromkeys(fact for facts in found.transplant_failed.values() for fact in facts)
        counting = [fact for fact in found.transplant_against if fact != "pattern"]
        short = brief and not found.transplant  # where the criteria are weighed, their status is named
        not_met = self.labels("criterion-state.not met").lower() if short else self.labels("transplant.not-eligible")
        against = [f"{not_met}: {said(failed)}"] if failed else []
        against += [self.labels("says.counts", said(counting))] if counting else []
        if len(counting) < len(found.transplant_against):
            bilobar = self._limit(found, BILOBAR, brief=brief)
            against.append(self.labels("says.limit").format(self.sections((BILOBAR,)), bilobar))
        return "; ".join(against)

    def transplant_stands(self, found: Assessment) -> str:
        """How a transplant that is weighed stands: whether its criteria are met, and what speaks against it."""
        assert found.transplant
        status = "" if found.transplant_failed else self.labels(f"transplant.{found.transplant.status}")
        return "; ".join(filter(None, (status, self.against_transplant(found))))

    def adjunct(self, found: Assessment, id_: str, *, brief: bool = False) -> tuple[str, tuple[str, ...]]:
        """An adjunct of the case with what limits it and, unless brief, when it applies; and the statements that say
        so."""
        parts, because = [self.adjunct_name(found, id_, brief=brief)], list(found.adjunct_because(id_))
        if id_ == _TRANSPLANT:
            because += [one for criterion in found.transplant_failed for one in found.criterion_because(criterion)]
        if "type-iii-approach" in because:
            parts.append(self.evidence.statements["type-iii-approach"].text.rstrip("."))
        elif id_ in _APPLIES and not brief:
            parts.append(self.labels(f"applies.{id_}"))
        if id_ == "consider-debulking" and (heart := _heart(found)):
            parts.append(self.labels(f"caution.heart.{heart}"))
            because.append("prerequisite-heart")
        return ". ".join(parts), tuple(dict.fromkeys(because))

    def unread(self, found: Assessment, id_: str) -> str:
        """What no source was read on, for an adjunct that could be taken to say more than its source; else empty."""
        if id_ == "perioperative-somatostatin" and found.headline not in _OPERATIONS:
            return f". {self.labels('caution.no-operation')}"
        return ""

    def rfa_limits(self, found: Assessment) -> str:
        """The sizes of a lesion that limit RFA, in a line, where ablation is possible; empty where it is not, or where
        the size of the largest lesion is known to pass one of them."""
        possible = "microwave-ablation" in found.updates or "sequential-approach" in found.adjuncts
        if not possible or set(_SIZES).intersection(found.adjuncts):
            return ""
        lows = (f"{self.labels.bands[id_]['largest_lesion_cm'].low:g}" for id_ in _SIZES)
        return self.labels("limit.rfa-sizes").format(*lows)

    def fitness(self, found: Assessment) -> str:
        """That the fitness for the operations beside treatment that is none is not known; empty where it is, or where
        there are no such operations."""
        if "fit_for_surgery" in found.case.known or not set(_OPERATIVE).intersection(found.adjuncts):
            return ""
        return self.labels("caution.fitness")

    def along(self, found: Assessment, id_: str, *, brief: bool = False) -> str:
        """The adjunct in a line, with what limits it and the sections."""
        said, because = self.adjunct(found, id_, brief=brief)
        return f"{said} [{self.sections(because)}]{self.unread(found, id_)}"

    def differs(self, found: Assessment, id_: str) -> str:
        """What a newer source says otherwise, in a line. That a Type III may be operated on under another name is said
        of a Type III only; of other types that the names differ."""
        note = self.evidence.notes[id_]
        if id_ == "type-naming" and found.known.get("pattern") != frozenset({"III"}):
            return self.labels("elsewhere.types", str(note.sources[0].year))
        return note.differs or note.title

    def _fits(self, found: Assessment) -> list[str]:
        """The caveats that put a fact on the way in doubt, in few words."""
        way = [step.node.fact for step in found.way if step.edge]
        return [self.labels(f"fit.{id_}") for id_ in found.caveats if _ABOUT.get(id_) in way]


def _heart(found: Assessment) -> str:
    """What has to be said about the heart before liver surgery: `uncontrolled`, `unknown`, or nothing (empty)."""
    known = found.known.get("carcinoid_heart_disease")
    if known == frozenset({"uncontrolled"}):
        return "uncontrolled"
    return "unknown" if known is None or (isinstance(known, frozenset) and "uncontrolled" in known) else ""


def not_known(labels: Labels, found: Assessment, fact: str) -> str:
    """The name of a fact that is not known, or not all of it."""
    in_part = fact in IN_PART and fact in found.case.known
    return labels(f"fact-which.{fact}" if in_part else f"fact-name.{fact}")
