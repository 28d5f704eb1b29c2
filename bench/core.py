"""The core: deciding a case, everything a result shows, and the JSON Lines door."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from bench.measure import Row, beside, per_call
from guideline import Case, assess
from guideline.case import CHOICES, NUMBERS

COMPLETE: dict[str, object] = {
    "grade": "G2", "pattern": "II", "primary": "resectable", "r0_feasible": True, "extrahepatic": "none",
    "fit_for_surgery": True, "carcinoid_heart_disease": "none", "carcinoid_syndrome": False,
    "one_stage_clearance": False,
}  # fmt: skip

LINES = 20_000

_COPY = "import json, sys\nfor line in sys.stdin.buffer: print(json.dumps(json.loads(line)), flush=True)"
"""Reads and writes JSON line by line, as the door does, and decides nothing."""


def rows() -> list[Row]:
    """The rows of the table."""
    complete, nothing = Case.of(COMPLETE), Case()
    line = json.dumps({"id": 1, "case": COMPLETE}).encode()

    def view() -> object:
        found = assess(complete)
        return found.alternatives, found.changes, found.because, found.updates

    yardstick, *each = beside(
        lambda: per_call(lambda: json.loads(line)),
        lambda: per_call(lambda: assess(complete).headline),
        lambda: per_call(lambda: assess(nothing).headline),
        lambda: per_call(view),
    )
    full, empty, result = (seconds * 1e6 for seconds in each)
    return [
        Row("reading one case as JSON (a yardstick of this machine)", yardstick * 1e6, "µs"),
        Row("assess, complete case", full, "µs", must=15, aim=5),
        Row("assess, nothing known", empty, "µs", must=15, aim=5),
        Row("what a result shows: alternatives, changes, because, updates", result, "µs", must=200, aim=100),
        Row(f"python -m guideline, {LINES:,} lines ÷ reading and writing the answers", _door(), must=12, aim=6),
    ]


def mixed(count: int, seed: int = 1) -> list[dict[str, object]]:
    """Cases of every kind, from nothing known to everything, refused ones among them."""
    random, cases = Random(seed), []
    for _ in range(count):
        case: dict[str, object] = {}
        share = random.random()
        for fact, values in CHOICES.items():
            if random.random() < share:
                case[fact] = random.choice(values)
        for fact, (span, _) in NUMBERS.items():
            if random.random() < share:
                case[fact] = random.randint(int(span.low), int(min(span.high, 100)))
        if {"ki67", "mitoses"} & case.keys() and random.random() < 0.8:
            case.pop("grade", None)  # else most of them contradict
        cases.append(case)
    return cases


def _door() -> float:
    asked = [json.dumps({"id": number, "case": case}) for number, case in enumerate(mixed(LINES))]
    with tempfile.TemporaryDirectory() as name:
        questions, answers = Path(name, "questions"), Path(name, "answers")
        questions.write_text("\n".join(asked) + "\n", "utf-8")
        spent = _spent(["-m", "guideline"], questions, answers)
        return spent / _spent(["-c", _COPY], answers, Path(name, "copy"))


def _spent(arguments: list[str], read: Path, written: Path) -> float:
    """Seconds of the processor that Python takes with these arguments."""
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with read.open("rb") as source, written.open("wb") as target:
        subprocess.run([sys.executable, *arguments], stdin=source, stdout=target, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
