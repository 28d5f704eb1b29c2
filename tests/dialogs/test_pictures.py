"""The pictures: they say what the text says, for every way through the algorithm."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from functools import cache

import pytest

from dialogs import cards
from dialogs.drawing import pocket_card
from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.route import ANSWERED, EITHER, LIT, OPEN, PLAIN, route
from dialogs.drawing.rows import rows_of
from dialogs.drawing.sheet import HEAD, TITLE, WIDTH, Art, Box, Mark, Sheet, Text
from dialogs.labels import Labels
from dialogs.papers import in_short
from dialogs.pictures import Painter, Picture
from dialogs.render import Renderer, utf16
from dialogs.words import environment
from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from tests.support.shapes import bounds, within
from tests.support.ways import ALL, INDIFFERENT, OPEN_CASES, SETTLED, TREE, headlines

pytestmark = pytest.mark.slow

PAINTER = Painter(guideline(), environment(guideline().evidence))
LABELS = Labels()
EVIDENCE = guideline().evidence
RFA_SIZES = LABELS("limit.rfa-sizes").partition(" {}")[0]


@cache
def pictures() -> list[Picture]:
    plots = [PAINTER.outcomes(found) for found in headlines().values()]
    ways = [draw(found) for found in ALL for draw in (PAINTER.algorithm, PAINTER.case)]
    return [PAINTER.patterns(), PAINTER.pocket_card(), *ways, *(plot for plot in plots if plot)]


def words_on(sheet: Sheet) -> str:
    """All words in the order in which they were put there, without regard to lines."""
    return " ".join(shape.words for shape in sheet.shapes if isinstance(shape, Text)).replace("\u00a0", " ")


def test_the_cases_drawn_here_reach_every_headline_and_every_edge() -> None:
    assert set(headlines()) == set(TREE.headlines)
    taken = {(step.node.id, step.edge.to) for found in SETTLED for step in found.way if step.edge}
    assert taken == {(node.id, edge.to) for node in TREE.nodes.values() for edge in node.edges}


# What the picture says


def test_the_lit_way_is_the_way_the_core_walked() -> None:
    for found in SETTLED:
        marked = route(TREE, found)
        assert [id_ for id_, state in marked.headlines.items() if state == LIT] == [found.headline]
        assert {key for key, state in marked.edges.items() if state == LIT} == {
            (step.node.id, step.edge) for step in found.way if step.edge
        }
        assert set(marked.nodes.values()) == {LIT}


def test_every_turn_shows_the_answer_that_took_it_and_the_end_its_headline() -> None:
    for found in SETTLED:
        sheet = PAINTER.algorithm_sheet(found)
        words, caption = words_on(sheet), PAINTER.algorithm(found).caption
        for step in found.way:
            clause = LABELS.clause(step.node.fact, found.known[step.node.fact])
            assert clause[1:] in words  # its first letter may be a capital
            assert clause in caption
        headline = LABELS(f"headline.{found.headline}")
        said = "The source has no route" if "net-g3-not-covered" in found.caveats else "The source suggests"
        assert words.startswith(said)
        assert caption.startswith(said)
        assert headline in words.partition(" · ")[0]
        assert headline in caption.partition("\n")[0]
        (end,) = [shape for shape in sheet.shapes if isinstance(shape, Box) and shape.role == "leaf lit"]
        inside = [shape for shape in sheet.shapes if isinstance(shape, Text) and within(shape.bounds, bounds(end))]
        assert headline.lower() in " ".join(text.words for text in inside).lower()


def test_the_picture_of_a_case_has_its_way_alone_with_where_another_answer_would_have_led() -> None:
    for found in ALL:
        sheet = PAINTER.case_sheet(found)
        words, caption = words_on(sheet), PAINTER.case(found).caption
        roles = [shape.role for shape in sheet.shapes if isinstance(shape, Box)]
        taken = [step for step in found.way if step.edge]
        assert (roles.count("node lit"), roles.count("node either")) == (len(taken), len(found.way) - len(taken))
        for step in taken:
            clause = LABELS.clause(step.node.fact, found.known[step.node.fact])
            assert clause[1:] in words  # its first letter may be a capital
            assert clause in caption
            for edge in step.node.edges:
                if edge is not step.edge:
                    assert LABELS.clause(step.node.fact, edge.values) in words
                    assert edge.to not in TREE.headlines or LABELS(f"headline.{edge.to}") in words
        if found.headline == UNDETERMINED:
            assert roles[-1] == "node open"
            assert all(LABELS(f"fact.{fact}") in words for fact in found.needed)
            assert all(LABELS(f"headline.{id_}") in words for id_ in found.candidates)
        else:
            assert roles[-1] == "leaf lit"
            said = "The source has no route" if "net-g3-not-covered" in found.caveats else "The source suggests"
            assert words.startswith(said)


def test_the_picture_of_a_case_has_what_comes_with_it_the_caveats_and_the_transplant_criteria() -> None:
    weighed = {"grade": "G2", "pattern": "III", "refractory_symptoms": True, "carcinoid_syndrome": True, "age": 52}
    for case in (
        {"grade": "G3", "differentiation": "well"},
        weighed,
        {**weighed, "pattern": "II", "r0_feasible": False},
    ):
        found = assess(Case.of(case))
        words = words_on(PAINTER.case_sheet(found))
        assert all(LABELS(f"adjunct.{id_}") in words for id_ in found.adjuncts if id_ != "mdt")
        assert all(f"Caveat: {LABELS(f'caveat.{id_}')}" in words for id_ in found.caveats)
        assert "carcinoid syndrome" in words or "carcinoid_syndrome" not in case
        criteria = found.transplant.criteria if found.transplant else {}
        for id_, state in criteria.items():
            assert f"· {LABELS(f'criterion-state.{state}')}: {LABELS(f'criterion.{id_}')}" in words
    assert "Not met: age up to 50" in words_on(PAINTER.case_sheet(assess(Case.of(weighed))))


def test_the_size_limits_of_rfa_stand_where_the_handed_text_has_them() -> None:
    renderer, told = Renderer(EVIDENCE, {}), set()
    for found in ALL:
        context = {
            **cards.of_result(EVIDENCE, found, ()),
            "tests": cards.tests(found) if found.headline == UNDETERMINED else [],
        }
        handed = renderer.plain_text("handed", context)
        told.add(RFA_SIZES in handed)
        assert (RFA_SIZES in words_on(PAINTER.case_sheet(found))) == (RFA_SIZES in handed), found.case
    assert told == {True, False}


def test_the_picture_of_a_case_names_the_newer_sources_that_its_card_may_name_each_with_its_source() -> None:
    for found in ALL:
        notes = cards.newer_notes(EVIDENCE, found)
        shown, words = cards.newer_on_card(found, notes), words_on(PAINTER.case_sheet(found))
        assert shown or not set(notes) - {"type-naming"}
        for id_ in shown:
            note = EVIDENCE.notes[id_]
            assert (note.differs or note.title) in words
            assert f"[{in_short(note)}]" in words
        assert f"Newer sources, {len(shown)} of {len(notes)}" in words or len(shown) in (0, len(notes))


def test_what_the_source_has_no_route_for_is_not_shown_as_its_suggestion() -> None:
    found = assess(Case.of({"grade": "G3", "differentiation": "well"}))
    for sheet in (PAINTER.algorithm_sheet(found), PAINTER.case_sheet(found)):
        assert f"Caveat: {LABELS('caveat.net-g3-not-covered')}" in words_on(sheet)
        (end,) = [shape for shape in sheet.shapes if isinstance(shape, Box) and shape.role == "leaf lit"]
        inside = [shape for shape in sheet.shapes if isinstance(shape, Text) and within(shape.bounds, bounds(end))]
        assert "No route for well-differentiated G3" in " ".join(text.words for text in inside)


def test_no_picture_names_chemotherapy_for_g3_without_saying_for_which() -> None:
    others = [a for a in ALL if a.headline != "systemic-chemotherapy" and "differentiation" not in a.case.known]
    sheets = [
        PAINTER.pocket_sheet(),
        *(draw(a) for a in others for draw in (PAINTER.case_sheet, PAINTER.algorithm_sheet)),
    ]
    assert len(sheets) > 10
    for words in (words_on(sheet).lower() for sheet in sheets):
        named = words.count("systemic chemotherapy")
        assert named == words.count("systemic chemotherapy, if poorly differentiated")


def test_there_is_a_tick_at_every_answer_given_and_at_no_other() -> None:
    for found in SETTLED:
        clauses = [LABELS.clause(step.node.fact, found.known[step.node.fact]) for step in found.way]
        chart = Flowchart(TREE, (), LABELS, route(TREE, found), found.known)
        ways = [(way.words, way.state) for row in chart.rows for part in chart.ways(row) for way in part]
        answered = [words for words, state in ways if state == LIT]
        assert all(any(words.endswith(clause) for words in answered) for clause in clauses)
        ticked = [LABELS("picture.lit"), *(words[:1].upper() + words[1:] for words in answered)]
        lines = [line.replace("\u00a0", " ") for line in ticked_lines(PAINTER.algorithm_sheet(found))]
        assert len(lines) == len(ticked)
        assert all(any(words.startswith(line) for line in lines) for words in ticked)


def ticked_lines(sheet: Sheet) -> list[str]:
    """The line of words that stands right beside each tick."""
    texts = [shape for shape in sheet.shapes if isinstance(shape, Text)]
    ticks = [shape for shape in sheet.shapes if isinstance(shape, Mark) and shape.kind == "tick"]
    return [
        text.words
        for tick in ticks
        for text in texts
        if 0 < text.x - tick.x < 30 and text.bounds[1] < tick.y < text.bounds[3]
    ]


def test_what_is_marked_open_is_what_the_core_calls_open() -> None:
    assert len(OPEN_CASES) > 30
    for found in OPEN_CASES:
        marked = route(TREE, found)
        assert set(marked.headlines) == set(found.candidates)
        assert set(marked.headlines.values()) == {OPEN}
        asked = {TREE.nodes[id_].fact for (id_, _), state in marked.edges.items() if state == OPEN}
        assert asked == set(found.needed)


def test_the_caption_of_an_undetermined_case_names_what_is_open() -> None:
    for found in OPEN_CASES:
        caption = PAINTER.algorithm(found).caption
        assert caption.startswith(LABELS("picture.undetermined"))
        assert all(LABELS(f"fact.{fact}") in caption for fact in found.needed)
        assert all(LABELS(f"headline.{id_}") in caption for id_ in found.candidates)


def test_an_answer_that_is_known_beyond_an_open_one_is_ticked_and_not_asked() -> None:
    found = assess(Case.of({"pattern": "I", "fit_for_surgery": True}))
    words = words_on(PAINTER.algorithm_sheet(found))
    assert "Fit for surgery" in words
    assert "Fit for surgery?" not in words
    assert ANSWERED in route(TREE, found).edges.values()


@pytest.mark.parametrize("found", INDIFFERENT, ids=["pattern", "symptoms"])
def test_an_unknown_answer_that_makes_no_difference_says_so(found: Assessment) -> None:
    assert found.headline == "ablation-embolisation"
    assert EITHER in route(TREE, found).nodes.values()
    assert LABELS("picture.either") in words_on(PAINTER.algorithm_sheet(found))
    assert LABELS("picture.either") in PAINTER.algorithm(found).caption


def test_every_question_way_out_and_headline_of_the_tree_stands_on_the_pocket_card() -> None:
    marked, words = route(TREE, None), words_on(PAINTER.pocket_sheet()).lower()
    assert marked.rest == PLAIN
    assert sorted(node.id for row in rows_of(TREE) for node in row) == sorted(TREE.nodes)
    for node in TREE.nodes.values():
        for edge in node.edges:
            assert LABELS.clause(node.fact, edge.values).lower() in words
    assert all(LABELS(f"headline.{id_}").lower() in words for id_ in TREE.headlines)
    stamp = EVIDENCE.stamp
    for said in (f"{stamp.year} review", stamp.version, "not clinically reviewed", "not for emergencies"):
        assert said in words
    assert all(LABELS(f"criterion.{rule.id}").lower() in words for rule in guideline().rules.criteria)
    for said in ("caveat.net-g3-not-covered", "adjunct.perioperative-somatostatin", "suggests.multimodal-nonsurgical"):
        assert LABELS(said).lower() in words


def test_an_uncertain_reading_of_the_figure_is_starred() -> None:
    words = words_on(PAINTER.algorithm_sheet(headlines()["systemic-chemotherapy"]))
    starred = {headline for headline in TREE.headlines if LABELS(f"headline.{headline}")[1:] + "*" in words}
    assert starred == {"ablation-embolisation"}
    assert LABELS("picture.uncertain") in words


def test_the_patterns_are_told_in_the_words_of_their_statements() -> None:
    picture, words = PAINTER.patterns(), words_on(PAINTER.patterns_sheet())
    for name in ("type-i", "type-ii", "type-iii"):
        text, share = (EVIDENCE.statements[id_].text for id_ in (name, f"{name}-share"))
        assert all(part.lower() in words.lower() for part in (*text.split(": "), share))
        assert text in picture.caption
        assert share in picture.caption
    assert len(list(PAINTER.patterns_sheet().of(Art))) == 3


# The plot


def test_there_is_a_plot_for_each_headline_with_figures_and_for_no_other() -> None:
    without = {id_ for id_, found in headlines().items() if PAINTER.outcomes(found) is None}
    assert without == {"optimise-heart-first"}
    assert all(PAINTER.outcomes(found) is None for found in OPEN_CASES)


def test_the_plot_shows_numbers_of_the_headlines_own_statements_only() -> None:
    figures = {n for statement in EVIDENCE.statements.values() for figure in statement.figures for n in numbers(figure)}
    for found in headlines().values():
        sheet = PAINTER.outcomes_sheet(found)
        if sheet is None:
            continue
        own = [EVIDENCE.statements[id_] for id_ in found.outcomes]
        allowed = {number for statement in own for figure in statement.figures for number in numbers(figure)}
        allowed |= {str(ref) for statement in own for ref in statement.refs}
        allowed |= {number for statement in own for number in numbers(statement.whose)}
        assert allowed <= figures | {str(ref) for statement in own for ref in statement.refs}
        texts = [shape.words for shape in sheet.shapes if isinstance(shape, Text) and shape.role == "ink"]
        assert set(numbers(re.sub(r"I-\d+", "", " ".join(texts)))) <= allowed


def test_each_bar_says_whose_result_it_is_with_its_references_and_cautions() -> None:
    for found in headlines().values():
        sheet = PAINTER.outcomes_sheet(found)
        if sheet is None:
            continue
        words = words_on(sheet)
        assert LABELS("picture.bias") in words
        bars = [shape for shape in sheet.shapes if isinstance(shape, Box) and shape.role == "track"]
        shown = found.reported
        assert len(bars) == len(shown) > 0
        for statement in (EVIDENCE.statements[outcome.statement] for outcome in shown):
            assert statement.whose[1:] in words
            assert all(f"{ref}" in words for ref in statement.refs)
            assert all(flaw in words for flaw in statement.inconsistencies)


def test_the_plot_shows_what_is_suggested_before_what_comes_with_it_and_a_transplant_last() -> None:
    found = assess(Case.of({"grade": "G2", "pattern": "III", "refractory_symptoms": True}))
    sheet = PAINTER.outcomes_sheet(found)
    assert sheet
    words = words_on(sheet)
    in_order = ["55–100 %", "Debulking of 90 % or more", "33 %", "Possible at most", "24–45 % at 5 years"]
    assert [words.find(one) for one in in_order] == sorted(words.index(one) for one in in_order)


def test_the_plot_has_a_measure_of_a_treatment_in_one_place() -> None:
    plots = [sheet for found in headlines().values() if (sheet := PAINTER.outcomes_sheet(found))]
    assert plots
    for sheet in plots:
        seen: set[str] = set()
        for text in (shape for shape in sheet.shapes if isinstance(shape, Text) and shape.size in (TITLE, HEAD)):
            if text.size == TITLE:  # of the next treatment
                seen = set()
            assert text.words not in seen
            seen.add(text.words)


@pytest.mark.parametrize(("age", "shown"), [(50, True), (51, False), (None, True)])
def test_type_iii_shows_transplant_series_only_while_a_transplant_is_not_ruled_out(
    age: int | None, shown: bool
) -> None:
    sheet = PAINTER.outcomes_sheet(assess(Case.of({"grade": "G2", "pattern": "III", "age": age})))
    assert sheet is not None
    words = words_on(sheet)
    assert ("transplant" in words) is shown
    assert ("Mazzaferro" in words) is shown
    assert "embolisation with or without chemotherapy" in words


def test_a_bar_is_as_long_as_its_figure() -> None:
    sheet = PAINTER.outcomes_sheet(headlines()["resection"])
    assert sheet is not None
    track = next(shape for shape in sheet.shapes if isinstance(shape, Box) and shape.role == "track")
    ranges = [
        shape for shape in sheet.shapes if isinstance(shape, Box) and shape.role == "range" and shape.y > track.y - 1
    ]
    drawn = [(round((bar.x - track.x) / track.width * 100), round(bar.width / track.width * 100)) for bar in ranges]
    assert drawn == [(46, 86 - 46), (35, 79 - 35), (0, 5)]


def numbers(words: str) -> list[str]:
    return re.findall(r"(?<![A-Za-z\d])\d+(?:\.\d+)?", words)


# Files


def test_the_same_case_gives_the_same_picture_to_the_byte_in_another_process() -> None:
    script = (
        "from dialogs.pictures import Painter; from guideline import Case, assess, guideline; import hashlib;"
        "from dialogs.words import environment;"
        "p = Painter(guideline(), environment(guideline().evidence));"
        "a = p.algorithm(assess(Case.of({'grade': 'G2', 'pattern': 'II'})));"
        "o = p.outcomes(assess(Case.of({'grade': 'G3'}))); c = p.pocket_card();"
        "print(a.key, o.key, c.key, hashlib.sha256(o.png).hexdigest());"
        "print(hashlib.sha256(p.pocket_card_pdf().draw()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_different_pictures_have_different_keys() -> None:
    by_key: dict[str, str] = {}
    for picture in pictures():
        assert by_key.setdefault(picture.key, picture.svg) == picture.svg
        assert len(picture.key) <= 40
    svgs = {picture.svg for picture in pictures()}
    assert len(svgs) == len(by_key)


def test_a_picture_is_a_png_that_telegram_takes_as_a_photo() -> None:
    plot = PAINTER.outcomes(headlines()["multimodal-nonsurgical"])
    assert plot is not None
    for picture in (PAINTER.patterns(), PAINTER.pocket_card(), plot, PAINTER.algorithm(INDIFFERENT[1])):
        assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", picture.png[16:24])
        assert width == (PAINTER.pocket_sheet().wide if picture.file_name.startswith("pocket") else WIDTH)
        assert width + height <= 10_000
        assert height <= 20 * width
        assert len(picture.png) < 2_000_000
        assert picture.file_name.endswith(f"-{EVIDENCE.stamp.version}.png")


def test_captions_fit_are_plain_and_carry_the_stamp() -> None:
    for picture in pictures():
        assert utf16(picture.caption) <= 1024
        assert not set("<>&") & set(picture.caption)
        assert picture.caption == picture.caption.strip()
        assert picture.caption.endswith(f"content {EVIDENCE.stamp.version} · not clinically reviewed")


def test_every_picture_names_the_paper_since_it_may_be_sent_on() -> None:
    paper = "Jagannath et al., Int J Hepatol 2012, 782672 (CC BY)"
    plots = [PAINTER.outcomes_sheet(found) for found in headlines().values()]
    sheets = [
        PAINTER.patterns_sheet(),
        PAINTER.pocket_sheet(),
        *map(PAINTER.algorithm_sheet, ALL),
        *map(PAINTER.case_sheet, ALL),
        *filter(None, plots),
    ]
    assert all(paper in words_on(sheet) for sheet in sheets)
    assert all(paper in picture.caption for picture in pictures())


def test_a_caption_is_short_where_the_words_are_a_tap_away() -> None:
    plots = [plot for found in headlines().values() if (plot := PAINTER.outcomes(found))]
    assert plots
    for picture in (PAINTER.pocket_card(), *plots):
        short = [line for line in picture.caption.splitlines() if not line.startswith(("Caveat: ", "A limit: "))]
        assert utf16("\n".join(short)) <= 340, picture.caption


def test_the_pocket_card_has_six_facts_of_newer_sources_each_with_its_source() -> None:
    words = words_on(PAINTER.pocket_sheet())
    assert len(pocket_card.NEWER) == 6
    for id_ in pocket_card.NEWER:
        note = EVIDENCE.notes[id_]
        assert f"{note.differs} [{in_short(note)}]" in words


def test_the_pocket_card_is_sent_as_a_picture_and_its_page_as_a_document() -> None:
    card, page = PAINTER.of_everyone("pocket"), PAINTER.of_everyone("pocket-pdf")
    assert card
    assert page
    assert (card.as_file, page.as_file) == (False, True)
    assert (card.file_name[-4:], page.file_name[-4:]) == (".png", ".pdf")


def test_another_name_is_no_picture_and_nothing_is_laid_out_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Painter, "pocket_card")
    assert PAINTER.of_everyone("nothing") is None


def test_the_pocket_card_is_also_a_pdf_of_one_page_with_its_fonts() -> None:
    paper = PAINTER.pocket_card_pdf().draw()
    assert paper.startswith(b"%PDF-")
    assert b"/Count 1" in paper
    assert b"Roboto" in paper
    assert len(paper) < 200_000


def test_the_pocket_card_joins_the_counts_of_a_grade_as_the_review_does() -> None:
    words = words_on(PAINTER.pocket_sheet())
    assert "G1: under 2 mitoses per 10 HPF and Ki-67 under 3 %" in words
    assert "G2: 2–20 mitoses per 10 HPF or Ki-67 3–20 %" in words
    assert "G3: over 20 mitoses per 10 HPF or Ki-67 over 20 %" in words
