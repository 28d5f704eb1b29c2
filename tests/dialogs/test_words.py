"""The words stand in templates/ and nowhere else: what can be asked for is there, and what is there is used."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import dialogs
from dialogs.case_code import Unreadable
from dialogs.conversation import COMMANDS
from dialogs.labels import TEMPLATES, Labels
from dialogs.lookup import CHANGED
from dialogs.questions import COUNTS, LINES, OFFERED, QUESTIONS, UNKNOWN
from dialogs.suggested import BILOBAR, IN_PART
from guideline import UNDETERMINED, Span, guideline
from guideline.case import CHOICES, FACTS, NUMBERS
from guideline.evidence import KINDS, LEVELS, TOPICS
from guideline.values import Values

ROOM = Path(dialogs.__file__).parent
CODE = {path.relative_to(ROOM).as_posix(): path.read_text("utf-8") for path in sorted(ROOM.rglob("*.py"))}
WORDS = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in sorted(TEMPLATES.rglob("*.j2"))}
LABELS: dict[str, Any] = tomllib.loads((TEMPLATES / "labels.toml").read_text("utf-8"))
CONTENT = guideline()
SINGLE = [question for question in QUESTIONS.values() if not question.is_checklist]
LISTED = [line for question in QUESTIONS.values() if question.is_checklist for line in question.lines]

BY_ID: dict[str, set[str]] = {
    "line": {line.id for line in LISTED},
    "question": set(QUESTIONS),
    "offer": {question.id for question in OFFERED},
    "asks": {question.id for question in OFFERED},
    "asks-which": set(IN_PART),
    "fact-which": set(IN_PART),
    "fact": {*CONTENT.tree.facts, *COUNTS},
    "cue": set(QUESTIONS),
    "out": set(FACTS),
    "fact-name": set(FACTS),
    "number": set(NUMBERS),
    "headline": {*CONTENT.tree.headlines, UNDETERMINED},
    "short": set(CONTENT.tree.headlines),
    "adjunct": {rule.id for rule in CONTENT.rules.adjuncts},
    "criterion": {rule.id for rule in CONTENT.rules.criteria},
    "transplant": {"eligible", "not-eligible", "undetermined"},
    "criterion-state": {"met", "not met", "unknown"},
    "note": set(CONTENT.evidence.notes),
    "get": {*COUNTS, *(id_ for item in CONTENT.workup.values() for id_ in item.get)},
    "caveat": {rule.id for rule in CONTENT.rules.caveats},
    "caveat-brief": {rule.id for rule in CONTENT.rules.caveats},
    "limit-brief": {id_ for statements in CONTENT.tree.limits.values() for id_ in statements}
    | {rule.id for rule in CONTENT.rules.adjuncts if "largest_lesion_cm" in rule.when.facts}
    | {BILOBAR},
    "sweep": {question.id for question in QUESTIONS.values() if question.is_checklist},
    "alone": {line.id for question in QUESTIONS.values() if question.alone for line in question.lines},
    "who": {id_ for item in CONTENT.workup.values() for id_ in item.source},
    "kind": set(KINDS),
    "level": set(LEVELS),
    "read": {"record", "second-hand", "not-read"},
    "command": set(COMMANDS),
    "unreadable": {why.value for why in Unreadable},
    "topic": {*TOPICS, CHANGED},
}
"""The tables whose labels are asked for by an id, with all the ids there are."""


@pytest.mark.parametrize("table", BY_ID)
def test_there_is_a_label_for_every_id_and_for_nothing_else(table: str) -> None:
    assert set(LABELS[table]) == BY_ID[table]


def test_there_is_a_caption_for_every_option_and_for_nothing_else() -> None:
    options = [(question.id, *option) for question in SINGLE for option in question.lines[0].options.items()]
    named = {(id_, name) for id_, name, means in options if name != UNKNOWN and not isinstance(means, Span)}
    assert {(id_, name) for id_, table in LABELS["option"].items() for name in table} == named
    assert set(LABELS["option-number"]) == {id_ for id_, _, means in options if isinstance(means, Span)}


def test_only_headlines_have_a_sentence_with_which_their_result_opens_and_none_repeats_the_name() -> None:
    assert set(LABELS["suggests"]) <= set(CONTENT.tree.headlines)
    assert [id_ for id_, said in LABELS["suggests"].items() if said == LABELS["headline"][id_]] == []


def test_every_answer_that_can_be_changed_has_its_words() -> None:
    asked = {line.fact for question in SINGLE for line in question.lines} - {"grade", "pattern"}  # say it themselves
    named = {fact if fact in NUMBERS else f"{fact}-{value}" for fact in asked for value in CHOICES.get(fact, ("",))}
    assert {name for name in named if not name.endswith("-unknown")} <= set(LABELS["answer"])


def test_there_are_words_for_every_way_a_line_can_stand_and_for_nothing_else() -> None:
    stands = {line.id: set(line.options) for line in LISTED}
    assert {id_: set(table) for id_, table in LABELS["stand"].items()} == stands


def test_there_is_a_clause_for_everything_that_can_be_known_of_a_fact_and_for_nothing_else() -> None:
    said = {(line.fact, possible) for line in LINES.values() for possible in line.options.values() if possible}
    said |= {(node.fact, edge.values) for node in CONTENT.tree.nodes.values() for edge in node.edges}
    said |= {("grade", Values({"G2", "G3"}))}  # by one count alone
    said |= {(fact, Values({value})) for fact, values in CHOICES.items() for value in values}
    asked: dict[str, set[str]] = {fact: set() for fact in CHOICES}
    for fact, possible in said:
        if isinstance(possible, frozenset):
            asked[fact].add("-or-".join(str(value) for value in CHOICES[fact] if value in possible))
    assert {fact: set(table) for fact, table in LABELS["value"].items()} == asked


def test_every_macro_is_used_and_no_template_imports_one_that_it_does_not_use() -> None:
    imported = re.compile(r"{% from \S+ import ([^%]+) %}")
    used = {file: set(re.findall(r"(?<!macro )\b(\w+)\(", imported.sub("", text))) for file, text in WORDS.items()}
    defined = {name for text in WORDS.values() for name in re.findall(r"{%-? macro (\w+)", text)}
    wanted = {
        (file, name) for file, text in WORDS.items() for line in imported.findall(text) for name in line.split(", ")
    }

    assert len(defined) > 20
    assert sorted(name for file, name in wanted if name not in used[file]) == []
    assert defined - set().union(*used.values()) == set()


def _said(band: str) -> str:
    """A band of numbers as its caption has to say it, without the unit."""
    parts = re.fullmatch(r"(<=|<|>=|>|)(\d+)(?:-(<?)(\d+))?", band)
    assert parts, band
    sign, low, below, high = parts.groups()
    if high:
        return f"Over {low} to {high}" if sign else f"{low} to under {high}" if below else f"{low}–{high}"
    return {"<": f"Under {low}", "<=": f"Up to {low}", ">": f"Over {low}", ">=": f"At least {low}"}[sign]


def test_the_caption_of_a_band_says_the_band_with_its_ends_as_they_are() -> None:
    bands = [(line.id, name) for line in LINES.values() for name in line.options if name[0] in "<>0123456789"]
    assert len(bands) >= 17
    for id_, band in bands:
        assert re.sub(r" (?:%|cm|months)", "", Labels()(f"option.{id_}.{band}")) == _said(band), id_


def test_a_caption_says_no_where_the_answer_is_no_and_names_the_type_and_grade_it_stands_for() -> None:
    for table, captions in LABELS["option"].items():
        for option, caption in captions.items():
            if option in ("yes", "no"):
                assert caption.split(",")[0].lower() == option, table
            elif option.endswith("-nearest"):
                assert caption.endswith(f"Type {option.removesuffix('-nearest')}")
            elif table in ("grade", "pattern") and option != "count":
                assert re.split(r"\W", caption)[0] == option
    for line, stands in LABELS["stand"].items():
        good, bad = ("met", "unmet") if "met" in stands else ("yes", "no")
        assert not re.search(r"\b(?:no|not|un\w+)\b", stands[good]), line
        assert re.search(r"\b(?:no|not|un\w+)\b", stands[bad]), line


def test_the_clause_of_what_is_not_so_is_the_one_that_denies() -> None:
    for fact, clauses in LABELS["value"].items():
        if set(clauses) == {"True", "False"}:
            denied = {value: len(re.findall(r"\b(?:no|not|without)\b", clauses[value])) for value in clauses}
            more = max(denied, key=lambda value: denied[value])
            assert denied["True"] != denied["False"], fact
            assert more == ("True" if fact == "refractory_symptoms" else "False"), fact  # refractory: not controlled


def _paths(table: dict[str, Any], prefix: str) -> list[str]:
    return [
        path
        for key, value in table.items()
        for path in (_paths(value, f"{prefix}.{key}") if isinstance(value, dict) else [f"{prefix}.{key}"])
    ]


def _is_asked(path: str) -> bool:
    """Whether the path stands in the code or a template, as a whole or as a beginning that an id follows."""
    sources = [*CODE.values(), *WORDS.values()]
    stem = path.rsplit(".", 1)[0]
    dynamic = (f'"{stem}." ~', f'"{stem}." +', f'f"{stem}.{{', f"f'{stem}.{{")
    return any(
        f'"{path}"' in source or f"'{path}'" in source or any(d in source for d in dynamic) for source in sources
    )


@pytest.mark.parametrize("table", sorted(set(LABELS) - set(BY_ID) - {"option", "stand", "value"}))
def test_every_label_is_asked_for_by_the_code_or_a_template(table: str) -> None:
    assert [path for path in _paths(LABELS[table], table) if not _is_asked(path)] == []


def test_every_label_that_is_named_in_the_code_or_a_template_is_there() -> None:
    there = {path for table in LABELS for path in _paths(LABELS[table], table)}
    tables = "|".join(map(re.escape, LABELS))
    named = re.compile(rf"""["']((?:{tables})\.[\w.-]+[\w])["']""")
    for name, source in (CODE | WORDS).items():
        for path in named.findall(source):
            assert path in there or path.endswith(("j2", "toml", "png", "pdf")), f"{name}: {path}"


def test_every_template_is_used() -> None:
    for name in WORDS:
        folder, _, file = name.rpartition("/")
        stem = file.split(".")[0]
        if folder == "ask":
            assert stem in QUESTIONS, name
        else:
            named = [f'"{stem}"', f'"{name}"', f'"{file}"', f'"{name.removesuffix(".j2")}"', f"/{file}", f"/{stem}"]
            named.append(f'"{stem.rpartition("-")[0]}-{{')  # a family, by an id
            elsewhere = [text for other, text in (CODE | WORDS).items() if other != name]
            assert any(word in text for word in named for text in elsewhere), name


def test_every_question_has_its_words() -> None:
    assert {name.removeprefix("ask/").removesuffix(".j2") for name in WORDS if name.startswith("ask/")} == set(
        QUESTIONS
    )


@pytest.mark.parametrize("name", CODE)
def test_no_wording_stands_in_the_code(name: str) -> None:
    tree = ast.parse(CODE[name])
    apart: set[int] = set()
    for node in ast.walk(tree):
        is_pattern = isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        if isinstance(node, ast.Raise | ast.Assert) or is_pattern:
            apart |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            apart.add(id(node.value))
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in apart]
    assert [text for text in texts if isinstance(text, str) and re.search(r"\w+ \w+ \w+", text)] == []


def test_no_label_holds_html_or_an_emoji() -> None:
    for text in re.findall(r'"([^"]*)"', (TEMPLATES / "labels.toml").read_text("utf-8")):
        assert not re.search(
            "[<>&]|[\u2600-\u2712\u2714-\u27bf\U0001f000-\U0001ffff]", re.sub(r"^[<>]=?\d+|^>?\d+-<?\d+", "", text)
        ), text
