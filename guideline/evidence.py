"""What the review says, what it cites, where it contradicts itself, and what newer sources say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from guideline.content import DATA, ContentError, Item, items, read

SECTIONS = (
    "abstract", "1", "2", "3", "4", "5", "5.1.1", "5.1.2", "5.1.3", "5.1.4",
    "5.2", "5.3.1", "5.3.2", "5.3.3", "5.4", "6", "Fig. 1",
)  # fmt: skip
TOPICS = (
    "grading", "patterns", "work-up", "resection", "recurrence", "one-step-or-two-step", "debulking", "ablation",
    "embolisation", "transplant", "carcinoid", "systemic", "primary", "burden", "outcomes",
)  # fmt: skip
KINDS = ("recommends", "reports", "figure")
_HIGHEST_REFERENCE = 107
LEVELS = ("confirmed", "identified", "probable")
READ = ("record", "second-hand", "not read")
_STALE_AFTER = 12
"""Months after which a note says when it was last checked."""

_NAME = re.compile(r"[A-Za-z]-?\d+|\d+[A-Za-z]+")  # G3, Ki-67, R0, 177Lu: not figures
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:–\d+(?:[.,]\d+)*)?")
_NAMED = re.compile(r"\{([a-z0-9-]+)\}")
_FIRST_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNITS = ("%", "month", "year", "minute", "cm", "mg", "mm²")


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of the review, in our words.

    section: of the review. kind: `recommends` (the review's own statement), `reports` (about work it cites) or `figure`
    (read from Figure 1). background: the review's own statement, but no advice. refs: the reference numbers of that
    sentence. figures: every figure in the text. outcome_of: the headlines, or `transplant`, for which it reports an
    outcome; whose: in which patients, after which treatment. uncertain: what is not certain in the reading of the
    figure, or empty. inconsistencies: ids of the errors found in it.
    """

    id: str
    section: str
    kind: str
    background: bool
    refs: tuple[int, ...]
    text: str
    figures: tuple[str, ...]
    topics: tuple[str, ...]
    inconsistencies: tuple[str, ...]
    outcome_of: tuple[str, ...]
    whose: str
    uncertain: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What was traced of a number in the review's lost reference list.

    level: how certain it is, one of LEVELS. only: the statements for which it holds; empty for all.
    """

    number: int
    level: str
    citation: str
    note: str
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the description of an error. ours: what we conclude from it, which no source says. on: the statements
    with which it is shown; empty for all that have the error."""

    text: str
    ours: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """An error found in the review."""

    id: str
    section: str
    parts: tuple[Part, ...]

    def parts_for(self, statements: Iterable[str]) -> tuple[Part, ...]:
        """The parts to show with these statements."""
        shown = set(statements)
        return tuple(part for part in self.parts if not part.on or shown.intersection(part.on))

    @property
    def text(self) -> str:
        """The whole description, with what we conclude."""
        return " ".join(text for part in self.parts for text in (part.text, part.ours) if text)


@dataclass(frozen=True, slots=True)
class Source:
    """A newer source.

    year: 0 when its date was not seen. read: `record` when its figures were read in its own record or abstract,
    `second-hand` when elsewhere, `not read` when only its title or address was seen. read_on: the day of that. link:
    the address of the paper by its doi, or of the page that was read. seen: the numbers and terms that were read there.
    criteria: by transplant criterion, what it says about it that the review does not.
    """

    citation: str
    year: int
    read: str
    read_on: date
    doi: str
    link: str
    seen: tuple[str, ...]
    criteria: Mapping[str, str]

    @property
    def name(self) -> str:
        """The short name: first author, journal or society, and the year, such as `Sorbye 2025`."""
        author = re.match(r"([^,;.]+) [A-Z]{1,3}(?:,|\Z)", self.citation)
        name = author[1] if author else re.split(r"[,;]", self.citation)[0]
        return name if name.endswith(str(self.year)) else f"{name} {self.year or ''}".strip()


@dataclass(frozen=True, slots=True)
class Note:
    """What newer sources say about a point of the review.

    differs: the difference in a line, for the result. ours: what we conclude from it, which no source says. reading:
    whether it is about how Figure 1 is read, and not about a newer source. abbreviations: those in it, with their
    meanings.
    """

    id: str
    topic: str
    title: str
    differs: str
    review: str
    review_section: tuple[str, ...]
    now: str
    ours: str
    figures: tuple[str, ...]
    sources: tuple[Source, ...]
    statements: tuple[str, ...]
    unverified: str
    reading: bool
    abbreviations: tuple[tuple[str, str], ...]

    @property
    def checked(self) -> date | None:
        """The day on which one of its sources was last read; None when it has none."""
        return max((source.read_on for source in self.sources), default=None)

    def is_stale(self, on: date) -> bool:
        """Whether none of its sources was read in the 12 months before that day."""
        checked = self.checked
        if checked is None:
            return False
        months = (on.year - checked.year) * 12 + on.month - checked.month
        return (months, on.day) > (_STALE_AFTER, checked.day)

    def older_than(self, year: int) -> bool:
        """Whether one of its sources is older than that year."""
        return any(source.year and source.year < year for source in self.sources)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every answer names: the content version, the review and its year. That no clinician has reviewed the content
    is part of the texts, since a review would change more than a flag."""

    version: str
    year: int
    review: str
    doi: str
    license: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All statements, references, errors and notes, by id (references by number)."""

    statements: Mapping[str, Statement]
    references: Mapping[int, Reference]
    inconsistencies: Mapping[str, Inconsistency]
    notes: Mapping[str, Note]
    stamp: Stamp

    @property
    def checked(self) -> date:
        """The last day on which a newer source was read."""
        return max(note.checked for note in self.notes.values() if note.checked)

    def elsewhere(self, criterion: str) -> list[tuple[str, Source]]:
        """What newer sources say about a transplant criterion, each with its source."""
        sources = [source for note in self.notes.values() for source in note.sources if criterion in source.criteria]
        return [(source.criteria[criterion], source) for source in sources]

    def reference(self, number: int, statement: str) -> Reference | None:
        """What was traced of that number in that statement; None: only the number may be printed."""
        reference = self.references.get(number)
        return None if reference is None or (reference.only and statement not in reference.only) else reference


def load(folder: Path = DATA) -> Evidence:
    """Read the data files of the folder. Raises ContentError that names the file and the item."""
    inconsistencies = {i.id: _inconsistency(i) for i in _tables(folder, "inconsistencies.toml", "inconsistency")}
    statements = {i.id: _statement(i, inconsistencies) for i in _list(folder, "statements.toml", "statement")}
    _refuse_unexplained(statements.values(), inconsistencies)
    listed = [_reference(i, statements) for i in _tables(folder, "references.toml", "reference")]
    references = {reference.number: reference for reference in listed}
    notes = _notes(folder, statements)
    return Evidence(statements, references, inconsistencies, notes, _stamp(folder))


@cache
def evidence() -> Evidence:
    """The evidence that comes with the program, read once."""
    return load()


def _list(folder: Path, file: str, key: str) -> list[Item]:
    return list(items(file, read(folder, file, key).get(key)))


def _tables(folder: Path, file: str, key: str) -> list[Item]:
    tables = read(folder, file, key).get(key, {})
    if not isinstance(tables, dict):
        raise ContentError(file, "file", f"{key} takes tables by id")
    return [Item(file, id_, table) for id_, table in tables.items()]


def _statement(item: Item, inconsistencies: Mapping[str, Inconsistency]) -> Statement:
    statement = Statement(
        id=item.id,
        section=_one_of(item, "section", SECTIONS),
        kind=_one_of(item, "kind", KINDS),
        background=item.flag("background"),
        refs=_refs(item),
        text=item.text("text"),
        figures=item.texts("figures"),
        topics=item.known("topics", item.texts("topics"), TOPICS),
        inconsistencies=item.known("inconsistencies", item.texts("inconsistencies"), inconsistencies),
        outcome_of=item.texts("outcome_of"),
        whose=item.text("whose", ""),
        uncertain=item.text("uncertain", ""),
    )
    item.done()
    if statement.outcome_of and (statement.kind != "reports" or not statement.whose):
        raise item.error("an outcome is a report, and says whose result it is")
    if statement.background and statement.kind != "recommends":
        raise item.error("background takes the review's own word (recommends)")
    if (statement.section == "Fig. 1") != (statement.kind == "figure"):
        raise item.error("what is read from Figure 1 has the kind figure, and nothing else has")
    return statement


def _refs(item: Item) -> tuple[int, ...]:
    refs = item.list("refs")
    if not all(type(ref) is int and 1 <= ref <= _HIGHEST_REFERENCE for ref in refs):
        raise item.error(
            f"refs: got {list(refs)!r}; takes numbers of the review's reference list, 1 to {_HIGHEST_REFERENCE}"
        )
    return refs


def _reference(item: Item, statements: Mapping[str, Statement]) -> Reference:
    if item.id not in map(str, range(1, _HIGHEST_REFERENCE + 1)):
        raise item.error(f"a reference goes by its number, 1 to {_HIGHEST_REFERENCE}")
    reference = Reference(
        number=int(item.id),
        level=_one_of(item, "level", LEVELS),
        citation=item.text("citation"),
        note=item.text("note", ""),
        only=item.known("only", item.texts("only"), statements),
    )
    item.done()
    return reference


def _inconsistency(item: Item) -> Inconsistency:
    item.texts("figures")
    section, tables = item.text("section"), item.list("parts")
    parts = tuple(_part(Item(item.file, item.id, table)) for table in tables)
    found = Inconsistency(item.id, section, parts or (Part(item.text("text"), item.text("ours", ""), ()),))
    item.done()
    return found


def _part(item: Item) -> Part:
    part = Part(item.text("text"), item.text("ours", ""), item.texts("on"))
    item.done()
    return part


def _refuse_unexplained(statements: Iterable[Statement], inconsistencies: Mapping[str, Inconsistency]) -> None:
    """Raise ContentError when an error has no part for a statement that has it, or names a statement that has it
    not."""
    touched = {(flaw, statement.id) for statement in statements for flaw in statement.inconsistencies}
    for flaw, found in inconsistencies.items():
        for id_ in (id_ for part in found.parts for id_ in part.on if (flaw, id_) not in touched):
            raise ContentError("inconsistencies.toml", flaw, f"on names {id_!r}, which does not have it")
    for flaw, id_ in sorted(touched):
        if not inconsistencies[flaw].parts_for((id_,)):
            raise ContentError("inconsistencies.toml", flaw, f"says nothing of {id_!r}, which has it")


def _notes(folder: Path, statements: Mapping[str, Statement]) -> dict[str, Note]:
    file = "notes.toml"
    data = read(folder, file, "note", "abbreviation")
    abbreviations = Item(file, "abbreviation", data.get("abbreviation", {})).all_texts()
    return {item.id: _note(item, statements, abbreviations) for item in items(file, data.get("note"))}


def _note(item: Item, statements: Mapping[str, Statement], abbreviations: Mapping[str, str]) -> Note:
    note = Note(
        id=item.id,
        topic=_one_of(item, "topic", TOPICS),
        title=item.text("title"),
        differs=item.text("differs", ""),
        review=filled(item, item.text("review"), statements),
        review_section=item.known("review_section", item.texts("review_section"), SECTIONS),
        now=item.text("now"),
        ours=filled(item, item.text("ours", ""), statements),
        figures=tuple(filled(item, figure, statements) for figure in item.texts("figures")),
        sources=tuple(_source(item, table) for table in item.list("sources")),
        statements=item.known("statements", item.texts("statements"), statements),
        unverified=item.text("unverified", ""),
        reading=item.flag("reading"),
        abbreviations=(),
    )
    item.done()
    if bool(note.sources) == note.reading:
        raise item.error("a note names a source, unless it is about the reading of the figure")
    if not note.reading:
        for figure in _unseen(note):
            raise item.error(f"figures: {figure!r} stands in the `seen` of no source")
    printed = " ".join((note.title, note.differs, note.review, note.now, note.ours, note.unverified))
    used = tuple(pair for pair in abbreviations.items() if _stands(pair[0], printed))
    return replace(note, abbreviations=used)


def filled(item: Item, text: str, statements: Mapping[str, Statement]) -> str:
    """The text with numbers in the places of names: `{rfa-over-5cm}` is the first number of that statement's figures.

    Raises ContentError for a name of no statement, and for a statement without a figure.
    """

    def number(named: re.Match[str]) -> str:
        item.known("a number", (named[1],), statements)
        found = _FIRST_NUMBER.search(" ".join(statements[named[1]].figures))
        if not found:
            raise item.error(f"{named[1]!r} has no figure")
        return found[0]

    return _NAMED.sub(number, text)


def _stands(word: str, text: str) -> bool:
    return word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _source(item: Item, table: object) -> Source:
    part = Item(item.file, item.id, table)
    doi, url = part.text("doi", ""), part.text("url", "")
    source = Source(
        citation=part.text("citation"),
        year=part.number("year", 0),
        read=_one_of(part, "read", READ),
        read_on=part.date("read_on"),
        doi=doi,
        link=f"https://doi.org/{doi}" if doi else url,
        seen=part.texts("seen"),
        criteria=Item(item.file, item.id, part.table("criteria")).all_texts(),
    )
    part.done()
    for says in source.criteria.values():
        units = [unit for unit in _UNITS if unit in says]
        if not any(_holds(entry, _numbers(entry), _numbers(says), units) for entry in source.seen):
            raise item.error(f"criteria: {says!r} does not stand in the `seen` of {source.citation}")
    if bool(doi) == bool(url):
        raise item.error(f"{source.citation}: takes a doi or else a url")
    if not re.fullmatch(r"https?://\S+", source.link):
        raise item.error(f"{source.citation}: url: got {url!r}; takes an address that begins with http")
    if source.read != "not read" and not source.seen:
        raise item.error(f"{source.citation}: seen is missing; it may be so only for a source that was not read")
    return source


def _unseen(note: Note) -> Iterable[str]:
    """The figures of the note that were not seen in a source. One in `now` must have been seen; one in the title, in
    `differs`, `ours` or `unverified` must have been seen or stand in `review`."""
    seen = [(entry, _numbers(entry)) for source in note.sources for entry in source.seen]
    review = note.review, _numbers(note.review)
    elsewhere = " ".join((note.title, note.differs, note.ours, note.unverified))
    for figure in note.figures:
        numbers, units = _numbers(figure), [unit for unit in _UNITS if unit in figure]
        found = any(_holds(*entry, numbers, units) for entry in seen)
        if not found and (figure in note.now or (figure in elsewhere and not _holds(*review, numbers, units))):
            yield figure


def _holds(text: str, there: list[str], numbers: list[str], units: list[str]) -> bool:
    """Whether a text with the numbers `there` has these numbers in the same order, and these units."""
    following = iter(there)
    return all(number in following for number in numbers) and all(unit in text for unit in units)


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_NAME.sub(" ", text))


def _stamp(folder: Path) -> Stamp:
    item = Item("content.toml", "file", read(folder, "content.toml"))
    stamp = Stamp(
        item.text("version"), item.number("year"), item.text("review"),
        item.text("doi"), item.text("license"),
    )  # fmt: skip
    item.done()
    return stamp


def _one_of(item: Item, key: str, among: tuple[str, ...]) -> str:
    value = item.text(key)
    if value not in among:
        raise item.error(f"{key}: got {value!r}; takes one of {', '.join(among)}")
    return value
