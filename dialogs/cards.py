"""The views of the start screen, of the example, of the fixed pages and of a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.actions import Do, Link, Open, Picture, Room, Use
from dialogs.place import Place
from dialogs.questions import COUNTS, OFFERED, ON_THE_WAY, Question
from dialogs.session import Answers
from dialogs.summary import parted, set_aside, summary, without_effect
from dialogs.typed_facts import TypedFacts, encode
from dialogs.view import Choice, View
from guideline import UNDETERMINED, Assessment, Evidence
from guideline.assess import Workup

_OFFERED_AT_ONCE = 2
"""Questions that a result offers on its card at most; the others are behind More."""

_ENTERED_AT_ONCE = 4
"""Missing answers that a work-up has buttons for at most."""

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
        rows = [(practice if to_practice else begin(place),), example]
    elif place.session.answers:
        rows = [(Choice(Do.RESUME, "button.resume"), Choice(Do.NEW, "button.new"))]
        decided, _ = parted(summary(place.found), place.found)
        asked = place.session.open or (place.due.id if place.due else "")
        context = {
            "in_case": True, "a": place.found, "summary": decided, "asked": asked, "idle_minutes": place.idle_minutes,
        }  # fmt: skip
    else:
        rows = [(Choice(Do.NEW, "button.start"), *example)]
    card = (Choice(Picture("pocket"), "button.pocket"), Choice(Picture("pocket-pdf"), "button.pocket-pdf"))
    rows.append((Choice(Do.TOPICS, "button.look"),))
    if place.session.accepted:
        rows.append((Choice(Do.PRACTICE, "button.practice"),))
    rows += [card, (Choice(Do.ABOUT, "button.about"),)]
    return View("home" if place.session.accepted else "start", context, tuple(rows))


def begin(place: Place) -> Choice:
    """The button through the gate, to a case of one's own or to the one that a link brought."""
    return Choice(Do.BEGIN, "button.begin-shared" if place.session.shared else "button.begin")


def example(typed: TypedFacts, place: Place) -> View:
    """The example case with the taps that lead through it. It cannot be begun while a case is open. typed: its
    facts."""
    accepted, in_case = place.session.accepted, bool(place.session.answers)
    rows: list[tuple[Choice, ...]] = []
    if not accepted:
        rows = [(begin(place),)]
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
    context["shown_newer"] = newer_on_card(found, newer_notes(evidence, found))
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


def _on_card(found: Assessment) -> dict[str, str]:
    """The statements to show under the first sentence, where it does not tell them; the others are left to Why. Each
    with the label of what of this case is other than the statement has it, which may be empty.

    The statement on chemotherapy is told by the sentence once the tumour is known to be one that it speaks of. That on
    local effects is about tumours without hormones, so it is left out where those are the reason.
    """
    poor = found.known.get("differentiation") == frozenset({"poor"})
    for_hormones = "debulking-refractory-symptoms" in found.carrying
    functioning = found.known.get("hormonal_symptoms") == frozenset({True})
    shown: dict[str, str] = {}
    if not for_hormones:
        shown["debulking-local-effects"] = "yours.functioning" if functioning else ""
    if not poor:
        shown["g3-chemotherapy"] = ""
    return {id_: shown[id_] for id_ in found.carrying if id_ in shown}


_NEWER_ON_CARD = 3
"""Newer-source notes that a card names at most; a long card names fewer."""


def newer_on_card(found: Assessment, newer: list[str]) -> list[str]:
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


def _asking(facts: tuple[str, ...]) -> list[Question]:
    """The questions on the way that ask these facts."""
    return [q for q in ON_THE_WAY if q.id not in COUNTS and any(line.fact in facts for line in q.lines)]


def missing_count(found: Assessment) -> str:
    """The count that is not known, when the grade is needed and the other count is known; else empty."""
    counted = [count for count in COUNTS if count in found.case.known]
    if "grade" not in found.needed or len(counted) != 1:
        return ""
    return next(count for count in COUNTS if count not in counted)
