"""The papers behind a note: in a few words, and the button that opens one."""

from __future__ import annotations

from dialogs.actions import Link
from dialogs.view import Choice
from guideline.evidence import Note, Source


def in_short(note: Note) -> str:
    """The source that a note is cited by in a line, the first, and how many more there are: `Sorbye 2025 +5`."""
    further = f" +{len(note.sources) - 1}" if len(note.sources) > 1 else ""
    return f"{note.sources[0].name.partition(' (')[0]}{further}"


def to_paper(note: Note) -> Choice | None:
    """A button to the first paper of the note: one that was read in its own record, by its doi where that was seen,
    before one that was read elsewhere. None: there is no such address."""
    papers = [source for source in note.sources if source.link.startswith("https://") and source.read != "not read"]
    papers = sorted((s for s in papers if s.doi or s.read == "record"), key=_rank)
    if not papers:
        return None
    return Choice(Link(papers[0].link), "button.paper-of", count=papers[0].name)


def _rank(source: Source) -> tuple[bool, bool]:
    return source.read != "record", not source.doi
