"""Contradictions between a typed text and the open case, and the case after the text is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogs.answers import given, together, with_answer, without
from dialogs.place import Standings
from dialogs.questions import ALONE, COUNT, COUNTS, LINES, UNKNOWN, Facts, says, typed_line
from dialogs.session import Answers
from dialogs.typed_facts import TypedFacts, answers_with
from guideline import Case, CaseError
from guideline.case import BY_NAME, FACTS
from guideline.values import Possible

_BY_GRADE = (*COUNTS, "differentiation")
"""Facts that say something about the grade, or that the grade says something about."""

_OF_ANOTHER = frozenset({"age", "primary_site"})
"""Facts that do not change in one patient (the age only at a birthday)."""

_OF_ANOTHER_PATIENT = 2
"""So many contradictions suggest that the text is about another patient."""


@dataclass(frozen=True, slots=True)
class Against:
    """An answer of the open case that a typed text contradicts.

    line: of the answer. says: what it says, by fact. by: the facts of the text that contradict it. grade, by_grade: the
    grades that the answer and the text leave, when they say them by a count or the differentiation; else None.
    """

    line: str
    says: Facts
    by: Facts
    grade: Possible | None = None
    by_grade: Possible | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """The case after a text is used.

    answers: of the case; all of them hold. lines: those whose answers the text has replaced. replaced: what these said,
    by fact, as far as the case no longer says it. not_taken: the facts of the text that the case does not say.
    """

    answers: Answers
    lines: frozenset[str]
    replaced: Facts
    not_taken: tuple[str, ...]


def contradicted(answers: Answers, typed: TypedFacts, standings: Standings) -> tuple[Against, ...]:
    """The answers that the text contradicts, in the order in which they were given. Of two that contradict it only
    together, the older one."""
    of_text = _agreeing({}, typed, standings)
    kept = dict(of_text)
    found: list[Against] = []
    for line, option in reversed(answers):
        said = _said(line, option, answers, standings)
        both = _both(kept, said, standings)
        if both is not None:
            kept = both
            continue
        beside = {fact: possible for fact, possible in kept.items() if fact not in of_text}
        found.append(_against(line, said, of_text, beside, standings))
    return tuple(reversed(found))


def is_another(against: Iterable[Against]) -> bool:
    """Whether the text seems to be about another patient: it contradicts a fact that does not change, or several facts.
    All facts about the grade count as one."""
    about = {"grade" if fact in _BY_GRADE else fact for one in against for fact in one.says}
    return len(about) >= _OF_ANOTHER_PATIENT or not _OF_ANOTHER.isdisjoint(about)


def kept_by(answers: Answers, typed: TypedFacts, standings: Standings) -> tuple[str, ...]:
    """The facts of the text that the case does not contradict."""
    return tuple(set_of(typed, _agreeing(standings.case(answers).known, typed, standings)))


def used(answers: Answers, typed: TypedFacts, standings: Standings, *, keep: bool = False) -> Used:
    """The case with the facts of the text. They replace the answers that they contradict; keep: the answers stay."""
    against = () if keep else contradicted(answers, typed, standings)
    left = without(answers, [one.line for one in against])
    taken = kept_by(left, typed, standings)
    known = standings.case(standings.holding(left)).known
    new = {fact for fact in taken if not _within(known.get(fact), typed.possible(fact))}
    if "grade" in new:
        left = _beside_a_grade(left)
    after = standings.holding(answers_with(left, typed, new))
    knows = standings.case(after).known
    replaced = {
        fact: possible
        for one in against
        for fact, possible in one.says.items()
        if not _within(knows.get(fact), possible)
    }
    not_taken = tuple(fact for fact in typed.facts if not _says(after, knows, typed, fact))
    return Used(after, frozenset(one.line for one in against), replaced, not_taken)


def set_of(typed: TypedFacts, facts: Mapping[str, object]) -> Iterable[str]:
    """The facts of the text that are among `facts`, in the order of a case."""
    return (fact for fact in FACTS if fact in typed.facts and fact in facts)


def _agreeing(known: Facts, typed: TypedFacts, standings: Standings) -> dict[str, Possible]:
    """The facts of the text that contradict neither what is known nor each other."""
    kept = dict(known)
    agreeing: dict[str, Possible] = {}
    for fact in (fact for fact in FACTS if fact in typed.facts):
        possible = typed.possible(fact).both(BY_NAME[fact].domain)
        both = _both(kept, {fact: possible}, standings)
        if both is not None:
            kept, agreeing[fact] = both, possible
    return agreeing


def _said(line: str, option: str, answers: Answers, standings: Standings) -> Facts:
    """What the answer says about the case. The answer that mitoses were not counted says the grade by Ki-67."""
    if line not in LINES:
        return {}
    if (line, option) == ("mitoses", ALONE):
        grade = standings.case(answers).known.get("grade")
        return {"grade": grade} if grade else {}
    return says(LINES[line], option)


def _both(known: Facts, said: Facts, standings: Standings) -> dict[str, Possible] | None:
    """What is known together with what is said; None when the two contradict each other."""
    joined = together(known, said)
    if joined is None:
        return None
    both = {**known, **joined}
    return None if _refused(both, standings) else both


def _refused(facts: Facts, standings: Standings) -> bool:
    try:
        standings.content.assess(Case.of(facts))
    except CaseError:
        return True
    return False


def _against(line: str, said: Facts, of_text: Facts, beside: Facts, standings: Standings) -> Against:
    """The contradiction, with as few facts of both sides as it needs."""
    says_, by = dict(said), dict(of_text)
    for facts in (by, says_):
        for fact in list(facts):
            possible = facts.pop(fact)
            if _both({**beside, **by}, says_, standings) is not None:
                facts[fact] = possible
    return Against(line, said, by or of_text, _grade(says_, by, standings), _grade(by, says_, standings))


def _grade(facts: Facts, other: Facts, standings: Standings) -> Possible | None:
    """The grades that these facts leave, when both sides are about the grade; None when they leave all, or say it
    themselves."""
    if "grade" in facts or not set(facts) & set(_BY_GRADE) or not set(other) & {"grade", *_BY_GRADE}:
        return None
    grade = standings.content.assess(Case.of(facts)).known["grade"]
    return None if grade == BY_NAME["grade"].domain else grade


def _within(known: Possible | None, possible: Possible) -> bool:
    """Whether what is known implies `possible`."""
    return known is not None and known.within(possible)


def _says(answers: Answers, known: Facts, typed: TypedFacts, fact: str) -> bool:
    """Whether the case says the same about the fact as the text, which may say that it is not known."""
    if typed.facts[fact] == UNKNOWN:
        return given(answers, fact) == UNKNOWN
    return _within(known.get(fact), typed.possible(fact))


def _beside_a_grade(answers: Answers) -> Answers:
    """The answers after a text has said the grade: the counts and the differentiation stay as typed answers beside
    it."""
    for line in _BY_GRADE:
        option = given(answers, line)
        if option is not None and says(LINES[line], option):
            typed = option if line not in COUNTS else f"={option.removeprefix('=')}"
            answers = with_answer(without(answers, [line]), typed_line(line), typed)
    return without(answers, ["grade"]) if given(answers, "grade") == COUNT else answers
