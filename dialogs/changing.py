"""The page on which answers are changed: a button for each question that was answered, with what was said."""

from __future__ import annotations

from dialogs import report
from dialogs.actions import Open
from dialogs.answers import given, typed_answer
from dialogs.cards import TO_RESULT, in_rows
from dialogs.questions import ALONE, COUNT, QUESTIONS, UNKNOWN, Line, Question
from dialogs.session import Answers
from dialogs.summary import PREREQUISITES, SYMPTOMS, Said, relevant_facts, summary
from dialogs.view import Choice, View
from guideline import Assessment
from guideline.case import domain

_AS_GOOD = ("resected", "resectable", "not_found")
"""Answers to the primary that meet the prerequisite as well as "met" does."""

_BY_NAME = ("s-carcinoid-good", "s-carcinoid-others", "s-refractory-others", "s-local-good", "s-local-others")
"""Lines in a state that a button names first where they are alone in it: there is room for one name."""


def room(found: Assessment, answers: Answers) -> View:
    """The page. Its text says of a list that is answered in part what is known and what is open."""
    answered = [question for question in QUESTIONS.values() if _is_answered(question, answers)]
    buttons = [_button(question, found, answers) for question in answered]
    in_part = {question.id: _in_part(question, found) for question in (PREREQUISITES, SYMPTOMS) if question in answered}
    context = {
        "a": found,
        "summary": summary(found, answers),
        "lists": {id_: (known, open_) for id_, (known, open_) in in_part.items() if known and open_},
    }
    return View(
        "change", context, (*in_rows(buttons, 1), TO_RESULT, report.button(report.of_case(found.headline, "change")))
    )


def _is_answered(question: Question, answers: Answers) -> bool:
    options = [given(answers, id_) for id_ in (question.id, *(line.id for line in question.lines))]
    options += [typed_answer(answers, line.fact) for line in question.lines]
    return any(option is not None for option in options)


def _button(question: Question, found: Assessment, answers: Answers) -> Choice:
    """The button of a question, marked where its answer makes no difference now."""
    known = {line.fact for line in question.lines} & found.case.known.keys()
    irrelevant = bool(known) and known.isdisjoint(relevant_facts(found))
    said = _of_list(question, found) if question.is_checklist else (_of_line(question.lines[0], found, answers),)
    return Choice(Open(question.id), "button.answered", f"question.{question.id}", said=said, irrelevant=irrelevant)


def _of_line(line: Line, found: Assessment, answers: Answers) -> Said:
    option = given(answers, line.id)
    if option in (UNKNOWN, COUNT, ALONE):
        return Said(label=f"answer-{option}")
    return Said(line.fact, found.case.known[line.fact])


def _of_list(question: Question, found: Assessment) -> tuple[Said, ...]:
    """The state of a list in few words: that all its lines are as usual or open, or how many are in each state. Where
    lines are in all three, those that are as usual are left out."""
    stands = _stands(question, found)
    if stands.keys() <= {"good"} or stands.keys() <= {"open"}:
        return (Said(label=f"{question.id}-{'all' if 'good' in stands else 'none'}"),)
    said: list[Said] = []
    for stand in ("others", "open") if len(stands) > 2 else ("others", "good", "open"):
        lines = stands.get(stand, [])
        if not said and len(lines) == 1 and f"{lines[0].id}-{stand}" in _BY_NAME:
            said.append(Said(label=f"{lines[0].id}-{stand}"))
        elif lines:
            said.append(Said(label=f"{question.id}-{stand}", count=len(lines)))
    return tuple(said)


def _in_part(question: Question, found: Assessment) -> tuple[list[Said], list[str]]:
    """What is known of a list, and the ids of its open lines."""
    open_ = [line.id for line in _stands(question, found).get("open", [])]
    return [Said(line.fact, found.known[line.fact]) for line in question.lines if line.id not in open_], open_


def _stands(question: Question, found: Assessment) -> dict[str, list[Line]]:
    """The lines of a list by the state of their facts, wherever those were answered: `good` as its sweep says,
    `others` otherwise, or `open`."""
    stands: dict[str, list[Line]] = {}
    for line in question.lines:
        good = [line.options[option] for option in (question.sweep, *_AS_GOOD) if option in line.options]
        known = found.known.get(line.fact, domain(line.fact))
        if any(possible and known.within(possible) for possible in good):
            stand = "good"
        else:
            stand = "open" if any(possible and known.meets(possible) for possible in good) else "others"
        stands.setdefault(stand, []).append(line)
    return stands
