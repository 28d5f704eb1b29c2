"""The known facts that keep an adjunct or a caveat from holding, whatever else becomes known."""

from __future__ import annotations

from typing import Any

import pytest

from guideline import Case, assess

TWO_STEP: dict[str, Any] = {
    "grade": "G2", "pattern": "II", "primary": "resected", "r0_feasible": True, "extrahepatic": "none",
    "fit_for_surgery": True, "carcinoid_heart_disease": "none", "one_stage_clearance": False,
}  # fmt: skip
DIFFUSE = {"grade": "G1", "pattern": "III"}


@pytest.mark.parametrize(
    ("case", "id_", "facts"),
    [
        (TWO_STEP, "portal-vein-embolisation", ()),  # it holds
        (TWO_STEP, "perioperative-somatostatin", ()),  # it still can
        (TWO_STEP, "nothing-of-the-kind", ()),
        (TWO_STEP, "one-step-low-risk", ("headline",)),
        (TWO_STEP, "cholecystectomy", ("metastases_unresectable",)),
        (TWO_STEP, "primary-not-found", ("primary",)),
        (TWO_STEP | {"carcinoid_syndrome": False}, "perioperative-somatostatin", ("carcinoid_syndrome",)),
        (DIFFUSE | {"fit_for_surgery": False}, "cholecystectomy", ("fit_for_surgery",)),
        (DIFFUSE | {"debulkable_percent": 80}, "consider-debulking", ("debulkable_percent",)),
        ({"grade": "G3", "carcinoid_syndrome": True}, "perioperative-somatostatin", ("headline",)),
        ({"grade": "G3", "differentiation": "poor"}, "differentiation-unknown", ("differentiation",)),
        ({"grade": "G3"}, "net-g3-not-covered", ()),  # it still can
    ],
)
def test_what_excludes_it(case: dict[str, Any], id_: str, facts: tuple[str, ...]) -> None:
    assert assess(Case.of(case)).excluding(id_) == facts
