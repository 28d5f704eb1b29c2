"""The door for other programs: `python -m guideline`, a line in, a line out, whatever the line."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from subprocess import PIPE
from typing import Any

import pytest

from guideline import Case, assess
from guideline.__main__ import answer
from guideline.case import NUMBERS
from tests.guideline import contract

pytestmark = pytest.mark.slow

DOOR = [sys.executable, "-W", "error", "-m", "guideline"]
ROOT = Path(__file__).parents[2]
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
ANSWER = [
    "id", "headline", "candidates", "needed", "adjuncts", "caveats", "limits", "transplant", "alternatives", "changes",
    "because", "updates", "version",
]  # fmt: skip

Line = tuple[bytes, dict[str, Any] | None]
"""What is sent, and the case in it when it is one that can be answered."""


def _line(number: int, case: object) -> bytes:
    return json.dumps({"id": number, "case": case}).encode()


def _complete(number: int, random: Random) -> Line:
    case = contract.random_case(random)
    return _line(number, case), case


def _incomplete(number: int, random: Random) -> Line:
    case = contract.without(contract.random_case(random), random.randint(1, 22), random)
    return _line(number, case | ({"age": None} if "age" not in case else {})), case


def _contradictory(number: int, random: Random) -> Line:
    contradictions: list[dict[str, object]] = [
        {"grade": "G1", "ki67": 10},
        {"grade": "G2", "ki67": 2, "mitoses": 1},
        {"grade": "G3", "ki67": 20, "mitoses": 20},
        {"grade": "G2", "differentiation": "poor"},
        {"ki67": 8, "mitoses": 3, "differentiation": "poor"},
        {"hormonal_symptoms": False, "carcinoid_syndrome": True},
        {"hormonal_symptoms": False, "refractory_symptoms": True},
    ]
    return _line(number, random.choice(contradictions)), None


def _wrong_value(number: int, random: Random) -> Line:
    fact = random.choice([*contract.VALUES, "ki67", "mitoses"])
    value = random.choice([1, -1, "8", "", "G4", [], {}, [True], 1e300, 10**400, {"a": {"b": [None]}}, "\ud800", "é"])
    if fact in NUMBERS:
        value = random.choice(["8", True, False, [8], {}, -1, 10**400])
    return _line(number, {fact: value}), None


def _no_such_field(number: int, random: Random) -> Line:
    return _line(number, {"pattern": "I", random.choice(["Grade", "", "id", "x" * 500, "\udfff"]): 1}), None


def _nonsense(number: int, random: Random) -> Line:
    full = _line(number, contract.random_case(random))
    constant = random.choice([b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000])
    return random.choice(
        [
            full[: random.randrange(len(full))] or b"{",
            random.choice([b"", b" ", b"\r", b"\t \t", b"\xef\xbb\xbf" + full]),
            random.choice([b"null", b"3", b'"G1"', b"[]", b"{}", b"true", b"[{}]", full + full, full + b","]),
            bytes(byte for byte in random.randbytes(60) if byte not in b"\n"),
            full.replace(b"grade", b"gr\xe4de", 1) + b"\xff",
            b'{"id": 1, "case": {"age": %s}}' % constant,
            b'{"id": %s, "case": {}}' % random.choice([b"NaN", b"[1]", b"{}", b"1e999", b"Infinity", b"9" * 5000]),
            random.choice([b"[", b'{"a":', b'{"id": 1, "case": {"age": ' + b"["]) * random.choice([1, 300, 5000]),
            b'{"id": 1, "case": {"grade": "G1", "grade": "G2"}}',
            b'{"id": 1, "id": 2, "case": {}}',
            b'{"id": 1, "case": null}',
            b'{"id": 1, "case": [["grade", "G1"]]}',
            b'{"id": 1}',
            b'{"id": 1, "case": {}, "facts": {}}',
        ]
    ), None


KINDS: list[tuple[Callable[[int, Random], Line], int]] = [
    (_complete, 15), (_incomplete, 40), (_contradictory, 8), (_wrong_value, 12), (_no_such_field, 5), (_nonsense, 20),
]  # fmt: skip


def _lines(number: int) -> list[Line]:
    random = Random(782672)
    makers, weights = zip(*KINDS, strict=True)
    return [make(place, random) for place, make in enumerate(random.choices(makers, weights, k=number))]


def _run(sent: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(DOOR, input=sent, capture_output=True, cwd=ROOT, env=BUFFERED, check=False)


def _read(line: bytes) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(line, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def test_twenty_thousand_mixed_lines_get_one_answer_each_in_order_and_the_same_ones_again() -> None:
    lines = _lines(20_000)
    sent = b"".join(line + b"\n" for line, _ in lines)
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(_run, [sent, sent])
    assert (first.stderr, first.returncode) == (b"", 0)
    assert first.stdout == second.stdout
    answers = first.stdout.splitlines()
    assert len(answers) == len(lines)
    answered = refused = 0
    for place, ((line, case), got) in enumerate(zip(lines, answers, strict=True)):
        found = _read(got)
        if case is None:
            refused += 1
            assert list(found) == ["id", "error"], line
            assert list(found["error"]) == ["field", "message"], line
            assert isinstance(found["error"]["field"], str | None), line
            assert found["error"]["message"], line
        else:
            answered += 1
            assert list(found) == ANSWER, line
            assert found["id"] == place
            assert (set(found["candidates"]), set(found["needed"])) == contract.outcome(case), line
    assert answered > 10_000
    assert refused > 8_000


def test_an_answer_says_what_the_assessment_says() -> None:
    for line, case in _lines(300):
        if case is None:
            continue
        found, expected = json.loads(answer(line)), assess(Case.of(case))
        for key in ("headline", "version"):
            assert found[key] == getattr(expected, key)
        for key in ("candidates", "needed", "adjuncts", "caveats", "limits", "because", "updates"):
            assert found[key] == list(getattr(expected, key))
        transplant = expected.transplant
        assert found["transplant"] == (transplant and {"status": transplant.status, "criteria": transplant.criteria})
        assert [(a["headline"], tuple(a["because_not"])) for a in found["alternatives"]] == [
            (a.headline, a.because_not) for a in expected.alternatives
        ]
        assert [tuple(change.values()) for change in found["changes"]] == [
            (c.fact, c.to, c.headline) for c in expected.changes
        ]
        assert all(list(change) == ["fact", "to", "headline"] for change in found["changes"])


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"grade": "G1", "ki67": 10}, "grade"),
        ({"grade": "G1", "differentiation": "poor"}, "differentiation"),
        ({"hormonal_symptoms": False, "carcinoid_syndrome": True}, "hormonal_symptoms"),
        ({"ki67": 100.5}, "ki67"),
        ({"r0_feasible": 1}, "r0_feasible"),
        ({"mitoses": True}, "mitoses"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_refused_case_keeps_its_id_and_names_the_field(case: dict[str, object], field: str) -> None:
    found = json.loads(answer(json.dumps({"id": "a-7", "case": case}).encode()))
    assert found["id"] == "a-7"
    assert found["error"]["field"] == field
    assert field in found["error"]["message"]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"1" + b"0" * 400])
def test_a_number_that_is_none_is_refused_by_its_field(number: bytes) -> None:
    found = json.loads(answer(b'{"id": 3, "case": {"age": %s}}' % number))
    assert (found["id"], found["error"]["field"]) == (3, "age")


@pytest.mark.parametrize("id_", [None, "", "case 7", "é\ud800", 0, -1, 1.5, 10**100, True])
def test_an_id_comes_back_as_it_was(id_: object) -> None:
    assert json.loads(answer(json.dumps({"id": id_, "case": {}}).encode()))["id"] == id_


@pytest.mark.parametrize("id_", [b"[1]", b"{}", b"NaN", b"Infinity", b"-1e999"])
def test_an_id_that_is_no_text_or_number_is_refused(id_: bytes) -> None:
    found = json.loads(answer(b'{"id": %s, "case": {}}' % id_))
    assert (found["id"], found["error"]["field"]) == (None, "id")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b'{"id": 1, "case": {"grade": "G1", "grade": "G1"}}', "grade"),
        (b'{"id": 1, "id": 1, "case": {}}', "id"),
        (b'{"id": 1, "case": {}, "case": {}}', "case"),
        (b'{"id": 1}', "case"),
        (b'{"id": 1, "case": {}, "facts": {}}', "facts"),
        (b'{"id": 1, "case": {"": 1}}', ""),
        (b'{"id": 1, "case": null}', "case"),
        (b"[]", None),
        (b"{", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_a_line_that_is_no_request_is_refused_by_what_is_wrong_in_it(line: bytes, field: str | None) -> None:
    assert json.loads(answer(line))["error"]["field"] == field


def test_without_an_id_the_id_is_null() -> None:
    found = json.loads(answer(b'{"case": {}}'))
    assert found["id"] is None
    assert found["headline"] == "undetermined"


def test_nesting_is_refused_at_every_depth_and_never_ends_the_program() -> None:
    for depth in [*range(1, 1100), 5000, 100_000]:
        for opening, inside, closing in ((b"[", b"", b"]"), (b'{"a":', b"1", b"}")):
            value = opening * depth + inside + closing * depth
            for line in (value, b'{"id": 1, "case": {"age": %s}}' % value, b'{"id": %s, "case": {}}' % value):
                assert "error" in json.loads(answer(line)), depth


def test_an_empty_line_is_answered_too_and_a_last_line_needs_no_end() -> None:
    run = _run(b'\n{"id": 1, "case": {}}\r\n{"id": 2, "case": {}}')
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["id"] for line in found] == [None, 1, 2]
    assert ["error" in line for line in found] == [True, False, False]
    assert (run.stderr, run.returncode) == (b"", 0)


def test_nothing_in_gives_nothing_out() -> None:
    run = _run(b"")
    assert (run.stdout, run.stderr, run.returncode) == (b"", b"", 0)


async def test_a_line_is_answered_before_the_next_one_comes() -> None:
    door = await asyncio.create_subprocess_exec(*DOOR, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=BUFFERED)
    assert door.stdin
    assert door.stdout
    try:
        async with asyncio.timeout(30):
            for number in range(3):
                door.stdin.write(_line(number, {}) + b"\n")
                assert json.loads(await door.stdout.readline())["id"] == number
    finally:
        door.stdin.close()
        await door.wait()


@pytest.mark.parametrize("read_first", [0, 1])
def test_a_reader_who_leaves_early_is_no_error(read_first: int, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_bytes((_line(1, {}) + b"\n") * 2000)  # more answers than a pipe holds
    with asked.open("rb") as sent:
        pipes = {"stdin": sent, "stdout": PIPE, "stderr": PIPE}
        with subprocess.Popen(DOOR, cwd=ROOT, env=BUFFERED, **pipes) as door:  # type: ignore[call-overload]
            for _ in range(read_first):
                door.stdout.readline()
            door.stdout.close()
            assert (door.stderr.read(), door.wait()) == (b"", 0)
