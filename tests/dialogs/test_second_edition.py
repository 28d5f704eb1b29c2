"""What the second edition mended that could change the answer (CORRECTIONS.md), by buttons and the words on screen."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.view import Send
from guideline import evidence
from phone.entities import parse_html
from tests.dialogs.test_lookup import pages_of
from tests.support.asked import ASKS_GRADE, asks
from tests.support.walk import Talk, begun

LABELS = Labels()
STATEMENTS = evidence().statements

TYPE_I = ("a.grade.G2", "a.pattern.I")
TYPE_II = ("a.grade.G2", "a.pattern.II")
TYPE_III = ("a.grade.G2", "a.pattern.III")
NO_CURE = ("t.p-r0", "t.p-r0", "all.prerequisites.met")
DEBULKING = f"· {LABELS('adjunct.consider-debulking')}"


@pytest.fixture
def talk(conversation: Conversation) -> Talk:
    return begun(conversation)


def read(talk: Talk, *rooms: str) -> str:
    """What is read on the screen, or on all pages of a room some taps further; the talk stays where it is."""
    if not rooms:
        return _plain(talk.text)
    *before, room = rooms
    there = Talk(talk.conversation, talk.session).taps(*before)
    return "".join(_plain(page.text) for page in pages_of(there.forges(room)))


def told(talk: Talk, offer: str, *answers: str) -> Talk:
    """The talk back at its result, with an answer to what it offers."""
    there = Talk(talk.conversation, talk.session).forges(offer).taps(*answers)
    return there if "go.change" in there.actions else there.taps("now")


def captions(talk: Talk) -> list[str]:
    return [button.caption for button in talk.buttons]


def _plain(html: str) -> str:
    return parse_html(html)[0].replace("\u00a0", " ")


def test_what_was_not_tapped_leaves_debulking_open(talk: Talk) -> None:
    talk.taps(*TYPE_II, *NO_CURE, "t.s-carcinoid", "all.symptoms.shown", "a.volume.>=90")

    assert read(talk).startswith("Cannot say yet: hormonal symptoms not controlled, pressure or obstruction not known")
    decides = read(talk).split("What decides, in order\n")[1].split("\n\n")[0]
    assert LABELS("short.debulking") in decides


def test_none_alone_says_no(talk: Talk) -> None:
    talk.taps(*TYPE_II, *NO_CURE, "t.s-carcinoid", "all.symptoms.no")

    assert talk.headline == "ablation-embolisation"


def test_r0_says_that_lesions_cleared_by_ablation_count_in_type_ii_by_our_reading(talk: Talk) -> None:
    talk.taps(*TYPE_II)

    assert "In Type II lesions cleared by ablation count: our reading of §3, §5.1.4, §5.3.2." in read(talk)


@pytest.mark.parametrize("symptom", ["t.s-refractory", "t.s-local"])
def test_in_type_iii_the_symptoms_that_lead_to_debulking_are_asked_and_both_views_are_said(
    talk: Talk, symptom: str
) -> None:
    talk.taps(*TYPE_III)
    assert {"t.s-refractory", "t.s-local"} <= set(talk.actions)

    talk.taps(symptom, "all.symptoms.no")

    (debulking,) = [line for line in read(talk).split("\n") if line.startswith(DEBULKING)]
    assert STATEMENTS["type-iii-approach"].text in debulking
    assert (LABELS("adjunct.transplant-for-hormones") in read(talk)) == (symptom == "t.s-refractory")


@pytest.mark.parametrize(("volume", "there"), [("a.volume.>=90", True), ("a.volume.<70", False)])
def test_in_type_iii_debulking_goes_with_the_share_that_can_be_removed(talk: Talk, volume: str, there: bool) -> None:
    talk.taps(*TYPE_III, "t.s-refractory", "all.symptoms.no")

    assert (DEBULKING in read(told(talk, "e.volume", volume))) == there


def test_g3_asks_for_the_differentiation_before_there_is_a_result(talk: Talk) -> None:
    talk.taps("a.grade.G3")

    assert asks("differentiation") in read(talk)


@pytest.mark.parametrize(("answer", "caveat"), [("well", "net-g3-not-covered"), ("unknown", "differentiation-unknown")])
def test_of_g3_that_is_not_known_to_be_poor_the_first_line_says_so_before_what_was_written_for_carcinoma(
    talk: Talk, answer: str, caveat: str
) -> None:
    lines = {
        "well": "The source has no route for well-differentiated G3; for G3 it suggests systemic chemotherapy, "
        "written for carcinoma [§2]",
        "unknown": "The source suggests, if this G3 is poorly differentiated (not known): systemic chemotherapy [§2]",
    }
    talk.taps("a.grade.G3", f"a.differentiation.{answer}")

    headline, first, *rest = read(talk).split("\n")
    assert headline == lines[answer]
    assert first.startswith(f"Caveat: {LABELS(f'caveat.{caveat}')}")
    told = STATEMENTS["g3-chemotherapy"].text  # which names carcinoma itself: no other words before it do
    assert any(line.startswith(told) for line in rest)
    (heading,) = (line for line in rest if line.startswith("Newer sources"))
    newer = rest[rest.index(heading) + 1]
    assert newer == f"· {evidence().notes['g3-net'].differs}"


def test_of_a_carcinoma_there_is_no_caveat_and_no_note_on_tumours(talk: Talk) -> None:
    talk.taps("a.grade.G3", "a.differentiation.poor")

    assert "Caveat" not in read(talk)
    assert evidence().notes["g3-net"].differs not in read(talk)


def test_the_grade_asked_is_that_of_the_metastases_and_one_of_the_primary_has_a_caveat(talk: Talk) -> None:
    assert ASKS_GRADE in read(talk)
    talk.taps(*TYPE_III, "all.symptoms.no")
    assert "e.graded_tissue" in Talk(talk.conversation, talk.session).taps("go.more", "go.add").actions

    result = told(talk, "e.graded_tissue", "a.graded_tissue.primary")

    assert read(result).split("\n")[1].startswith(f"Caveat: {LABELS('caveat.grade-of-primary')}")


@pytest.mark.parametrize("type_", ["II", "III"])
def test_both_lobes_and_none_dominant_has_a_way_of_its_own_with_a_caveat(talk: Talk, type_: str) -> None:
    talk.taps("a.grade.G2")
    assert "Both lobes, none dominant" in captions(talk)
    talk.taps("go.bilobar")
    for id_ in ("combination-rfa-resection", "combination-when-not-all-resectable", "metachronous-bilobar"):
        assert STATEMENTS[id_].text in read(talk)

    talk.taps(f"a.pattern.{type_}-nearest")
    while "go.change" not in talk.actions:
        talk.taps(next(a for a in talk.actions if a.startswith(("all.", "a."))))

    assert read(talk).split("\n")[1].startswith(f"Caveat: {LABELS('caveat.pattern-nearest')}")


def test_a_primary_that_was_searched_for_and_not_found_can_be_said_and_has_a_caveat(talk: Talk) -> None:
    talk.taps(*TYPE_I, *["t.p-primary"] * 3)
    assert "Primary: not found" in captions(talk)

    talk.taps("all.prerequisites.met", "all.symptoms.no")

    assert talk.headline == "resection"
    assert read(talk).split("\n")[1].startswith(f"Caveat: {LABELS('caveat.primary-not-found')}")


def test_cholecystectomy_is_not_listed_for_the_unfit(talk: Talk) -> None:
    talk.taps(*TYPE_II, *NO_CURE, "all.symptoms.no")
    assert "Cholecystectomy" in read(talk)
    talk.taps("go.change", "e.prerequisites", "t.p-fit", "all.prerequisites.shown")

    assert talk.headline == "ablation-embolisation"
    assert "Cholecystectomy" not in read(talk)


def test_the_size_asked_is_that_of_the_lesions_to_be_ablated(talk: Talk) -> None:
    talk.taps(*TYPE_II, "all.prerequisites.met", "all.symptoms.no", "a.steps.yes")
    asked = read(Talk(talk.conversation, talk.session).forges("e.largest_lesion_cm"))
    assert asks("largest_lesion_cm") in asked
    assert "A lesion that is resected does not count." in asked

    talk.taps("go.change", "e.pattern", "a.pattern.I")

    assert talk.headline == "resection"
    assert "largest_lesion_cm" not in talk.place.found.could_add


def test_a_failed_transplant_criterion_stops_no_other_from_being_asked_and_what_counts_is_echoed(talk: Talk) -> None:
    talk.taps(*TYPE_III, "all.symptoms.no")

    result = told(told(talk, "e.age", "a.age.>50"), "e.fit_for_surgery", "a.fit_for_surgery.no")

    assert "· Transplant criterion not met: age up to 50" in read(result)
    assert "No criteria, but they count: not fit for surgery" in read(result)
    assert {"portal_drainage", "liver_involvement_percent", "stable_months"} <= set(result.place.found.could_add)


def test_what_the_multimodal_treatment_contains_is_not_called_excluded(talk: Talk) -> None:
    talk.taps(*TYPE_III, "all.symptoms.no")

    others = read(talk, "go.more", "go.alternatives")
    assert "blation" not in others
    assert "Systemic chemotherapy, if poorly differentiated: for when G3; you said G2" in others


def test_what_excludes_debulking_stands_with_its_indications(talk: Talk) -> None:
    talk.taps(*TYPE_I, *NO_CURE, "all.symptoms.no")

    for id_ in ("debulking-limited-indications", "summary-debulking-justified"):
        assert STATEMENTS[id_].text in read(talk, "go.why", "go.because")


def test_one_step_in_type_ii_has_its_doubt_on_the_card_and_the_contradiction_behind_why(talk: Talk) -> None:
    talk.taps(*TYPE_II, "all.prerequisites.met", "all.symptoms.no", "a.steps.yes")

    assert "; §5.1.3: two stages may be preferable if major or complex" in read(talk)
    assert "I-15" in read(talk, "go.why", "go.because")


def test_debulking_for_local_effects_stands_on_their_sentence(talk: Talk) -> None:
    talk.taps(*TYPE_I, *NO_CURE, "t.s-local", "all.symptoms.no", "a.volume.>=90")

    assert STATEMENTS["debulking-local-effects"].text in read(talk)
    assert STATEMENTS["debulking-refractory-symptoms"].text not in read(talk)


def test_in_type_i_chemoembolisation_is_limited_and_the_unfit_are_not_told_of_resection(talk: Talk) -> None:
    talk.taps(*TYPE_I, *NO_CURE, "all.symptoms.no")
    assert "; §5.3.3: TACE for multiple bilobar metastases" in read(talk)
    assert STATEMENTS["tace-nonresectable"].text in read(talk, "go.because")
    assert STATEMENTS["summary-rfa-combined"].text in read(talk, "go.because")

    talk.taps("go.change", "e.prerequisites", "t.p-fit", "all.prerequisites.shown")

    assert STATEMENTS["summary-rfa-combined"].text not in read(talk) + read(talk, "go.because")


def test_chemotherapy_of_g3_does_not_stand_on_targeted_drugs(talk: Talk) -> None:
    talk.taps("a.grade.G3", "a.differentiation.poor")

    assert STATEMENTS["fig-g3"].text in read(talk, "go.why", "go.because")
    assert STATEMENTS["fig-targeted"].text not in read(talk, "go.why", "go.because")


def test_the_series_of_transplants_are_not_shown_to_who_does_not_meet_the_criteria(talk: Talk) -> None:
    talk.taps(*TYPE_III, "all.symptoms.no")
    series = {id_ for id_, statement in STATEMENTS.items() if "transplant" in statement.outcome_of}
    assert series <= set(talk.place.found.outcomes)

    result = told(talk, "e.age", "a.age.>50")

    assert not series & set(result.place.found.outcomes)
    turn = result.forges("pic.outcomes").turn
    for attachment in turn.attachments if isinstance(turn, Send) else ():
        assert "ransplant" not in attachment.caption


def test_what_could_still_add_names_the_headline_with_its_caveat(talk: Talk) -> None:
    talk.taps(*TYPE_I, *["t.p-primary"] * 3, "all.prerequisites.met", "all.symptoms.no")

    assert f"Caveat: {LABELS('caveat.primary-not-found')}" in read(talk, "go.add")


@pytest.mark.parametrize("ki67", ["3-20", "unknown"])
def test_only_beside_a_ki67_can_the_mitoses_be_not_counted(talk: Talk, ki67: str) -> None:
    talk.taps("a.grade.count", f"a.ki67.{ki67}")

    assert ("Not counted at all" in read(talk)) == (ki67 != "unknown")
    assert ("a.mitoses.alone" in talk.actions) == (ki67 != "unknown")


def test_what_an_answer_has_added_is_said_where_the_next_is_offered(talk: Talk) -> None:
    talk.taps(*TYPE_I, "all.prerequisites.met", "all.symptoms.no")
    talk.forges("e.timing").taps("a.timing.metachronous")

    assert f"Added: {LABELS('adjunct.one-step-low-risk')} [§5.1.3]" in read(talk)
    assert "Added" not in read(talk, "go.add")
