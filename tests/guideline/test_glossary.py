"""The glossary: what a term means, in our words, and the questions that ask for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guideline import ContentError
from guideline.content import DATA
from guideline.glossary import FILE, glossary, load

WANTED = [
    "R0", "R1", "R2", "TACE", "TAE", "PVE", "PVL", "PRRT", "NEC", "NET G3", "debulking", "Ki-67", "HPF", "CgA", "SSTR",
]  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
@pytest.mark.parametrize("question", ["what is {}", "{}", "{}?", "define {}", "whats a {} exactly", "{} meaning"])
def test_a_term_is_found_by_its_name_and_by_a_question_for_it(name: str, question: str) -> None:
    term = glossary().asked(question.format(name.lower()))
    assert term is not None
    assert name.lower() in [known.lower() for known in term.names]


@pytest.mark.parametrize("question", ["", "what is", "what is the R0 rate", "R0 or R1", "TACE for whom", "R0 needed"])
def test_another_question_asks_for_no_meaning(question: str) -> None:
    assert glossary().asked(question) is None


def test_a_definition_is_short_and_ends_as_a_sentence() -> None:
    for term in glossary().terms.values():
        assert len(term.text) <= 260
        assert term.text.endswith(".")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[r0]\nnames = ['R0']", "r0: text is missing"),
        ("[r0]\nnames = []\ntext = 'a'", "names has none"),
        ("[r0]\nnames = ['R0']\ntext = 'a'\nmore = 1", "'more' is not a key"),
        ("[r0]\nnames = ['R0']\ntext = 'a'\n[r]\nnames = ['r0']\ntext = 'b'", "another term's"),
        ("[r0]\nnames = ['?']\ntext = 'a'", "which is no word"),
    ],
)
def test_a_broken_glossary_is_refused_with_the_term_named(text: str, message: str, tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / FILE).write_text(text, "utf-8")
    with pytest.raises(ContentError, match=message):
        load(tmp_path / "data")


def test_what_a_lost_footnote_of_the_figure_means_is_not_made_up() -> None:
    assert "What the review's figure means by it is not known" in glossary().terms["biotherapy"].text
