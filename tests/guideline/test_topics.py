"""What the topics of the look-up open with: chosen from their own statements, and what is wrong is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guideline import ContentError, evidence
from guideline.content import DATA
from guideline.evidence import TOPICS
from guideline.glossary import glossary
from guideline.topics import FILE, load

STATEMENTS, TERMS = evidence().statements, glossary().terms
OPENINGS = load(evidence(), TERMS)


def test_grading_opens_with_the_grades_patterns_with_the_types_and_recurrence_with_rates() -> None:
    assert OPENINGS["grading"].first[:3] == ("grade-g1", "grade-g2", "grade-g3")
    assert {"type-i", "type-ii", "type-iii"} < set(OPENINGS["patterns"].first)
    assert OPENINGS["patterns"].picture == "patterns"
    assert all(STATEMENTS[id_].figures for id_ in OPENINGS["recurrence"].first[:6])
    assert [topic for topic, opening in OPENINGS.items() if opening.outcomes] == ["outcomes"]


def test_every_topic_that_the_review_advises_on_opens_with_advice_as_well() -> None:
    assert list(OPENINGS) == list(TOPICS)
    advised = {t for s in STATEMENTS.values() if s.kind != "reports" and not s.background for t in s.topics}
    assert {topic for topic, opening in OPENINGS.items() if opening.advice} == advised - {"outcomes"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[grading]", "[gradings]", "'gradings' is not a key of this file"),
        ("[burden]\n", "[burden]\nmore = 1\n", "burden: 'more' is not a key"),
        ('"grade-g1"', '"grade-g0"', "grading: because names 'grade-g0'"),
        ("3–20 % G2", "4–20 % G2", "grading: line has 4, which none of its texts have"),
        ('"grade-g3", "g3-poorly', '"grade-g4", "g3-poorly', "grading: first names 'grade-g4'"),
        ('first = ["grade-g1"', 'first = ["type-i"', "grading: type-i is not a statement of this topic"),
        ('advice = ["fig-grade-split"', 'advice = ["grade-g1"', "grading: advice: grade-g1 advises nothing"),
        ('terms = ["rfa"]', 'terms = ["rf"]', "ablation: terms names 'rf'"),
        ('picture = "patterns"', 'picture = "pocket"', "patterns: picture names 'pocket'"),
        ('first = ["g3-survival"]', "first = []", "systemic: first is empty"),
    ],
)
def test_what_is_wrong_is_refused_with_its_topic(old: str, new: str, message: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    text = (folder / FILE).read_text("utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError, match=message):
        load(evidence(), TERMS, folder)


def test_a_topic_that_is_missing_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    text = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(text.partition("[outcomes]")[0], "utf-8")
    with pytest.raises(ContentError, match="outcomes: is missing"):
        load(evidence(), TERMS, folder)
