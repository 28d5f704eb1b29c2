"""Answers taken at random: what a person may have given once everything on the way was asked, and some changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from random import Random

from dialogs.answers import DONE
from dialogs.place import Standings
from dialogs.questions import OFFERED, ON_THE_WAY
from dialogs.session import Answers, Session
from guideline import UNDETERMINED, Assessment, assess, guideline

STANDINGS = Standings(guideline())
HEADLINES = (*guideline().tree.headlines, UNDETERMINED)

_MET = {"p-primary": "met", "p-r0": "met", "p-outside": "met", "p-fit": "met", "p-heart": "met"}
_TOWARDS: dict[str, dict[str, str]] = {
    "resection": {"grade": "G1", "pattern": "I", **_MET},
    "resection-one-step": {"grade": "G2", "pattern": "II", **_MET, "steps": "yes"},
    "resection-two-step": {"grade": "G2", "pattern": "II", **_MET, "steps": "no"},
    "debulking": {"grade": "G2", "p-fit": "met", "p-heart": "met", "volume": ">=90"},
    "optimise-heart-first": {"grade": "G1", "p-fit": "met", "p-heart": "unmet"},
    "ablation-embolisation": {"grade": "G2", "pattern": "I"},
    "multimodal-nonsurgical": {"grade": "G1", "pattern": "III"},
    "systemic-chemotherapy": {"grade": "G3"},
}
"""Answers that lead to a headline, or at least towards it."""


def answered(random: Random, towards: str = UNDETERMINED) -> Answers:
    """Every question on the way answered, and about half of those that a result may offer; only what holds."""
    fixed = _TOWARDS.get(towards, {})
    answers: list[tuple[str, str]] = []
    for question in ON_THE_WAY:
        answers += [(line.id, fixed.get(line.id) or random.choice(list(line.options))) for line in question.lines]
        if question.is_checklist:
            answers.append((question.id, DONE))
    offered = [question.lines[0] for question in OFFERED if random.random() < 0.5]
    return STANDINGS.holding((*answers, *((line.id, random.choice(list(line.options))) for line in offered)))


def of_headline(headline: str, random: Random) -> Iterator[tuple[Answers, Assessment]]:
    """Endless answers that come to this headline."""
    while True:
        answers = answered(random, headline)
        found = assess(STANDINGS.case(answers))
        if found.headline == headline:
            yield answers, found


@cache
def telling(headline: str, number: int) -> tuple[tuple[Answers, Assessment], ...]:
    """Some answers that come to the headline, each of which shows something that those before it do not."""
    seen: set[object] = set()
    chosen: list[tuple[Answers, Assessment]] = []
    for answers, found in islice(of_headline(headline, Random(2012)), 80):
        if len(chosen) < number and (fresh := _shown_by(found) - seen):
            seen |= fresh
            chosen.append((answers, found))
    return tuple(chosen)


def session_of(answers: Answers) -> Session:
    """A stored session with these answers."""
    return Session(7, guideline().evidence.stamp.version, accepted=True, answers=answers)


def _shown_by(found: Assessment) -> set[object]:
    criteria = found.transplant.criteria.items() if found.transplant else ()
    turns = {(step.node.id, step.edge and step.edge.to) for step in found.way}
    return {
        *found.adjuncts,
        *found.updates,
        *found.needed,
        *found.could_add,
        *criteria,
        *turns,
        *found.case.known.items(),
    }
