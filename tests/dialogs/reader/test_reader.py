"""What the reader takes from a text, feature by feature."""

from __future__ import annotations

import pytest

from dialogs.reader import LONGEST, reader


def read(text: str) -> dict[str, object]:
    return {found.fact: found.plain for found in reader().read(text).facts}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("Ki-67 8 %", "ki67", 8),
        ("ki67 2,5 %", "ki67", 2.5),
        ("Ki-67 <2 %", "ki67", "<2"),
        ("Ki-67 ≤ 20 %", "ki67", "<=20"),
        ("Ki-67 more than 20 percent", "ki67", ">20"),
        ("Ki-67 10–15 %", "ki67", "10-15"),
        ("Ki-67 between 10 and 15 %", "ki67", "10-15"),
        ("4/10 hpf", "mitoses", 4),
        ("3 mitoses per 2 mm²", "mitoses", 3),
        ("mitoses <2/10 HPF", "mitoses", "<2"),
        ("largest lesion to be ablated 45 mm", "largest_lesion_cm", 4.5),
        ("largest lesion 3-5 cm, for RFA", "largest_lesion_cm", "3-5"),
        ("stable for two years", "stable_months", 24),
        ("stable 6/12", "stable_months", 6),
        ("grade: 1", "grade", "G1"),
        ("45 % replacement of liver", "liver_involvement_percent", 45),
        ("primary drained by the portal vein", "portal_drainage", True),
        ("primary R0 resected", "primary", "resected"),
        ("typeII", "pattern", "II"),
        ("3 mets all in R lobe", "pattern", "I"),
        ("45 y.o. female", "age", 45),
        ("at least 70 % can be cleared", "debulkable_percent", ">=70"),
        ("58 year old", "age", 58),
        ("aged 58", "age", 58),
        ("90%+ debulkable", "debulkable_percent", ">=90"),
        ("12 liver metastases", "lesion_count", 12),
        ("ECOG 2", "fit_for_surgery", True),
        ("WHO performance status 3", "fit_for_surgery", False),
        ("PS 0-1", "fit_for_surgery", True),
        ("WHO 0/1", "fit_for_surgery", True),
        ("ECOG >=3", "fit_for_surgery", False),
    ],
)
def test_numbers_with_units_comparators_and_ranges(text: str, fact: str, value: object) -> None:
    assert read(text) == {fact: value}


@pytest.mark.parametrize(
    "text",
    [
        "Ki-67 120 %", "mitoses 3/50 HPF", "PS 2-3", "ECOG 7", "age 240", "WHO 2019", "liver involvement 110 %",
        "G2P1", "T2DM", "grade 2 diarrhoea", "type 1 MEN", "MEN type 1", "coronary heart disease", "ASA 2",
        "primary 4 cm", "resectable", "nodes resected", "type 2 diabetes", "stage III",
        "mother had carcinoid syndrome", "carcinoid of the lung, no more said, HCC in 2010", "G1-2", "G1 or G2",
        "mitoses 1e400", "Ki-67 1e1", "portal vien embolisaton", "pancreatic primary and a massive liver",
        "debulked 80% in 2019", "non functioning kidney", "isolated liver mets", "mitotic rate per mm2",
        "fit for TACE only",
    ],
)  # fmt: skip
def test_what_is_not_read(text: str) -> None:
    assert set(read(text)) <= {"primary_site"}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("no CHD", "carcinoid_heart_disease", "none"),
        ("not resectable primary", "primary", "unresectable"),
        ("R0 not feasible", "r0_feasible", False),
        ("no evidence of extrahepatic disease", "extrahepatic", "none"),
        ("neither carcinoid syndrome nor hepatomegaly", "hepatomegaly", False),
        ("no ascites, hepatomegaly or carcinoid syndrome", "carcinoid_syndrome", False),
        ("CS-", "carcinoid_syndrome", False),
        ("CHD-ve, CS-ve", "carcinoid_syndrome", False),
        ("no CHD/CS/EHD", "carcinoid_syndrome", False),
        ("He has no symptoms of carcinoid syndrome", "carcinoid_syndrome", False),
        ("no CHD/CS/EHD", "extrahepatic", "none"),
        ("CS+", "carcinoid_syndrome", True),
        ("portal drainage: no", "portal_drainage", False),
        ("no longer fit for surgery", "fit_for_surgery", False),
    ],
)
def test_denials(text: str, fact: str, value: object) -> None:
    assert read(text)[fact] == value


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("?G2", "grade"),
        ("G2?", "grade"),
        ("r/o CHD", "carcinoid_heart_disease"),
        ("grade awaited", "grade"),
        ("Ki-67 tbc", "ki67"),
        ("type II tbc", "pattern"),
        ("if the primary is resectable", "primary"),
        ("possible carcinoid syndrome", "carcinoid_syndrome"),
        ("R0 doubtful", "r0_feasible"),
        ("extrahepatic disease not yet assessed", "extrahepatic"),
        ("resectable", "r0_feasible"),
        ("bilobar", "pattern"),
        ("primary in situ", "primary"),
        ("bone metastases", "extrahepatic"),
        ("6 cm", "largest_lesion_cm"),
        ("refractory diarrhoea", "refractory_symptoms"),
        ("ongoing wheeze", "refractory_symptoms"),
        ("grade 1 vs 2", "grade"),
        ("G1/G2", "grade"),
        ("type II or III", "pattern"),
        ("small bowel NET, resected, G1", "primary"),
        ("PS unknown", "fit_for_surgery"),
        ("primary to be resected next month", "primary"),
        ("primary will be removed at the same time", "primary"),
        ("fit for TACE only", "fit_for_surgery"),
        ("ECOG 1 previously, now 3", "fit_for_surgery"),
        ("ki67 was 2% in 2018, now 12%", "ki67"),
        ("ki67 rose from 5% to 15%", "ki67"),
        ("small bowel obstruction 2 years ago", "local_effects"),
        ("isolated liver mets", "extrahepatic"),
        ("appendicectomy 1990; ileal NET in situ", "primary"),
        ("ALPPS considered", "one_stage_clearance"),
        ("PS 2/3", "fit_for_surgery"),
        ("borderline resectable primary", "primary"),
        ("70 or 90 percent debulking", "debulkable_percent"),
        ("bowel resection in unresectable NET", "primary"),
        ("PET: no disease outside liver. CT: 2 cm node at SMA root", "extrahepatic"),
        ("the liver is resectable but the primary is not", "primary"),
        ("carcinoid syndrome on octreotide", "refractory_symptoms"),
        ("no CHD/CS with flushing", "carcinoid_syndrome"),
    ],
)
def test_what_is_doubtful_or_half_said_is_asked(text: str, fact: str) -> None:
    reading = reader().read(text)

    assert fact not in read(text)
    assert fact in reading.unclear


@pytest.mark.parametrize(
    "text",
    [
        "flushing not controlled on lanreotide",
        "wheeze and flushing persist on max octreotide",
        "ongoing diarrhoea despite lanreotide",
    ],
)
def test_what_follows_from_what_was_read_is_not_asked(text: str) -> None:
    reading = reader().read(text)

    assert read(text)["refractory_symptoms"] is True
    assert not {"refractory_symptoms", "hormonal_symptoms"} & set(reading.unclear)


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("Diarrhoea most days, G1", "Diarrhoea most days"),
        ("G1, valve surgery next year", "valve surgery next year"),
        ("G1, zylophant seen by Smith at Leeds", "zylophant seen"),
        (
            "grade 2, pattern type II, primary resected, fit for major surgery, R0 feasible, " + "zylo phant " * 6,
            "zylo phant " * 4,
        ),
    ],
)
def test_what_no_phrase_takes_is_named_without_what_may_be_a_name(text: str, stretch: str) -> None:
    (named,) = reader().read(text).not_understood

    assert named.startswith(stretch)
    assert "Smith" not in named
    assert named in text


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("type I, type III", {"pattern"}),
        ("ki67 5%, ki67 12%", {"ki67"}),
        ("G1, Ki-67 30 %", {"grade", "ki67"}),
        ("G1, poorly differentiated", {"grade", "differentiation"}),
        ("carcinoid syndrome, no hormonal symptoms", {"carcinoid_syndrome", "hormonal_symptoms"}),
    ],
)
def test_of_two_values_neither_is_taken(text: str, facts: set[str]) -> None:
    reading = reader().read(text)

    assert set(reading.conflict) == facts
    assert not facts & set(read(text))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("type II", "II"),
        ("segments 6 and 7 only", "I"),
        ("segments 4 and 5 only", "I"),
        ("mets in segments 2 and 7", None),
        ("solitary metastasis in segment 8", "I"),
        ("bilobar with a dominant lesion", "II"),
        ("9 cm right lobe lesion and small left satellites", "II"),
        ("both lobes, none dominant", None),
        ("8 cm lump seg 7/8 plus four small ones left", "II"),
        ("small lesions in segment 6, more of them on the left", None),
        ("diffuse", "III"),
        ("gNET type 3, unilobar", "I"),
    ],
)
def test_the_pattern_of_the_metastases(text: str, pattern: str | None) -> None:
    assert read(text).get("pattern") == pattern


@pytest.mark.parametrize("text", ["primery resectd", "primary resected", "prim out", "1° removed", "resected 1ry"])
def test_abbreviations_and_misspellings(text: str) -> None:
    assert read(text) == {"primary": "resected"}


def test_what_was_not_understood_is_told_without_what_may_be_a_name() -> None:
    reading = reader().read("G2, type II, zylophant gradient, seen by Brown")

    assert reading.not_understood == ("zylophant gradient",)


@pytest.mark.parametrize("text", ["Mr Brown, G2, type II", "dob 12/03/1961, G2, type II", "hospital no 1234567 G2"])
def test_nothing_is_read_of_a_text_with_a_persons_details(text: str) -> None:
    reading = reader().read(text)

    assert not reading.is_case
    assert not reading.facts
    assert not reading.not_understood


def test_nothing_is_read_of_a_text_longer_than_a_message() -> None:
    assert read("G2" + " " * (LONGEST - 2)) == {"grade": "G2"}
    assert read("G2" + " " * (LONGEST - 1)) == {}


@pytest.mark.parametrize("end", [". ", "; ", "\n"])
def test_of_a_text_with_more_than_a_case_takes_only_whole_sentences_at_the_beginning_are_read(end: str) -> None:
    beginning = f"G2, type II{end}primary resected{end}"
    reading = reader().read(beginning + "no extrahepatic disease, " * 60 + "Ki-67 8%")

    assert {found.fact for found in reading.facts} == {"grade", "pattern", "primary"}
    assert reading.cut == len(beginning.rstrip(" "))


def test_nothing_is_read_of_a_first_sentence_with_more_than_a_case_takes() -> None:
    assert read("G2 " * 200) == {}


def test_a_text_as_long_as_a_case_takes_is_read_to_its_end() -> None:
    reading = reader().read("G2, type II, " + "lorem ipsum dolor, " * 120 + "primary resected")

    assert {found.fact for found in reading.facts} == {"grade", "pattern", "primary"}
    assert not reading.cut


@pytest.mark.parametrize(
    "text", ["what is G2", "is it true that G3 never gets surgery?", "survival after R0 in type I"]
)
def test_a_question_about_something_is_no_case(text: str) -> None:
    assert not reader().read(text).is_case


def test_not_fit_for_the_one_but_for_the_other_is_not_fit_for_surgery() -> None:
    assert read("not fit for major resection but fit for ablation") == {"fit_for_surgery": False}


def test_the_share_of_the_liver_is_told_from_the_share_that_can_be_removed() -> None:
    assert read("92 % of the liver volume can be removed") == {"debulkable_percent": 92}
    assert read("40 % of the liver volume") == {"liver_involvement_percent": 40}


def test_a_score_beside_a_man_is_no_age() -> None:
    assert read("ecog 3 man") == {"fit_for_surgery": False}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("G2, type II, fit. plan?", True),
        ("G2, type II, fit, one op or two?", True),
        ("?G2, type II, fit", False),
        ("fit, type II, G2?", False),
    ],
)
def test_a_question_beside_a_case_is_told_from_a_doubt(text: str, asks: bool) -> None:
    assert reader().read(text).asks is asks


@pytest.mark.parametrize(
    ("text", "number", "tissue"),
    [
        ("Ki67 (liver) 15%", 15, "metastasis"),
        ("Ki67 primary 2%", 2, "primary"),
        ("Ki-67: primary 2%, liver 8%", 8, "metastasis"),
        ("Ki-67 liver 8%, primary 2%", 8, "metastasis"),
    ],
)
def test_a_figure_of_a_tissue_is_no_share_of_the_liver(text: str, number: int, tissue: str) -> None:
    assert read(text) == {"ki67": number, "graded_tissue": tissue}


def test_of_two_figures_for_two_tissues_neither_tissue_is_taken() -> None:
    reading = reader().read("Ki-67 15 % liver, primary Ki-67 2 %")

    assert "ki67" in reading.conflict
    assert "graded_tissue" in reading.unclear
    assert not reading.facts


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("bilobar mets, 6 lesions, largest 4.2 cm", None),
        ("G1, type I, fit, largest lesion 4.2 cm", None),
        ("dominant right lesion, largest 9 cm, small satellites on the left, G2", None),
        ("G2, type II, largest satellite 2 cm", 2),
        ("bilobar mets, 6 lesions, largest 4.2 cm, for RFA", 4.2),
        ("G1, type I, unfit, largest lesion 4.2 cm", 4.2),
    ],
)
def test_a_size_is_taken_only_where_the_lesion_is_one_to_be_ablated(text: str, size: float | None) -> None:
    reading = reader().read(text)

    assert read(text).get("largest_lesion_cm") == size
    assert ("largest_lesion_cm" in reading.unclear) == (size is None)


@pytest.mark.parametrize(
    "said", ["no syndrome", "without syndrome", "syndrome: no", "with syndrome", "no clinical syndrome"]
)
def test_a_syndrome_that_is_not_named_is_asked_back(said: str) -> None:
    """A carcinoid syndrome on most wards; but a gastrinoma has one too, and the review tells the two apart."""
    found = reader().read(f"G2 type II, primary resected, {said}")
    assert "carcinoid_syndrome" in found.unclear
    assert not {"carcinoid_syndrome", "hormonal_symptoms"} & {one.fact for one in found.facts}
    assert not found.not_understood


def test_another_syndrome_is_not_taken_for_it() -> None:
    assert "carcinoid_syndrome" not in reader().read("G2 type II, Lynch syndrome").unclear


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a quarter of the liver is replaced, type III", 25),
        ("two thirds of the liver, type III", 67),
        ("type III, over half of his liver involved", ">50"),
        ("type III, less than a third of the liver", "<33"),
        ("type III, 1/3 of the liver replaced", 33),
        ("type III, 25 % of both lobes", 25),
        ("type III, 15 % of each lobe", 15),
        ("tumour occupying 60 % of the liver, type III", 60),
        ("type III, half of the liver replaced", 50),
    ],
)
def test_a_share_of_the_liver_in_words_or_of_each_lobe_is_read(text: str, share: object) -> None:
    assert read(text) == {"pattern": "III", "liver_involvement_percent": share}


@pytest.mark.parametrize(
    "text",
    ["G1, 40 % of the right lobe", "G1, a third of the left lobe", "G1, mets in half the liver", "G1, liver burden"],
)
def test_a_share_of_a_part_of_the_liver_is_asked_back(text: str) -> None:
    assert "liver_involvement_percent" in reader().read(text).unclear
    assert read(text) == {"grade": "G1"}


def test_a_third_lesion_is_no_share() -> None:
    assert "liver_involvement_percent" not in read("G1, a third lesion in the liver, Ki-67 2 %")


@pytest.mark.parametrize(
    "text",
    [
        "G1, heart failure", "G1, right heart failure", "G1, CCF on furosemide", "G1, tricuspid regurgitation",
        "G1, TR on echo", "G1, tricuspid insufficiency", "G1, valvular disease", "G1, dilated RV", "G1, JVP raised",
        "G1, pulmonary stenosis",
    ],
)  # fmt: skip
def test_a_failing_heart_or_valve_asks_back_about_carcinoid_heart_disease(text: str) -> None:
    assert "carcinoid_heart_disease" in reader().read(text).unclear
    assert read(text) == {"grade": "G1"}


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("G2, type II, one operation", True),
        ("G2, type II, single-stage", True),
        ("G2, type II, one-stage hepatectomy", True),
        ("G2, type II, two-stage", False),
        ("G2, type II, one or two operations", None),
        ("G2, type II, had one operation for hernia", None),
    ],
)
def test_the_number_of_operations_by_itself_is_read(text: str, one: bool | None) -> None:
    assert read(text).get("one_stage_clearance") is one


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("G1, type I, unfit, lesion 4 cm", 4),
        ("G1, type I, unfit, a 35 mm met", 3.5),
        ("PS 3, solitary met 2.5 cm, for ablation", 2.5),
        ("G1, type I, fit, R0 impossible, primary out, no refractory symptoms, no obstruction, largest 4 cm", 4),
        ("largest 8 cm right for resection, largest left lesion 2 cm to be ablated", 2),
        ("right hepatectomy for the largest 8 cm lesion, RFA left", None),
        ("G1, type I, unfit, lesions 4 cm and 2 cm", None),
    ],
)
def test_the_size_of_a_lesion_is_read_where_nothing_else_can_be_meant(text: str, size: float | None) -> None:
    assert read(text).get("largest_lesion_cm") == size


@pytest.mark.parametrize(
    "text",
    [
        "flushing despite octreotide", "on max dose lanreotide still flushing", "on SSA, still has diarrhoea",
        "flushing not controlled", "octreotide but flushing persists",
    ],
)  # fmt: skip
def test_symptoms_that_treatment_does_not_control_are_read(text: str) -> None:
    assert read(f"G1, {text}") == {"grade": "G1", "refractory_symptoms": True}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("G1, FLR 30 %", "FLR 30 %"),
        ("G1, EF 35 %", "EF 35 %"),
        ("G1, gestational T2DM", "gestational T2DM"),
        ("G1, on everolimus", "everolimus"),
        ("G1, disease progressing", "progressing"),
        ("G1, mets resected in 2020", "mets resected in 2020"),
        ("G1, 7 %", "7 %"),
        ("G1, his father had carcinoid syndrome", "father had carcinoid syndrome"),
    ],
)
def test_a_known_word_or_figure_that_is_not_used_is_named(text: str, named: str) -> None:
    assert any(named in stretch for stretch in reader().read(text).not_understood)


def test_words_that_are_not_given_back_are_counted() -> None:
    assert reader().read("G2, type II, Lebermetastasen, seen by Brown").left_out == 2
    many = ", ".join(f"zylo{letter}" for letter in "abcdefghijkl")
    reading = reader().read(f"G2, type II, primary resected, fit, R0 feasible, no extrahepatic disease, {many}")
    assert len(reading.not_understood) + reading.left_out == 12


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("G1, 3 mets in right lobe and 1 in segment 3", None),
        ("G1, mets in segment 7, and a left lobe lesion", None),
        ("G1, right hemicolectomy, mets in segment 3", "I"),
        ("G1, bilobar, dominant seg 7 plus tiny left ones", "II"),
    ],
)
def test_lesions_on_both_sides_are_not_in_one_lobe(text: str, pattern: str | None) -> None:
    assert read(text).get("pattern") == pattern


@pytest.mark.parametrize(
    ("text", "ki67"),
    [("Ki-67 3% in the primary 15% in the liver", 15), ("Ki67 14% on liver, 2% on primary", 14), ("MIB 4 %", 4)],
)
def test_of_the_figures_of_two_tissues_that_of_the_liver_counts(text: str, ki67: int) -> None:
    assert read(text)["ki67"] == ki67


def test_fluorine_18_is_no_age() -> None:
    assert read("18F-FDG PET avid, G2, type III").get("age") is None
    assert read("18F-FDG PET avid, G2, type III, 62F")["age"] == 62


@pytest.mark.parametrize(("text", "age"), [("48/F, G1", 48), ("M/63, G1", 63), ("61 / M NET G1", 61)])
def test_an_age_beside_a_sex_is_read(text: str, age: int) -> None:
    assert read(text)["age"] == age


@pytest.mark.parametrize(
    ("text", "feasible"),
    [
        ("primary resected R0 feasible fit", True),
        ("primary resected R0 not feasible", False),
        ("R0 possible primary out", True),
        ("primary resected R0", None),
        ("R0 resection of the primary in 2020", None),
    ],
)
def test_r0_of_the_liver_is_told_from_that_of_the_primary(text: str, feasible: bool | None) -> None:
    assert read(text).get("r0_feasible") is feasible


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("G1, heart normal on echo, moderate TR", "carcinoid_heart_disease"),
        ("G1, no CHD, echo pending", "carcinoid_heart_disease"),
        ("G1, no heart disease", "carcinoid_heart_disease"),
        ("G1, biliary obstruction, stented", "local_effects"),
        ("G1, bowel obstruction resolved", "local_effects"),
        ("G1, primary to come out first", "primary"),
        ("G1, the primary needs to come out", "primary"),
        ("G1, portal", "portal_drainage"),
        ("G1, something +++ in the colon", "primary_site"),
    ],
)
def test_what_another_word_makes_doubtful_is_asked(text: str, fact: str) -> None:
    assert read(text) == {"grade": "G1"}
    assert fact in reader().read(text).unclear


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("hepatomegaly -, age 61", {"hepatomegaly": False, "age": 61}),
        ("G1 - type II - fit", {"grade": "G1", "pattern": "II", "fit_for_surgery": True}),
        ("G1, portal HTN", {"grade": "G1"}),
        ("G1, no TR, no CHD", {"grade": "G1", "carcinoid_heart_disease": "none"}),
    ],
)
def test_signs_and_look_alikes(text: str, facts: dict[str, object]) -> None:
    assert read(text) == facts


@pytest.mark.parametrize(
    ("text", "facts", "unclear"),
    [
        ("Ki-67 4 % in 2020 and 11 % now, type II", {"pattern": "II"}, {"ki67"}),
        ("Ki-67 4 % at diagnosis, type II", {"pattern": "II"}, {"ki67", "timing"}),
        ("liver mets at presentation, type II", {"pattern": "II", "timing": "synchronous"}, set()),
        ("cannot be cleared in one operation, type II", {"pattern": "II", "one_stage_clearance": False}, set()),
        ("liver lesions in seg 7, 2.5 and 1.8 cm, unfit", {"pattern": "I", "fit_for_surgery": False}, None),
        ("tricuspid regurgitation grade 3, type II", {"pattern": "II"}, {"carcinoid_heart_disease"}),
    ],
)
def test_a_figure_of_another_time_or_thing_is_not_taken(
    text: str, facts: dict[str, object], unclear: set[str] | None
) -> None:
    assert read(text) == facts
    assert unclear is None or set(reader().read(text).unclear) == unclear


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("mets seg 2 5 8", None), ("mets seg 5 6 7", "I"), ("segments 2 3", "I"), ("seg 6 and 2", None)],
)
def test_segments_without_commas_are_all_read(text: str, pattern: str | None) -> None:
    assert read(f"G1, {text}").get("pattern") == pattern


@pytest.mark.parametrize("text", ["no symptoms on octreotide", "asymptomatic since lanreotide"])
def test_no_symptoms_while_treated_is_no_tumour_without_hormones(text: str) -> None:
    assert read(f"G1, {text}") == {"grade": "G1", "refractory_symptoms": False}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("mets in the left liver only", {"pattern": "I"}),
        ("Ki-67 1 % on biopsy of the liver", {"ki67": 1, "graded_tissue": "metastasis"}),
        ("all clearable in one sitting", {"one_stage_clearance": True}),
        ("can take out 70 %", {"debulkable_percent": 70}),
        ("liver: III", {"pattern": "III"}),
    ],
)
def test_a_side_of_the_liver_and_a_share_of_something_else(text: str, facts: dict[str, object]) -> None:
    assert read(f"G1; {text}") == {"grade": "G1", **facts}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("type II one operation no syndrome", {"pattern": "II"}),
        ("type II one operation no carcinoid syndrome fit", {"carcinoid_syndrome": False, "fit_for_surgery": True}),
        ("one operation no carcinoid heart disease fit", {"carcinoid_heart_disease": "none", "fit_for_surgery": True}),
        ("type I one operation not fit", {"pattern": "I", "fit_for_surgery": False}),
        ("R0 feasible no CHD", {"r0_feasible": True, "carcinoid_heart_disease": "none"}),
        ("R0 possible all in one go no flushing", {"r0_feasible": True}),
        ("type I no heart disease fit", {"pattern": "I", "fit_for_surgery": True}),
    ],
)
def test_without_commas_a_no_denies_what_follows_it_and_not_what_stands_before(
    text: str, facts: dict[str, object]
) -> None:
    found = reader().read(text)

    said = {one.fact: one.plain for one in found.facts}
    assert facts.items() <= said.items()
    assert found.conflict == ()
    assert said.get("one_stage_clearance") is not False


def test_a_no_between_a_name_and_a_state_may_belong_to_either_and_leaves_both_open() -> None:
    found = reader().read("G2 type II carcinoid heart disease no fit")

    assert {one.fact for one in found.facts} == {"grade", "pattern"}
    assert set(found.unclear) == {"carcinoid_heart_disease", "fit_for_surgery"}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("type II, one operation no, fit", "one_stage_clearance", False),
        ("one operation: no", "one_stage_clearance", False),
        ("R0 no, fit", "r0_feasible", False),
        ("G2 R0 no because of the hilum", "r0_feasible", False),
        ("extrahepatic disease: no", "extrahepatic", "none"),
    ],
)
def test_a_no_that_ends_a_clause_or_follows_a_colon_answers_what_stands_before(
    text: str, fact: str, value: object
) -> None:
    assert read(text)[fact] == value


@pytest.mark.parametrize("words", ["all met", "everything met", "all prerequisites met", "prerequisites not met"])
def test_that_all_prerequisites_are_met_is_not_passed_over_in_silence(words: str) -> None:
    found = reader().read(f"G2 type II {words} primary out")

    assert read(f"G2 type II {words} primary out") == {"grade": "G2", "pattern": "II", "primary": "resected"}
    assert set(found.unclear) == {"r0_feasible", "extrahepatic", "fit_for_surgery", "carcinoid_heart_disease"}
