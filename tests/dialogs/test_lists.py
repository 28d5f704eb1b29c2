"""A question for a list gets the list, a comparison what compares the two; no further answer is beside the question."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from dialogs.actions import Found, encode
from dialogs.codes import codes_of
from dialogs.conversation import Conversation
from guideline import evidence, lists
from guideline.content import DATA, ContentError
from tests.support.walk import Talk

TRANSPLANT = [
    "well differentiated, low grade", "portal-drained primary", "at most 50 % of the liver", "at least 6 months",
    "age 50 or less",
]  # fmt: skip


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def asked(conversation: Conversation, question: str) -> str:
    return Talk(conversation).says("start").types(question).text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "question",
    [
        "milan criteria", "what are the Milan criteria", "transplant criteria", "liver transplant who qualifies",
        "contraindications to transplant", "trnasplant criteria", "who is eligible for transplantation",
    ],
)  # fmt: skip
def test_transplant_criteria_come_first_all_of_them_and_no_outcome_before(
    conversation: Conversation, question: str
) -> None:
    text = asked(conversation, question)
    first, rest = text.split("\n", 1)
    assert all(limit in first for limit in ("low grade", "50 %", "6 months", "age ≤50", "55"))
    opening = rest.split("\n\n")[0]
    assert all(criterion in opening for criterion in TRANSPLANT)
    assert not re.search(r"surviv|88\.8|22\.4", first + opening)


def test_a_figure_of_the_patient_still_decides_what_is_told(conversation: Conversation) -> None:
    assert asked(conversation, "transplant criteria age 53").startswith("<b>Over 50: ")


def test_inline_offers_the_criteria_first(conversation: Conversation) -> None:
    card = conversation.inline("milan criteria")[0]
    assert "low grade" in card.title
    text = card.text.replace("\u00a0", " ")
    assert all(criterion in text for criterion in TRANSPLANT)


@pytest.mark.parametrize(
    ("question", "beginning", "lines"),
    [("milan criteria", "Transplant criterion", 5), ("prerequisites", "Prerequisite", 6)],
)
def test_what_the_lines_of_a_list_begin_with_is_said_once(
    conversation: Conversation, question: str, beginning: str, lines: int
) -> None:
    for text in (asked(conversation, question), conversation.inline(question)[0].text):
        listed = text.partition("\n\n")[0].splitlines()[1:]
        assert [line.startswith(beginning) for line in listed].count(True) == 1, text
        assert not any(line.startswith(f"· {beginning}") for line in listed), text
        assert len(listed[1 : lines + 1]) == len([line for line in listed[1 : lines + 1] if line.startswith("· ")])


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("prerequisites for resection", ["primary already removed", "well-differentiated", "R0", "outside", "heart"]),
        ("contraindications", ["G3", "Type III", "prerequisites", "no absolute bar"]),
        ("work up tests", ["biopsy", "CT", "MRI", "Gallium", "Chromogranin A", "gastrin"]),
        ("grading criteria", ["G1: fewer than 2", "G2: 2–20", "G3: more than 20"]),
        ("indications for debulking", ["refractory", "local effects", "90 %"]),
        ("types of liver metastases", ["Type I (restricted)", "Type II:", "Type III:"]),
    ],
)  # fmt: skip
def test_a_question_for_a_list_gets_the_whole_list_at_once(
    conversation: Conversation, question: str, parts: list[str]
) -> None:
    opening = asked(conversation, question).split("\n\n")[0]
    assert opening.count("\n· ") >= 3
    assert all(part in opening for part in parts)


@pytest.mark.parametrize("question", ["r0 vs r1", "r0 or r1", "R1 versus R0 recurrence", "clear vs involved margins"])
def test_r0_or_r1_is_answered_by_what_compares_them(conversation: Conversation, question: str) -> None:
    text = asked(conversation, question)
    first, rest = text.split("\n", 1)
    assert "R1: survival no worse in one large study" in first
    assert "of 18 patients, recurrence at 5 years 75 %, 10 % with clear margins" in first
    assert "not linked with worse overall survival" in rest.strip().split("\n")[0]


MARGINS = [
    "recurrence R0 margins", "recurrence after R0 resection", "margin and recurrence", "does margin matter",
    "R0 and recurrence", "do clear margins reduce recurrence?",
    "is the resection margin important", "relapse after complete resection",
    "does it come back after R0", "impact of margins", "R0 recurrnce", "will it recur if the margin is clear",
]  # fmt: skip


@pytest.mark.parametrize("question", MARGINS)
def test_recurrence_and_margins_get_the_same_answer_however_it_is_asked(
    conversation: Conversation, question: str
) -> None:
    text = asked(conversation, question)
    assert text == asked(conversation, MARGINS[0])
    assert all(
        figure in text.split("\n")[0] for figure in ("76 %", "91 %", "10 %", "75 %", "local up to 97 %", "170", "18")
    )
    assert "R1: one large study found no link with worse overall survival" in text


@pytest.mark.parametrize(
    "question",
    [
        "contraindications to RFA", "when not to ablate", "limits of RFA", "RFA contraindicated when",
        "limitations of ablation", "who should not get radiofrequency ablation", "rfa drawbacks",
    ],
)  # fmt: skip
def test_what_speaks_against_ablation_is_its_size_limit_and_no_prerequisite_of_resection(
    conversation: Conversation, question: str
) -> None:
    text = asked(conversation, question)
    first, rest = text.split("\n", 1)
    assert first.startswith("<b>RFA: unsuitable over 5 cm, uncertain over 3 cm; no list of contraindications is given")
    assert "limits its value as the only treatment" in rest
    assert "performance status" not in text


@pytest.mark.parametrize(
    "question", ["RFA near bile duct", "can i ablate next to the hilum", "lesion close to a hepatic vein, ablation?"]
)
def test_where_a_lesion_lies_is_said_to_be_no_matter_of_the_review(conversation: Conversation, question: str) -> None:
    first = asked(conversation, question).split("\n")[0]
    assert first.startswith("<b>Ablation near a bile duct, vessel or organ: the review says nothing of it")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("surgery vs rfa", "No randomised trial"),
        ("which is better, resection or ablation", "No randomised trial"),
        ("everolimus vs placebo", "Everolimus, sunitinib and cabozantinib now have randomised data"),
        (
            "lanreotide or placebo",
            "Octreotide, midgut: 14.3 months to progression, 6.0 without; lanreotide, progression-free",
        ),
        ("DFS OLT vs resection", "Survival at 10 years: transplant 93 %, resection 75 %; one centre, not randomised"),
        ("resection versus transplant", "Resection is seen as the first option"),
        ("tace vs tae", "TACE or TAE: the review prefers neither"),
        ("g1 vs g2", "By Ki-67: below 3 % G1"),
        ("type I vs type II", "Type I one lobe"),
        ("complete vs incomplete resection", "Recurrence at 5 years"),
    ],
)
def test_what_is_compared_is_answered_by_a_comparison(conversation: Conversation, question: str, first: str) -> None:
    assert asked(conversation, question).startswith(f"<b>{first}")


@pytest.mark.parametrize("question", ["ki67 limit for transplant", "what grade can be transplanted"])
def test_the_grade_for_a_transplant_is_told_and_no_outcome(conversation: Conversation, question: str) -> None:
    first = asked(conversation, question).split("\n")[0]
    assert "G1–G2 or Ki-67 below 10 %" in first
    assert "surviv" not in first


@pytest.mark.parametrize("question", ["debulking threshold", "somatostatin before surgery"])
def test_no_further_answer_is_about_something_else(conversation: Conversation, question: str) -> None:
    text = asked(conversation, question)
    assert "8 or more metastases" not in text
    assert "small metastases" not in text


def test_a_further_answer_on_the_subject_stays(conversation: Conversation) -> None:
    assert "Also: " in asked(conversation, "R1 resection prognosis")


@pytest.mark.parametrize("list_", lists.load(evidence()), ids=lambda one: one.id)
def test_a_list_is_whole_when_its_answers_are_shown_again(conversation: Conversation, list_: lists.List) -> None:
    """As after turning the page back: the question is not stored."""
    text = Talk(conversation).says("start").forges(encode(Found(codes_of(list_.answers)))).text
    assert text.split("\n\n")[0].count("\n· ") == len(list_.listed)
    assert text.startswith("<b>" + escape(list_.line, quote=False)[:20].replace(" %", "\u00a0%"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"transplant-criterion-age", "summary', '"no-such", "summary', "names 'no-such'"),
        ("(elsewhere 55)", "(elsewhere 57)", "line has 57"),
        ('answers = ["prerequisites"]', "answers = []", "answers: takes some"),
        ('words = [["tace"', 'words = [[], ["tace"', "without a word"),
        ('words = [["tace"', 'words = ["x", ["tace"', "takes lists of texts"),
    ],
)
def test_a_broken_list_is_refused_by_its_name(old: str, new: str, says: str, tmp_path: Path) -> None:
    good = (DATA / "lists.toml").read_text("utf-8")
    assert old in good
    (tmp_path / "lists.toml").write_text(good.replace(old, new), "utf-8")
    with pytest.raises(ContentError, match=f"^lists.toml: .*{re.escape(says)}"):
        lists.load(evidence(), tmp_path)


def test_a_line_of_newer_sources_has_no_section_of_the_review(conversation: Conversation) -> None:
    text = asked(conversation, "G2 diffuse, rfa or microwave")
    line = next(line for line in text.splitlines() if "Microwave gives larger zones" in line)
    assert line.endswith("[newer source]")


def test_what_a_systematic_review_counts_is_no_proof_and_that_is_said_to_be_our_view(
    conversation: Conversation,
) -> None:
    assert "to us no proof for either" in asked(conversation, "transplant vs tace").split("\n")[0]


def test_no_line_sets_a_figure_against_another_as_if_it_corrected_it() -> None:
    """ "76 %, not 91 %" would say that 91 % is wrong; it is the figure of the other patients."""
    lines = [
        line
        for name in ("asks", "comparisons", "limits", "lists", "notes", "topics")
        for line in (DATA / f"{name}.toml").read_text("utf-8").splitlines()
        if line.startswith(("line = ", "differs = "))
    ]
    assert len(lines) > 200
    assert not [line for line in lines if re.search(r", not \d", line)]


@pytest.mark.parametrize(
    ("question", "of", "figures"),
    [
        ("how many recur after transplantation", "After transplantation", ("24–45 %", "77 %")),
        ("recurrence free survival after transplant", "After transplantation", ("24–45 %", "77 %")),
        ("relapse after olt", "After transplantation", ("24–45 %", "77 %")),
        ("recurrence rate after rfa", "RFA", ("80 %",)),
        ("how often does it come back after ablation", "RFA", ("80 %",)),
    ],
)
def test_recurrence_after_a_treatment_is_answered_with_the_figures_of_that_treatment(
    conversation: Conversation, question: str, of: str, figures: tuple[str, ...]
) -> None:
    first = asked(conversation, question).split("\n")[0]
    assert first.startswith(f"<b>{of}: ")
    assert all(figure in first for figure in figures)


@pytest.mark.parametrize(
    "question",
    [
        "can recurrence after resection be transplanted",
        "recurrence after rfa plus resection",
        "recurrence after transplant for G3",
    ],
)
def test_what_else_is_asked_of_recurrence_is_not_taken_for_its_rate(conversation: Conversation, question: str) -> None:
    first = asked(conversation, question).split("\n")[0]
    assert "77 %" not in first
    assert "80 %" not in first


@pytest.mark.parametrize("question", ["median survival tace", "how many die after tace", "survival after embolisation"])
def test_survival_after_embolisation_is_said_not_to_be_given(conversation: Conversation, question: str) -> None:
    first = asked(conversation, question).split("\n")[0]
    assert first.startswith("<b>Embolisation: no survival or deaths given for it alone")
