"""The machine of the stages: which ways it has, that each is taken by its guard, and that it is sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from dialogs import diagram
from dialogs.conversation import Conversation
from dialogs.machine import EDGES, MACHINE, NoWayError, Walker, build, walk
from dialogs.questions import Stage
from dialogs.typed_facts import TypedFacts, encode
from tests.dialogs.samples import STANDINGS
from tests.support.walk import begun, wordless

TOLD = encode(
    TypedFacts(
        {
            "grade": "G1", "pattern": "II", "primary": "resected", "r0_feasible": True, "extrahepatic": "none",
            "fit_for_surgery": True, "carcinoid_heart_disease": "none", "carcinoid_syndrome": False,
        }
    )
)  # fmt: skip
"""A typed line that leaves open only whether one operation clears everything."""

OTHERWISE = ("a.grade.G3", "a.differentiation.unknown")
"""To a result that rests on the grade alone, behind which any question can be opened."""

DIFFUSE = encode(TypedFacts({"pattern": "III", "fit_for_surgery": False, "carcinoid_syndrome": False}))
DOMINANT = encode(TypedFacts({"grade": "G1", "pattern": "II", "carcinoid_syndrome": False}))
RESTRICTED = encode(TypedFacts({"pattern": "I", "carcinoid_syndrome": False}))
"""Typed lines with which no symptom is left to ask for."""

WAYS: dict[tuple[Stage, Stage], tuple[str, ...]] = {
    (Stage.GRADE, Stage.GRADE): ("a.grade.count",),
    (Stage.GRADE, Stage.PATTERN): ("a.grade.G1",),
    (Stage.GRADE, Stage.RECOMMENDATION): ("a.grade.G3",
        "a.differentiation.unknown",),
    (Stage.PATTERN, Stage.PREREQUISITES): ("a.grade.G1", "a.pattern.I"),
    (Stage.PATTERN, Stage.SYMPTOMS): ("a.grade.G1", "a.pattern.III"),
    (Stage.PATTERN, Stage.DETAILS): (f"use.{TOLD}",),
    (Stage.PREREQUISITES, Stage.SYMPTOMS): ("a.grade.G1", "a.pattern.I", "all.prerequisites.met"),
    (Stage.SYMPTOMS, Stage.DETAILS): ("a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no"),
    (Stage.SYMPTOMS, Stage.RECOMMENDATION): ("a.grade.G1", "a.pattern.III", "all.symptoms.no"),
    (Stage.SYMPTOMS, Stage.WORKUP): ("a.grade.unknown", "a.pattern.III", "all.symptoms.no"),
    (Stage.DETAILS, Stage.DETAILS): (
        "a.grade.G1", "a.pattern.II", "t.p-r0", "t.p-r0", "all.prerequisites.met", "t.s-local", "all.symptoms.no",
        "a.volume.<70", "go.change", "e.prerequisites", "t.p-r0", "t.p-r0", "all.prerequisites.shown",
    ),
    (Stage.DETAILS, Stage.RECOMMENDATION): (
        "a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no",
    ),
    (Stage.DETAILS, Stage.WORKUP): (
        "a.grade.G1", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.unknown",
    ),
    # Those below skip a stage that an answer given otherwise has settled or mooted.
    (Stage.GRADE, Stage.PREREQUISITES): (*OTHERWISE, "e.prerequisites", "all.prerequisites.met"),
    (Stage.GRADE, Stage.SYMPTOMS): (*OTHERWISE, "e.symptoms", "all.symptoms.no"),
    (Stage.PATTERN, Stage.RECOMMENDATION): (*OTHERWISE, "e.pattern", "a.pattern.III"),
    (Stage.PATTERN, Stage.WORKUP): (f"use.{DIFFUSE}", "a.grade.unknown"),
    (Stage.PREREQUISITES, Stage.DETAILS): (f"use.{DOMINANT}", "all.prerequisites.met"),
    (Stage.PREREQUISITES, Stage.RECOMMENDATION): (*OTHERWISE, "e.prerequisites", "all.prerequisites.met"),
    (Stage.PREREQUISITES, Stage.WORKUP): (f"use.{RESTRICTED}", "a.grade.unknown", "all.prerequisites.met"),
}  # fmt: skip

GUARDS = {guard for ways in EDGES.values() for guard, _ in ways}


def test_a_way_is_known_for_exactly_the_declared_edges() -> None:
    """That no other edge is needed shows in test_every_path: where no guard is true the walk fails with NoWayError."""
    assert set(WAYS) == {(source, target) for source, ways in EDGES.items() for _, target in ways}


@pytest.mark.parametrize(("edge", "way"), WAYS.items(), ids=lambda value: "")
def test_every_declared_edge_is_taken(
    edge: tuple[Stage, Stage], way: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: set[tuple[Stage, Stage]] = set()

    class Watched(Walker):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "state" and isinstance(value, Stage) and hasattr(self, "state"):
                taken.add((self.state, value))
            super().__setattr__(name, value)

    monkeypatch.setattr("dialogs.place.Walker", Watched)
    talk = begun(Conversation())
    for action in way:
        talk.forges(action)
    assert edge in taken


def test_the_first_guard_that_is_true_decides_and_no_later_one_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    guards, targets = zip(*EDGES[Stage.GRADE], strict=True)
    opens_symptoms = targets.index(Stage.SYMPTOMS)
    deciding: str = guards[opens_symptoms]

    def guard_of(name: str) -> Callable[[Walker], bool]:
        def guard(walker: Walker) -> bool:
            asked.append(name)
            return name == deciding

        return guard

    for name in GUARDS:
        monkeypatch.setattr(Walker, name, guard_of(name))
    walker = Walker((("grade", "G3"),), STANDINGS.assess)
    MACHINE.events["answered"].trigger(walker)
    assert walker.state is Stage.SYMPTOMS
    assert asked == list(guards[: opens_symptoms + 1])


def test_where_no_guard_is_true_the_walk_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walker, "determined", lambda self: False)
    walker = Walker((("grade", "G3"), ("differentiation", "poor")), STANDINGS.assess)
    with pytest.raises(NoWayError, match="nothing leads on from grade"):
        walk(walker)


def test_without_an_answer_the_talk_stands_at_the_grade_and_asks_for_it() -> None:
    walker = Walker((), STANDINGS.assess)
    question = walk(walker)
    assert question is not None
    assert (walker.state, question.id) == (Stage.GRADE, "grade")


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ({**EDGES, Stage.DETAILS: (("a_detail_matters", Stage.DETAILS),)}, "details is a trap"),
        (
            {
                **EDGES,
                Stage.GRADE: (("pattern_matters", Stage.PATTERN),),
                Stage.PATTERN: (("a_symptom_matters", Stage.SYMPTOMS),),
            },
            "prerequisites is out of reach",
        ),
    ],
)
def test_a_machine_with_a_trap_or_a_stage_out_of_reach_is_not_built(
    edges: Mapping[Stage, tuple[tuple[str, Stage], ...]], message: str
) -> None:
    with pytest.raises(NoWayError, match=message):
        build(edges)


def test_the_chart_shows_every_edge_with_its_guard() -> None:
    chart = diagram.mermaid()
    for source, ways in EDGES.items():
        for guard, target in ways:
            assert f"{source.name} --> {target.name}: answered [{guard}]" in chart
    assert chart.count("-->") == len(WAYS) + 1


def test_leading_somebody_leaves_no_one_registered_with_the_machine() -> None:
    begun(wordless()).taps("a.grade.G1", "a.pattern.I")
    assert MACHINE.models == []
