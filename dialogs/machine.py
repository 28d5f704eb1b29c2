"""The stages of the talk and the ways between them: one machine for everybody, which no one is registered with.

The machine holds no medicine. Each edge only asks which stage the core wants next; that all edges are taken, and no
others, is tested over every path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from transitions import EventData, Machine

from dialogs.questions import Stage


@dataclass(slots=True)
class Walker:
    """Whoever is led through the machine, for the length of one turn."""

    state: Stage = Stage.GRADE


class NoWayError(Exception):
    """The talk wanted a step that the machine has not."""


def _wants(stage: Stage) -> Callable[[EventData], bool]:
    def asked(event: EventData) -> bool:
        return bool(event.kwargs["stage"] is stage)

    asked.__name__ = f"{stage.value}_is_next"
    return asked


EDGES: dict[Stage, tuple[Stage, ...]] = {
    Stage.GRADE: (Stage.GRADE, Stage.PATTERN, Stage.PREREQUISITES, Stage.SYMPTOMS, Stage.RECOMMENDATION),
    Stage.PATTERN: (Stage.PREREQUISITES, Stage.SYMPTOMS, Stage.RECOMMENDATION, Stage.WORKUP),
    Stage.PREREQUISITES: (Stage.SYMPTOMS, Stage.DETAILS, Stage.RECOMMENDATION, Stage.WORKUP),
    Stage.SYMPTOMS: (Stage.DETAILS, Stage.RECOMMENDATION, Stage.WORKUP),
    Stage.DETAILS: (Stage.DETAILS, Stage.RECOMMENDATION, Stage.WORKUP),
}
"""From each stage, the stages an answer can lead to; a stage is skipped once an answer changed since has settled or
mooted all of it. Nothing leads on from the last two: an answer given there is replayed from the start."""


def build() -> Machine:
    """The machine. Raises NoWayError when a stage is out of reach, or is a trap."""
    _check(EDGES)
    machine = Machine(
        model=None,
        states=Stage,
        initial=None,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=True,  # lead() refuses them
    )
    for source, targets in EDGES.items():
        for target in targets:
            machine.add_transition("answered", source, target, conditions=_wants(target))
    return machine


def lead(stages: Iterable[Stage]) -> Stage:
    """Lead a walker from the first stage through these, and tell where it stands. Raises NoWayError at a false step."""
    walker = Walker()
    for stage in stages:
        if not MACHINE.events["answered"].trigger(walker, stage=stage):
            raise NoWayError(f"{walker.state.value} → {stage.value}")
    return walker.state


def _check(edges: dict[Stage, tuple[Stage, ...]]) -> None:
    reached, ends = {Stage.GRADE}, {Stage.RECOMMENDATION, Stage.WORKUP}
    while more := {t for s in reached for t in edges.get(s, ())} - reached:
        reached |= more
    ending = set(ends)
    while more := {s for s, targets in edges.items() if ending.intersection(targets)} - ending:
        ending |= more
    for stage in Stage:
        if stage not in reached or stage not in ending:
            raise NoWayError(f"{stage.value} is {'a trap' if stage in reached else 'out of reach'}")


MACHINE = build()
