"""The card of a result: what it offers to add, and what lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.questions import COUNTS, OFFERED, QUESTIONS
from dialogs.view import Send
from guideline import UNDETERMINED, Assessment, Span, guideline
from guideline.values import Possible
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, of_headline, session_of, telling
from tests.guideline import contract
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE
from tests.support.walk import Talk, begun, wordless

LABELS = Labels()
CONTENT_GET = set(COUNTS) | {id_ for item in guideline().workup.values() for id_ in item.get}
DETERMINED = [headline for headline in HEADLINES if headline != UNDETERMINED]


def _fitting(fact: str, possible: Possible) -> list[Any]:
    """The contract's representative values that are still possible."""
    if isinstance(possible, Span):
        return [value for value in contract.VALUES[fact] if Span.at(value).within(possible)]
    return [value for value in contract.VALUES[fact] if value in possible] or sorted(possible)


def _completions(found: Assessment, number: int) -> Iterator[dict[str, Any]]:
    random = Random(number)
    fitting = {fact: _fitting(fact, found.known.get(fact, found.case.possible(fact))) for fact in contract.VALUES}
    for _ in range(number):
        case = {fact: random.choice(values) for fact, values in fitting.items()}
        case["hormonal_symptoms"] = (
            case["hormonal_symptoms"] or case["carcinoid_syndrome"] or case["refractory_symptoms"]
        )
        yield case


def _card(case: dict[str, Any], *, notes: bool = True) -> object:
    weighed = contract.criteria(case)
    against = None
    if weighed is not None:  # no criteria of a transplant, but told beside them
        against = case["fit_for_surgery"] is False, case["carcinoid_heart_disease"] == "uncontrolled"
    return contract.adjuncts(case), weighed, against, contract.updates(case) if notes else None


def _can_add(fact: str, found: Assessment, *, notes: bool = True) -> bool:
    """Whether in some completion the value of the fact makes a difference to the card."""
    values = _fitting(fact, found.case.possible(fact))
    for case in _completions(found, 200):
        cards = [_card({**case, fact: value}, notes=notes) for value in values]
        if any(card != cards[0] for card in cards):
            return True
    return False


def _offered(talk: Talk) -> list[str]:
    """The questions that a result offers, on the card and under More."""
    here = [action for action in talk.actions if action.startswith("e.")]
    if "go.add" in Talk(talk.conversation, talk.session).forges("go.more").actions:
        behind = Talk(talk.conversation, talk.session).forges("go.add")
        here += [action for action in behind.actions if action.startswith("e.")]
    return sorted({action[2:] for action in here})


@pytest.mark.slow
@pytest.mark.parametrize("headline", DETERMINED)
def test_a_card_offers_what_can_add_to_it_and_nothing_else(headline: str) -> None:
    for answers, found in telling(headline, 8):
        offered = _offered(Talk(wordless(), session_of(answers)))
        for question in OFFERED:
            fact = question.lines[0].fact
            if question.id in offered:
                assert _can_add(fact, found), (question.id, answers)
            elif not found.case.settled(fact):
                assert not _can_add(fact, found, notes=False), (question.id, answers)


@pytest.mark.parametrize("headline", DETERMINED)
def test_a_card_whose_offers_are_all_taken_offers_nothing_more_and_keeps_its_headline(headline: str) -> None:
    random, conversation = Random(11), wordless()
    ways = of_headline(headline, random)
    for _ in range(6):
        talk = Talk(conversation, session_of(next(ways)[0]))
        taken = []
        while offered := _offered(talk):
            question = QUESTIONS[random.choice(offered)]
            talk.forges(f"e.{question.id}")
            known = [a for a in talk.actions if a.startswith("a.") and not a.endswith(".unknown")]
            talk.taps(random.choice(known))
            taken.append(talk.session.answers[-1])
            assert question.id not in _offered(talk), taken
            assert talk.headline == headline, taken


def test_not_known_yet_to_an_offer_leads_back_to_the_card_and_changes_nothing_on_it() -> None:
    talk = begun(wordless()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no")
    before = talk.place.found
    talk.forges("e.primary").taps("a.primary.unknown")
    assert talk.text == "recommendation"
    assert (talk.place.found.case, talk.place.found.adjuncts) == (before.case, before.adjuncts)


def test_an_answer_that_was_offered_leads_to_what_is_left_to_add_one_tap_from_the_result() -> None:
    talk = begun(wordless()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.more", "go.add")
    while left := [action for action in talk.actions if action.startswith("e.")]:
        assert talk.text == "add"
        talk.taps(left[0])
        answer = next(action for action in talk.actions if action.startswith("a."))
        talk.taps(answer)
        back = Talk(talk.conversation, talk.session).forges("now")
        assert back.text == "recommendation"
        assert _offered(back) == sorted(a[2:] for a in talk.actions if a.startswith("e."))
    assert talk.text == "recommendation"
    assert not _offered(talk)


def test_a_card_offers_only_what_is_important_and_an_answer_there_leads_back_to_it() -> None:
    two_step = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met")
    talk = begun(wordless()).taps(*two_step, "all.symptoms.unknown", "a.steps.no")
    assert [action for action in talk.actions if action.startswith("e.")] == ["e.carcinoid_syndrome", "e.primary"]
    talk.taps("e.carcinoid_syndrome", "a.carcinoid_syndrome.no")
    assert talk.text == "recommendation"
    assert [action for action in talk.actions if action.startswith("e.")] == ["e.primary", "e.largest_lesion_cm"]
    talk.taps("e.primary", "a.primary.resected", "e.largest_lesion_cm").types("4.5")
    assert talk.text == "recommendation"
    assert not [action for action in talk.actions if action.startswith("e.")]
    assert "e.graded_tissue" in talk.taps("go.more", "go.add").actions


@pytest.mark.parametrize("headline", DETERMINED)
def test_no_card_offers_more_than_two_or_asks_again_what_was_answered(headline: str) -> None:
    for answers, found in telling(headline, 8):
        on_card = [a[2:] for a in Talk(wordless(), session_of(answers)).actions if a.startswith("e.")]
        assert len(on_card) <= 2
        facts = [QUESTIONS[id_].lines[0].fact for id_ in on_card]
        assert not [fact for fact in facts if found.case.settled(fact)], answers


def test_a_typed_answer_leads_there_too_and_a_changed_one_to_the_result() -> None:
    talk = (
        begun(wordless())
        .taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.more", "go.add", "e.age")
        .types("44")
    )
    assert talk.text == "add"
    assert "e.age" not in talk.actions
    assert talk.taps("now", "go.change", "e.age", "a.age.>50").text == "recommendation"


def test_an_offer_of_what_is_known_in_part_takes_only_what_fits() -> None:
    talk = begun(wordless()).taps("a.grade.G2", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    talk.forges("e.primary")
    assert [action for action in talk.actions if action.startswith("a.")] == [
        "a.primary.resected", "a.primary.resectable", "a.primary.unknown",
    ]  # fmt: skip


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_result_has_each_door_only_where_something_lies_behind_it(headline: str) -> None:
    for answers, found in telling(headline, 6):
        talk = Talk(wordless(), session_of(answers))
        rooms = {action for action in talk.actions if action.startswith("go.")}
        expected = {"go.why", "go.hand", "go.change", "go.more"}
        expected |= {"go.changes"} if found.changes or found.decides else set()
        expected |= {"go.newer"} if set(found.updates) - {"figure-reading"} else set()
        expected |= {"go.numbers"} if found.outcomes else set()
        expected |= {"go.transplant"} if found.transplant else set()
        assert rooms == expected, answers
        more = [action for action in Talk(wordless(), talk.session).taps("go.more").actions if action[:3] == "go."]
        expected = {"go.alternatives"} if found.alternatives else set()
        expected |= {"go.figure"} if "figure-reading" in found.updates else set()
        assert set(more) - {"go.add"} == expected, answers
        copies = [button for button in talk.taps("go.hand").buttons if not button.action]
        assert len(copies) == (headline != UNDETERMINED)


def test_the_doors_of_a_result_stand_two_in_a_row_the_most_used_first() -> None:
    talk = begun(wordless()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    doors = [[button.action for button in row] for row in talk.screen.rows[-4:]]
    assert doors == [["go.why", "go.numbers"], ["go.changes", "go.newer"], ["go.hand", "go.change"], ["go.more"]]


def test_a_work_up_has_a_way_to_enter_what_is_missing_and_names_what_stays_possible() -> None:
    for answers, found in telling(UNDETERMINED, 8):
        talk = Talk(wordless(), session_of(answers))
        entering = {action[2:] for action in talk.actions if action.startswith("e.")}
        asked = {line.fact for id_ in entering for line in QUESTIONS[id_].lines}
        asked |= {"grade"} if asked.intersection(COUNTS) else set()
        assert entering
        assert asked & set(found.needed), answers
        assert found.candidates


def test_a_work_up_names_each_test_once_with_all_that_it_settles_and_from_whom(conversation: Conversation) -> None:
    for answers, found in telling(UNDETERMINED, 8):
        text = parse_html(Talk(conversation, session_of(answers)).text)[0].replace("\u00a0", " ")
        get_next = text.split("Still missing\n")[1].split("\n\n")[0]
        parts = [line.partition(": ") for line in get_next.replace("\n", "").split("· ")[1:]]
        lines = [(facts, *tests.split("], from ")) for facts, _, tests in parts]
        for item in found.workup:
            for id_ in item.get:
                counted = [count for count in COUNTS if count in found.case.known]
                missing = (
                    [count for count in COUNTS if count not in counted] if item.fact == "grade" and counted else []
                )
                name = LABELS(f"get.{(*missing, id_)[0]}")
                ((facts, who),) = [(facts, who) for facts, tests, who in lines if name in _names(tests)]
                assert LABELS(f"fact.{item.fact}") in (facts[:1].lower() + facts[1:]).split(", ") + facts.split(", ")
                assert all(LABELS(f"who.{source}") in who for source in item.source)
        counted = [count for count in COUNTS if count in found.case.known]
        by_count = {"grade": next(count for count in COUNTS if count not in counted)} if len(counted) == 1 else {}
        first = text.split("\n")[0]
        assert all(LABELS(f"fact.{by_count.get(fact, fact)}") in first for fact in found.needed[:3])


def _names(tests: str) -> list[str]:
    """The tests of a line, by their labels."""
    told = tests.rpartition(" [")[0].lower()
    return [label for id_ in CONTENT_GET if (label := LABELS(f"get.{id_}")).lower() in told.split("; ")]


def test_changes_that_come_to_the_same_stand_together_and_many_ends_are_not_listed(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G3", "a.differentiation.unknown", "go.changes")
    assert "If G1, or G2 → depends on the rest" in parse_html(talk.text)[0]
    for headline in DETERMINED:
        for answers, found in telling(headline, 4):
            if found.changes:
                text = parse_html(Talk(conversation, session_of(answers)).taps("go.changes").text)[0]
                assert text.count("→") == len({change.candidates for change in found.changes})
                for change in found.changes:
                    assert LABELS.changed(change).replace(" %", "\u00a0%") in text


def test_change_an_answer_lists_the_questions_that_were_answered_and_no_other() -> None:
    talk = begun(wordless()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"
    )
    talk.taps("go.change")
    questions = [action[2:] for action in talk.actions if action.startswith("e.")]
    assert questions == ["grade", "pattern", "prerequisites", "symptoms", "steps"]


def test_debulking_in_diffuse_disease_stands_beside_what_speaks_against_it() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "t.s-refractory")
    talk.taps("all.symptoms.shown")
    line = next(line for line in talk.text.splitlines() if line.startswith("· Debulking of"))
    assert "in selected patients. Surgery is not regarded as a good option in Type III." in line


@pytest.mark.parametrize("headline", DETERMINED)
def test_the_size_limits_of_rfa_stand_on_every_result_with_ablation_in_play(
    conversation: Conversation, headline: str
) -> None:
    sizes = [LABELS(f"adjunct.ablation-{size}") for size in ("uncertain-over-3cm", "unsuitable-over-5cm")]
    sizes.append(LABELS("limit.rfa-sizes").format(f"{RFA_UNCERTAIN:g}", f"{RFA_UNSUITABLE:g}"))
    for answers, found in telling(headline, 8):
        text = parse_html(Talk(conversation, session_of(answers)).text)[0].replace("\u00a0", " ")
        in_play = "microwave-ablation" in found.updates or "sequential-approach" in found.adjuncts
        assert sum(size in text for size in sizes) == in_play, text


def test_who_is_not_fit_reads_nothing_of_a_combination_with_resection(conversation: Conversation) -> None:
    for answers, found in telling("ablation-embolisation", 8):
        if found.case.known.get("fit_for_surgery") == frozenset({False}):
            assert "combined with resection" not in Talk(conversation, session_of(answers)).text


def test_a_fitness_read_from_a_performance_status_says_so_on_the_result(conversation: Conversation) -> None:
    for typed, said in (("G2, type II, PS 1", True), ("G2, type II, fit for surgery", False)):
        talk = begun(conversation).types(typed)
        (use,) = [action for action in talk.actions if action.startswith("use.")]
        talk.taps(use, "all.prerequisites.met", "all.symptoms.no", "a.steps.yes")
        assert (LABELS("summary.fit-by-score") in talk.text) is said
    talk.taps("go.change", "e.prerequisites", "t.p-fit", "all.prerequisites.shown")
    assert LABELS("summary.fit-by-score") not in talk.text, "once it was answered otherwise"


def test_the_names_of_the_types_are_not_argued_about_on_a_card_where_they_do_not_help(
    conversation: Conversation,
) -> None:
    naming = guideline().evidence.notes["type-naming"].differs
    for taps in (
        ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"),
        ("a.grade.G3", "a.differentiation.poor", "e.pattern", "a.pattern.II"),
    ):
        talk = begun(conversation)
        for tap in taps:
            talk.forges(tap)
        assert "type-naming" in talk.place.found.updates
        assert naming not in talk.text


@pytest.mark.parametrize(
    "line", ["type III, refractory carcinoid syndrome", "type III, refractory flushing, Ki-67 8 %"]
)
def test_where_only_the_grade_is_missing_surgery_to_be_considered_in_g1_and_g2_is_not_left_out(line: str) -> None:
    """That it is "multimodal, not surgical" alone would contradict the result that follows once the grade is known."""
    talk = begun(Conversation()).types(line)
    talk.taps(next(action for action in talk.actions if action.startswith("only.")))
    assert talk.headline == UNDETERMINED
    handed = _handed(talk)

    for text in (parse_html(talk.text)[0], handed):
        beside = text.split("Beside it", 1)[-1] if "Beside it" in text else text.split("BESIDE IT", 1)[1]
        assert "fitness not known" in beside.splitlines()[0]
        assert "Debulking of 90\u00a0% or more to be considered" in beside.replace("90 %", "90\u00a0%")
        assert "Transplant, no good option for most, if hormones threaten life" in beside


@pytest.mark.parametrize("line", ["type III, no symptoms", "type III, refractory carcinoid syndrome, unfit"])
def test_without_an_indication_or_fitness_nothing_is_to_be_considered_beside(line: str) -> None:
    talk = begun(Conversation()).types(line)
    talk.taps(next(action for action in talk.actions if action.startswith("only.")))

    assert talk.headline == UNDETERMINED
    assert "Beside it" not in talk.text


@pytest.mark.parametrize(
    ("line", "against"),
    [
        ("type III, refractory carcinoid syndrome, age 60", "not all criteria met: age 60"),
        (
            "type I, unresectable primary, refractory carcinoid syndrome, fit",
            "not all criteria met: primary unresectable",
        ),
    ],
)
def test_a_transplant_beside_is_named_with_what_is_known_to_speak_against_it(line: str, against: str) -> None:
    talk = begun(Conversation()).types(line)
    talk.taps(next(action for action in talk.actions if action.startswith("only.")))

    assert talk.headline == UNDETERMINED
    for text in (parse_html(talk.text)[0], _handed(talk)):
        assert against in text.replace("\u00a0", " ")


def _handed(talk: Talk) -> str:
    """The case as a message."""
    turn = Talk(talk.conversation, talk.session).taps("go.hand", "text").turn
    assert isinstance(turn, Send)
    return turn.text
