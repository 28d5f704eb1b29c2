"""What a case rests on so far, in few words: for the line under a headline, the first line of a question, and Copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.answers import together, typed_answer
from dialogs.questions import OFFERED, ON_THE_WAY, QUESTIONS, SCORED, TYPED_LINES, Question
from dialogs.session import Answers
from guideline import UNDETERMINED, Assessment
from guideline.values import Possible, Values

PREREQUISITES = QUESTIONS["prerequisites"]
SYMPTOMS = QUESTIONS["symptoms"]

_DECIDING = tuple(line.fact for question in ON_THE_WAY for line in question.lines)
_ADDING = tuple(line.fact for question in OFFERED for line in question.lines)
_ONLY_TYPED = tuple(line.fact for line in TYPED_LINES.values() if line.fact not in {*_DECIDING, *_ADDING})

Known = Mapping[str, Possible]

NOTHING = Values()


@dataclass(frozen=True, slots=True)
class Said:
    """A part of what a case rests on: a fact with what is known of it, said by a label of its own where there is one;
    or the label that stands for several facts."""

    fact: str = ""
    possible: Possible = NOTHING
    label: str = ""


def summary(found: Assessment, answers: Answers = ()) -> list[Said]:
    """What the case rests on so far, in the order of asking; last what no question asks and a note turns on. answers:
    where it matters how one was read."""
    known, grades, counts = found.case.known, found.known["grade"], relevant_facts(found)
    noted = [fact for fact in _ONLY_TYPED if fact in found.noted_facts]
    said = [Said(fact, counts[fact]) for fact in dict.fromkeys((*_DECIDING, *_ADDING, *noted)) if fact in counts]
    assert isinstance(grades, frozenset)
    if "G3" not in grades and {"grade", "ki67"} <= known.keys() and "mitoses" not in known:
        behind = next(place for place, part in enumerate(said, 1) if part.fact == "ki67")
        said.insert(behind, Said(label="mitoses-unknown"))  # graded by Ki-67 alone, which is a lower bound
    if "G3" not in grades:  # well differentiated disease is a prerequisite too, and follows from the grade
        said = _gathered(said, counts, PREREQUISITES, "met", "prerequisites-met", "others-met")
    said = _gathered(said, counts, SYMPTOMS, "no", "no-symptoms", "no-others")
    scored = typed_answer(answers, "fit_for_surgery") in SCORED["fit_for_surgery"]
    if not scored or "fit_for_surgery" not in counts:
        return said
    fit = counts["fit_for_surgery"]
    score = Said("fit_for_surgery", fit, "fit-by-score" if True in fit else "unfit-by-score")
    alone = [score if part.fact == "fit_for_surgery" else part for part in said]
    return alone if score in alone else [*said, score]


def parted(said: list[Said], found: Assessment) -> tuple[list[Said], list[Said]]:
    """The parts that the headline rests on or that prepare for it, and those that only add: to a transplant, say."""
    deciding = set(_DECIDING)
    if found.headline != UNDETERMINED:
        on_the_way = {step.node.fact for step in found.way if step.edge}
        deciding -= {line.fact for line in PREREQUISITES.lines} - on_the_way
        if found.headline == "systemic-chemotherapy":  # there is no operation to prepare for
            deciding -= {line.fact for line in SYMPTOMS.lines}
    first = [part for part in said if part.fact in deciding or not part.fact]
    return first, [part for part in said if part not in first]


def set_aside(found: Assessment) -> list[Said]:
    """What speaks against an operation and decides nothing as the case stands: prerequisites known not to be met and
    symptoms known to be there. Who reads the case must not take it for absent."""
    usual = {line.fact: line.options["met"] for line in PREREQUISITES.lines}
    usual |= {line.fact: line.options["no"] for line in SYMPTOMS.lines}
    known, bearing = found.case.known, relevant_facts(found)
    return [
        Said(fact, known[fact])
        for fact, possible in usual.items()
        if fact in known and fact not in bearing and possible and not together({fact: known[fact]}, {fact: possible})
    ]


def position(found: Assessment, question: Question, *, opened: bool) -> list[Said]:
    """What stands above a question, so that it is among the first lines: grade, pattern and, on the way, that the
    prerequisites are met; above one that was opened nothing of what it asks itself."""
    facts = [fact for fact in ("grade", "pattern") if question.stage.value != fact]
    labels = () if opened or question is PREREQUISITES else ("prerequisites-met",)
    return [part for part in summary(found) if part.fact in facts or part.label in labels]


def standing(found: Assessment, question: Question) -> list[Said]:
    """What is known of what the question asks: of a list only where one part says it all."""
    facts = [line.fact for line in question.lines]
    if not question.is_checklist:
        return [Said(fact, found.case.known[fact]) for fact in facts if fact in found.case.known]
    labels = ("prerequisites-met",) if question is PREREQUISITES else ("no-symptoms",)
    said = [part for part in summary(found) if part.fact in facts or part.label in labels]
    return said if len(said) == 1 else []


def relevant_facts(found: Assessment) -> Known:
    """What is known of the facts that bear on the case as it stands."""
    known, grades = dict(found.case.known), found.known["grade"]
    assert isinstance(grades, frozenset)
    if len(grades) < 3:
        known["grade"] = grades
    if found.headline == UNDETERMINED:
        return known
    of_the_tree = set(found.tree_facts)
    return {fact: possible for fact, possible in known.items() if fact not in of_the_tree or fact in found.bearing}


def _gathered(said: list[Said], known: Known, q: Question, option: str, all_: str, others: str) -> list[Said]:
    """The parts with one label in the place of the question's lines that stand at the option, behind its other lines.

    known: of the facts that bear on the case. Only where each of the question's facts is among them: what no longer
    counts must not be said to be met as if it did.
    """
    alike = {line.fact for line in q.lines if known.get(line.fact) == line.options[option]}
    rest = {line.fact for line in q.lines} - alike
    of_it = [part for part in said if part.fact in alike | rest]
    alone = [part for part in of_it if part.fact in rest]
    if len(of_it) - len(alone) < 2 or len(alone) < len(rest):
        return said
    index = said.index(of_it[0])
    behind = [part for part in said[index:] if part not in of_it]
    return [*said[:index], *alone, Said(label=others if rest else all_), *behind]
