"""The vocabulary as data: what cannot be taken is refused by file and item."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.reader.vocabulary import FILE, Vocabulary
from guideline.content import DATA, ContentError

WHOLE = (DATA / FILE).read_text("utf-8")
ADDED = '\n[[read]]\nfact = "{fact}"\nvalue = {value}\nphrases = {phrases}\n'


def load(tmp_path: Path, text: str) -> Vocabulary:
    (tmp_path / FILE).write_text(text, "utf-8")
    return Vocabulary(tmp_path)


def test_an_entry_can_be_added(tmp_path: Path) -> None:
    words = load(tmp_path, WHOLE + ADDED.format(fact="hepatomegaly", value="true", phrases='["liver below the ribs"]'))

    assert "ribs" in words.known


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"fact": "no_fact", "value": "true", "phrases": '["x"]'}, "no_fact"),
        ({"fact": "grade", "value": '"G4"', "phrases": '["x"]'}, "G4"),
        ({"fact": "hepatomegaly", "value": '"#"', "phrases": '["x #"]'}, "bands"),
        ({"fact": "grade", "value": '"G1"', "phrases": "[]"}, "phrases"),
        ({"fact": "grade", "value": '"G1"', "phrases": '["<no-such-group> x"]'}, "no-such-group"),
        ({"fact": "grade", "value": '"G1"', "phrases": '["x .."]'}, "gap"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_refused(tmp_path: Path, entry: dict[str, str], message: str) -> None:
    with pytest.raises(ContentError, match=message):
        load(tmp_path, WHOLE + ADDED.format(**entry))


@pytest.mark.parametrize("line", ["misspelt = [", "fillers = [", "subjects = [", "percent = ["])
def test_nothing_may_be_missing(tmp_path: Path, line: str) -> None:
    with pytest.raises(ContentError):
        load(tmp_path, WHOLE.replace(f"\n{line}", f"\nun{line}", 1))


def test_a_word_to_be_mended_is_a_word_of_a_phrase(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="zylophant"):
        load(tmp_path, WHOLE.replace("\nmisspelt = [", '\nmisspelt = ["zylophant",', 1))
