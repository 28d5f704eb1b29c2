"""What a headline must not be read without, its caveats and limits, is wherever the headline is: on the card, in the
copied text, in captions, behind Why, and in the JSON. The caveats stand before all else."""

from __future__ import annotations

import json
import math
from functools import cache
from itertools import product

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.session import Answers
from dialogs.view import Send
from guideline import UNDETERMINED, guideline
from guideline.__main__ import answer
from guideline.values import Possible, Values
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, STANDINGS, session_of, telling
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk, wordless

LABELS = Labels()

_GRADES: tuple[Answers, ...] = (
    (("grade", "G2"),),
    (("grade", "G3"), ("differentiation", "well")),
    (("grade", "G3"), ("differentiation", "unknown")),
    (("grade", "unknown"),),
)
_REST: tuple[tuple[Answers, ...], ...] = (
    ((("pattern", "II"),), (("pattern", "II-nearest"),), (("pattern", "III-nearest"),)),
    ((("primary", "resected"),), (("primary", "not_found"),)),
    ((), (("graded_tissue", "primary"),)),
    ((), (("p-fit", "unmet"),)),
)


@cache
def classes() -> list[Answers]:
    """Every combination of what brings a caveat, fit or not; and cases of every headline."""
    combined = [sum(parts, ()) for parts in product(_GRADES, *_REST)]
    closed = (("symptoms", "done"), ("prerequisites", "done"), ("steps", "no"), ("volume", "<70"))
    told = tuple((line, "met") for line in ("p-r0", "p-outside", "p-heart"))
    symptoms = tuple((line, "no") for line in ("s-carcinoid", "s-refractory", "s-local"))
    answers = [STANDINGS.holding((*told, ("p-fit", "met"), *symptoms, *one, *closed)) for one in combined]
    return answers + [answers for headline in HEADLINES for answers, _ in telling(headline, 6)]


def test_the_classes_have_every_caveat_and_limit_and_as_many_caveats_at_once_as_a_case_can_have() -> None:
    found = [STANDINGS.assess(answers) for answers in classes()]
    assert {id_ for one in found for id_ in one.caveats} == {rule.id for rule in guideline().rules.caveats}
    limits = guideline().tree.limits.values()
    assert {id_ for one in found for id_ in one.limits} == {id_ for statements in limits for id_ in statements}
    assert max(len(one.caveats) for one in found) == 4


def test_nearly_all_classes_have_a_result() -> None:
    asking = [answers for answers in classes() if Talk(wordless(), session_of(answers)).place.question]
    assert len(asking) < len(classes()) / 10, asking


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_every_caveat_and_limit_is_on_the_card_in_the_copied_text_in_the_caption_and_behind_why(
    conversation: Conversation, part: int
) -> None:
    for answers in classes()[part::6]:
        talk = Talk(conversation, session_of(answers))
        found = talk.place.found
        if talk.place.question is not None:
            continue
        caveats = [LABELS(f"caveat.{id_}") for id_ in found.caveats]
        limits = [guideline().evidence.statements[id_].text for id_ in found.limits]
        card = parse_html(talk.text)[0].replace("\u00a0", " ").split("\n")
        under = card[1 : 1 + len(caveats)]
        assert [line.removeprefix("Caveat: ").rpartition(" [")[0] for line in under] == caveats
        briefly = [limit(id_) for id_ in found.limits]
        assert all(card[0].count(line) == 1 for line in briefly)
        hand = Talk(conversation, talk.session).taps("go.hand")
        copied = [button.copy for button in hand.buttons if button.copy]
        assert len(copied) == (found.headline != UNDETERMINED)
        for text in copied:
            assert len(text) <= 256
            under_it = [id_ for id_ in found.caveats if id_ != "net-g3-not-covered"]
            assert ("has no route for well-differentiated G3" in text) == (len(under_it) < len(found.caveats))
            assert all(f"CAVEAT: {LABELS(f'caveat-brief.{id_}')}." in text for id_ in under_it)
            assert all(f"LIMIT: {LABELS(f'limit-brief.{id_}')}." in text for id_ in found.limits)
        for picture in ("pic.case", "pic.algorithm", "pic.outcomes"):
            turn = Talk(conversation, talk.session).forges(picture).turn
            for attachment in turn.attachments if isinstance(turn, Send) else ():
                assert all(f"Caveat: {caveat}." in attachment.caption for caveat in caveats)
                assert all(attachment.caption.count(line) == 1 for line in briefly)
        assert all(f"Caveat: {caveat}" in _read(talk, "go.why") for caveat in caveats)
        if found.reported:
            assert all(LABELS(f"caveat-brief.{id_}") in _read(talk, "go.numbers") for id_ in found.caveats)
        if limits:
            assert all(statement in _read(talk, "go.because") for statement in limits)


def limit(id_: str) -> str:
    """A limit in few words; of one about bilobar metastases also that a Type I has none."""
    of_another = id_ == "tace-nonresectable"
    return LABELS(f"limit-brief.{id_}") + (", yours is one lobe or two segments" if of_another else "")


def _read(talk: Talk, room: str) -> str:
    """What is read on all pages of a room behind the result."""
    pages = pages_of(Talk(talk.conversation, talk.session).forges(room))
    return "".join(parse_html(page.text)[0] for page in pages).replace("\u00a0", " ")


def test_every_caveat_and_limit_is_in_the_json() -> None:
    for answers in classes():
        found = STANDINGS.assess(answers)
        case = {fact: _value(possible) for fact, possible in STANDINGS.case(answers).known.items()}
        told = json.loads(answer(json.dumps({"case": case}).encode()))
        assert "error" not in told, (case, told)
        assert told["caveats"] == list(found.caveats)
        if found.headline != UNDETERMINED:
            assert told["headline"] == found.headline
            assert told["limits"] == list(found.limits)


def _value(possible: Possible) -> object:
    """One of the values that are possible, as JSON has it."""
    if isinstance(possible, Values):
        return min(possible, key=str)
    return possible.low + 1 if math.isinf(possible.high) else (possible.low + possible.high) / 2
