"""What is known of a case, in few words: for a result, the head of a question, and the text to copy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
"""What is known of some facts."""

NOTHING = Values()


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a summary: a fact with what is known of it, and a label of its own if there is one; or, without a fact,
    a label that stands for several facts, with their number if it says that."""

    fact: str = ""
    possible: Possible = NOTHING
    label: str = ""
    count: int = 0


def summary(found: Assessment, answers: Answers = ()) -> list[Said]:
    """What is known of the case, in the order of asking; last the facts that no question asks and a note depends on.
    answers: they say whether the fitness was read from a score."""
    known, grades, counts = found.case.known, found.known["grade"], relevant_facts(found)
    noted = [fact for fact in _ONLY_TYPED if fact in found.noted_facts]
    said = [Said(fact, counts[fact]) for fact in dict.fromkeys((*_DECIDING, *_ADDING, *noted)) if fact in counts]
    assert isinstance(grades, frozenset)
    if "G3" not in grades and {"grade", "ki67"} <= known.keys() and "mitoses" not in known:
        behind = next(place for place, part in enumerate(said, 1) if part.fact == "ki67")
        said.insert(behind, Said(label="mitoses-unknown"))  # by Ki-67 alone the grade is a lower bound
    if "G3" not in grades:  # well-differentiated disease is a prerequisite too, and follows from the grade
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
    """The parts that the headline depends on or that prepare for it, and those that only add to the result."""
    deciding = set(_DECIDING)
    if found.headline != UNDETERMINED:
        on_the_way = {step.node.fact for step in found.way if step.edge}
        deciding -= {line.fact for line in PREREQUISITES.lines} - on_the_way
        if found.headline == "systemic-chemotherapy":  # there is no operation to prepare for
            deciding -= {line.fact for line in SYMPTOMS.lines}
    first = [part for part in said if part.fact in deciding or not part.fact]
    return first, [part for part in said if part not in first]


def set_aside(found: Assessment) -> list[Said]:
    """Prerequisites known not to be met, and symptoms known to be there, that do not bear on the result. They are said
    all the same: whoever reads the case must not take them for absent."""
    usual = {line.fact: line.options["met"] for line in PREREQUISITES.lines}
    usual |= {line.fact: line.options["no"] for line in SYMPTOMS.lines}
    known, bearing = found.case.known, relevant_facts(found)
    return [
        Said(fact, known[fact])
        for fact, possible in usual.items()
        if fact in known and fact not in bearing and possible and not together({fact: known[fact]}, {fact: possible})
    ]


def without_effect(found: Assessment, said: Collection[Said]) -> list[Said]:
    """Symptoms known to be absent, and facts that no question asks, that do not bear on the result. They are said all
    the same, so that all that was used can be seen. said: the other parts of the summary; what they say is left out."""
    known = found.case.known
    shown = {part.fact for part in said}
    if any(part.label in ("no-symptoms", "no-others") for part in said):
        shown |= {line.fact for line in SYMPTOMS.lines}
    denied = [line.fact for line in SYMPTOMS.lines if known.get(line.fact) == line.options["no"]]
    if any(known.get(fact) == _YES for fact in ("carcinoid_syndrome", "refractory_symptoms")):
        shown.add("hormonal_symptoms")  # they imply it
    if "pattern-nearest" in found.caveats:
        shown.add("pattern_fit")  # the caveat says it
    return [Said(fact, known[fact]) for fact in (*_ONLY_TYPED, *denied) if fact in known and fact not in shown]


_YES = Values({True})


def position(found: Assessment, question: Question, *, opened: bool) -> list[Said]:
    """The head of a question: grade, pattern and, on the way, that the prerequisites are met. opened: whether it was
    opened from a result; then without what it asks itself."""
    facts = [fact for fact in ("grade", "pattern") if question.stage.value != fact]
    labels = () if opened or question is PREREQUISITES else ("prerequisites-met",)
    return [part for part in summary(found) if part.fact in facts or part.label in labels]


def standing(found: Assessment, question: Question) -> list[Said]:
    """What is known of the facts that the question asks; for a checklist, only if one part says all of it."""
    facts = [line.fact for line in question.lines]
    if not question.is_checklist:
        return [Said(fact, found.case.known[fact]) for fact in facts if fact in found.case.known]
    labels = ("prerequisites-met",) if question is PREREQUISITES else ("no-symptoms",)
    said = [part for part in summary(found) if part.fact in facts or part.label in labels]
    return said if len(said) == 1 else []


def relevant_facts(found: Assessment) -> Known:
    """What is known of the facts that bear on the result; while that is undetermined, of all facts."""
    known, grades = dict(found.case.known), found.known["grade"]
    assert isinstance(grades, frozenset)
    if len(grades) < 3:
        known["grade"] = grades
    if found.headline == UNDETERMINED:
        return known
    of_the_tree = set(found.tree_facts)
    return {fact: possible for fact, possible in known.items() if fact not in of_the_tree or fact in found.bearing}


def _gathered(said: list[Said], known: Known, q: Question, option: str, all_: str, others: str) -> list[Said]:
    """The parts, in which one label replaces the lines of the question that stand at the option.

    known: of the facts that bear on the result. The parts stay as they are unless all facts of the question are among
    them: what does not count must not be said to be met. all_, others: the label when all lines stand at the option,
    and when some do, which then follows the other lines.
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
