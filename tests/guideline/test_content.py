"""What the review says, as kept in statements.toml, references.toml and inconsistencies.toml.

The figures and the citations that the review prints are held here as data, section by section, so that a statement
cannot take a number or a reference from elsewhere without a test failing.
"""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "guideline" / "data"

# Numbers and ranges printed in each section ("20 and 57%" and "6 to 42" count as ranges, words as numbers).
FIGURES = {
    "abstract": "10",
    "1": "2000 2004 2010 75 30–85 5–10 5 13–54 75–99",
    "2": "5 30–60 60–90 13715 4104 12.9 5–10 5.2–57 95 20 15 10 10–20 50–60 2010 2 3 2–20 3–20 6–18",
    "3": "20–25 10–15 60–70",
    "4": "1–2 2 68 30 33–77",
    "5": "",
    "5.1.1": "10–20 46–86 5 35–79 10 27 78 17 339 1985 2009 0–5 30 95 170 20–57 20",
    "5.1.2": "5 97 170 10 84 94 21 44 76 30 91 16 18 34 75",
    "5.1.3": "30",
    "5.1.4": "33 9 6–24 90",
    "5.2": "452 63 80 36 94 11 2.3 5 30 3.9 2 77 234 34 10 41 3",
    "5.3.1": "40 1992 2010 61 22 95 5 10",
    "5.3.2": "84 3 2.5 15 9 12 8 10",
    "5.3.3": "55–100 20–80 6–42",
    "5.4": "5 68 12 24–45 36–57 90 77 50 6",
    "6": "90",
    "Fig. 1": "",
}
# The citations of each section, one sentence or part of a sentence after the other.
CITATIONS = {
    "1": "1,2 3 4 5 6 7-9 10 10-15",
    "2": "16-18 19 7,20 21 22 23-26 3 27,28",
    "3": "26,29,30 31,32 33 10,30",
    "4": "34-37 38 31,39 39-41 42-45 46 32,47",
    "5": "48,49",
    "5.1.1": "32 50,51 52 30,53-56 56,57 58 59 56 31,55,56,60-62 53,63 32,52,64 65,66",
    "5.1.2": "53,55,67,68 53 68",
    "5.1.3": "69,70 69 32,55,71 54,55 71 54 32,72",
    "5.1.4": "10,30,73-77 78 54,56,79,80 47,81",
    "5.2": "32,82,83 84 85 86 87",
    "5.3.1": "88",
    "5.3.2": "89-91 92",
    "5.3.3": "93-96 97",
    "5.4": "32 98,99 100-105 106 107",
}
TOPICS = {
    "burden", "grading", "patterns", "work-up", "resection", "recurrence", "one-step-or-two-step", "debulking",
    "ablation", "embolisation", "transplant", "carcinoid", "outcomes", "systemic", "primary",
}  # fmt: skip
HEADLINES = {
    "systemic-chemotherapy", "multimodal-nonsurgical", "ablation-embolisation", "debulking",
    "resection", "resection-one-step", "resection-two-step", "transplant",
}  # fmt: skip
KEYS = {
    "id", "section", "kind", "background", "refs", "text", "figures", "topics",
    "inconsistencies", "outcome_of", "whose", "uncertain",
}  # fmt: skip


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


STATEMENTS: list[dict[str, Any]] = read("statements")["statement"]
REFERENCES: dict[str, dict[str, Any]] = read("references")["reference"]
INCONSISTENCIES: dict[str, dict[str, Any]] = read("inconsistencies")["inconsistency"]
ALL_INCONSISTENCIES = {f"I-{number}" for number in range(1, 16)}


def numbers(text: str) -> list[str]:
    """The numbers of a text, those within a name (G1, R0, Ki-67) left out."""
    return re.findall(r"(?<![A-Za-z0-9.,-])\d+(?:[.,]\d+)*", text)


def spans(figure: str) -> list[str]:
    """The numbers of a figure; a range stays one, since its ends belong together."""
    return re.findall(r"\d+(?:\.\d+)?(?:–\d+(?:\.\d+)?)?", figure.replace(",", ""))


def cited(group: str) -> tuple[int, ...]:
    """The numbers of a citation such as "30,53-56"."""
    ends = [[int(end) for end in part.split("-")] for part in group.split(",")]
    return tuple(number for end in ends for number in range(end[0], end[-1] + 1))


CITED = {section: [cited(group) for group in groups.split()] for section, groups in CITATIONS.items()}


def test_ids_are_unique_and_in_kebab_case() -> None:
    counts = Counter(statement["id"] for statement in STATEMENTS)
    assert [id_ for id_, count in counts.items() if count > 1] == []
    assert [id_ for id_ in counts if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_)] == []


def test_a_statement_has_only_known_keys_and_a_known_kind_section_and_topics() -> None:
    for statement in STATEMENTS:
        assert set(statement) <= KEYS, statement["id"]
        assert statement["section"] in FIGURES, statement["id"]
        assert statement["kind"] in ("recommends", "reports", "figure"), statement["id"]
        assert statement["topics"], statement["id"]
        assert set(statement["topics"]) <= TOPICS, statement["id"]


def test_every_section_and_every_topic_has_statements() -> None:
    assert {statement["section"] for statement in STATEMENTS} == set(FIGURES)
    assert {topic for statement in STATEMENTS for topic in statement["topics"]} == TOPICS


def test_a_statement_is_short_plain_text_that_gives_no_order() -> None:
    order = re.compile(r"(consider|give|resect|perform|offer|treat|use|avoid|remove|do not)\b", re.IGNORECASE)
    for statement in STATEMENTS:
        text = statement["text"]
        assert 20 <= len(text) <= 280, statement["id"]
        assert text[0].isupper(), statement["id"]
        assert text.endswith("."), statement["id"]
        assert not re.search(r"[<>&§*_`]|  |\d%|\d-\d", text), statement["id"]
        assert not order.match(text), statement["id"]
        assert not re.search(r"\b(must|shall)\b", text), statement["id"]


def test_every_number_in_a_text_is_in_a_figure_and_every_figure_in_the_text() -> None:
    items = [*((s["id"], s) for s in STATEMENTS), *INCONSISTENCIES.items()]
    for id_, item in items:
        parts = item.get("parts", [item])
        left = " ".join(f"{part['text']} {part.get('ours', '')}" for part in parts)
        for figure in item["figures"]:
            assert figure in left, (id_, figure)
            assert re.search(r"\d", figure), (id_, figure)
        for figure in sorted(item["figures"], key=len, reverse=True):
            left = left.replace(figure, "")
        assert numbers(left) == [], id_


def test_every_figure_is_printed_in_the_section_of_its_statement() -> None:
    for statement in STATEMENTS:
        printed = set(FIGURES[statement["section"]].split())
        for figure in statement["figures"]:
            assert set(spans(figure)) <= printed, (statement["id"], figure)


def test_every_figure_of_the_review_is_in_a_statement_of_its_section() -> None:
    for section, printed in FIGURES.items():
        kept = {
            span
            for statement in STATEMENTS
            if statement["section"] == section
            for figure in statement["figures"]
            for span in spans(figure)
        }
        assert set(printed.split()) - kept == set(), section


def test_references_are_sorted_numbers_of_the_reviews_list() -> None:
    for statement in STATEMENTS:
        refs = statement["refs"]
        assert refs == sorted(set(refs)), statement["id"]
        assert all(type(ref) is int and 1 <= ref <= 107 for ref in refs), statement["id"]


def test_the_references_of_a_statement_are_those_of_one_sentence_of_its_section() -> None:
    for statement in STATEMENTS:
        if statement["refs"]:
            assert tuple(statement["refs"]) in CITED.get(statement["section"], []), statement["id"]


def test_every_sentence_with_a_citation_has_a_statement() -> None:
    assert {ref for groups in CITED.values() for group in groups for ref in group} == set(range(1, 108))
    for section, groups in CITED.items():
        kept = {tuple(statement["refs"]) for statement in STATEMENTS if statement["section"] == section}
        assert set(groups) - kept == set(), section


def test_only_a_report_is_an_outcome_and_it_says_whose_and_of_which_headline() -> None:
    for statement in STATEMENTS:
        assert ("outcome_of" in statement) == ("whose" in statement), statement["id"]
        if "outcome_of" in statement:
            assert statement["kind"] == "reports", statement["id"]
            assert statement["outcome_of"], statement["id"]
            assert set(statement["outcome_of"]) <= HEADLINES, statement["id"]
            assert statement["whose"].strip(), statement["id"]
            assert "outcomes" in statement["topics"], statement["id"]


def test_every_headline_of_the_review_has_a_reported_outcome() -> None:
    assert {headline for s in STATEMENTS for headline in s.get("outcome_of", [])} == HEADLINES


def test_the_review_itself_never_speaks_for_a_rate() -> None:
    allowed = {"debulking-90", "summary-debulking-90"}  # a threshold, not a result
    for statement in STATEMENTS:
        if statement["kind"] == "recommends" and statement["id"] not in allowed:
            assert not any("%" in figure for figure in statement["figures"]), statement["id"]


def test_uncertainty_is_of_the_reading_of_the_figure_and_hangs_on_the_doubtful_boxes() -> None:
    for statement in STATEMENTS:
        assert (statement["kind"] == "figure") == (statement["section"] == "Fig. 1"), statement["id"]
    assert {statement["id"] for statement in STATEMENTS if statement.get("uncertain", "").strip()} == {
        "fig-transplant",
        "fig-contraindicated",
        "fig-ablation-tace",
        "fig-tace-tae",
        "fig-systemic",
        "fig-targeted",
    }


def test_every_inconsistency_is_there_and_hangs_on_a_statement() -> None:
    assert set(INCONSISTENCIES) == ALL_INCONSISTENCIES
    attached = {id_ for statement in STATEMENTS for id_ in statement.get("inconsistencies", [])}
    assert attached == ALL_INCONSISTENCIES
    for id_, inconsistency in INCONSISTENCIES.items():
        assert inconsistency["section"].strip(), id_
        for part in inconsistency.get("parts", [inconsistency]):
            assert "§" not in part["text"] + part.get("ours", ""), id_


def test_a_reference_is_as_sure_as_the_evidence_says_and_the_unknown_have_no_entry() -> None:
    levels = {
        "confirmed": {1, 2, 3, 4, 5},
        "identified": {7, 20, 53, 56, 58, 59, 68, 78, 84, 88, 92, 98},
        "probable": {10, 22, 27, 28, 30, 31, 32, 38, 39, 69, 70, 71, 79, 80, 85, 106},
    }
    found: dict[str, set[int]] = {}
    for number, reference in REFERENCES.items():
        found.setdefault(reference["level"], set()).add(int(number))
        assert reference["citation"].strip(), number
    assert found == levels


def test_a_citation_that_holds_for_one_sentence_names_a_statement_with_that_number() -> None:
    ids = {statement["id"]: statement for statement in STATEMENTS}
    assert REFERENCES["56"]["only"] == ["resection-median-not-reached"]
    for number, reference in REFERENCES.items():
        for id_ in reference.get("only", []):
            assert int(number) in ids[id_]["refs"], number


def test_what_is_doubtful_about_a_reference_is_said() -> None:
    for number, reference in REFERENCES.items():
        if reference["level"] == "probable" or number in ("5", "20", "56", "58", "88", "98"):
            assert reference.get("note", "").strip(), number
