"""Two treatments in one question: both sides are answered, and where nothing compares them, that is said first."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from dialogs.actions import Found, encode
from dialogs.codes import codes_of
from dialogs.conversation import Conversation
from guideline import comparisons, evidence, lists
from guideline.content import DATA, ContentError
from phone.entities import parse_html
from tests.support.walk import Talk

LISTS = [one.id for one in lists.load(evidence())]
COMPARED = comparisons.load(evidence(), LISTS)
NEITHER = "neither the review nor the newer sources kept here compare the two"


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def asked(conversation: Conversation, question: str) -> str:
    return parse_html(Talk(conversation).says("start").types(question).text)[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("question", "names", "parts"),
    [
        ("octreotide vs lanreotide", "Octreotide or lanreotide", ["14.3 months", "18.0 months"]),
        ("lanreotide or octreotide?", "Lanreotide or octreotide", ["14.3 months", "18.0 months"]),
        ("which is better, sunitinib or everolimus", "Sunitinib or everolimus", ["11.4", "11.0"]),
        ("TACE or PRRT for her", "TACE or PRRT", ["multiple bilobar", "hazard ratio for progression 0.18"]),
        ("rfa vs tace", "RFA or TACE", ["over 5 cm", "multiple bilobar"]),
        ("compare sirt with bland embolisation", "TARE or TAE", ["Radioembolisation", "objective response"]),
        ("is there a difference between captem and prrt", "CAPTEM or PRRT", ["22.7", "0.18"]),
        ("is everolimus better than captem", "Everolimus or CAPTEM", ["11.0", "22.7"]),
        ("PVE or PVL", "PVE or PVL", ["left liver grow", "two-step"]),
        ("sirt versus tace", "TARE or TACE", ["Radioembolisation", "multiple bilobar"]),
        ("embolisation or chemotherapy", "TAE or chemotherapy", ["objective response", "carcinoma"]),
        ("prrt or sunitinib", "PRRT or sunitinib", ["0.18", "11.4"]),
    ],
)
def test_two_that_nothing_compares_are_said_to_be_so_and_each_is_told_with_its_source(
    conversation: Conversation, question: str, names: str, parts: list[str]
) -> None:
    first, rest = asked(conversation, question).split("\n", 1)
    assert first.rstrip() == f"{names}: {NEITHER}"
    told = rest.strip().split("\n\n")[0].splitlines()
    assert len(told) == 2
    assert all(re.search(r"\[(§|Fig|newer source: )", line) for line in told)
    assert all(part in "\n".join(told) for part in parts)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("PRRT vs everolimus", "177Lu-edotreotide 23.9, everolimus 14.1 months progression-free"),
        ("everolimus or lutathera", "177Lu-edotreotide 23.9, everolimus 14.1 months progression-free"),
        ("prrt or octreotide lar", "PRRT against octreotide LAR, midgut: progression, hazard ratio 0.18"),
        ("TACE or TAE", "TACE or TAE: the review prefers neither"),
        ("bland or chemo or beads", "TACE or TAE: the review prefers neither"),
        ("bland or tace", "TACE or TAE: the review prefers neither"),
        ("chemo or bland embolisation", "TACE or TAE: the review prefers neither"),
        ("debulking or tace", "Debulking: in retrospective series selected patients lived longer than without surgery"),
        ("surgery or chemo in G3", "G3, to the review always poorly differentiated: resection not proposed"),
        ("resection vs tace for a NEC", "G3, to the review always poorly differentiated: resection not proposed"),
        ("operate or prrt", "No randomised trial compares surgery with non-surgical treatment"),
        ("transplant or resection", "Resection is seen as the first option"),
        ("tace or transplant", "5-year survival in a review of 5,509"),
        ("difference between TACE and TAE", "TACE or TAE: the review prefers neither"),
        ("ssa or 177Lu-dotatate first line", "PRRT against octreotide LAR, midgut"),
        ("transplant vs surgery survival", "Survival at 10 years: transplant 93 %, resection 75 %"),
        ("carboplatin or cisplatin", "The review: cisplatin; ENETS 2023 for NEC: carboplatin"),
        ("microwave instead of rfa", "Microwave gives larger zones in liver tumours in general"),
    ],
)
def test_two_that_a_source_compares_are_answered_by_it(conversation: Conversation, question: str, first: str) -> None:
    assert asked(conversation, question).startswith(first)


@pytest.mark.parametrize(
    "question",
    [
        "rfa alone or with resection", "octreotide before or after surgery", "not fit for surgery or ablation",
        "PVE or not", "octreotide", "surgery or nothing", "tace and surgery", "resection with rfa",
    ],
)  # fmt: skip
def test_what_does_not_compare_two_is_no_comparison(question: str) -> None:
    assert COMPARED.asked(question.split()) is None


def test_each_side_is_a_tap_away_and_the_page_says_the_same_when_it_is_shown_again(
    conversation: Conversation,
) -> None:
    talk = Talk(conversation).says("start").types("rfa or tace")
    whole = [b.action for b in talk.buttons if b.caption.startswith("Also")]
    assert len(whole) == 2
    again = Talk(conversation).says("start").forges(encode(Found(codes_of(s.answer for s in sides("rfa", "tace")))))
    assert again.text == talk.text
    assert "§5.3.3: Chemoembolisation is considered indicated" in talk.taps(whole[1]).text


def sides(*ids: str) -> list[comparisons.Side]:
    return [side for id_ in ids for side in COMPARED.sides if side.id == id_]


def test_inline_says_it_in_the_title_and_has_both_sides_in_the_text(conversation: Conversation) -> None:
    card = conversation.inline("octreotide vs lanreotide")[0]
    assert card.title == f"Octreotide or lanreotide: {NEITHER}"
    assert "14.3 months" in card.text
    assert "18.0 months" in card.text


def test_any_two_treatments_get_an_answer_that_fits_a_line() -> None:
    for one, other in combinations(sorted(COMPARED.sides, key=lambda side: side.id), 2):
        compared = COMPARED.asked([*one.phrases[0], "or", *other.phrases[0]])
        assert compared is not None, (one.id, other.id)
        assert compared.list in LISTS or len(COMPARED.apart(*compared.sides)) <= 110, (one.id, other.id)


def test_any_two_treatments_are_answered_by_what_is_said_of_these_two(conversation: Conversation) -> None:
    lines = {one.id: one.line for one in lists.load(evidence())}
    for one, other in combinations(COMPARED.sides, 2):
        compared = COMPARED.asked([*one.phrases[0], "or", *other.phrases[0]])
        assert compared is not None, (one.id, other.id)
        said = asked(conversation, f"{' '.join(one.phrases[0])} or {' '.join(other.phrases[0])}")
        line = lines[compared.list] if compared.list else COMPARED.apart(*compared.sides)
        assert said.startswith(line), (one.id, other.id)


def test_two_that_nothing_compares_are_not_shown_again_as_two_others(conversation: Conversation) -> None:
    again = (
        Talk(conversation).says("start").forges(encode(Found(codes_of(s.answer for s in sides("prrt", "sunitinib")))))
    )
    assert "everolimus 14.1" not in parse_html(again.text)[0].split("\n", 1)[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('answer = ["note:prrt"]', 'answer = ["note:no"]', "prrt: answer names 'note:no'"),
        ('answer = ["note:prrt"]', "answer = []", "prrt: takes words, and one statement or note"),
        ("progression 0.18", "progression 0.19", "prrt: line has 0.19"),
        ('words = ["pvl",', 'words = ["pve",', "pvl: words has 'pve'"),
        ('list = "completeness"', 'list = "complete"', "complete: list names 'complete'"),
        ('others = ["debulking"]', 'others = ["debulk"]', "completeness: others names 'debulk'"),
    ],
)
def test_a_broken_comparison_is_refused_by_its_name(old: str, new: str, says: str, tmp_path: Path) -> None:
    good = (DATA / comparisons.FILE).read_text("utf-8")
    assert old in good
    (tmp_path / comparisons.FILE).write_text(good.replace(old, new), "utf-8")
    with pytest.raises(ContentError, match=f"^comparisons.toml: {re.escape(says)}"):
        comparisons.load(evidence(), LISTS, tmp_path)
