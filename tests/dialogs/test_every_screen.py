"""Every screen of telling cases: what Telegram takes, what fits a phone, and where each number stands.

For each headline some cases, each of which shows something new; of each, every screen that lies behind its result.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from random import Random

import pytest

from dialogs.conversation import COMMANDS, About, Conversation
from dialogs.labels import TEMPLATES, Labels
from dialogs.render import utf16
from dialogs.session import Session
from dialogs.side_by_side import possible
from dialogs.view import Screen, Show
from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Talk, begun, random_way

pytestmark = pytest.mark.slow

ROOMS = ("go.classify", "go.bilobar")
"""The rooms of a question."""

MENUS = ("go.add", "go.change", "go.hand", "go.more", *ROOMS)
"""The taps behind a result that show questions or further buttons and say nothing of the review's."""

ABOUT = About(retention_hours=24, owner_contact="the ward's pharmacy")
EVIDENCE = guideline().evidence
LABELS = Labels()

_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001ffff]")
_ORDERS = re.compile(
    r"^\W*(?:resect|give|start|stop|operate|perform|do|use|avoid|administer|treat|refer|remove|offer|consider)\b",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"https://t\.me/\S+|/start \S+")
"""A case code is no number of the review's."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PLACES = re.compile(
    r"§[\d.]+(?: and [\d.]+)?|Fig(?:\.|ure)\s1|\bI-\d+|\b[GR][0-3]\b|Step \d|about 4 steps|and \d+ more"
    r"|The first of \d+ on|\+\d+\]|\d+ (?:not )?(?:met|known)\b"
    r"|ECOG 0–2|ref\. \d+|references? \d+(?:, \d+)* of the review|[Cc]ontent \d{4}\.\d+"
)


@pytest.fixture(scope="module")
def first() -> Conversation:
    """Not the one that other tests share: an application may have given it the bot's name."""
    return Conversation(about=ABOUT)


@pytest.fixture(scope="module")
def fresh() -> Conversation:
    return Conversation(about=ABOUT)


Shown = list[tuple[str, Screen, Assessment]]


def behind(talk: Talk) -> Iterator[tuple[str, Talk]]:
    """Every screen that looking around and opening questions leads to, by the tap that shows it; answers nothing."""
    waiting = deque([("", talk)])
    met = {""}
    while waiting:
        action, here = waiting.popleft()
        yield action, here
        for further in here.actions:
            if further.startswith(("go.", "e.", "if.")) and further not in met:
                met.add(further)
                waiting.append((further, Talk(here.conversation, here.session).forges(further)))


def screens_of(headline: str, conversation: Conversation, number: int) -> Shown:
    return [
        (action, talk.screen, found)
        for answers, found in telling(headline, number)
        for action, talk in behind(Talk(conversation, session_of(answers)))
    ]


@pytest.fixture(scope="module", params=HEADLINES)
def headline(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shown(headline: str, first: Conversation) -> Shown:
    return screens_of(headline, first, 6)


def check_form(screen: Screen) -> None:
    """What Telegram takes and a phone shows."""
    plain, entities = parse_html(screen.text)
    assert plain
    assert utf16(screen.text) <= 4096
    assert screen.text.count("</") == len(entities) <= 100
    assert "\n\n\n" not in screen.text
    assert not _EMOJI.search(screen.text)
    captions = [button.caption for row in screen.rows for button in row]
    assert len(set(captions)) == len(captions), captions
    for row in screen.rows:
        limit = {1: 34, 2: 17}.get(len(row), 12)
        for button in row:
            assert 0 < len(button.caption) <= limit, button.caption
            assert not _EMOJI.search(button.caption.removeprefix("✓ "))  # what was chosen; the first line says it too
            assert "{" not in button.caption
            assert [bool(button.action), bool(button.copy), bool(button.url)].count(True) == 1
            assert not button.url or button.url.startswith("https://")
            assert button.action.isascii()
            assert not button.action.startswith(".")
            assert len(button.action) <= 48
            assert len(button.copy) <= 256
            assert not button.copy or "not clinically reviewed" in button.copy or _CODE.fullmatch(button.copy)


def test_every_screen_is_valid_for_telegram_and_fits_a_phone(shown: Shown) -> None:
    for action, screen, _ in shown:
        try:
            check_form(screen)
        except (AssertionError, ValueError) as error:
            raise AssertionError(f"{action}: {error}\n{screen.text}") from error


def reports(screen: Screen) -> list[str]:
    """The buttons that report a problem, as their actions, wherever they stand."""
    return [button.action for row in screen.rows for button in row if button.action.startswith("report")]


def test_every_card_has_a_button_to_report_a_problem_last_and_once_and_no_question_has_it(
    headline: str, shown: Shown
) -> None:
    for action, screen, found in shown:
        if action.startswith("e.") or action in ROOMS:
            assert reports(screen) == [], action
            continue
        if not action:  # that of the result stands under More
            assert reports(screen) == []
            assert any(button.action == "go.more" for button in screen.rows[-1])
            continue
        if opened := re.fullmatch(r"go\.newer\.(\d+)", action):
            notes = [id_ for id_ in found.updates if not EVIDENCE.notes[id_].reading]
            assert reports(screen) == [f"report.note.{notes[int(opened[1]) - 1]}"], action
            continue
        room = "result" if action == "go.more" else "compare" if action[:3] == "if." else action.split(".")[1]
        result = "workup" if headline == UNDETERMINED else headline
        node = "workup" if room == "result" and headline == UNDETERMINED else f"{room}.{result}"
        assert reports(screen) == [f"report.{node}"], action
        (button,) = screen.rows[-1]
        assert button.caption == LABELS("button.report")


def test_every_screen_is_the_same_byte_for_byte_in_another_run(
    headline: str, shown: Shown, fresh: Conversation
) -> None:
    again = [(action, screen) for action, screen, _ in screens_of(headline, fresh, 2)]
    assert again == [(action, screen) for action, screen, _ in shown[: len(again)]]


def test_a_result_suggests_and_never_orders(shown: Shown) -> None:
    for action, screen, _ in shown:
        if not action.startswith("e.") and action not in MENUS:
            plain, _ = parse_html(screen.text)
            assert not _ORDERS.search(plain), plain


def test_every_card_says_how_old_its_source_is_and_that_nobody_reviewed_it(shown: Shown) -> None:
    stamp = EVIDENCE.stamp
    for action, screen, _ in shown:
        if not action.startswith("e.") and action not in MENUS:
            words = f"{stamp.year} review, retrospective series and consensus"
            checked = f"newer sources last checked: {EVIDENCE.checked}"
            foot = f"<i>{words} · {checked} · content {stamp.version} · not clinically reviewed</i>"
            if action == "go.senior":  # plain text, to be sent on; the link stands behind it
                foot = f"content {stamp.version} · not clinically reviewed"
            assert screen.text.partition("\n\nhttps://t.me/")[0].endswith(foot), action


def test_a_result_names_the_mdt_and_the_answers_it_rests_on(shown: Shown) -> None:
    together = [LABELS(f"summary.{label}") for label in ("prerequisites-met", "others-met", "no-symptoms", "no-others")]
    for screen, found in [(screen, found) for action, screen, found in shown if not action]:
        plain = parse_html(screen.text)[0].replace("\u00a0", " ")
        assert LABELS("adjunct.mdt") in plain
        answered = [step.node.fact for step in found.way if step.edge and step.node.fact in found.case.known]
        clauses = {fact: LABELS.clause(fact, found.case.known[fact]) for fact in answered}
        untold = [fact for fact, clause in clauses.items() if clause not in plain]
        assert not {"grade", "pattern"}.intersection(untold), plain
        assert not untold or any(label in plain for label in together), (untold, plain)


def test_every_number_stands_in_what_the_screen_shows_or_cites(shown: Shown) -> None:
    for action, screen, found in shown:
        plain, _ = parse_html(screen.text)
        assert not stray_numbers(plain, found, action), f"{action}\n{plain}"


def test_only_reference_numbers_of_the_statements_cited_are_printed(shown: Shown) -> None:
    for action, screen, found in shown:
        cited = {ref for id_ in _cited(found, action) for ref in EVIDENCE.statements[id_].refs}
        listed = re.findall(r"\b(?:ref\.|references?) (\d+(?:, \d+)*)", screen.text)
        printed = {int(number) for numbers in listed for number in numbers.split(", ")}
        assert printed <= cited, (action, printed - cited)


def test_the_screens_on_the_way_are_valid_fit_a_phone_and_print_no_stray_number(conversation: Conversation) -> None:
    random = Random(3)
    for _ in range(30):
        for step in random_way(conversation, random):
            check_form(step.screen)
            plain, _ = parse_html(step.screen.text)
            question = step.place.question
            assert reports(step.screen) == []
            assert not stray_numbers(plain, step.place.found, f"e.{question.id}" if question else ""), plain


def test_the_fixed_screens_are_valid_and_fit_a_phone(fresh: Conversation) -> None:
    in_case = begun(fresh).taps("a.grade.G2").session
    for session in (None, begun(fresh).says("cancel").session, in_case):
        for command in (*COMMANDS, "nonsense"):
            fixed = Talk(fresh, session).says(command).screen
            check_form(fixed)
            assert not reports(fixed), command
        for action in ("now", "back", "home", "about", "go.classify", "look", "gibberish"):
            fixed = Talk(fresh, session).forges(action).screen
            check_form(fixed)
            assert not reports(fixed), action
        check_form(fresh.stale(session).screen)
        check_form(fresh.refused(session).screen)
    check_form(fresh.trouble("7F3A"))


def test_the_question_of_the_pattern_warns_of_the_names_and_its_help_defines_and_draws_them(
    fresh: Conversation,
) -> None:
    talk = begun(fresh).taps("a.grade.G2")
    assert "A 2023 paper's Type 1–3 mean something else" in parse_html(talk.text)[0]
    talk.taps("go.classify")
    for name in ("type-i", "type-ii", "type-iii"):
        assert EVIDENCE.statements[name].text in talk.text.replace("\u00a0", " ")
    assert "A 2023 paper's Type 1–3 mean something else" in parse_html(talk.text)[0]
    assert isinstance(talk.turn, Show)
    assert talk.turn.attachments


def test_the_help_to_classify_prints_only_numbers_of_the_patterns(fresh: Conversation) -> None:
    talk = begun(fresh).taps("a.grade.G2", "go.classify")
    plain, _ = parse_html(talk.text)
    assert not stray_numbers(plain, talk.place.found, "go.classify")


def test_an_owner_with_signs_of_html_in_the_contact_breaks_no_screen() -> None:
    conversation = Conversation(About(retention_hours=1, owner_contact="<b>A & B"))
    for command in ("about", "privacy"):
        talk = Talk(conversation).says(command)
        check_form(talk.screen)
        assert "<b>A & B" in parse_html(talk.text)[0]


def _numbers(texts: Iterable[str]) -> set[str]:
    return set().union(*map(_numbers_of, texts))


@lru_cache(2000)  # the statements and notes stand behind every screen
def _numbers_of(text: str) -> frozenset[str]:
    return frozenset(number.rstrip(".,") for number in _NUMBER.findall(text))


_SHOWN = re.compile(r"^Newer sources, \d of \d+$", re.MULTILINE)
"""How many of the newer sources a result names."""


def stray_numbers(plain: str, found: Assessment, action: str) -> set[str]:
    """The numbers of a text that stand neither in what it rests on nor in the person's own answers."""
    plain = plain.replace("\u00a0", " ")
    statements = [EVIDENCE.statements[id_] for id_ in _cited(found, action)]
    notes = [EVIDENCE.notes[id_] for id_ in found.updates]
    allowed = _numbers([str(EVIDENCE.stamp.year), "782672", str(EVIDENCE.checked)])
    for statement in statements:
        allowed |= _numbers([statement.text, statement.uncertain, statement.whose])
        allowed |= _numbers(EVIDENCE.inconsistencies[flaw].text for flaw in statement.inconsistencies)
        references = [EVIDENCE.reference(number, statement.id) for number in statement.refs]
        allowed |= _numbers(f"{found.citation} {found.note}" for found in references if found)
    for note in notes:
        if note.title in plain:
            allowed |= _numbers([note.title, note.review, note.now, note.ours, note.unverified])
            allowed |= _numbers(f"{source.citation} {source.doi} {source.year or ''}" for source in note.sources)
            allowed |= _numbers(short for short, _ in note.abbreviations)
        elsewhere = LABELS("elsewhere.types", str(note.sources[0].year)) if note.id == "type-naming" else note.differs
        if any(said and said in plain for said in (note.differs, elsewhere)):
            allowed |= _numbers(note.figures)
        allowed |= _numbers(source.name for source in note.sources if f"[{source.name}" in plain)
        if action == "go.transplant" or "; elsewhere " in plain:
            allowed |= _numbers(says for source in note.sources for says in source.criteria.values())
    named = [EVIDENCE.notes[id_] for id_ in _named_by_template(_template(action)) & EVIDENCE.notes.keys()]
    allowed |= _numbers(f"{note.title} {note.now} {source.year}" for note in named for source in note.sources)
    allowed |= _numbers(LABELS.clause(fact, possible) for fact, possible in found.case.known.items())
    if action.startswith(("go.changes", "go.senior", "if.")):  # the bands of the algorithm, each with statements
        allowed |= _numbers(LABELS.changed(change) for change in found.changes)
    allowed |= _numbers(LABELS.either(*asked) for one in found.decides for asked in one.values)
    text = _SHOWN.sub("", _PLACES.sub("", _CODE.sub("", plain)))
    if action.startswith("if."):  # beside the case stands another, by whose own rules it may say more
        return stray_numbers(text, _instead(found, action), "") - allowed
    return _numbers([text]) - allowed


def _instead(found: Assessment, action: str) -> Assessment:
    """The same case with the fact changed that the action names."""
    (change,) = (change for change in found.changes if action == f"if.{change.fact}.{change.to}")
    return assess(Case.of({**found.case.known, change.fact: possible(change)}))


def _cited(found: Assessment, action: str) -> set[str]:
    """The ids of the statements that a screen behind a result may rest on."""
    cited = {*found.because, *found.limits, *(id_ for item in found.workup for id_ in item.get)}
    cited |= {id_ for caveat in found.caveats for id_ in found.caveat_because(caveat)}
    if low := found.in_low_grade:  # what is to be considered beside the treatment of G1 and G2
        beside = set(low.adjuncts) & {"consider-debulking", "transplant-for-hormones"}
        cited |= {id_ for adjunct in beside for id_ in low.adjunct_because(adjunct)}
    if found.transplant:
        cited |= set(found.transplant_because)
    if action.startswith(("go.numbers", "go.reports")):
        cited |= set(found.outcomes)
    if action == "go.alternatives":
        cited |= {"debulking-90"} if found.transplant else set()
        openings = [
            found.opening(other.headline, [*other.because_not, *(change.fact for change in found.changes)])
            for other in found.alternatives
        ]
        cited |= {id_ for opening in openings for _, edge in opening for id_ in edge.because}
    named = _named_by_template(_template(action)) if action else _named_by_template("_parts.j2")
    return cited | (named & EVIDENCE.statements.keys())


def _template(action: str) -> str:
    return f"{action[3:]}.j2" if action in ROOMS else f"ask/{action[2:]}.j2"


@cache
def _named_by_template(name: str) -> set[str]:
    """The ids that a template names."""
    template = TEMPLATES / name
    return set(re.findall(r'"([\w-]+)"', template.read_text("utf-8"))) if template.exists() else set()


def test_a_session_read_back_shows_the_same_screens(first: Conversation, fresh: Conversation) -> None:
    for headline in HEADLINES:
        for answers, _ in telling(headline, 2):
            kept = Session.from_json(session_of(answers).to_json())
            assert Talk(fresh, kept).screen == Talk(first, session_of(answers)).screen
