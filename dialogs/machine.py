"""The stages of the talk and the transitions between them: one machine for everybody, with no registered models.

A walker is led from the first stage past every answered question, until a question is due or the talk is at an end. At
each step the guards of the stage are tried in order, and the first one that is true decides. The guards are methods of
the walker, and they ask the core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from transitions import Event, Machine

from dialogs.asking import is_due
from dialogs.questions import ON_THE_WAY, Question, Stage
from dialogs.session import Answers
from guideline import UNDETERMINED, Assessment

EDGES: Mapping[Stage, tuple[tuple[str, Stage], ...]] = {
    Stage.GRADE: (
        ("more_of_the_grade_matters", Stage.GRADE),
        ("pattern_matters", Stage.PATTERN),
        ("a_prerequisite_matters", Stage.PREREQUISITES),
        ("a_symptom_matters", Stage.SYMPTOMS),
        ("determined", Stage.RECOMMENDATION),
    ),
    Stage.PATTERN: (
        ("a_prerequisite_matters", Stage.PREREQUISITES),
        ("a_symptom_matters", Stage.SYMPTOMS),
        ("a_detail_matters", Stage.DETAILS),
        ("determined", Stage.RECOMMENDATION),
        ("undetermined", Stage.WORKUP),
    ),
    Stage.PREREQUISITES: (
        ("a_symptom_matters", Stage.SYMPTOMS),
        ("a_detail_matters", Stage.DETAILS),
        ("determined", Stage.RECOMMENDATION),
        ("undetermined", Stage.WORKUP),
    ),
    Stage.SYMPTOMS: (
        ("a_detail_matters", Stage.DETAILS),
        ("determined", Stage.RECOMMENDATION),
        ("undetermined", Stage.WORKUP),
    ),
    Stage.DETAILS: (
        ("a_detail_matters", Stage.DETAILS),
        ("determined", Stage.RECOMMENDATION),
        ("undetermined", Stage.WORKUP),
    ),
}
"""For each stage, the guards in the order in which they are tried, each with the stage it leads to. Nothing leads on
from the last two stages: after an answer given there the walk starts again."""

_OF_STAGE = {stage: [question for question in ON_THE_WAY if question.stage is stage] for stage in Stage}


class NoWayError(Exception):
    """No guard of a stage is true, or the table of stages is wrong."""


class Walker:
    """The model of the machine, for one walk. assess: from answers to their assessment."""

    def __init__(self, answers: Answers, assess: Callable[[Answers], Assessment]) -> None:
        self.state = Stage.GRADE
        self.passed: list[Question] = []
        self._answers, self._given, self._assess = answers, dict(answers), assess
        self._due: dict[str, bool] = {}

    def due(self) -> Question | None:
        """The question of this stage that is to be asked before the walk goes on; None when it is answered."""
        question = self._next(self.state)
        if question is None or self._is_due(question):
            return question
        self.passed.append(question)
        return None

    # The guards. A question matters once it is answered, or while its answer can change something.

    def more_of_the_grade_matters(self) -> bool:
        return self._matters(Stage.GRADE)

    def pattern_matters(self) -> bool:
        return self._matters(Stage.PATTERN)

    def a_prerequisite_matters(self) -> bool:
        return self._matters(Stage.PREREQUISITES)

    def a_symptom_matters(self) -> bool:
        return self._matters(Stage.SYMPTOMS)

    def a_detail_matters(self) -> bool:
        return self._matters(Stage.DETAILS)

    def determined(self) -> bool:
        return self._assess(self._answers).headline != UNDETERMINED

    def undetermined(self) -> bool:
        return not self.determined()

    def _matters(self, stage: Stage) -> bool:
        return self._next(stage) is not None

    def _next(self, stage: Stage) -> Question | None:
        """The first question of the stage that matters and has not been passed."""
        for question in _OF_STAGE[stage]:
            if question not in self.passed and (question.id in self._given or self._is_due(question)):
                return question
        return None

    def _is_due(self, question: Question) -> bool:
        if question.id not in self._due:
            self._due[question.id] = is_due(question, self._answers, self._given, self._assess)
        return self._due[question.id]


class _Answered(Event):
    """An event whose transitions have one guard each and no callbacks. It skips the library's search for callbacks,
    which takes half the time of a walk."""

    def trigger(self, model: Any, *arguments: Any, **named: Any) -> bool:
        """Take the first transition whose guard is true. Returns whether there is one."""
        ways: list[Any] = self.transitions[model.state.name]  # guards and targets are names here, see `build`
        for way in ways:
            if getattr(model, way.conditions[0].func)():
                self.machine.set_state(way.dest, model)
                return True
        return False


class _Machine(Machine):
    event_cls = _Answered


def build(edges: Mapping[Stage, tuple[tuple[str, Stage], ...]] = EDGES) -> Machine:
    """The machine. Raises NoWayError when a stage cannot be reached, or cannot be left."""
    _check(edges)
    machine = _Machine(model=None, states=Stage, initial=None, auto_transitions=False)
    for source, ways in edges.items():
        for guard, target in ways:
            machine.add_transition("answered", source, target, conditions=guard)
    return machine


def walk(walker: Walker) -> Question | None:
    """Lead the walker as far as the answers go. Returns the question that is to be asked, or None at the end of the
    talk. Raises NoWayError where no guard is true."""
    while walker.state in EDGES:
        if due := walker.due():
            return due
        if not MACHINE.events["answered"].trigger(walker):
            raise NoWayError(f"nothing leads on from {walker.state.value}")
    return None


def _check(edges: Mapping[Stage, tuple[tuple[str, Stage], ...]]) -> None:
    leads = {source: {target for _, target in ways} for source, ways in edges.items()}
    reached, ends = {Stage.GRADE}, {Stage.RECOMMENDATION, Stage.WORKUP}
    while more := {t for s in reached for t in leads.get(s, ())} - reached:
        reached |= more
    ending = set(ends)
    while more := {s for s, targets in leads.items() if ending & targets} - ending:
        ending |= more
    for stage in Stage:
        if stage not in reached or stage not in ending:
            raise NoWayError(f"{stage.value} is {'a trap' if stage in reached else 'out of reach'}")


MACHINE = build()
