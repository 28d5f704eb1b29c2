"""A topic on the phone: it opens with the answer, every part is a tap away, and Back leads to the topics."""

from __future__ import annotations

import re

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.lookup import CHANGED
from dialogs.view import Send
from guideline import evidence, guideline
from guideline.asks import Answer, load
from guideline.evidence import TOPICS
from guideline.glossary import glossary
from guideline.outcomes import GROUPS
from guideline.topics import load as openings
from phone.entities import parse_html
from tests.dialogs.test_every_screen import check_form, reports
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk, begun

EVIDENCE = evidence()
LABELS = Labels()
LINES = load(EVIDENCE)
OPENINGS = openings(EVIDENCE, glossary().terms)
MOST_WORDS = 350


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def opened(conversation: Conversation, topic: str) -> Talk:
    return Talk(conversation).says("start").taps("look", f"look.{topic}")


def plain(talk: Talk) -> str:
    return parse_html(talk.text)[0].replace("\u00a0", " ")


def own_line(id_: str, text: str) -> str:
    """The line of a statement, without what is said once above it and its like."""
    line = LINES[Answer(id_)].line
    beginning, _, rest = line.partition(": ")
    return rest if f"{beginning}, each:" in text else line


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_opens_with_what_it_comes_to_then_definitions_and_rates_then_advice_then_newer_sources(
    conversation: Conversation, topic: str
) -> None:
    talk, opening = opened(conversation, topic), OPENINGS[topic]
    text = plain(talk)
    notes = [note for note in EVIDENCE.notes.values() if note.topic == topic]
    said = {
        "reports": {id_: f"{own_line(id_, text)} [" for id_ in opening.first},
        "advice": {id_: f"{LINES[Answer(id_)].line} [" for id_ in opening.advice},
        "notes": {
            note.id: f"{note.differs or note.title} "
            + ("(a judgement" if note.reading else f"[{note.sources[0].name.partition(' (')[0]}")
            for note in notes
        },
    }
    places = []
    for part, lines in said.items():
        found = {id_: text.find(line) for id_, line in lines.items()}
        shown = [place for place in found.values() if place >= 0]
        assert bool(shown) == bool(lines), f"{part}: something of it is on the first page"
        places += shown
        left = [id_ for id_, place in found.items() if place < 0]
        if not left:
            continue
        assert part != "reports", "every definition and rate is on the first page"
        assert f", {len(shown)} of {len(lines)}; all: " in text
        further = " ".join(parse_html(page.text)[0] for page in pages_of(talk.taps(f"look.{topic}.{part}")))
        further = further.replace("\u00a0", " ")
        for id_ in left:
            assert (EVIDENCE.notes[id_].now if part == "notes" else EVIDENCE.statements[id_].text) in further, id_
        talk = opened(conversation, topic)
    assert places == sorted(places)
    assert all(glossary().terms[id_].text in text for id_ in opening.terms)
    sections = dict.fromkeys(EVIDENCE.statements[id_].section for id_ in opening.because)
    first = text.splitlines()[0]
    assert first.startswith(f"{LABELS(f'topic.{topic}')} · {opening.line} [")
    assert all(section in first.rpartition(" [")[2] for section in sections)


@pytest.mark.parametrize("topic", [*TOPICS, CHANGED])
def test_what_a_topic_opens_with_is_one_page_of_at_most_350_words(conversation: Conversation, topic: str) -> None:
    talk = opened(conversation, topic)
    check_form(talk.screen)
    assert len([word for word in plain(talk).split() if re.search(r"\w", word)]) <= MOST_WORDS
    assert len(pages_of(talk)) == 1
    assert reports(talk.screen) == [f"report.topic.{topic}.first.1"]


@pytest.mark.parametrize("topic", TOPICS)
def test_each_line_says_where_it_stands_whether_the_reading_is_sure_and_which_error_touches_it(
    conversation: Conversation, topic: str
) -> None:
    talk = opened(conversation, topic)
    text, opening = plain(talk), OPENINGS[topic]
    flaws = {flaw for id_ in opening.because for flaw in EVIDENCE.statements[id_].inconsistencies}
    assert set(re.findall(r"I-\d+", text.splitlines()[0])) == flaws
    for id_ in (*opening.first, *opening.advice):
        statement = EVIDENCE.statements[id_]
        if f"{own_line(id_, text)} [" not in text:
            flaws.update(statement.inconsistencies)
            continue  # a tap further
        (cited,) = set(re.findall(re.escape(own_line(id_, text)) + r" \[([^]]*)\]", text))
        assert statement.section in cited
        assert ("reading uncertain" in cited) == bool(statement.uncertain)
        assert re.findall(r"I-\d+", cited) == list(statement.inconsistencies)
        flaws.update(statement.inconsistencies)
    assert (f"look.{topic}.cautions" in talk.actions) == bool(flaws)
    if flaws:
        told = plain(talk.taps(f"look.{topic}.cautions"))
        shown = (*opening.because, *opening.first, *opening.advice)
        said = [part for flaw in flaws for part in EVIDENCE.inconsistencies[flaw].parts_for(shown)]
        assert all(part.text in told and part.ours in told for part in said)


@pytest.mark.parametrize("topic", [*TOPICS, CHANGED])
def test_back_leads_from_a_part_to_its_topic_and_from_there_to_the_topics(
    conversation: Conversation, topic: str
) -> None:
    talk = opened(conversation, topic)
    parts = [action for action in talk.actions if action.startswith(f"look.{topic}.")]
    assert parts
    for part in parts:
        talk.taps(part)
        assert [b.action for b in talk.buttons if b.caption == LABELS("button.back")] == [f"look.{topic}"]
        assert "look" in talk.actions
        talk.taps(f"look.{topic}")
    assert [b.action for b in talk.buttons if b.caption == LABELS("button.back")] == ["look"]
    assert f"look.{topic}" in talk.taps("look").actions


def test_from_a_topic_in_the_middle_of_a_case_the_case_is_a_tap_away(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2")
    case = talk.screen, talk.session
    talk.says("ask").taps("look.grading")
    assert {b.caption: b.action for b in talk.buttons}[LABELS("button.to-case")] == "now"
    talk.taps("now")
    assert (talk.screen, talk.session) == case


def test_from_a_topic_outside_a_case_the_start_is_a_tap_away(conversation: Conversation) -> None:
    for talk in (opened(conversation, "grading"), begun(conversation).says("start").taps("look", "look.grading")):
        (out,) = [b.action for b in talk.buttons if b.caption == LABELS("button.to-start")]
        assert "look" in talk.taps(out).actions


def test_every_reported_figure_is_one_tap_from_outcomes_with_its_time_whose_it_is_and_its_reference(
    conversation: Conversation,
) -> None:
    for outcome in guideline().reported:
        talk = opened(conversation, "outcomes").taps(f"look.outcomes.{outcome.group}")
        lines = plain(talk).splitlines()
        statement = EVIDENCE.statements[outcome.statement]
        measure = LABELS(f"picture.measure.{outcome.measure}").partition(" (")[0]
        rows = [
            number
            for number, line in enumerate(lines)
            if LABELS.timed(outcome) in line and f": {outcome.of} [§{statement.section}, " in line
        ]
        assert len(rows) == 1, outcome.id
        line, above = lines[rows[0]], [line for line in lines[: rows[0] + 1] if not line.startswith("· ")]
        assert measure.lower() in above[-1].lower(), outcome.id
        cited = line.rpartition("[")[2]
        assert (f"ref. {', '.join(map(str, statement.refs))}" if statement.refs else "no reference given") in cited
        assert re.findall(r"I-\d+", cited) == list(statement.inconsistencies)


def test_outcomes_open_with_figures_of_every_treatment_and_no_more_than_one_screen_of_them(
    conversation: Conversation,
) -> None:
    text, opening = plain(opened(conversation, "outcomes")), OPENINGS["outcomes"]
    told = {EVIDENCE.statements[id_].id for id_ in (*opening.because, *opening.first)}
    assert {outcome.group for outcome in guideline().reported if outcome.statement in told} == set(GROUPS)
    assert sum(len(line) // 45 + 1 for line in text.splitlines()) <= 30


@pytest.mark.parametrize(
    ("topic", "parts"),
    [
        ("transplant", ["selected patients", "unresectable", "hormones"]),
        ("grading", ["G1", "G2", "G3", "20"]),
        ("patterns", ["one lobe", "dominant", "diffuse"]),
        ("work-up", ["Biopsy", "CT", "MRI", "chromogranin"]),
        ("embolisation", ["unresectable", "55–100"]),
        ("systemic", ["cisplatin", "PRRT"]),
        ("debulking", ["refractory", "90"]),
        ("primary", ["resectable", "small"]),
    ],
)  # fmt: skip
def test_the_first_line_of_a_topic_says_what_the_whole_topic_comes_to_and_no_single_item_of_it(
    conversation: Conversation, topic: str, parts: list[str]
) -> None:
    first = plain(opened(conversation, topic)).splitlines()[0]
    assert all(part in first for part in parts)


def test_the_errors_in_the_table_of_outcomes_are_told_under_cautions(conversation: Conversation) -> None:
    talk = opened(conversation, "outcomes").taps("look.outcomes.cautions")
    told = parse_html(" ".join(screen.text for screen in pages_of(talk)))[0].replace("\u00a0", " ")
    for outcome in guideline().reported:
        for flaw in EVIDENCE.statements[outcome.statement].inconsistencies:
            said = EVIDENCE.inconsistencies[flaw].parts_for([outcome.statement])
            assert all(part.text in told and part.ours in told for part in said)
            assert LINES[Answer(outcome.statement)].line in told


def test_the_patterns_can_be_seen_as_a_drawing(conversation: Conversation) -> None:
    assert isinstance(opened(conversation, "patterns").taps("pic.patterns").turn, Send)


def test_what_changed_is_an_index_of_every_note_each_a_tap_away(conversation: Conversation) -> None:
    talk = opened(conversation, CHANGED)
    text = plain(talk)
    for note in EVIDENCE.notes.values():
        assert f"· {note.differs or note.title}" in text
        pages = pages_of(
            Talk(conversation, talk.session).forges(f"look.{CHANGED}").taps(f"look.{CHANGED}.{note.topic}")
        )
        assert any(f"<b>{note.title}</b>" in screen.text for screen in pages)
    assert len([action for action in talk.actions if action.startswith(f"look.{CHANGED}.")]) == len(
        {note.topic for note in EVIDENCE.notes.values()}
    )


def test_the_reading_of_the_figure_is_not_called_a_newer_source(conversation: Conversation) -> None:
    (line,) = [line for line in plain(opened(conversation, CHANGED)).splitlines() if "Figure 1 was read" in line]
    assert line.endswith("(a judgement, no newer source)")
    of_topic = opened(conversation, "embolisation").taps("look.embolisation.notes")
    further = " ".join(parse_html(page.text)[0] for page in pages_of(of_topic))
    assert "Reading: A judgement, not a measurement" in further.partition("How Figure 1 was read")[2]


def test_outcomes_opens_with_an_outcome(conversation: Conversation) -> None:
    first = plain(opened(conversation, "outcomes")).splitlines()[0]
    assert re.search(r"survival .*\d+–\d+ %", first)


def test_reports_of_recurrence_begin_with_the_rates_after_r0(conversation: Conversation) -> None:
    reported = re.findall(
        r"(?m)^(?:Reported|Review), .*", plain(opened(conversation, "recurrence").taps("look.recurrence.reports"))
    )
    assert "after R0" in reported[0]
    assert not any("RFA" in line or "ransplant" in line for line in reported[:4])
