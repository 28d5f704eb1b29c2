"""The views of a question: its options or its list, its help, and the pages that have some of its options."""

from __future__ import annotations

from dataclasses import replace

from dialogs.actions import Answer, Close, Do, Room, TurnLine
from dialogs.answers import given, stands_at, typed_answer
from dialogs.asking import to_fill
from dialogs.cards import BACK, Rows, in_rows
from dialogs.place import Place
from dialogs.questions import FIRST, ON_THE_WAY, UNKNOWN, Question, Stage, says
from dialogs.session import Answers
from dialogs.summary import position, standing
from dialogs.view import Choice, View
from guideline import Assessment
from guideline.values import Possible


def question(q: Question, place: Place) -> View:
    """The view of a question, by its layout."""
    lines = place.lines(q)
    leave = Choice(Do.DISMISS, "button.result") if place.is_opened else Choice(Do.BACK, "button.back")
    if q.is_checklist:
        irrelevant = place.irrelevant_lines(q)
        rows = _list_rows(q, place.answers, lines, irrelevant, leave)
        left = [id_ for id_ in lines if place.is_opened or stands_at(place.answers, id_) == UNKNOWN]
        return View("list", {**_asked(q, place), "lines": lines, "left": left, "irrelevant": irrelevant}, rows)
    further = _rooms(q)
    if q.help:
        further.append((Choice(Room(q.help), f"button.{q.help}"),))
    unknown = _option(q, UNKNOWN, place)
    last = ((unknown,), (leave,)) if place.is_opened or q is not FIRST else ((unknown,),)
    rows = (*in_rows(_options(q, place), q.per_row), *further, *last)
    return View("question", {**_asked(q, place), "lines": lines}, rows)


def asked_in(room: str) -> Question | None:
    """The question that the room belongs to, if it belongs to one."""
    return next((q for q in ON_THE_WAY if room == q.help or room in q.rooms), None)


def room_of(q: Question, room: str, place: Place) -> View:
    """A page of a question: the help with its options, or the page that has some of its options."""
    if room == q.help:
        rows = (*in_rows(_options(q, place), 1), *_rooms(q), (_option(q, UNKNOWN, place),), (BACK,))
        return View(room, _asked(q, place), rows)
    options = [_option(q, option, place) for option in q.rooms[room]]
    return View(room, _asked(q, place), (*in_rows(options, 1), (BACK,)))


def below_drawing(q: Question, place: Place) -> Rows:
    """The buttons below the drawing of the options, with short captions so that they fit one row."""
    (line,) = q.lines
    short = [replace(o, caption=o.caption.replace(f"option.{q.id}", f"value.{line.fact}")) for o in _options(q, place)]
    return (*in_rows(short, len(short)), *_rooms(q), (_option(q, UNKNOWN, place),), (BACK,))


def _rooms(q: Question) -> list[tuple[Choice, ...]]:
    """The buttons to the pages of the question that have options of their own."""
    return [(Choice(Room(room), f"button.{room}"),) for room in q.rooms]


def _asked(q: Question, place: Place) -> dict[str, object]:
    """The context of a question's template."""
    opened, filling = place.is_opened, place.session.filling
    counted = (filling, filling + len(to_fill(place.found, q.id))) if filling else ()
    return {
        "q": q.id, "a": place.found, "step": _step(q, place), "counted": counted,
        "summary": position(place.found, q, opened=opened), "now": standing(place.found, q) if opened else [],
    }  # fmt: skip


def _options(q: Question, place: Place) -> list[Choice]:
    """The options that are shown: without those of the question's further pages and those that need another line to be
    known; for a question that a result offers, only those that agree with what else is known."""
    (line,) = q.lines
    apart = {option for options in q.rooms.values() for option in options}
    shown = [option for option in line.options if option not in (*apart, UNKNOWN)]
    known = [option for option in shown if _is_known(line.only_with.get(option), place.session.answers)]
    return [_option(q, o, place) for o in known if q in ON_THE_WAY or _fits(place.found, line.fact, line.options[o])]


def _option(q: Question, option: str, place: Place) -> Choice:
    caption = "button.unknown" if option == UNKNOWN else f"option.{q.id}.{option}"
    return Choice(Answer(q.id, option), caption, ticked=_stands_at(q, place) == option)


def _stands_at(q: Question, place: Place) -> str | None:
    """The option that was chosen; for a fact that was typed or is known otherwise, the option that includes it."""
    (line,) = q.lines
    possible: Possible | None = place.found.case.known.get(line.fact)
    if option := given(place.answers, line.id):
        if option in line.options:
            return option
        possible = says(line, option)[line.fact]
    fitting = (id_ for id_, means in line.options.items() if possible and means and possible.within(means))
    return next(fitting, None)


def _is_known(line: str | None, answers: Answers) -> bool:
    """Whether the line has an answer that is known; true for no line."""
    return line is None or given(answers, line) not in (None, UNKNOWN)


def _step(q: Question, place: Place) -> str:
    """The label that says how far the talk is."""
    if place.is_opened:
        several = q.is_checklist and len(place.lines(q)) > 1
        return "filling" if place.session.filling else "opened-list" if several else "opened"
    diffuse = place.found.known.get("pattern") == frozenset({"III"})  # then no other question follows the symptoms
    return "last" if diffuse and q.stage is Stage.SYMPTOMS else q.stage.value


def _fits(found: Assessment, fact: str, said: object) -> bool:
    """Whether the answer agrees with what else is known of the fact."""
    known = found.known.get(fact)
    if isinstance(known, frozenset) and isinstance(said, frozenset):
        return len(known) == 1 or bool(known & said)
    return True


def _list_rows(q: Question, answers: Answers, shown: list[str], irrelevant: list[str], leave: Choice) -> Rows:
    stands = {id_: stands_at(answers, id_) for id_ in shown}
    untouched = set(stands.values()) == {UNKNOWN}
    if leave.action is Do.DISMISS:
        proceed = Choice(Close(q.id), "button.done")
    else:
        proceed = Choice(Close(q.id), "button.unknown" if untouched else "button.continue")
    if q.alone and len(shown) == 1:
        (line,) = (line for line in q.lines if line.id == shown[0])
        options = [q.sweep, *(option for option in line.options if option not in (q.sweep, UNKNOWN))]
        now = given(answers, line.id)
        asked = [Choice(Close(q.id, o), f"alone.{line.id}.{o}", ticked=now == o) for o in options]
        return (*in_rows(asked, 1), (Choice(Close(q.id, UNKNOWN), "button.unknown"),), (leave,))
    turning = [
        (Choice(TurnLine(id_), f"line.{id_}", f"stand.{id_}.{stand}", irrelevant=id_ in irrelevant),)
        for id_, stand in stands.items()
    ]
    some_known = not untouched or any(typed_answer(answers, line.fact) for line in q.lines)
    rest = Choice(Close(q.id, q.sweep), f"sweep.{q.id}.{'others' if some_known else 'all'}")
    open_ = [id_ for id_, stand in stands.items() if stand == UNKNOWN and id_ not in irrelevant]
    return (*(((rest,),) if open_ else ()), *turning, (proceed,), (leave,))
