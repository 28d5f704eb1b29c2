"""A threshold changed in its rule and in the words of its statement is changed on every screen.

The change is made in a copy of the program, since the questions take their bands from the content when it is loaded.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHANGED = {
    "rules.toml": [('largest_lesion_cm = ">3-5"', 'largest_lesion_cm = ">3-4"'), ('cm = ">5"', 'cm = ">4"')],
    "statements.toml": [("A tumour over 5 cm across", "A tumour over 4 cm across")],
}
LOOK = """
import json
from dialogs.conversation import Conversation
from dialogs.pictures import Painter
from guideline import guideline
from tests.dialogs.test_lookup import pages_of
from tests.support.walk import begun

talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.I", "t.p-fit", "t.p-fit", "all.prerequisites.shown")
talk.taps("all.symptoms.no").forges("e.largest_lesion_cm")
question, captions = talk.text, [button.caption for button in talk.buttons]
card = talk.types("4.5").text
why = " ".join(screen.text for screen in pages_of(talk.taps("go.why", "go.because")))
pocket = Painter(guideline(), talk.conversation.steps.renderer.env).pocket_card().svg
print(json.dumps([question, captions, card, why, pocket]))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ("guideline", "dialogs", "templates", "tests", "phone"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file, changes in CHANGED.items():
        path = tmp_path / "guideline" / "data" / file
        text = path.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{old} stands once in {file}"
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    return tmp_path


def test_five_centimetres_become_four_on_every_screen(copy: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK], cwd=copy, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    question, captions, card, why, pocket = json.loads(ran.stdout.replace("\\u00a0", " "))
    assert captions[:3] == ["Up to 3 cm", "Over 3 to 4 cm", "Over 4 cm"]
    assert "3 cm and 4 cm" in question
    for text in (card, why, pocket):
        assert "Over 4 cm, a lesion is considered unsuitable for RFA" in text
        assert "5 cm" not in text.replace("4.5 cm", "")
    assert "A tumour over 4 cm across" in why
