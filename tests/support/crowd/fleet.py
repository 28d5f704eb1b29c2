"""The bot's real processes, which can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from random import Random

from tests.support.crowd.watch import until
from tests.support.crowd.wire import get

ROOT = Path(__file__).parent.parent.parent.parent
_LOOK_AGAIN = 0.1  # seconds


class Worker:
    """One `python -m bot`, or another module that starts it. What it writes goes to a file of its own; ready: it takes
    updates."""

    def __init__(
        self, name: str, folder: Path, environment: Mapping[str, str], listens: bool, module: str = "bot"
    ) -> None:
        self._module = module
        self.name = name
        self.ready = False
        self.address = ""
        self._folder = folder
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        if listens:
            place = f"127.0.0.1:{_free_port()}"
            self.address = f"http://{place}"
            self._environment["LISTEN"] = place
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        """What it has written so far, over all its lives."""
        return self._folder / f"{self.name}.log"

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the process; it is ready later."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        self.ready = not self.address

    async def kill(self) -> None:
        """SIGKILL. When there is no process any more, nothing."""
        self.ready = False
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


class Fleet:
    """Several workers of one bot. kills: how many have been killed."""

    def __init__(
        self, size: int, folder: Path, environment: Mapping[str, str], *, listen: bool = True, module: str = "bot"
    ) -> None:
        names = [f"worker-{number}" for number in range(1, size + 1)]
        self.workers = [Worker(name, folder, environment, listen, module) for name in names]
        self.kills = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """All of them run meanwhile; afterwards none does."""
        looking = asyncio.create_task(self._look())
        try:
            for worker in self.workers:
                await worker.start()
            yield
        finally:
            looking.cancel()
            for worker in self.workers:
                await worker.kill()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def all_ready(self) -> None:
        """Wait until every worker takes updates. Raises AssertionError where one has ended by itself."""

        def are_ready() -> bool:
            self.check()
            return all(worker.ready for worker in self.workers)

        await until(are_ready)

    async def any(self, random: Random, but: Worker | None = None) -> Worker:
        """A worker that takes updates, as soon as there is one; another one than `but` where there is a choice."""
        await until(lambda: any(worker.ready for worker in self.workers))
        ready = [worker for worker in self.workers if worker.ready]
        return random.choice([worker for worker in ready if worker is not but] or ready)

    async def kill_one(self, random: Random) -> None:
        """Kill one that is ready, and start it again."""
        worker = await self.any(random)
        await worker.kill()
        self.kills += 1
        await worker.start()

    def check(self) -> None:
        """Raises AssertionError where a worker has ended by itself."""
        for worker in self.workers:
            assert worker.runs, f"{worker.name} has ended: {worker.log.read_text('utf-8', 'replace')[-2000:]}"

    async def _look(self) -> None:
        """Ask those that are not ready whether they are."""
        while True:
            for worker in self.workers:
                if worker.address and worker.runs and not worker.ready:
                    with contextlib.suppress(OSError):
                        ready = await get(f"{worker.address}/readyz") == 200
                        worker.ready = ready and worker.runs
            await asyncio.sleep(_LOOK_AGAIN)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
