"""The pages behind a result: why, alternatives, changes, newer sources, numbers, and what can be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dialogs import changing, report, transplant
from dialogs.actions import Copy, Do, Open, Picture, Room, Topic
from dialogs.answers import given
from dialogs.cards import TO_RESULT, in_rows, is_important, missing_count, newer_notes, of_result, offers
from dialogs.papers import to_paper
from dialogs.place import Place
from dialogs.questions import OFFERED, QUESTIONS, UNKNOWN, Question
from dialogs.reported import Part, by_headline, condition, parts
from dialogs.session import Answers
from dialogs.suggested import IN_PART
from dialogs.summary import Said, parted, summary
from dialogs.view import Choice, View
from dialogs.words import references
from guideline import UNDETERMINED, Assessment, Evidence
from guideline.assess import Change
from guideline.outcomes import Outcome
from guideline.values import Possible, Values

_BEHIND = {
    "reports": ("numbers", "button.numbers"),
    "because": ("why", "button.why"),
    "criteria": ("transplant", "button.transplant"),
}
"""The pages with statements in full: the page that each belongs to, and the button that leads back to it."""

_NAMED = 3
"""Missing facts that the first line of Why names at most, each with what settles it."""

_WORDS_OF_WHY = 305
"""Words that Why has for its way, caveats and folded statements, so that opened it has at most 350."""

COMPARED = ("survival", "expected-survival", "complications", "deaths")
"""The measures that are shown while the case is undetermined; all measures of a headline that has none of these."""

MANY = 6
"""Possible headlines from which on only the first two of these are shown: more would not be read."""


def behind(room: Room, evidence: Evidence, found: Assessment, answers: Answers) -> View | None:
    """The page of that name behind the result; None when there is none."""
    reporting = report.button(report.of_case(found.headline, room.name))
    match room.name:
        case "why":
            return _why(evidence, found, answers)
        case "numbers":
            return _numbers(evidence, found)
        case "reports" | "because" | "criteria":
            return _statements(room, found)
        case "newer":
            return _newer(room, evidence, found)
        case "alternatives":
            return _alternatives(found)
        case "transplant":
            return transplant.room(evidence, found)
        case "changes":
            context = {"a": found, "changes": _by_result(found), "turning": _turning(found)}
            return View("changes", context, (TO_RESULT, reporting), room.page, room)
        case "figure":
            notes = [id_ for id_ in found.updates if evidence.notes[id_].reading]
            return View("notes", {"notes": notes, "heading": room.name}, (TO_RESULT, reporting), room.page, room)
        case "add":
            return to_add(found)
        case "change":
            return changing.room(found, answers)
        case "hand":
            return _hand_on(evidence, found, answers)
        case "more":
            return _more(evidence, found)
    return None


def _numbers(evidence: Evidence, found: Assessment) -> View | None:
    """The reported figures on one page, a line for each measure of a statement; the statements are a tap further."""
    several = found.headline == UNDETERMINED
    reported = _compared(evidence, found) if several else found.reported
    shown = parts(found, reported, evidence)
    if not shown:
        return None
    if several:
        shown = [one for part in shown for one in ([part] if part.of else by_headline(part, found))]
    flawed = any(line.statement.inconsistencies for part in shown for line in part.lines)
    doors = [Choice(Room("reports"), "button.statements")]
    if found.headline != UNDETERMINED:
        doors.insert(0, Choice(Picture("outcomes"), "button.plot"))
    rows = (tuple(doors), TO_RESULT, report.button(report.of_case(found.headline, "numbers")))
    return View(
        "numbers",
        {
            "a": found,
            "parts": shown,
            "conditions": [condition(part, found) for part in shown],
            "without": [id_ for id_ in found.candidates if several and id_ not in _told_of(shown)],
            "flawed": flawed,
            "in_part": len(reported) < len(found.reported),
        },
        rows,
    )


def _compared(evidence: Evidence, found: Assessment) -> list[Outcome]:
    """The figures shown of an undetermined case: a few measures, but some figure of every headline that has one."""
    compared = COMPARED if len(found.candidates) < MANY else COMPARED[:2]
    of = {outcome: set(evidence.statements[outcome.statement].outcome_of) for outcome in found.reported}
    told = set().union(*(of[outcome] for outcome in of if outcome.measure in compared))
    untold = set(found.candidates) - told
    return [outcome for outcome in of if outcome.measure in compared or of[outcome] & untold]


def _told_of(shown: Sequence[Part]) -> set[str]:
    """The headlines with figures among these parts."""
    return {headline for part in shown for headline in part.headlines}


def _why(evidence: Evidence, found: Assessment, answers: Answers) -> View:
    """The path to the result: a line for each step, and the first statement of each of the last steps, folded, with
    their citations. All statements, and the errors in them, are a tap away. Where the path ends at an open answer, what
    was said besides, and what all that leaves."""
    steps = [step for step in found.way if step.edge]
    first = [step.edge.because[0] for step in steps if step.edge]
    first += [*found.carrying[:1], *(item.get[0] for item in found.workup[:_NAMED])]
    every = tuple(dict.fromkeys(first))
    waiting = _waiting(found, answers)
    shown = _folded(evidence, found, every, 4 * (len(waiting) + len(found.candidates)) + 20 if found.needed else 0)
    cited = dict.fromkeys(pair for id_ in shown for pair in references(evidence, evidence.statements[id_]) if pair[1])
    flaws = dict.fromkeys(flaw for id_ in shown for flaw in evidence.statements[id_].inconsistencies)
    decisive = steps[-1] if steps else None
    context = {
        "a": found,
        "decisive": decisive,
        "open": missing_count(found) if found.needed[:1] == ("grade",) else "",
        "waiting": waiting,
        "shown": shown,
        "flaws": flaws,
        "cited": cited,
        "cut": every != shown,
    }
    doors = (Choice(Room("because"), "button.statements"), Choice(Picture("algorithm"), "button.diagram"))
    rows = (doors, TO_RESULT)
    return View("why", context, (*rows, report.button(report.of_case(found.headline, "why"))))


def _waiting(found: Assessment, answers: Answers) -> list[Said]:
    """Of an undetermined case, what was said besides the way to the first open answer."""
    if found.headline != UNDETERMINED:
        return []
    on_the_way = {step.node.fact for step in found.way}
    return [part for part in parted(summary(found, answers), found)[0] if part.fact not in on_the_way]


def _folded(evidence: Evidence, found: Assessment, every: Sequence[str], besides: int) -> tuple[str, ...]:
    """The last of these statements, as many as can be read with their errors and citations on one page; at least
    one. besides: words of what else an undetermined case has."""
    left = _WORDS_OF_WHY - besides
    left -= 13 * len(found.way) + 22 * len(found.caveats)  # of a line, and of a caveat, at most
    shown: list[str] = []
    for id_ in reversed(every):
        more = [evidence.statements[one] for one in (id_, *shown)]
        refs = dict.fromkeys(pair for s in more for pair in references(evidence, s))
        flaws = dict.fromkeys(flaw for s in more for flaw in s.inconsistencies)
        told = [f"{s.text} {s.uncertain}" for s in more]
        told += [f"{reference.citation} {reference.note}" for _, reference in refs if reference]
        told += [
            f"{part.text} {part.ours}"
            for flaw in flaws
            for part in evidence.inconsistencies[flaw].parts_for([s.id for s in more])
        ]
        beside = 7 * len(more) + 4 * sum(len(s.refs) for s in more) + 3 * len(refs) + 10 * len(flaws)
        if shown and len(" ".join(told).split()) + beside > left:
            break
        shown.insert(0, id_)
    return tuple(shown)


def _newer(room: Room, evidence: Evidence, found: Assessment) -> View | None:
    """The newer sources on the case, a line each, the one that decides most first; each note on a page behind."""
    notes = newer_notes(evidence, found)
    if not notes:
        return None
    if 0 < room.page <= len(notes):
        return _note(notes, room.page - 1, evidence, found)
    opening = [Choice(Room("newer", place), f"note.{id_}") for place, id_ in enumerate(notes, 1)]
    rows = (*in_rows(opening), TO_RESULT, report.button(report.of_case(found.headline, "newer")))
    return View("newer", {"a": found, "notes": notes}, rows)


def _note(notes: Sequence[str], place: int, evidence: Evidence, found: Assessment) -> View:
    """One of the notes by itself, with a button to the next one."""
    id_ = notes[place]
    paper = to_paper(evidence.notes[id_])
    further = [Choice(Room("newer", place + 2), "button.next-note")] if notes[place + 1 :] else []
    rows = (
        *(((paper,),) if paper else ()),
        (Choice(Room("newer"), "button.newer", count=str(len(notes))), *further),
        TO_RESULT,
        report.button(report.of_note(id_)),
    )
    return View("note", {"a": found, "id": id_}, rows)


class Other(NamedTuple):
    """Headlines that are excluded for the same reason.

    enough: one other answer would be enough for each of them. opening: the answers of which at least one would be
    needed, by fact and values, with the statements that say so. said: the facts that are known otherwise.
    """

    headlines: list[str]
    enough: bool
    opening: Mapping[tuple[str, Possible], tuple[str, ...]]
    said: Sequence[str]

    def far(self, way: Sequence[str]) -> tuple[int, bool]:
        """A sort key: nearest first are headlines that part late from the way to the result, then those that one answer
        changes. way: the facts on it, in order. A headline that none of them opens parts from it further back, where
        more than one answer would have to be another."""
        return -max((way.index(fact) for fact, _ in self.opening if fact in way), default=-1), not self.enough


def _alternatives(found: Assessment) -> View | None:
    """The other headlines, the nearest first, each with the patients it is for and the answers that exclude it."""
    others: list[Other] = []
    beside = found.transplant or "consider-debulking" in found.adjuncts
    for alternative in found.alternatives:
        if beside and alternative.headline == "debulking":
            continue  # the page tells by itself that it may be considered beside the headline
        if alternative.headline in found.contained:
            continue
        turning = [change.fact for change in found.changes if change.headline == alternative.headline]
        facts = tuple(dict.fromkeys(turning or alternative.because_not))
        opening: dict[tuple[str, Possible], tuple[str, ...]] = {}
        for fact, edge in found.opening(alternative.headline, facts):
            opening[fact, edge.values] = (*opening.get((fact, edge.values), ()), *edge.because)
        other = Other([alternative.headline], bool(turning), opening, facts)
        alike = next(
            (one for one in others if one[1:2] + one[3:] == other[1:2] + other[3:] and one[2].keys() == opening.keys()),
            None,
        )
        if alike:
            alike.headlines.append(alternative.headline)
        else:
            others.append(other)
    if not others:
        return None
    way = [step.node.fact for step in found.way if step.edge]
    others.sort(key=lambda other: other.far(way))
    door = ((Choice(Room("transplant"), "button.transplant"),),) if found.transplant else ()
    rows = (*door, TO_RESULT, report.button(report.of_case(found.headline, "alternatives")))
    return View("alternatives", {"a": found, "others": others}, rows)


def _statements(room: Room, found: Assessment) -> View:
    """The statements behind a page in full, each with its sources, on as many pages as they take."""
    page, button = _BEHIND[room.name]
    rows = ((Choice(Room(page), button), *TO_RESULT), report.button(report.of_case(found.headline, room.name)))
    return View(room.name, {"a": found}, rows, room.page, room)


def _hand_on(evidence: Evidence, found: Assessment, answers: Answers) -> View:
    """The ways to hand on a result: a text, a link, a question, the picture of the case, the pocket card."""
    rows: list[tuple[Choice, ...]] = [(Choice(Do.TEXT, "button.text"),)]
    if found.headline != UNDETERMINED:
        rows.append((Choice(Copy(), "button.copy"),))
    rows += [
        (Choice(Room("share"), "button.share"),),
        (Choice(Room("senior"), "button.senior"),),
        (Choice(Picture("case"), "button.picture-case"),),
        (Choice(Picture("pocket"), "button.pocket"), Choice(Picture("pocket-pdf"), "button.pocket-pdf")),
        TO_RESULT,
        report.button(report.of_case(found.headline, "hand")),
    ]
    return View("hand", of_result(evidence, found, answers), tuple(rows))


def _more(evidence: Evidence, found: Assessment) -> View:
    """The pages that are used less often. Reporting a problem there reports the result."""
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
    return View("add", {"a": found, "added": added, "left": len(rows)}, (*rows, TO_RESULT, reporting))


def _asks(question: Question, found: Assessment) -> str:
    """The table of labels that asks the question: `asks-which` when a part of it is answered already."""
    return "asks-which" if question.id in IN_PART and question.lines[0].fact in found.case.known else "asks"


def left_to_add(opened: str, before: Place, after: Place) -> View | None:
    """The page of what could still add to the result, after a question from that page was answered for the first time;
    None after any other, and after one that the card itself offers."""
    answers, found = after.session.answers, after.found
    first = given(before.session.answers, opened) is None and given(answers, opened) not in (None, UNKNOWN)
    question = QUESTIONS.get(opened)
    if not first or question not in OFFERED or is_important(question, found):
        return None
    return to_add(found, before.found) if offers(found) else None


def _by_result(found: Assessment) -> list[list[Change]]:
    """The changes grouped by their candidates."""
    together: dict[tuple[str, ...], list[Change]] = {}
    for change in found.changes:
        together.setdefault(change.candidates, []).append(change)
    return list(together.values())


_ONE_BY_ONE = 2
"""Prerequisites that are named at most; of more it is said that one of them would be missing."""


def _turning(found: Assessment) -> dict[str, tuple[str | bool, ...]]:
    """What would change the result, in the order of its changes: by fact, the values; without values where the fact's
    name tells enough, as of several prerequisites, one of which would be missing (`prerequisite`)."""
    unmet = {line.fact: line.options["unmet"] for line in QUESTIONS["prerequisites"].lines}
    turning: dict[str, tuple[str | bool, ...]] = {}
    for change in found.changes:
        turning[change.fact] = (*turning.get(change.fact, ()), change.to)
    missing = [fact for fact, to in turning.items() if (bad := unmet.get(fact)) and Values(to).within(bad)]
    told: dict[str, tuple[str | bool, ...]] = {}
    for fact, to in turning.items():
        if fact in missing and len(missing) > _ONE_BY_ONE:
            told["prerequisite"] = ()
        else:
            told[fact] = () if fact == "pattern" and len(to) > 1 else to
    return told
