"""What decides an open case, held against the core's own answers to each value."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from guideline import UNDETERMINED, Case, Span, assess
from guideline.case import NUMBERS
from guideline.values import Choice, Possible, Values
from tests.support.ways import OPEN_CASES, SETTLED


def test_only_an_open_case_has_it_and_it_ends_with_what_is_left() -> None:
    assert not any(found.decides for found in SETTLED if found.headline != UNDETERMINED)
    for found in OPEN_CASES:
        *aside, rest = found.decides
        assert rest.rest
        assert not any(one.rest for one in aside)
        named = {headline for one in found.decides for headline in one.candidates}
        assert named == set(found.candidates)


def _possible(fact: str, values: Iterable[Choice], known: Possible | None) -> Possible:
    """The fact with one of these values, as a case has it."""
    if fact not in NUMBERS:
        found: Possible = Values(values)
    else:
        spans = sorted(Span.read(str(value)) for value in values)
        found = Span(spans[0].low, spans[-1].high, spans[0].low_in, spans[-1].high_in).both(NUMBERS[fact][0])
    return found.both(known) if known else found


def test_each_value_leads_where_the_core_says_once_those_before_it_do_not_lead_aside() -> None:
    checked = 0
    for found in OPEN_CASES:
        known = found.case.known
        assumed = {fact: _possible(fact, values, known.get(fact)) for fact, values in found.decides[-1].values}
        order = list(assumed)
        for one in found.decides[:-1]:
            for fact, values in one.values:
                before = {name: assumed[name] for name in order[: order.index(fact)]}
                for value in values:
                    case = Case.of({**known, **before, fact: _possible(fact, [value], known.get(fact))})
                    assert assess(case).candidates == one.candidates, (known, fact, value)
                    checked += 1
        assert assess(Case.of({**known, **assumed})).candidates == found.decides[-1].candidates
    assert checked > 100


@pytest.mark.parametrize(
    ("case", "decides"),
    [
        (
            {
                "ki67": 8,
                "pattern": "I",
                "primary": "resected",
                "r0_feasible": True,
                "extrahepatic": "none",
                "fit_for_surgery": True,
                "carcinoid_heart_disease": "none",
            },
            [
                ((("mitoses", (">20",)),), ("systemic-chemotherapy",)),
                ((("mitoses", ("<2", "2-20")),), ("resection",)),
            ],
        ),
        (
            {"pattern": "III"},
            [
                ((("grade", ("G3",)),), ("systemic-chemotherapy",)),
                ((("grade", ("G1", "G2")),), ("multimodal-nonsurgical",)),
            ],
        ),
    ],
)
def test_what_decides_common_open_cases(case: dict[str, object], decides: list[object]) -> None:
    assert [(one.values, one.candidates) for one in assess(Case.of(case)).decides] == decides


def test_of_nothing_known_it_is_the_whole_algorithm_in_order() -> None:
    facts = [one.values[0][0] for one in assess(Case.of({})).decides[:-1]]
    assert facts == [
        "grade", "pattern", "fit_for_surgery", "primary", "carcinoid_heart_disease", "one_stage_clearance",
    ]  # fmt: skip
