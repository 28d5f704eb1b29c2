"""The decision tables as a DMN 1.3 file (`python -m guideline export dmn`)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from guideline.assess import Guideline
from guideline.case import CHOICES, NUMBERS
from guideline.dmn import NULL, Cells, Decision, Formula, Row, Table, decisions
from guideline.values import EVERY_NUMBER, Possible, Span

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DRAWN = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_DI = "http://www.omg.org/spec/DMN/20180521/DI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"

_ANNOTATIONS = ("Section", "Statements", "References")
_WIDE, _HIGH, _APART = 180, 60, 40
_A_ROW = 6


def export(content: Guideline) -> bytes:
    """The file. The same content gives the same bytes."""
    for prefix, space in (("", MODEL), ("dmndi", _DRAWN), ("di", _DI), ("dc", _DC)):
        ElementTree.register_namespace(prefix, space)
    found = decisions(content)
    stamp = content.evidence.stamp
    root = ElementTree.Element(
        _tag("definitions"),
        {"id": "nen-lm", "name": f"NEN-LM guide, content {stamp.version}", "namespace": f"https://doi.org/{stamp.doi}"},
    )
    _text(root, "description", _about(content))
    inputs = _inputs(found)
    for fact in inputs:
        data = _child(root, "inputData", id=fact, name=fact)
        _text(data, "description", _takes(fact))
        _child(data, "variable", id=f"{fact}_value", name=fact, typeRef=_type(fact))
    for decision in found:
        _decision(content, root, decision)
    _draw(root, found, inputs)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _about(content: Guideline) -> str:
    stamp = content.evidence.stamp
    return (
        f"An educational reading of one review: {stamp.review}, {stamp.year}, doi {stamp.doi}. Not clinically "
        f"reviewed. Content version {stamp.version}. DMN knows no 'not known yet': these tables decide complete "
        "cases; the program itself also says what is still possible and what is needed. A fact that is empty (null) "
        "is one that is not known. References are named only as far as the review's lost list could be traced."
    )


def _decision(content: Guideline, root: ElementTree.Element, decision: Decision) -> None:
    element = _child(root, "decision", id=decision.name, name=decision.name)
    if decision.about:
        _text(element, "description", decision.about)
    gives = decision.gives if isinstance(decision, Table) else "string"
    _child(element, "variable", id=f"{decision.name}_value", name=decision.name, typeRef=gives)
    for name in _required(decision):
        own = _child(element, "informationRequirement", id=f"{decision.name}_needs_{name}")
        kind = "requiredInput" if name in CHOICES or name in NUMBERS else "requiredDecision"
        _child(own, kind, href=f"#{name}")
    if isinstance(decision, Formula):
        expression = _child(element, "literalExpression", id=f"{decision.name}_expression")
        _text(expression, "text", decision.expression)
        return
    _table(content, element, decision)


def _table(content: Guideline, element: ElementTree.Element, table: Table) -> None:
    own = _child(element, "decisionTable", id=f"{table.name}_table", hitPolicy=table.hit_policy)
    for number, column in enumerate(table.columns):
        entry = _child(own, "input", id=f"{table.name}_input_{number}", label=_plain(column))
        expression = _child(entry, "inputExpression", id=f"{table.name}_asks_{number}", typeRef=_type(column))
        _text(expression, "text", column)
        if column in CHOICES and _type(column) == "string":
            values = _child(entry, "inputValues", id=f"{table.name}_values_{number}")
            _text(values, "text", ",".join(f'"{value}"' for value in CHOICES[column]))
    _child(own, "output", id=f"{table.name}_output", label=_plain(table.name), name=table.name, typeRef=table.gives)
    for name in _ANNOTATIONS:
        _child(own, "annotation", name=name)
    for number, row in enumerate(table.rows):
        _row(content, own, table, row, f"{table.name}_{number + 1}")


def _row(content: Guideline, own: ElementTree.Element, table: Table, row: Row, id_: str) -> None:
    rule = _child(own, "rule", id=id_)
    _text(rule, "description", _words(table, row.cells) + _carried(content, row))
    for number, cell in enumerate(row.cells):
        entry = _child(rule, "inputEntry", id=f"{id_}_in_{number}")
        _text(entry, "text", feel(table.columns[number], cell))
    _text(_child(rule, "outputEntry", id=f"{id_}_out"), "text", row.result)
    statements = [content.evidence.statements[id_] for id_ in row.because]
    sections = dict.fromkeys(statement.section for statement in statements)
    references = {
        number: content.evidence.reference(number, statement.id)
        for statement in statements
        for number in statement.refs
    }
    references_in_words = [
        f"{number}: {reference.citation} ({reference.level})" if reference else f"{number}: number only"
        for number, reference in sorted(references.items())
    ]
    parts = (
        ", ".join(map(_place, sections)),
        ", ".join(row.because),
        "; ".join(references_in_words),
    )
    for part in parts:
        _text(_child(rule, "annotationEntry"), "text", part)


def _carried(content: Guideline, row: Row) -> str:
    """What the review says about the result, to follow the conditions."""
    if not row.first:
        return ""
    statement = content.evidence.statements[row.first]
    return f" → {statement.text} [{_place(statement.section)}]"


def _place(section: str) -> str:
    return section if section[0] in "Fa" else f"§{section}"


def feel(column: str, cell: tuple[Possible, ...]) -> str:
    """A cell as FEEL's unary tests: `"G1","G2"`, `>= 90`, `(3..5]`, `null`, or `-` for everything."""
    return ",".join(_feel(column, part) for part in cell) or "-"


def _feel(column: str, part: Possible) -> str:
    if isinstance(part, Span):
        if part.single:
            return f"{part.low:g}"
        whole = NUMBERS[column][0] if column in NUMBERS else EVERY_NUMBER
        part = part.both(whole)
        if part.low == whole.low:
            return f"{'<=' if part.high_in else '<'} {part.high:g}"
        if part.high == whole.high:
            return f"{'>=' if part.low_in else '>'} {part.low:g}"
        return f"{'[' if part.low_in else '('}{part.low:g}..{part.high:g}{']' if part.high_in else ')'}"
    return ",".join(_literal(value) for value in _ordered(column, part))


def _literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if value in NULL else f'"{value}"'


def _ordered(column: str, values: frozenset[str | bool]) -> list[str | bool]:
    """The values in the order of the fact; others come last."""
    order = CHOICES.get(column, ())
    return sorted(values, key=lambda value: (order.index(value) if value in order else len(order), str(value)))


def _words(table: Table, cells: Cells) -> str:
    """The row's conditions in plain words."""
    named = [
        f"{_plain(column)}: {_said(column, cell)}" for column, cell in zip(table.columns, cells, strict=True) if cell
    ]
    return "; ".join(named) or "in every case"


def _said(column: str, cell: tuple[Possible, ...]) -> str:
    return " or ".join(_said_of(column, part) for part in cell)


def _said_of(column: str, part: Possible) -> str:
    if isinstance(part, frozenset):
        words = {True: "yes", False: "no", "null": "not known"}
        return " or ".join(str(words.get(value, value)).replace("_", " ") for value in _ordered(column, part))
    test = _feel(column, part)
    for sign, word in ((">=", "at least"), ("<=", "at most"), (">", "over"), ("<", "under")):
        if test.startswith(sign):
            return test.replace(sign, word)
    if part.single:
        return test
    low, high = ("" if part.low_in else "over "), ("" if part.high_in else "under ")
    return f"{low}{part.low:g} to {high}{part.high:g}"


def _plain(name: str) -> str:
    return name.replace("count(transplant_criteria)", "transplant criteria met").replace("_", " ")


def _takes(fact: str) -> str:
    if fact in NUMBERS:
        return NUMBERS[fact][1]
    return "yes or no" if _type(fact) == "boolean" else " or ".join(map(str, CHOICES[fact]))


def _type(name: str) -> str:
    if name in NUMBERS or name.startswith("count("):
        return "number"
    if name in CHOICES:
        return "boolean" if set(CHOICES[name]) == {True, False} else "string"
    return "string" if name == "headline" else "boolean"


def _inputs(found: Iterable[Decision]) -> list[str]:
    columns = [column for decision in found if isinstance(decision, Table) for column in decision.columns]
    return [fact for fact in (*CHOICES, *NUMBERS) if fact in columns]


def _required(decision: Decision) -> list[str]:
    """The facts and decisions in its conditions and results."""
    columns = decision.columns if isinstance(decision, Table) else ()
    return [*(column.removeprefix("count(").removesuffix(")") for column in columns), *decision.requires]


def _draw(root: ElementTree.Element, found: tuple[Decision, ...], inputs: list[str]) -> None:
    """Draw the boxes: the facts in rows at the bottom, each decision above what it requires."""
    level_of: dict[str, int] = {}
    needs: dict[str, list[str]] = {}
    for decision in found:
        needs[decision.name] = names = _required(decision)
        level_of[decision.name] = 1 + max((level_of.get(name, 0) for name in names), default=0)
    levels = max(level_of.values())
    places: dict[str, tuple[int, int]] = {}
    for level in range(1, levels + 1):
        for column, name in enumerate(name for name, own in level_of.items() if own == level):
            places[name] = column * (_WIDE + _APART), (levels - level) * 3 * _HIGH
    for number, name in enumerate(inputs):
        row, column = divmod(number, _A_ROW)
        places[name] = column * (_WIDE + _APART), levels * 3 * _HIGH + row * 2 * _HIGH
    drawing = ElementTree.SubElement(root, f"{{{_DRAWN}}}DMNDI")
    diagram = ElementTree.SubElement(drawing, f"{{{_DRAWN}}}DMNDiagram", {"id": "diagram"})
    for name, (x, y) in places.items():
        shape = ElementTree.SubElement(diagram, f"{{{_DRAWN}}}DMNShape", {"id": f"{name}_box", "dmnElementRef": name})
        bounds = {"x": x, "y": y, "width": _WIDE, "height": _HIGH}
        ElementTree.SubElement(shape, f"{{{_DC}}}Bounds", {key: str(value) for key, value in bounds.items()})
    for name, names in needs.items():
        for other in names:
            own = {"id": f"{name}_from_{other}", "dmnElementRef": f"{name}_needs_{other}"}
            edge = ElementTree.SubElement(diagram, f"{{{_DRAWN}}}DMNEdge", own)
            for x, y in ((places[other][0] + _WIDE // 2, places[other][1]), _below(places[name])):
                ElementTree.SubElement(edge, f"{{{_DI}}}waypoint", {"x": str(x), "y": str(y)})


def _below(place: tuple[int, int]) -> tuple[int, int]:
    return place[0] + _WIDE // 2, place[1] + _HIGH


def _child(parent: ElementTree.Element, tag: str, /, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, _tag(tag), attributes)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    _child(parent, name).text = text


def _tag(name: str) -> str:
    return f"{{{MODEL}}}{name}"
