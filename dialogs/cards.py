"""The views of the start screen, of the questions, of a result, and of the facts read from a typed text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from dialogs.actions import Answer, BeginWith, Close, Do, Found, Link, Open, Picture, Read, Room, TurnLine, Use
from dialogs.actions import encode as encode_action
from dialogs.against import Against, is_another
from dialogs.answers import given, stands_at, typed_answer
from dialogs.asking import to_fill
from dialogs.clashes import Clash, Side
from dialogs.place import Place
from dialogs.questions import COUNTS, FIRST, OFFERED, ON_THE_WAY, UNKNOWN, Question, Stage, says
from dialogs.session import Answers
from dialogs.summary import Said, parted, position, relevant_facts, set_aside, standing, summary, without_effect
from dialogs.typed_facts import TypedFacts, encode
from dialogs.view import Choice, View
from guideline import UNDETERMINED, Assessment, Evidence
from guideline.assess import Workup
from guideline.values import Possible, Values

if TYPE_CHECKING:
    from dialogs.lookup import Line

_OFFERED_AT_ONCE = 2
"""Questions that a result offers on its card at most; the others are behind More."""

_ENTERED_AT_ONCE = 4
"""Missing answers that a work-up has buttons for at most."""

_ON_BUTTON = 56
"""Characters of an encoded action at most, so that a button holds it with a revision."""

Rows = tuple[tuple[Choice, ...], ...]


def in_rows(choices: list[Choice], most: int = 2) -> list[tuple[Choice, ...]]:
    """The buttons in rows of at most so many."""
    return [tuple(choices[start : start + most]) for start in range(0, len(choices), most)]


BACK = Choice(Do.SHOW_CURRENT, "button.back")
TO_START = Choice(Do.HOME, "button.back")
TO_HOME = Choice(Do.HOME, "button.to-start")
TO_RESULT: tuple[Choice, ...] = (Choice(Do.SHOW_CURRENT, "button.result"),)
AGAIN = (Choice(Do.SHOW_CURRENT, "button.again"),)

EXAMPLE_TAPS = (
    "option.grade.G2", "option.pattern.II", "sweep.prerequisites.all", "alone.s-carcinoid.no", "option.steps.no",
)  # fmt: skip
"""The captions of the buttons that are tapped in the example case, in order."""


def home(place: Place, *, to_practice: bool = False) -> View:
    """The start screen: for somebody new the gate, else the buttons that lead into a case.

    to_practice: whether the gate leads to practice.
    """
    example = (Choice(Do.EXAMPLE, "button.example"),)
    context: dict[str, object] = {"in_case": False}
    rows: list[tuple[Choice, ...]]
    if not place.session.accepted:
        context = {"shared": bool(place.session.shared)}
        practice = Choice(Do.BEGIN_PRACTICE, "button.begin-practice")
        rows = [(practice if to_practice else _begin(place),), example]
    elif place.session.answers:
        rows = [(Choice(Do.RESUME, "button.resume"), Choice(Do.NEW, "button.new"))]
        decided, _ = parted(summary(place.found), place.found)
        context = {"in_case": True, "summary": decided, "idle_minutes": place.idle_minutes}
    else:
        rows = [(Choice(Do.NEW, "button.start"), *example)]
    card = (Choice(Picture("pocket"), "button.pocket"), Choice(Picture("pocket-pdf"), "button.pocket-pdf"))
    rows.append((Choice(Do.TOPICS, "button.look"),))
    if place.session.accepted:
        rows.append((Choice(Do.PRACTICE, "button.practice"),))
    rows += [card, (Choice(Do.ABOUT, "button.about"),)]
    return View("home" if place.session.accepted else "start", context, tuple(rows))


def _begin(place: Place) -> Choice:
    """The button through the gate, to a case of one's own or to the one that a link brought."""
    return Choice(Do.BEGIN, "button.begin-shared" if place.session.shared else "button.begin")


def example(typed: TypedFacts, place: Place) -> View:
    """The example case with the taps that lead through it. It cannot be begun while a case is open. typed: its
    facts."""
    accepted, in_case = place.session.accepted, bool(place.session.answers)
    rows: list[tuple[Choice, ...]] = []
    if not accepted:
        rows = [(_begin(place),)]
    elif not in_case:
        rows = [(Choice(Do.NEW, "button.walk"), Choice(Use(encode(typed)), "button.see-answer"))]
    return View("example", {"taps": EXAMPLE_TAPS, "in_case": in_case}, (*rows, (BACK if accepted else TO_START,)))


def page(name: str, accepted: bool, doi: str) -> View:
    """A fixed page with a button back. doi: of the review, which the page about the bot has a button to."""
    rows: list[tuple[Choice, ...]] = [(BACK if accepted else TO_START,)]
    if name == "about":
        rows = [(Choice(Link(f"https://doi.org/{doi}"), "button.paper"), *rows[0])]
    if name in ("privacy", "settings"):
        rows.insert(0, (Choice(Do.FORGET, "button.forget"),))
    return View(name, {}, tuple(rows))


def result(evidence: Evidence, found: Assessment, answers: Answers) -> View:
    """The recommendation, or the work-up where something decisive is not known."""
    context = of_result(evidence, found, answers)
    context["on_card"] = _on_card(found)
    context["shown_newer"] = _newer_on_card(found, newer_notes(evidence, found))
    rows: list[tuple[Choice, ...]] = []
    if found.headline == UNDETERMINED:
        context["tests"] = tests(found)
        context["missing"] = list(found.needed)
        asked = [q.id for q in _asking(found.needed)]
        if missing := missing_count(found):
            context["missing"] = [missing if fact == "grade" else fact for fact in found.needed]
            asked[asked.index("grade")] = missing
        caption = "button.enter" if len(asked) == 1 else "button.enter-one-of"
        rows += in_rows([Choice(Open(id_), caption, f"question.{id_}") for id_ in asked[:_ENTERED_AT_ONCE]])
    else:
        at_once = [q for q in offers(found) if is_important(q, found)][:_OFFERED_AT_ONCE]
        caption = "asks" if len(at_once) == 1 else "offer"
        rows += in_rows([Choice(Open(q.id), f"{caption}.{q.id}") for q in at_once])
    rows += in_rows(_doors(found, len(newer_notes(evidence, found))))
    template = "workup" if found.headline == UNDETERMINED else "recommendation"
    return View(template, context, tuple(rows))


def of_result(evidence: Evidence, found: Assessment, answers: Answers) -> dict[str, object]:
    """The context of a result's template, also for the text that is handed on."""
    decided, details = parted(summary(found, answers), found)
    details += set_aside(found)
    idle = without_effect(found, [*decided, *details])
    context = {"a": found, "newer": newer_notes(evidence, found), "summary": decided}
    return {**context, "details": [*details, *idle], "idle": idle}


def newer_notes(evidence: Evidence, found: Assessment) -> list[str]:
    """The newer-source notes on the case, without those on how Figure 1 is read."""
    return [id_ for id_ in found.updates if not evidence.notes[id_].reading]


def _doors(found: Assessment, newer: int) -> list[Choice]:
    """The buttons to the pages behind a result, the most used first. newer: the number of newer-source notes."""
    doors = [Choice(Room("why"), "button.why")]
    if found.outcomes:
        doors.append(Choice(Room("numbers"), "button.numbers"))
    if found.changes or found.decides:
        doors.append(Choice(Room("changes"), "button.changes"))
    if newer:
        doors.append(Choice(Room("newer"), "button.newer", count=str(newer)))
    if found.transplant:
        doors.append(Choice(Room("transplant"), "button.transplant"))
    doors += [Choice(Room("hand"), "button.hand"), Choice(Room("change"), "button.change")]
    return [*doors, Choice(Room("more"), "button.more")]


def _on_card(found: Assessment) -> list[str]:
    """The statements to show under the first sentence, where it does not tell them; the others are left to Why. That on
    chemotherapy it tells once it is known that the tumour is one that the statement speaks of. That on local effects is
    about tumours without hormones, so it is left out where those are the reason."""
    poor = found.known.get("differentiation") == frozenset({"poor"})
    for_hormones = "debulking-refractory-symptoms" in found.carrying
    untold = (*(() if for_hormones else ("debulking-local-effects",)), *(() if poor else ("g3-chemotherapy",)))
    return [id_ for id_ in found.carrying if id_ in untold]


_NEWER_ON_CARD = 3
"""Newer-source notes that a card names at most; a long card names fewer."""


def _newer_on_card(found: Assessment, newer: list[str]) -> list[str]:
    """The notes that a card names. That another paper uses the type names differently matters for Type III only, which
    is operated on elsewhere under that name."""
    diffuse = found.headline == "multimodal-nonsurgical"
    return [id_ for id_ in newer if diffuse or id_ != "type-naming"][:_NEWER_ON_CARD]


@dataclass(frozen=True, slots=True)
class Test:
    """What settles some facts together, all as ids. what: its labels. get: the statements that name it. source: from
    whom."""

    what: tuple[str, ...]
    get: tuple[str, ...]
    facts: tuple[str, ...]
    source: tuple[str, ...]


def tests(found: Assessment) -> list[Test]:
    """What to get, each once with all facts that it settles, in the order in which the facts are needed. When one count
    is known, only the other is named, which can be counted on the same tissue."""
    settles: dict[str, list[Workup]] = {}
    for item in found.workup:
        for id_ in item.get:
            settles.setdefault(id_, []).append(item)
    together: dict[tuple[str, ...], list[str]] = {}
    for id_, items in settles.items():
        together.setdefault(tuple(item.fact for item in items), []).append(id_)
    missing = missing_count(found)
    return [
        Test(
            (missing,) if missing and facts == ("grade",) else tuple(get),
            tuple(get),
            facts,
            tuple(dict.fromkeys(who for item in settles[get[0]] for who in item.source)),
        )
        for facts, get in together.items()
    ]


def offers(found: Assessment) -> list[Question]:
    """The questions whose answers could still add to a recommendation."""
    if found.headline == UNDETERMINED:
        return []
    return [question for question in OFFERED if question.lines[0].fact in found.could_add]


_ABLATION = "ablation-embolisation"
_IN_STEPS = ("resection-one-step", "resection-two-step")
_IMPORTANT: Mapping[str, tuple[str, ...]] = {
    "differentiation": ("systemic-chemotherapy",),
    "carcinoid_syndrome": (),
    "primary": ("resection", *_IN_STEPS),
    "largest_lesion_cm": (_ABLATION, *_IN_STEPS),
    "volume": (_ABLATION,),
}
"""The questions that a result offers on its card, each with the headlines beside which it is important enough; none
named: all headlines. The others are behind More."""


def is_important(question: Question, found: Assessment) -> bool:
    """Whether a question whose answer could still add something is offered on the card itself."""
    headlines = _IMPORTANT.get(question.id)
    return headlines is not None and (not headlines or found.headline in headlines)


class Asked(NamedTuple):
    """The answer to a text that has both a case and a question. found: the assessment of the facts that were read; None
    when the text may be only key words. lines: the answers, each in a line. added: whether the facts of the open case
    were added."""

    found: Assessment | None
    lines: Sequence[Line]
    added: bool = False


def read(
    typed: TypedFacts,
    place: Place,
    *,
    words: Sequence[str] = (),
    cut: int = 0,
    question: Found | None = None,
    asked: Asked | None = None,
    against: Sequence[Against] = (),
    clashes: Sequence[Clash] = (),
    rest: bool = True,
    more: bool = False,
    left_out: int = 0,
) -> View:
    """The card that offers the facts read from a typed text.

    words: stretches of the text that were not understood. left_out: the number of further words, which are not given
    back. cut: the number of characters read, when the rest was not read, else 0. clashes: what cannot hold together.
    All four are known only right after the text was typed. question: shows what a search for the same text
    found. asked: the answer, when the text asks something. against: the answers of the open case that it contradicts.
    rest: whether it also says something that contradicts nothing. more: whether something is still asked once it is
    used.
    """
    code = encode(typed)
    rows: list[tuple[Choice, ...]] = []
    if place.session.accepted:
        sides = [_taking(side, question, clash.same) for clash in clashes for side in clash.sides]
        rows += in_rows(sides)
    if not place.session.accepted:
        rows.append((Choice(BeginWith(code), "button.begin-with") if typed.facts else _begin(place),))
    elif against:
        anew = (Choice(Use(code, anew=True), "button.start-anew"),)
        here_too = [(Choice(Use(code), "button.use-over"),)]
        if rest:
            here_too.append((Choice(Use(code, keep=True), "button.use-keep"),))
        rows += [anew, *here_too] if is_another(against) else [*here_too, anew]
        rows.append((Choice(_reading(code, question, trim=True), "button.trim"),))
    elif typed.facts:
        use = [Choice(Use(code), "button.use")]
        if place.session.answers:
            use.append(Choice(Use(code, anew=True), "button.use-anew"))
        rows.append(tuple(use))
        if more:
            rows.append((Choice(Use(code, alone=True), "button.use-alone"),))
        rows += [(Choice(_reading(code, question, trim=True), "button.trim"),)]
    rows.append((Choice(question or Do.TOPICS, "button.is-question"),))
    resting = {fact for one in against for fact in one.says} - relevant_facts(place.found).keys()
    clashing = {fact for clash in clashes for side in clash.sides for fact in side.said}
    context = {
        "typed": typed, "words": words, "cut": cut, "asked": asked, "against": against, "resting": resting,
        "another": is_another(against), "gate": not place.session.accepted, "clashes": clashes, "clashing": clashing,
        "left_out": left_out,
    }  # fmt: skip
    return View("read", context, (*rows, (BACK if place.session.accepted else TO_START,)))


def with_case(view: View, typed: TypedFacts) -> View:
    """The view with a button to what was read of the text as a case."""
    return replace(view, rows=(*view.rows[:-1], (Choice(Read(encode(typed)), "button.as-case"),), *view.rows[-1:]))


def by_the_case(view: View, place: Place) -> View:
    """The view for a question what to do: first the result of the open case, or that it takes a case."""
    own = place.found if place.in_case or place.session.answers else None
    start = ((Choice(Do.NEW, "button.start"),),) if own is None and place.session.accepted else ()
    context = {**view.context, "own": {"a": own}}
    if view.context["near"]:  # texts that match only some of its words do not answer it
        context["answers"] = ()
    return replace(view, context=context, rows=(*start, *view.rows))


def trim(typed: TypedFacts, question: Found | None) -> View:
    """The facts read from a typed text, with a button for each that takes it out."""
    out = [
        Choice(_reading(encode(typed.without({fact})), question), "button.take-out", f"out.{fact}")
        for fact in typed.facts
    ]
    context = {
        "typed": typed, "words": (), "cut": 0, "asked": None, "against": (), "resting": (), "another": False,
        "gate": False, "clashes": (), "clashing": (), "left_out": 0,
    }  # fmt: skip
    return View("read", context, (*in_rows(out), (Choice(_reading(encode(typed), question), "button.back"),)))


def _taking(side: Side, question: Found | None, same: bool) -> Choice:
    """The button that takes one side of a clash. same: whether the sides are values of one fact."""
    fact, possible = next(iter(side.said.items()))
    if side.grade:
        caption, fact, possible = "button.take-by-counts", "grade", side.grade
    else:
        caption = "button.take-as-stated" if fact == "grade" and not same else "button.take-side"
    action = _reading(encode(side.typed), question)
    if isinstance(possible, Values):
        return Choice(action, caption, f"value.{fact}.{next(iter(possible))}")
    return Choice(action, caption, said=(Said(fact, possible),))


def _reading(code: str, question: Found | None, *, trim: bool = False) -> Read:
    """The action, with as many of the answers to the question as fit a button."""
    codes = question.codes.split("+") if question else []
    while question and codes:
        action = Read(code, trim, Found("+".join(codes), question.near))
        if len(encode_action(action)) <= _ON_BUTTON:
            return action
        codes.pop()
    return Read(code, trim)


def _asking(facts: tuple[str, ...]) -> list[Question]:
    """The questions on the way that ask these facts."""
    return [q for q in ON_THE_WAY if q.id not in COUNTS and any(line.fact in facts for line in q.lines)]


def missing_count(found: Assessment) -> str:
    """The count that is not known, when the grade is needed and the other count is known; else empty."""
    counted = [count for count in COUNTS if count in found.case.known]
    if "grade" not in found.needed or len(counted) != 1:
        return ""
    return next(count for count in COUNTS if count not in counted)


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
