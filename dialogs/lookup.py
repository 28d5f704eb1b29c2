"""Looking something up outside a case: the topics, a topic's card, single notes, and the answers to a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, takewhile
from typing import TYPE_CHECKING, NamedTuple

from dialogs import actions, report
from dialogs.actions import Do, Found, Picture, Topic
from dialogs.cards import in_rows
from dialogs.codes import Codebook, codes_of
from dialogs.figures import figures_of
from dialogs.papers import to_paper
from dialogs.reported import by_measure
from dialogs.view import Choice, View
from dialogs.words import place
from guideline import Guideline, asks, comparisons, limits, lists, topics
from guideline.asks import Answer, Asked
from guideline.comparisons import Comparisons, Side
from guideline.evidence import TOPICS, Note
from guideline.glossary import glossary
from guideline.limits import Band, Limit
from guideline.lists import List
from guideline.outcomes import GROUPS, Outcome
from guideline.plain import split
from guideline.topics import Opening, advises

if TYPE_CHECKING:
    from guideline.search import Search

CHANGED = "changed"
"""The topic of everything that newer sources say."""

_MOST = 3
"""Answers to a question at most."""

_SHOWN = 2
"""Answers on the first screen; the others are a tap away."""

_DOSE = re.compile(r"\d\s?(?:mg|GBq)\b")
"""A dose in the text of a note."""

_PARTS_OF_A_TEXT = re.compile(r"[.,;:]\s+")

_FIRST = (
    Answer("type-i"),
    Answer("rfa-over-5cm"),
    Answer("debulking-90"),
    Answer("g3-net", note=True),
    Answer("transplant-milan", note=True),
)
"""The cards that inline mode offers before anything is typed."""

FIRST = "first"
"""The part that a topic opens with: definitions, limits and figures, the advice, and the newer sources, each in a line.
"""

_PARTS = ("advice", "reports")
"""What the review advises; what else it states, or reports of others."""


class Said(NamedTuple):
    """The result of a look-up: answers or, where there are none, what is nearest to the question.

    gap: the line that says what the question asks for and the content does not have; may be empty. line: shown first,
    in place of the first answer's own line, with the section where the review says it; empty: the answer's own line.
    listed: statements that are shown under it, each in a line. sides: two treatments that the question compares and
    nothing else does; what is said of each is shown in a line.
    """

    answers: tuple[Answer, ...]
    nearest: tuple[Answer, ...]
    gap: str
    line: str = ""
    section: str = ""
    listed: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()


class Line(NamedTuple):
    """An answer in a line, and where the review says it; empty for a note. term: the name of the term that it
    defines."""

    text: str
    section: str = ""
    term: str = ""


class Besides(NamedTuple):
    """What the words of a text that are no facts of a case ask about. stretches: those that do. gap: the line that says
    that it is not covered; may be empty. lines: the answers, each in a line; none beside a gap."""

    stretches: tuple[str, ...]
    gap: str
    lines: Sequence[Line]


class Offered(NamedTuple):
    """An answer for a card of inline mode. beside: statements that its line rests on as well, shown under it. newer:
    the newer-source notes on these, if there are any, by the statement's id. listed: lines that are shown under its
    own, by the ids of their statements. sides: as in `Said`."""

    answer: Answer
    line: str
    beside: tuple[Answer, ...]
    newer: dict[str, str]
    listed: dict[str, str]
    sides: tuple[Side, ...]


class Lookup:
    """Everything that can be looked up. In its methods, leave: the button that leads back."""

    def __init__(self, content: Guideline) -> None:
        self._content, self._evidence, self._carrying = content, content.evidence, content.carrying

    @cached_property
    def codes(self) -> Codebook:
        """Everything that can be found, by code."""
        return Codebook(self._evidence, glossary().terms)

    @cached_property
    def _asked(self) -> dict[Answer, Asked]:
        """The answers, each in a line; read with the first topic or question."""
        return asks.load(self._evidence)

    @cached_property
    def _search(self) -> Search:
        """Made with the first question, since the index takes a seventh of a second."""
        from guideline.search import load

        return load(self._evidence, asked=self._asked)

    @cached_property
    def _limits(self) -> tuple[Limit, ...]:
        return limits.load(self._evidence)

    @cached_property
    def _lists(self) -> tuple[List, ...]:
        return lists.load(self._evidence)

    @cached_property
    def _comparisons(self) -> Comparisons:
        return comparisons.load(self._evidence, [one.id for one in self._lists])

    @cached_property
    def _openings(self) -> dict[str, Opening]:
        return topics.load(self._evidence, glossary().terms)

    def topics(self, leave: Choice) -> View:
        """The menu of topics."""
        choices = [Choice(Topic(topic), f"topic.{topic}") for topic in (*TOPICS, CHANGED)]
        return View("topics", {}, (*in_rows(choices), (leave,)))

    def topic(self, topic: Topic, leave: Choice) -> View | None:
        """A part of a topic, by default the one it opens with; None where there is no such topic or part."""
        name, part = topic.name, topic.part or FIRST
        if name not in (*TOPICS, CHANGED):
            return None
        parts = self._parts_of(name)
        rest = report.button(report.of_topic(name, part, topic.page))
        if part == FIRST:
            view = self._index(parts) if name == CHANGED else self._opening(name, parts)
            rows = (*view.rows, (Choice(Do.TOPICS, "button.back"), leave), rest)
        elif part in parts:
            view = self._part(name, part, parts[part])
            rows = ((Choice(Topic(name), "button.back"), Choice(Do.TOPICS, "button.topics")), rest)
        else:
            return None
        return replace(view, rows=rows, page=topic.page, paging=Topic(name, part))

    def _opening(self, name: str, parts: Mapping[str, list[str]]) -> View:
        """The page that a topic opens with, and the buttons to its parts."""
        opening = self._openings[name]
        context = {
            "topic": name,
            "opening": opening,
            "flaws": self._flaws(opening.because),
            "first": self._lines_of(opening.first),
            "advice": self._lines_of(opening.advice),
            "notes": parts.get("notes", []),
            "cautions": "cautions" in parts,
        }
        to_parts = [Choice(Topic(name, part), f"part.{part}", count=str(len(ids))) for part, ids in parts.items()]
        picture = [Choice(Picture(opening.picture), "button.drawing")] if opening.picture else []
        return View("topic", context, tuple(in_rows([*picture, *to_parts])))

    def _figures(self, group: str) -> list[Outcome]:
        """The reported figures of a group."""
        return [outcome for outcome in self._content.reported if outcome.group == group]

    def _part(self, name: str, part: str, ids: list[str]) -> View:
        """A part in full. First the statements that the topic opens with, then those that a rule rests on."""
        heading = (f"topic.{part}", "part-title.notes") if name == CHANGED else (f"topic.{name}", f"part-title.{part}")
        context: dict[str, object] = {"heading": heading, "ids": ids}
        if part in GROUPS and name != CHANGED:
            figures = by_measure(self._figures(part), self._evidence)
            return View("topic_figures", {"heading": heading, "reported": figures})
        if part == "cautions":
            lines = {id_: self._line(id_) for id_ in self._opened(name)}
            return View("topic_cautions", {**context, "lines": lines})
        if name == CHANGED or part == "notes":
            beside = tuple(to_paper(self._evidence.notes[id_]) for id_ in ids)
            return View("topic_notes", context, beside=beside)
        opened = self._opened(name)
        order = {id_: place for place, id_ in enumerate(opened)}
        context["ids"] = sorted(ids, key=lambda id_: (order.get(id_, len(order)), id_ not in self._carrying))
        return View("topic_statements", context)

    def _opened(self, topic: str) -> tuple[str, ...]:
        """The statements that a topic opens with, those of its table included."""
        opening = self._openings[topic]
        table = [outcome.statement for outcome in self._content.reported] if opening.outcomes else []
        return tuple(dict.fromkeys((*opening.because, *opening.first, *table, *opening.advice)))

    def _flaws(self, statements: Iterable[str]) -> list[str]:
        """The errors found in the review that touch these statements, each once."""
        flawed = [self._evidence.statements[id_].inconsistencies for id_ in statements]
        return list(dict.fromkeys(chain.from_iterable(flawed)))

    def _lines_of(self, statements: Iterable[str]) -> dict[str, str]:
        return {id_: self._line(id_) for id_ in statements}

    def _line(self, statement: str) -> str:
        return self._asked[Answer(statement)].line

    def _index(self, parts: Mapping[str, list[str]]) -> View:
        """What newer sources say, by topic, each in a line, and the buttons to it."""
        to_parts = [
            Choice(Topic(CHANGED, part), "button.counted", f"topic.{part}", str(len(ids)))
            for part, ids in parts.items()
        ]
        return View("changed", {"parts": parts}, tuple(in_rows(to_parts)))

    def every_topic(self, leave: Choice) -> Iterator[tuple[tuple[str, str], View]]:
        """The card of each part of each topic."""
        for name in (*TOPICS, CHANGED):
            for part in (FIRST, *self._parts_of(name)):
                view = self.topic(Topic(name, part), leave)
                assert view is not None
                yield (name, part), view

    def note(self, id_: str, leave: Choice) -> View | None:
        """One newer-source note by itself; None if there is no note of that id."""
        if id_ not in self._evidence.notes:
            return None
        rows = ((Choice(Do.TOPICS, "button.topics"), leave), report.button(report.of_note(id_)))
        beside = (to_paper(self._evidence.notes[id_]),)
        return View("notes", {"notes": [id_], "heading": ""}, rows, beside=beside)

    def asked(self, question: str, leave: Choice, part: str = "") -> View:
        """The answers to a typed question or, where there are none, what is nearest to some of its words. part: of the
        text, that asks, where the rest is a case."""
        said = self.look_up(part or question, figures=question)
        answers = said.answers or said.nearest
        return self._found(answers, leave, near=not said.answers, gap=said.gap, line=said.line, sides=said.sides)

    def lines(self, text: str, part: str = "") -> list[Line]:
        """The answers to a question with a patient in it, each in a line. part: of the text, that asks; by default what
        is asked stands mostly in its last part, so the first answer to that is one of them."""
        lines: dict[str, Line] = {}
        if part not in ("", text):
            self._tell(lines, self.look_up(part, figures=text), _SHOWN)
        else:
            last = _PARTS_OF_A_TEXT.split(text)[-1]
            self._tell(lines, self.look_up(text), _SHOWN)
            self._tell(lines, self.look_up(last, figures=text), 1)
        return list(lines.values())

    def besides(self, text: str, stretches: Iterable[str]) -> Besides | None:
        """What these stretches of a text, which are no facts of a case, ask about: treatments that they name, or
        something that is not covered. None where they do neither."""
        named: dict[str, tuple[Side, ...]] = {}
        gaps: dict[str, str] = {}
        for stretch in stretches:
            if gap := self._search.look_up(stretch).gap:
                gaps[stretch] = gap.line
            elif sides := self._comparisons.named(self._search.words(stretch)):
                named[stretch] = sides
        if gaps:
            return Besides((*gaps, *named), next(iter(gaps.values())), ())
        if not named:
            return None
        lines = {side.line: Line(side.line, self._section(side.answer)) for sides in named.values() for side in sides}
        self._tell(lines, self.look_up(text), _SHOWN)
        return Besides(tuple(named), "", list(lines.values()))

    def _tell(self, lines: dict[str, Line], said: Said, most: int) -> None:
        """Add answers, at most so many, to the lines, by their text."""
        if said.line:
            lines.setdefault(said.line, Line(said.line, said.section))
        for side in said.sides:
            lines.setdefault(side.line, Line(side.line, self._section(side.answer)))
        for answer in said.answers[: 0 if said.line else most]:
            if answer.term:
                term = glossary().terms[answer.id]
                line = Line(term.text, term=term.names[0])
            else:
                line = Line(self._search.line(answer), self._section(answer))
            if line.text:
                lines.setdefault(line.text, line)

    def action(self, question: str) -> Found | None:
        """The action that shows the answers to a question again, or what is nearest; None when nothing is found."""
        said = self.look_up(question)
        answers = said.answers or said.nearest
        return Found(codes_of(answers), near=not said.answers) if answers else None

    def found(self, found: Found, leave: Choice) -> View | None:
        """A page of answers that were shown before; None when one of them no longer exists."""
        answers = self.codes.answers(found.codes)
        if not answers:
            return None
        sides = self._comparisons.shown(answers) if not found.near else None
        line = self._comparisons.apart(*sides) if sides else ""
        return self._found(answers, leave, near=found.near, page=found.page, line=line, sides=sides or ())

    def cards(self, question: str) -> list[Offered]:
        """The cards for another chat on a question, or on an empty one."""
        said = self.look_up(question) if question.strip() else Said(_FIRST, (), "")
        cards = [Offered(one, self._search.line(one), (), self._newer_on((one,)), {}, ()) for one in said.answers]
        if said.line:
            first, *others = said.answers
            beside = () if said.sides else tuple(one for one in others[: self._together(said) - 1] if not one.note)
            newer, listed = self._newer_on((first, *beside)), self._lines_of(said.listed)
            cards[0] = Offered(first, said.line, beside, newer, listed, said.sides)
        return cards

    def _together(self, said: Said) -> int:
        """The number of answers that the line of a list or a limit is about."""
        if any(one.answers == said.answers for one in self._lists):
            return len(said.answers)
        return max(sum(1 for _ in takewhile(limit.is_of, said.answers)) for limit in self._limits)

    def look_up(self, question: str, figures: str = "") -> Said:
        """Look up a question. A limit that it has a figure for comes first, then a list that it asks for or two
        treatments that it compares, then a term whose meaning it asks for. figures: the text from which figures are
        read; empty: the question."""
        words, term = self._search.words(question), glossary().asked(question)
        found = self._search.look_up(question, without=self._of_others(self._comparisons.named(words)))
        asked = next((one for one in self._lists if one.is_asked(words)), None)
        compared = self._comparisons.asked(words)
        if compared and not asked:
            asked = next((one for one in self._lists if one.id == compared.list and not one.is_other(words)), None)
        if asked and not found.gap and not self._has_figure(found.answers, figures or question):
            return Said(asked.answers, (), "", asked.line, asked.section, asked.listed)
        if compared and not compared.list and not found.gap and not asked:
            answers = tuple(dict.fromkeys(side.answer for side in compared.sides))
            return Said(answers, (), "", self._comparisons.apart(*compared.sides), sides=compared.sides)
        if term:
            return Said((Answer(term.id, term=True), *found.answers)[:_MOST], (), "")
        if found.answers:
            return self._limited(found.answers, figures or question)
        return Said(found.answers, found.nearest, found.gap.line if found.gap else "")

    def _of_others(self, named: Collection[Side]) -> set[Answer]:
        """The outcomes of other treatments than those that a question names: "how many die after TACE" is not answered
        with the deaths of debulking. Of one that names debulking, those of resection may be meant too."""
        meant = {side.id for side in named}
        if "debulking" in meant:
            meant.add("surgery")
        return {answer for answer, whose in self._outcomes_of.items() if meant and whose and not whose & meant}

    @cached_property
    def _outcomes_of(self) -> dict[Answer, set[str]]:
        """The treatments, by the ids of `Comparisons`, that each statement of an outcome names."""
        return {
            Answer(one.id): {side.id for side in self._comparisons.named(split(one.text))}
            for one in self._evidence.statements.values()
            if "outcomes" in one.topics
        }

    def _has_figure(self, answers: tuple[Answer, ...], question: str) -> bool:
        """Whether the question has a figure for a limit that it is about."""
        about = (limit for limit in self._limits if limit.leads.intersection(answers[:_SHOWN]))
        return any(limit.fact and figures_of(question, limit.fact) for limit in about)

    def _limited(self, answers: tuple[Answer, ...], question: str) -> Said:
        """The answers to a question. Those of a limit that it is about come first and together, with the line that
        holds for the question's figure, or else the one for the whole limit."""
        for limit in self._limits:
            if not limit.leads.intersection(answers[:_SHOWN]):
                continue
            figures = figures_of(question, limit.fact) if limit.fact else ()
            if not figures and not limit.is_told(answers):
                continue
            band = self._band(limit, question)
            line, shown = (band.line, band.answers) if band else (limit.line, limit.answers)
            others = tuple(answer for answer in answers if answer not in limit.leads and answer not in shown)
            return Said((*shown, *others)[:_MOST], (), "", line, limit.section)
        return Said(answers, (), "")

    def _band(self, limit: Limit, question: str) -> Band | None:
        """The band that holds for the question's figure. Of limits on the same statements, such as those of the grade,
        it is the one furthest on, since the higher grade counts."""
        found: list[tuple[int, Band]] = []
        for one in self._limits:
            figures = figures_of(question, one.fact) if one.fact and one.leads & limit.leads else ()
            if len(figures) == 1 and (band := one.band(figures[0])):
                found.append((one.bands.index(band), band))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def _shown(self, answers: tuple[Answer, ...]) -> int:
        """The number of answers on the first screen: _SHOWN, or more to keep those of a limit together."""
        together = [sum(1 for _ in takewhile(limit.is_of, answers)) for limit in self._limits]
        return max(_SHOWN, *together)

    def _section(self, answer: Answer) -> str:
        """The section of the review; empty for a note and for a term of the glossary."""
        return "" if answer.note or answer.term else self._evidence.statements[answer.id].section

    def _found(
        self,
        answers: tuple[Answer, ...],
        leave: Choice,
        *,
        near: bool,
        gap: str = "",
        line: str = "",
        page: int = 0,
        sides: tuple[Side, ...] = (),
    ) -> View:
        """The answers, each statement with the note on it. The question is not stored, so the pages are turned by the
        codes of the answers. sides: two treatments, of which what is said is shown in a line, and the answers are a tap
        further."""
        asked = None if near or sides else next((one for one in self._lists if one.answers == answers), None)
        most = 0 if sides else len(answers) if near or asked else self._shown(answers)
        shown, more = answers[:most], answers[most:]
        notes = {answer.id for answer in shown if answer.note}
        newer = {id_: note for id_, note in self._newer_on(shown).items() if note not in notes}
        if asked:
            line = asked.line
        elif answers and not near and not line:
            line = self._line_of(answers)
        doses = {one.id for one in shown if near and one.note and _DOSE.search(self._evidence.notes[one.id].now)}
        lines = {answer.id: self._search.line(answer) for answer in more}
        context = {
            "answers": shown, "more": more, "lines": lines, "newer": newer, "near": near, "gap": gap, "line": line,
            "doses": doses, "own": None, "listed": self._lines_of(asked.listed) if asked else {},
            "sides": sides,
        }  # fmt: skip
        last = ((Choice(Do.TOPICS, "button.topics"), leave), report.button(report.of_found(answers, near=near)))
        rows = (
            *((choice,) for choice in self._to_notes(newer.values())),
            *((self._to_answer(answer),) for answer in more),
            *last,
        )
        return View("found", context, rows, page, Found(codes_of(answers), near))

    def _line_of(self, answers: tuple[Answer, ...]) -> str:
        """The line of the first answer, or that of a limit whose answers all stand first and are to be told
        together."""
        lines = (
            limit.line
            for limit in self._limits
            if limit.together and set(answers[: len(limit.answers)]) == set(limit.answers)
        )
        return next(lines, self._search.line(answers[0]))

    def _to_answer(self, answer: Answer) -> Choice:
        """A button to an answer whose line is on the card, named by its topic and section."""
        shown = Found(codes_of((answer,)))
        if answer.note:
            return Choice(shown, "button.also-newer", f"topic.{self._evidence.notes[answer.id].topic}")
        statement = self._evidence.statements[answer.id]
        return Choice(shown, "button.also-at", f"topic.{statement.topics[0]}", place(statement.section))

    def _to_notes(self, ids: Iterable[str]) -> Iterator[Choice]:
        """A button to each note."""
        for id_ in ids:
            yield Choice(actions.Note(id_), "button.newer-on", f"note.{id_}")

    def _newer_on(self, answers: tuple[Answer, ...]) -> dict[str, str]:
        """The newer-source note on each statement, by the statement's id; each note once."""
        newer: dict[str, str] = {}
        for answer in answers:
            note = None if answer.note or answer.term else self._note_on(answer.id)
            if note and note.id not in newer.values():
                newer[answer.id] = note.id
        return newer

    def _note_on(self, statement: str) -> Note | None:
        return next((note for note in self._evidence.notes.values() if statement in note.statements), None)

    def _parts_of(self, topic: str) -> dict[str, list[str]]:
        """The ids of each part of a topic; the parts of CHANGED are the topics that have notes."""
        notes: dict[str, list[str]] = {name: [] for name in TOPICS}
        for note in self._evidence.notes.values():
            notes[note.topic].append(note.id)
        if topic == CHANGED:
            return {name: ids for name, ids in notes.items() if ids}
        figures = GROUPS if self._openings[topic].outcomes else ()
        parts = {group: [outcome.id for outcome in self._figures(group)] for group in figures}
        parts |= {
            part: [
                s.id
                for s in self._evidence.statements.values()
                if topic in s.topics and advises(s) == (part == "advice")
            ]
            for part in _PARTS
        }
        parts["cautions"] = self._flaws(self._opened(topic))
        return {part: ids for part, ids in {**parts, "notes": notes[topic]}.items() if ids}
