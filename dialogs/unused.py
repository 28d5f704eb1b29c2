"""Which answers a new one has made unused: those that no longer hold, and those that no longer make a difference."""

from __future__ import annotations

from collections.abc import Collection

from dialogs.answers import given
from dialogs.labels import Labels
from dialogs.questions import LINES, QUESTIONS, TOLD, Facts, says
from dialogs.session import Answers
from dialogs.summary import counting
from guideline import UNDETERMINED, Assessment


def dropped(before: Answers, after: Answers, known: Facts) -> set[str]:
    """The lines whose answers are gone. known: what the case says after; what an answer said and the case says still,
    by another line, is not gone."""
    gone = {id_: option for id_, option in before if id_ in LINES and given(after, id_) is None}
    return {id_ for id_, option in gone.items() if not _is_said(says(LINES[id_], option), known)}


def _is_said(said: Facts, known: Facts) -> bool:
    return bool(said) and all(fact in known and known[fact].within(possible) for fact, possible in said.items())


def idle(answers: Answers, before: Assessment, after: Assessment) -> set[str]:
    """The lines whose answers are kept and counted for the result before, and no longer do."""
    if before.headline == UNDETERMINED:
        return set()
    facts = (set(counting(before)) & set(after.case.known)) - set(counting(after))
    return {id_ for id_, _ in answers if id_ in LINES and LINES[id_].fact in facts}


def named(lines: Collection[str], answers: Answers, labels: Labels) -> str:
    """These lines of the answers by the names of their questions, those of a list by their own where others stay."""
    names = []
    for question in QUESTIONS.values():
        ids = [line.id for line in question.lines if given(answers, line.id)]
        gone = [id_ for id_ in ids if id_ in lines]
        name = labels(f"question.{question.id}")
        if question.is_list and len(gone) < len(ids):
            name = f"{name} ({', '.join(labels(f'line.{id_}').partition(':')[0] for id_ in gone)})"
        if gone:
            names.append(name)
    names += [labels(f"told.{line.fact}") for id_, line in TOLD.items() if id_ in lines and given(answers, id_)]
    return ", ".join(names)
