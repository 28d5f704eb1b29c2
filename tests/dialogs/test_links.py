"""What can be tapped in a text leads where the data say, and every doi that is printed can be tapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from dialogs.conversation import Conversation
from dialogs.lookup import CHANGED
from guideline import guideline
from guideline.evidence import TOPICS
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, of_headline, session_of
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk

EVIDENCE = guideline().evidence
VOUCHED = {
    EVIDENCE.stamp.doi,
    *re.findall(r"doi (10\.\S+)", " ".join(r.citation for r in EVIDENCE.references.values())),
}
"""The doi of the review, and those of its references."""

SOURCES = {
    (f"{source.citation}, doi {source.doi}" if source.doi else source.citation, source.link)
    for note in EVIDENCE.notes.values()
    for source in note.sources
}
DOI = re.compile(r"\bdoi (10\.\S*[^\s.,;:)])")


def texts(conversation: Conversation) -> Iterator[str]:
    """Every text that cites something: topics, notes, what lies behind results, the page on the bot, inline cards."""
    for topic in (*TOPICS, CHANGED):
        talk = Talk(conversation).forges(f"look.{topic}")
        for action in [f"look.{topic}", *(a for a in talk.actions if re.fullmatch(f"look.{topic}.[a-z-]+", a))]:
            yield from (screen.text for screen in pages_of(talk.forges(action)))
    yield from (Talk(conversation).forges(f"note.{id_}").text for id_ in EVIDENCE.notes)
    for headline in HEADLINES:
        answers, _ = next(of_headline(headline, Random(7)))
        for room in ("why", "numbers", "newer"):
            talk = Talk(conversation, session_of(answers)).forges(f"go.{room}")
            yield from (screen.text for screen in pages_of(talk))
    yield Talk(conversation).says("about").text
    for question in ("", "milan criteria", "recurrence after R0", "rfa size", "survival england"):
        yield from (card.text for card in conversation.inline(question))


@pytest.fixture(scope="module")
def linked() -> list[tuple[str, str]]:
    """The words of every link, and its address."""
    found = []
    for text in texts(Conversation()):
        plain, entities = parse_html(text)
        units = plain.encode("utf-16-le")
        links = [entity for entity in entities if entity["type"] == "text_link"]
        words = [units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in links]
        found += [(said.replace("\u00a0", " "), e["url"]) for said, e in zip(words, links, strict=True)]
        printed = DOI.findall(plain.replace("\u00a0", " "))
        assert printed == [doi for said in words for doi in DOI.findall(said)], plain
    return found


def test_a_doi_leads_to_itself_and_is_the_review_or_one_of_its_references(linked: list[tuple[str, str]]) -> None:
    dois = {(said, url) for said, url in linked if said.startswith("doi ")}
    assert dois == {(f"doi {doi}", f"https://doi.org/{doi}") for doi in VOUCHED}


def test_a_newer_source_leads_to_its_own_paper(linked: list[tuple[str, str]]) -> None:
    assert {(said, url) for said, url in linked if not said.startswith("doi ")} == SOURCES
