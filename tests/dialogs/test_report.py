"""Reporting a problem: what a tap on it tells the owner, that it is nothing else, and what is no report."""

from __future__ import annotations

from random import Random

import pytest

from dialogs.answers import DONE
from dialogs.conversation import About, Conversation, Tap
from dialogs.labels import Labels
from dialogs.lookup import CHANGED, Lookup
from dialogs.render import utf16
from dialogs.report import ROOMS, Nodes, of_found
from dialogs.session import Session
from dialogs.view import Report
from guideline import UNDETERMINED, guideline
from guideline.evidence import TOPICS
from guideline.search import Answer, search
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk, begun, wordless

EVIDENCE = guideline().evidence
LOOKUP = Lookup(guideline())
VERSION = EVIDENCE.stamp.version
LABELS = Labels()
TWO_STEP = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")
FOUND = of_found([Answer("type-i", False), Answer("debulking-70", True)], near=False)
CODE = FOUND.split(".")[1].split("+")[0]


def nodes() -> Nodes:
    return wordless().nodes


def reports(talk: Talk) -> list[str]:
    """The buttons that report, as their actions."""
    return [action for action in talk.actions if action.startswith("report.")]


def reported(talk: Talk) -> Report:
    """What the one such button on the screen reports."""
    (action,) = reports(talk)
    report = Talk(wordless(), talk.session).forges(action).report
    assert report is not None
    return report


def test_a_tap_reports_the_card_and_the_content_version_and_changes_nothing() -> None:
    talk = begun(wordless()).taps(*TWO_STEP)
    before, card = talk.session, talk.taps("go.why").screen
    talk.taps("report.why.resection-two-step")

    assert talk.report == Report("why.resection-two-step", VERSION)
    assert talk.notice == LABELS("notice.reported").format("why.resection-two-step", VERSION)
    assert talk.session == before
    assert talk.screen == card, "it stays"
    for line, label in (
        (wordless().report_text(talk.report), "report.line"),
        (wordless().report_kept(talk.report), "notice.report-kept"),
    ):
        assert line == LABELS(label).format("why.resection-two-step", VERSION)


def test_no_other_tap_and_nothing_typed_reports_anything() -> None:
    random = Random(9)
    talk = begun(wordless())
    for _ in range(600):
        talk.taps(random.choice([a for a in talk.actions if a != "forget" and not a.startswith("report.")]))
        assert talk.report is None
    for text in ("report", "report.workup", "Report a problem", "/report workup"):
        assert talk.types(text).report is None


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_report_of_a_case_tells_no_more_of_it_than_its_headline(headline: str) -> None:
    seen: dict[str, set[Report]] = {}
    for answers, _ in telling(headline, 8):
        result = Talk(wordless(), session_of(answers))
        for room in [action for action in result.actions if action.startswith("go.")]:
            seen.setdefault(room, set()).add(reported(Talk(wordless(), result.session).taps(room)))
    workup = headline == UNDETERMINED
    assert {"go.more", "go.why", "go.change"} <= set(seen)
    for room, told in seen.items():
        name = room.removeprefix("go.") if room != "go.more" else "" if workup else "result"
        assert told == {Report(".".join(filter(None, (name, "workup" if workup else headline))), VERSION)}


def test_the_answers_to_a_question_are_reported_by_their_ids_and_not_by_the_question(
    conversation: Conversation,
) -> None:
    for question in ("tumour over 5 cm rfa", "criteria of Milan", "evidence for prrt", "debulking threshold percent"):
        talk = begun(conversation).says("start").types(question)
        found = [f"note.{a.id}" if a.note else a.id for a in LOOKUP.look_up(question).answers]
        assert found
        assert reported(talk) == Report(f"found.{'+'.join(found)}", VERSION)


def test_what_is_only_near_and_what_is_not_found_are_reported_as_that(conversation: Conversation) -> None:
    near = begun(conversation).says("start").types("apixaban before rfa")
    assert reported(near).node == f"near.{'+'.join(a.id for a in search().nearest('apixaban before rfa'))}"
    assert reported(begun(conversation).says("start").types("zebrafish")).node == "nothing-found"


def test_a_report_holds_nothing_that_was_typed(conversation: Conversation) -> None:
    for text in ("zebrafish", "zebrafish octreotide", "zebrafish rfa size"):
        report = reported(begun(conversation).says("start").types(text))
        assert "zebrafish" not in wordless().report_text(report)


def test_somebody_who_has_not_begun_a_case_can_report_what_is_looked_up() -> None:
    talk = Talk(wordless()).says("start").taps("look", "look.ablation")
    assert reported(talk).node == "topic.ablation.first.1"


@pytest.mark.parametrize("note", EVIDENCE.notes)
def test_a_single_note_is_reported_by_its_id(note: str) -> None:
    assert reported(begun(wordless()).forges(f"note.{note}")) == Report(f"note.{note}", VERSION)


def test_after_an_update_of_the_content_the_version_is_the_one_of_the_card_that_was_seen() -> None:
    old = Session(5, "2011.9", True, begun(wordless()).taps(*TWO_STEP).session.answers)
    talk = Talk(wordless(), old).forges("report.result.resection-two-step")
    assert talk.report == Report("result.resection-two-step", "2011.9")
    assert talk.session == old, "the next tap is still told of the update"
    assert wordless().respond(old, Tap("now")).notice == LABELS("notice.updated")


@pytest.mark.parametrize(
    "forged",
    [
        "report", "report.", "report..", "report.result", "report.result.", "report.result.nonsense", "report.workup.",
        "report.workup.result", "report.result.workup", "report.Workup", "report.why", "report.grade", "report.type-i",
        "report.question.grade", "report.note", "report.note.nonsense", "report.note.type-i", "report.topic.ablation",
        "report.topic.ablation.advice", "report.topic.ablation.advice.0", "report.topic.ablation.advice.01",
        "report.topic.ablation.advice.99", "report.topic.ablation.advice.٣", "report.topic.nonsense.advice.1",
        "report.found", "report.found.", "report.found.type-i", f"report.{FOUND}+", f"report.{FOUND}+00000000",
        f"report.found.{CODE.upper()}.", f"report.found.{'+'.join([CODE] * 4)}", "report.near.",
        "report.nothing-found.", "report.Mr Smith 12/03/1950", "report.result.resection-two-step extra",
        "reports.workup", "report.home",
    ],
)  # fmt: skip
def test_a_forged_report_is_refused_like_any_tap_that_there_is_not(forged: str) -> None:
    for before in (begun(wordless()).taps(*TWO_STEP), begun(wordless()), Talk(wordless()).says("start")):
        after = Talk(wordless(), before.session).forges(forged)
        assert after.report is None
        assert after.notice == LABELS("notice.unknown-tap")
        assert after.session == before.session


def test_the_cards_there_are_have_short_plain_names_that_a_button_can_hold() -> None:
    assert {f"{room}.{headline}" for room in ("result", *ROOMS) for headline in guideline().tree.headlines} <= (
        nodes().names
    )
    topics = {name.split(".")[1] for name in nodes().names if name.startswith("topic.")}
    assert topics == {*TOPICS, CHANGED}
    for name in nodes().names:
        action = f"report.{name}"
        assert action.isascii()
        assert action.isprintable()
        assert " " not in action
        assert len(action) <= 48
        assert nodes().read(name, VERSION) == Report(name, VERSION)


def test_every_statement_and_note_has_a_code_of_its_own_in_a_report_of_what_was_found() -> None:
    answers = [*(Answer(id_, False) for id_ in EVIDENCE.statements), *(Answer(id_, True) for id_ in EVIDENCE.notes)]
    named = {report.node for a in answers if (report := nodes().read(of_found([a], near=False), VERSION))}
    assert named == {f"found.note.{a.id}" if a.note else f"found.{a.id}" for a in answers}


def test_the_longest_report_fits_the_button_the_notice_and_a_line() -> None:
    by_length = sorted(EVIDENCE.statements, key=len, reverse=True)[:3]
    longest = [Answer(id_, False) for id_ in by_length]
    notes = sorted(EVIDENCE.notes, key=len, reverse=True)[:3]
    for answers in (longest, [Answer(id_, True) for id_ in notes]):
        action = f"report.{of_found(answers, near=False)}"
        assert len(action) <= 48
        talk = Talk(wordless(), session_of((("grade", "G3"), ("symptoms", DONE)))).forges(action)
        assert talk.report is not None
        assert len(talk.report.node) <= 125
        lines = (talk.notice, wordless().report_text(talk.report), wordless().report_kept(talk.report))
        for line in lines:
            assert utf16(line) <= 200
            assert not set("<>&{}\n") & set(line)


@pytest.mark.parametrize("to_owner", [True, False])
def test_help_says_where_a_report_goes(to_owner: bool) -> None:
    text = begun(Conversation(About(reports_to_owner=to_owner))).says("help").text.replace("&#39;", "'")
    assert ("sends the bot's owner (or, if that fails, writes to the bot's log) the card's name" in text) == to_owner
    assert ("It writes to the bot's log the card's name" in text) == (not to_owner)
