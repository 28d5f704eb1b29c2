"""What comes with a headline, against the completions of each case."""

from collections.abc import Iterable
from functools import reduce
from itertools import product
from random import Random
from typing import Any

import pytest

from guideline import Case, Span, assess, guideline
from tests.guideline import contract
from tests.support.ways import ALL

pytestmark = pytest.mark.slow


def _partial_cases(seed: int, number: int, unknown: int = 5) -> Iterable[dict[str, Any]]:
    random = Random(seed)
    for _ in range(number):
        complete = contract.random_case(random)
        yield contract.without(complete, random.randint(0, unknown), random)


def test_every_complete_case_has_exactly_the_adjuncts_and_notes_of_the_contract() -> None:
    random = Random(54)
    for _ in range(15_000):
        case = contract.random_case(random)
        graded = {**case, "grade": min(contract.possible_grades(case))}
        found = assess(Case.of(case))
        assert set(found.adjuncts) == contract.adjuncts(graded), case
        assert set(found.caveats) == contract.caveats(case), case
        assert set(found.updates) == contract.updates(graded), case


def test_an_adjunct_is_established_when_every_completion_has_it_and_only_then() -> None:
    for case in _partial_cases(51, 1500):
        every = [contract.adjuncts(complete, known=case) for complete in contract.completions(case)]
        found = assess(Case.of(case))
        assert set(found.adjuncts) == reduce(set.intersection, every), case
        assert set(found.caveats) == contract.caveats(case), case


def _word(verdicts: set[bool]) -> str:
    return "unknown" if len(verdicts) > 1 else "met" if verdicts == {True} else "not met"


def test_a_criterion_is_met_or_failed_when_every_completion_agrees_and_only_then() -> None:
    weighed = 0
    for case in _partial_cases(64, 3000):
        every = [contract.criteria(complete) for complete in contract.completions(case)]
        found = assess(Case.of(case)).transplant
        if None in every:
            assert found is None, case
            continue
        weighed += 1
        assert found is not None, case
        verdicts = {id_: {complete[id_] for complete in every if complete} for id_ in found.criteria}
        words = {id_: _word(of) for id_, of in verdicts.items()}
        assert found.criteria == words, case
        failed, all_met = "not met" in words.values(), set(words.values()) == {"met"}
        assert found.status == ("not-eligible" if failed else "eligible" if all_met else "undetermined"), case
    assert weighed > 200


def test_a_note_shown_for_a_partial_case_stays_unless_it_turns_out_to_be_another_disease() -> None:
    for case in _partial_cases(53, 1500):
        shown = set(assess(Case.of(case)).updates) - {"sstr-imaging"}
        for complete in contract.completions(case):
            gone = shown - contract.updates(complete)
            if "differentiation" not in case and complete["differentiation"] == "poor":
                gone -= {"g3-net", "prrt", "debulking-70", "primary-with-unresectable-liver"}
            if "fit_for_surgery" not in case and not complete["fit_for_surgery"]:
                gone -= {"prophylactic-cholecystectomy", "debulking-70"}
            assert not gone, (case, complete)


def test_a_note_that_every_completion_has_is_shown() -> None:
    for case in _partial_cases(52, 1500):
        every = [contract.updates(complete) for complete in contract.completions(case)]
        certain = reduce(set.intersection, every)
        if "pattern" not in case:
            certain -= {"type-naming", "debulking-70"}  # each pattern has its own reason for it
        assert certain <= set(assess(Case.of(case)).updates), case


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"grade": "G3"}, True),
        ({"grade": "G3", "differentiation": "well"}, True),
        ({"grade": "G3", "differentiation": "poor"}, False),
        ({"ki67": 21}, True),
        ({"ki67": 20}, False),
        ({"grade": "G2", "differentiation": "well"}, False),
        ({}, False),
    ],
)
def test_g3_counts_as_perhaps_well_differentiated_until_known_to_be_poor(known: dict[str, Any], shown: bool) -> None:
    assert ("g3-net" in assess(Case.of(known)).updates) is shown


@pytest.mark.parametrize(
    ("percent", "shown"), [(69.9, False), (70, True), (89, True), (89.9, True), (90, True), (100, True), (None, False)]
)
def test_the_newer_debulking_threshold_is_shown_from_70_percent(percent: float | None, shown: bool) -> None:
    case = {"grade": "G2", "pattern": "II", "fit_for_surgery": True, "r0_feasible": False, "local_effects": True}
    case |= {"carcinoid_heart_disease": "none", "debulkable_percent": percent}
    assert ("debulking-70" in assess(Case.of(case)).updates) is shown


@pytest.mark.parametrize(
    "against", [{}, {"grade": "G3"}, {"pattern": "III"}, {"fit_for_surgery": False}, {"grade": "G3", "pattern": "III"}]
)
def test_no_grade_pattern_or_fitness_hides_the_notes_on_the_threshold_and_the_primary(against: dict[str, Any]) -> None:
    case = {"grade": "G2", "pattern": "II", "fit_for_surgery": True, "r0_feasible": False, "primary": "resectable"}
    case |= {"refractory_symptoms": True, "debulkable_percent": 89, **against}
    assert {"debulking-70", "primary-with-unresectable-liver"} <= set(assess(Case.of(case)).updates)


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"grade": "G3"}, True),
        ({"grade": "G3", "differentiation": "poor"}, True),
        ({"ki67": 2}, True),
        ({"mitoses": 5}, True),
        ({"grade": "G2"}, False),
        ({}, False),
    ],
)
def test_the_newer_grading_is_shown_with_a_count_or_g3(known: dict[str, Any], shown: bool) -> None:
    assert ("grading-2022" in assess(Case.of(known)).updates) is shown


@pytest.mark.parametrize(("syndrome", "refractory"), list(product((True, False, None), repeat=2)))
def test_telotristat_is_shown_for_a_carcinoid_syndrome_that_is_not_controlled(
    syndrome: bool | None, refractory: bool | None
) -> None:
    case = {"grade": "G1", "pattern": "III", "carcinoid_syndrome": syndrome, "refractory_symptoms": refractory}
    assert ("telotristat" in assess(Case.of(case)).updates) is bool(syndrome and refractory)


def test_receptor_imaging_is_shown_while_undetermined_with_imaging_to_get_and_only_then() -> None:
    imaging = {
        "pattern", "primary", "r0_feasible", "extrahepatic", "one_stage_clearance", "local_effects",
        "debulkable_percent",
    }  # fmt: skip
    random = Random(4)
    for _ in range(1000):
        complete = contract.random_case(random)
        found = assess(Case.of(contract.without(complete, random.randint(0, 12), random)))
        assert ("sstr-imaging" in found.updates) is not imaging.isdisjoint(found.needed), found.case


def _along(case: dict[str, Any]) -> tuple[object, ...]:
    """What comes with a complete case."""
    weighed = contract.criteria(case)
    against = weighed and (case["fit_for_surgery"], case["carcinoid_heart_disease"] == "uncontrolled")
    return contract.adjuncts(case), contract.caveats(case), weighed, against, contract.updates(case)


def test_every_fact_offered_can_add_something() -> None:
    offered = 0
    for case in _partial_cases(6, 700):
        complete = list(contract.completions(case))
        for fact in assess(Case.of(case)).could_add:
            offered += 1
            assert fact not in case
            seen: dict[tuple[object, ...], tuple[object, ...]] = {}
            rest = (tuple((name, one[name]) for name in contract.VALUES if name != fact) for one in complete)
            pairs = zip(rest, map(_along, complete), strict=True)
            assert any(seen.setdefault(others, along) != along for others, along in pairs), (case, fact)
    assert offered > 200


@pytest.mark.parametrize(
    ("known", "offered"),
    [
        ({"grade": "G3"}, {"graded_tissue", "differentiation"}),
        ({"grade": "G3", "differentiation": "poor"}, {"graded_tissue"}),
        ({"grade": "G3", "differentiation": "well"}, {"graded_tissue"}),
        ({"grade": "G2", "pattern": "III", "age": 51, "timing": "synchronous"}, {
            "graded_tissue", "carcinoid_syndrome", "refractory_symptoms", "local_effects", "debulkable_percent",
            "fit_for_surgery", "carcinoid_heart_disease", "primary", "primary_small_asymptomatic", "primary_site",
            "hepatomegaly", "extrahepatic", "portal_drainage", "liver_involvement_percent", "stable_months",
        }),
        ({"grade": "G2", "pattern": "III", "fit_for_surgery": False, "carcinoid_syndrome": False}, {
            "graded_tissue", "carcinoid_heart_disease", "primary", "primary_small_asymptomatic", "primary_site",
            "hepatomegaly", "extrahepatic", "portal_drainage", "liver_involvement_percent", "stable_months", "age",
        }),
        ({"grade": "G2", "pattern": "I", "fit_for_surgery": False, "r0_feasible": True}, {
            "graded_tissue", "carcinoid_syndrome", "largest_lesion_cm", "primary_site",
        }),
        ({"grade": "G2", "graded_tissue": "metastasis", "pattern": "I", "r0_feasible": False, "primary": "resected",
          "refractory_symptoms": False, "local_effects": False, "carcinoid_syndrome": False,
          "primary_site": "colon"}, {"fit_for_surgery", "debulkable_percent", "largest_lesion_cm"}),
    ],
)  # fmt: skip
def test_what_is_offered_is_what_a_clinician_would_expect(known: dict[str, Any], offered: set[str]) -> None:
    assert set(assess(Case.of(known)).could_add) == offered


def test_every_fact_that_could_add_an_adjunct_or_decide_a_criterion_is_offered_or_needed() -> None:
    for case in _partial_cases(8, 700):
        found = assess(Case.of(case))
        complete = list(contract.completions(case))
        for fact in contract.VALUES.keys() - {*case, *found.could_add, *found.needed}:
            seen: dict[tuple[object, ...], object] = {}
            for one in complete:
                others = tuple(value for name, value in sorted(one.items()) if name != fact)
                along = contract.adjuncts(one), contract.criteria(one) if found.transplant else None
                assert seen.setdefault(others, along) == along, (case, fact)


def test_everything_offered_for_an_empty_case_can_add_something() -> None:
    random = Random(7)
    offered = set(assess(Case.of({})).could_add) - {"grade"}  # the grade may also stand there as counts
    for _ in range(20_000):
        case = contract.random_case(random)
        case["grade"] = min(contract.possible_grades(case))
        for fact in list(offered):
            other = case | {fact: random.choice(contract.VALUES[fact])}
            if not contract.contradicts_itself(other) and _along(other) != _along(case):
                offered.remove(fact)
        if not offered:
            return
    pytest.fail(f"of no use: {offered}")


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"grade": "G3"}, {"differentiation-unknown"}),
        ({"ki67": 21}, {"differentiation-unknown"}),
        ({"ki67": 8}, set()),
        ({"grade": "G3", "differentiation": "well"}, {"net-g3-not-covered"}),
        ({"grade": "G3", "differentiation": "poor"}, set()),
        ({"differentiation": "poor"}, set()),
        ({"differentiation": "well"}, set()),
        ({"grade": "G2"}, set()),
        ({"pattern_fit": "nearest"}, {"pattern-nearest"}),
        ({"pattern_fit": "typical", "pattern": "II"}, set()),
        ({"primary": "not_found"}, {"primary-not-found"}),
        ({"primary": frozenset({"resected", "not_found"})}, set()),
        ({"graded_tissue": "primary"}, {"grade-of-primary"}),
        ({"graded_tissue": "metastasis"}, set()),
        ({}, set()),
    ],
)
def test_a_caveat_goes_by_what_is_known_even_before_there_is_a_headline(known: dict[str, Any], shown: set[str]) -> None:
    found = assess(Case.of(known))
    assert set(found.caveats) == shown
    for caveat in found.caveats:
        assert found.caveat_because(caveat)


TYPE_III = {"grade": "G2", "pattern": "III"}
NO_CURE = {"grade": "G1", "pattern": "I", "r0_feasible": False, "refractory_symptoms": False, "local_effects": False}


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (TYPE_III, False),
        ({**TYPE_III, "refractory_symptoms": True}, True),
        ({**TYPE_III, "local_effects": True}, True),
        ({**TYPE_III, "local_effects": True, "fit_for_surgery": True}, True),
        ({**TYPE_III, "local_effects": True, "fit_for_surgery": False}, False),
        ({**TYPE_III, "local_effects": True, "debulkable_percent": 90}, True),
        ({**TYPE_III, "local_effects": True, "debulkable_percent": 89.9}, False),
        ({**TYPE_III, "local_effects": True, "debulkable_percent": Span.read("70-<90")}, False),
        ({**TYPE_III, "local_effects": True, "debulkable_percent": Span.read(">=70")}, True),
        ({**TYPE_III, "grade": "G3", "local_effects": True}, False),
        (NO_CURE, False),
        ({**NO_CURE, "debulkable_percent": 95}, True),
        ({**NO_CURE, "debulkable_percent": 95, "fit_for_surgery": False}, False),
        ({**NO_CURE, "debulkable_percent": 89}, False),
        ({**NO_CURE, "r0_feasible": True, "fit_for_surgery": True, "debulkable_percent": 95}, False),
    ],
)
def test_debulking_is_to_be_considered_outside_its_headline(known: dict[str, Any], shown: bool) -> None:
    found = assess(Case.of(known))
    assert ("consider-debulking" in found.adjuncts) is shown
    if shown:  # §3 and Figure 1 on diffuse disease are said where it is diffuse, and only there
        said = {"type-iii-approach", "fig-type-iii"} & set(found.adjunct_because("consider-debulking"))
        assert bool(said) is (known["pattern"] == "III")
        assert set(found.adjunct_because("consider-debulking")) <= set(found.because)


@pytest.mark.parametrize("fact", ["fit_for_surgery", "carcinoid_heart_disease"])
def test_what_is_no_criterion_of_a_transplant_is_told_only_when_it_is_known_to_be_bad(fact: str) -> None:
    met = {**TYPE_III, "primary": "resected", "portal_drainage": True, "liver_involvement_percent": 50}
    met |= {"stable_months": 6, "age": 50, "extrahepatic": "none"}
    for value, bad in ((None, False), ("none", False), (True, False), (False, True), ("uncontrolled", True)):
        if value is None or isinstance(value, str) is (fact == "carcinoid_heart_disease"):
            found = assess(Case.of({**met, fact: value})).transplant
            assert found
            assert found.status == "eligible"
            assert found.against == ((fact,) if bad else ())


def test_every_adjunct_criterion_and_headline_rests_on_a_statement() -> None:
    everything = guideline()
    rules = everything.rules
    resting = [rule.because for rule in (*rules.adjuncts, *rules.caveats, *rules.criteria)]
    resting += [rules.transplant_because, *everything.tree.headlines.values()]
    resting += [edge.because for node in everything.tree.nodes.values() for edge in node.edges]
    for because in resting:
        assert because
        assert set(because) <= set(everything.evidence.statements)


_READY = {"primary": "resected", "r0_feasible": True, "extrahepatic": "none", "fit_for_surgery": True}
_TYPE_I = {"grade": "G1", "pattern": "I", "carcinoid_heart_disease": "none", **_READY}
_DIFFUSE = {"grade": "G2", "pattern": "III"}


@pytest.mark.parametrize(
    ("known", "first"),
    [
        ({"grade": "G3"}, "g3-net"),
        ({"grade": "G3", "differentiation": "well", "primary_site": "pancreas", "carcinoid_syndrome": True}, "g3-net"),
        ({"grade": "G3", "differentiation": "poor", "carcinoid_syndrome": True}, "platinum-etoposide"),
        ({"grade": "G2"}, "sstr-imaging"),
        ({**_TYPE_I}, "transplant-or-resection"),
        ({**_TYPE_I, "graded_tissue": "primary"}, "grade-of-metastasis"),
        ({**_TYPE_I, "lesion_count": 8}, "lesion-number"),
        ({**_TYPE_I, "lesion_count": 7}, "transplant-or-resection"),
        ({**_TYPE_I, "carcinoid_syndrome": True}, "carcinoid-crisis"),
        ({**_TYPE_I, "carcinoid_syndrome": True, "carcinoid_heart_disease": "uncontrolled"}, "heart-follow-up"),
        ({**_TYPE_I, "r0_feasible": False, "local_effects": True, "debulkable_percent": 90}, "debulking-70"),
        ({**_TYPE_I, "r0_feasible": False, "local_effects": True, "debulkable_percent": 70}, "debulking-70"),
        ({**_TYPE_I, "r0_feasible": False, "refractory_symptoms": True, "debulkable_percent": 60}, "prrt"),
        ({**_TYPE_I, "refractory_symptoms": True}, "transplant-or-resection"),
        ({**_DIFFUSE, "carcinoid_syndrome": True, "refractory_symptoms": True}, "debulking-70"),
        ({**_TYPE_I, "carcinoid_syndrome": True, "refractory_symptoms": True}, "carcinoid-crisis"),
        ({"pattern": "III", "refractory_symptoms": True}, "prrt"),
        ({**_TYPE_I, "fit_for_surgery": False}, "prrt"),
        ({**_TYPE_I, "fit_for_surgery": False, "primary_site": "pancreas"}, "captem"),
        ({**_DIFFUSE}, "type-naming"),
        ({**_DIFFUSE, "age": 51}, "transplant-age"),
        ({**_DIFFUSE, "age": 50}, "type-naming"),
        ({**_DIFFUSE, "age": 52, "refractory_symptoms": True, "carcinoid_syndrome": True}, "transplant-age"),
        ({**_DIFFUSE, "primary_site": "pancreas"}, "captem"),
        ({**_DIFFUSE, "primary": "resectable"}, "primary-with-unresectable-liver"),
    ],
)
def test_the_note_that_decides_most_stands_first_for_a_known_fact_the_one_about_it(
    known: dict[str, Any], first: str
) -> None:
    assert assess(Case.of(known)).updates[0] == first


def test_the_dispute_on_crisis_stands_first_only_with_the_analogue_that_it_is_about() -> None:
    """Where carcinoid syndrome was not answered nothing depends on it: what could be chosen stands before."""
    symptoms: list[dict[str, Any]] = [
        {"carcinoid_syndrome": syndrome, "refractory_symptoms": refractory}
        for syndrome, refractory in product((True, False, None), (True, False, None))
    ]
    deciding = {"g3-net", "platinum-etoposide", "debulking-70", "transplant-age", "sstr-imaging"}
    deciding |= {"transplant-or-resection", "prrt", "embolisation-choice", "somatostatin-analogues", "captem"}
    met: set[tuple[str, bool]] = set()
    for case, more in product([found.case.known for found in ALL], symptoms):
        found = assess(Case.of({**more, **case}))
        if "carcinoid-crisis" in found.updates:
            along = "perioperative-somatostatin" in found.adjuncts
            after = found.updates[found.updates.index("carcinoid-crisis") :]
            assert along or not deciding.intersection(after), (case, more)
            met.add((found.headline, along))
        if "g3-net" in found.updates:
            assert found.updates[0] == "g3-net"
    assert {True, False} == {along for _, along in met}
    assert len({headline for headline, _ in met}) > 5


@pytest.mark.parametrize(("syndrome", "refractory"), list(product((True, False, None), repeat=2)))
def test_crisis_is_shown_for_a_carcinoid_syndrome_and_for_hormones_that_are_not_controlled(
    syndrome: bool | None, refractory: bool | None
) -> None:
    case = {**_TYPE_I, "carcinoid_syndrome": syndrome, "refractory_symptoms": refractory}
    assert ("carcinoid-crisis" in assess(Case.of(case)).updates) is bool(syndrome or refractory)


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"carcinoid_syndrome": True}, True),
        ({"carcinoid_heart_disease": "uncontrolled"}, True),
        ({"carcinoid_heart_disease": "optimised"}, True),
        ({"carcinoid_heart_disease": "none"}, False),
        ({"refractory_symptoms": True}, False),
        ({}, False),
    ],
)
def test_the_follow_up_of_the_heart_is_shown_for_the_syndrome_or_a_known_heart_disease(
    known: dict[str, Any], shown: bool
) -> None:
    assert ("heart-follow-up" in assess(Case.of({"grade": "G1", **known})).updates) is shown


@pytest.mark.parametrize("note", ["debulking-70", "primary-with-unresectable-liver", "prrt", "g3-net"])
def test_what_is_about_well_differentiated_tumours_goes_once_the_tumour_is_known_to_be_poor(note: str) -> None:
    case = {"grade": "G3", "pattern": "II", "r0_feasible": False, "primary": "resectable", "fit_for_surgery": True}
    case |= {"local_effects": True, "debulkable_percent": 80}
    assert note in assess(Case.of(case)).updates
    assert note in assess(Case.of({**case, "differentiation": "well"})).updates
    assert note not in assess(Case.of({**case, "differentiation": "poor"})).updates


@pytest.mark.parametrize("grade", ["G1", "G2", "G3"])
@pytest.mark.parametrize("site", ["pancreas", "small_bowel"])
def test_capecitabine_and_temozolomide_are_shown_for_a_pancreatic_primary_below_g3(grade: str, site: str) -> None:
    shown = "captem" in assess(Case.of({"grade": grade, "pattern": "III", "primary_site": site})).updates
    assert shown is (site == "pancreas" and grade != "G3")


@pytest.mark.parametrize("pattern", ["I", "II", "III"])
def test_transplantation_or_resection_is_shown_where_resection_is_suggested(pattern: str) -> None:
    case = {**_TYPE_I, "pattern": pattern, "one_stage_clearance": True}
    assert ("transplant-or-resection" in assess(Case.of(case)).updates) is (pattern != "III")
