"""References on pages of many statements: by number and level with each, each citation once at the end of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.lookup import CHANGED
from dialogs.render import paginate
from guideline import guideline
from guideline.evidence import TOPICS
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, of_headline, session_of
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk

EVIDENCE = guideline().evidence
LABELS = Labels()


def _pages(conversation: Conversation) -> Iterator[str]:
    for topic in TOPICS:
        talk = Talk(conversation).says("start").taps("look", f"look.{topic}")
        for action in [f"look.{topic}", *(a for a in talk.actions if re.fullmatch(f"look.{topic}.[a-z]+", a))]:
            yield from (screen.text for screen in pages_of(talk.forges(action)))
    for headline in HEADLINES:
        answers, _ = next(of_headline(headline, Random(3)))
        for room in ("why", "because", "reports"):
            talk = Talk(conversation, session_of(answers)).forges(f"go.{room}")
            yield from (screen.text for screen in pages_of(talk))


@pytest.fixture(scope="module")
def pages(conversation: Conversation) -> list[str]:
    return [parse_html(text)[0].replace("\u00a0", " ") for text in _pages(conversation)]


def test_each_citation_stands_once_at_the_end_of_the_page_that_cites_it_with_its_level_and_note(
    pages: list[str],
) -> None:
    met = set()
    for page in pages:
        cited = {(int(n), level) for n, level in re.findall(r"\bref\. (\d+) ([a-z]+)[;\]]", page)}
        listed = re.findall(r"^ref\. (\d+), ([a-z]+): (.+)$", page, re.MULTILINE)
        assert {(int(n), level) for n, level, _ in listed} == cited, page
        assert len(listed) == len(cited)
        for number, level, citation in listed:
            reference = EVIDENCE.references[int(number)]
            assert (level, citation.startswith(reference.citation)) == (reference.level, True)
            assert reference.note in citation
            met.add(int(number))
        end = page.split("\n\n")[-2].splitlines()
        if listed:
            tail = end[-len(listed) :]
            assert all(re.match(r"ref\. |I-\d+, an error found", line) for line in tail), page
    assert len(met) > 10


def test_every_statement_on_a_page_keeps_its_cautions_and_the_numbers_of_its_references(pages: list[str]) -> None:
    seen = set()
    for page in pages:
        for statement in EVIDENCE.statements.values():
            at = page.find(f": {statement.text}")
            if at < 0:
                continue
            seen.add(statement.id)
            for flaw in statement.inconsistencies:
                said = EVIDENCE.inconsistencies[flaw].parts_for([statement.id])
                told_later = [
                    line for line in page.splitlines() if line.startswith(f"{flaw}, an error found in the review: ")
                ]
                if f"caution {flaw}" in page[at:] and told_later:
                    assert len(told_later) == len(set(told_later)), page
                    assert any(all(part.text in line for part in said) for line in told_later), page
                else:
                    assert f"Caution ({flaw}): {said[0].text}" in page[at:], page
            assert statement.uncertain in page[at:]
            for number in statement.refs:
                known = EVIDENCE.reference(number, statement.id)
                expected = f"ref. {number} {known.level}" if known else f"reference {number} of the review"
                assert expected in page[at:], statement.id
    assert len(seen) > 100


def test_citations_are_gathered_page_by_page() -> None:
    blocks = [f"{letter * 900}\x1f\nalways\n{letter}" for letter in "abcdefg"]
    pages = [page.text for page in paginate("\f".join(["head", *blocks]) + "\vfoot")]
    assert len(pages) > 1
    for page in pages:
        letters = [part[0] for part in page.split("\n\n")[1:-2]]
        assert page.endswith("<blockquote expandable>" + "\n".join(["always", *letters]) + "</blockquote>\n\nfoot")


def test_the_topic_of_what_changed_needs_none(conversation: Conversation) -> None:
    talk = Talk(conversation).says("start").taps("look", f"look.{CHANGED}")
    assert "ref. " not in talk.text


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])\d+(?:[.,]\d+)?", text.replace("\u00a0", " ")))


def test_a_line_of_a_card_prints_only_numbers_that_its_own_statements_hold() -> None:
    """Line by line: a number of another line's statement does not vouch for it."""
    rules, met = guideline().rules, set()
    for table, of_it in (("adjunct", rules.adjuncts), ("caveat", rules.caveats), ("criterion", rules.criteria)):
        for rule in of_it:
            because = [*rule.because, *(id_ for way in rule.either for id_ in way.because)]
            held = _numbers(" ".join(EVIDENCE.statements[id_].text for id_ in because))
            printed = _numbers(LABELS(f"{table}.{rule.id}"))
            assert printed <= held, (rule.id, printed - held)
            met |= printed
    assert len(met) >= 5
