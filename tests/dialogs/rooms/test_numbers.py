"""Numbers: the reported figures behind a result, each with its outcome, its time, whose it is, and its source."""

from __future__ import annotations

import re

import pytest

from dialogs.actions import Room
from dialogs.conversation import Conversation
from dialogs.rooms import COMPARED, MANY, behind
from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from phone.entities import parse_html
from tests.dialogs.rooms.pages import EVIDENCE, LABELS, WORDS, cases, numbers, rooms, unfolded
from tests.support.walk import Talk, begun
from tests.support.ways import OPEN_CASES


def test_of_all_that_is_possible_no_more_numbers_are_listed_than_are_read() -> None:
    """With nothing known every headline is possible, and of fewer there are fewer lines."""
    conversation = Conversation()
    view = behind(Room("numbers"), EVIDENCE, assess(Case.of({})), ())
    assert view
    text = unfolded(conversation.steps.renderer.screen(view).text)
    assert len(text.split()) <= WORDS
    assert "46–86 %" in text
    assert "expected survival" in text.lower()
    assert "Other figures and what has no rate: Statements." in text


@pytest.mark.parametrize("found", OPEN_CASES, ids=lambda found: "-".join(found.case.known) or "nothing known")
def test_while_it_cannot_be_said_every_figure_stands_under_the_ways_it_belongs_to(found: Assessment) -> None:
    """Alone on the page, or first, a figure would be taken for this patient's."""
    view = behind(Room("numbers"), EVIDENCE, found, ())
    assert view
    first, *lines = unfolded(Conversation().steps.renderer.screen(view).text).split("\n")

    assert first.startswith(f"Cannot say yet: {', '.join(LABELS(f'fact.{fact}') for fact in found.needed[:3])}")
    heading, told, order = "", set[str](), []
    for line in lines:
        if line.startswith("If "):
            heading = line
            order += [next(id_ for id_ in found.candidates if named(id_) in line)]
        elif line.startswith("· "):
            of_it = {id_ for id_ in found.candidates if named(id_) in heading.split(": ")[-1]}
            (belongs,) = {
                frozenset(EVIDENCE.statements[o.statement].outcome_of).intersection(found.candidates)
                for o in found.reported
                if f": {EVIDENCE.statements[o.statement].whose} [" in line and LABELS.timed(o) in line
            }
            assert of_it == belongs, (heading, line)
            told |= of_it
    with_figures = {id_ for o in found.reported for id_ in EVIDENCE.statements[o.statement].outcome_of}
    assert told == with_figures.intersection(found.candidates)
    without = [id_ for id_ in found.candidates if id_ not in told]
    assert not without or f"No figures: {'; '.join(map(named, without))}." in lines
    assert order == sorted(order, key=found.candidates.index)


def named(headline: str) -> str:
    """The name of a headline that a figure can belong to."""
    return LABELS(f"{'headline' if headline == 'systemic-chemotherapy' else 'short'}.{headline}")


def test_numbers_name_the_answer_that_a_figure_depends_on() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.III", "all.symptoms.no", "go.numbers")
    text = unfolded(talk.text)

    by_g1_or_g2, by_g3 = text.index("\nIf G1 or G2: "), text.index("\nIf G3: ")
    assert by_g1_or_g2 < text.index("response 20–80 %") < by_g3 < text.index("6–18 months")


def test_numbers_begin_with_the_first_of_them_and_give_each_figure_a_line_with_whose_it_is_and_its_source() -> None:
    for text, found in rooms("numbers"):
        lines = number_lines(text)
        several = found.headline == UNDETERMINED
        compared = COMPARED if len(found.candidates) < MANY else COMPARED[:2]
        shown = [outcome for outcome in found.reported if not several or outcome.measure in compared]
        assert several or LABELS.timed(shown[0]) in lines[0]
        for outcome in shown:
            statement = EVIDENCE.statements[outcome.statement]
            figure = LABELS.timed(outcome)
            (line,) = [line for line in lines if figure in line and f": {statement.whose} [" in line]
            cited = line.rpartition(" [")[2]
            assert all(re.search(rf"\b{number}\b", cited) for number in statement.refs), line
            assert all(f"caution {flaw}" in cited for flaw in statement.inconsistencies), line
            for number in statement.refs:
                known = EVIDENCE.reference(number, statement.id)
                assert (f"ref. {number} {known.level}" in cited) if known else (f"ref. {number}" not in cited), line


_TIME = re.compile(r"at \d+ years|, time not said|, for (?:a median of )?\d+.* months|\d months")


def test_each_line_of_numbers_names_the_outcome_and_the_time_of_each_figure_before_whose_it_is() -> None:
    for text, _ in rooms("numbers"):
        for line in number_lines(text):
            for measure, figures in measured(line):
                assert measure in MEASURES, line
                assert all(_TIME.search(f" {figure}") for figure in re.split(r", (?=\d)", figures)), line


MEASURES = {LABELS(f"picture.measure.{outcome.measure}").lower() for outcome in guideline().reported}


def measured(line: str) -> list[tuple[str, str]]:
    """The outcomes that a line names, each with its figures."""
    said = [re.fullmatch(r"(.*?) ((?:up to |under |about )?\d.*)", one) for one in line.split(": ")[0].split("; ")]
    assert all(said), line
    return [(one[1].lower(), one[2]) for one in said if one]


def test_the_numbers_of_what_is_suggested_stand_before_those_of_what_comes_with_it_and_of_a_transplant() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "t.s-refractory", "all.symptoms.no")

    lines = unfolded(talk.taps("go.numbers").text).splitlines()
    assert lines[0].startswith("Symptoms relieved or improved 55–100 %, time not said; objective response 20–80 %")
    headings = ["Debulking of 90 % or more to be considered, in selected patients"]
    headings.append("Possible at most, with caution: transplant, some criteria not known yet")
    debulking, transplant = (lines.index(heading) for heading in headings)
    assert debulking < transplant
    assert all("embolisation" in line for line in lines[1:debulking] if line.startswith("· "))
    assert "deaths 9 %, time not said: debulking, " in "\n".join(lines[debulking:transplant])
    assert all("ransplant" in line for line in lines[transplant + 1 :] if line.startswith("· "))
    free = "free of recurrence after transplantation"
    assert f"; {free} 77 % at 5 years: Mazzaferro et al., transplanted by their criteria [" in "\n".join(lines)


READ_IN_THE_SOURCE = {
    # §5.1.1
    "survival 46–86 % at 5 years, 35–79 % at 10 years": "liver resection",
    "complications about 30 %, time not said": "liver resection",
    "deaths 0–5 %, time not said": "liver resection",
    "symptoms relieved or improved up to 95 %, time not said": "liver resection; 170 patients",
    "free of disease in the long term up to 20 %, time not said": "complete resection",
    # §5.1.2
    "local recurrence up to 97 % at 5 years": "R0 or complete resection",
    "recurrence 84 % at 5 years, 94 % at 10 years": "surgical; 170 patients; all of them",
    "recurrence 76 % at 5 years": "surgical; 170 patients; with complete resection",
    "recurrence 91 % at 5 years": "surgical; 170 patients; without complete resection",
    "recurrence 10 % at 5 years": "Gomez; 18 resected patients; clear resection margins",
    "recurrence 75 % at 5 years": "Gomez; 18 resected patients; involved resection margins",
    # §5.1.3
    "complications under 30 %, time not said": "one-step resection; metachronous unilobar",
    # §5.1.4
    "complications 33 %, time not said": "debulking; Søreide",
    "deaths 9 %, time not said": "debulking; Søreide",
    "relief lasts, in most cases 6–24 months": "debulking; Søreide",
    # §5.2
    "symptoms relieved or improved 94 %, for a median of 11 ± 2.3 months": "RFA; Mazzaglia; 36 patients with symptoms",
    "complications 5 %, time not said": "RFA; Mazzaglia; of which of the two is not said",
    "survival 77 % at 2 years": "RFA; Mazzaglia; from the first session",
    "symptoms relieved or improved 80 %, for 10 months on average": "one further study of RFA",
    "no evidence of progression 41 %, time not said": "one further study of RFA",
    "progression in the liver 80 %, time not said": "RFA; under the number of the Mazzaglia series",
    # §5.3
    "survival 61 % at 5 years, 40 % at 10 years": "40 patients; resection with cryoablation",
    "survival 84 % at 3 years": "Elias; one-step hepatectomy with RFA",
    "symptoms relieved or improved 55–100 %, time not said": "embolisation with or without chemotherapy",
    "objective response 20–80 %, time not said": "embolisation with or without chemotherapy",
    "response lasts, mean 6–42 months": "embolisation with or without chemotherapy",
    # §5.4
    "survival after transplantation (limited liver disease, primary not in duodenum or pancreas) 68 % at 5 years": "",
    "survival after transplantation (hepatomegaly, primary in duodenum or pancreas) 12 % at 5 years": "",
    "survival after transplantation 36–57 %, time not said": "cited series",
    "free of recurrence after transplantation 24–45 % at 5 years": "cited series",
    "survival after transplantation 90 % at 5 years": "Mazzaferro",
    "free of recurrence after transplantation 77 % at 5 years": "Mazzaferro",
    # §2
    "expected survival 6–18 months": "poorly differentiated G3 carcinoma; not a result of chemotherapy",
}
"""Each outcome with its figures, and words of whose they are, taken from the review's text by hand."""


def test_every_line_of_numbers_says_what_was_read_in_the_source() -> None:
    met = set()
    diffuse = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.numbers")
    for text in (unfolded(diffuse.text), *(text for text, _ in rooms("numbers"))):
        for line in number_lines(text):
            for measure, figures in measured(line):
                said = f"{measure} {figures}"
                assert all(words in line for words in READ_IN_THE_SOURCE[said].split("; ")), line
                met.add(said)
    assert met == READ_IN_THE_SOURCE.keys()


def test_a_line_of_numbers_has_no_number_but_those_of_its_own_statements() -> None:
    for text, found in rooms("numbers"):
        for line in number_lines(text):
            told = [
                EVIDENCE.statements[o.statement]
                for o in found.reported
                if f": {EVIDENCE.statements[o.statement].whose} [" in line and LABELS.timed(o) in line
            ]
            words, _, cited = line.rpartition(" [")
            assert numbers(words) <= numbers(" ".join(f"{statement.text} {statement.whose}" for statement in told))
            (places,) = {(s.section, *s.inconsistencies, *map(str, s.refs)) for s in told}
            assert numbers(cited) <= numbers(" ".join(places)), line


def number_lines(text: str) -> list[str]:
    """The lines with figures: the first of the page, and the others without their bullets."""
    first, *others = text.splitlines()
    for caveat in ("net-g3-not-covered", "differentiation-unknown"):
        first = first.removeprefix(LABELS(f"picture.only.{caveat}") + " ")
    figures = [] if first.startswith("Cannot say yet: ") else [first]
    return figures + [line[2:] for line in others if line.startswith("· ")]


def test_a_caution_is_told_once_with_the_statements_and_no_page_tells_one_twice() -> None:
    for talk, found in cases():
        if "go.numbers" not in talk.actions:
            continue
        told = Talk(talk.conversation, talk.session).forges("go.reports")
        pages = [parse_html(told.text)[0]]
        while further := [action for action in told.actions if action == f"go.reports.{len(pages)}"]:
            pages.append(parse_html(told.forges(further[0]).text)[0])
        flaws = {flaw for id_ in found.outcomes for flaw in EVIDENCE.statements[id_].inconsistencies}
        for flaw in flaws:
            error = f"{flaw}, an error found in the review"
            assert any(error in page for page in pages)
            for page in pages:  # the same error may be told in other words for another statement
                told_here = [line for line in page.splitlines() if line.startswith(error)]
                assert len(told_here) == len(set(told_here)), page
