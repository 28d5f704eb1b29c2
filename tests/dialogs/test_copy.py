"""The text to copy: what the source suggests, the answers, and the stamp, whole within Telegram's 256 characters."""

from __future__ import annotations

import re
from itertools import islice
from random import Random

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.session import Answers
from dialogs.summary import parted, set_aside, summary
from guideline import UNDETERMINED, Assessment, guideline
from tests.dialogs.samples import HEADLINES, of_headline, session_of
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE
from tests.support.walk import Talk, begun

LABELS = Labels()
STAMP = f"For the MDT. Content {guideline().evidence.stamp.version}, not clinically reviewed"
SIZES = (
    ("ablation-uncertain-over-3cm", f"{RFA_UNCERTAIN:g}"),
    ("ablation-unsuitable-over-5cm", f"{RFA_UNSUITABLE:g}"),
)
DETERMINED = [headline for headline in HEADLINES if headline != UNDETERMINED]


def copied(result: Talk) -> str:
    talk = Talk(result.conversation, result.session).taps("go.hand")
    (text,) = [button.copy for button in talk.buttons if button.copy]
    return text


def _answers(found: Assessment) -> list[str]:
    deciding, details = parted(summary(found), found)
    details += set_aside(found)
    return [
        LABELS(f"brief.{part.label}") if part.label else LABELS.brief(part.fact, part.possible)
        for part in (*deciding, *details)
    ]


def _ways(headline: str) -> list[tuple[Answers, Assessment]]:
    return list(islice(of_headline(headline, Random(44)), 25))


@pytest.mark.parametrize("headline", DETERMINED)
def test_the_answers_follow_the_headline_whole_and_what_does_not_fit_is_counted(
    conversation: Conversation, headline: str
) -> None:
    for answers, found in _ways(headline):
        text = copied(Talk(conversation, session_of(answers)))
        assert len(text) <= 256
        assert "…" not in text
        assert text.endswith(STAMP)
        name = LABELS(f"headline.{headline}")
        not_covered = "net-g3-not-covered" in found.caveats
        begins = (
            f"no route for well-differentiated G3; for G3 carcinoma: {name}" if not_covered else f"suggests: {name}"
        )
        said = text.split(begins)[1].removeprefix(" (reading uncertain)").removeprefix(". ")
        warned = [f"CAVEAT: {LABELS(f'caveat-brief.{id_}')}. " for id_ in found.caveats if id_ != "net-g3-not-covered"]
        warned += [f"LIMIT: {LABELS(f'limit-brief.{id_}', low)}. " for id_, low in SIZES if id_ in found.adjuncts]
        warned += [f"LIMIT: {LABELS(f'limit-brief.{id_}')}. " for id_ in found.limits]
        for briefly in warned:
            assert said.startswith(briefly)
            said = said.removeprefix(briefly)
        expected = _answers(found)
        left = int(more[1]) if (more := re.search(r"; (\d+) more\.", said)) else 0
        assert said.startswith("; ".join(expected[: len(expected) - left])), (said, expected)
        if left:
            assert "Newer notes" not in text


def test_newer_sources_give_way_before_the_name_of_the_journal_and_that_before_an_answer(
    conversation: Conversation,
) -> None:
    seen = set()
    for headline in DETERMINED:
        for answers, _ in _ways(headline):
            text = copied(Talk(conversation, session_of(answers)))
            seen.add(("Newer notes" in text, "Int J Hepatol" in text, " more." in text))
    assert {(True, True, False), (False, True, False), (False, False, False)} <= seen
    assert not {(True, False, False), (False, True, True), (True, True, True), (True, False, True)} & seen


def test_the_common_way_is_copied_with_all_it_rests_on(conversation: Conversation) -> None:
    talk = begun(conversation).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    assert "two-step liver resection. G2; Type II; prerequisites met; no carcinoid syndrome;" in copied(talk)
    assert "Newer notes: " in copied(talk)
