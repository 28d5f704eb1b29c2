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

from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE

ROOT = Path(__file__).parents[2]
OLD, LOW = f"{RFA_UNSUITABLE:g}", f"{RFA_UNCERTAIN:g}"
NEW = f"{RFA_UNSUITABLE + 4:g}"
CHANGED = {
    "rules.toml": [(f'_cm = ">{LOW}-{OLD}"', f'_cm = ">{LOW}-{NEW}"'), (f'_cm = ">{OLD}"', f'_cm = ">{NEW}"')],
    "statements.toml": [
        (f"A tumour over {OLD} cm across", f"A tumour over {NEW} cm across"),
        (f'figures = ["{OLD} cm"]', f'figures = ["{NEW} cm"]'),
    ],
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
card = talk.types("77").text
why = " ".join(screen.text for screen in pages_of(talk.taps("go.why", "go.because")))
pocket = Painter(guideline(), talk.conversation.steps.renderer.env).pocket_card().svg
found = begun(Conversation()).types("rfa size limit").text
print(json.dumps([question, captions, card, why, pocket, found]))
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


@pytest.mark.slow
def test_a_size_changed_in_the_rule_and_its_statement_is_changed_on_every_screen(copy: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK], cwd=copy, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    question, captions, card, why, pocket, found = json.loads(ran.stdout.replace("\\u00a0", " "))
    assert captions[:3] == [f"Up to {LOW} cm", f"Over {LOW} to {NEW} cm", f"Over {NEW} cm"]
    assert f"{LOW} cm and {NEW} cm" in question
    for text in (card, why, pocket):
        assert f"Over {NEW} cm, a lesion is considered unsuitable for RFA" in text
        assert f"{OLD} cm" not in text
    assert f"A tumour over {NEW} cm across" in why
    assert f"over {NEW} cm considered unsuitable" in found
