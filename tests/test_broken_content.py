"""A data file that is broken stops every program in one line that names the file and the field."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

BROKEN = {
    "a field is missing": ("tree.toml", 'fact = "pattern"', "", "content: tree.toml: pattern: fact is missing"),
    "a number is out of the question": (
        *("thresholds.toml", 'G1 = "<3"', 'G1 = "three"'),
        "content: thresholds.toml: ki67: G1: 'three'",
    ),
    "it is no TOML": ("rules.toml", "[[adjunct]]", "[[adjunct", "content: rules.toml: file: "),
}


@pytest.mark.parametrize("program", [("bot",), ("guideline",), ("dialogs", "read")], ids=lambda program: program[0])
@pytest.mark.parametrize(("file", "good", "bad", "line"), BROKEN.values(), ids=BROKEN)
def test_broken_content_stops_the_start_in_one_line(
    tmp_path: Path, program: tuple[str, ...], file: str, good: str, bad: str, line: str
) -> None:
    shutil.copytree(ROOT / "guideline", tmp_path / "guideline")  # found before the one of PYTHONPATH
    data = tmp_path / "guideline" / "data" / file
    text = data.read_text("utf-8")
    assert good in text
    data.write_text(text.replace(good, bad, 1), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", *program],
        input=b'{"id": 1, "case": {}}\n',
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        timeout=60,
    )

    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().startswith(line)
    assert done.stderr.count(b"\n") == 1
