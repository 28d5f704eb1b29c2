"""How the pictures are laid out: nothing in them collides, and all of it can be read."""

from __future__ import annotations

import io
import re
from functools import cache
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from dialogs.drawing import lettering, pocket_card
from dialogs.drawing.paper import A4
from dialogs.drawing.route import OFF, route
from dialogs.drawing.sheet import SMALL, WIDTH, Sheet, Text
from dialogs.pictures import Painter, png_of
from dialogs.words import environment
from guideline import Case, assess, guideline
from tests.support.shapes import collisions, contrast
from tests.support.ways import ALL, INDIFFERENT, OPEN_CASES, SETTLED, TREE, headlines

PAINTER = Painter(guideline(), environment(guideline().evidence))
WEIGHED = assess(Case.of({"grade": "G2", "pattern": "III", "refractory_symptoms": True, "age": 52}))
"""A case in which a transplant is weighed and much comes with the headline."""


@cache
def sheets() -> list[Sheet]:
    plots = [PAINTER.outcomes_sheet(found) for found in headlines().values()]
    algorithms = [PAINTER.algorithm_sheet(found) for found in ALL]
    cases = [PAINTER.case_sheet(found) for found in (*ALL, WEIGHED)]
    return [PAINTER.patterns_sheet(), PAINTER.pocket_sheet(), *cases, *algorithms, *(plot for plot in plots if plot)]


@pytest.mark.slow
def test_no_words_overlap_are_cut_off_or_crossed() -> None:
    for sheet in sheets():
        assert list(collisions(sheet)) == []


@pytest.mark.slow
def test_all_words_are_at_least_ten_pixels_high_on_the_narrowest_phone() -> None:
    assert WIDTH / 360 == 3
    on_phones = [sheet for sheet in sheets() if sheet.wide == WIDTH]
    assert len(on_phones) == len(sheets()) - 1  # the pocket card has the shape of a page
    assert all(shape.size >= SMALL >= 30 for sheet in on_phones for shape in sheet.shapes if isinstance(shape, Text))


def test_the_pocket_card_is_an_a4_page_whose_letters_print_at_nine_points_and_more() -> None:
    sheet = PAINTER.pocket_sheet()
    assert sheet.height == round(sheet.wide * 297 / 210)
    sizes = [shape.size for shape in sheet.shapes if isinstance(shape, Text)]
    assert min(sizes) * A4[0] / sheet.wide >= 9
    paper = PAINTER.pocket_card_pdf().draw()
    (box,) = re.findall(rb"/MediaBox \[([^\]]+)\]", paper)
    assert [float(number) for number in box.split()] == [0, 0, *A4]
    assert paper.count(b"/Type /Page\n") == 1


def test_a_pocket_card_with_more_than_a_page_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pocket_card, "NEWER", pocket_card.NEWER * 3)
    with pytest.raises(ValueError, match=r"lines higher than a page holds: shorten what stands beside it \(NEWER\)"):
        PAINTER.pocket_sheet()


def test_letters_are_no_wider_than_they_were_measured() -> None:
    for words, bold in (("Ablation or embolisation (TACE)*", True), ("at least 90 % of the volume", False)):
        weight = ' font-weight="700"' if bold else ""
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="100" font-family="{lettering.FAMILY}">'
            f'<rect width="900" height="100" fill="#ffffff"/>'
            f'<text x="50" y="60" font-size="32"{weight}>{words}</text></svg>'
        )
        with Image.open(io.BytesIO(png_of(drawing))).convert("L") as image:
            ink = ImageChops.invert(image).getbbox()
        assert ink is not None
        measured = lettering.width(words, 32, bold)
        assert 0.97 * measured - 4 < ink[2] - 50 <= measured + 1
        assert ink[1] >= 60 - lettering.ASCENT * 32
        assert ink[3] <= 60 + lettering.DESCENT * 32


def test_a_character_the_font_has_not_is_noticed() -> None:
    with pytest.raises(KeyError):
        lettering.width("✓", 32)


def test_a_word_too_long_for_its_room_is_noticed() -> None:
    with pytest.raises(ValueError, match="wider than 100 pixels"):
        lettering.lines("one chemoembolisation", 100, 32)


def test_words_stand_out_from_what_is_behind_them() -> None:
    kinds = {found.headline: found for found in [*OPEN_CASES, *INDIFFERENT, *SETTLED]}.values()
    drawn = [PAINTER.algorithm(found).svg for found in kinds] + [PAINTER.pocket_card().svg]
    drawn += [PAINTER.case(found).svg for found in (*kinds, WEIGHED)]
    plot = PAINTER.outcomes(headlines()["debulking"])
    assert plot is not None
    for svg in (*drawn, plot.svg, PAINTER.patterns().svg):
        root = ElementTree.fromstring(svg)
        rects = [
            (
                float(r.get("x", 0)),
                float(r.get("y", 0)),
                float(r.get("width", 0)),
                float(r.get("height", 0)),
                r.get("fill"),
            )
            for r in root.iter("{http://www.w3.org/2000/svg}rect")
        ]
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            behind = [fill for left, top, w, h, fill in rects if left <= x <= left + w and top <= y <= top + h][-1]
            assert contrast(text.get("fill") or "", behind or "") >= 4.5, text.text


def test_the_lit_way_differs_by_more_than_colour() -> None:
    svg = PAINTER.algorithm(headlines()["debulking"]).svg
    widths = {float(found) for found in re.findall(r'fill="none" stroke="#0b4f7d" stroke-width="(\d+)"', svg)}
    others = {float(found) for found in re.findall(r'fill="none" stroke="#8a96a3" stroke-width="(\d+)"', svg)}
    assert min(widths) >= 2 * max(others)
    assert OFF in {route(TREE, headlines()["debulking"]).rest}
