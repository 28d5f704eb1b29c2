"""Facts that follow from others: the grade from counts and differentiation (§2), what symptoms imply, steps 1 to 3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from guideline.case import CHOICES, NO, YES, CaseError, absent_hormones
from guideline.classes import Classes
from guideline.values import Span, Values

GRADES = CHOICES["grade"]
COUNTS = ("ki67", "mitoses")
IMPLY_HORMONES = ("carcinoid_syndrome", "refractory_symptoms")

Bands = Mapping[str, Mapping[str, Span]]
"""For `ki67` and `mitoses`: the band of each grade."""

ANY_OF: Mapping[str, tuple[Values, tuple[tuple[str, Values], ...]]] = {
    "metastases_unresectable": (YES, (("pattern", Values({"III"})), ("r0_feasible", NO))),
    "indication": (YES, (("refractory_symptoms", YES), ("local_effects", YES))),
    "cure_by_resection": (
        NO,
        (("primary", Values({"unresectable"})), ("r0_feasible", NO), ("extrahepatic", Values({"unresectable"}))),
    ),
}
"""The derived yes-or-no facts that rules may use: the value that each has as soon as one of these holds; else the
other.
"""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "grade": ("grade", "differentiation", *COUNTS),
    "differentiation": ("differentiation", "grade", *COUNTS),
    "hormonal_symptoms": ("hormonal_symptoms", *IMPLY_HORMONES),
    **{fact: (fact, "hormonal_symptoms") for fact in IMPLY_HORMONES},
}
"""The facts of a case that can follow from others, each with all facts that say something about it."""


class Follow:
    """Adds what follows from what a case states, as bits."""

    def __init__(self, classes: Classes, bands: Bands) -> None:
        self._classes = classes
        bit = classes.bits
        self._grade, self._counts = classes.whole["grade"], classes.whole["ki67"] | classes.whole["mitoses"]
        self._by_counts = [
            (bit("ki67", ki67), bit("mitoses", mitoses), bit("grade", Values({max(one, other, key=GRADES.index)})))
            for one, ki67 in bands["ki67"].items()
            for other, mitoses in bands["mitoses"].items()
        ]
        self._graded: dict[int, int] = {}
        """The grades by the bits of the counts."""
        self._g3 = bit("grade", Values({"G3"}))
        self._well, self._poor = (bit("differentiation", Values({value})) for value in ("well", "poor"))
        self._hormones = bit("hormonal_symptoms", YES), bit("hormonal_symptoms", NO)
        self._implying = [(fact, bit(fact, YES), bit(fact, NO)) for fact in IMPLY_HORMONES]
        self._any_of = []
        for fact, (value, parts) in ANY_OF.items():
            masks = [(bit(part, values), classes.whole[part] & ~bit(part, values)) for part, values in parts]
            possible, certain = sum(mask for mask, _ in masks), [outside for _, outside in masks]
            self._any_of.append((possible, certain, bit(fact, value), classes.whole[fact] & ~bit(fact, value)))

    def __call__(self, stated: int) -> int:
        """The stated bits with everything that follows. Raises CaseError for a contradiction."""
        bits = self.implied(stated)
        for possible, certain, if_any, if_none in self._any_of:
            if not bits & possible:
                bits &= ~if_any
            elif not all(map(bits.__and__, certain)):
                bits &= ~if_none
        return bits

    def implied(self, stated: int) -> int:
        """The stated bits with what follows for facts of a case. Raises CaseError for a contradiction."""
        bits = self._with_grade(stated)
        yes, no = self._hormones
        for fact, its_yes, its_no in self._implying:
            if not bits & yes:
                if not bits & its_no:
                    raise absent_hormones(fact)
                bits &= ~its_yes
            elif not bits & its_no:
                bits &= ~no
        return bits

    def _with_grade(self, stated: int) -> int:
        """The bits with the grade narrowed (§2): with both counts the higher grade holds, so one count alone is a lower
        bound; poor differentiation means G3, and the other grades are well differentiated."""
        grades = stated & self._grade
        if stated & self._counts != self._counts:
            grades &= self._counted(stated)
            if not grades:
                raise self._contradiction(stated)
        if not stated & self._well:
            if not grades & self._g3:
                raise self._poor_beside(grades, stated)
            grades = self._g3
        if not grades & self._g3:
            stated &= ~self._poor
        return stated & ~self._grade | grades

    def _counted(self, stated: int) -> int:
        """The grades that the counts leave."""
        counts = stated & self._counts
        if counts not in self._graded:
            left = (grade for ki67, mitoses, grade in self._by_counts if counts & ki67 and counts & mitoses)
            self._graded[counts] = reduce(or_, left, 0)
        return self._graded[counts]

    def _contradiction(self, stated: int) -> CaseError:
        by, said, counted = self._named(stated, COUNTS), self._listed(stated), self._listed(self._counted(stated))
        return CaseError("grade", f"grade: {said} contradicts {by}, by which it is {counted}")

    def _poor_beside(self, grades: int, stated: int) -> CaseError:
        by = self._named(stated, ("grade", *COUNTS))
        return CaseError("differentiation", f"differentiation: poor means G3, but by {by} it is {self._listed(grades)}")

    def _named(self, stated: int, facts: Iterable[str]) -> str:
        whole = self._classes.whole
        return " and ".join(fact for fact in facts if stated & whole[fact] != whole[fact])

    def _listed(self, bits: int) -> str:
        return " or ".join(sorted(map(str, self._classes.values("grade", bits))))
