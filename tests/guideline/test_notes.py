"""The newer-source notes, checked as data: nothing here imports the project."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

NOTES_FILE = Path(__file__).parents[2] / "guideline" / "data" / "notes.toml"
NOTES: list[dict[str, Any]] = tomllib.loads(NOTES_FILE.read_text(encoding="utf-8"))["note"]
each_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note["id"])

REQUIRED = {
    "type-naming", "g3-net", "platinum-etoposide", "debulking-70", "prrt", "somatostatin-analogues",
    "targeted-therapy", "captem", "transplant-age", "transplant-milan", "sstr-imaging", "microwave-ablation",
    "embolisation-choice", "embolisation-abscess", "carcinoid-crisis", "prophylactic-cholecystectomy",
    "primary-with-unresectable-liver", "figure-reading", "grading-2022", "telotristat", "guidelines-now",
    "transplant-or-resection", "optn",
}  # fmt: skip
TOPICS = {
    "burden", "grading", "patterns", "work-up", "resection", "recurrence", "one-step-or-two-step", "debulking",
    "ablation", "embolisation", "transplant", "carcinoid", "outcomes", "systemic", "primary",
}  # fmt: skip
SECTIONS = {
    "abstract", "1", "2", "3", "4", "5", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2", "5.3.1", "5.3.2", "5.3.3",
    "5.4", "6", "Fig. 1",
}  # fmt: skip
FIELDS = {
    "id", "topic", "title", "differs", "review", "review_section", "now", "figures",
    "sources", "statements", "unverified",
    "reading",
}  # fmt: skip
ORDERS = {
    "add", "always", "arrange", "ask", "avoid", "begin", "check", "choose", "consider", "continue", "discuss", "do",
    "ensure", "exclude", "give", "keep", "list", "measure", "never", "offer", "operate", "order", "perform", "prefer",
    "prescribe", "proceed", "refer", "remember", "remove", "resect", "start", "stop", "transplant", "treat", "use",
}  # fmt: skip
UNDATED = {
    "PMC5791842, on everolimus (authors and journal not noted)",
    "Trial page 19-125, mskcc.org (the two arms)",
    "OPTN, public comment: National Liver Review Board updates related to transplant oncology",
    "SEER-Medicare analysis of gastrointestinal NET with unresected metastases"
    " (index page; authors and journal not noted)",
}
"""The sources whose date was not seen; every other one has its year."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PART_OF_A_NAME = re.compile(r"[A-Za-z]-?\d+|\d+[A-Za-z]+")  # G3, Ki-67, R0, 177Lu


def _prose(note: dict[str, Any]) -> list[str]:
    return [note["title"], note["review"], note["now"], *([note["unverified"]] if "unverified" in note else [])]


def _covered(text: str, figures: list[str]) -> set[int]:
    return {
        position
        for figure in figures
        for match in re.finditer(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", text)
        for position in range(*match.span())
    }


def _uncovered_numbers(text: str, figures: list[str]) -> list[str]:
    names = {position for match in PART_OF_A_NAME.finditer(text) for position in range(*match.span())}
    covered = _covered(text, figures) | names
    return [number[0] for number in NUMBER.finditer(text) if not set(range(*number.span())) <= covered]


def test_every_note_the_rules_name_is_there_once() -> None:
    ids = [note["id"] for note in NOTES]
    assert len(ids) == len(set(ids))
    assert set(ids) >= REQUIRED


def test_the_number_check_sees_a_number_that_no_figure_holds() -> None:
    assert _uncovered_numbers("G3, Ki-67 below 55 %, 177Lu, 2.5 cm", ["55 %"]) == ["2.5"]
    assert _uncovered_numbers("15 and 5", ["5"]) == ["15"]


@each_note
def test_a_note_has_the_agreed_fields_and_no_other(note: dict[str, Any]) -> None:
    assert FIELDS - {"unverified", "reading", "differs"} <= set(note) <= FIELDS
    assert note["topic"] in TOPICS
    assert note["review_section"]
    assert set(note["review_section"]) <= SECTIONS
    assert note["statements"]
    assert len(note["statements"]) == len(set(note["statements"]))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in [note["id"], *note["statements"]])


@each_note
def test_every_number_of_a_note_is_among_its_figures(note: dict[str, Any]) -> None:
    assert _uncovered_numbers(note["review"], note["figures"]) == []
    assert _uncovered_numbers(note["now"], note["figures"]) == []
    assert set(re.findall(r"\b\d+", note.get("differs", ""))) <= set(re.findall(r"\d+", " ".join(note["figures"])))


@each_note
def test_every_figure_of_a_note_stands_in_its_text(note: dict[str, Any]) -> None:
    assert len(note["figures"]) == len(set(note["figures"]))
    stray = [figure for figure in note["figures"] if figure not in note["review"] and figure not in note["now"]]
    assert stray == []


@each_note
def test_a_note_cites_its_sources_with_their_dates_and_says_where_they_were_read(note: dict[str, Any]) -> None:
    if note.get("reading"):
        assert note["sources"] == []
        return
    assert note["sources"]
    for source in note["sources"]:
        dated = {"citation", "year", "read"}
        assert set(source) == (dated - {"year"} if source["citation"] in UNDATED else dated)
        assert source["citation"].strip()
        assert source["citation"] in UNDATED or 1990 <= source["year"] <= 2026
        assert source["read"] in {"record", "second-hand"}
    citations = [source["citation"] for source in note["sources"]]
    assert len(citations) == len(set(citations))


def test_one_source_is_dated_and_labelled_alike_in_every_note() -> None:
    seen: dict[str, tuple[int | None, str]] = {}
    for source in (source for note in NOTES for source in note["sources"]):
        label = (source.get("year"), source["read"])
        assert seen.setdefault(source["citation"], label) == label, source["citation"]
    assert seen.keys() >= UNDATED


def test_the_reading_of_the_figure_is_the_only_note_without_a_source() -> None:
    assert [note["id"] for note in NOTES if not note["sources"]] == ["figure-reading"]
    assert [note["id"] for note in NOTES if note.get("reading")] == ["figure-reading"]


@each_note
def test_a_note_fits_a_phone(note: dict[str, Any]) -> None:
    assert 0 < len(note["title"]) <= 40
    assert len(note.get("differs", "")) <= 70
    assert 0 < len(note["review"]) <= 220
    assert 0 < len(note["now"]) <= 650
    assert len(note.get("unverified", "")) <= 220


@each_note
def test_a_note_never_gives_an_order(note: dict[str, Any]) -> None:
    for text in _prose(note):
        assert not re.search(r"\bmust\b", text, re.IGNORECASE)
        openings = {words[0].lower() for part in re.split(r"[.:;]\s+", text) if (words := part.split())}
        assert openings & ORDERS == set()


@each_note
def test_a_note_is_plain_text(note: dict[str, Any]) -> None:
    for text in _prose(note):
        assert not re.search(r"[<>*_`§]|\s{2}|\n", text)
        assert text == text.strip()
        assert re.search(r"\d%", text) is None, "a space stands before the per cent sign"
