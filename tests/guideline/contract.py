"""Sections 2 and 3 of docs/contract.md once more, in plain Python and apart from the core.

A case is a plain mapping. Brute force over the complete cases makes the answers for the incomplete ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

import numpy as np

Facts = Mapping[str, Any]

HEADLINES = (
    "resection", "resection-one-step", "resection-two-step", "debulking", "optimise-heart-first",
    "ablation-embolisation", "multimodal-nonsurgical", "systemic-chemotherapy",
)  # fmt: skip
RESECTIONS = HEADLINES[:3]

HEADLINE_FACTS: dict[str, tuple[Any, ...]] = {
    "grade": ("G1", "G2", "G3"),
    "pattern": ("I", "II", "III"),
    "primary": ("resected", "resectable", "unresectable", "not_found"),
    "r0_feasible": (True, False),
    "extrahepatic": ("none", "resectable", "unresectable"),
    "fit_for_surgery": (True, False),
    "carcinoid_heart_disease": ("none", "optimised", "uncontrolled"),
    "one_stage_clearance": (True, False),
    "refractory_symptoms": (True, False),
    "local_effects": (True, False),
    "debulkable_percent": (89.9, 90),
}
"""The facts that decide the headline; of a number, one value on each side of the threshold."""

RFA_UNCERTAIN, RFA_UNSUITABLE = 3, 5
"""Centimetres over which RFA clears a lesion with less certainty, and is considered unsuitable."""

OTHER_FACTS: dict[str, tuple[Any, ...]] = {
    "graded_tissue": ("metastasis", "primary"),
    "differentiation": ("well", "poor"),
    "pattern_fit": ("typical", "nearest"),
    "lesion_count": (7, 8),
    "hormonal_symptoms": (True, False),
    "carcinoid_syndrome": (True, False),
    "largest_lesion_cm": (RFA_UNCERTAIN, RFA_UNCERTAIN + 0.1, RFA_UNSUITABLE, RFA_UNSUITABLE + 0.1),
    "timing": ("synchronous", "metachronous"),
    "primary_site": ("pancreas", "duodenum", "small_bowel", "unknown"),
    "primary_small_asymptomatic": (True, False),
    "hepatomegaly": (True, False),
    "age": (50, 51),
    "portal_drainage": (True, False),
    "liver_involvement_percent": (50, 50.1),
    "stable_months": (5.9, 6),
}
VALUES = HEADLINE_FACTS | {"debulkable_percent": (69.9, 70, 89.9, 90)} | OTHER_FACTS

KI67 = {"<3": 2.9, "3-20": 20, ">20": 20.1}
MITOSES = {"<2": 1, "2-20": 2, ">20": 21}


def grade_by_counts(ki67: float, mitoses: float) -> str:
    """The grade by both counts: the higher one holds."""
    by_ki67 = 1 if ki67 < 3 else 2 if ki67 <= 20 else 3
    by_mitoses = 1 if mitoses < 2 else 2 if mitoses <= 20 else 3
    return f"G{max(by_ki67, by_mitoses)}"


def possible_grades(case: Facts) -> set[str]:
    """The grades of all completions; empty when what is given contradicts itself."""
    ki67 = [case["ki67"]] if "ki67" in case else KI67.values()
    mitoses = [case["mitoses"]] if "mitoses" in case else MITOSES.values()
    grades = {grade_by_counts(*counts) for counts in product(ki67, mitoses)}
    grades &= {case["grade"]} if "grade" in case else grades
    return grades & {"G3"} if case.get("differentiation") == "poor" else grades


def contradicts_itself(case: Facts) -> bool:
    implies_hormones = case.get("carcinoid_syndrome") or case.get("refractory_symptoms")
    return not possible_grades(case) or (case.get("hormonal_symptoms") is False and bool(implies_hormones))


def headline(case: Facts) -> str:
    """The headline of a case in which every fact that decides it is known."""
    if case["grade"] == "G3":
        return "systemic-chemotherapy"
    if case["pattern"] == "III":
        return "multimodal-nonsurgical"
    if not case["fit_for_surgery"]:
        return "ablation-embolisation"
    if no_cure_by_resection(case):
        indication = case["refractory_symptoms"] or case["local_effects"]
        if not indication or case["debulkable_percent"] < 90:
            return "ablation-embolisation"
        operation = "debulking"
    elif case["pattern"] == "I":
        operation = "resection"
    else:
        operation = "resection-one-step" if case["one_stage_clearance"] else "resection-two-step"
    return "optimise-heart-first" if case["carcinoid_heart_disease"] == "uncontrolled" else operation


def no_cure_by_resection(case: Facts) -> bool:
    return "unresectable" in (case["primary"], case["extrahepatic"]) or not case["r0_feasible"]


def adjuncts(case: Facts, known: Facts | None = None) -> set[str]:
    """The adjuncts of a case in which every fact is known. known: what the reader knows of it (None: all)."""
    head = headline(case)
    known = case if known is None else known
    found = {"mdt"}
    low_grade = case["grade"] != "G3"
    unresectable = case["pattern"] == "III" or not case["r0_feasible"]
    indication = case["refractory_symptoms"] or case["local_effects"]
    if case["carcinoid_syndrome"] and head != "systemic-chemotherapy":
        found.add("perioperative-somatostatin")
    if head in RESECTIONS and case["primary"] == "resectable":
        found.add("resect-primary")
        if head == "resection" and case["timing"] == "synchronous":
            found.add("same-operation-as-primary")
    if head in RESECTIONS and case["extrahepatic"] == "resectable":
        found.add("clear-nodes-and-recurrence")
    if head in RESECTIONS or head == "debulking":
        found.add("intraoperative-ultrasound")
    if head == "resection-two-step":
        found.add("portal-vein-embolisation")
    if head in ("resection-one-step", "resection-two-step"):
        found.add("combine-ablation")
    in_place = case["primary"] in ("resectable", "unresectable")
    if low_grade and unresectable and in_place and case["primary_small_asymptomatic"]:
        found.add("leave-primary")
    if head in ("ablation-embolisation", "resection-one-step", "resection-two-step"):
        if case["largest_lesion_cm"] > RFA_UNSUITABLE:
            found.add("ablation-unsuitable-over-5cm")
        elif case["largest_lesion_cm"] > RFA_UNCERTAIN:
            found.add("ablation-uncertain-over-3cm")
    poor_site = case["primary_site"] in ("pancreas", "duodenum")
    if low_grade and case["pattern"] == "III" and poor_site and case["hepatomegaly"]:
        found.add("transplant-poor-outlook")
    if head == "resection" and case["timing"] == "metachronous":
        found.add("one-step-low-risk")
    if not low_grade or known.get("fit_for_surgery") is False:
        return found
    if unresectable:
        found.add("cholecystectomy")
    too_little = "debulkable_percent" in known and known["debulkable_percent"] < 90
    if case["pattern"] == "III" and indication and not too_little:
        found.add("consider-debulking")
    if head == "ablation-embolisation" and no_cure_by_resection(case) and case["debulkable_percent"] >= 90:
        found.add("consider-debulking")
    if case["refractory_symptoms"] and (case["pattern"] == "III" or no_cure_by_resection(case)):
        found.add("transplant-for-hormones")
    if case["timing"] == "metachronous" and case["pattern"] in ("II", "III"):
        found.add("sequential-approach")
    return found


def caveats(known: Facts) -> set[str]:
    """The caveats of a case, going by what is known of it."""
    found = set()
    if possible_grades(known) == {"G3"}:
        if known.get("differentiation") == "well":
            found.add("net-g3-not-covered")
        if "differentiation" not in known:
            found.add("differentiation-unknown")
    if known.get("pattern_fit") == "nearest":
        found.add("pattern-nearest")
    if known.get("primary") == "not_found":
        found.add("primary-not-found")
    if known.get("graded_tissue") == "primary":
        found.add("grade-of-primary")
    return found


def criteria(case: Facts) -> dict[str, bool] | None:
    """The transplant criteria of a case in which every fact is known; None where a transplant is not considered."""
    if case["grade"] == "G3" or case["pattern"] != "III":
        return None
    return {
        "well-differentiated-low-grade": True,
        "primary-resected-portal-drainage": case["primary"] == "resected" and case["portal_drainage"],
        "involvement-at-most-50": case["liver_involvement_percent"] <= 50,
        "stable-6-months": case["stable_months"] >= 6,
        "age-at-most-50": case["age"] <= 50,
        "liver-only": case["extrahepatic"] == "none",
    }


def updates(case: Facts, known: Facts | None = None) -> set[str]:
    """The newer-source notes of a case in which every fact is known. known: what the reader knows of it (None: all)."""
    head = headline(case)
    known = case if known is None else known
    along = adjuncts(case, known)
    low_grade = case["grade"] != "G3"
    poor = known.get("differentiation") == "poor"
    no_cure = no_cure_by_resection(case)
    indication = case["refractory_symptoms"] or case["local_effects"]
    in_place = case["primary"] in ("resectable", "unresectable")
    systemic = head in ("ablation-embolisation", "multimodal-nonsurgical")
    holds = {
        "type-naming": True,
        "g3-net": not low_grade and not poor,
        "platinum-etoposide": not low_grade,
        "grading-2022": not low_grade or "ki67" in case or "mitoses" in case,
        "debulking-70": not poor
        and (
            head == "debulking"
            or "consider-debulking" in along
            or (no_cure and indication and 70 <= case["debulkable_percent"] < 90)
            or (low_grade and case["pattern"] == "III")
        ),
        "prrt": (systemic or head == "systemic-chemotherapy") and not poor,
        "somatostatin-analogues": systemic,
        "targeted-therapy": systemic,
        "captem": systemic and case["primary_site"] == "pancreas",
        "transplant-age": criteria(case) is not None,
        "transplant-milan": criteria(case) is not None,
        "optn": criteria(case) is not None,
        "transplant-or-resection": head in RESECTIONS,
        "microwave-ablation": head in ("ablation-embolisation", "resection-one-step", "resection-two-step"),
        "embolisation-choice": systemic,
        "embolisation-abscess": systemic,
        "carcinoid-crisis": "perioperative-somatostatin" in along or case["refractory_symptoms"],
        "telotristat": case["carcinoid_syndrome"] and case["refractory_symptoms"],
        "heart-follow-up": case["carcinoid_syndrome"] or case["carcinoid_heart_disease"] != "none",
        "prophylactic-cholecystectomy": "cholecystectomy" in along,
        "primary-with-unresectable-liver": not poor
        and in_place
        and (case["pattern"] == "III" or not case["r0_feasible"]),
        "lesion-number": case["lesion_count"] >= 8,
        "grade-of-metastasis": "grade-of-primary" in caveats(case),
        "figure-reading": head == "ablation-embolisation",
    }
    return {note for note, here in holds.items() if here}


_SHAPE = tuple(map(len, HEADLINE_FACTS.values()))
COMPLETE = np.array(
    [
        HEADLINES.index(headline(dict(zip(HEADLINE_FACTS, values, strict=True))))
        for values in product(*HEADLINE_FACTS.values())
    ],
    dtype=np.uint8,
).reshape(_SHAPE)
"""The headline of every complete case; an axis a fact."""


def outcome(case: Facts) -> tuple[set[str], set[str]]:
    """What the completions of a case say: the headlines they reach, and the facts whose value changes one of them."""
    every = COMPLETE[np.ix_(*(_places(fact, case) for fact in HEADLINE_FACTS))]
    candidates = {HEADLINES[number] for number in np.unique(every)}
    needed = {fact for axis, fact in enumerate(HEADLINE_FACTS) if (every != every.take([0], axis)).any()}
    return candidates, needed


def _places(fact: str, case: Facts) -> list[int]:
    values = HEADLINE_FACTS[fact]
    if fact == "grade":
        return [values.index(grade) for grade in sorted(possible_grades(case))]
    if fact == "refractory_symptoms" and case.get("hormonal_symptoms") is False:
        return [values.index(False)]
    if fact not in case:
        return list(range(len(values)))
    return [int(case[fact] >= 90)] if fact == "debulkable_percent" else [values.index(case[fact])]


def completions(case: Facts) -> Iterator[dict[str, Any]]:
    """Every way to fill in what is not known, by the representative values."""
    unknown = {fact: values for fact, values in VALUES.items() if fact not in case}
    unknown["grade"] = tuple(sorted(possible_grades(case)))
    for values in product(*unknown.values()):
        complete = {**case, **dict(zip(unknown, values, strict=True))}
        if not contradicts_itself(complete):
            yield complete


def random_case(random: Random) -> dict[str, Any]:
    """A case in which every fact is known: the grade as such, or by its counts."""
    case = {fact: random.choice(values) for fact, values in VALUES.items()}
    if not case["hormonal_symptoms"]:
        case["carcinoid_syndrome"] = case["refractory_symptoms"] = False
    if random.random() < 0.4:
        case["ki67"] = random.choice([0, 2.999, 3, 20, 20.001, 100])
        case["mitoses"] = random.choice([0, 1.999, 2, 20, 20.001, 150])
        case["grade"] = grade_by_counts(case["ki67"], case["mitoses"])
        if random.random() < 0.7:
            del case["grade"]
    if possible_grades(case) == set():  # poor beside G1 or G2
        case["differentiation"] = "well"
    return case


def without(case: Facts, number: int, random: Random) -> dict[str, Any]:
    """The case with some of its facts no longer known."""
    gone = random.sample(list(case), number)
    return {fact: value for fact, value in case.items() if fact not in gone}
