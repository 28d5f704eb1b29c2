"""The newer-source notes, checked as data: nothing here imports the program."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support import contract_page

NOTES_FILE = Path(__file__).parents[2] / "guideline" / "data" / "notes.toml"
DATA: dict[str, Any] = tomllib.loads(NOTES_FILE.read_text(encoding="utf-8"))
LISTED = tomllib.loads(NOTES_FILE.with_name("statements.toml").read_text(encoding="utf-8"))["statement"]
STATEMENTS: dict[str, str] = {statement["id"]: statement["text"] for statement in LISTED}
FIGURES = {statement["id"]: " ".join(statement.get("figures", ())) for statement in LISTED}


def filled(text: str) -> str:
    """The text with the first figure of each statement that it names as `{id}`."""
    return re.sub(r"\{([a-z0-9-]+)\}", lambda named: re.findall(r"\d+", FIGURES[named[1]])[0], text)


NOTES: list[dict[str, Any]] = [
    {
        "sources": [],
        **note,
        **{field: filled(note[field]) for field in ("review", "ours") if field in note},
        "figures": list(map(filled, note.get("figures", ()))),
    }
    for note in DATA["note"]
]
each_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note["id"])

REQUIRED = contract_page.notes() | {"grading-2022", "telotristat", "guidelines-now", "optn"}
TOPICS = {
    "burden", "grading", "patterns", "work-up", "resection", "recurrence", "one-step-or-two-step", "debulking",
    "ablation", "embolisation", "transplant", "carcinoid", "outcomes", "systemic", "primary",
}  # fmt: skip
SECTIONS = {
    "abstract", "1", "2", "3", "4", "5", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2", "5.3.1", "5.3.2", "5.3.3",
    "5.4", "6", "Fig. 1",
}  # fmt: skip
FIELDS = {
    "id", "topic", "title", "differs", "review", "review_section", "now", "ours", "figures",
    "sources", "statements", "unverified",
    "reading",
}  # fmt: skip
ORDERS = {
    "add", "always", "arrange", "ask", "avoid", "begin", "check", "choose", "consider", "continue", "discuss", "do",
    "ensure", "exclude", "give", "keep", "list", "measure", "never", "offer", "operate", "order", "perform", "prefer",
    "prescribe", "proceed", "refer", "remember", "remove", "resect", "start", "stop", "transplant", "treat", "use",
}  # fmt: skip
UNDATED = {
    "Overall survival of that trial, PMC5791842 (authors and journal not noted)",
    "Trial page 19-125, mskcc.org (the two arms)",
    "OPTN, public comment: National Liver Review Board updates related to transplant oncology",
    "SEER-Medicare analysis of gastrointestinal NET with unresected metastases"
    " (index page; authors and journal not noted)",
    "Table of the WHO grades in UpToDate (medilib.ir copy, 122325)",
    "Table of the WHO 2017 grades, with a row for well-differentiated G3 (PMC5697502)",
    "Asano D, Sugawara T, Akahoshi K, et al. Indications for surgical resection in patients with NET liver metastases."
    " PMC12757151",
    "Comment on who is eligible (authors and journal not noted)",
    "FDA label analysis of cabozantinib, as reported by maestrodatabase.com",
}
"""The sources whose date was not seen; every other one has its year."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
PART_OF_A_NAME = re.compile(r"[A-Za-z]-?\d+|\d+[A-Za-z]+")  # G3, Ki-67, R0, 177Lu
RANGE = re.compile(rf"{NUMBER.pattern}(?:–{NUMBER.pattern})?")  # a range stays one
READ_ON = date(2026, 11, 23), date(2026, 11, 26)
ABBREVIATION = re.compile(r"(?<!\w)(?:\d{2,3}[A-Z][a-z]|[A-Z][A-Z0-9]+)(?!\w)")
WELL_KNOWN = {"G1", "G2", "G3", "II", "III", "IV", "JAMA"}


def _prose(note: dict[str, Any]) -> list[str]:
    return [note["title"], note["review"], note["now"], *(note[key] for key in ("ours", "unverified") if key in note)]


def _covered(text: str, figures: list[str]) -> set[int]:
    return {
        position
        for figure in figures
        for match in re.finditer(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", text)
        for position in range(*match.span())
    }


def _numbers(text: str) -> set[str]:
    return set(RANGE.findall(PART_OF_A_NAME.sub("", text)))


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
    assert FIELDS - {"ours", "unverified", "reading", "differs"} <= set(note) <= FIELDS
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


@each_note
def test_every_number_was_seen_on_a_page_that_was_read_or_is_the_reviews(note: dict[str, Any]) -> None:
    if note.get("reading"):
        return
    seen = {number for source in note["sources"] for number in _numbers(" ".join(source.get("seen", [])))}
    assert _numbers(note["now"]) - seen == set()
    for key in ("title", "differs", "ours", "unverified"):
        assert _numbers(note.get(key, "")) - seen - _numbers(note["review"]) == set(), key


@each_note
def test_the_numbers_of_the_reviews_part_are_those_of_its_statements(note: dict[str, Any]) -> None:
    said = {number for id_ in note["statements"] for number in _numbers(STATEMENTS[id_])}
    assert _numbers(note["review"]) - said - {"1"} == set(), "1 is that of Figure 1"


@each_note
def test_every_figure_of_a_note_stands_in_its_text(note: dict[str, Any]) -> None:
    assert len(note["figures"]) == len(set(note["figures"]))
    texts = [note.get(key, "") for key in ("review", "now", "ours", "unverified")]
    stray = [figure for figure in note["figures"] if not any(figure in text for text in texts)]
    assert stray == []


@each_note
def test_a_note_cites_its_sources_with_their_dates_and_says_where_they_were_read(note: dict[str, Any]) -> None:
    if note.get("reading"):
        assert note["sources"] == []
        return
    assert note["sources"]
    for source in note["sources"]:
        assert {"citation", "read", "read_on"} <= set(source)
        assert set(source) <= {"citation", "year", "read", "read_on", "doi", "url", "seen", "criteria"}
        assert source["citation"].strip()
        assert ("year" not in source) == (source["citation"] in UNDATED), source["citation"]
        assert 1990 <= source.get("year", 2026) <= 2026
        assert source["read"] in {"record", "second-hand", "not read"}
        assert source["read"] == "not read" or source["seen"], "what was read was seen"
        assert READ_ON[0] <= source["read_on"] <= READ_ON[1]
    citations = [source["citation"] for source in note["sources"]]
    assert len(citations) == len(set(citations))
    assert any(source["read"] != "not read" for source in note["sources"])


@each_note
def test_a_source_has_the_address_of_the_paper_or_of_the_page_that_was_read(note: dict[str, Any]) -> None:
    for source in note["sources"]:
        assert ("doi" in source) != ("url" in source), source["citation"]
        assert re.fullmatch(r"10\.\d{4,}/\S+", source.get("doi", "10.1155/2012/782672")), source["doi"]
        assert re.fullmatch(r"https?://[^\s/]+\.[a-z]+/\S+", source.get("url", "https://doi.org/10")), source["url"]


@each_note
def test_what_was_seen_are_numbers_and_terms_and_no_sentences(note: dict[str, Any]) -> None:
    for source in note["sources"]:
        for entry in source.get("seen", []):
            assert 0 < len(entry) <= 120
            assert not entry.endswith("."), entry


@each_note
def test_no_source_is_named_of_which_no_figure_is_printed(note: dict[str, Any]) -> None:
    printed = {number for text in _prose(note) for number in _numbers(text)}
    for source in note["sources"]:
        seen = _numbers(" ".join(source.get("seen", [])))
        assert source["read"] == "not read" or not seen or seen & printed, source["citation"]


def test_one_source_is_dated_and_labelled_alike_in_every_note() -> None:
    found: dict[str, tuple[Any, ...]] = {}
    for source in (source for note in NOTES for source in note["sources"]):
        label = tuple(source.get(key) for key in ("year", "read", "read_on", "doi", "url"))
        assert found.setdefault(source["citation"], label) == label, source["citation"]
    assert found.keys() >= UNDATED


def test_every_abbreviation_is_explained_and_used() -> None:
    explained = set(DATA["abbreviation"])
    used = {word for note in NOTES for text in _prose(note) for word in ABBREVIATION.findall(text)}
    assert used - explained - WELL_KNOWN == set()
    assert explained - used == set()


def test_the_reading_of_the_figure_is_the_only_note_without_a_source() -> None:
    assert [note["id"] for note in NOTES if not note["sources"]] == ["figure-reading"]
    assert [note["id"] for note in NOTES if note.get("reading")] == ["figure-reading"]


@each_note
def test_a_note_fits_a_phone(note: dict[str, Any]) -> None:
    assert 0 < len(note["title"]) <= 40
    assert len(note.get("differs", "")) <= 70
    assert 0 < len(note["review"]) <= 220
    assert 0 < len(note["now"]) <= 650
    assert len(note.get("ours", "")) <= 220
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
