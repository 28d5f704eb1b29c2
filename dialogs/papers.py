"""The papers behind a note: in a few words, and the button that opens one."""

from __future__ import annotations

from dialogs.actions import Link
from dialogs.view import Choice
from guideline.evidence import Note, Source


def in_short(note: Note) -> str:
    """The sources of a note in a line: the first by its name, and the number of others: `Sorbye 2025 +5`."""
    further = f" +{len(note.sources) - 1}" if len(note.sources) > 1 else ""
    return f"{note.sources[0].name.partition(' (')[0]}{further}"


def to_paper(note: Note) -> Choice | None:
    """A button to one paper of the note; None when no paper has an address. A paper that was read in its own record
    comes before one read elsewhere, and one with a doi before one without."""
    papers = [source for source in note.sources if source.link.startswith("https://") and source.read != "not read"]
    papers = sorted((s for s in papers if s.doi or s.read == "record"), key=_rank)
    if not papers:
        return None
    return Choice(Link(papers[0].link), "button.paper-of", count=papers[0].name)


def _rank(source: Source) -> tuple[bool, bool]:
    return source.read != "record", not source.doi
