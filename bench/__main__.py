"""The benchmarks (`make bench`): ratios, each beside its yardstick in the same run; docs/benchmarks.md keeps the table.

`python -m bench core tap` measures only these parts, prints them, and leaves the page as it is.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import Row

PARTS = ("core", "tap", "aside", "start", "storage", "load", "faults")
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_LIBRARIES = ("python-telegram-bot", "transitions", "jinja2", "aiogram")


def main(parts: list[str]) -> int:
    """Measure, print, and write the page when all was measured. Returns how many rows are not met."""
    logging.disable()
    for unknown in set(parts) - set(PARTS):
        print(f"{unknown!r} is none of {', '.join(PARTS)}")
        return 2
    rows: list[Row] = []
    for part in parts or PARTS:
        measured = importlib.import_module(f"bench.{part}").rows()
        found: list[Row] = asyncio.run(measured) if inspect.iscoroutine(measured) else measured
        for row in found:
            print(_line(row), flush=True)
        rows += found
    if not parts:
        PAGE.write_text(page(rows), "utf-8")
    return sum(row.met is False for row in rows)


def page(rows: list[Row]) -> str:
    """The table in Markdown, with machine, versions and date."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    head = (
        "# Benchmarks",
        "Written by `make bench`. Times of the processor unless a wait is named; medians of seven rounds in which each "
        "row and its yardstick take turns. How each is measured stands in `bench/`.",
        f"{datetime.now(UTC):%Y-%m-%d} · {platform.machine()}, {_cores()} · Python {platform.python_version()} · "
        f"{libraries}",
    )
    table = ["| what | measured | must | aim | met |", "|---|---|---|---|---|"]
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "**no**"
        table.append(f"| {row.what} | {_value(row.value, row.unit)} | {_limit(row.must)} | {_limit(row.aim)} | {met} |")
    return "\n\n".join((*head, "\n".join(table))) + "\n"


def _line(row: Row) -> str:
    limit = "" if row.must is None else f"  (at most {row.must:g}{'' if row.met else ', NOT MET'})"
    return f"{_value(row.value, row.unit):>14}  {row.what}{limit}"


def _value(value: float, unit: str) -> str:
    return f"{value:,.2f} {unit}" if value < 10 else f"{value:,.0f} {unit}"


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"≤ {limit:g}"


def _cores() -> str:
    return f"{os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
