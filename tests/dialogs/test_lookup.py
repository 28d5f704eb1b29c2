"""Looking something up: by topic, by a typed line, from anywhere, and without leaving a trace in the case."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from html import escape
from pathlib import Path

import pytest

from dialogs.actions import Link
from dialogs.cards import BACK
from dialogs.codes import codes_of
from dialogs.conversation import About, Command, Conversation
from dialogs.labels import Labels
from dialogs.lookup import CHANGED, Lookup
from dialogs.papers import to_paper
from dialogs.session import Session
from dialogs.view import Button, Screen, Tell
from guideline import comparisons, evidence, guideline, lists
from guideline.asks import Answer
from guideline.evidence import TOPICS
from guideline.glossary import glossary
from guideline.search import search
from phone.entities import parse_html
from tests.dialogs.test_every_screen import check_form, reports
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE
from tests.support.walk import Talk, begun

LABELS = Labels()
LOOKUP = Lookup(guideline())
SIDES = comparisons.load(evidence(), [one.id for one in lists.load(evidence())]).sides
CRISIS = "vasopressors in carcinoid crisis"
"""The one question that is answered as an emergency."""

STAMP = f"content {evidence().stamp.version} · not clinically reviewed"
QUESTIONS = [
    question["ask"]
    for path in sorted((Path(__file__).parents[1] / "cases").glob("questions*.toml"))
    for question in tomllib.loads(path.read_text("utf-8"))["question"]
]


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def at_home(conversation: Conversation) -> Talk:
    return begun(conversation).says("start")


@pytest.mark.parametrize("topic", [*TOPICS, CHANGED])
def test_every_topic_is_one_tap_from_the_menu_and_answers_first(conversation: Conversation, topic: str) -> None:
    talk = Talk(conversation).says("start").taps("look", f"look.{topic}")
    assert len(talk.text.split("\n\n")[0]) > 40
    assert "home" in talk.actions


@pytest.mark.parametrize("topic", [*TOPICS, CHANGED])
def test_the_cards_of_a_topic_hold_all_of_it_and_fit(conversation: Conversation, topic: str) -> None:
    talk = Talk(conversation).says("start").taps("look", f"look.{topic}")
    waiting, seen, text = [a for a in talk.actions if a.startswith(f"look.{topic}.")], {f"look.{topic}"}, talk.text
    check_form(talk.screen)
    assert len(reports(talk.screen)) == 1
    while waiting:
        action = waiting.pop()
        if action not in seen:
            seen.add(action)
            card = Talk(conversation, talk.session).forges(action)
            screen = card.screen
            check_form(screen)
            part, page = f"{action.removeprefix('look.')}.0".split(".")[1:3]
            assert reports(screen) == [f"report.topic.{topic}.{part}.{int(page) + 1}"]
            assert isinstance(card.taps(*reports(screen)).turn, Tell)
            text += screen.text
            waiting += [b.action for row in screen.rows for b in row if b.action.startswith(f"look.{topic}.")]
    plain = text.replace("\u00a0", " ").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    here = [s for s in evidence().statements.values() if topic in s.topics]
    assert all(statement.text in plain for statement in here)
    assert all(note.now in plain for note in evidence().notes.values() if topic in (CHANGED, note.topic))


def test_what_advises_nothing_does_not_stand_under_advice() -> None:
    shown: dict[str, set[str]] = {"advice": set(), "reports": set()}
    for (_, part), view in Lookup(guideline()).every_topic(BACK):
        if part in shown:
            ids = view.context["ids"]
            assert isinstance(ids, list)
            shown[part].update(ids)
    background = {id_ for id_, statement in evidence().statements.items() if statement.background}

    assert {"fig-based-on-enets", "surgeon-technique", "primary-missed-by-imaging"} <= background
    assert {"resection-benefit", "recurrence-completeness"} <= background
    assert not background & shown["advice"]
    assert background <= shown["reports"]
    assert {"prerequisites", "fig-type-i", "debulking-90"} <= shown["advice"]


def test_a_typed_question_outside_a_case_is_answered_with_references(conversation: Conversation) -> None:
    talk = at_home(conversation).types("tumour over 5 cm rfa")

    assert len(reports(talk.screen)) == 1
    assert "unsuitable for RFA" in talk.text
    assert "reference 86 of the review" in talk.text


def test_a_statement_with_a_newer_note_offers_it(conversation: Conversation) -> None:
    talk = at_home(conversation).types("cholecystectomy recommended gallbladder ischaemia")
    assert "note.prophylactic-cholecystectomy" in talk.actions or "Prophylactic cholecystectomy" in talk.text


@pytest.mark.slow
def test_a_button_to_a_note_or_to_a_further_answer_is_not_cut(conversation: Conversation) -> None:
    seen: set[str] = set()
    for question in QUESTIONS:
        talk = at_home(conversation).types(question)
        for button in talk.buttons:
            assert "…" not in button.caption, question
            assert len(button.caption) <= 36, button.caption
            if button.action.startswith("note."):
                assert button.caption == f"Newer: {LABELS(f'note.{button.action[5:]}')}"
                seen.add("note")
            elif button.caption.startswith("Also: "):
                (answer,) = LOOKUP.codes.answers(button.action.removeprefix("found."))
                lines = [f"Also: {search().line(answer)} [", *(f"· {s.line} [" for s in SIDES if s.answer == answer)]
                text = parse_html(talk.text)[0].replace("\u00a0", " ")
                assert any(line in text for line in lines), (question, lines)
                seen.add("also")
    assert seen == {"note", "also"}


def test_doses_of_a_note_are_said_to_be_those_of_trials(conversation: Conversation) -> None:
    text = parse_html(at_home(conversation).types("octreotide dose").text)[0].replace("\u00a0", " ")
    assert text.startswith("The review gives no doses.")
    assert text.index("Doses here are what trials used, no advice on a dose.") < text.index("octreotide LAR 30 mg")
    assert "Doses here" not in at_home(conversation).types("zygapophysis before rfa").text


def test_what_is_not_there_is_said_plainly(conversation: Conversation) -> None:
    assert "Nothing in the review on that" in at_home(conversation).types("adjuvant chemotherapy").text


def test_what_is_only_near_is_shown_as_no_answer(conversation: Conversation) -> None:
    talk = at_home(conversation).types("zygapophysis before rfa")

    assert talk.text.startswith("<b>Nothing in the review on that</b>")
    assert "Nearest to some of its words" in talk.text
    assert "RFA" in talk.text


def is_turning(button: Button, label: str) -> bool:
    """Whether the button turns a page that way, whichever page it names."""
    return button.caption.startswith(LABELS(label).partition("{")[0])


def pages_of(talk: Talk) -> list[Screen]:
    """What is on the screen, with every page that Next leads to."""
    screens = [talk.screen]
    while after := [button.action for button in talk.buttons if is_turning(button, "button.next-page")]:
        screens.append(talk.taps(*after).screen)
    return screens


def content_of(answer: Answer) -> str:
    if answer.term:
        return glossary().terms[answer.id].text
    return evidence().notes[answer.id].now if answer.note else evidence().statements[answer.id].text


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question != CRISIS])
def test_every_page_of_what_is_found_can_be_turned_to_fits_and_is_stamped(
    conversation: Conversation, question: str
) -> None:
    talk = at_home(conversation).does(Command("ask", question))
    before = talk.session
    screens = pages_of(talk)
    for screen in screens:
        check_form(screen)
        assert STAMP in screen.text
        assert reports(screen) == reports(screens[0])
    assert talk.session == before
    plain = parse_html(" ".join(screen.text for screen in screens))[0].replace("\u00a0", " ")
    said = LOOKUP.look_up(question)
    answers, nearest = said.answers, said.nearest
    for answer in () if said.sides else answers[:2] or nearest:
        assert content_of(answer) in plain
    offered = talk.actions
    for answer in (answer for answer in answers if content_of(answer) not in plain):
        action = f"found.{codes_of([answer])}"
        assert action in offered
        assert content_of(answer) in parse_html(talk.forges(action).text)[0].replace("\u00a0", " ")


def test_a_note_opens_its_first_paper(conversation: Conversation) -> None:
    opened = {
        "debulking-70": ("Paper: Morgan 2018", "https://doi.org/10.1016/j.surg.2017.05.030"),
        "type-naming": ("Paper: J Clin Med 2023", "https://doi.org/10.3390/jcm12072456"),
        "carcinoid-crisis": (
            "Paper: Condron 2016",
            "https://ohsu.elsevierpure.com/en/publications/continuous-infusion-of-octreotide-combined-with-perioperative-oct",
        ),
        "transplant-age": None,  # nothing of it was read but a list on another page
        "figure-reading": None,
    }
    for id_, expected in opened.items():
        buttons = [b for row in at_home(conversation).forges(f"note.{id_}").screen.rows for b in row if b.url]
        assert [(button.caption, button.url) for button in buttons] == ([expected] if expected else []), id_


def test_a_note_tells_its_age_by_the_day_that_the_bot_was_given(conversation: Conversation) -> None:
    later = Conversation(About(today=date(2028, 1, 1)))
    assert "Last checked" not in at_home(conversation).forges("note.captem").text
    assert "Last checked 2026-11-23: more than a year ago." in at_home(later).forges("note.captem").text


def test_a_page_of_notes_opens_the_papers_of_those_notes_that_stand_on_it(conversation: Conversation) -> None:
    index = at_home(conversation).taps("look").taps("look.changed")
    parts = [action for action in index.actions if action.startswith("look.changed.")]
    pages = [screen for part in parts for screen in pages_of(Talk(conversation, index.session).forges(part))]
    assert len(pages) > len(parts)
    shown = 0
    for screen in pages:
        here = [note for note in evidence().notes.values() if f"<b>{note.title}</b>" in screen.text]
        papers = dict.fromkeys(choice.action for note in here if (choice := to_paper(note)))
        assert [button.url for row in screen.rows for button in row if button.url] == [
            link.url for link in papers if isinstance(link, Link)
        ]
        shown += len(here)
    assert shown == len(evidence().notes)


def test_every_note_by_itself_fits_a_phone(conversation: Conversation) -> None:
    for id_ in evidence().notes:
        check_form(at_home(conversation).forges(f"note.{id_}").screen)


def test_the_pages_of_what_is_found_are_turned_back_as_well(conversation: Conversation) -> None:
    talk = at_home(conversation).types("NET G3 vs NEC")
    *_, first, second = pages_of(talk)
    (earlier,) = [button.action for button in talk.buttons if is_turning(button, "button.previous-page")]

    assert second.text != first.text
    assert talk.taps(earlier).screen == first


@pytest.mark.parametrize(
    "tap", ["found", "found.", "found..1", "near.type-i", "found.00000000.1", "near.+.0", "found.😀"]
)
def test_a_page_of_what_nothing_found_is_none(conversation: Conversation, tap: str) -> None:
    talk = at_home(conversation)
    before = talk.screen
    assert talk.forges(tap).screen == before
    assert talk.notice == LABELS("notice.unknown-tap")


@pytest.mark.parametrize("text", ["-3", "3", "+3 %", "70", "4.2 cm"])
def test_a_number_alone_is_no_question(conversation: Conversation, text: str) -> None:
    for talk in (Talk(conversation), at_home(conversation), begun(conversation).says("start")):
        assert talk.types(text).notice == LABELS("notice.no-question")
    assert "No question is open" in LABELS("notice.no-question")
    in_a_case = begun(conversation)
    assert in_a_case.does(Command("ask", text)).notice == LABELS("notice.number")


def test_ask_works_in_the_middle_of_a_case_and_leaves_it_alone(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II")
    before = talk.session
    asked = talk.does(Command("ask", "milan criteria"))

    assert "Milan" in asked.text
    assert asked.session == before
    assert asked.taps("now").place.question is not None


def test_ask_without_a_question_shows_the_topics(conversation: Conversation) -> None:
    assert "look.debulking" in at_home(conversation).says("ask").actions


def test_what_is_typed_is_not_repeated(conversation: Conversation) -> None:
    for text in ("zebrafish octreotide", "<b>zebrafish</b>", "{{ zebrafish }}"):
        talk = at_home(conversation).types(text)
        assert "zebrafish" not in talk.text + talk.notice + talk.session.to_json()


def test_inline_cards_carry_their_source(conversation: Conversation) -> None:
    cards = conversation.inline("milan criteria")

    assert 1 <= len(cards) <= 3
    for card in cards:
        assert "10.1155/2012/782672" in card.text
        assert "not clinically reviewed" in card.text
        assert card.title
        assert card.description


@pytest.mark.parametrize("question", ["recurrence after r0", "rfa size", "milan criteria", "r0 or r2"])
def test_an_inline_card_holds_every_statement_that_its_line_rests_on(conversation: Conversation, question: str) -> None:
    """It is read in another chat, where nothing is a tap further."""
    first = conversation.inline(question)[0].text
    in_chat = at_home(conversation).types(question).text

    statements = [line for line in in_chat.splitlines() if re.match(r"(Reported|Review), §", line)]
    assert statements
    for line in statements:
        assert line in first


@pytest.mark.parametrize("question", ["debulking 90", "debulking 90%", "debulking 90 %"])
def test_the_share_to_be_debulked_is_answered_with_the_share_and_with_what_newer_sources_say_of_it(
    conversation: Conversation, question: str
) -> None:
    (first, *_) = conversation.inline(question)

    assert "90 %" in first.title
    assert "70 %" in first.description


def test_the_newer_source_on_debulking_for_symptoms_is_the_one_on_its_threshold(conversation: Conversation) -> None:
    for statement in ("debulking-refractory-symptoms", "debulking-local-effects", "summary-debulking-justified"):
        note = next(note for note in guideline().evidence.notes.values() if statement in note.statements)
        assert note.id == "debulking-70"


def test_inline_says_nothing_of_a_person(conversation: Conversation) -> None:
    assert conversation.inline("Mr Smith 12/03/1950 resection") == ()


@pytest.mark.parametrize(
    "rest", ["", ".", "nothing", "debulking.nothing", "debulking.advice.99", "debulking.advice.x", "changed.advice"]
)
def test_a_topic_that_is_none_breaks_nothing(conversation: Conversation, rest: str) -> None:
    session = Session.new(evidence().stamp.version)
    talk = Talk(conversation, session).forges(f"look.{rest}")

    assert talk.session == session
    check_form(talk.screen)


def test_crisis_as_a_topic_can_still_be_looked_up_by_tapping(conversation: Conversation) -> None:
    assert "crisis" in Talk(conversation).says("start").taps("look", "look.carcinoid").text


def test_an_emergency_is_answered_with_whom_to_call(conversation: Conversation) -> None:
    assert "senior" in at_home(conversation).types("he is bleeding what now").text


@pytest.mark.parametrize("question", ["rfa size limit", "70 % debulking enough?", "what does R1 mean for survival"])
def test_the_answer_in_a_line_stands_first_in_bold(conversation: Conversation, question: str) -> None:
    said, text = LOOKUP.look_up(question), at_home(conversation).types(question).text
    line = said.line or search().line(said.answers[0])
    assert text.startswith(f"<b>{escape(line)}</b>".replace(" %", "\u00a0%"))


@pytest.mark.parametrize("question", ["what is R0", "R0?", "whats tace", "PVE", "define net g3"])
def test_what_a_term_means_is_told_first_and_as_ours(conversation: Conversation, question: str) -> None:
    first = at_home(conversation).types(question).text.split("\n\n")[0]
    assert first.startswith("<b>")
    assert "Our definition, not the review's." in first


def test_a_question_about_a_term_is_no_question_for_its_meaning(conversation: Conversation) -> None:
    assert "Our definition" not in at_home(conversation).types("what is the R0 rate").text


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("octreotide dose", "The review gives no doses."),
        ("ct how often after resection", "The review gives no schedule of follow-up."),
        ("side effects of everolimus", "The review gives no side effects of drugs."),
    ],
)
def test_what_the_review_does_not_give_is_said_first(conversation: Conversation, question: str, line: str) -> None:
    text = at_home(conversation).types(question).text
    assert text.startswith(f"<b>{line}</b>")
    assert "Nothing in the review on that" in text


@pytest.mark.parametrize(
    ("text", "like"),
    [("hi", "start"), ("Hello!", "start"), ("menu", "start"), ("help", "help"), ("New case", "new"), ("topics", "ask")],
)
def test_a_word_that_means_a_command_goes_where_it_means(conversation: Conversation, text: str, like: str) -> None:
    for before in (
        at_home(conversation),
        begun(conversation).taps("a.grade.G3", "a.differentiation.unknown"),
        begun(conversation),
    ):
        typed = Talk(conversation, before.session).types(text)
        said = Talk(conversation, before.session).says(like)
        assert (typed.text, typed.session) == (said.text, said.session)


def test_terms_are_explained_in_help_and_on_help_me_classify(conversation: Conversation) -> None:
    assert glossary().terms["r0"].text in at_home(conversation).says("help").text
    assert glossary().terms["satellite"].text in begun(conversation).taps("a.grade.G2", "go.classify").text


def test_inline_offers_five_cards_before_anything_is_typed_and_the_line_with_the_number_first(
    conversation: Conversation,
) -> None:
    assert len({card.id for card in conversation.inline("")}) == 5
    size = conversation.inline("how big can a tumour be for rfa")[0].title
    assert size.startswith(f"RFA: over {RFA_UNCERTAIN:g} cm")
    assert size.endswith(f"over {RFA_UNSUITABLE:g} cm considered unsuitable")


@pytest.mark.parametrize("question", ["carcinoid crisis prevention", "does octreotide prevent carcinoid crisis"])
def test_a_question_about_carcinoid_crisis_is_looked_up_without_a_warning(
    conversation: Conversation, question: str
) -> None:
    talk = at_home(conversation).types(question)

    assert talk.notice == ""
    assert "crisis" in talk.text


def test_a_question_with_a_patient_in_it_is_answered_with_the_case_what_is_open_and_what_is_asked(
    conversation: Conversation,
) -> None:
    talk = at_home(conversation)
    before = talk.session
    talk.types("69m g1 ileal, type III, unfit, transplant?")

    assert LABELS("value.pattern.III") in talk.text
    assert LABELS("headline.multimodal-nonsurgical") in talk.text
    asked = talk.text.partition("On what is asked")[2]
    assert "ransplant" in asked
    assert "[§5.4]" in asked
    assert STAMP in talk.text
    assert any(action.startswith("use.") for action in talk.actions)
    assert talk.session == before


def test_what_is_still_open_is_said_of_a_case_that_is_asked_about(conversation: Conversation) -> None:
    text = at_home(conversation).types("G2, type II, primary resected, fit: one operation or two?").text

    assert "Still open" in text
    assert LABELS("fact.r0_feasible") in text
    assert "Still possible" in text
    assert "steps" in text.partition("On what is asked")[2].lower()


def test_a_case_that_asks_nothing_is_only_read(conversation: Conversation) -> None:
    assert "On what is asked" not in at_home(conversation).types("G2 type II, primary resected, fit").text


def test_of_a_case_with_a_caveat_no_headline_is_said_without_it(conversation: Conversation) -> None:
    text = at_home(conversation).types("G3 well differentiated, type I, resect?").text

    assert "with a caveat" in text
    assert LABELS("headline.systemic-chemotherapy") not in text


WHAT_TO_DO = [
    "should I operate", "should we operate on him?", "what now?", "what should I do", "can she be resected?",
    "operate?", "is he a surgical candidate", "Ok, should we go ahead with this patient?",
    "what does the review suggest here",
]  # fmt: skip


@pytest.mark.parametrize("question", WHAT_TO_DO)
def test_what_to_do_is_answered_by_the_open_case_first_or_asks_for_it(
    question: str, conversation: Conversation
) -> None:
    none = at_home(conversation).types(question)
    assert none.text.startswith("<b>That follows from the case: start one, or type it in one line.</b>")
    assert "new" in none.actions
    open_ = begun(conversation).types(question)
    assert open_.text.startswith("<b>Your open case: cannot say yet, grade, liver pattern, ")
    one = begun(conversation).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    before = one.session
    assert one.types(question).text.startswith("<b>Your open case: the source suggests: liver resection in two steps")
    assert one.session == before
    assert "Nothing in the review" not in one.text


def test_what_to_do_with_a_case_that_has_a_caveat_is_told_with_it(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G3", "a.differentiation.well").types("should I operate")
    assert "has no route for well-differentiated G3" in talk.text.split("\n")[0]
    assert LABELS("caveat.net-g3-not-covered") in talk.text


@pytest.mark.parametrize(
    "question", ["should we give octreotide before surgery", "can I ablate a 4.2 cm lesion?", "what is R0"]
)
def test_a_question_with_a_topic_is_not_one_what_to_do(question: str, conversation: Conversation) -> None:
    assert "open case" not in begun(conversation).types(question).text
