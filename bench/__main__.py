"""The benchmarks (`make bench`): ratios to a yardstick taken in the same run, so that machines compare."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from bench.crowd import crowd
from bot.store import Seal, SessionStore, Stored
from bot.store.sqlite import SqliteEngine
from dialogs.conversation import Conversation, Tap
from dialogs.session import Session
from guideline import Case, assess
from guideline.__main__ import answer

COMPLETE: dict[str, object] = {
    "grade": "G2", "pattern": "II", "primary": "resectable", "r0_feasible": True, "extrahepatic": "none",
    "fit_for_surgery": True, "carcinoid_heart_disease": "none", "carcinoid_syndrome": False,
    "one_stage_clearance": False,
}  # fmt: skip
TAPS = ("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


def seconds(deed: Callable[[], object]) -> float:
    """The best of five rounds, per call."""
    best = float("inf")
    for _ in range(5):
        calls, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < 0.05:
            deed()
            calls += 1
        best = min(best, spent / calls)
    return best


def walked(conversation: Conversation) -> Session:
    """A session at a recommendation."""
    session: Session | None = None
    for tap in TAPS:
        session = conversation.respond(session, Tap(tap)).session
    assert session is not None
    return session


async def kept(folder: Path, session: Session) -> float:
    """Seconds to save one session and load it again."""
    store = SessionStore(SqliteEngine(folder / "bench.sqlite3", 3600), Seal("1:bench"))
    await store.open()
    start = time.perf_counter()
    for chat in range(200):
        await store.save(chat, Stored(session, 1), None)
        await store.load(chat)
    spent = (time.perf_counter() - start) / 200
    await store.close()
    return spent


def main() -> None:
    """Measure and print."""
    conversation = Conversation()
    result = walked(conversation)
    line = json.dumps({"id": 1, "case": COMPLETE}).encode()
    yardstick = seconds(lambda: json.loads(line))
    print(f"yardstick: reading one case as JSON, {yardstick * 1e6:.1f} µs")
    deeds: dict[str, Callable[[], object]] = {
        "headline of an empty case": lambda: assess(Case()).headline,
        "headline of a complete case": lambda: assess(Case.of(COMPLETE)).headline,
        "one line of the JSON Lines door": lambda: answer(line),
        "one tap, to the recommendation": lambda: conversation.respond(result, Tap("a.steps.no")),
        "one tap, to Why": lambda: conversation.respond(result, Tap("go.why")),
        "a session to JSON and back": lambda: Session.from_json(result.to_json()),
    }
    for name, deed in deeds.items():
        print(f"{seconds(deed) / yardstick:10.0f} × {name}")
    with tempfile.TemporaryDirectory() as folder:
        spent = asyncio.run(kept(Path(folder), result))
        print(f"{spent / yardstick:10.0f} × saving a session to disk and loading it")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    empty = [object() for _ in range(10_000)]
    between = tracemalloc.get_traced_memory()[0]
    sessions = [Session.from_json(result.to_json()) for _ in range(10_000)]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    ratio = (after - between) / (between - before)
    print(f"{ratio:10.0f} × the memory of an empty object, for a session ({len(empty)} and {len(sessions)} of each)")
    asyncio.run(crowd())


if __name__ == "__main__":
    main()
