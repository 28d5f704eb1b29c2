"""Made-up cases for practice, drawn by topic. Their results come from the core, not from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from guideline.values import Choice

Value = Choice | int
Facts = dict[str, Value]

_SITES = ("small_bowel", "small_bowel", "small_bowel", "pancreas", "pancreas", "rectum", "lung", "duodenum", "stomach",
          "colon", "appendix")  # fmt: skip
_OUTSIDE_PORTAL = ("lung",)
_LOW_KI67, _HIGH_KI67 = (1, 2, 3, 5, 8, 12, 17, 20), (21, 24, 35, 55, 80)
_LOW_MITOSES, _HIGH_MITOSES = (0, 1, 2, 4, 9, 15, 20), (21, 30, 45)


def draw(topic: str, random: Random) -> Facts:
    """A case for the topic. Raises KeyError for an unknown topic."""
    facts = _DRAWS[topic](random)
    if topic in _SOMETIMES_LESS and random.random() < 0.2:
        _leave_out(facts, random)
    return facts


_SOMETIMES_LESS = ("patterns", "prerequisites", "steps", "debulking", "g3")
"""Topics in which some cases are undetermined; otherwise one would learn that there is always an answer."""


def _grading(random: Random) -> Facts:
    """The counts, of which one may be missing, and perhaps where they were made."""
    facts: Facts = {**_primary(random), "pattern": random.choice(("I", "II", "III"))}
    counts: Facts = {
        "ki67": random.choice((*_LOW_KI67, *_LOW_KI67, *_HIGH_KI67)),
        "mitoses": random.choice((*_LOW_MITOSES, *_LOW_MITOSES, *_HIGH_MITOSES)),
    }
    if random.random() < 0.35:
        del counts[random.choice(tuple(counts))]
    if random.random() < 0.7:
        counts["graded_tissue"] = random.choice(("metastasis", "primary"))
    if counts.get("ki67") in _HIGH_KI67 or counts.get("mitoses") in _HIGH_MITOSES:  # then differentiation matters
        facts["pattern_fit"] = "typical"
        counts.setdefault("graded_tissue", "metastasis")
        if random.random() < 0.6:
            counts["differentiation"] = random.choice(("well", "well", "poor"))
    return {**facts, **counts}


def _patterns(random: Random) -> Facts:
    facts = _whole(random, random.choice(("I", "II", "III", "III")))
    if facts["pattern"] != "I" and random.random() < 0.3:
        facts["pattern_fit"] = "nearest"
    return facts


def _prerequisites(random: Random) -> Facts:
    """At most one prerequisite fails."""
    facts = _whole(random, random.choice(("I", "II")))
    ways: tuple[Facts, ...] = (
        {},
        {"primary": "not_found"},
        {"fit_for_surgery": False},
        {"carcinoid_heart_disease": "uncontrolled"},
        {"primary": "unresectable"},
        {"r0_feasible": False},
        {"extrahepatic": "unresectable"},
        {"grade": "G3", "differentiation": "poor"},
    )
    broken = random.choice(ways)
    if broken.get("primary") == "not_found":
        facts.pop("timing", None)
        del facts["primary_site"]
        facts["graded_tissue"] = "metastasis"
    elif broken.get("primary") == "unresectable":
        facts["timing"] = "synchronous"
    if "grade" in broken:
        facts = {fact: value for fact, value in facts.items() if fact not in ("ki67", "mitoses")}
    return _settled({**facts, **broken}, random)


def _steps(random: Random) -> Facts:
    facts = _whole(random, "II")
    if random.random() < 0.4:
        facts["largest_lesion_cm"] = random.choice((2, 4, 5, 6, 7))
    return facts


def _debulking(random: Random) -> Facts:
    facts = {**_whole(random, random.choice(("I", "II", "II", "III"))), "r0_feasible": False}
    if facts["pattern"] == "III":
        del facts["r0_feasible"]
    facts.pop("one_stage_clearance", None)
    facts["debulkable_percent"] = random.choice((60, 75, 85, 90, 95))
    if random.random() < 0.7:
        facts[random.choice(("refractory_symptoms", "local_effects"))] = True
    if random.random() < 0.2:
        facts["carcinoid_heart_disease"] = "uncontrolled"
    return _settled(facts, random)


def _transplant(random: Random) -> Facts:
    site = random.choice(("pancreas", "duodenum", "small_bowel", "small_bowel", "lung"))
    facts: Facts = {
        "age": random.choice((34, 41, 47, 50, 50, 58, 63)),
        **_grade(random),
        "pattern": "III",
        "primary_site": site,
        "primary": random.choice(("resected", "resected", "resected", "resectable")),
        "portal_drainage": site not in _OUTSIDE_PORTAL,
        "extrahepatic": random.choice(("none", "none", "none", "resectable")),
        "liver_involvement_percent": random.choice((20, 35, 40, 50, 60)),
        "stable_months": random.choice((3, 6, 8, 12)),
        "carcinoid_syndrome": random.random() < 0.5,
    }
    if random.random() < 0.5:
        facts["hepatomegaly"] = random.random() < 0.7
    if random.random() < 0.5:
        facts["refractory_symptoms"] = bool(facts["carcinoid_syndrome"]) and random.random() < 0.8
    return facts


def _g3(random: Random) -> Facts:
    """Cases of G3, and some of G1 and G2; otherwise one would learn to answer with chemotherapy."""
    facts = _whole(random, random.choice(("I", "II", "III")))
    if random.random() < 0.75:
        del facts["grade" if "grade" in facts else "ki67"]
        facts.pop("mitoses", None)
        high: Facts = {"ki67": random.choice(_HIGH_KI67), "mitoses": random.choice((*_LOW_MITOSES, *_HIGH_MITOSES))}
        facts.update(random.choice(({"grade": "G3"}, high)))
        if random.random() < 0.6:
            facts["differentiation"] = random.choice(("well", "poor"))
    facts.setdefault("graded_tissue", "metastasis")
    facts.setdefault("pattern_fit", "typical")
    return facts


def _work_up(random: Random) -> Facts:
    """A case that is known except for one or two facts."""
    facts = random.choice((_prerequisites, _steps, _debulking, _patterns))(random)
    for _ in range(random.choice((1, 1, 2))):
        _leave_out(facts, random)
    return facts


def _leave_out(facts: Facts, random: Random) -> None:
    """Take out a fact that may decide the headline."""
    gone = random.choice([fact for fact in facts if fact in _DECIDING])
    del facts[gone]
    if gone in ("ki67", "mitoses") and random.random() < 0.5:
        facts.pop("mitoses" if gone == "ki67" else "ki67", None)
    if gone == "pattern":
        facts.pop("pattern_fit", None)
    if facts.keys().isdisjoint(("grade", "ki67", "mitoses")):
        facts.pop("graded_tissue", None)


_DECIDING = (
    "grade", "ki67", "mitoses", "pattern", "fit_for_surgery", "primary", "r0_feasible", "extrahepatic",
    "carcinoid_heart_disease", "one_stage_clearance", "refractory_symptoms", "local_effects", "debulkable_percent",
)  # fmt: skip

_DRAWS: Mapping[str, Callable[[Random], Facts]] = {
    "grading": _grading,
    "patterns": _patterns,
    "prerequisites": _prerequisites,
    "steps": _steps,
    "debulking": _debulking,
    "transplant": _transplant,
    "g3": _g3,
    "work-up": _work_up,
}


def _whole(random: Random, pattern: str) -> Facts:
    """A case of G1 or G2 in which everything on the way is known and no prerequisite fails, with a detail or two."""
    facts: Facts = {**_primary(random), **_grade(random), "pattern": pattern}
    if random.random() < 0.5:
        facts["age"] = random.choice((29, 38, 44, 51, 56, 62, 67, 71))
    if random.random() < 0.3:
        facts["graded_tissue"] = random.choice(("metastasis", "metastasis", "primary"))
    facts["extrahepatic"] = random.choice(("none", "none", "resectable"))
    facts["fit_for_surgery"] = True
    facts["carcinoid_syndrome"] = random.random() < 0.4
    facts["refractory_symptoms"] = facts["local_effects"] = False
    heart = ("none", "optimised") if facts["carcinoid_syndrome"] else ("none",)
    facts["carcinoid_heart_disease"] = random.choice(heart)
    if pattern == "III":
        facts["liver_involvement_percent"] = random.choice((30, 45, 60, 70))
        if facts["primary"] == "resectable" and random.random() < 0.4:
            facts["primary_small_asymptomatic"] = True
    else:
        facts["r0_feasible"] = True
    if pattern == "II":
        facts["one_stage_clearance"] = random.random() < 0.5
    return facts


def _settled(facts: Facts, random: Random) -> Facts:
    """The case with the facts added that matter once a prerequisite is not met."""
    no_cure = facts.get("r0_feasible") is False or "unresectable" in (facts.get("primary"), facts.get("extrahepatic"))
    if facts.get("r0_feasible") is False or (no_cure and random.random() < 0.5):
        facts.pop("one_stage_clearance", None)
    if no_cure and (facts["refractory_symptoms"] or facts["local_effects"]):
        facts.setdefault("debulkable_percent", random.choice((70, 85, 90, 95)))
    if facts.get("carcinoid_heart_disease") in ("optimised", "uncontrolled") or facts["refractory_symptoms"]:
        facts["carcinoid_syndrome"] = True
    if facts.get("r0_feasible") is False and facts["primary"] == "resectable" and random.random() < 0.4:
        facts["primary_small_asymptomatic"] = True
    if no_cure and random.random() < 0.3:
        facts["largest_lesion_cm"] = random.choice((2, 4, 6))
    return facts


def _primary(random: Random) -> Facts:
    """The site of the primary and its state; metachronous metastases only after a resected primary."""
    facts: Facts = {"primary_site": random.choice(_SITES), "primary": random.choice(("resected", "resectable"))}
    if random.random() < 0.6:
        later = facts["primary"] == "resected" and random.random() < 0.7
        facts["timing"] = "metachronous" if later else "synchronous"
    return facts


def _grade(random: Random) -> Facts:
    """G1 or G2, named or by both counts."""
    if random.random() < 0.5:
        return {"grade": random.choice(("G1", "G2"))}
    return {"ki67": random.choice(_LOW_KI67), "mitoses": random.choice(_LOW_MITOSES)}
