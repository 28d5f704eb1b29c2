"""How long `python -m bot` takes to ask for its first update, and what memory it then holds."""

from __future__ import annotations

import asyncio
import compileall
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.measure import ROUNDS, Row
from phone.telegram import Telegram
from tests.support.crowd.fleet import ROOT
from tests.support.phone import served

_IDLE = 2.0  # seconds after the first getUpdates until the memory is read
_PAGE = os.sysconf("SC_PAGE_SIZE")
_IMPORT = "import telegram.ext, os; print(open('/proc/self/statm').read().split()[1])"


async def rows() -> list[Row]:
    """The rows of the table. Linux only, for the memory. The modules are compiled first, as they are where it runs, and
    as those of the library are."""
    for package in ("bot", "dialogs", "guideline"):
        compileall.compile_dir(ROOT / package, quiet=1)
    rounds = [(await asyncio.to_thread(_imported), await _started()) for _ in range(ROUNDS)]
    seconds = median(started[0] / imported[0] for imported, started in rounds)
    memory = median(started[1] / imported[1] for imported, started in rounds)
    held = median(started[1] for _, started in rounds) * _PAGE / 2**20
    return [
        Row("start to the first getUpdates ÷ importing telegram.ext", seconds, must=1.8, aim=1.5),
        Row("memory of an idle worker ÷ a process that imported telegram.ext", memory, must=1.7, aim=1.5),
        Row("memory of an idle worker", held, "MiB"),
    ]


def _imported() -> tuple[float, int]:
    """Seconds, and pages of memory."""
    began = time.perf_counter()
    told = subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, check=True, text=True)
    return time.perf_counter() - began, int(told.stdout)


async def _started() -> tuple[float, int]:
    """Seconds until a worker asks for updates, and its pages of memory a little later."""
    telegram = Telegram()
    asked = asyncio.Event()
    call = telegram.call

    def watched(method: str, params: object) -> object:
        if method.lower() == "getupdates":
            asked.set()
        return call(method, params)  # type: ignore[arg-type]

    telegram.call = watched  # type: ignore[method-assign]
    async with served(telegram) as api:
        with tempfile.TemporaryDirectory() as folder:
            own = {"BOT_TOKEN": telegram.token, "BOT_API_URL": api, "DATABASE_URL": "sqlite:///cases.sqlite3"}
            began = time.perf_counter()
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), **own}
            )
            try:
                async with asyncio.timeout(60):
                    await asked.wait()
                seconds = time.perf_counter() - began
                await asyncio.sleep(_IDLE)
                pages = _resident(worker.pid)
            finally:
                worker.terminate()
                await worker.wait()
    return seconds, pages


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
