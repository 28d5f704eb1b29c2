"""What an assessment says of itself: alternatives, changes, the way, the statements, what to get next."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from random import Random
from typing import Any

import pytest

from guideline import UNDETERMINED, Case, assess, guideline
from tests.guideline import contract

BANDS: dict[str, Mapping[str, float]] = {
    "ki67": contract.KI67,
    "mitoses": contract.MITOSES,
    "debulkable_percent": {"<90": 50, ">=90": 95},
}


def _cases(seed: int, number: int, unknown: int) -> Iterable[dict[str, Any]]:
    random = Random(seed)
    for _ in range(number):
        yield contract.without(contract.random_case(random), random.randint(0, unknown), random)


def _headline(case: dict[str, Any]) -> str:
    candidates, _ = contract.outcome(case)
    return candidates.pop() if len(candidates) == 1 else UNDETERMINED


def _other_values(fact: str, now: object) -> Iterator[tuple[object, object]]:
    """What a change to another value is called, and such a value."""
    if fact in BANDS:
        here = _band(fact, float(str(now)))
        yield from ((band, value) for band, value in BANDS[fact].items() if band != here)
    elif not isinstance(now, float | int) or isinstance(now, bool):
        yield from ((value, value) for value in contract.VALUES[fact] if value != now)


def _band(fact: str, number: float) -> str:
    if fact == "debulkable_percent":
        return ">=90" if number >= 90 else "<90"
    first = 3 if fact == "ki67" else 2
    return f"<{first}" if number < first else f"{first}-20" if number <= 20 else ">20"


@pytest.mark.slow
def test_changes_are_all_the_changes_of_one_known_fact_that_change_the_headline() -> None:
    listed = 0
    for case in _cases(2012, 1200, 12):
        found = assess(Case.of(case))
        expected = set()
        for fact, now in case.items():
            for name, value in _other_values(fact, now):
                changed = case | {fact: value}
                if not contract.contradicts_itself(changed) and _headline(changed) != found.headline:
                    expected.add((fact, name, _headline(changed), frozenset(contract.outcome(changed)[0])))
        changes = [(c.fact, c.to, c.headline, frozenset(c.candidates)) for c in found.changes]
        assert set(changes) == (expected if found.headline != UNDETERMINED else set()), case
        assert len(set(changes)) == len(changes)
        listed += len(changes)
    assert listed > 1000


@pytest.mark.slow
def test_alternatives_are_the_excluded_headlines_each_with_the_fewest_known_facts_that_exclude_it() -> None:
    sizes = set()
    for case in _cases(782, 250, 12):
        found = assess(Case.of(case))
        candidates, _ = contract.outcome(case)
        contained = {"ablation-embolisation"} if candidates == {"multimodal-nonsurgical"} else set()
        assert {other.headline for other in found.alternatives} == set(contract.HEADLINES) - candidates - contained, (
            case
        )
        of_weight = [
            fact for fact in case if fact in contract.HEADLINE_FACTS or fact in ("ki67", "mitoses", "differentiation")
        ]
        of_weight += ["hormonal_symptoms"] * ("hormonal_symptoms" in case)
        for other in found.alternatives:
            assert set(other.because_not) <= set(case), case
            assert _excludes(case, other.because_not, other.headline), (case, other)
            fewer = combinations(of_weight, len(other.because_not) - 1)
            assert not any(_excludes(case, facts, other.headline) for facts in fewer), (case, other)
            sizes.add(len(other.because_not))
    assert sizes >= {1, 2, 3, 4}


def _excludes(case: dict[str, Any], facts: Iterable[str], headline: str) -> bool:
    return headline not in contract.outcome({fact: case[fact] for fact in facts})[0]


def test_nothing_is_excluded_while_nothing_is_known() -> None:
    assert assess(Case.of({})).alternatives == ()


@pytest.mark.parametrize(
    ("known", "facts"),
    [
        ({"grade": "G2"}, ("grade",)),
        ({"ki67": 8, "mitoses": 3}, ("ki67", "mitoses")),
        ({"grade": "G2", "ki67": 8, "mitoses": 3}, ("grade",)),
    ],
)
def test_chemotherapy_is_excluded_by_what_the_grade_rests_on(known: dict[str, Any], facts: tuple[str, ...]) -> None:
    excluded = {other.headline: other.because_not for other in assess(Case.of(known)).alternatives}
    assert excluded["systemic-chemotherapy"] == facts


@pytest.mark.parametrize("known", [{"ki67": 25}, {"mitoses": 25}, {"grade": "G3", "ki67": 25}, {"ki67": 25, "age": 40}])
def test_one_count_over_20_excludes_everything_but_chemotherapy(known: dict[str, Any]) -> None:
    found = assess(Case.of(known))
    assert found.headline == "systemic-chemotherapy"
    one = "grade" if "grade" in known else next(iter(known))
    assert {other.because_not for other in found.alternatives} == {(one,)}


def test_the_way_of_a_complete_case_follows_its_answers_from_the_root_to_the_headline() -> None:
    tree = guideline().tree
    for case in _cases(1, 1000, 0):
        found = assess(Case.of(case))
        target = tree.root
        for step in found.way:
            assert step.node.id == target
            assert step.edge is not None
            value = found.known[step.node.fact]
            assert [edge for edge in step.node.edges if edge.open_to(value)] == [step.edge]
            target = step.edge.to
        assert target == found.headline


def test_the_way_of_a_determined_case_leads_to_its_headline_and_stops_only_at_a_needed_fact() -> None:
    tree = guideline().tree
    for case in _cases(2, 2000, 14):
        found = assess(Case.of(case))
        for step in found.way:
            open_edges = [edge for edge in step.node.edges if edge.open_to(found.case.possible(step.node.fact))]
            assert len(open_edges) > 1 if step.edge is None else step.edge in open_edges, case
        if found.headline != UNDETERMINED:
            last = found.way[-1]
            assert found.headline in ([last.edge.to] if last.edge else [edge.to for edge in last.node.edges]), case
        elif found.way and (edge := found.way[-1].edge):
            assert tree.nodes[edge.to].fact in found.needed, case
        else:
            assert found.way or tree.nodes[tree.root].fact in found.needed, case


def test_because_names_known_statements_that_carry_the_headline_the_way_and_each_adjunct() -> None:
    everything = guideline()
    rules = {rule.id: set(rule.because) for rule in everything.rules.adjuncts}
    for case in _cases(3, 1000, 14):
        found = assess(Case.of(case))
        carried = {id_ for step in found.way if step.edge for id_ in step.edge.because}
        assert set(found.carrying) <= set(everything.tree.headlines.get(found.headline, ()))
        carried |= set(found.carrying)
        for adjunct in found.adjuncts:
            assert set(found.adjunct_because(adjunct)) >= rules[adjunct]
            carried |= set(found.adjunct_because(adjunct))
        assert set(found.because) == carried, case
        assert len(set(found.because)) == len(found.because)
        assert carried <= set(everything.evidence.statements)


def test_what_to_get_next_is_said_for_every_needed_fact_in_that_order() -> None:
    for case in _cases(4, 500, 22):
        found = assess(Case.of(case))
        assert tuple(step.fact for step in found.workup) == found.needed
        assert all(step.source and step.get for step in found.workup)


def test_the_work_up_names_every_examination_of_section_4() -> None:
    statements = guideline().evidence.statements
    found = assess(Case.of({}))
    steps = {step.fact: step for step in (*found.workup, found.general_workup)}
    got = {id_ for step in steps.values() for id_ in step.get}
    examinations = {"workup-biopsy", "workup-ct", "workup-mri", "workup-sstr", "workup-cga", "workup-hormone-panel"}
    assert examinations <= got
    assert {statements[id_].section for id_ in examinations} == {"4"}
    assert "workup-biopsy" in steps["grade"].get
    assert {"workup-ct", "workup-mri", "workup-sstr"} <= set(steps["pattern"].get)


def test_equal_cases_give_equal_assessments_whatever_the_order_of_the_answers() -> None:
    for case in _cases(5, 300, 10):
        one, other = assess(Case.of(case)), assess(Case.of(dict(reversed(case.items()))))
        for part in (
            "headline",
            "candidates",
            "needed",
            "adjuncts",
            "caveats",
            "transplant",
            "updates",
            "because",
            "changes",
        ):
            assert getattr(one, part) == getattr(other, part), (case, part)
        assert one.alternatives == other.alternatives, case


def test_an_assessment_carries_the_version_of_the_content() -> None:
    assert assess(Case.of({})).version == guideline().evidence.stamp.version != ""
