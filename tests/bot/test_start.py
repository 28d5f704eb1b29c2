"""What the start of a polling process with SQLite brings into memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

START = """
import sys
import bot.__main__
from bot.settings import Settings
from bot.store import engine_for
from dialogs.conversation import Conversation

Conversation()
engine_for(Settings().database_url, 24)
print(*sorted({name.partition(".")[0] for name in sys.modules} | {"dialogs.reader"} & sys.modules.keys()))
"""
SOMETIMES = {
    "dialogs.reader",
    "PIL",
    "fontTools",
    "fpdf",
    "numpy",
    "phone",
    "psycopg",
    "psycopg_pool",
    "resvg_py",
    "starlette",
    "uvicorn",
}


@pytest.mark.slow
def test_what_only_some_processes_or_some_people_need_is_not_imported_at_the_start() -> None:
    run = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True)

    imported = set(run.stdout.split())

    assert {"telegram", "jinja2", "sqlite3"} <= imported
    assert imported & SOMETIMES == set()
