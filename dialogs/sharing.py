"""From the answers of a session to the case code that shares them, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.answers import arises, given, with_answer, without
from dialogs.case_code import CodedCase, read_fields
from dialogs.questions import ALONE, COUNT, COUNTS, LINES, ON_THE_WAY, QUESTIONS, Line, says
from dialogs.session import Answers
from guideline import Assessment, Span
from guideline.case import BY_NAME, FACTS, NUMBERS
from guideline.values import Possible

_SILENT = frozenset(str(bit) for field in read_fields() if field.of == "answers" for bit in field.bits)
"""The answers that are shared although they say nothing about the case, such as "not known", as `line.option`."""

_LIST_OF = {line.id: question for question in ON_THE_WAY if question.is_checklist for line in question.lines}


def coded(answers: Answers, found: Assessment) -> CodedCase:
    """The case to be shared. answers: they have to hold. found: their assessment."""
    facts = dict(found.case.known)
    if given(answers, "mitoses") == ALONE:
        facts.pop("grade", None)  # follows from the Ki-67
    return CodedCase(
        found.version,
        facts,
        frozenset(answer for answer in answers if _is_silent(*answer, facts)),
        frozenset(found.candidates),
        frozenset(found.adjuncts) - {"mdt"},
        frozenset(found.caveats),
    )


def answers_of(case: CodedCase) -> Answers:
    """The answers that say what the code holds. A fact that no answer can express is left out."""
    silent = {line: option for line, option in case.answers if line in LINES or line in QUESTIONS}
    answers: dict[str, str] = {}
    if "grade" not in {**case.facts, **silent} and any(count in case.facts or count in silent for count in COUNTS):
        answers["grade"] = COUNT
    left = dict(case.facts)
    for fact in (fact for fact in FACTS if fact in case.facts):
        if fact not in left:
            continue  # said together with another
        for line in _lines(fact, answers, silent):
            if option := _option(line, left):
                answers[line.id] = option
                for said in says(line, option):
                    del left[said]
                break
    return (*answers.items(), *((line, option) for line, option in silent.items() if line not in answers))


def answer_saying(answers: Answers, fact: str, possible: Possible) -> Answers:
    """The answers with one that says this about the fact, in place of all others about it."""
    rest = without(answers, [line.id for line in LINES.values() if line.fact == fact])
    for line in _lines(fact, dict(rest), dict(rest)):
        if option := _option(line, {fact: possible.both(BY_NAME[fact].domain)}):
            return with_answer(rest, line.id, option)
    raise ValueError(f"no answer says {possible} of {fact}")


def _is_silent(line: str, option: str, facts: Mapping[str, Possible]) -> bool:
    """Whether the answer is shared besides the facts: it says nothing, and nothing else says its fact."""
    return f"{line}.{option}" in _SILENT and (line not in LINES or LINES[line].fact not in facts)


def _lines(fact: str, answers: dict[str, str], silent: dict[str, str]) -> Iterator[Line]:
    """The lines that take the fact, first those that least change where the talk stands: of a closed checklist, of a
    question that arises, of no question (typed), of a question that a result offers, of an open checklist."""
    closed = {id_ for id_, question in _LIST_OF.items() if question.id in silent}
    asked = {question.id for question in ON_THE_WAY if not question.is_checklist and arises(answers, question)}

    def rank(line: Line) -> int:
        if line.id in _LIST_OF:
            return 0 if line.id in closed else 4
        return 1 if line.id in asked else 2 if line.id not in QUESTIONS else 3

    return iter(sorted((line for line in LINES.values() if line.fact == fact), key=rank))


def _option(line: Line, facts: dict[str, Possible]) -> str:
    """The option that says the most of these facts, and nothing else; empty when there is none."""
    fitting = {}
    for option in line.options:
        said = says(line, option)
        if said and all(facts.get(fact) == possible for fact, possible in _narrowed(said)):
            fitting[option] = len(said)
    if fitting:
        return max(fitting, key=lambda option: fitting[option])
    possible = facts[line.fact]
    return f"={possible.text(NUMBERS[line.fact][0])}" if isinstance(possible, Span) else ""


def _narrowed(said: object) -> Iterator[tuple[str, Possible]]:
    """What an answer says, within the values that a case can have."""
    assert isinstance(said, dict)
    for fact, possible in said.items():
        yield fact, possible.both(BY_NAME[fact].domain)
