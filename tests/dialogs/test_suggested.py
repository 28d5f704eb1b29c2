"""The caveats and limits of what is suggested, and of what comes with it, stand in the same line."""

from __future__ import annotations

import pytest

from dialogs.cards import newer_notes, result
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.suggested import Suggested
from dialogs.view import Send
from dialogs.words import sections
from guideline import Assessment, assess, guideline
from guideline.case import Case
from phone.entities import parse_html
from tests.support.thresholds import RFA_UNCERTAIN, RFA_UNSUITABLE
from tests.support.walk import Talk, begun

LABELS = Labels()
EVIDENCE = guideline().evidence
SUGGESTED = Suggested(EVIDENCE, LABELS, lambda ids: sections(EVIDENCE.statements[id_] for id_ in ids))

TWO_STEPS = {
    "grade": "G2", "pattern": "II", "fit_for_surgery": True, "primary": "resected", "r0_feasible": True,
    "extrahepatic": "none", "carcinoid_heart_disease": "none", "one_stage_clearance": False,
}  # fmt: skip
DIFFUSE = {"grade": "G2", "pattern": "III"}


def found(**case: object) -> Assessment:
    return assess(Case.of(case))


def read(talk: Talk, action: str = "") -> str:
    shown = Talk(talk.conversation, talk.session).forges(action) if action else talk
    return parse_html(shown.text)[0].replace("\u00a0", " ")


@pytest.fixture
def talk() -> Talk:
    return begun(Conversation())


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (TWO_STEPS, "It suggests: two-step liver resection"),
        (
            {**TWO_STEPS, "pattern_fit": "nearest"},
            "It suggests, by the nearest type (none fits): two-step liver resection",
        ),
        (
            {**TWO_STEPS, "primary": "not_found"},
            "It suggests, with the primary, not found, taken as out: two-step liver resection",
        ),
        (
            {**TWO_STEPS, "graded_tissue": "primary"},
            "It suggests, by the grade of the primary only: two-step liver resection",
        ),
        ({**DIFFUSE, "primary": "not_found"}, "It suggests: multimodal non-surgical treatment"),
        ({"grade": "G3", "differentiation": "poor"}, "It suggests: systemic chemotherapy"),
        ({"grade": "G3"}, "It suggests, if this G3 is poorly differentiated (not known): systemic chemotherapy"),
        (
            {"grade": "G3", "differentiation": "well", "graded_tissue": "primary"},
            "It has no route for well-differentiated G3; for G3 it suggests systemic chemotherapy, written for "
            "carcinoma; read by the grade of the primary only",
        ),
    ],
)
def test_the_sentence_has_the_caveats_that_put_its_own_way_in_doubt(case: dict[str, object], said: str) -> None:
    assert SUGGESTED.sentence(found(**case), "It") == said


def test_nowhere_is_chemotherapy_suggested_for_a_well_differentiated_g3_without_saying_there_is_no_route(
    talk: Talk,
) -> None:
    talk.taps("a.grade.G3", "a.differentiation.well")

    for action in ("", "go.senior", "go.hand", "go.why", "go.alternatives", "go.changes", "go.more", "go.because"):
        text = read(talk, action)
        before, no_route, _ = text.lower().partition("no route for well-differentiated g3")
        assert no_route, action
        assert "\n" not in before or action == "go.senior", action
        assert "chemotherapy" not in before, action
    (copied,) = [
        button.copy for button in Talk(talk.conversation, talk.session).forges("go.hand").buttons if button.copy
    ]
    assert " has no route for well-differentiated G3; for G3 carcinoma: systemic chemotherapy." in copied
    assert "suggests" not in copied


@pytest.mark.parametrize(
    ("answer", "before"),
    [
        ("well", "The source has no figures for well-differentiated G3. For G3 carcinoma only: e"),
        ("unknown", "Only if this G3 is poorly differentiated: e"),
        ("poor", "E"),
    ],
)
def test_an_outlook_of_carcinoma_is_no_result_of_chemotherapy_nor_of_another_tumour(
    talk: Talk, answer: str, before: str
) -> None:
    talk.taps("a.grade.G3", f"a.differentiation.{answer}")

    outlook = "xpected survival 6–18 months: outlook of poorly differentiated G3 carcinoma even when treated"
    assert read(talk, "go.numbers").startswith(before + outlook)


@pytest.mark.parametrize("action", ["go.add", "go.more", "go.because", "go.changes", "go.reports"])
def test_that_there_is_no_route_is_a_sentence_of_its_own_in_a_title(talk: Talk, action: str) -> None:
    """Not what something is added to, or behind."""
    talk.taps("a.grade.G3", "a.differentiation.well")

    before, _, _ = read(talk, action).lower().partition("no route for well-differentiated g3")
    assert before.endswith(("now: ", "result: ", "numbers: ")), before


def test_the_page_of_what_could_add_begins_with_what_it_can_do(talk: Talk) -> None:
    talk.taps("a.grade.G3", "a.differentiation.well").forges("go.add")
    assert len([action for action in talk.actions if action.startswith("e.")]) == 1
    assert read(talk).startswith(
        "One answer could still add something; it does not change the headline. Now: no route "
    )

    talk.says("new").taps("a.grade.G2", "a.pattern.III", "all.symptoms.no").forges("go.add")
    assert read(talk).startswith("These answers could still add something; none changes the headline. Now: multimodal ")


@pytest.mark.parametrize("action", ["", "go.changes", "go.numbers", "go.alternatives"])
def test_chemotherapy_that_is_only_possible_is_said_to_be_for_poor_differentiation(talk: Talk, action: str) -> None:
    talk.taps("a.grade.unknown", "a.pattern.III", "all.symptoms.no")

    said = read(talk, action).lower()
    assert "systemic chemotherapy" in said
    assert said.count("systemic chemotherapy") == said.count("systemic chemotherapy, if poorly differentiated")


def test_numbers_begin_with_whose_they_are(talk: Talk) -> None:
    talk.taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")
    first = "Survival 46–86 % at 5 years, 35–79 % at 10 years: various series of liver resection, not by pattern ["
    assert read(talk, "go.numbers").startswith(first)

    talk.says("new").taps("a.grade.G2", "a.pattern.III", "all.symptoms.no").forges("e.age").taps("a.age.>50")
    first = read(talk, "go.numbers").split("\n")[0]
    assert first.startswith("Symptoms relieved or improved 55–100 %, time not said; objective response 20–80 %")


@pytest.mark.parametrize("heart", [None, "none", "optimised", "uncontrolled"])
def test_debulking_in_type_iii_comes_with_its_limits_and_the_heart(heart: str | None) -> None:
    said, because = SUGGESTED.adjunct(
        found(**DIFFUSE, refractory_symptoms=True, carcinoid_heart_disease=heart), "consider-debulking"
    )

    assert "Surgery is not regarded as a good option in Type III" in said
    assert ("optimised first" in said) == (heart in (None, "uncontrolled"))
    assert ("prerequisite-heart" in because) == (heart in (None, "uncontrolled"))


@pytest.mark.parametrize(("refractory", "said"), [("yes", "to be considered"), ("no", "at most considered")])
def test_among_the_alternatives_debulking_in_type_iii_is_not_called_for_other_types_only(
    talk: Talk, refractory: str, said: str
) -> None:
    talk.forges("a.grade.G2").forges("a.pattern.III")
    talk.taps("t.s-refractory") if refractory == "yes" else None
    while "all.symptoms.no" in talk.actions or "all.symptoms.others" in talk.actions:
        talk.taps(next(action for action in talk.actions if action.startswith("all.symptoms")))

    line = next(line for line in read(talk, "go.alternatives").split("\n") if "Debulking surgery" in line)
    assert said in line
    assert "only when Type" not in line
    assert "§5.1.4" in line


@pytest.mark.parametrize(("case", "operative"), [(DIFFUSE, False), ({"grade": "G2"}, False), (TWO_STEPS, True)])
def test_that_nothing_was_read_on_embolisation_stands_where_no_operation_is_suggested(
    case: dict[str, object], operative: bool
) -> None:
    line = SUGGESTED.along(found(**case, carcinoid_syndrome=True), "perioperative-somatostatin")

    assert line.startswith("Somatostatin analogue around any operation (carcinoid syndrome) [§5.1.1]")
    assert ("Nothing was read on embolisation, ablation or biopsy" in line) != operative


def test_what_is_sent_on_does_not_claim_to_be_without_details() -> None:
    assert "without name or identifier" in LABELS("share.forwarded")


def test_back_stands_below_not_known_at_every_question(talk: Talk) -> None:
    talk.taps("a.grade.G2")
    assert [[button.action for button in row] for row in talk.screen.rows[-2:]] == [["a.pattern.unknown"], ["back"]]
    talk.taps("a.pattern.II")
    assert [[b.action for b in row] for row in talk.screen.rows[-2:]] == [["all.prerequisites.shown"], ["back"]]


NO_SYMPTOMS = {"refractory_symptoms": False, "local_effects": False}
UNCERTAIN = f"RFA less certain over {RFA_UNCERTAIN:g} cm"
UNSUITABLE, TOO_LARGE = f"RFA judged unsuitable over {RFA_UNSUITABLE:g} cm", RFA_UNSUITABLE + 1
UNFIT = {"grade": "G2", "pattern": "II", "fit_for_surgery": False}


@pytest.mark.parametrize(
    ("case", "first", "back"),
    [
        ({**UNFIT, "largest_lesion_cm": TOO_LARGE}, "ablation or chemoembolisation", [UNSUITABLE]),
        (
            {**UNFIT, "largest_lesion_cm": RFA_UNSUITABLE},
            "ablation or chemoembolisation",
            [UNCERTAIN],
        ),
        (
            {**UNFIT, "pattern": "I", "largest_lesion_cm": TOO_LARGE},
            "ablation or chemoembolisation",
            [UNSUITABLE],
        ),
        (
            {**TWO_STEPS, "one_stage_clearance": True, "largest_lesion_cm": TOO_LARGE},
            "major liver resection",
            [UNSUITABLE],
        ),
        ({**TWO_STEPS, "largest_lesion_cm": TOO_LARGE}, "liver resection in two", [UNSUITABLE]),
        ({**TWO_STEPS, "largest_lesion_cm": 2}, "liver resection in two", []),
    ],
)
def test_the_first_line_tells_what_takes_a_part_of_the_headline_back(
    case: dict[str, object], first: str, back: list[str]
) -> None:
    lines = shown_of(**case)

    assert first in lines[0]
    assert all(words in lines[0] for words in back), lines[0]
    assert ("; but here: " in lines[0]) == bool(back)
    assert ("§5.2" in lines[0]) == ("largest_lesion_cm" in case and case["largest_lesion_cm"] != 2)


ONE_STEP = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.yes")
TYPE_I_NO_R0 = ("a.grade.G2", "a.pattern.I", "t.p-r0", "t.p-r0", "all.prerequisites.met", "all.symptoms.no")
TWO_STAGES = "two stages may be preferable if major or complex"


@pytest.mark.parametrize(
    ("taps", "section", "limit"),
    [
        (ONE_STEP, "§5.1.3", TWO_STAGES),
        ((*ONE_STEP, "e.largest_lesion_cm", f"a.largest_lesion_cm.>{RFA_UNSUITABLE:g}"), "§5.1.3", TWO_STAGES),
        (TYPE_I_NO_R0, "§5.3.3", "TACE for multiple bilobar metastases"),
    ],
)
def test_a_limit_that_the_review_sets_is_said_once_as_its_own_and_not_as_a_fact_of_the_case(
    talk: Talk, taps: tuple[str, ...], section: str, limit: str
) -> None:
    for action in taps:
        talk.forges(action)
    first = read(talk).split("\n")[0]
    assert f"; {section}: {limit}" in first
    assert ("; but here: RFA judged unsuitable" in first) == ("e.largest_lesion_cm" in taps)
    assert "but here" not in first.partition(limit)[0]

    for action in ("", "go.senior", "text", "pic.case", "pic.algorithm", "pic.outcomes"):
        text = told(talk, action)
        assert text.count(limit) == 1, text
        assert "A limit" not in text or action == "pic.outcomes"


@pytest.mark.parametrize("why", ["r0_feasible", "fit_for_surgery"])
def test_a_limit_that_is_about_another_pattern_says_which_the_case_has(talk: Talk, why: str) -> None:
    line = {"r0_feasible": "t.p-r0", "fit_for_surgery": "t.p-fit"}[why]
    for action in ("a.grade.G1", "a.pattern.I", line, line, "all.prerequisites.met", "all.symptoms.no"):
        talk.forges(action)

    assert talk.headline == "ablation-embolisation"
    for action in ("", "go.senior", "text", "pic.case"):
        assert f"{LABELS('limit-brief.tace-nonresectable')}, yours is one lobe or two segments" in told(talk, action)


@pytest.mark.parametrize(
    ("case", "afterwards"),
    [
        ({}, "two-step liver resection"),
        ({"one_stage_clearance": True}, "major liver resection, with or without RFA, in one operation; §5.1.3: two"),
        (
            {"one_stage_clearance": None},
            "one-step liver resection or two-step liver resection, by what is not known yet: one operation or two",
        ),
        ({"pattern": "I"}, "liver resection, minor or anatomical [Fig. 1]"),
        ({"pattern": "I", "primary": "not_found"}, "the review suggests: liver resection, minor"),
        (
            {"r0_feasible": False, "local_effects": True, "refractory_symptoms": False, "debulkable_percent": 92},
            "debulking surgery to be considered, for local effects, removing at least 90 % of the tumour volume",
        ),
    ],
)
def test_what_follows_once_the_heart_is_optimised_is_said_in_one_line(case: dict[str, object], afterwards: str) -> None:
    uncontrolled = found(**{**TWO_STEPS, **case, "carcinoid_heart_disease": "uncontrolled"})
    then = uncontrolled.afterwards
    assert uncontrolled.headline == "optimise-heart-first"
    assert then is not None
    assert then.candidates == found(**{**TWO_STEPS, **case, "carcinoid_heart_disease": "optimised"}).candidates
    assert found(**{**TWO_STEPS, **case}).afterwards is None

    conversation = Conversation()
    handed = conversation.steps.handing_on.text(uncontrolled, ()).replace("\u00a0", " ").split("\n")
    for lines in (shown_of(**{**TWO_STEPS, **case, "carcinoid_heart_disease": "uncontrolled"}), handed):
        (line,) = [line for line in lines if line.startswith("Once it is optimised, the review suggests")]
        assert afterwards in line.replace("liver resection in two steps", "two-step liver resection"), line


def test_that_no_type_fits_is_said_by_the_caveat_alone(talk: Talk) -> None:
    for action in ("a.grade.G1", "a.pattern.II-nearest", "all.prerequisites.met", "all.symptoms.no", "a.steps.yes"):
        talk.forges(action)

    assert LABELS("caveat.pattern-nearest") in read(talk)
    assert LABELS.clause("pattern_fit", talk.place.found.case.known["pattern_fit"]) not in read(talk)


def test_debulking_says_what_for_and_a_statement_on_tumours_without_hormones_that_this_one_makes_them() -> None:
    no_cure = {"grade": "G2", "pattern": "I", "fit_for_surgery": True, "primary": "resected", "r0_feasible": False}
    no_cure |= {"extrahepatic": "none", "carcinoid_heart_disease": "none", "debulkable_percent": 95}
    local = EVIDENCE.statements["debulking-local-effects"].text

    first, *rest = shown_of(**no_cure, refractory_symptoms=True, local_effects=True)
    assert "to be considered, for hormones that other treatment does not control, removing at least 90 %" in first
    assert not any(line.startswith(local) for line in rest)
    for hormones, said in ((True, True), (False, False), (None, False)):
        case = {**no_cure, "refractory_symptoms": False, "local_effects": True, "hormonal_symptoms": hormones}
        first, *rest = shown_of(**case)
        assert "debulking surgery to be considered, for local effects, removing" in first
        (line,) = [line for line in rest if line.startswith(local)]
        assert line.endswith("; yours has hormonal symptoms") == said


@pytest.mark.parametrize("type_", ["II-nearest", "III-nearest"])
def test_a_longer_result_names_fewer_newer_sources_and_always_the_first(talk: Talk, type_: str) -> None:
    for action in ("a.grade.G2", f"a.pattern.{type_}", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"):
        talk.forges(action)

    def named() -> int:
        return read(talk).partition("Newer sources")[2].partition("2012 review")[0].count("· ")

    before = named()
    for action in ("e.graded_tissue", "a.graded_tissue.primary"):
        talk.forges(action)
    talk.forges("now")
    assert 1 <= named() <= before
    assert "A Ki-67 higher in the metastasis bears on survival" in read(talk)
    assert named() < 3


def told(talk: Talk, action: str) -> str:
    """What is read after a tap: on the screen, in the message that it sends, or in the caption."""
    turn = Talk(talk.conversation, talk.session).forges(action).turn if action else None
    if not isinstance(turn, Send):
        return read(talk, action)
    return (turn.attachments[0].caption if turn.attachments else turn.text).replace("\u00a0", " ")


@pytest.mark.parametrize("type_", ["I", "II", "III"])
def test_only_of_a_type_iii_is_it_said_that_it_may_be_operated_on_under_another_name(talk: Talk, type_: str) -> None:
    talk.forges("a.grade.G2").forges(f"a.pattern.{type_}").forges("all.prerequisites.met").forges("all.symptoms.no")
    talk.forges("a.steps.no")

    place = newer_notes(EVIDENCE, talk.place.found).index("type-naming") + 1
    for action in ("text", "go.newer", f"go.newer.{place}"):
        text = told(talk, action)
        assert ("Type III here may be a Type 2 elsewhere, which is operated on" in text) == (type_ == "III"), text
        assert ("A 2023 paper's Type 1–3 mean something else" in text) == (type_ != "III")


@pytest.mark.parametrize("type_", ["II", "III"])
def test_a_result_that_names_some_of_its_newer_sources_says_of_how_many(talk: Talk, type_: str) -> None:
    talk.forges("a.grade.G2").forges(f"a.pattern.{type_}").forges("all.prerequisites.met").forges("t.s-refractory")
    talk.forges("all.symptoms.no").forges("a.steps.no")

    _, _, below = read(talk).partition("Newer sources")
    shown = below.partition("2012 review")[0].count("· ")
    assert below.startswith(f", {shown} of {len(newer_notes(EVIDENCE, talk.place.found))}\n")


def test_what_is_known_in_part_is_not_handed_on_as_not_known(talk: Talk) -> None:
    talk.taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.yes")

    for action in ("text", "go.senior"):
        text = told(talk, action)
        open_ = next(line for line in text.split("\n") if line.startswith("Not known"))
        assert "disease outside the liver" not in open_.partition(";")[0]
        assert "whether the primary is out or still in" in open_
    assert "outside the liver: none, or resectable" in told(talk, "text")


def test_what_is_missing_is_handed_on_with_what_each_test_is_for(talk: Talk) -> None:
    talk.taps("a.grade.unknown", "a.pattern.unknown", "all.prerequisites.shown", "all.symptoms.shown")

    for action in ("", "text"):
        assert "Grade: core biopsy" in told(talk, action)
        assert "one operation or two, removable tumour volume: MRI [§4], from" in told(talk, action)


def test_the_transplant_page_opens_with_what_is_not_met_and_lists_it_first(talk: Talk) -> None:
    talk.forges("a.grade.G2").forges("a.pattern.III").forges("all.symptoms.no").forges("e.age").forges("a.age.>50")

    text = read(talk, "go.transplant")
    assert text.startswith("1 not met: age up to 50 (yours: age over 50; elsewhere ")
    states = [line.partition(":")[0] for line in text.split("\n") if line.startswith("· ")]
    assert states == ["· Not met", *["· Not known"] * 4, "· Met"]
    assert "Yours: not known" not in text


def test_bland_embolisation_is_named_where_the_figure_has_it(talk: Talk) -> None:
    talk.taps("a.grade.G2", "a.pattern.III", "all.symptoms.no")

    for action in ("", "text"):
        assert "treatment other than resection: embolisation (TACE, TAE), somatostatin" in told(talk, action)


def test_the_limit_of_size_stands_before_the_ablation_that_it_limits() -> None:
    lines = "\n".join(shown_of(**TWO_STEPS, largest_lesion_cm=6))

    assert lines.index("a lesion is considered unsuitable for RFA") < lines.index(LABELS("adjunct.combine-ablation"))


@pytest.mark.parametrize("fit", [True, None])
def test_beside_treatment_that_is_no_operation_it_is_said_that_the_fitness_for_one_is_not_known(
    fit: bool | None,
) -> None:
    lines = shown_of(**DIFFUSE, fit_for_surgery=fit)
    assert any(line.startswith("· Cholecystectomy") for line in lines)
    assert lines[1].endswith(f" · {LABELS('caution.fitness')}") == (fit is None)


@pytest.mark.parametrize(
    ("id_", "case", "applies"),
    [
        ("cholecystectomy", {}, "Only while unresectable"),
        (
            "leave-primary",
            {"primary": "resectable", "primary_small_asymptomatic": True},
            "While the metastases are unresectable",
        ),
        ("sequential-approach", {"timing": "metachronous"}, "For metachronous metastases, bilobar or diffuse"),
        ("consider-debulking", {"refractory_symptoms": True}, "Surgery is not regarded as a good option in Type III"),
        (
            "consider-debulking",
            {"pattern": "II", "r0_feasible": False, "fit_for_surgery": True, "debulkable_percent": 95, **NO_SYMPTOMS},
            "Above all for uncontrolled hormones or local effects",
        ),
        ("transplant-for-hormones", {"refractory_symptoms": True}, "if hormones threaten life despite drugs"),
    ],
)
def test_what_could_be_taken_for_a_part_of_other_treatment_says_when_it_applies(
    id_: str, case: dict[str, object], applies: str
) -> None:
    case = {**DIFFUSE, **case}
    assert id_ in found(**case).adjuncts
    (line,) = [line for line in shown_of(**case) if line.startswith(f"· {LABELS(f'adjunct.{id_}')}")]
    assert applies in line


def shown_of(**case: object) -> list[str]:
    """The lines of the result of a case."""
    conversation = Conversation()
    view = result(EVIDENCE, found(**case), ())
    return parse_html(conversation.steps.renderer.screen(view).text)[0].replace("\u00a0", " ").split("\n")
