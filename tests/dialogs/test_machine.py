"""The machine: the edges it declares are taken, no others, and it is refused with a trap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest

from dialogs import machine, place
from dialogs.machine import EDGES, NoWayError, build, lead
from dialogs.questions import Stage
from tests.support.walk import begun, wordless

CARCINOID_TWICE = (
    "a.grade.G1", "a.pattern.III", "all.symptoms.unknown", "e.carcinoid_syndrome", "a.carcinoid_syndrome.no",
    "e.pattern", "a.pattern.II", "all.prerequisites.met", "back",
)  # fmt: skip
"""Carcinoid syndrome is told where it is offered; then Back past the symptoms, to the prerequisites."""

WAYS: dict[tuple[Stage, Stage], tuple[str, ...]] = {
    (Stage.GRADE, Stage.GRADE): ("a.grade.count",),
    (Stage.GRADE, Stage.PATTERN): ("a.grade.G1",),
    (Stage.GRADE, Stage.RECOMMENDATION): ("a.grade.G3",),
    (Stage.PATTERN, Stage.PREREQUISITES): ("a.grade.G1", "a.pattern.I"),
    (Stage.PATTERN, Stage.SYMPTOMS): ("a.grade.G1", "a.pattern.III"),
    (Stage.PREREQUISITES, Stage.SYMPTOMS): ("a.grade.G1", "a.pattern.I", "all.prerequisites.met"),
    (Stage.SYMPTOMS, Stage.DETAILS): ("a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no"),
    (Stage.SYMPTOMS, Stage.RECOMMENDATION): ("a.grade.G1", "a.pattern.III", "all.symptoms.no"),
    (Stage.SYMPTOMS, Stage.WORKUP): ("a.grade.unknown", "a.pattern.III", "all.symptoms.no"),
    (Stage.DETAILS, Stage.DETAILS): (
        "a.grade.G1", "a.pattern.II", "all.prerequisites.shown", "all.symptoms.unknown", "a.volume.unknown",
    ),
    (Stage.DETAILS, Stage.RECOMMENDATION): (
        "a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no",
    ),
    (Stage.DETAILS, Stage.WORKUP): (
        "a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.unknown",
    ),
    # Those below skip a stage that an answer changed since has settled or mooted.
    (Stage.GRADE, Stage.PREREQUISITES): (
        "a.grade.unknown", "a.pattern.II", "all.prerequisites.met", "back", "back", "back", "a.grade.G3",
        "e.prerequisites", "all.prerequisites.met",
    ),
    (Stage.GRADE, Stage.SYMPTOMS): (
        "a.grade.G1", "a.pattern.III", "all.symptoms.yes", "e.pattern", "a.pattern.II", "back", "back", "a.grade.G3",
    ),
    (Stage.PATTERN, Stage.RECOMMENDATION): (*CARCINOID_TWICE, "back", "a.pattern.III"),
    (Stage.PATTERN, Stage.WORKUP): (*CARCINOID_TWICE, "back", "a.pattern.III", "e.grade", "a.grade.unknown"),
    (Stage.PREREQUISITES, Stage.DETAILS): (*CARCINOID_TWICE, "all.prerequisites.met"),
    (Stage.PREREQUISITES, Stage.RECOMMENDATION): (
        *CARCINOID_TWICE, "back", "a.pattern.I", "all.prerequisites.met",
    ),
    (Stage.PREREQUISITES, Stage.WORKUP): (
        *CARCINOID_TWICE, "back", "a.pattern.I", "all.prerequisites.met", "e.grade", "a.grade.unknown",
    ),
}  # fmt: skip


def test_a_way_is_known_for_exactly_the_declared_edges() -> None:
    """That no other edge is taken shows in test_every_path: the machine refuses a false step with NoWayError."""
    assert set(WAYS) == {(source, target) for source, targets in EDGES.items() for target in targets}


@pytest.mark.parametrize(("edge", "way"), WAYS.items(), ids=lambda value: "")
def test_every_declared_edge_is_taken(
    edge: tuple[Stage, Stage], way: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: set[tuple[Stage, Stage]] = set()

    def watched(stages: Iterable[Stage]) -> Stage:
        way = [Stage.GRADE, *stages]
        taken.update(pairwise(way))
        return lead(way[1:])

    monkeypatch.setattr(place, "lead", watched)
    talk = begun(wordless())
    for action in way:
        talk.forges(action)
    assert edge in taken


@pytest.mark.parametrize(
    ("source", "target"),
    [(source, target) for source in Stage for target in Stage if target not in EDGES.get(source, ())],
    ids=lambda stage: stage.value,
)
def test_a_step_that_is_not_declared_is_refused(source: Stage, target: Stage) -> None:
    to_source = next(stages for stages in _all_ways() if (stages or [Stage.GRADE])[-1] is source)
    with pytest.raises(NoWayError, match=target.value):
        lead([*to_source, target])


def _all_ways() -> list[list[Stage]]:
    ways: list[list[Stage]] = [[]]
    for way in ways:
        here = way[-1] if way else Stage.GRADE
        ways += [[*way, target] for target in EDGES.get(here, ()) if target not in (*way, Stage.GRADE)]
    return ways


def test_without_an_answer_the_talk_stands_at_the_grade() -> None:
    assert lead([]) is Stage.GRADE


def test_a_machine_with_a_trap_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.EDGES, Stage.DETAILS, (Stage.DETAILS,))
    with pytest.raises(NoWayError, match="details is a trap"):
        build()


def test_a_machine_with_a_stage_out_of_reach_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(machine.EDGES, Stage.GRADE, (Stage.PATTERN,))
    monkeypatch.setitem(machine.EDGES, Stage.PATTERN, (Stage.SYMPTOMS,))
    with pytest.raises(NoWayError, match="prerequisites is out of reach"):
        build()


def test_leading_somebody_leaves_no_one_registered_with_the_machine() -> None:
    lead([Stage.PATTERN, Stage.SYMPTOMS])
    assert machine.MACHINE.models == []
