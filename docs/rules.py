"""The rules page: every branch, its statements and its references, for a clinician to review and sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dialogs.words import place
from guideline import Evidence, Span, guideline
from guideline.case import CHOICES
from guideline.condition import Condition
from guideline.evidence import Statement
from guideline.rules import Rule
from guideline.tree import Edge
from guideline.values import Possible

_HEAD = """# The rules, for review

Written by `make docs` from `guideline/data/`; nothing here is typed by hand. Content {version}, from the review of
{year} ({review}, doi {doi}). **Not clinically reviewed.** A branch counts as reviewed once two clinicians have
signed it.

The same rules stand in [rules.dmn](rules.dmn), a file of the DMN 1.3 standard: Camunda Modeler opens it, and so does
[bpmn.io's editor](https://demo.bpmn.io/dmn) in a browser. DMN knows no "not known yet": its tables decide complete
cases. A changed copy can be tried: `python -m guideline compare changed.dmn` lists exactly the cases that it decides
otherwise.

![The headline's table in dmn-js](pictures/dmn.png)

| Reviewer | Role | Date | Signature |
|---|---|---|---|
| | | | |
| | | | |
"""


def rules() -> str:
    """The page as Markdown."""
    g = guideline()
    stamp = g.evidence.stamp
    parts = [_HEAD.format(version=stamp.version, year=stamp.year, review=stamp.review, doi=stamp.doi)]
    parts.append("## The way to a headline\n")
    for node in g.tree.nodes.values():
        parts.append(f"### {node.id}: asks `{node.fact}`\n")
        for edge in node.edges:
            parts += [f"- {_edge(node.fact, edge)} → **{edge.to}**", *_statements(g.evidence, edge.because)]
        parts.append("")
    parts.append("## The headlines\n")
    for headline, because in g.tree.headlines.items():
        parts.append(f"- **{headline}**")
        for id_ in because:
            only = g.tree.where[headline].get(id_)
            parts += _statements(g.evidence, [id_])
            parts += [f"        - only where {_facts(only.facts)}"] if only else []
        for id_, where in g.tree.limits[headline].items():
            parts += [*_statements(g.evidence, [id_]), f"        - as a limit, where {_facts(where.facts)}"]
    parts.append("\n## What comes with them\n")
    for rule in g.rules.adjuncts:
        parts += _rule(g.evidence, rule)
    parts.append("\n## Caveats\n")
    for rule in g.rules.caveats:
        parts += _rule(g.evidence, rule)
    parts.append("\n## Transplant\n")
    parts += [f"Weighed when {_condition(g.rules.considered)}.\n", *_statements(g.evidence, g.rules.transplant_because)]
    for rule in g.rules.criteria:
        parts += _rule(g.evidence, rule)
    parts.append(f"- no criterion, but it counts: {_condition(g.rules.against, ' or ')}")
    parts.append("\n## Newer sources\n")
    for update in g.rules.updates:
        ways = [_condition(condition) for condition in update.any_of] + [f"with `{update.with_}`"] * bool(update.with_)
        when = " or ".join(ways)
        never = f"; not once {_condition(update.unless_known, ' or ')}" if update.unless_known.facts else ""
        first = " or ".join(_condition(condition) for condition in update.first)
        before = f"; before the others when {first}" if first else ""
        parts.append(f"- **{update.note}** when {when}{never}{before}: {g.evidence.notes[update.note].title}")
    parts.append("\n## What to get for a missing fact\n")
    for item in g.workup.values():
        parts += [f"- `{item.fact}`, from {', '.join(item.source)}", *_statements(g.evidence, item.get)]
    return "\n".join(parts) + "\n"


def _rule(evidence: Evidence, rule: Rule) -> list[str]:
    when = _condition(rule.when)
    if rule.either:
        ways = " or ".join(f"({_condition(way.when)})" for way in rule.either)
        when = f"{when} and one of {ways}" if rule.when.facts else f"one of {ways}"
    unless = f", unless {_condition(rule.unless)}" if rule.unless else ""
    if rule.unless_known.facts:
        unless += f"; not once {_condition(rule.unless_known, ' or ')}"
    unless += "".join(f"; only while `{fact}` is not known" for fact in rule.unknown)
    lines = [f"- **{rule.id}** when {when}{unless}", *_statements(evidence, rule.because)]
    if rule.considers:
        lines.append(f"    - with the reported outcomes of **{rule.considers}**")
    for way in rule.either:
        if way.because:
            lines += [f"    - and when {_condition(way.when)}:", *_statements(evidence, way.because)]
    return lines


def _statements(evidence: Evidence, ids: Iterable[str]) -> list[str]:
    return [f"    - `{id_}` {_statement(evidence, evidence.statements[id_])}" for id_ in ids]


def _statement(evidence: Evidence, statement: Statement) -> str:
    refs = [_reference(evidence, statement, number) for number in statement.refs]
    section = place(statement.section)
    uncertain = f" *Reading uncertain: {statement.uncertain}*" if statement.uncertain else ""
    kind = "states" if statement.background else statement.kind
    return f"({section}, {kind}) {statement.text}{uncertain}" + (f" [{'; '.join(refs)}]" if refs else "")


def _reference(evidence: Evidence, statement: Statement, number: int) -> str:
    found = evidence.reference(number, statement.id)
    return f"{number} {found.level}" if found else f"{number} number only"


def _edge(fact: str, edge: Edge) -> str:
    return edge.band or _values(fact, edge.values)


def _condition(condition: Condition, joint: str = " and ") -> str:
    return _facts(condition.facts, joint) or "always"


def _facts(facts: Mapping[str, Possible], joint: str = " and ") -> str:
    return joint.join(f"`{fact}` is {_values(fact, values)}" for fact, values in facts.items())


def _values(fact: str, values: Possible) -> str:
    if isinstance(values, Span):
        low, high = ("[" if values.low_in else "("), ("]" if values.high_in else ")")
        return f"in {low}{values.low:g}, {values.high:g}{high}"
    order = CHOICES.get(fact, tuple(sorted(values, key=str)))
    return " or ".join(str(value) for value in order if value in values)
