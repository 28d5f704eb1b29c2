"""Caveats reach the reader before the headline is read: on the card, in the copied text, in captions, behind Why."""

from __future__ import annotations

from itertools import product

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.session import Answers
from dialogs.view import Send
from guideline import UNDETERMINED, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, STANDINGS, session_of, telling
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import Talk

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


def _classes() -> list[Answers]:
    """Every combination of what brings a caveat, fit or not; and cases of every headline."""
    combined = [sum(parts, ()) for parts in product(_GRADES, *_REST)]
    closed = (("symptoms", "done"), ("prerequisites", "done"), ("steps", "no"), ("volume", "<70"))
    told = tuple((line, "met") for line in ("p-r0", "p-outside", "p-heart"))
    symptoms = tuple((line, "no") for line in ("s-carcinoid", "s-refractory", "s-local"))
    answers = [STANDINGS.holding((*told, ("p-fit", "met"), *symptoms, *one, *closed)) for one in combined]
    return answers + [answers for headline in HEADLINES for answers, _ in telling(headline, 6)]


CLASSES = _classes()


def test_the_classes_have_every_caveat_alone_and_as_many_at_once_as_a_case_can_have() -> None:
    met = [STANDINGS.assess(answers).caveats for answers in CLASSES]
    assert {id_ for caveats in met for id_ in caveats} == {rule.id for rule in guideline().rules.caveats}
    assert max(map(len, met)) == 4


@pytest.mark.parametrize("part", range(6))
def test_every_caveat_stands_under_the_headline_in_the_copied_text_in_the_caption_and_behind_why(
    conversation: Conversation, part: int
) -> None:
    for answers in CLASSES[part::6]:
        talk = Talk(conversation, session_of(answers))
        found = talk.place.found
        if talk.place.question is not None:
            continue
        lines = parse_html(talk.text)[0].replace("\u00a0", " ").split("\n")
        under = lines[1 : 1 + len(found.caveats)]
        assert [line.removeprefix("Caveat: ").rpartition(" [")[0] for line in under] == [
            LABELS(f"caveat.{id_}") for id_ in found.caveats
        ]
        hand = Talk(conversation, talk.session).taps("go.hand")
        copied = [button.copy for button in hand.buttons if button.copy]
        assert len(copied) == (found.headline != UNDETERMINED)
        for text in copied:
            assert len(text) <= 256
            assert all(f"CAVEAT: {LABELS(f'caveat-brief.{id_}')}." in text for id_ in found.caveats)
        for picture in ("pic.algorithm", "pic.outcomes"):
            turn = Talk(conversation, talk.session).forges(picture).turn
            for attachment in turn.attachments if isinstance(turn, Send) else ():
                assert all(f"Caveat: {LABELS(f'caveat.{id_}')}." in attachment.caption for id_ in found.caveats)
        why = "".join(parse_html(s.text)[0] for s in pages_of(Talk(conversation, talk.session).forges("go.why")))
        assert all(f"Caveat: {LABELS(f'caveat.{id_}')}" in why for id_ in found.caveats)
