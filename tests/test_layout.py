"""The house: imports go one way, and files stay small enough to do one thing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "guideline": {"dialogs", "bot", "telegram", "transitions", "jinja2"},
    "dialogs": {"bot", "telegram"},
}
FILES = [path for package in ("guideline", "dialogs", "bot") for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]

    assert not imported(path) & FORBIDDEN.get(package, set())


def test_the_core_needs_the_standard_library_only() -> None:
    names = set().union(*(imported(path) for path in FILES if path.relative_to(ROOT).parts[0] == "guideline"))

    assert names <= {*sys.stdlib_module_names, "guideline"}


def test_only_the_bot_knows_telegram() -> None:
    knowing = {path.relative_to(ROOT).parts[0] for path in FILES if "telegram" in imported(path)}

    assert knowing == {"bot"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_short_enough_to_do_one_thing(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 350


def test_architecture_names_every_file_of_the_core_and_the_talk() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = [*(ROOT / "guideline").glob("*.py"), *(ROOT / "dialogs").glob("*.py"), *(ROOT / "bot").glob("*.py")]

    missing = [path.stem for path in rooms if path.stem != "__init__" and f"`{path.stem}`" not in page]

    assert [name for name in missing if name != "__main__"] == []
