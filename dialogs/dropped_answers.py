"""Which earlier answers a new one drops, since they no longer hold, and which it makes irrelevant."""

from __future__ import annotations

from collections.abc import Collection

from dialogs.answers import given
from dialogs.labels import Labels
from dialogs.questions import LINES, QUESTIONS, TYPED_LINES, Facts, says
from dialogs.session import Answers
from dialogs.summary import relevant_facts
from guideline import UNDETERMINED, Assessment


def dropped(before: Answers, after: Answers, known: Facts) -> set[str]:
    """The lines whose answers no longer hold. known: the case after the new answer; a line is left out when the case
    still says the same by another line."""
    gone = {id_: option for id_, option in before if id_ in LINES and given(after, id_) is None}
    return {id_ for id_, option in gone.items() if not _is_said(says(LINES[id_], option), known)}


def _is_said(said: Facts, known: Facts) -> bool:
    return bool(said) and all(fact in known and known[fact].within(possible) for fact, possible in said.items())


def irrelevant(answers: Answers, before: Assessment, after: Assessment) -> set[str]:
    """The lines whose answers are kept and were relevant to the result before, and are not to the one after."""
    if before.headline == UNDETERMINED:
        return set()
    facts = (set(relevant_facts(before)) & set(after.case.known)) - set(relevant_facts(after))
    return {id_ for id_, _ in answers if id_ in LINES and LINES[id_].fact in facts}


def names_of(lines: Collection[str], answers: Answers, labels: Labels) -> str:
    """The names of the questions that these lines of the answers belong to; of a checklist with other answers left also
    the names of the lines."""
    names = []
    for question in QUESTIONS.values():
        ids = [line.id for line in question.lines if given(answers, line.id)]
        gone = [id_ for id_ in ids if id_ in lines]
        name = labels(f"question.{question.id}")
        if question.is_checklist and len(gone) < len(ids):
            name = f"{name} ({', '.join(labels(f'line.{id_}').partition(':')[0] for id_ in gone)})"
        if gone:
            names.append(name)
    names += [
        labels(f"fact-name.{line.fact}") for id_, line in TYPED_LINES.items() if id_ in lines and given(answers, id_)
    ]
    return ", ".join(names)
