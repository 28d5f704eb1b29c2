"""A question with a figure is answered by the band that holds for it, and no band stands alone that does not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialogs.cards import BACK
from dialogs.conversation import Conversation
from dialogs.figures import figures_of
from dialogs.lookup import Lookup
from guideline import ContentError, Span, evidence, guideline
from guideline.case import NUMBERS
from guideline.content import DATA
from guideline.limits import load
from phone.entities import parse_html
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE
from tests.support.walk import begun

LIMITS = {limit.id: limit for limit in load(evidence())}


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def asked(conversation: Conversation, question: str) -> str:
    text = parse_html(begun(conversation).says("start").types(question).text)[0]
    return text.replace("\u00a0", " ")


def first_line(conversation: Conversation, question: str) -> str:
    return asked(conversation, question).split("\n")[0]


LOW, HIGH = RFA_UNCERTAIN, RFA_UNSUITABLE
BETWEEN = (LOW + HIGH) / 2
BELOW = f"Up to {LOW:g} cm neither size limit for RFA applies"
UNCERTAIN = f"Over {LOW:g} cm, up to {HIGH:g} cm: difficult to destroy"
UNSUITABLE = f"Over {HIGH:g} cm: considered unsuitable for RFA"
BOTH = f"RFA: over {LOW:g} cm difficult to destroy fully and with certainty, over {HIGH:g} cm considered unsuitable"


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("7 mitoses per 10 hpf, what grade", "2–20 mitoses per 10 HPF: G2, unless the Ki-67 is above 20 %"),
        ("grade with a mitotic count of 1", "Fewer than 2 mitoses per 10 HPF: G1, if the Ki-67 is below 3 % as well"),
        ("what grade is 31 mitoses", "More than 20 mitoses per 10 HPF: G3, whatever the Ki-67"),
        ("ki67 9 % but 31 mitoses, which grade", "More than 20 mitoses per 10 HPF: G3, whatever the Ki-67"),
        ("31 % ki67 but 4 mitoses, which grade", "Ki-67 above 20 %: G3, whatever the mitoses"),
        (f"RFA {BETWEEN:g} cm", UNCERTAIN),
        (f"can I ablate a {BETWEEN:g} cm lesion?", UNCERTAIN),
        (f"RFA {10 * BETWEEN:g} mm", UNCERTAIN),
        (f"RFA {HIGH:g} cm", UNCERTAIN),
        (f"RFA {LOW - 1:g} cm", BELOW),
        (f"RFA {LOW:g} cm", BELOW),
        (f"RFA {HIGH + 1:g},5 cm", UNSUITABLE),
        (f"rfa over {HIGH:g} cm", UNSUITABLE),
        ("rfa size limit", BOTH),
        (f"RFA {LOW - 1:g} or {HIGH + 1:g} cm", BOTH),
        (f"rfa {LOW - 1:g}-{BETWEEN:g} cm", BOTH),
        ("is a transplant possible at 52?", "Over 50: the review's age criterion (50 or less) is not met"),
        ("transplant 58 yo", "Over 55: no age criterion is met"),
        ("transplant aged 45?", "Age 50 or less: the age criterion of the review for transplantation is met"),
        ("ki67 25 % grade?", "Ki-67 above 20 %: G3"),
        ("ki67 8 %, which grade?", "Ki-67 3–20 %: G2"),
        ("ki-67 of 1 %, what grade", "Ki-67 below 3 %: G1"),
        ("debulk 80 percent enough?", "Under 90 %: not effective to the review"),
        ("can only debulk 60 %", "Under 70 %: neither the review's 90 % nor the 70 %"),
        ("how much of the liver for transplant, 60 %", "Over 50 % of the liver: this transplant criterion"),
        ("4 months stable, transplant?", "Under 6 months: the review's criterion (at least 6) is not met"),
    ],
)
def test_the_first_line_is_the_band_of_the_figure_or_tells_all_bands(
    conversation: Conversation, question: str, line: str
) -> None:
    assert first_line(conversation, question).startswith(line)


def test_both_sizes_of_rfa_stand_on_the_card(conversation: Conversation) -> None:
    for question in ("rfa size limit", f"RFA {BETWEEN:g} cm", f"RFA {LOW - 1:g} cm", f"RFA {HIGH + 1:g} cm"):
        text = asked(conversation, question)
        assert f"Tumours over {LOW:g} cm are difficult to destroy" in text
        assert f"A tumour over {HIGH:g} cm across is considered unsuitable" in text


def test_the_age_for_transplantation_is_told_once(conversation: Conversation) -> None:
    text = asked(conversation, "is a transplant possible at 52?")

    assert text.count("Lists age 50 or under") == 1
    assert text.count("55 or under and no serious other illness") == 1
    assert "Caution (I-10)" not in text
    assert "an age of 50 years or less" not in text
    assert "Our conclusion, no source's: An age of 50 is better not read as a hard stop." in text


def test_recurrence_after_r0_has_its_direct_figures_before_the_extreme(conversation: Conversation) -> None:
    text = asked(conversation, "recurrence after R0")

    assert text.index("76 % at 5 years") < text.index("only 10 % with clear") < text.index("up to 97 % has been")
    assert all(figure in text.split("\n")[0] for figure in ("76 %", "91 %", "10 %", "75 %", "97 %"))
    assert "27 months" not in text
    assert "96 %" not in text


def test_the_figure_is_used_in_another_chat_as_well(conversation: Conversation) -> None:
    first, *others = conversation.inline(f"RFA {BETWEEN:g} cm")
    assert first.title.startswith(UNCERTAIN)
    assert UNSUITABLE in [card.title for card in others]


def test_a_page_turned_to_again_tells_all_of_it() -> None:
    lookup = Lookup(guideline())
    found = lookup.action("RFA 2 cm")
    assert found is not None
    view = lookup.found(found, BACK)
    assert view is not None
    assert view.context["line"] == LIMITS["rfa-size"].line


def test_key_words_that_may_be_a_case_are_answered_by_the_band_as_well(conversation: Conversation) -> None:
    text = asked(conversation, "ki67 8 grade")
    assert text.startswith("Ki-67 3–20 %: G2, unless")
    assert "G1: fewer" not in text


@pytest.mark.parametrize("id_", [id_ for id_, limit in LIMITS.items() if limit.fact])
def test_each_figure_has_one_band_and_the_bands_change_where_the_rules_do(id_: str) -> None:
    limit = LIMITS[id_]
    whole = NUMBERS[limit.fact][0]
    for tenth in range(1, 1000):
        figure = Span.at(tenth / 10)
        if figure.within(whole):
            assert sum(figure.within(band.span) for band in limit.bands) == 1, tenth / 10
    ours = {end for band in limit.bands for end in (band.span.low, band.span.high)}
    conditions = [facts[limit.fact] for c in guideline().rules.conditions if limit.fact in (facts := c.facts)]
    asked_for = [span for span in conditions if isinstance(span, Span)]
    if limit.fact in guideline().bands:
        asked_for = list(guideline().bands[limit.fact].values())
    assert asked_for
    assert {end for span in asked_for for end in span[:2]} - {0, 100} <= ours | {float("-inf"), float("inf")}


@pytest.mark.parametrize(
    ("question", "fact", "figures"),
    [
        ("RFA 4.2 cm", "largest_lesion_cm", [4.2]),
        ("rfa 35mm", "largest_lesion_cm", [3.5]),
        ("rfa 4", "largest_lesion_cm", []),
        ("3 or 5 cm", "largest_lesion_cm", [5, 3]),
        ("is a transplant possible at 52?", "age", [52]),
        ("transplant survival at 60 months", "age", []),
        ("transplant 5 year survival", "age", []),
        ("ki67 8", "ki67", [8]),
        ("ki-67 of 8 %", "ki67", [8]),
        ("ki67", "ki67", []),
        ("stable 2 years", "stable_months", [24]),
    ],
)
def test_a_figure_is_read_by_its_unit(question: str, fact: str, figures: list[float]) -> None:
    assert [span.low for span in figures_of(question, fact)] == figures


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Over {rfa-over-5cm} cm: considered', '"Over 66 cm: considered', "line has 66, which none of its texts have"),
        ('fact = "largest_lesion_cm"', 'fact = "pattern"', "takes a fact that is a number"),
        ('fact = "largest_lesion_cm"', "", "takes bands with a fact"),
        ('leads = ["rfa-over-3cm"', 'leads = ["rfa-over-9cm"', "leads names 'rfa-over-9cm'"),
        ('band = ">{rfa-over-3cm}-{rfa-over-5cm}"', 'band = "about 4"', "is not a band"),
        ('"Over {rfa-over-5cm} cm: considered', '"Over {rfa-over-9cm} cm: considered', "names 'rfa-over-9cm'"),
        ('"Over {rfa-over-5cm} cm: considered', '"Over {rfa-size-limit} cm: considered', "has no figure"),
    ],
)
def test_a_broken_limit_is_refused_by_its_name(old: str, new: str, says: str, tmp_path: Path) -> None:
    good = (DATA / "limits.toml").read_text("utf-8")
    assert good.count(old) == 1
    (tmp_path / "limits.toml").write_text(good.replace(old, new), "utf-8")
    with pytest.raises(ContentError, match=f"^limits.toml: rfa-size: .*{re.escape(says)}"):
        load(evidence(), tmp_path)
