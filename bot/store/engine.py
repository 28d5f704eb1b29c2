"""What a database has to do for the store, and how it says that it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class StoreError(Exception):
    """The store cannot be opened, now or later; its text is a short reason."""


class StoreUnavailableError(Exception):
    """The database does not answer, is full or is locked: the same may go through later. Its text is a short reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """A chat's row. number: another with every write. age: seconds since it was written, of a row that was read."""

    number: int
    sealed: bytes
    age: float = field(default=0.0, compare=False)


RECORD_RETENTION = 90 * 24 * 3600.0
"""Seconds for which a record is kept: what lies beside a chat's row, and outlives it."""


class Engine(Protocol):
    """Rows by name, in one database; what stands in them is none of its business.

    An engine is made with a retention, in seconds: a row last written longer ago than that is not given any more.
    Beside a row there may be a record of the same name, kept for RECORD_RETENTION.
    Every method but close raises StoreUnavailableError.
    """

    async def open(self) -> None:
        """Make ready, the tables too; several processes may do so at once. Again is fine. Raises StoreError."""

    async def close(self) -> None:
        """Release; twice and before open is fine."""

    async def ping(self) -> None:
        """Ask the database for a sign of life."""

    async def try_writing(self) -> None:
        """Write a row and delete it again, as a session's is written."""

    async def read(self, name: bytes) -> Row | None:
        """The row of that name, unless it is too old."""

    async def write(self, name: bytes, row: Row, number: int | None, record: bytes | None = None) -> bool:
        """Write the row in place of the one that has `number`; None: where there is none. With it the record, if one is
        given: both or neither.

        False when there is another by now; then nothing has changed. When True is returned, a killed process no
        longer loses it.
        """

    async def read_record(self, name: bytes) -> bytes | None:
        """The record of that name, unless it is too old."""

    async def delete(self, name: bytes) -> None:
        """Delete the row and the record of that name, if there are any."""

    async def expire(self) -> int:
        """Delete the rows and records that are too old, while others go on. Returns how many rows there were."""

    async def read_file(self, name: bytes) -> bytes | None:
        """What is kept of a file, or None."""

    async def write_file(self, name: bytes, sealed: bytes) -> None:
        """Keep it, in place of what was there."""
