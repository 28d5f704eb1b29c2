"""The case that somebody has in mind, and how it answers the questions."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from dialogs.questions import COUNT, UNKNOWN, Line
from guideline import Case, Span
from guideline.case import CHOICES
from guideline.values import Possible

_UNKNOWN = 0.06
"""How often a fact is not known."""

_CHOSEN = (
    "pattern", "primary", "r0_feasible", "extrahepatic", "fit_for_surgery", "carcinoid_heart_disease",
    "carcinoid_syndrome", "refractory_symptoms", "local_effects", "one_stage_clearance",
)  # fmt: skip
_SYMPTOMS = {"carcinoid_syndrome", "refractory_symptoms", "local_effects"}
_COUNTED = {"ki67": (1, 2.5, 3, 12, 20, 20.5, 60), "mitoses": (0, 1, 2, 11, 20, 21)}
_VOLUMES = (95, 90, 80, 70, 40)


@dataclass(frozen=True, slots=True)
class Mind:
    """facts: what is known of the patient. counts: the grade is told by Ki-67 and mitoses. types: numbers are typed.

    turns: of a list every line is turned by itself.
    """

    facts: dict[str, str | bool | float]
    counts: bool
    types: bool
    turns: bool

    @classmethod
    def at_random(cls, random: Random) -> Mind:
        """Somebody's case. What the algorithm goes on with is more frequent, so that the ways are long."""
        facts: dict[str, str | bool | float] = {}
        for fact in _CHOSEN:
            first, *others = CHOICES[fact]
            facts[fact] = first if random.random() < 0.6 else random.choice(others)
        facts["pattern"] = random.choice(CHOICES["pattern"])
        facts["debulkable_percent"] = random.choice(_VOLUMES)
        counts = random.random() < 0.4
        if counts:
            facts |= {fact: random.choice(numbers) for fact, numbers in _COUNTED.items()}
        else:
            facts["grade"] = random.choice(CHOICES["grade"])
        unknown = {fact for fact in facts if random.random() < _UNKNOWN} - _SYMPTOMS
        unknown |= _SYMPTOMS if random.random() < _UNKNOWN else set()  # of one alone it cannot be said
        known = {fact: value for fact, value in facts.items() if fact not in unknown}
        return cls(known, counts, random.random() < 0.5, random.random() < 0.4)

    def option(self, line: Line) -> str:
        """The option of the line that fits."""
        if line.id == "grade" and self.counts:
            return COUNT
        value = self.facts.get(line.fact)
        if value is None:
            return UNKNOWN
        fitting = [option for option, said in line.options.items() if said is not None and _admits(said, value)]
        return next(option for option in fitting if not line.turns or option in line.turns)

    def case(self, lines: list[Line]) -> Case:
        """What the answers to these lines say."""
        return Case.of({line.fact: self.facts[line.fact] for line in lines if line.fact in self.facts})


def _admits(said: Possible, value: str | bool | float) -> bool:
    if isinstance(said, Span):
        return not isinstance(value, str) and Span.at(float(value)).within(said)
    return any(type(value) is type(one) and value == one for one in said)
