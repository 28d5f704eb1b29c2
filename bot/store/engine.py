"""What the store needs of a database, and the errors when it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class StoreError(Exception):
    """The store cannot be opened, now or later; its text is a short reason."""


class StoreUnavailableError(Exception):
    """The database does not answer, is full or is locked; a later try may succeed. Its text is a short reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """A chat's row. number: changes with every write. age: seconds since it was written, of a row that was read."""

    number: int
    sealed: bytes
    age: float = field(default=0.0, compare=False)


RECORD_RETENTION = 90 * 24 * 3600.0
"""Seconds for which the practice record of a chat is kept. It outlives the chat's row."""


class Engine(Protocol):
    """Rows by name in one database; it does not know what they contain.

    An engine is made with a retention in seconds: a row last written longer ago is not returned. Beside a row there may
    be a record of the same name, kept for RECORD_RETENTION. Every method but close raises StoreUnavailableError.
    """

    async def open(self) -> None:
        """Connect, and create or migrate the tables; several processes may do so at once. A second call does nothing.
        Raises StoreError."""

    async def close(self) -> None:
        """Close the connection. May be called twice, and before open."""

    async def ping(self) -> None:
        """Check that the database answers."""

    async def try_writing(self) -> None:
        """Check that a row can be written: write one and delete it again."""

    async def read(self, name: bytes) -> Row | None:
        """The row of that name, unless it is too old."""

    async def write(self, name: bytes, row: Row, number: int | None, record: bytes | None = None) -> bool:
        """Write the row in place of the one with that number, or as a new row when number is None; with it the record,
        if one is given: both or neither.

        Returns False, with nothing changed, when the row has another number by now. After True the row survives a
        killed process.
        """

    async def read_record(self, name: bytes) -> bytes | None:
        """The record of that name, unless it is too old."""

    async def delete(self, name: bytes) -> None:
        """Delete the row and the record of that name, if there are any."""

    async def expire(self) -> int:
        """Delete the rows and records that are too old, without blocking others. Returns the number of rows."""

    async def read_file(self, name: bytes) -> bytes | None:
        """What is stored of the file of that name, or None."""

    async def write_file(self, name: bytes, sealed: bytes) -> None:
        """Store it, in place of an earlier one."""
