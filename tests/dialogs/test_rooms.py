"""What lies one tap behind a result: read on a ward round, so short, the answer first, each figure with its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from dialogs.actions import Room
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.render import utf16
from dialogs.rooms import COMPARED, MANY, behind
from dialogs.session import Session
from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, STANDINGS, session_of, telling
from tests.support import every_result
from tests.support.walk import Talk, begun
from tests.support.ways import ALL, OPEN_CASES

EVIDENCE = guideline().evidence
LABELS = Labels()

_WORDS = 350
_FOLDED = 24
"""Words of a folded quotation that Telegram shows: its first three lines, of eight words on a phone."""


def unfolded(text: str) -> str:
    """What is read of a message before a quotation is opened."""
    plain, entities = parse_html(text)
    kept = plain.encode("utf-16-le")
    folded = [e for e in entities if e["type"] == "expandable_blockquote"]
    for entity in sorted(folded, key=lambda entity: -entity["offset"]):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        beginning = " ".join(kept[start:end].decode("utf-16-le").split()[:_FOLDED])
        kept = kept[:start] + beginning.encode("utf-16-le") + kept[end:]
    return kept.decode("utf-16-le").replace("\u00a0", " ")


@cache
def _cases() -> tuple[tuple[Talk, Assessment], ...]:
    conversation = Conversation()
    return tuple(
        (Talk(conversation, session_of(answers)), found)
        for headline in HEADLINES
        for answers, found in telling(headline, 8)
    )


def _has(talk: Talk, name: str) -> bool:
    more = Talk(talk.conversation, talk.session).forges("go.more").actions
    return f"go.{name}" in (*talk.actions, *more)


def rooms(name: str) -> Iterator[tuple[str, Assessment]]:
    """What a room says, unfolded, of each case that has it."""
    for talk, found in _cases():
        if _has(talk, name):
            yield unfolded(Talk(talk.conversation, talk.session).forges(f"go.{name}").text), found


def test_of_all_that_is_possible_no_more_numbers_are_listed_than_are_read() -> None:
    """With nothing known every headline is possible, and of fewer there are fewer lines."""
    conversation = Conversation()
    view = behind(Room("numbers"), EVIDENCE, assess(Case.of({})), ())
    assert view
    text = unfolded(conversation.steps.renderer.screen(view).text)
    assert len(text.split()) <= _WORDS
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
    assert not without or f"No figures: {', '.join(map(named, without))}." in lines
    assert order == sorted(order, key=found.candidates.index)


def named(headline: str) -> str:
    """The name of a headline that a figure can belong to."""
    return LABELS(f"{'headline' if headline == 'systemic-chemotherapy' else 'short'}.{headline}")


def test_numbers_name_the_answer_that_a_figure_depends_on() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.III", "all.symptoms.no", "go.numbers")
    text = unfolded(talk.text)

    by_g1_or_g2, by_g3 = text.index("\nIf G1 or G2: "), text.index("\nIf G3: ")
    assert by_g1_or_g2 < text.index("response 20–80 %") < by_g3 < text.index("6–18 months")


@pytest.mark.parametrize("name", ["why", "numbers", "alternatives", "transplant"])
def test_a_room_is_one_page(name: str) -> None:
    for talk, _ in _cases():
        if _has(talk, name):
            turning = [
                a for a in Talk(talk.conversation, talk.session).forges(f"go.{name}").actions if f"go.{name}" in a
            ]
            assert not turning


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
    "recurrence 10 % at 5 years": "Gomez; clear resection margins",
    "recurrence 75 % at 5 years": "Gomez; involved resection margins",
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
            assert _numbers(words) <= _numbers(" ".join(f"{statement.text} {statement.whose}" for statement in told))
            (places,) = {(s.section, *s.inconsistencies, *map(str, s.refs)) for s in told}
            assert _numbers(cited) <= _numbers(" ".join(places)), line


def number_lines(text: str) -> list[str]:
    """The lines with figures: the first of the page, and the others without their bullets."""
    first, *others = text.splitlines()
    for caveat in ("net-g3-not-covered", "differentiation-unknown"):
        first = first.removeprefix(LABELS(f"picture.only.{caveat}") + " ")
    figures = [] if first.startswith("Cannot say yet: ") else [first]
    return figures + [line[2:] for line in others if line.startswith("· ")]


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)*", text))


def test_a_caution_is_told_once_with_the_statements_and_no_page_tells_one_twice() -> None:
    for talk, found in _cases():
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


@pytest.mark.parametrize(
    ("taps", "first"),
    [
        (
            ("G2", "II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"),
            "G3, another type, a missing prerequisite, or clearance in one operation would change this. "
            "Now: two-step liver resection",
        ),
        (
            ("G2", "III", "all.symptoms.no"),
            "G3 or another type would change this. Now: multimodal non-surgical treatment",
        ),
        (
            ("G3", "well"),
            "G1 or G2 would change this. Now: no route for well-differentiated G3 "
            "(for G3 carcinoma: systemic chemotherapy)",
        ),
        (
            ("G2", "I", "t.p-fit", "t.p-fit", "all.prerequisites.shown", "all.symptoms.no"),
            "G3, Type III, or fitness for surgery would change this. Now: ablation or embolisation (TACE)",
        ),
        (("unknown", "III", "all.symptoms.no"), "Cannot say yet: decided by grade:"),
    ],
)
def test_what_changes_it_begins_with_what_would(taps: tuple[str, ...], first: str) -> None:
    grade, second, *further = taps
    about = "differentiation" if grade == "G3" else "pattern"
    talk = begun(Conversation()).taps(f"a.grade.{grade}", f"a.{about}.{second}", *further, "go.changes")
    assert unfolded(talk.text).startswith(first)


def test_what_changes_it_names_every_fact_that_would_in_its_first_line() -> None:
    for text, found in rooms("changes"):
        first = text.splitlines()[0]
        if found.headline == UNDETERMINED:
            continue
        for change in found.changes:
            said = [LABELS.turning(change.fact, (change.to,)), LABELS.either(change.fact, (change.to,))]
            said += [LABELS("turning.prerequisite"), LABELS("turning.pattern")]
            every = tuple(other.to for other in found.changes if other.fact == change.fact)
            said.append(LABELS.turning(change.fact, every))
            assert any(words.lower() in first.lower() for words in said), first
        assert " would change this. Now: " in first
        assert "True" not in first


@pytest.mark.parametrize(
    ("syndrome", "first"),
    [(None, "PRRT now has randomised data"), (True, "Whether somatostatin analogues prevent crisis is disputed")],
)
def test_the_dispute_on_crisis_is_not_called_most_decisive_where_the_syndrome_was_not_answered(
    syndrome: bool | None, first: str
) -> None:
    case = {"grade": "G2", "pattern": "I", "fit_for_surgery": False, "refractory_symptoms": True}
    assert room_of("newer", {**case, "carcinoid_syndrome": syndrome}).startswith(first)


def room_of(name: str, case: Mapping[str, object], *, folded: bool = False) -> str:
    """What the room behind the result of a case says before a quotation is opened. folded: with what is in them."""
    view = behind(Room(name), EVIDENCE, assess(Case.of(case)), ())
    assert view
    text = wordy().steps.renderer.screen(view).text
    return parse_html(text)[0] if folded else unfolded(text)


@cache
def wordy() -> Conversation:
    """One for all pages that are only read."""
    return Conversation()


def test_why_begins_with_the_answer_that_decides_and_tells_the_way_a_line_a_turn_with_its_place() -> None:
    for text, found in rooms("why"):
        first = text.splitlines()[0]
        if found.headline == UNDETERMINED:
            assert all(LABELS(f"fact.{fact}") in first for fact in found.needed[:3])
        else:
            last = [step for step in found.way if step.edge][-1]
            assert last.edge
            assert LABELS.clause(last.node.fact, found.known.get(last.node.fact, last.edge.values)) in first
        several = found.headline == UNDETERMINED
        lines = [line for line in text.splitlines() if line.startswith("· ")]
        assert len(lines) == len(found.way)
        for step, line in zip(found.way, lines, strict=True):
            if step.edge:
                clause = LABELS.clause(step.node.fact, found.known.get(step.node.fact, step.edge.values))
                goes_on = f"{clause}; asked next: " if step is not found.way[-1] or several else f"{clause} → "
                assert line[2:].lower().startswith(goes_on.lower())
                assert "[" in line


@pytest.mark.parametrize(
    ("taps", "led", "open_", "left"),
    [
        (
            ("a.grade.unknown", "a.pattern.I", "t.p-fit", "all.prerequisites.met", "all.symptoms.no"),
            "Answered already, for when that is known: Type I · ",
            "The way begins with this: grade, not known.",
            "That leaves: liver resection · systemic chemotherapy, if poorly differentiated. What is ruled out: Alt",
        ),
        (
            ("a.grade.G1", "a.pattern.unknown", "t.p-r0", "t.p-r0", "all.prerequisites.met", "all.symptoms.no"),
            "· G1; asked next: liver pattern, not known [",
            "Answered already, for when that is known: R0 not feasible · ",
            "That leaves: ablation/TACE · multimodal, not surgical. ",
        ),
        (
            ("a.grade.count", "a.ki67.3-20", "a.mitoses.unknown", "a.pattern.III", "all.symptoms.no"),
            "Answered already, for when that is known: at least G2 · Ki-67 3–20 % · Type III",
            "The way begins with this: mitotic count, not known.",
            "That leaves: multimodal, not surgical · systemic chemotherapy, if poorly differentiated. ",
        ),
        (
            ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.unknown"),
            "· Carcinoid heart disease absent or optimised; asked next: one operation or two, not known [",
            "Cannot say yet: one operation or two not known",
            "That leaves: one-step resection · two-step resection. ",
        ),
    ],
)
def test_why_it_cannot_be_said_yet_tells_which_answers_led_there_what_is_open_and_what_is_left(
    taps: tuple[str, ...], led: str, open_: str, left: str
) -> None:
    talk = begun(Conversation()).taps(*taps)
    assert talk.headline == UNDETERMINED
    text = unfolded(talk.taps("go.why").text)

    assert led in text
    assert open_ in text
    assert left in text
    assert "That leaves" not in unfolded(
        begun(Conversation()).taps("a.grade.G3", "a.differentiation.poor", "go.why").text
    )


def test_why_is_read_with_its_folded_part_and_no_arrow_leads_to_a_question() -> None:
    found = [STANDINGS.of(answers).found for way in every_result.all_ways() for answers in every_result.results(way)]
    whole = [room_of("why", one.case.known, folded=True) for one in (*found, *ALL)]
    for text in whole:
        assert len(text.split()) <= _WORDS, text
        assert text.count(" → ") <= 1


def test_every_statement_behind_a_result_is_a_tap_from_why() -> None:
    for talk, found in _cases():
        told = Talk(talk.conversation, talk.session).forges("go.why").taps("go.because")
        pages = [parse_html(told.text)[0]]
        while further := [action for action in told.actions if action == f"go.because.{len(pages)}"]:
            pages.append(parse_html(told.forges(further[0]).text)[0])
        text = "\n".join(pages).replace("\u00a0", " ")
        carried = {*found.because, *found.limits, *(id_ for item in found.workup for id_ in item.get)}
        carried |= {id_ for caveat in found.caveats for id_ in found.caveat_because(caveat)}
        assert all(EVIDENCE.statements[id_].text in text for id_ in carried)


def test_newer_has_a_line_for_each_source_that_touches_the_case_the_most_decisive_first_and_a_tap_to_its_note() -> None:
    for talk, found in _cases():
        if "go.newer" not in talk.actions:
            continue
        notes = [EVIDENCE.notes[id_] for id_ in found.updates if not EVIDENCE.notes[id_].reading]
        index = Talk(talk.conversation, talk.session).forges("go.newer")
        text = unfolded(index.text)
        first = text.splitlines()[0]
        lines = [first, *(line[2:] for line in text.splitlines() if line.startswith("· "))]
        assert len(lines) == len(notes)
        for place, (line, note) in enumerate(zip(lines, notes, strict=True), 1):
            name = note.sources[0].name.partition(" (")[0]
            differs = note.differs or note.title
            if note.id == "type-naming" and found.known["pattern"] != frozenset({"III"}):
                differs = LABELS("elsewhere.types", "2023")
            assert line.startswith(f"{differs} [{name}"), line
            opened = Talk(talk.conversation, index.session).forges(f"go.newer.{place}")
            assert f"go.newer.{place}" in index.actions
            assert note.now in parse_html(opened.text)[0].replace("\u00a0", " ")
            assert unfolded(opened.text).startswith(differs if note.differs else note.title)
            assert "go.newer" in opened.actions
            assert len(unfolded(opened.text).split()) <= _WORDS
            assert (f"go.newer.{place + 1}" in opened.actions) == (place < len(notes))


@pytest.mark.parametrize("id_", [note.id for note in EVIDENCE.notes.values() if note.differs])
def test_a_number_in_the_line_of_a_note_was_seen_in_the_source_that_the_line_names(id_: str) -> None:
    note = EVIDENCE.notes[id_]
    seen = _numbers(" ".join(note.sources[0].seen)) | {"3"}  # of G3; “Type III here” and so on have none
    assert _numbers(note.differs) - {"2022"} <= seen | _numbers(note.review)


def test_alternatives_say_the_nearest_first_and_why_not_in_a_clause() -> None:
    talk = begun(Conversation()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.more"
    )
    text = unfolded(talk.taps("go.alternatives").text)
    assert text.startswith(
        "Nearest: one-step liver resection, for when clearable in one operation; "
        "you said not clearable in one operation [§5.1.3, §6]"
    )
    assert "Ablation or embolisation (TACE): for when not fit for surgery; you said fit for surgery [" in text
    assert text.index("Ablation or") < text.index("Liver resection, minor") < text.index("Systemic chemotherapy")


TWO_STEPS = {
    "grade": "G2", "pattern": "II", "primary": "resected", "r0_feasible": True, "extrahepatic": "none",
    "fit_for_surgery": True, "carcinoid_heart_disease": "none", "one_stage_clearance": False,
}  # fmt: skip
NO_SYMPTOMS = {"refractory_symptoms": False, "local_effects": False}


@pytest.mark.parametrize(
    ("case", "nearest", "before"),
    [
        (TWO_STEPS, "one-step liver resection", "Heart disease optimised"),
        ({**TWO_STEPS, "pattern": "I"}, "heart disease optimised before surgery", "Ablation or embolisation"),
        ({**TWO_STEPS, "fit_for_surgery": False}, "two-step liver resection", "Multimodal"),
    ],
)
def test_what_takes_several_other_answers_is_not_the_nearest(
    case: dict[str, object], nearest: str, before: str
) -> None:
    """Debulking without symptoms: cure would have to be excluded as well, whether or not they were asked."""
    for further in ({}, NO_SYMPTOMS):
        text = room_of("alternatives", {**case, **further})
        assert text.startswith(f"Nearest: {nearest}"), text
    assert "Debulking" not in text or text.index(before) < text.index("Debulking")


def test_while_it_cannot_be_said_no_alternative_is_the_nearest_and_what_is_open_is_told_first() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("a.steps.no", "go.more", "go.alternatives")
    first, possible, ruled_out = unfolded(talk.text).splitlines()[:3]

    assert first == "Cannot say yet: grade not known"
    assert possible.startswith("Still possible, by the open answers: two-step liver resection · systemic chemotherapy")
    assert ruled_out.startswith("Ruled out so far, whatever the open answers are.")
    assert "Nearest" not in talk.text
    assert "· Liver resection, minor or anatomical: only when Type I; you said Type II [" in unfolded(talk.text)


def test_what_is_a_part_of_what_is_still_possible_is_not_ruled_out() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.III", "all.symptoms.shown", "go.more")
    text = unfolded(talk.taps("go.alternatives").text)

    assert "Still possible, by the open answers: multimodal non-surgical treatment" in text
    assert "TACE" not in text.partition("Ruled out")[2]


def test_a_transplant_beside_what_is_still_possible_is_not_listed_as_ruled_out() -> None:
    no_cure = ("a.grade.G1", "a.pattern.II", *["t.p-primary"] * 4, "all.prerequisites.met", "t.s-refractory")
    talk = begun(Conversation()).taps(*no_cure, "all.symptoms.no", "a.volume.unknown")
    assert talk.headline == UNDETERMINED
    possible, _, ruled_out = unfolded(talk.forges("go.alternatives").text).partition("Ruled out so far")

    assert "Transplantation, beside these, not in their place. Transplant: an option" in possible
    assert "not all criteria met: primary unresectable [" in possible
    assert "ransplant" not in ruled_out


def test_every_alternative_has_the_answers_that_exclude_it_beside_what_it_is_for() -> None:
    for text, found in rooms("alternatives"):
        for other in found.alternatives:
            if other.headline in found.contained:
                assert f"· {LABELS(f'headline.{other.headline}')}".lower() not in text.lower()
                continue
            if other.headline == "debulking" and (found.transplant or "consider-debulking" in found.adjuncts):
                assert "debulking surgery: only when" not in text.lower()
                assert "Surgery is not regarded as a good option in Type III" in text or not found.transplant
                continue
            named = LABELS(f"headline.{other.headline}").lower()
            line = next(line for line in text.splitlines() if named in line.lower())
            why = line if "when " in line else text.splitlines()[0]
            turning = {change.fact for change in found.changes if change.headline == other.headline}
            said = why.split("you said ")[1]
            for fact in turning or other.because_not:
                assert LABELS.clause(fact, found.case.known[fact]) in said, line
            assert ("for when" in why) == bool(turning), line
            opening = found.opening(other.headline, turning or other.because_not)
            assert opening
            assert all(LABELS.clause(fact, edge.values) in why for fact, edge in opening), line


def test_a_transplant_that_is_weighed_stands_first_among_the_alternatives() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.more", "go.alternatives")
    assert unfolded(talk.text).startswith(
        "Nearest: transplantation, weighed beside this one: some criteria not known yet [§5.4, §6]"
    )
    assert "go.transplant" in talk.actions


def test_the_transplant_criteria_are_a_list_each_with_its_state_the_answer_and_other_lists() -> None:
    states = set()
    for talk, found in _cases():
        if not found.transplant:
            continue
        text = unfolded(Talk(talk.conversation, talk.session).forges("go.transplant").text)
        lines = [line for line in text.splitlines() if line.startswith("· ")]
        assert len(lines) == len(found.transplant.criteria) == len(guideline().rules.criteria)
        counts = Counter(found.transplant.criteria.values())
        for state, number in counts.items():
            assert f"{number} {LABELS(f'criterion-state.{state}').lower()}" in text.splitlines()[0]
        order = ("not met", "unknown", "met")
        listed = sorted(found.transplant.criteria.items(), key=lambda one: order.index(one[1]))
        for line, (id_, state) in zip(lines, listed, strict=True):
            states.add((id_, state))
            assert line.startswith(f"· {LABELS(f'criterion-state.{state}')}: {LABELS(f'criterion.{id_}')} [§")
            said = line.partition(" Yours: ")[2]
            known = [fact for fact in found.criterion_facts(id_) if fact in found.known]
            assert all(LABELS.clause(fact, found.known[fact]) in said for fact in known)
            assert bool(known) == bool(said)
        assert "Elsewhere: 55 or under [Mazzaferro criteria of 2007, read second-hand]" in text
        assert text.count("Elsewhere: ") == 3
        assert len(text.split()) <= _WORDS
        for fact in found.transplant.against:
            assert LABELS.clause(fact, found.known[fact]) in text.split("No criteria, but they count: ")[1]
    assert len(states) > 10


def test_fill_in_walks_what_is_open_and_ends_at_the_list() -> None:
    conversation = Conversation()
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.transplant", "fill")
    taken = [
        "a.primary.resected",
        "a.extrahepatic.none",
        "a.portal_drainage.unknown",
        "a.liver_involvement_percent.<=50",
    ]
    talk.taps(*taken)
    talk.types("8")  # months
    talk.types("52")
    assert unfolded(talk.text).startswith(
        "1 not met: age up to 50 (yours: age 52; elsewhere 55 or under). 1 not known, 4 met"
    )
    assert "Not met: age up to 50 [§5.4]. Yours: age 52. Elsewhere: 55 or under [" in unfolded(talk.text)
    assert "Fill in: 1 question" in [button.caption for button in talk.buttons]
    talk.taps("fill")
    assert "a.portal_drainage.yes" in talk.actions
    talk.taps("a.portal_drainage.yes")
    assert unfolded(talk.text).startswith("1 not met: age up to 50 (yours: age 52; elsewhere 55 or under). 5 met")
    assert "fill" not in talk.actions


DIFFUSE = ("a.grade.G1", "a.pattern.III", "all.symptoms.no", "go.transplant")


def counted(talk: Talk) -> str:
    """What stands above the question of a criterion: which of how many."""
    first = unfolded(talk.text).splitlines()[0]
    assert first.startswith("Transplant criteria, "), first
    return first.removeprefix("Transplant criteria, ").partition(" · ")[0]


def test_each_question_of_the_criteria_says_which_of_how_many_it_is() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE)
    (fill,) = [button.caption for button in talk.buttons if button.action == "fill"]
    seen = []
    talk.taps("fill")
    for number in range(6):
        seen.append(counted(talk))
        talk.taps(next(a for a in talk.actions if a.endswith(".unknown")) if number % 2 else talk.actions[0])
    assert seen == [f"{number} of 6" for number in range(1, 7)]
    assert fill == "Fill in: 6 questions"
    assert "fill" in talk.actions, "at the end the list is there again"
    assert "Fill in: 3 questions" in [button.caption for button in talk.buttons]
    assert counted(talk.taps("fill")) == "1 of 3"


def test_a_criterion_that_an_answer_settles_is_not_counted_any_more() -> None:
    """With the primary in place its criterion is not met, whatever it drains into."""
    talk = begun(Conversation()).taps(*DIFFUSE, "fill")
    assert counted(talk) == "1 of 6"
    talk.taps("a.primary.resectable")
    assert counted(talk) == "2 of 5"


def test_another_answer_opened_from_the_result_is_not_counted_among_the_criteria() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE, "fill", "leave", "go.change", "e.grade")
    assert talk.text.startswith("One answer")
    talk.taps("leave", "go.change", "e.symptoms")
    assert talk.text.startswith("Several answers")


@pytest.mark.parametrize(("stored", "number"), [("+age", 1), ("+1age", 1), ("+6age", 6), ("age", 0)])
def test_how_far_the_criteria_are_filled_in_is_stored(stored: str, number: int) -> None:
    session = Session.from_json(f'[5,"2012.1",true,[["grade","G2"]],"{stored}"]')
    assert (session.open, session.filling) == ("age", number)
    assert Session.from_json(session.to_json()) == session


def test_a_question_of_the_list_that_is_left_ends_the_walk() -> None:
    talk = begun(Conversation()).taps(
        "a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.transplant", "fill", "leave"
    )
    assert not talk.session.filling
    talk.forges("e.age").types("44")
    assert not unfolded(talk.text).startswith("Transplant, six")


def test_the_longest_why_is_one_message() -> None:
    longest = {
        "grade": "G2", "graded_tissue": "primary", "pattern": "II", "pattern_fit": "nearest", "fit_for_surgery": True,
        "primary": "not_found", "r0_feasible": True, "extrahepatic": "unresectable", "refractory_symptoms": False,
        "local_effects": True, "debulkable_percent": 95, "carcinoid_heart_disease": "uncontrolled",
    }  # fmt: skip
    found = assess(Case.of(longest))
    assert (found.headline, len(found.way), len(found.caveats)) == ("optimise-heart-first", 10, 3)
    view = behind(Room("why"), EVIDENCE, found, ())
    assert view
    text = Conversation().steps.renderer.screen(view).text
    assert utf16(text) <= 4096 - 200  # with the notice of an answer before it
    assert "What the review says there (the last turns)" in text


@pytest.mark.parametrize(
    ("further", "shown"),
    [("", "Symptoms: no carcinoid, 2 open"), ("no hormonal symptoms, no obstruction", "Symptoms: none")],
)
def test_a_list_is_said_to_be_all_answered_only_where_it_is(further: str, shown: str) -> None:
    talk = begun(Conversation()).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    if further:
        talk.types(further)
        talk.taps(next(action for action in talk.actions if action.startswith("use.")))

    assert shown in [button.caption for button in talk.taps("go.change").buttons]


def test_prerequisites_are_not_said_to_be_met_beside_one_that_was_typed_and_is_not() -> None:
    talk = begun(Conversation()).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    talk.types("R0 not feasible, no obstruction, no hormonal symptoms")
    talk.taps(next(action for action in talk.actions if action.startswith("use.")))

    assert talk.notice.startswith("Replaced: R0 feasible.")
    assert "No longer used" not in talk.notice
    assert "Prerequisites: 1 not met, 4 met" in [button.caption for button in talk.taps("go.change").buttons]


@pytest.mark.parametrize(
    ("taps", "button", "text"),
    [
        (
            ("a.pattern.II", "t.p-fit", "t.p-fit", "all.prerequisites.shown", "all.symptoms.no"),
            "Prerequisites: 1 not met, 4 open",
            "Prerequisites: not fit for surgery. Open: Primary, R0 resection, Outside liver, Carcinoid heart.",
        ),
        (
            ("a.pattern.II", "t.p-fit", "t.p-r0", "all.prerequisites.shown", "all.symptoms.shown"),
            "Prerequisites: 2 met, 3 open",
            "Prerequisites: R0 feasible · fit for surgery. Open: Primary, Outside liver, Carcinoid heart.",
        ),
        (
            ("a.pattern.II", "t.p-heart", "t.p-r0", "t.p-r0", "all.prerequisites.shown", "all.symptoms.shown"),
            "Prerequisites: 1 not met, 3 open",
            "Prerequisites: R0 not feasible · carcinoid heart disease absent or optimised. "
            "Open: Primary, Outside liver, Fit for surgery.",
        ),
        (("a.pattern.II", "all.prerequisites.shown", "all.symptoms.shown"), "Prerequisites: not known", ""),
        (("a.pattern.III", "all.symptoms.shown"), "Symptoms: not known", ""),
        (("a.pattern.III", "t.s-local", "all.symptoms.no"), "Symptoms: obstruction, 2 absent", ""),
        (("a.pattern.III", "t.s-local", "t.s-refractory", "all.symptoms.no"), "Symptoms: 2 present, 1 absent", ""),
        (
            ("a.pattern.III", "t.s-local", "t.s-local", "all.symptoms.shown"),
            "Symptoms: no obstruction, 2 open",
            "Symptoms: no pressure or obstruction. Open: Carcinoid syndrome, Uncontrolled hormones.",
        ),
        (
            ("a.pattern.III", "t.s-local", "t.s-carcinoid", "all.symptoms.shown"),
            "Symptoms: 2 present, 1 open",
            "Symptoms: carcinoid syndrome · pressure or obstruction. Open: Uncontrolled hormones.",
        ),
    ],
)
def test_of_a_list_what_was_said_is_shown_and_what_is_open(taps: tuple[str, ...], button: str, text: str) -> None:
    talk = begun(Conversation()).taps("a.grade.G1", *taps)
    while "go.change" not in talk.actions:
        talk.taps(next(action for action in talk.actions if action.endswith(".unknown")))
    talk.taps("go.change")
    assert button in [one.caption for one in talk.buttons]
    lines = unfolded(talk.text).splitlines()
    assert text in lines if text else not any(line.startswith(button.partition(":")[0]) for line in lines)


def test_where_nothing_is_known_the_page_of_the_answers_says_so() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.unknown", "all.prerequisites.shown")
    talk.taps("all.symptoms.shown", "go.change")
    assert talk.text.splitlines()[0] == "<b>Change an answer</b>: nothing known yet"


def test_an_answer_that_makes_no_difference_now_is_marked_where_answers_are_changed() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("a.steps.no", "go.change")
    assert "One/two steps: two" in [button.caption for button in talk.buttons]
    talk.taps("e.pattern", "a.pattern.III", "all.symptoms.no", "go.change")
    assert "(One/two steps: two)" in [button.caption for button in talk.buttons]
    assert "In brackets: makes no difference now." in talk.text
