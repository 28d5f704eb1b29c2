"""From views to words: pages, places, bands, references, and what a broken template or label does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

import pytest
from jinja2 import UndefinedError

from dialogs.actions import Do, Room
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.render import LIMIT, Renderer, paginate, utf16
from dialogs.view import Choice, View
from dialogs.words import sections
from guideline import Span, guideline
from phone.entities import parse_html

EVIDENCE = guideline().evidence
LABELS = Labels()


@pytest.fixture(scope="module")
def render() -> Renderer:
    return Renderer(EVIDENCE, {})


def _listed(render: Renderer, id_: str) -> str:
    """The statement with its references by number and level, as a page has it."""
    return str(cast(Callable[[str], str], render.env.globals["listed_statement"])(id_))


def _statement(render: Renderer, id_: str) -> str:
    """The statement, and its citations, which stand at the end of a page."""
    return f"{_listed(render, id_)}\n{cast(Callable[[list[str]], str], render.env.globals['cited'])([id_])}"


@pytest.mark.parametrize("number", range(1, 108))
def test_a_reference_is_printed_only_as_far_as_it_is_vouched_for(number: int, render: Renderer) -> None:
    reference = EVIDENCE.references.get(number)
    for statement in EVIDENCE.statements.values():
        if number not in statement.refs:
            continue
        text = _statement(render, statement.id)
        vouched = reference and (not reference.only or statement.id in reference.only)
        if reference and vouched:
            assert f"ref. {number}, {LABELS(f'level.{reference.level}')}: " in text
            assert reference.level in text
        else:
            assert re.search(rf"[\[ ]reference {number} of the review[;\]]", text), statement.id
            assert f"ref. {number}," not in text


def test_reference_56_prints_its_citation_only_where_it_is_known_to_be_meant(render: Renderer) -> None:
    citing = [s.id for s in EVIDENCE.statements.values() if 56 in s.refs]
    naming = [id_ for id_ in citing if "Hardacre" in _statement(render, id_)]
    assert naming == ["resection-median-not-reached"]
    assert len(citing) > 1


def test_no_statement_prints_a_citation_of_a_number_that_it_does_not_have(render: Renderer) -> None:
    for statement in EVIDENCE.statements.values():
        printed = {
            int(n)
            for n in re.findall(r"(?:ref\.|reference) (\d+)(?:, \w+:| of the review)", _statement(render, statement.id))
        }
        assert printed <= set(statement.refs), statement.id


def test_what_is_known_to_be_wrong_and_what_is_uncertain_is_said_with_the_statement(render: Renderer) -> None:
    for statement in EVIDENCE.statements.values():
        text = _statement(render, statement.id).replace("&#39;", "'")
        for flaw in statement.inconsistencies:
            assert flaw in text
            said = EVIDENCE.inconsistencies[flaw].parts_for([statement.id])
            assert all(part.text in text and part.ours in text for part in said)
            others = set(EVIDENCE.inconsistencies[flaw].parts) - set(said)
            assert not [part for part in others if part.text in text]
        assert statement.uncertain in text


def test_a_source_is_printed_with_its_date_or_says_that_none_was_seen(render: Renderer) -> None:
    for note in EVIDENCE.notes.values():
        text = str(cast(Callable[[str], str], render.env.globals["newer_note"])(note.id))
        assert text.count("(date not seen; ") == sum(not source.year for source in note.sources)
        assert "(0;" not in text
        assert all(f"({source.year}; " in text for source in note.sources if source.year)


def _note(render: Renderer, id_: str) -> str:
    return render.screen(View("notes", {"notes": [id_], "heading": ""})).text


def test_a_source_leads_to_the_paper_or_to_the_page_that_was_read_and_says_how_it_was_read(render: Renderer) -> None:
    for note in EVIDENCE.notes.values():
        plain, entities = parse_html(_note(render, note.id))
        links = [entity["url"] for entity in entities if entity["type"] == "text_link"]
        assert links == [source.link for source in note.sources]
        for source in note.sources:
            doi = f", doi {source.doi}" if source.doi else ""
            read = LABELS(f"read.{source.read.replace(' ', '-')}")
            assert f"{source.citation}{doi} ({source.year or 'date not seen'}; {read})" in plain.replace("\u00a0", " ")


def test_what_is_older_than_the_review_is_not_called_newer(render: Renderer) -> None:
    older = {
        "somatostatin-analogues", "targeted-therapy", "transplant-age", "transplant-milan", "embolisation-abscess",
        "carcinoid-crisis",
    }  # fmt: skip
    for note in EVIDENCE.notes.values():
        text = _note(render, note.id)
        assert ("\nOther sources: " in text) == (note.id in older), note.id
        assert ("\nSince then: " in text) == (note.id not in older and not note.reading), note.id


def test_what_we_conclude_is_printed_as_ours(render: Renderer) -> None:
    concluding = [note for note in EVIDENCE.notes.values() if note.ours]
    assert len(concluding) >= 8
    for note in concluding:
        plain = parse_html(_note(render, note.id))[0].replace("\u00a0", " ")
        assert f"\nOur conclusion, no source's: {note.ours}" in plain
        assert note.ours not in note.now


def test_the_abbreviations_of_a_page_stand_once_at_its_end(render: Renderer) -> None:
    plain, _ = parse_html(render.screen(View("notes", {"notes": ["transplant-age", "captem"], "heading": ""})).text)
    assert plain.count("\nNET: neuroendocrine tumour") == 1
    assert plain.count("\nMGMT: the repair enzyme") == 1
    assert "FOLFOX" not in plain


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2026, 11, 26), False), (date(2027, 11, 26), False), (date(2027, 11, 27), True), (date(2030, 1, 1), True)],
)
def test_a_note_says_when_it_was_last_checked_once_that_is_more_than_twelve_months_ago(
    today: date, stale: bool
) -> None:
    assert EVIDENCE.notes["g3-net"].checked == date(2026, 11, 26)
    text = _note(Renderer(EVIDENCE, {}, today=today), "g3-net")
    assert ("<i>Last checked 2026-11-26: more than a year ago.</i>" in text) == stale


def test_without_a_day_to_compare_with_no_note_is_old_but_those_read_long_before_the_others(render: Renderer) -> None:
    assert not any("Last checked" in _note(render, id_) for id_ in EVIDENCE.notes)
    long_ago = replace(EVIDENCE.notes["captem"].sources[0], read_on=date(2025, 11, 25))
    notes = {**EVIDENCE.notes, "captem": replace(EVIDENCE.notes["captem"], sources=(long_ago,))}
    assert "Last checked 2025-11-25" in _note(Renderer(replace(EVIDENCE, notes=notes), {}), "captem")


def test_a_short_text_is_one_page() -> None:
    assert paginate("head\n\n\fone\f two ") == [("head\n\none\n\ntwo", 2)]
    assert paginate("alone") == [("alone", 0)]


def test_a_long_text_is_parted_between_blocks_and_every_page_has_the_head() -> None:
    blocks = [letter * 900 for letter in "abcdefg"]
    pages = [page.text for page in paginate("\f".join(["head", *blocks]))]
    assert len(pages) > 1
    assert all(page.startswith("head\n\n") and utf16(page) <= LIMIT for page in pages)
    assert [part for page in pages for part in page.split("\n\n")[1:]] == blocks


def test_the_foot_stands_at_the_end_of_every_page() -> None:
    blocks = [letter * 900 for letter in "abcdefg"]
    pages = [page.text for page in paginate("\f".join(["head", *blocks]) + "\n\vthe foot\n")]
    assert len(pages) > 1
    assert all(page.endswith("\n\nthe foot") and page.count("the foot") == 1 for page in pages)
    assert paginate("head\vfoot") == [("head\n\nfoot", 0)]


def test_length_is_counted_as_telegram_counts() -> None:
    assert [utf16(text) for text in ("", "abc", "§ é", "😀")] == [0, 3, 3, 2]


def test_a_page_beyond_the_last_shows_the_last(conversation: Conversation) -> None:
    render = conversation.steps.renderer
    assert render.screen(View("help", {}, (), 99, Room("why"))) == render.screen(View("help"))


def test_places_are_named_once_each_in_order() -> None:
    by_section = {statement.section: statement for statement in EVIDENCE.statements.values()}
    some = [by_section[section] for section in ("5.1.3", "Fig. 1", "5.1.3", "abstract")]
    assert sections(some) == "§5.1.3, Fig. 1, abstract"


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ("<3", "under 3"), ("<=50", "up to 50"), (">20", "over 20"), (">=90", "at least 90"), ("3-20", "3–20"),
        ("70-<90", "70 to under 90"), (">3-5", "over 3 to 5"),
    ],
)  # fmt: skip
def test_a_band_is_said_with_its_ends_as_they_are(band: str, words: str) -> None:
    assert LABELS.amount(Span.read(band)) == words


@pytest.mark.parametrize(("number", "words"), [(12.5, "12.5"), (4, "4"), (0, "0"), (130, "130")])
def test_a_number_is_said_as_it_was_given(number: float, words: str) -> None:
    assert LABELS.amount(Span.at(number)) == words


def test_a_band_cut_to_what_a_fact_can_be_is_said_as_the_band() -> None:
    assert LABELS.amount(Span(0, 3, True, False), "ki67") == "under 3"
    assert LABELS.amount(Span(90, 100), "debulkable_percent") == "at least 90"
    assert LABELS.amount(Span(50, 130, False, True), "age") == "over 50"


def test_a_number_at_which_another_fact_ends_is_said() -> None:
    assert LABELS.clause("mitoses", Span(50, 100)) == "50–100 mitoses per 10 HPF"


@pytest.mark.parametrize("path", ["button.nonsense", "nonsense", "button", "option.grade", "", "button.back.more"])
def test_a_label_that_there_is_not_is_an_error_and_no_empty_button(path: str) -> None:
    with pytest.raises((KeyError, TypeError)):
        LABELS(path)


def test_words_missing_from_a_view_are_an_error_and_no_gap(render: Renderer) -> None:
    with pytest.raises(UndefinedError):
        render.screen(View("trouble"))
    with pytest.raises(KeyError):
        render.screen(View("forgotten", {}, ((Choice(Do.SHOW_CURRENT, "button.nonsense"),),)))


def test_what_is_filled_in_is_escaped(render: Renderer) -> None:
    assert "&lt;b&gt;&amp;" in render.screen(View("trouble", {"code": "<b>&"})).text


def test_every_template_can_be_compiled(render: Renderer) -> None:
    names = render.env.list_templates(extensions=["j2"])

    assert len(names) > 50
    for name in names:
        render.env.get_template(name)


def test_the_references_of_a_statement_stand_before_what_is_ours(render: Renderer) -> None:
    seen = 0
    for statement in EVIDENCE.statements.values():
        if not statement.refs or not (statement.inconsistencies or statement.uncertain):
            continue
        text = _listed(render, statement.id)
        last = max(text.rfind(f"ref. {statement.refs[-1]}"), text.rfind(f"reference {statement.refs[-1]} of"))
        ours = min(at for words in ("Caution (", "Reading uncertain") if (at := text.find(words)) >= 0)
        assert 0 < last < ours, statement.id
        seen += 1
    assert seen > 10
    age = _statement(render, "transplant-criterion-age")
    assert "Our conclusion, no source's:</i> An age of 50 is better not read as a hard stop." in age.replace(
        "&#39;", "'"
    )
