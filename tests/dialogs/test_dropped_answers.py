"""An answer that a new one drops or makes irrelevant is named: the line that it is about, and no more than that."""

from __future__ import annotations

from random import Random

import pytest

from dialogs.labels import Labels
from tests.support.walk import begun, wordless

LABELS = Labels()
TWO_STEP = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


def test_a_change_to_g3_names_what_no_longer_counts() -> None:
    talk = begun(wordless()).taps(*TWO_STEP, "go.change", "e.grade", "a.grade.G3")
    assert talk.headline == "systemic-chemotherapy"
    assert talk.notice == LABELS("notice.irrelevant", "Pattern, Prerequisites, One/two steps")
    talk.taps("a.differentiation.unknown", "go.change", "e.grade", "a.grade.G1")
    assert talk.headline == "resection-two-step", "the answers are kept"
    assert talk.notice == LABELS("notice.dropped", "Differentiation"), "which is asked for G3 only"


def test_a_line_of_the_prerequisites_is_named_by_itself() -> None:
    talk = begun(wordless()).taps(*TWO_STEP).forges("e.primary").taps("a.primary.resected")
    talk.taps("go.change", "e.prerequisites", *["t.p-primary"] * 4, "all.prerequisites.shown")
    assert talk.notice.startswith(LABELS("notice.dropped", LABELS("question.primary")))
    assert talk.headline != "resection-two-step"

    talk = begun(wordless()).taps(*TWO_STEP).forges("e.primary").taps("a.primary.unknown", "go.change", "e.primary")
    talk.forges("a.primary.unresectable")
    assert talk.notice.startswith(LABELS("notice.dropped", "Prerequisites (Primary)"))


def test_on_the_first_way_through_nothing_is_called_unused() -> None:
    talk = begun(wordless())
    for tap in ("a.grade.G2", "a.pattern.II", "t.p-primary", "t.p-fit", "t.p-fit", "all.prerequisites.shown"):
        assert talk.taps(tap).notice == ""


@pytest.mark.slow
def test_a_notice_fits_the_answer_to_a_tap() -> None:
    random = Random(14)
    talk = begun(wordless()).taps(*TWO_STEP)
    met = 0
    for _ in range(1200):
        elsewhere = ("forget", "new", "home", "look", "report")
        talk.taps(random.choice([a for a in talk.actions if not a.startswith(elsewhere)]))
        assert len(talk.notice) <= 200, talk.notice
        met += "Makes no difference" in talk.notice
    assert met
