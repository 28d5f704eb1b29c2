"""A run of all tests fails when a control of the hazard log names no passing test.

A run of only some tests is not checked, since it proves nothing about the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

PAGE = "CLINICAL_SAFETY.md"
CONTROL = re.compile(r"`(tests/[\w/]+\.py::\w+)`")
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")


def register(config: pytest.Config) -> None:
    """Watch this run, if it is of all tests; with pytest-xdist, where the reports of all workers arrive."""
    page = config.rootpath / PAGE
    if page.exists() and _runs_all(config) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Controls(page))


class Controls:
    """The results of the tests that are controls. page: the hazard log."""

    def __init__(self, page: Path) -> None:
        self._hazards: dict[str, list[str]] = defaultdict(list)
        for line in page.read_text("utf-8").splitlines():
            for control in CONTROL.findall(line):
                self._hazards[control].append(line.strip("| ").split(" ")[0])
        self._passed: set[str] = set()
        self._wrong: dict[str, str] = {}
        self._lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a step of a test went; the items of a parametrised test count together."""
        test = report.nodeid.partition("[")[0]
        if report.failed:
            self._wrong[test] = "failed"
        elif report.skipped or hasattr(report, "wasxfail"):
            self._wrong.setdefault(test, "was skipped or expected to fail")
        elif report.when == "call":
            self._passed.add(test)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail if a control did not pass; a run that was stopped fails anyway."""
        if session.shouldstop or session.shouldfail or session.exitstatus > pytest.ExitCode.TESTS_FAILED:
            return
        for control, hazards in self._hazards.items():
            wrong = self._wrong.get(control) or ("" if control in self._passed else "did not run")
            if wrong:
                self._lines.append(f"{PAGE}: {', '.join(hazards)}: {control} {wrong}")
        if self._lines:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which."""
        if self._lines:
            terminalreporter.section("controls without a passing test", red=True)
            for line in self._lines:
                terminalreporter.write_line(line)


def _runs_all(config: pytest.Config) -> bool:
    if any(config.getoption(name, None) for name in NARROWING):
        return False
    folders = [(config.rootpath / path).resolve() for path in config.getini("testpaths")]
    started = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    return all(any(folder.is_relative_to(start) for start in started) for folder in folders)
