"""The watch over the controls, in runs of small projects: what lets a run pass, and what makes it fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import controls

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
GOOD = "def test_good():\n    pass\n"
PARAMETRISED = """
@pytest.mark.parametrize("number", [1, 2])
def test_control(number):
    {body}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose hazard log names `test_good` for H1 and H2, and `test_control` for H2."""
    good, control = "`tests/test_it.py::test_good`", "`tests/test_it.py::test_control`"
    rows = f"| H1 | a hazard | {good} |\n| H2 | another | {good} {control} |\n"
    (tmp_path / "CLINICAL_SAFETY.md").write_text(rows, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n", "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text(
        "from tests.support import controls\n\ndef pytest_configure(config):\n    controls.register(config)\n", "utf-8"
    )
    (tmp_path / "tests" / "test_other.py").write_text("def test_other():\n    pass\n", "utf-8")
    return tmp_path


def run_in(folder: Path, *arguments: str, plain: bool = False) -> tuple[int, list[str]]:
    """Run pytest there; the exit code, and the lines about controls. plain: without plugins, which load for long."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    if plain:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.stderr, ran.stderr
    return ran.returncode, [line for line in ran.stdout.splitlines() if line.startswith("CLINICAL_SAFETY.md:")]


def run(project: Path, test: str, *arguments: str) -> tuple[int, list[str]]:
    """Run the tests of the project, this one among them."""
    (project / "tests" / "test_it.py").write_text(f"import pytest\n\n{GOOD}\n{test}", "utf-8")
    return run_in(project, *arguments, plain=True)


def line(what: str) -> list[str]:
    return [f"CLINICAL_SAFETY.md: H2: tests/test_it.py::test_control {what}"]


SKIPPED = "was skipped or expected to fail"
UNPROVED = {
    "skipped": ("@pytest.mark.skip\ndef test_control():\n    pass\n", SKIPPED),
    "skipped inside": ("def test_control():\n    pytest.skip()\n", SKIPPED),
    "expected to fail": ("@pytest.mark.xfail\ndef test_control():\n    assert False\n", SKIPPED),
    "unexpectedly passed": ("@pytest.mark.xfail\ndef test_control():\n    pass\n", SKIPPED),
    "failed": ("def test_control():\n    assert False\n", "failed"),
    "failed behind": (
        "@pytest.fixture\ndef gone():\n    yield\n    assert False\n\ndef test_control(gone):\n    pass\n",
        "failed",
    ),
    "missing": ("def test_control_of_another_name():\n    pass\n", "did not run"),
    "one of two skipped": (PARAMETRISED.format(body="number == 1 or pytest.skip()"), SKIPPED),
    "one of two failed": (PARAMETRISED.format(body="assert number == 1"), "failed"),
}


@pytest.mark.parametrize(("test", "wrong"), UNPROVED.values(), ids=UNPROVED)
def test_a_full_run_fails_and_names_the_control_that_is_not_proved(project: Path, test: str, wrong: str) -> None:
    assert run(project, test) == (1, line(wrong))


def test_a_full_run_passes_when_each_control_has_a_passing_test(project: Path) -> None:
    assert run(project, PARAMETRISED.format(body="pass")) == (0, [])


@pytest.mark.parametrize("arguments", [("tests",), (".",), ("tests/test_other.py", "tests")])
def test_a_run_of_the_whole_folder_by_name_is_a_full_run(project: Path, arguments: tuple[str, ...]) -> None:
    assert run(project, "", *arguments) == (1, line("did not run"))


def test_the_reports_of_several_workers_count_together(project: Path) -> None:
    assert run(project, UNPROVED["skipped"][0], "-p", "xdist", "-n", "2") == (1, line(SKIPPED))
    assert run(project, PARAMETRISED.format(body="pass"), "-p", "xdist", "-n", "2") == (0, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "good"), ("-m", "not nothing"), ("tests/test_it.py",), ("tests/test_it.py::test_good",),
        ("--deselect", "tests/test_other.py"), ("--ignore", "tests/test_other.py"),
    ],
)  # fmt: skip
def test_a_run_of_a_part_of_the_tests_is_let_be(project: Path, arguments: tuple[str, ...]) -> None:
    assert run(project, UNPROVED["missing"][0], *arguments) == (0, [])


def test_a_run_that_was_broken_off_fails_by_itself(project: Path) -> None:
    code, lines = run(project, "def test_broken():\n    assert False\n", "-x")
    assert (code, lines) == (1, [])


def test_the_runs_of_this_project_are_watched() -> None:
    one = "tests/test_layout.py"
    code, lines = run_in(ROOT, "-o", f"testpaths={one}", one)
    named = set(controls.CONTROL.findall((ROOT / controls.PAGE).read_text("utf-8")))
    assert code == 1
    assert {line.removesuffix(" did not run").rpartition(" ")[2] for line in lines} == named
