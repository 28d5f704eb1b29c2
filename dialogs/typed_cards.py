"""The views of what was read of a typed text: its facts to use, to take out or to choose from, beside an open case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from dialogs.actions import BeginWith, Do, Found, Read, Use
from dialogs.actions import encode as encode_action
from dialogs.against import Against, is_another
from dialogs.cards import BACK, TO_START, begin, in_rows
from dialogs.clashes import Clash, Side
from dialogs.lookup import Line
from dialogs.place import Place
from dialogs.summary import Said, relevant_facts
from dialogs.typed_facts import TypedFacts, encode
from dialogs.view import Choice, View
from guideline import Assessment
from guideline.values import Values

_ON_BUTTON = 56
"""Characters of an encoded action at most, so that a button holds it with a revision."""


class Asked(NamedTuple):
    """The answer to a text that has both a case and a question. found: the assessment of the facts that were read; None
    when the text may be only key words. lines: the answers, each in a line. added: whether the facts of the open case
    were added. first: whether it stands above the facts. gap: the line that says that what is asked is not covered; may
    be empty."""

    found: Assessment | None
    lines: Sequence[Line]
    added: bool = False
    first: bool = False
    gap: str = ""


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
        rows += in_rows(sides, 1)
    if not place.session.accepted:
        rows.append((Choice(BeginWith(code), "button.begin-with") if typed.facts else begin(place),))
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
    context = _context(
        typed, words=words, cut=cut, asked=asked, against=against, resting=resting, another=is_another(against),
        gate=not place.session.accepted, clashes=clashes, left_out=left_out,
    )  # fmt: skip
    return View("read", context, (*rows, (BACK if place.session.accepted else TO_START,)))


def _context(
    typed: TypedFacts,
    *,
    words: Sequence[str] = (),
    cut: int = 0,
    asked: Asked | None = None,
    against: Sequence[Against] = (),
    resting: Collection[str] = (),
    another: bool = False,
    gate: bool = False,
    clashes: Sequence[Clash] = (),
    left_out: int = 0,
) -> dict[str, object]:
    """What the card of a typed text says; by default only its facts."""
    clashing = {fact for clash in clashes for side in clash.sides for fact in side.said}
    return {
        "typed": typed, "words": words, "cut": cut, "asked": asked, "against": against, "resting": resting,
        "another": another, "gate": gate, "clashes": clashes, "clashing": clashing, "left_out": left_out,
    }  # fmt: skip


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
    return View("read", _context(typed), (*in_rows(out), (Choice(_reading(encode(typed), question), "button.back"),)))


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
