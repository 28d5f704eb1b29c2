"""Text that is typed: a number where one is asked, an emergency, a person's details, and everything else."""

from __future__ import annotations

import pytest

from dialogs.answers import given
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.questions import LINES, UNKNOWN
from dialogs.typed import is_about_a_person
from guideline import Span, asks, evidence
from guideline.case import NUMBERS
from phone.entities import parse_html
from tests.support.walk import Talk, begun, wordless

LABELS = Labels()
ODD = [
    "Mary",
    "x" * 10_000,
    "<b>bold</b> & <a href='x'>",
    "😀" * 300,
    "12 Elm Street",
    "-5",
    "1e9",
    "\u202e21",
    "/",
    "12\n13",
]


def _at_ki67(conversation: Conversation) -> Talk:
    return begun(conversation).taps("a.grade.count")


def test_a_number_typed_where_one_is_asked_is_the_answer() -> None:
    talk = _at_ki67(wordless()).types("12,5 %")
    assert given(talk.session.answers, "ki67") == "=12.5"
    assert talk.types("1").place.found.known["grade"] == frozenset({"G2"})


def test_a_number_typed_for_a_detail_is_taken_with_its_unit() -> None:
    talk = begun(wordless()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    talk.forges("e.largest_lesion_cm").types("4 cm")
    assert talk.place.found.case.known["largest_lesion_cm"] == Span.at(4)
    assert "ablation-uncertain-over-3cm" in talk.place.found.adjuncts


@pytest.mark.parametrize(("question", "text"), [("ki67", "101"), ("age", "131"), ("largest_lesion_cm", "0")])
def test_a_number_out_of_range_names_the_question_what_came_and_what_is_taken(question: str, text: str) -> None:
    here = (
        _at_ki67(wordless())
        if question == "ki67"
        else begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown").forges(f"e.{question}")
    )
    before = here.session, here.screen
    here.types(text)
    assert (here.session, here.screen) == before
    for part in (LABELS(f"question.{question}"), text, NUMBERS[question][1]):
        assert part in here.notice


@pytest.mark.parametrize("text", ODD)
def test_other_text_where_a_number_is_asked_changes_nothing_and_is_not_shown_again(text: str) -> None:
    before = _at_ki67(wordless())
    after = Talk(wordless(), before.session).types(text)
    assert after.session == before.session
    assert after.screen == before.screen
    assert after.notice in (LABELS("notice.typed-number"), LABELS("notice.person"))


@pytest.mark.parametrize("text", [*ODD, "12"])
def test_text_where_only_buttons_answer_changes_nothing_and_is_not_shown_again(text: str) -> None:
    before = begun(wordless())
    after = Talk(wordless(), before.session).types(text)
    assert after.session == before.session
    assert after.screen == before.screen
    assert after.notice in (LABELS("notice.typed"), LABELS("notice.person"))


@pytest.mark.parametrize("text", ["zyzzyva", "Zyzzyva? <i>zyzzyva</i>", "zyzzyva " * 1200])
def test_text_at_a_result_or_at_home_is_looked_up_and_neither_kept_nor_shown_again(
    text: str, conversation: Conversation
) -> None:
    result = begun(conversation).taps("a.grade.G3", "a.differentiation.unknown")
    for before in (result, Talk(conversation, result.session).says("start"), Talk(conversation).says("start")):
        after = Talk(conversation, before.session).types(text)
        assert after.session == before.session
        assert "zyzzyva" not in f"{after.text} {after.notice}".lower()


@pytest.mark.parametrize("word", LABELS.texts("emergency.words"))
def test_a_word_of_emergency_is_answered_with_where_to_turn_wherever_it_is_typed(word: str) -> None:
    result = begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown")
    home = Talk(wordless(), result.session).says("start")
    for before in (Talk(wordless()).says("start"), begun(wordless()), _at_ki67(wordless()), result, home):
        for text in (word, word.upper(), f"patient in {word}!", f"he is\n{word}. 12"):
            after = Talk(wordless(), before.session).types(text)
            assert (after.text, after.notice) == ("emergency", ""), text
            assert after.session == before.session


def test_a_word_that_only_contains_one_of_an_emergency_is_none() -> None:
    assert begun(wordless()).types("shockwave").notice == LABELS("notice.typed")


@pytest.mark.parametrize(
    "text",
    [
        "Mrs Smith, grade G2",
        "born 1950",
        "Maria Gonzalez 12 March 1961",
        "1st of Sept. 55, ileal NET",
        "seen July 4th, 1949",
        "12.03.1950",
        "1950-03-12",
        "NHS 943 476 5919",
        "MRN 12",
        "a@b.org",
        "4434765919",
    ],
)
def test_what_looks_like_a_persons_details_is_not_read_on(text: str) -> None:
    assert is_about_a_person(text)
    before = begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown")
    after = Talk(wordless(), before.session).types(text)
    assert after.notice == LABELS("notice.person")
    assert after.session == before.session
    assert len(after.text) < 60, "the case is not shown below"
    assert after.taps("now").screen == before.screen


@pytest.mark.parametrize(
    "text",
    [
        "debulking 90 %",
        "Type II two-step",
        "PRRT since 2017",
        "ablation over 3 cm",
        "Milan criteria",
        "782672",
        "Int J Hepatol 2012, 782672",
        "10.1155/2012/782672",
        "doi: 10.1016/j.surg.2017.05.030",
        "https://doi.org/10.1007/s11864-023-01124-w",
        "resected 2005-2020",
    ],
)
def test_a_clinical_question_is_not_taken_for_a_persons_details(text: str) -> None:
    assert not is_about_a_person(text)


def test_what_the_bot_gives_to_copy_is_nobodys_details(conversation: Conversation) -> None:
    for taps in (
        ("a.grade.G3",),
        ("a.grade.G2", "a.pattern.III"),
        ("a.grade.G1", "a.pattern.II", "all.prerequisites.met"),
    ):
        talk = begun(conversation).taps(*taps)
        for copied in (button.copy for button in talk.buttons if button.copy):
            assert not is_about_a_person(copied)
        assert not is_about_a_person(parse_html(talk.text)[0])


def test_what_the_review_and_the_notes_say_is_nobodys_details() -> None:
    texts = [s.text for s in evidence().statements.values()]
    texts += [f"{n.title} {n.review} {n.now} {n.ours}" for n in evidence().notes.values()]
    texts += [line for asked in asks.load(evidence()).values() for line in (asked.line, *asked.asks)]
    assert [text for text in texts if is_about_a_person(text)] == []


@pytest.mark.parametrize("band", [band for band in LINES["volume"].options if band != UNKNOWN])
def test_the_words_of_a_band_on_its_button_are_the_whole_band(band: str) -> None:
    talk = begun(wordless()).taps("a.grade.G2", "a.pattern.I", "t.p-r0", "t.p-r0", "all.prerequisites.met")
    talk.taps("t.s-refractory", "all.symptoms.no").types(LABELS(f"option.volume.{band}").lower())
    assert given(talk.session.answers, "volume") == band
