"""The headline, its candidates and what is needed, against brute force over every case there is."""

from itertools import product
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from guideline import UNDETERMINED, Case, Span, assess, guideline
from guideline.values import Possible, Values
from tests.guideline import contract

pytestmark = pytest.mark.slow

FACTS = tuple(contract.HEADLINE_FACTS)
UNKNOWN = None


def _with_unknown(every: npt.NDArray[np.uint16], axis: int) -> npt.NDArray[np.uint16]:
    """The bits with one more place on the axis, for the fact not known: whatever any of its values has."""
    return np.concatenate([every, np.bitwise_or.reduce(every, axis, keepdims=True)], axis)


def _candidate_bits() -> npt.NDArray[np.uint16]:
    bits = (1 << contract.COMPLETE.astype(np.uint16)).astype(np.uint16)
    for axis in range(len(FACTS)):
        bits = _with_unknown(bits, axis)
    return bits


def _needed_bits() -> npt.NDArray[np.uint16]:
    needed = np.zeros([len(values) + 1 for values in contract.HEADLINE_FACTS.values()], np.uint16)
    for axis in range(len(FACTS)):
        differs = contract.COMPLETE.max(axis, keepdims=True) != contract.COMPLETE.min(axis, keepdims=True)
        bits = differs.astype(np.uint16) << axis
        for other in range(len(FACTS)):
            if other != axis:
                bits = _with_unknown(bits.astype(np.uint16), other)
        where_unknown = (slice(None),) * axis + (slice(-1, None),)
        needed[where_unknown] |= bits
    return needed


def _named(bits: int, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for place, name in enumerate(names) if bits >> place & 1)


def _known(value: Any) -> Possible:
    return Span.at(value) if isinstance(value, float | int) and not isinstance(value, bool) else Values({value})


@pytest.fixture(scope="module")
def every_partial_case() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    return _candidate_bits(), _needed_bits()


@pytest.mark.parametrize("pattern", range(4), ids=["I", "II", "III", "unknown"])
@pytest.mark.parametrize("grade", range(4), ids=["G1", "G2", "G3", "unknown"])
def test_every_partial_case_has_exactly_its_candidates_and_what_is_needed(
    grade: int, pattern: int, every_partial_case: tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]
) -> None:
    candidate_bits, needed_bits = every_partial_case
    classes, decide = guideline().classes, guideline().decider.decide
    candidates = [_named(bits, contract.HEADLINES) for bits in range(1 << len(contract.HEADLINES))]
    needed = [_named(bits, FACTS) for bits in range(1 << len(FACTS))]
    choices = [
        [*((fact, _known(value)) for value in values), UNKNOWN] for fact, values in contract.HEADLINE_FACTS.items()
    ]
    choices[0], choices[1] = [choices[0][grade]], [choices[1][pattern]]
    expected = zip(candidate_bits[grade, pattern].flat, needed_bits[grade, pattern].flat, strict=True)
    wrong = []
    for known, (reached, asked) in zip(product(*choices), expected, strict=True):
        _, found = decide(classes.known(dict(filter(None, known))))
        if set(found.candidates) != candidates[reached] or set(found.needed) != needed[asked]:
            wrong.append((known, found))
    assert not wrong[:2], f"{len(wrong)} cases"


def test_there_are_as_many_partial_cases_as_the_facts_make() -> None:
    assert _candidate_bits().size == _needed_bits().size == 933_120


@pytest.mark.parametrize("grade", contract.HEADLINE_FACTS["grade"])
def test_every_complete_case_has_the_headline_of_the_contract(grade: str) -> None:
    rest = {fact: values for fact, values in contract.HEADLINE_FACTS.items() if fact != "grade"}
    for values in product(*rest.values()):
        case = {"grade": grade, **dict(zip(rest, values, strict=True))}
        found = assess(Case.of(case))
        assert (found.headline, found.candidates, found.needed) == (
            contract.headline(case),
            (contract.headline(case),),
            (),
        ), case


def test_partial_cases_with_counts_and_symptoms_agree_with_all_their_completions() -> None:
    random = Random(2012)
    for _ in range(3000):
        case = contract.random_case(random)
        case = contract.without(case, random.randint(0, len(case)), random)
        found = assess(Case.of(case))
        candidates, needed = contract.outcome(case)
        assert (set(found.candidates), set(found.needed)) == (candidates, needed), case
        assert found.headline == (found.candidates[0] if len(candidates) == 1 else UNDETERMINED)
        assert len(found.candidates) == len(candidates)
        assert len(found.needed) == len(needed)


def test_filling_in_more_never_changes_a_determined_headline_and_never_adds_a_candidate() -> None:
    random = Random(782672)
    for _ in range(400):
        complete = list(contract.random_case(random).items())
        random.shuffle(complete)
        before = assess(Case.of({}))
        for known in range(1, len(complete) + 1):
            after = assess(Case.of(dict(complete[:known])))
            assert set(after.candidates) <= set(before.candidates), complete[:known]
            assert before.headline in (UNDETERMINED, after.headline), complete[:known]
            before = after
        assert before.headline != UNDETERMINED


@pytest.mark.parametrize("known", [{"grade": "G3"}, {"pattern": "III"}])
def test_g3_and_type_iii_never_reach_an_operation(known: dict[str, str]) -> None:
    random = Random(5)
    surgical = {*contract.RESECTIONS, "debulking", "optimise-heart-first"}
    for _ in range(500):
        case = {**contract.random_case(random), **known}
        if "grade" in known:
            case = {fact: value for fact, value in case.items() if fact not in ("ki67", "mitoses")}
        case = contract.without(case, random.randint(0, 20), random) | known
        assert surgical.isdisjoint(assess(Case.of(case)).candidates), case


def test_every_edge_of_the_tree_is_walked_and_every_headline_reached() -> None:
    walked: set[tuple[str, str, Possible]] = set()
    reached = set()
    for values in product(*contract.HEADLINE_FACTS.values()):
        found = assess(Case.of(dict(zip(FACTS, values, strict=True))))
        walked |= {(step.node.id, step.edge.to, step.edge.values) for step in found.way if step.edge}
        reached.add(found.headline)
    tree = guideline().tree
    assert walked == {(node.id, edge.to, edge.values) for node in tree.nodes.values() for edge in node.edges}
    assert reached == set(tree.headlines) == set(contract.HEADLINES)


def test_of_an_empty_case_all_is_possible_and_all_is_needed_in_the_order_of_asking() -> None:
    found = assess(Case.of({}))
    assert found.needed == guideline().tree.facts
    assert found.candidates == tuple(guideline().tree.headlines)
