"""The grade from Ki-67 and mitoses (§2 of the review), and what follows from symptoms and prerequisites."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from guideline import Case, CaseError, assess
from guideline.case import NO, YES
from guideline.values import Possible, Values
from tests.guideline import contract

KI67 = {0: 1, 2.9: 1, 2.999: 1, 3: 2, 8: 2, 20: 2, 20.0001: 3, 21: 3, 100: 3}
MITOSES = {0: 1, 1: 1, 1.999: 1, 2: 2, 20: 2, 20.0001: 3, 21: 3, 5000: 3}

OPEN = Values({True, False})


def _known(facts: Mapping[str, object]) -> Mapping[str, Possible]:
    return assess(Case.of(facts)).known


def _grades(**known: object) -> set[object]:
    grades = _known(known)["grade"]
    assert isinstance(grades, Values)
    return set(grades)


@pytest.mark.parametrize(("ki67", "mitoses"), [*product(KI67, MITOSES)])
def test_with_both_counts_the_higher_grade_holds(ki67: float, mitoses: float) -> None:
    assert _grades(ki67=ki67, mitoses=mitoses) == {f"G{max(KI67[ki67], MITOSES[mitoses])}"}


@pytest.mark.parametrize("ki67", KI67)
def test_ki67_alone_is_the_lowest_grade_it_can_be(ki67: float) -> None:
    assert _grades(ki67=ki67) == {f"G{grade}" for grade in range(KI67[ki67], 4)}


@pytest.mark.parametrize("mitoses", MITOSES)
def test_mitoses_alone_are_the_lowest_grade_it_can_be(mitoses: float) -> None:
    assert _grades(mitoses=mitoses) == {f"G{grade}" for grade in range(MITOSES[mitoses], 4)}


def test_without_grade_and_counts_every_grade_is_possible() -> None:
    assert _grades() == {"G1", "G2", "G3"}


@pytest.mark.parametrize(("ki67", "grade"), [*product([None, *KI67], ["G1", "G2", "G3"])])
def test_a_grade_beside_counts_holds_or_is_refused_as_their_contradiction(ki67: float | None, grade: str) -> None:
    for mitoses in (None, *MITOSES):
        known = {fact: number for fact, number in (("ki67", ki67), ("mitoses", mitoses)) if number is not None}
        if contract.possible_grades({**known, "grade": grade}):
            assert _grades(grade=grade, **known) == {grade}
        else:
            with pytest.raises(CaseError) as refused:
                _grades(grade=grade, **known)
            assert refused.value.field == "grade"
            assert all(name in refused.value.message for name in (grade, *known))


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ({"grade": "G1", "ki67": 10}, True),
        ({"grade": "G1", "mitoses": 2}, True),
        ({"grade": "G2", "ki67": 2}, False),  # mitoses may still make it G2
        ({"grade": "G2", "ki67": 2, "mitoses": 1}, True),
        ({"grade": "G2", "ki67": 2, "mitoses": 2}, False),
        ({"grade": "G2", "ki67": 20.0001}, True),
        ({"grade": "G3", "ki67": 2}, False),
        ({"grade": "G3", "ki67": 20, "mitoses": 20}, True),
        ({"grade": "G1", "ki67": 2.999, "mitoses": 1.999}, False),
    ],
)
def test_a_grade_contradicts_counts_only_when_they_leave_no_room_for_it(known: dict[str, Any], refused: bool) -> None:
    if refused:
        with pytest.raises(CaseError) as error:
            _grades(**known)
        assert error.value.field == "grade"
    else:
        assert _grades(**known) == {known["grade"]}


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ({}, False),
        ({"grade": "G3"}, False),
        ({"grade": "G2"}, True),
        ({"grade": "G1"}, True),
        ({"ki67": 8}, False),  # mitoses may still make it G3
        ({"ki67": 8, "mitoses": 3}, True),
        ({"ki67": 2, "mitoses": 1}, True),
        ({"ki67": 21}, False),
        ({"grade": frozenset({"G1", "G2"})}, True),
        ({"grade": frozenset({"G2", "G3"})}, False),
    ],
)
def test_poor_differentiation_says_g3_and_is_refused_beside_another_grade(known: dict[str, Any], refused: bool) -> None:
    if refused:
        with pytest.raises(CaseError) as error:
            _grades(differentiation="poor", **known)
        assert error.value.field == "differentiation"
        assert all(name in error.value.message for name in known)
    else:
        assert _grades(differentiation="poor", **known) == {"G3"}


@pytest.mark.parametrize(
    ("known", "well"), [({"grade": "G1"}, True), ({"ki67": 8, "mitoses": 3}, True), ({"ki67": 8}, False), ({}, False)]
)
def test_g1_and_g2_are_well_differentiated(known: dict[str, Any], well: bool) -> None:
    assert (_known(known).get("differentiation") == frozenset({"well"})) is well


def test_a_grade_known_to_be_one_of_two_is_narrowed_by_a_count() -> None:
    assert _grades(grade=frozenset({"G1", "G2"}), ki67=10) == {"G2"}
    assert _grades(grade=frozenset({"G2", "G3"}), mitoses=0) == {"G2", "G3"}


@pytest.mark.parametrize("name", ["carcinoid_syndrome", "refractory_symptoms"])
def test_symptoms_that_imply_a_functioning_tumour_say_so(name: str) -> None:
    assert _known({name: True})["hormonal_symptoms"] == YES
    assert "hormonal_symptoms" not in _known({name: False})
    assert _known({"hormonal_symptoms": False})[name] == NO
    assert name not in _known({"hormonal_symptoms": True})


@pytest.mark.parametrize("one", [True, False, None])
@pytest.mark.parametrize("other", [True, False, None])
def test_an_indication_is_either_of_the_two_and_absent_only_without_both(one: bool | None, other: bool | None) -> None:
    known = _known({"refractory_symptoms": one, "local_effects": other})
    expected = YES if True in (one, other) else NO if one is other is False else OPEN
    assert known["indication"] == expected


@pytest.mark.parametrize(
    ("known", "cure"),
    [
        ({}, OPEN),
        ({"primary": "unresectable"}, NO),
        ({"r0_feasible": False}, NO),
        ({"extrahepatic": "unresectable"}, NO),
        ({"primary": "resected", "r0_feasible": True}, OPEN),
        ({"primary": "resectable", "r0_feasible": True, "extrahepatic": "resectable"}, YES),
        ({"primary": frozenset({"resected", "resectable"}), "r0_feasible": True, "extrahepatic": "none"}, YES),
    ],
)
def test_a_cure_by_resection_needs_all_three_and_any_one_rules_it_out(known: dict[str, Any], cure: object) -> None:
    assert _known(known)["cure_by_resection"] == cure


@pytest.mark.parametrize(
    ("known", "unresectable"),
    [
        ({"pattern": "III"}, YES),
        ({"r0_feasible": False}, YES),
        ({"pattern": "III", "r0_feasible": True}, YES),
        ({"pattern": "II", "r0_feasible": True}, NO),
        ({"pattern": "II"}, OPEN),
        ({"r0_feasible": True}, OPEN),
        ({"pattern": frozenset({"I", "II"}), "r0_feasible": True}, NO),
    ],
)
def test_metastases_are_unresectable_in_type_iii_or_without_r0(known: dict[str, Any], unresectable: object) -> None:
    assert _known(known)["metastases_unresectable"] == unresectable
