"""A hundred thousand hostile updates (`python -m bench.hostile`): whether the memory of the process stays flat."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path
from statistics import fmean

from tests.support.siege import besiege

COUNT = 100_000
_EVERY = 100  # updates from one look at the memory to the next


def resident() -> float:
    """The memory that the process holds, in MiB. Linux only."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Deliver them, measure and print."""
    logging.disable()
    held: list[float] = []

    def watch(done: int) -> None:
        if done % _EVERY == 0:
            held.append(resident())

    with tempfile.TemporaryDirectory() as folder:
        siege = besiege(Path(folder), COUNT, seed=2, watch=watch)
    tenth = len(held) // 10
    tenths = [fmean(held[at : at + tenth]) for at in range(0, tenth * 10, tenth)]
    print(f"answers: {dict(siege.statuses)}; faults: {len(siege.faults)}; every field wrong: {siege.every_field}")
    print(f"the bystander's case untouched: {siege.kept[0] == siege.kept[1] and siege.shown[0] == siege.shown[1]}")
    print("resident memory in each tenth, MiB: " + " ".join(f"{mean:.0f}" for mean in tenths))
    print(f"{tenths[-1] / tenths[0]:10.2f} × the memory of the first tenth, in the last")
    for fault in siege.faults:
        print(fault)


if __name__ == "__main__":
    main()
