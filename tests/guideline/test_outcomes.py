"""The outcomes that are plotted: nothing that does not stand in the statement itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guideline import ContentError, evidence
from guideline.outcomes import Outcome, load

STATEMENTS = evidence().statements

BAR = {
    "id": '"some"',
    "statement": '"resection-survival"',
    "measure": '"survival"',
    "of": '"liver resection"',
    "figure": '"46–86 %"',
    "at": '"5-year"',
    "group": '"resection"',
}


def load_bar(folder: Path, **changed: str) -> tuple[Outcome, ...]:
    keys = {key: value for key, value in {**BAR, **changed}.items() if value}
    (folder / "outcomes.toml").write_text("[[bar]]\n" + "\n".join(f"{k} = {v}" for k, v in keys.items()), "utf-8")
    return load(STATEMENTS, folder)


def test_a_bar_is_read_from_the_figure_as_it_stands(tmp_path: Path) -> None:
    assert load_bar(tmp_path) == (
        Outcome("some", "resection-survival", "survival", "liver resection", 46, 86, "%", 5, "", "", "resection"),
    )


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"figure": '"46–87 %"'}, "'46–87 %' is not a figure of resection-survival"),
        ({"at": '"6-year"'}, "'6-year' is not a figure of resection-survival"),
        ({"figure": '"5-year"'}, "takes a figure in % or months"),
        ({"at": '"46–86 %"'}, "at a time in years"),
        ({"statement": '"no-such"'}, "which does not exist"),
        ({"statement": '"rfa-over-3cm"', "figure": '"3 cm"', "at": ""}, "reports the outcome of no headline"),
        ({"measure": '"happiness"'}, "which does not exist"),
        ({"bound": '"up-to"'}, "cannot be plotted: a range that falls, a bound of a range, or more than 100 %"),
        ({"bound": '"roughly"'}, "which does not exist"),
        ({"group": '"laser"'}, "which does not exist"),
        ({"colour": '"red"'}, "is not a key"),
        ({"figure": ""}, "figure is missing"),
        ({"of": ""}, "of is missing"),
        ({"of": '"12 patients"'}, "of has 12, which the statement does not have"),
        ({"at": "", "time": '"for 12 months"'}, "time has 12, which the statement does not have"),
        ({"time": '"in the long term"'}, "time is taken only for a figure in % without at"),
    ],
)
def test_what_the_statement_does_not_say_is_refused(tmp_path: Path, changed: dict[str, str], complaint: str) -> None:
    with pytest.raises(ContentError, match=f"^outcomes.toml: some: .*{re.escape(complaint)}"):
        load_bar(tmp_path, **changed)


def test_a_time_in_words_is_read_as_it_stands(tmp_path: Path) -> None:
    (outcome,) = load_bar(tmp_path, at="", time='"in the long term"')
    assert (outcome.years, outcome.time) == (0, "in the long term")


def test_every_figure_in_percent_or_months_of_a_reported_outcome_is_plotted_or_left_out_on_purpose() -> None:
    left_out = {
        ("cryo-median-survival", "22 months"), ("cryo-median-survival", "95 months"),  # medians, no share of patients
        ("resection-median-not-reached", "27 months"), ("resection-median-not-reached", "78 months"),
        ("resection-median-not-reached", "17 months"), ("recurrence-170-overall", "21 months"),
        ("recurrence-170-complete", "30 months"), ("recurrence-170-complete", "44 %"),  # who had it, not an outcome
        ("recurrence-170-incomplete", "16 months"), ("rfa-second-relief", "10 months"),
        ("recurrence-gomez-clear", "75 %"), ("recurrence-gomez-involved", "10 %"),  # each with its own
        ("recurrence-gomez-overall", "34 %"),  # not of all 18 patients, as the caution with the statement says
    }  # fmt: skip
    reported = {
        (id_, figure)
        for id_, statement in STATEMENTS.items()
        if statement.outcome_of
        for figure in statement.figures
        if re.fullmatch(r"[\d–]+ (%|months)", figure)
    }
    plotted = {
        (bar.statement, f"{bar.low}–{bar.high} {bar.unit}" if bar.low < bar.high else f"{bar.low} {bar.unit}")
        for bar in load(STATEMENTS)
    }
    assert reported - plotted == left_out
    assert not plotted & left_out
