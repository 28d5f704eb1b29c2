"""What the second edition of the content mended (CORRECTIONS.md), each statement beside the value that is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from guideline import Assessment, Case, assess, evidence, guideline

EVIDENCE = evidence()
CORRECTIONS = Path(__file__).parents[2] / "CORRECTIONS.md"
KEPT = {"pancreatic-one-third", "type-i-approach", "recurrence-170-incomplete"}
"""Not wrong before: held here beside the ones they are read with."""


@dataclass(frozen=True, slots=True)
class Right:
    """The section, kind, reference numbers and figures of a statement; words it has, and words it may not have.

    kind: `states` is the review's own word that advises nothing. words: those after `|` may not be there.
    """

    section: str
    kind: str
    refs: tuple[int, ...]
    figures: tuple[str, ...]
    words: str


def right(section: str, kind: str, refs: str, figures: str, words: str) -> Right:
    numbers = tuple(int(ref) for ref in refs.split())
    return Right(section, kind, numbers, tuple(figures.split("; ")) if figures else (), words)


PREREQUISITE = "Prerequisite to be considered before resection: "

MENDED = {
    "abstract-complex": right("abstract", "states", "", "", "the patterns in which they present | because"),
    "abstract-aggressive": right("abstract", "recommends", "", "", "should be used | favours"),
    "abstract-untreated": right("abstract", "states", "", "", "significantly reduced; indolent | slowly"),
    "intestinal-two-thirds": right("1", "reports", "4", "", "Two thirds of | About; about"),
    "pancreatic-one-third": right("1", "reports", "5", "", "About one third"),
    "traditional-indolent": right("1", "reports", "10", "", "Touzios et al. reported"),
    "untreated-survival": right(
        "1", "reports", "10 11 12 13 14 15", "5-year; 13–54 %; 75–99 %",
        "Touzios et al. with 5-year survival of 13–54 % for untreated; the 75–99 % without; from other work",
    ),
    "survival-pancreas-intestine": right(
        "2", "reports", "16 17 18", "5 years; 30–60 %; 60–90 %", "lower for pancreatic NENs (30–60 %) than; (60–90 %)"
    ),
    "liver-metastases-prognosis": right("2", "reports", "19", "", "most important | strongest"),
    "population-liver-metastases": right(
        "2", "reports", "7 20", "13,715; 4,104 patients; 12.9 %", "two large population studies; found | quoted for"
    ),
    "population-unknown-primary": right(
        "2", "reports", "7 20", "13,715; 4,104 patients; 5–10 %", "two large population studies; found | quoted for"
    ),
    "primary-in-liver": right("2", "reports", "21", "", "raises the possibility"),
    "primary-missed-by-imaging": right("2", "states", "", "", "such as helical CT; gallium-68"),
    "well-differentiated-liver-directed": right("2", "recommends", "27 28", "", "more indolent; good candidates"),
    "g3-not-for-resection": right("2", "recommends", "", "", "Resection is not proposed; every G3 as poorly"),
    "g3-chemotherapy": right("2", "recommends", "", "", "commonly cisplatin with etoposide | most often"),
    "type-i-approach": right("3", "recommends", "", "", "clearly resectable; standard anatomical resection"),
    "workup-sstr-gallium": right(
        "4", "reports", "", "68Ga-DOTATOC; 30 %",
        "68Ga-DOTATOC PET/CT; sensitivity; up to 30 % higher than with conventional",
    ),
    "workup-cga-liver": right("4", "reports", "46", "", "higher levels than patients without metastases"),
    "workup-staging": right("4", "reports", "32 47", "", "no candidates for complete resection"),
    "resection-operable-well-differentiated": right("5.1.1", "recommends", "32", "", "all patients with operable"),
    "resection-benefit": right("5.1.1", "states", "", "", "holds"),
    "resection-survival": right(
        "5.1.1", "reports", "52", "5-year; 46–86 %; 10-year; 35–79 %",
        "5-year overall survival; as 46–86 %; 10-year overall survival as 35–79 %",
    ),
    "resection-complete-survival": right(
        "5.1.1", "reports", "30 53 54 55 56", "", "of the liver metastases; in midgut and in hindgut tumours"
    ),
    "resection-median-not-reached": right(
        "5.1.1", "reports", "56 57", "27 months; 78 months; 17 months",
        "27 months in one and up to 78 months in another; 27 months in the first and 17 months in the second",
    ),
    "prerequisites": right("5.1.1", "recommends", "32 52 64", "", "six prerequisites to be considered before"),
    "prerequisite-primary": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "prerequisite-differentiation": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "prerequisite-r0": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "prerequisite-extrahepatic": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "prerequisite-fitness": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "prerequisite-heart": right("5.1.1", "recommends", "32 52 64", "", PREREQUISITE),
    "recurrence-completeness": right("5.1.2", "states", "", "", "depends mainly on"),
    "recurrence-small-metastases": right("5.1.2", "recommends", "", "", "assessment | search"),
    "recurrence-170-overall": right(
        "5.1.2", "reports", "", "170 patients; 84 %; 5 years; 94 %; 10 years; 21 months",
        "with complete resection or without",
    ),
    "recurrence-170-complete": right(
        "5.1.2", "reports", "", "170 patients; 44 %; 76 %; 5 years; 30 months", "only 44 % had; in these was 76 %"
    ),
    "recurrence-170-incomplete": right(
        "5.1.2", "reports", "53", "170 patients; 5-year; 91 %; 16 months", "without complete resection; only 16 months"
    ),
    "r0-prognostic": right("5.1.2", "reports", "", "", "Gomez et al. are cited for | having pointed out"),
    "recurrence-gomez-clear": right(
        "5.1.2", "reports", "68", "18 resected patients; 5 years; 10 %; 75 %",
        "only 10 % with clear; against 75 % with involved",
    ),
    "recurrence-gomez-involved": right(
        "5.1.2", "reports", "68", "18 resected patients; 5 years; 75 %; 10 %",
        "75 % with involved; against only 10 % with clear",
    ),
    "complete-resection-main-aim": right("5.1.3", "recommends", "", "", "main consideration should be | aim"),
    "two-stage-preferred": right(
        "5.1.3", "recommends", "", "", "may be the better choice, so as to lower; especially in Type II"
    ),
    "two-step-avoids-transplant": right("5.1.3", "reports", "71", "", "the indication for liver transplantation"),
    "surgeon-technique": right("5.1.3", "states", "", "", "the technique; competence of the liver surgeon"),
    "debulking-relief-duration": right("5.1.4", "reports", "", "6–24 months", "lasted 6–24 months in most cases"),
    "debulking-refractory-symptoms": right("5.1.4", "recommends", "", "", "especially in functioning NENs; refractory"),
    "rfa-mazzaglia-safety": right(
        "5.2", "reports", "", "63 patients; 80 sessions; 5 %; 30 days", "whether of patients or of sessions is not said"
    ),
    "rfa-size-limit": right("5.2", "states", "", "", "major limit"),
    "rfa-progression": right("5.2", "reports", "84", "80 %", "reference number of the Mazzaglia series"),
    "ablation-expands-resection": right("5.3.1", "reports", "88", "", "may widen"),
    "cryo-predictors": right(
        "5.3.1", "reports", "", "40 patients",
        "grade was an independent factor; was associated with progression-free survival",
    ),
    "rfa-alone-recurrence": right("5.3.2", "reports", "89 90 91", "", "rates are reported as higher | more often"),
    "combination-rfa-resection": right("5.3.2", "recommends", "89 90 91", "", "chance of removing all tumour"),
    "elias-one-step-survival": right(
        "5.3.2", "reports", "92", "84 %; 3 years; 2.5 cm", "84 % overall survival at 3 years; under 2.5 cm"
    ),
    "combination-parenchyma-sparing": right("5.3.2", "recommends", "", "", "leans towards RFA combined | favours"),
    "tace-symptom-relief": right("5.3.3", "reports", "", "55–100 %", "55–100 % of patients with malignant NENs"),
    "tace-objective-response": right("5.3.3", "reports", "", "20–80 %", "20–80 % of patients with malignant NENs"),
    "tace-with-surgery": right("5.3.3", "states", "", "", "have tried to find out"),
    "resection-after-tace": right("5.3.3", "reports", "97", "", "TACE and other therapies; sparse | or other"),
    "transplant-criterion-primary": right("5.4", "reports", "106", "", "curatively resected beforehand | intent"),
    "fig-based-on-enets": right("5.4", "states", "32", "", "modified; ENETS"),
}  # fmt: skip


@pytest.mark.parametrize("id_", MENDED)
def test_a_mended_statement_has_the_right_references_figures_and_words(id_: str) -> None:
    statement, expected = EVIDENCE.statements[id_], MENDED[id_]
    kind = "states" if statement.background else statement.kind
    assert (statement.section, kind) == (expected.section, expected.kind)
    assert statement.refs == expected.refs
    assert statement.figures == expected.figures
    there, _, never = expected.words.partition(" | ")
    for words in there.split("; "):
        assert words in statement.text
    for words in never.split("; ") if never else ():
        assert words not in statement.text


def test_an_outcome_says_whose_it_is_and_of_whom() -> None:
    whose = {id_: statement.whose for id_, statement in EVIDENCE.statements.items()}
    assert "liver metastases of midgut and hindgut" in whose["resection-complete-survival"]
    assert whose["recurrence-170-overall"].endswith("all of them")
    assert whose["recurrence-170-complete"].endswith("those with complete resection")
    assert whose["recurrence-170-incomplete"].endswith("those without complete resection")
    assert "63 patients in 80 sessions: of which of the two is not said" in whose["rfa-mazzaglia-safety"]
    assert "number of the Mazzaglia series" in whose["rfa-progression"]
    assert "strict" not in whose["transplant-milan-result"]


BACKGROUND = {
    "abstract-complex", "abstract-untreated", "nets-variable-course", "who-2000-2004", "all-potentially-malignant",
    "primary-missed-by-imaging", "histology-influences", "patterns-guide-treatment", "workup-ct-arterial",
    "no-randomised-trial", "resection-benefit", "recurrence-completeness", "surgeon-technique", "rfa-size-limit",
    "resection-best-chance", "cryo-debulking", "tace-with-surgery", "transplant-location", "transplant-donor-scarcity",
    "fig-based-on-enets", "summary-rfa-combined",
}  # fmt: skip


def test_what_the_review_says_of_itself_without_advising_is_marked_and_has_no_rate() -> None:
    background = [statement for statement in EVIDENCE.statements.values() if statement.background]
    assert {statement.id for statement in background} == BACKGROUND
    assert all(not any("%" in figure for figure in statement.figures) for statement in background)


@pytest.mark.parametrize(
    ("id_", "flaw"),
    [
        ("ablation-expands-resection", "I-14"),
        ("two-stage-preferred", "I-15"),
        ("fig-type-ii-one-step", "I-15"),
        ("untreated-survival", "I-1"),
    ],
)
def test_a_known_error_stands_with_the_statement_it_touches(id_: str, flaw: str) -> None:
    assert flaw in EVIDENCE.statements[id_].inconsistencies


def test_the_two_stages_of_the_text_against_the_major_resection_of_the_figure_are_told() -> None:
    text = EVIDENCE.inconsistencies["I-15"].text
    assert "two stages" in text
    assert "one-step" in text
    assert "major resection" in text


def test_a_title_that_was_not_seen_stands_in_the_note_of_a_reference() -> None:
    reference = EVIDENCE.references[58]
    assert "international multi-institutional analysis" not in reference.citation
    assert "probably “Surgical management of hepatic neuroendocrine tumor metastasis" in reference.note


NOT_CURABLE = {"grade": "G2", "pattern": "II", "fit_for_surgery": True, "r0_feasible": False}


def why(**case: object) -> tuple[str, ...]:
    """What the headline of the case rests on."""
    return assess(Case.of(case)).headline_because


@pytest.mark.parametrize("against", [{"local_effects": False}, {"local_effects": True, "debulkable_percent": 89}])
def test_what_excludes_debulking_carries_its_indications(against: dict[str, object]) -> None:
    because = why(**NOT_CURABLE, refractory_symptoms=False, **against)
    assert {"debulking-limited-indications", "summary-debulking-justified"} <= set(because)
    assert ("debulking-90" in because) is ("debulkable_percent" in against)


def test_r0_in_type_ii_rests_on_what_the_review_says_of_resection_with_ablation() -> None:
    for pattern in ("I", "II"):
        because = set(why(**{**RESECTABLE, "pattern": pattern, "one_stage_clearance": False}))
        there = {"combination-when-not-all-resectable", "combination-rfa-resection", "type-ii-approach"} <= because
        assert there is (pattern == "II")


def test_chemotherapy_does_not_rest_on_the_targeted_drugs_of_the_figure() -> None:
    assert why(grade="G3") == ("grade-g3", "g3-not-for-resection", "g3-chemotherapy", "fig-g3")


def test_a_transplant_rests_on_the_caution_of_section_3() -> None:
    because = assess(Case.of({"grade": "G2", "pattern": "III"})).transplant_because
    assert because[0] == "type-iii-unresectable-transplant"
    assert "caution" in EVIDENCE.statements[because[0]].text


def assessed(**case: object) -> Assessment:
    return assess(Case.of(case))


RESECTABLE = {
    "grade": "G2", "pattern": "II", "fit_for_surgery": True, "primary": "resected", "r0_feasible": True,
    "extrahepatic": "none", "carcinoid_heart_disease": "none",
}  # fmt: skip


@pytest.mark.parametrize(("timing", "there"), [("metachronous", True), ("synchronous", False), (None, False)])
def test_two_steps_rest_on_the_sequence_for_metachronous_disease_only_there(timing: str | None, there: bool) -> None:
    found = assessed(**RESECTABLE, one_stage_clearance=False, timing=timing)
    assert found.headline == "resection-two-step"
    assert ("metachronous-bilobar" in found.carrying) is there


@pytest.mark.parametrize(
    ("refractory", "local", "first"),
    [
        (True, False, ("debulking-refractory-symptoms", "debulking-90")),
        (False, True, ("debulking-local-effects", "debulking-90")),
        (None, True, ("debulking-local-effects", "debulking-90")),
        (True, True, ("debulking-refractory-symptoms", "debulking-local-effects")),
    ],
)
def test_debulking_shows_the_sentence_of_the_indication_that_leads_to_it(
    refractory: bool | None, local: bool, first: tuple[str, str]
) -> None:
    case = {**NOT_CURABLE, "refractory_symptoms": refractory, "local_effects": local, "debulkable_percent": 90}
    found = assessed(**case, carcinoid_heart_disease="none")
    assert found.headline == "debulking"
    assert found.carrying[:2] == first


def test_chemoembolisation_carries_type_ii_and_limits_type_i() -> None:
    restricted = assessed(grade="G2", pattern="I", fit_for_surgery=False)
    bilobar = assessed(grade="G2", pattern="II", fit_for_surgery=False)
    assert restricted.headline == bilobar.headline == "ablation-embolisation"
    assert ("tace-nonresectable" in restricted.because, restricted.limits) == (False, ("tace-nonresectable",))
    assert ("tace-nonresectable" in bilobar.because, bilobar.limits) == (True, ())


@pytest.mark.parametrize("pattern", ["I", "II"])
@pytest.mark.parametrize("fit", [True, False])
def test_ablation_with_resection_is_no_reason_for_the_unfit(pattern: str, fit: bool) -> None:
    case = {**NOT_CURABLE, "pattern": pattern, "fit_for_surgery": fit}
    found = assessed(**case, refractory_symptoms=False, local_effects=False)
    assert found.headline == "ablation-embolisation"
    assert ("summary-rfa-combined" in found.because) is fit


def test_one_step_says_where_two_stages_may_be_the_better_choice() -> None:
    found = assessed(**RESECTABLE, one_stage_clearance=True)
    assert found.headline == "resection-one-step"
    assert found.limits == ("two-stage-preferred",)
    assert {"two-stage-preferred", "complete-resection-main-aim"} <= set(found.because)


def test_chromogranin_a_belongs_to_every_work_up_and_settles_no_fact() -> None:
    everything = guideline().workup
    assert [fact for fact, step in everything.items() if "workup-cga" in step.get] == ["general"]
    assert assessed().general_workup.get == ("workup-cga",)


TRANSPLANT_SERIES = {"transplant-location-outcome", "transplant-recurrence", "transplant-milan-result"}


@pytest.mark.parametrize(
    ("known", "status", "there"),
    [
        ({}, "undetermined", True),
        ({"age": 51}, "not-eligible", False),
        ({"primary": "not_found"}, "not-eligible", False),
    ],
)
def test_the_transplant_series_are_no_outcome_of_somebody_who_is_not_eligible(
    known: dict[str, object], status: str, there: bool
) -> None:
    found = assessed(grade="G2", pattern="III", **known)
    assert found.transplant is not None
    assert found.transplant.status == status
    assert TRANSPLANT_SERIES & set(found.outcomes) == (TRANSPLANT_SERIES if there else set())
    assert "tace-symptom-relief" in found.outcomes


def test_a_transplant_series_is_named_as_one() -> None:
    assert {id_ for id_, s in EVIDENCE.statements.items() if "transplant" in s.outcome_of} == TRANSPLANT_SERIES
    assert all("transplant" in EVIDENCE.statements[id_].whose for id_ in TRANSPLANT_SERIES)


def test_the_corrections_name_what_there_is_and_every_statement_mended() -> None:
    page = CORRECTIONS.read_text("utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = {id_ for row in rows for id_ in re.findall(r"`([\w-]+)`", row)}
    assert named <= {*EVIDENCE.statements, *EVIDENCE.notes}
    told = named | {id_ for id_ in MENDED if id_.startswith("prerequisite-")}  # "and its six parts"
    assert {id_ for id_ in MENDED if id_ not in KEPT and not EVIDENCE.statements[id_].background} <= told


@pytest.mark.parametrize(
    ("flaw", "id_", "there", "not_there"),
    [
        ("I-2", "recurrence-170-complete", ["170 patients"], ["27 months", "96 %", "38 patients"]),
        ("I-2", "resection-median-not-reached", ["27 months", "38 patients"], ["96 %", "53"]),
        ("I-2", "resection-symptom-relief", ["96 %"], ["27 months"]),
        ("I-6", "debulking-relief-duration", ["6–24 months"], ["216", "33 %"]),
        ("I-13", "type-i-share", ["100 %"], ["contraindicated"]),
    ],
)
def test_an_error_is_told_with_the_words_it_is_about(
    flaw: str, id_: str, there: list[str], not_there: list[str]
) -> None:
    told = " ".join(part.text for part in EVIDENCE.inconsistencies[flaw].parts_for([id_]))
    assert all(words in told for words in there)
    assert not any(words in told for words in not_there)


def test_what_we_conclude_of_an_error_is_no_part_of_what_was_found() -> None:
    concluded = {"I-2": "is wrong", "I-5": "not follow", "I-10": "hard stop", "I-11": "not serve", "I-14": "bias"}
    for flaw, words in concluded.items():
        parts = EVIDENCE.inconsistencies[flaw].parts
        assert any(words in part.ours for part in parts), flaw
        assert not any(words in part.text for part in parts), flaw
