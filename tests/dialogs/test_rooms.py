"""What lies one tap behind a result: read on a ward round, so short, the answer first, each figure with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from guideline import UNDETERMINED, Assessment, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk

EVIDENCE = guideline().evidence
LABELS = Labels()

_WORDS = 350
_FOLDED = 24
"""Words of a folded quotation that Telegram shows: its first three lines, of eight words on a phone."""


def unfolded(text: str) -> str:
    """What is read of a message before a quotation is opened."""
    plain, entities = parse_html(text)
    kept = plain.encode("utf-16-le")
    folded = [e for e in entities if e["type"] == "expandable_blockquote"]
    for entity in sorted(folded, key=lambda entity: -entity["offset"]):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        beginning = " ".join(kept[start:end].decode("utf-16-le").split()[:_FOLDED])
        kept = kept[:start] + beginning.encode("utf-16-le") + kept[end:]
    return kept.decode("utf-16-le").replace("\u00a0", " ")


@cache
def _cases() -> tuple[tuple[Talk, Assessment], ...]:
    conversation = Conversation()
    return tuple(
        (Talk(conversation, session_of(answers)), found)
        for headline in HEADLINES
        for answers, found in telling(headline, 8)
    )


def rooms(name: str) -> Iterator[tuple[str, Assessment]]:
    """What a room says, unfolded, of each case that has it."""
    for talk, found in _cases():
        if f"go.{name}" in talk.actions:
            yield unfolded(Talk(talk.conversation, talk.session).forges(f"go.{name}").text), found


@pytest.mark.parametrize("name", ["why", "numbers"])
def test_a_room_has_no_more_words_than_are_read_on_a_ward_round(name: str) -> None:
    lengths = [len(text.split()) for text, _ in rooms(name)]
    assert lengths
    assert max(lengths) <= _WORDS


@pytest.mark.parametrize("name", ["why", "numbers"])
def test_a_room_is_one_page(name: str) -> None:
    for talk, _ in _cases():
        if f"go.{name}" in talk.actions:
            turning = [a for a in Talk(talk.conversation, talk.session).forges(f"go.{name}").actions if name in a]
            assert all(action.startswith("report.") for action in turning), turning


def test_numbers_begin_with_the_first_of_them_and_give_each_figure_a_line_with_whose_it_is_and_its_source() -> None:
    for text, found in rooms("numbers"):
        first, *lines = text.splitlines()
        assert LABELS.figure(found.reported[0]) in first
        for outcome in found.reported:
            statement = EVIDENCE.statements[outcome.statement]
            figure = LABELS.figure(outcome)
            (line,) = [line for line in lines if figure in line and f": {statement.whose} [" in line]
            cited = line.rpartition(" [")[2]
            assert all(re.search(rf"\b{number}\b", cited) for number in statement.refs), line
            assert all(f"caution {flaw}" in cited for flaw in statement.inconsistencies), line
            for number in statement.refs:
                known = EVIDENCE.reference(number, statement.id)
                assert (f"ref. {number} {known.level}" in cited) if known else (f"ref. {number}" not in cited), line


def test_a_line_of_numbers_has_no_number_but_those_of_its_own_statement() -> None:
    for text, found in rooms("numbers"):
        for line in [line for line in text.splitlines() if line.startswith("· ")]:
            (statement,) = {
                EVIDENCE.statements[o.statement]
                for o in found.reported
                if f": {EVIDENCE.statements[o.statement].whose} [" in line and LABELS.figure(o) in line
            }
            words, _, cited = line.rpartition(" [")
            assert _numbers(words) <= _numbers(f"{statement.text} {statement.whose}"), line
            places = {statement.section, *statement.inconsistencies, *map(str, statement.refs)}
            assert _numbers(cited) <= _numbers(" ".join(places)), line


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)*", text))


def test_a_caution_is_told_once_with_the_statements_and_no_page_tells_one_twice() -> None:
    for talk, found in _cases():
        if "go.numbers" not in talk.actions:
            continue
        told = Talk(talk.conversation, talk.session).forges("go.reports")
        pages = [parse_html(told.text)[0]]
        while further := [action for action in told.actions if action == f"go.reports.{len(pages)}"]:
            pages.append(parse_html(told.forges(further[0]).text)[0])
        flaws = {flaw for id_ in found.outcomes for flaw in EVIDENCE.statements[id_].inconsistencies}
        for flaw in flaws:
            error = f"{flaw}, an error found in the review"
            assert any(error in page for page in pages)
            assert all(page.count(error) <= 1 for page in pages)


def test_why_begins_with_the_answer_that_decides_and_tells_the_way_a_line_a_turn_with_its_place() -> None:
    for text, found in rooms("why"):
        first = text.splitlines()[0]
        if found.headline == UNDETERMINED:
            assert all(LABELS(f"fact.{fact}") in first for fact in found.needed[:3])
        else:
            last = [turn for turn in found.way if turn.edge][-1]
            assert last.edge
            assert LABELS.clause(last.node.fact, found.known.get(last.node.fact, last.edge.values)) in first
        lines = [line for line in text.splitlines() if line.startswith("· ")]
        assert len(lines) == len(found.way)
        for turn, line in zip(found.way, lines, strict=True):
            if turn.edge:
                clause = LABELS.clause(turn.node.fact, found.known.get(turn.node.fact, turn.edge.values))
                assert line[2:].lower().startswith(f"{clause} → ".lower())
                assert "[" in line


def test_every_statement_behind_a_result_is_a_tap_from_why() -> None:
    for talk, found in _cases():
        told = Talk(talk.conversation, talk.session).forges("go.why").taps("go.because")
        pages = [parse_html(told.text)[0]]
        while further := [action for action in told.actions if action == f"go.because.{len(pages)}"]:
            pages.append(parse_html(told.forges(further[0]).text)[0])
        text = "\n".join(pages).replace("\u00a0", " ")
        carried = {*found.because, *found.limits, *(id_ for item in found.workup for id_ in item.get)}
        carried |= {id_ for caveat in found.caveats for id_ in found.caveat_because(caveat)}
        assert all(EVIDENCE.statements[id_].text in text for id_ in carried)
