"""What lies one tap behind a result: why, alternatives, changes, newer sources, numbers, and what can be added."""

from __future__ import annotations

from dialogs import report
from dialogs.actions import Copy, Do, Open, Picture, Room, Topic
from dialogs.answers import given
from dialogs.cards import TO_RESULT, in_rows, is_important, newer_notes, of_result, offers
from dialogs.papers import to_paper
from dialogs.place import Place
from dialogs.questions import OFFERED, QUESTIONS, UNKNOWN, Question
from dialogs.reported import by_measure
from dialogs.session import Answers
from dialogs.view import Choice, View
from dialogs.words import references
from guideline import UNDETERMINED, Assessment, Evidence
from guideline.assess import Change

_BEHIND = {"reports": ("numbers", "button.numbers"), "because": ("why", "button.why")}
"""The rooms of statements in full: the page they belong to, and the button that leads back there."""


def behind(room: Room, evidence: Evidence, found: Assessment, answers: Answers) -> View | None:
    """What lies behind the result: why, alternatives, changes, newer, figure, numbers, add, change, hand, more; or
    None."""
    context: dict[str, object] = {"a": found}
    back = TO_RESULT
    name = room.name
    reporting = report.button(report.of_case(found.headline, name))
    notes = [id_ for id_ in found.updates if evidence.notes[id_].reading == (name == "figure")]
    if name == "numbers":
        return _numbers(evidence, found)
    if name == "why":
        return _why(evidence, found)
    if name in _BEHIND:
        return _statements(room, found)
    if name == "add":
        return to_add(found)
    if name == "hand":
        return _hand_on(evidence, found, answers)
    if name == "more":
        return _more(evidence, found)
    if name == "change":
        return View("change", context, (*_changeable(answers), back, reporting))
    if name == "changes":
        context["changes"] = _by_result(found)
    elif name not in ("alternatives", "newer", "figure"):
        return None
    context["heading"] = name
    rows = (back, reporting)
    if name not in ("newer", "figure"):
        return View(name, context, rows, room.page, room)
    beside = tuple(to_paper(evidence.notes[id_]) for id_ in notes)
    return View("notes", {**context, "notes": notes}, rows, room.page, room, beside)


def _numbers(evidence: Evidence, found: Assessment) -> View | None:
    """The reported figures on one page, a line for each measure of a statement; the statements are a tap further."""
    measures = by_measure(found.reported, evidence)
    if not measures:
        return None
    flawed = any(line.statement.inconsistencies for lines in measures.values() for line in lines)
    doors = [Choice(Room("reports"), "button.statements")]
    if found.headline != UNDETERMINED:
        doors.insert(0, Choice(Picture("outcomes"), "button.plot"))
    rows = (tuple(doors), TO_RESULT, report.button(report.of_case(found.headline, "numbers")))
    return View("numbers", {"a": found, "measures": measures, "flawed": flawed}, rows)


def _why(evidence: Evidence, found: Assessment) -> View:
    """The way to the result on one page: a line a turn, and the first statement of each; the others are a tap away."""
    turns = [turn for turn in found.way if turn.edge]
    first = [turn.edge.because[0] for turn in turns if turn.edge]
    first += [*found.carrying[:1], *(item.get[0] for item in found.workup)]
    shown = tuple(dict.fromkeys(first))
    cited = dict.fromkeys(pair for id_ in shown for pair in references(evidence, evidence.statements[id_]) if pair[1])
    flaws = dict.fromkeys(flaw for id_ in shown for flaw in evidence.statements[id_].inconsistencies)
    decisive = turns[-1] if turns else None
    context = {"a": found, "decisive": decisive, "shown": shown, "flaws": flaws, "cited": cited}
    rows = ((Choice(Room("because"), "button.statements"), *TO_RESULT),)
    return View("why", context, (*rows, report.button(report.of_case(found.headline, "why"))))


def _statements(room: Room, found: Assessment) -> View:
    """The statements behind a page in full, each with its sources, on as many pages as they take."""
    page, button = _BEHIND[room.name]
    rows = ((Choice(Room(page), button), *TO_RESULT), report.button(report.of_case(found.headline, room.name)))
    return View(room.name, {"a": found}, rows, room.page, room)


def _hand_on(evidence: Evidence, found: Assessment, answers: Answers) -> View:
    """What of a result can be handed on: the text to copy, a link, a question, the picture of the case, the pocket
    card."""
    rows: list[tuple[Choice, ...]] = []
    if found.headline != UNDETERMINED:
        rows.append((Choice(Copy(), "button.copy"),))
    rows += [
        (Choice(Room("share"), "button.share"),),
        (Choice(Room("senior"), "button.senior"),),
        (Choice(Picture("algorithm"), "button.picture"),),
        (Choice(Picture("pocket"), "button.pocket"), Choice(Picture("pocket-pdf"), "button.pocket-pdf")),
        TO_RESULT,
        report.button(report.of_case(found.headline, "hand")),
    ]
    return View("hand", of_result(evidence, found, answers), tuple(rows))


def _more(evidence: Evidence, found: Assessment) -> View:
    """What is used less often behind a result. Its report of a problem is that of the result."""
    doors = [Choice(Room("alternatives"), "button.alternatives")] if found.alternatives else []
    if len(newer_notes(evidence, found)) < len(found.updates):
        doors.append(Choice(Room("figure"), "button.figure"))
    if left := offers(found):
        doors.append(Choice(Room("add"), "button.more-to-add", count=str(len(left))))
    doors += [Choice(Topic("outcomes"), "topic.outcomes"), Choice(Do.TOPICS, "button.topics")]
    doors.append(Choice(Do.NEW, "button.new"))
    rows = (*in_rows(doors), TO_RESULT, report.button(report.of_case(found.headline)))
    return View("more", {"a": found}, rows)


def to_add(found: Assessment, before: Assessment | None = None) -> View:
    """What could still add to the result. before: the last answer, which may have added something."""
    rows = [(Choice(Open(q.id), f"{_asks(q, found)}.{q.id}"),) for q in offers(found)]
    reporting = report.button(report.of_case(found.headline, "add"))
    added = [id_ for id_ in found.adjuncts if before and id_ not in before.adjuncts]
    return View("add", {"a": found, "added": added}, (*rows, TO_RESULT, reporting))


def _asks(question: Question, found: Assessment) -> str:
    """The labels that ask it: of what was answered in part only for the rest."""
    return "asks-which" if question.id in _IN_PART and question.lines[0].fact in found.case.known else "asks"


_IN_PART = ("primary", "extrahepatic")
"""The questions of which "All met" answers a part."""


def left_to_add(opened: str, before: Place, after: Place) -> View | None:
    """What is left to add once the opened question, one of those offered there, was answered for the first time; not
    behind one that the card itself offers."""
    answers, found = after.session.answers, after.found
    first = given(before.session.answers, opened) is None and given(answers, opened) not in (None, UNKNOWN)
    question = QUESTIONS.get(opened)
    if not first or question not in OFFERED or is_important(question, found):
        return None
    return to_add(found, before.found) if offers(found) else None


def _by_result(found: Assessment) -> list[list[Change]]:
    """The changes that come to the same, together."""
    together: dict[tuple[str, ...], list[Change]] = {}
    for change in found.changes:
        together.setdefault(change.candidates, []).append(change)
    return list(together.values())


def _changeable(answers: Answers) -> list[tuple[Choice, ...]]:
    def answered(question: Question) -> bool:
        ids = (question.id, *(id_ for line in question.lines for id_ in (line.id, f"told-{line.fact}")))
        return any(given(answers, id_) is not None for id_ in ids)

    return in_rows([Choice(Open(q.id), f"question.{q.id}") for q in QUESTIONS.values() if answered(q)])
