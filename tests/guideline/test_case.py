"""What a case takes and what it refuses, by the table of docs/contract.md."""

import math
from typing import Any

import pytest

from guideline import Case, CaseError, Span
from guideline.case import CHOICES, FACTS, NUMBERS
from tests.support import contract_page

YES_NO = (True, False)
PAGE = contract_page.facts()
TABLE: dict[str, tuple[Any, ...]] = {fact: row.values for fact, row in PAGE.items() if row.values}
RANGES = {fact: row for fact, row in PAGE.items() if not row.values}
TAKEN = {
    "ki67": (0, 0.0, 2.999, 3, 20, 20.0001, 100),
    "lesion_count": (1, 1.0, 7, 8, 8.0, 300),
    "mitoses": (0, 1, 2, 20, 20.0001, 500, 1e300),
    "debulkable_percent": (0, 69.9, 89.999, 90, 100),
    "largest_lesion_cm": (5e-324, 0.1, 3, 3.1, 5, 5.1, 40),
    "age": (0, 18, 50, 51, 104),
    "liver_involvement_percent": (0, 50, 50.1, 100),
    "stable_months": (0, 5.9, 6, 240),
}
REFUSED = {"age": (-1, 1000), "largest_lesion_cm": (-0.0,)}
"""Numbers besides the ends of the ranges on the page."""


def taken(fact: str) -> list[float]:
    """Numbers that are taken: at the ends of the range, just inside, and some of those between."""
    row = RANGES[fact]
    inside = row.low + 1 if row.whole else math.nextafter(row.low, math.inf)
    ends = (row.low if row.low_in else inside, inside, row.high) if math.isfinite(row.low) else ()
    return [*(end for end in ends if math.isfinite(end)), *TAKEN.get(fact, ())]


def refused(fact: str) -> list[float]:
    """Numbers that are refused: just outside the range and far from it; of a count, halves as well."""
    row = RANGES[fact]
    outside = [row.low - 0.001, row.low - 1, row.high + 0.001, row.high + 1000, *(() if row.low_in else (row.low,))]
    halves = [row.low + 0.5, row.low + 6.5, row.low + 7.001] if row.whole else []
    return [*(one for one in (*outside, *halves) if math.isfinite(one)), *REFUSED.get(fact, ())]


NO_NUMBER: tuple[object, ...] = (
    True,
    False,
    "8",
    "",
    "NaN",
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    -(10**400),
    10**5000,
    [8],
    [],
    {},
    8j,
)
NO_CHOICE: tuple[object, ...] = (
    0,
    1,
    1.0,
    0.0,
    "",
    "yes",
    "true",
    "True",
    "g1",
    "G4",
    " G1",
    "G1 ",
    "II ",
    "ii",
    [],
    ["G1"],
    {},
    {"G1"},
    b"G1",
)


def _refused(facts: Any) -> CaseError:
    refused: CaseError | None = None
    try:
        taken = Case.of(facts)
    except CaseError as error:
        refused = error
    assert refused is not None, f"taken: {taken}"
    assert refused.message
    assert str(refused) == refused.message
    assert len(refused.message) < 250
    return refused


def test_the_facts_are_those_of_the_contract() -> None:
    assert set(FACTS) == set(PAGE)
    assert {fact: set(values) for fact, values in CHOICES.items()} == {fact: set(v) for fact, v in TABLE.items()}
    assert set(NUMBERS) == set(RANGES)


@pytest.mark.parametrize(("fact", "value"), [(fact, value) for fact, values in TABLE.items() for value in values])
def test_every_value_of_the_table_is_taken_as_itself(fact: str, value: object) -> None:
    case = Case.of({fact: value})
    assert case.possible(fact) == frozenset({value})
    assert case.settled(fact)


@pytest.mark.parametrize(("fact", "value"), [(fact, value) for fact in RANGES for value in taken(fact)])
def test_every_number_in_range_is_taken_its_ends_too(fact: str, value: float) -> None:
    case = Case.of({fact: value})
    assert case.possible(fact) == Span.at(value)
    assert case.settled(fact)


@pytest.mark.parametrize(("fact", "value"), [(fact, value) for fact in RANGES for value in refused(fact)])
def test_a_number_out_of_range_is_refused_with_the_range(fact: str, value: float) -> None:
    error = _refused({fact: value})
    assert error.field == fact
    assert fact in error.message
    assert str(value) in error.message
    assert NUMBERS[fact][1] in error.message


@pytest.mark.parametrize("fact", RANGES)
def test_what_is_no_number_is_refused_where_a_number_belongs(fact: str) -> None:
    errors = [_refused({fact: value}) for value in NO_NUMBER]
    assert [error.message for error in errors if error.field != fact or NUMBERS[fact][1] not in error.message] == []


@pytest.mark.parametrize("fact", TABLE)
def test_what_is_no_value_of_the_fact_is_refused_with_those_that_are(fact: str) -> None:
    takes = "true or false" if TABLE[fact] == YES_NO else ", ".join(TABLE[fact])
    errors = [_refused({fact: value}) for value in NO_CHOICE]
    assert [error.message for error in errors if error.field != fact or takes not in error.message] == []


@pytest.mark.parametrize("fact", [fact for fact, values in TABLE.items() if values != YES_NO])
def test_a_bool_is_refused_where_a_word_belongs(fact: str) -> None:
    assert _refused({fact: True}).field == fact


@pytest.mark.parametrize(
    "name", ["Grade", "grade ", "ki-67", "headline", "imaging_to_get", "indication", "", "x" * 9999]
)
def test_a_field_that_is_not_in_the_table_is_refused_by_its_name(name: str) -> None:
    assert _refused({"grade": "G1", name: True}).field == name


@pytest.mark.parametrize("name", [None, 3, True, ("grade",)])
def test_a_name_that_is_no_text_is_refused(name: object) -> None:
    assert _refused({name: "G1"}).field == str(name)


@pytest.mark.parametrize("facts", [None, [], [["grade", "G1"]], "grade", 3, True])
def test_what_is_no_object_of_facts_is_refused(facts: object) -> None:
    assert "takes an object of facts" in _refused(facts).message


@pytest.mark.parametrize("fact", FACTS)
def test_null_and_absent_both_mean_not_known_yet(fact: str) -> None:
    assert Case.of({fact: None}) == Case.of({}) == Case()
    assert Case.of({fact: None}).known == {}
    assert not Case().settled(fact)


@pytest.mark.parametrize("name", ["carcinoid_syndrome", "refractory_symptoms"])
def test_hormonal_symptoms_cannot_be_absent_while_something_implies_them(name: str) -> None:
    error = _refused({"hormonal_symptoms": False, name: True})
    assert error.field == "hormonal_symptoms"
    assert name in error.message
    for hormonal, implies in ((True, True), (True, False), (False, False), (None, True), (False, None)):
        Case.of({"hormonal_symptoms": hormonal, name: implies})


def test_part_of_the_values_and_a_band_are_narrower_than_unknown() -> None:
    case = Case.of({"primary": frozenset({"resected", "resectable"}), "age": Span.read("<=50")})
    assert case.possible("primary") == frozenset({"resected", "resectable"})
    assert case.possible("age") == Span(0, 50)
    assert not case.settled("primary")
    assert not case.settled("age")


def test_all_values_of_a_fact_are_the_same_as_not_known() -> None:
    assert Case.of({"r0_feasible": frozenset({True, False}), "ki67": Span(0, 100)}) == Case()


@pytest.mark.parametrize(
    ("fact", "value"),
    [("primary", frozenset()), ("primary", frozenset({"resected", "gone"})), ("r0_feasible", frozenset({1})),
     ("ki67", Span.read(">100")), ("age", Span(-9, -1)), ("grade", Span.read("<3")), ("ki67", frozenset({3}))],
)  # fmt: skip
def test_a_part_that_holds_no_value_of_the_fact_is_refused(fact: str, value: object) -> None:
    assert _refused({fact: value}).field == fact


def test_a_case_cannot_be_changed_once_taken() -> None:
    facts = {"grade": "G1"}
    case = Case.of(facts)
    facts["grade"] = "G3"
    assert case.possible("grade") == frozenset({"G1"})
    with pytest.raises(TypeError):
        case.known["grade"] = frozenset({"G3"})  # type: ignore[index]
