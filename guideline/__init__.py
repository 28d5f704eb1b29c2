"""The decision core: answers in, assessment out. No wording of the talk."""

from guideline.assess import UNDETERMINED, Assessment, Guideline, assess, guideline
from guideline.case import Case, CaseError
from guideline.content import ContentError
from guideline.evidence import Evidence, evidence
from guideline.values import Span

__all__ = [
    "UNDETERMINED", "Assessment", "Case", "CaseError", "ContentError", "Evidence", "Guideline", "Span",
    "assess", "evidence", "guideline",
]  # fmt: skip
