"""The templates, in one environment for screens and pictures, and the functions that they can call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import cache
from html import unescape
from itertools import groupby
from textwrap import wrap
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup, escape

from dialogs.labels import TEMPLATES, Labels, capitalised
from dialogs.papers import in_short
from dialogs.reported import heading
from dialogs.suggested import Suggested, not_known
from guideline import Evidence
from guideline.evidence import Reference, Statement
from guideline.glossary import glossary

_DOI = re.compile(r"\bdoi (10\.\d{4,9}/\S*[^\s.,;])")

_TAG, _FOLDED = re.compile(r"<[^>]*>"), re.compile(r"<blockquote expandable>.*?</blockquote>", re.DOTALL)

_LETTERS = 38
"""Letters in a line of a phone of 360 points, at the least."""

_ALIKE = 3
"""So many lines in a row that begin alike are grouped."""

_CONSTANT = ("stamp", "listed_statement", "cited", "marked", "errors_and_cited", "newer_note")
"""The macros of _parts.j2 whose text depends on the content only. They are rendered once for each argument."""


class _Context(Context):
    """Calls functions without checking whether they want the context, which none does."""

    def call(
        self, called: Callable[..., Any], /, *arguments: Any, _loop_vars: object = None, _block_vars: object = None,
        **named: Any,
    ) -> Any:  # fmt: skip
        return called(*arguments, **named)


class Templates(Environment):
    """Lets all templates share one table of globals. A chained copy for each would cost a fifth of the time of a
    screen.
    """

    context_class = _Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """See Environment."""
        return super().make_globals(d) if d else self.globals


def environment(evidence: Evidence, labels: Labels | None = None, **more: object) -> Environment:
    """The templates over this content. A template is read and compiled when it is first used; a test reads all of them.

    labels: of this content; by default of the content that comes with the program. more: further globals. Values are
    escaped, except in plain text (*.txt.j2).
    """
    labels = labels or Labels()
    env = Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters["capfirst"] = capitalised
    env.filters["place"] = place
    env.filters["in_short"] = in_short
    env.filters["linked"] = linked
    env.filters["lines"] = lines
    env.filters["grouped"] = grouped
    env.filters["number"] = lambda number: f"{number:g}"
    stand = _remembered(lambda ids: sections(evidence.statements[id_] for id_ in ids))
    suggested = Suggested(evidence, labels, stand)
    env.globals.update(
        label=labels,
        says=suggested.sentence,
        named=suggested.name,
        instead=suggested.instead,
        taken_back=suggested.taken_back,
        limits=suggested.limits,
        differs=suggested.differs,
        not_known=lambda found, fact: not_known(labels, found, fact),
        comes_with=suggested.comes_with,
        adjunct_name=suggested.adjunct_name,
        against_transplant=suggested.against_transplant,
        transplant_stands=suggested.transplant_stands,
        fitness=suggested.fitness,
        rfa_limits=suggested.rfa_limits,
        along=suggested.along,
        beside=lambda found, id_: suggested.adjunct(found, id_, brief=True)[0],
        clause=labels.clause,
        brief=labels.brief,
        if_changed=labels.changed,
        either=labels.either,
        turning_to=labels.turning,
        ago=labels.ago,
        amount=labels.amount,
        figure=labels.figure,
        timed=labels.timed,
        above=lambda part, found: heading(part, found, labels),
        bands=labels.bands,
        grades=labels.grades,
        evidence=evidence,
        sections=stand,
        references=lambda statement: references(evidence, statement),
        cite=_remembered(lambda ids: cite(evidence, labels, ids)),
        term=lambda id_: glossary().terms[id_],
        **more,
    )
    for name in _CONSTANT:
        env.globals[name] = _remembered(lambda argument=None, name=name: _part(env, name, argument))
    return env


def place(section: str) -> str:
    """How a section of the review is printed: `§5.1.3`, `Fig. 1`, `abstract`."""
    return f"§{section}" if section[0].isdigit() else section


def linked(text: str) -> Markup:
    """The text as HTML, with each `doi 10.…` as a link."""
    parts = _DOI.split(text)
    dois = [Markup('<a href="https://doi.org/{0}">doi {0}</a>').format(doi) for doi in parts[1::2]]
    return Markup("").join(part for pair in zip(map(escape, parts[::2]), [*dois, ""], strict=True) for part in pair)


def grouped(lines: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Lines by id, parted into what at least _ALIKE in a row begin with up to a colon, and their rests; without such a
    beginning: an empty text, and the lines as they are."""
    groups: list[tuple[str, dict[str, str]]] = []
    for beginning, of_it in groupby(lines.items(), lambda item: item[1].partition(": ")[0]):
        alike = dict(of_it)
        if len(alike) >= _ALIKE:
            groups.append((beginning, {id_: line.partition(": ")[2] for id_, line in alike.items()}))
        elif groups and not groups[-1][0]:
            groups[-1][1].update(alike)
        else:
            groups.append(("", alike))
    return groups


def lines(text: str) -> int:
    """About how many lines the HTML of a message takes on a phone of 360 points; a folded quotation shows three."""
    unfolded = _FOLDED.sub("three\nlines\nare", text)
    plain = unescape(_TAG.sub("", re.sub(r"\n\s*\n", "\n\n", unfolded))).strip()
    return sum(len(wrap(line, _LETTERS)) or 1 for line in plain.split("\n"))


def sections(statements: Iterable[Statement]) -> str:
    """The sections of the statements, each once: `§5.1.3, Fig. 1`."""
    return ", ".join(dict.fromkeys(place(statement.section) for statement in statements))


def cite(evidence: Evidence, labels: Labels, ids: Iterable[str]) -> str:
    """The sections of the statements and their references, as far as those were traced: `§5.1.1, ref. 58 confirmed,
    reference 52 of the review`. For figures, so it also says when no reference is given."""
    statements = [evidence.statements[id_] for id_ in ids]
    cited = dict.fromkeys(pair for statement in statements for pair in references(evidence, statement))
    vouched = [f"ref. {number} {labels(f'level.{found.level}')}" for number, found in cited if found]
    bare = [str(number) for number, found in cited if not found]
    parts = [sections(statements), *vouched]
    if bare:
        parts.append(labels("picture.only-numbers" if len(bare) > 1 else "picture.only-number", ", ".join(bare)))
    return ", ".join(parts if cited else [*parts, labels("picture.no-refs-given")])


def references(evidence: Evidence, statement: Statement) -> list[tuple[int, Reference | None]]:
    """The statement's reference numbers, each with what was traced of it; None: only the number may be printed."""
    return [(number, evidence.reference(number, statement.id)) for number in statement.refs]


def _part(env: Environment, name: str, argument: object) -> object:
    macro: Callable[..., object] = getattr(env.get_template("_parts.j2").module, name)
    return macro() if argument is None else macro(argument)


def _remembered(say: Callable[..., Any]) -> Callable[..., Any]:
    """The function with a cache. Its first argument may be a list of ids."""
    known = cache(say)

    def said(*arguments: Any) -> Any:
        if arguments and isinstance(arguments[0], list):
            arguments = (tuple(arguments[0]), *arguments[1:])
        return known(*arguments)

    return said
