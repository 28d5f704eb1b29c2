"""A case in one line, and an answer in words: read, offered, used; nothing is stored before."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation, Typed
from dialogs.labels import Labels
from dialogs.typed import beginning_of_what_to_do, beginnings_of_questions
from dialogs.view import Send
from guideline.glossary import glossary
from tests.support.walk import Talk, begun, wordless

LABELS = Labels()
LINE = "G2 ki67 8% bilobar, dominant right lesion, primary resected, PS 1, R0 feasible, no carcinoid syndrome, blorb"


def at_home(conversation: Conversation) -> Talk:
    return begun(conversation).says("start")


def button(talk: Talk, caption: str) -> str:
    return next(button.action for button in talk.buttons if button.caption == caption)


def use(talk: Talk, caption: str = "button.use") -> Talk:
    return talk.taps(button(talk, LABELS(caption)))


@pytest.mark.parametrize("started", [True, False])
def test_a_line_is_offered_and_nothing_is_stored_until_it_is_used(started: bool, conversation: Conversation) -> None:
    talk = begun(conversation) if started else at_home(conversation)
    before = talk.session
    talk.types("type II, no carcinoid syndrome, age 55, PS 1, blorb")

    assert talk.session == before
    for words in ("Type II", "no carcinoid syndrome", "age 55", "fit for surgery", "ECOG", "blorb"):
        assert words.lower() in talk.text.lower()
    use(talk)
    assert dict(talk.session.answers)["pattern"] == "II"
    assert talk.place.question
    assert talk.place.question.id == "grade"


def test_a_line_leads_to_a_result_in_three_taps(conversation: Conversation) -> None:
    talk = use(at_home(conversation).types(LINE))
    talk.taps("all.prerequisites.met", "a.steps.no")

    assert talk.headline == "resection-two-step"


@pytest.mark.parametrize(
    "line",
    ["G2, type II, primary resected", "type II, fit", "ECOG 3, G1, unilobar", "G3, PS 1", "ki67 8%, type III, PS 1"],
)
def test_a_line_with_the_rest_not_known_is_one_tap_to_a_result_or_a_work_up(
    line: str, conversation: Conversation
) -> None:
    talk = at_home(conversation).types(line)
    asked = use(Talk(conversation, talk.session).types(line))
    use(talk, "button.use-alone")

    assert asked.place.question
    assert not talk.place.question
    assert set(asked.session.answers) <= set(talk.session.answers)
    assert talk.place.found.candidates == asked.place.found.candidates


def test_nothing_is_left_unknown_where_nothing_is_asked(conversation: Conversation) -> None:
    talk = at_home(conversation).types("poorly differentiated G3, Ki-67 70 %, diffuse, lung primary")

    assert LABELS("button.use-alone") not in [button.caption for button in talk.buttons]


def test_what_is_open_after_a_line_with_all_prerequisites_is_asked(conversation: Conversation) -> None:
    line = "G2, type II, primary resected, R0 feasible, fit, no extrahepatic disease, no CHD, no carcinoid syndrome"
    talk = use(at_home(conversation).types(line))

    assert talk.place.question
    assert talk.place.question.id == "steps"
    assert talk.taps("a.steps.no").headline == "resection-two-step"


def test_what_is_not_known_is_said_in_the_words_of_the_buttons(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no")

    assert "Cannot say yet: one operation or two not known" in talk.taps("a.steps.unknown").text


def test_a_prerequisite_that_was_typed_is_not_said_to_be_without_effect(conversation: Conversation) -> None:
    talk = use(at_home(conversation).types("G2, type II, primary resected, PS 1"))

    assert "What is not listed is known already or cannot change the answer." in talk.text


def test_a_text_read_only_at_its_beginning_says_so_and_answers_no_question_by_itself(
    conversation: Conversation,
) -> None:
    talk = begun(conversation)
    before = talk.session
    talk.types("G2, type II. " + "no extrahepatic disease, " * 60)

    assert talk.session == before
    assert "Only the first 12 characters were read." in talk.text


def test_each_fact_can_be_taken_out(conversation: Conversation) -> None:
    talk = at_home(conversation).types("G2, type II, age 55")
    talk.taps(button(talk, LABELS("button.trim")))
    talk.taps(button(talk, LABELS("button.take-out").format(LABELS("out.age"))))

    assert "55" not in talk.text
    assert {line for line, _ in use(talk).session.answers} == {"grade", "pattern"}


def test_of_two_values_neither_is_used_and_both_are_asked(conversation: Conversation) -> None:
    talk = at_home(conversation).types("G1, Ki-67 30 %, type II, ECOG 4, fit")

    assert "Your text says G1, but Ki-67 30\u00a0%, which is G3" in talk.text
    assert "Your text says not fit for surgery and fit for surgery." in talk.text
    assert {line for line, _ in use(talk).session.answers} == {"pattern"}


def test_the_same_text_is_a_question_one_tap_away(conversation: Conversation) -> None:
    talk = at_home(conversation).types("debulking in type III, G2, refractory symptoms")
    before = talk.session
    talk.taps(button(talk, LABELS("button.is-question")))

    assert "debulking" in talk.text.lower()
    assert talk.session == before


def test_a_line_can_begin_a_new_case_or_add_to_the_open_one(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G1").says("start").types("type II, primary resected")
    added, anew = Talk(conversation, talk.session), Talk(conversation, talk.session)
    for other in (added, anew):
        other.types("type II, primary resected")

    assert dict(use(added).session.answers)["grade"] == "G1"
    assert "grade" not in dict(use(anew, "button.use-anew").session.answers)


@pytest.mark.parametrize(
    ("way", "text", "answer"),
    [
        ((), "G2", ("grade", "G2")),
        ((), "2", None),
        ((), "two steps", None),
        ((), "2 lesions", None),
        (("a.grade.count", "a.ki67.3-20"), "two steps", None),
        (("a.grade.count", "a.ki67.3-20"), "1e400", None),
        (("a.grade.count", "a.ki67.3-20"), "not counted", ("mitoses", "alone")),
        (("a.grade.G2",), "yes", None),
        ((), "grade 2", ("grade", "G2")),
        ((), "ki67 8", ("ki67", "=8")),
        ((), "not known", ("grade", "unknown")),
        (("a.grade.count",), "<10 %", ("ki67", "=<10")),
        (("a.grade.count",), "3 to 5", ("ki67", "=3-5")),
        (("a.grade.G2",), "Type II", ("pattern", "II")),
        (("a.grade.G2",), "II", ("pattern", "II")),
        (("a.grade.G2",), "diffuse", ("pattern", "III")),
        (("a.grade.G2", "a.pattern.II"), "all met", ("prerequisites", "done")),
        (("a.grade.G2", "a.pattern.II"), "R0 not feasible", ("r0_feasible", "no")),
        (("a.grade.G2", "a.pattern.II", "all.prerequisites.met"), "yes", ("s-carcinoid", "yes")),
        (("a.grade.G2", "a.pattern.II", "all.prerequisites.met"), "none", ("s-carcinoid", "no")),
        (("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no"), "yes", ("steps", "yes")),
        (("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no"), "two steps", ("steps", "no")),
    ],
)
def test_text_that_answers_the_open_question_is_taken_as_the_answer(
    way: tuple[str, ...], text: str, answer: tuple[str, str] | None
) -> None:
    talk = begun(wordless()).taps(*way)
    before = talk.session.answers
    talk.types(text)

    assert (answer in talk.session.answers) if answer else (talk.session.answers == before)


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("largest_lesion_cm", "3-5 cm", "=3-5"),
        ("largest_lesion_cm", "45 mm", "=4.5"),
        ("largest_lesion_cm", "largest 4.2 cm", "=4.2"),
        ("age", "under 50", "=<50"),
        ("stable_months", "two years", "=24"),
        ("primary", "resected", "resected"),
        ("primary", "not found", "not_found"),
        ("carcinoid_syndrome", "no", "no"),
        ("timing", "metachronous", "metachronous"),
        ("primary_site", "pancreas", "pancreas"),
        ("hepatomegaly", "y", "yes"),
    ],
)
def test_text_that_answers_an_opened_question_is_taken(question: str, text: str, option: str) -> None:
    talk = begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown").forges(f"e.{question}").types(text)

    assert (question, option) in talk.session.answers


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ((), "G2, type II, primary resected"),
        (("a.grade.G2",), "type I, G1, Ki-67 30 %"),
        (("a.grade.count",), "<10 %, type II"),
        (("a.grade.G2", "a.pattern.II"), "R0 feasible, fit, 8 cm, zylophant"),
    ],
)
def test_of_a_text_that_says_more_than_the_answer_nothing_is_taken_before_a_tap(
    way: tuple[str, ...], text: str, conversation: Conversation
) -> None:
    talk = begun(conversation).taps(*way)
    before = talk.session
    talk.types(text)

    assert talk.session == before
    assert "Not used yet" in talk.text
    assert "Taken as the answer" not in talk.notice
    assert use(talk).session.answers != before.answers


def test_all_that_was_read_beside_an_answer_is_used_with_it(conversation: Conversation) -> None:
    talk = use(begun(conversation).types("G2, type II, primary resected"))
    assert {line for line, _ in talk.session.answers} == {"grade", "pattern", "primary"}

    counted = use(begun(conversation).taps("a.grade.count").types("<10 %, type II"))
    assert dict(counted.session.answers) == {"grade": "count", "ki67": "=<10", "pattern": "II"}


def test_several_answers_to_the_question_asked_are_named_as_taken(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II").types("R0 feasible, fit, zylophant")

    assert talk.notice == "Taken as the answer: R0 feasible, fit for surgery. Not understood: “zylophant”."
    assert not begun(conversation).types("G2").notice
    sized = begun(conversation).taps("a.grade.G3", "a.differentiation.unknown").forges("e.largest_lesion_cm")
    assert not sized.types("3-5 cm").notice


def test_an_answer_in_words_typed_before_the_question_was_there_does_not_count() -> None:
    talk = begun(wordless())
    before = talk.session

    assert talk.does(Typed("G2", early=True)).session == before
    assert talk.notice == LABELS("notice.too-early")


@pytest.mark.parametrize("text", ["Mrs Brown, G2, type II", "crisis in theatre, G2, type II"])
@pytest.mark.parametrize("started", [True, False])
def test_a_person_and_an_emergency_come_before_the_reader(text: str, started: bool) -> None:
    talk = begun(wordless()) if started else at_home(wordless())
    before = talk.session.answers
    talk.types(text)

    assert talk.session.answers == before
    assert not any(action.startswith(("use.", "read.")) for action in talk.actions)
    assert talk.notice == LABELS("notice.person") or talk.text == "emergency"


@pytest.mark.parametrize("text", ["what is R0", "survival after resection in type I", "PNET liver mets %"])
def test_a_question_goes_to_the_look_up(text: str) -> None:
    assert at_home(wordless()).types(text).text in ("found", "topics")


def test_a_case_typed_before_the_gate_is_used_by_the_tap_that_leads_through_it_and_nothing_is_stored_before(
    conversation: Conversation,
) -> None:
    talk = Talk(conversation).says("start")
    before = talk.session
    talk.types("G2, type II, primary resected")

    assert talk.session == before
    assert "Never type patient details" in talk.text
    assert "Type II" in talk.text
    assert not any(action.startswith(("use.", "anew.")) for action in talk.actions)
    talk.taps(button(talk, LABELS("button.begin-with")))
    assert talk.session.accepted
    assert "Read from your text" not in talk.text
    assert {line for line, _ in talk.session.answers} == {"grade", "pattern", "primary"}


def test_a_question_typed_before_the_gate_is_looked_up() -> None:
    assert Talk(wordless()).says("start").types("what is type II").text == "found"


def test_a_size_of_which_lesions_is_not_said_is_asked(conversation: Conversation) -> None:
    talk = begun(conversation).types("bilobar mets, 6 lesions, largest 4.2cm")

    assert LABELS("fact-name.largest_lesion_cm") in talk.text.partition("Not clear from your text")[2].lower()
    assert "4.2" not in talk.text


@pytest.mark.parametrize("way", [(), ("a.grade.count",), ("a.grade.G2", "a.pattern.II")])
@pytest.mark.parametrize("text", ["how big is too big for rfa", "what is R0", "rfa size limit"])
def test_a_question_typed_at_an_open_question_is_looked_up(way: tuple[str, ...], text: str) -> None:
    talk = begun(wordless()).taps(*way)
    before = talk.session
    talk.types(text)

    assert talk.text == "found"
    assert talk.session == before
    assert talk.taps("now").text in ("question", "list")


@pytest.mark.parametrize("text", ["two stage indication", "sutent pnet", "G3 NEC chemo"])
def test_key_words_are_a_question_and_the_case_in_them_is_one_tap_away(text: str) -> None:
    talk = at_home(wordless()).types(text)

    assert talk.text == "found"
    assert talk.taps(button(talk, "button.as-case")).text == "read"


def test_key_words_that_may_be_a_case_get_the_answers_in_a_line_as_well(conversation: Conversation) -> None:
    talk = at_home(conversation).types("metacronous unilober")

    assert "If it is a question" in talk.text
    assert "one-step operation" in talk.text
    assert "By these alone" not in talk.text


def test_what_is_unclear_and_the_question_stay_when_something_is_taken_out(conversation: Conversation) -> None:
    talk = at_home(conversation).types("ecog 4, fit, debulking in type III, G2?, age 55, zylophant")
    asked = button(talk, LABELS("button.is-question"))
    talk.taps(button(talk, LABELS("button.trim")))
    talk.taps(button(talk, LABELS("button.take-out").format(LABELS("out.age"))))

    for fact in ("fit_for_surgery", "grade"):
        assert LABELS(f"fact-name.{fact}") in talk.text.lower()
    assert "Not understood: 1 part of your text." in talk.text
    assert button(talk, LABELS("button.is-question")) == asked


@pytest.mark.parametrize("code", ["", "AAAA", "x" * 60])
@pytest.mark.parametrize("verb", ["use", "anew", "only", "keep", "read", "trim"])
def test_a_forged_code_changes_nothing(verb: str, code: str) -> None:
    talk = begun(wordless())
    before = talk.session
    talk.forges(f"{verb}.{code}")

    assert talk.session == before
    assert talk.notice == LABELS("notice.unknown-tap")


def test_a_told_fact_stands_on_its_line_and_can_be_changed() -> None:
    talk = at_home(wordless()).types("G2, type II, unfit, no extrahepatic disease")
    talk.taps(button(talk, "button.use"), "all.symptoms.no")
    assert talk.headline == "ablation-embolisation"
    talk.taps("go.change", "e.prerequisites")
    assert {choice.caption for choice in talk.buttons} >= {"line.p-fit"}
    talk.taps("t.p-fit", "all.prerequisites.shown")

    assert talk.place.found.case.known.get("fit_for_surgery") != frozenset({False})


def test_nothing_of_a_typed_line_is_stored_but_its_options(conversation: Conversation) -> None:
    talk = use(at_home(conversation).types(LINE))
    kept = talk.session.to_json()

    assert "blorb" not in kept
    for words in ("dominant", "bilobar", "PS"):
        assert words not in kept


@pytest.mark.slow
@pytest.mark.parametrize("way", [(), ("a.grade.G1",), ("a.grade.G3", "a.differentiation.unknown")])
def test_a_fact_beside_any_term_of_the_glossary_gets_a_screen(way: tuple[str, ...], conversation: Conversation) -> None:
    """The bare word `primary` or `Ki-67` in a case is a term too, whose meaning stands in no section."""
    open_ = begun(conversation).taps(*way)
    for term in glossary().terms.values():
        for name in term.names:
            for text in (f"G2, {name}", f"G2, type I, {name} in"):
                for before in (open_, at_home(conversation)):
                    assert Talk(conversation, before.session).types(text).text


@pytest.mark.parametrize("text", ["Ki-67 8 %, primary", "Ki-67 8 %, CgA 300", "ki67 8, hypertension"])
def test_what_is_typed_beside_an_answer_and_not_used_is_named(text: str, conversation: Conversation) -> None:
    word = text.split(", ")[1]
    answered = begun(conversation).types(text)
    assert answered.place.found.case.known["ki67"]
    assert f"Not understood: “{word}”." in answered.notice

    offered = at_home(conversation).types(text)
    assert f"Not understood: “{word}”." in offered.text
    assert "Ki-67 8" in offered.text


def test_much_that_is_not_understood_beside_an_answer_is_told_in_short(conversation: Conversation) -> None:
    talk = begun(conversation).types("Ki-67 8 %, CgA 300, bilirubin 12, hypertension, Krenning 4, platelets 90, Hb 9")
    assert len(talk.notice) <= 200
    assert talk.notice.endswith("The rest was not understood.")


@pytest.mark.parametrize("text", ["G2, what is R0", "G2 what is R0?", "type II, G2: what does R0 mean"])
def test_a_question_behind_a_case_is_answered_and_the_case_kept_one_tap_away(
    text: str, conversation: Conversation
) -> None:
    for talk in (at_home(conversation), begun(conversation)):
        talk.types(text)
        assert talk.text.startswith(f"<b>R0</b>: {glossary().terms['r0'].text}")
        assert "G2" in talk.taps(button(talk, LABELS("button.as-case"))).text


def test_a_term_asked_for_behind_a_whole_case_is_defined_on_its_card(conversation: Conversation) -> None:
    text = at_home(conversation).types("69m g1 ileal, type III, unfit, what is R0?").text
    first = text.partition("On what is asked</b>\n")[2].split("\n")[0]
    assert first == f"· R0: {glossary().terms['r0'].text} [our definition, not the review's]"


@pytest.mark.parametrize(
    "text", ["after R0, what is the survival?", "in type III, when is a transplant possible?", "ki67 8 %, what grade?"]
)
def test_words_of_a_case_that_lead_into_a_question_are_part_of_it(text: str, conversation: Conversation) -> None:
    first = at_home(conversation).types(text).text.split("\n")[0]
    assert any(word in first for word in ("Complete resection", "Type III", "Ki-67 3–20"))


def test_a_contradicted_answer_that_no_longer_counts_is_not_said_to_be_what_the_case_says(
    conversation: Conversation,
) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("go.change", "e.grade", "a.grade.G3", "a.differentiation.unknown")
    assert "Type I" not in talk.text
    talk.types("G2, type II, primary resected")

    assert "Your case says G3; this text says G2" in talk.text
    assert "Your case says Type I" not in talk.text
    assert "An earlier answer, which makes no difference in your case now, says Type I; this text" in talk.text


def test_a_long_text_full_of_questions_is_looked_through_at_its_end_only() -> None:
    assert len(beginnings_of_questions("G2 " + "is " * 1300)) < 50
    assert beginnings_of_questions("G2, what is R0") == [4, 9]
    assert beginnings_of_questions("  what R0") == []


def choices(talk: Talk) -> list[str]:
    return [button.caption for button in talk.buttons if button.action.startswith("read.")]


def test_a_stated_grade_against_the_counts_is_said_so_with_the_choices(conversation: Conversation) -> None:
    talk = at_home(conversation).types("G1, Ki-67 2 %, 15 mitoses, type I")
    sentence = "Your text says G1, but 15 mitoses per 10 HPF, which is G2 (the higher of Ki-67 and mitoses decides)."
    assert sentence in talk.text
    assert choices(talk)[:2] == ["G1 as stated", "G2 by the counts"]

    by_counts = Talk(conversation, talk.session).types("G1, Ki-67 2 %, 15 mitoses, type I")
    by_counts.taps(button(by_counts, "G2 by the counts"))
    assert "Ki-67 2" in by_counts.text
    assert "15 mitoses" in by_counts.text
    assert "Your text says" not in by_counts.text
    assert use(by_counts).place.found.known["grade"] == frozenset({"G2"})

    talk.taps(button(talk, "G1 as stated"))
    assert use(talk).place.found.known["grade"] == frozenset({"G1"})


@pytest.mark.parametrize(
    ("line", "sentence", "taken"),
    [
        ("type I, type III, G1", "Your text says Type I and Type III.", ("It is: Type III", ("pattern", "III"))),
        (
            "G1, poorly differentiated, type I",
            "Your text says poorly differentiated, but G1.",
            ("It is: poorly differentiated", ("told-differentiation", "poor")),
        ),
        (
            "no hormonal symptoms, carcinoid syndrome, G1",
            "Your text says no hormonal symptoms, but carcinoid syndrome.",
            ("It is: carcinoid syndrome", ("carcinoid_syndrome", "yes")),
        ),
    ],
)
def test_what_cannot_hold_together_is_said_with_the_choices(
    line: str, sentence: str, taken: tuple[str, tuple[str, str]], conversation: Conversation
) -> None:
    caption, answer = taken
    talk = at_home(conversation).types(line)
    assert sentence in talk.text
    talk.taps(button(talk, caption))
    assert answer in use(talk).session.answers


def test_signs_of_two_patterns_have_no_choice_and_are_named(conversation: Conversation) -> None:
    talk = at_home(conversation).types("unilobar, both lobes full, G1")
    assert "Your text contradicts itself on this, so it is not taken: pattern of the metastases." in talk.text


def test_what_is_not_clear_is_asked_in_plain_words(conversation: Conversation) -> None:
    talk = at_home(conversation).types("G2?, heart failure, type I, fit")
    assert "Named, but" not in talk.text
    assert "· Grade: G1, G2 or G3?" in talk.text
    assert "· Carcinoid heart disease: none, optimised or uncontrolled?" in talk.text


def test_words_that_may_be_names_are_told_without_being_repeated(conversation: Conversation) -> None:
    talk = at_home(conversation).types("G2, type II, seen by Brown")
    assert "Brown" not in talk.text
    assert "Not understood: a word, not repeated here (it may be a name)." in talk.text


def test_a_number_with_more_decimals_than_a_button_holds_is_asked_and_not_dropped(conversation: Conversation) -> None:
    talk = at_home(conversation).types("Ki-67 2.55 %, type II")
    assert "· Ki-67: which figure in\u00a0%?" in talk.text


@pytest.mark.parametrize("ask", ["should I operate?", "operate or not?", "what next?", "what would you do?"])
@pytest.mark.parametrize("way", [None, (), ("a.grade.G2",)])
def test_what_to_do_with_a_typed_case_is_answered_about_that_case_first(
    way: tuple[str, ...] | None, ask: str, conversation: Conversation
) -> None:
    talk = at_home(conversation) if way is None else begun(conversation).taps(*way)
    before = talk.session
    talk.types(f"G2, type II, {ask}")

    whose = "By your open case and these" if way else "By these alone"
    assert talk.text.index(f"<b>{whose} it cannot say yet.</b> Still open:") < talk.text.index("On what is asked")
    assert talk.text.startswith("<b>Read from your text</b>")
    assert talk.session == before
    assert use(talk).place.found.known["grade"] == frozenset({"G2"})


def test_what_to_do_with_a_whole_typed_case_is_answered_by_what_the_source_suggests(conversation: Conversation) -> None:
    line = "G1, type I, primary out, R0 feasible, PS 0, no EHD, no CHD"
    talk = at_home(conversation).types(f"{line}. Should I resect?")
    assert "<b>By these alone the source suggests: " in talk.text

    added = (
        begun(conversation).taps("a.grade.G1").types("type I, primary out, R0 feasible, PS 0, no EHD, no CHD. Operate?")
    )
    assert "<b>By your open case and these the source suggests: " in added.text


def test_what_to_do_without_a_case_in_the_text_is_no_case() -> None:
    assert at_home(wordless()).types("so, should I operate?").text == "found"
    assert beginning_of_what_to_do("so, should I operate?") == 4
    assert beginning_of_what_to_do("should I operate?") == 0
    assert beginning_of_what_to_do("G2, type II, should I operate?") == 13
    assert beginning_of_what_to_do("G2, what is R0") == 0
    assert beginning_of_what_to_do("G2 " + "is , " * 900) == 0


@pytest.mark.parametrize(
    ("line", "also"),
    [
        (
            "G2, type II, primary out, R0 feasible, PS 1, no EHD, no CHD, one-stage, nonfunctioning, no obstruction",
            "no hormonal symptoms · no pressure or obstruction",
        ),
        ("G3, poorly differentiated, functioning, no obstruction", "hormonal symptoms · no pressure or obstruction"),
    ],
)
def test_what_was_typed_and_decides_nothing_is_said_with_the_result(
    line: str, also: str, conversation: Conversation
) -> None:
    talk = at_home(conversation).types(line)
    talk.uses_what_was_read()
    while talk.place.question:
        talk.taps(f"all.{talk.place.question.id}.unknown")

    assert f"Also said: {also}" in talk.text
    sent = talk.taps("go.hand").forges("text").turn
    assert isinstance(sent, Send)
    assert also.split(" · ")[0] in sent.text


def test_what_was_typed_and_is_not_said_with_the_result_is_said_to_make_no_difference(
    conversation: Conversation,
) -> None:
    talk = use(at_home(conversation).types("G3, poorly differentiated, unilobar, PS 1"))
    assert talk.notice == "Makes no difference now: Type I, fit."


def test_what_is_unclear_and_asked_just_now_is_asked_back_and_not_looked_up(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II")
    before = talk.session
    talk.types("right heart failure")

    assert talk.text.startswith("<b>Nothing was taken from your text</b>")
    assert "· Carcinoid heart disease: none, optimised or uncontrolled?" in talk.text
    assert talk.session == before
    assert talk.taps("now").place.question


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("axitinib in pnet", "That drug is in neither the review nor the notes."),
        ("dose of octreotide in G2", "The review gives no doses."),
        ("axitinib G2 type III", "That drug is in neither the review nor the notes."),
        ("everolimus for G1 pancreatic", "Everolimus, pancreatic NET: progression-free 11.0 against 4.6 months"),
        ("tace g2 type iii 5 cm", "TACE: considered indicated"),
        ("G2, type II, PS 1, is PVE needed?", "On what is asked"),
    ],
)
@pytest.mark.parametrize("started", [True, False])
def test_what_a_text_asks_is_answered_before_the_case_in_it_is_offered(
    text: str, answer: str, started: bool, conversation: Conversation
) -> None:
    talk = begun(conversation) if started else at_home(conversation)
    before = talk.session
    talk.types(text)

    assert talk.session == before, "nothing is taken of a question"
    assert answer in "\n".join(talk.text.splitlines()[:2]), talk.text
    offered = [button.caption for button in talk.buttons if button.caption in (LABELS("button.as-case"), "Use these")]
    assert offered, "the case is offered as well"
    for answered in ("axitinib", "octreotide", "everolimus", "tace"):
        assert f"Not understood: “{answered}" not in talk.text


@pytest.mark.parametrize(
    "text", ["type III, G2, PRRT done", "G1 type III octreotide refractory", "MEN1 gastrinoma, G2"]
)
def test_a_case_that_tells_of_a_treatment_is_offered_first(text: str, conversation: Conversation) -> None:
    assert "Read from your text" in at_home(conversation).types(text).text.splitlines()[0]
