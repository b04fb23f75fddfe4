"""Electives: words that decide, similar words that must not, and evidence against a title."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from validator import resources
from validator.rulebook import load, yaml
from validator.vocabulary.electives import Electives, Verdict

ELECTIVE = {
    "pe-health": "PE 6|P.E./Health|APE|Weight Trng|Aerobics|Floor Hockey PE|Mind-Body PE|Phys Ed "
    "Core 9|PE Excused"
    "|Team Sport"
    "|Personal Fitness|Health Education, Grades 7-8|HLTH/PE|Adapted Phys Ed|M/J Comprehensive "
    "PE|Gym 4"
    "|PE5",
    "arts-music": "Concert Band|Symphonic Band|Beg Band|Adv Chorus|Show Choir|Chamber Orch|Guitar "
    "I|Ceramics II"
    "|Photo 1|Drama 7"
    "|Theatre Tech|Gen Music K|Art K|Jazz Band/Chor|Orch/Camerata|Wnd/Perc|Wind/Choir|Choir/Yrbk"
    "|Percsn Ensemble"
    "|String Ensemble|Piano Lab|Music Thry|Music Theory AP|Cantata|Chorale|Draw/Paint|Stdio Art1"
    "|3D Sculp/Mixed Media"
    "|Art, Departmentalized Grade 6|M/J VIS ART 1|ConcertBand|Dance—Choreography|Orchestr",
    "homeroom-advisory": "Advisory|Homerm|HR 7A|Flex|WIN|Homeroom|Class 101, Homeroom|3rd Grade "
    "Homeroom|Advisement 10",
    "non-instructional": "Study Hall|Lunch A|Recess|Office Asst|Stu Aide|Teacher Asst|Lib "
    "Aide|Release"
    "|Early Dismissal|Athletic Aide"
    "|Office Aide|PE Aide|Lunch Supv|Cafe Duty|Hall Duty|Atrium Duty|Class Coverage|Dept Chair"
    "|Study Seminar"
    "|Library Supv|Trnsf Cr 9|Std Servic Aide|Stdentsupt Aide|English Aide|Mathematics—Aide"
    "|Privilege Period I 10th|Priv Prd Split Fall",
    "other-elective": "Yearbook|Specials|Encore|Exploratory Wheel|Related Arts|Driver Ed|Hwy "
    "Safety|Home Ec|Woodshop"
    "|Elective 2",
}
ACADEMIC = (
    "Language Arts|English Language Arts|ELA|Lang Arts 7|Liberal Arts Math|AP Art History|AP Art "
    "Hst|Art History"
    "|State of the Art|Earth"
    "|Smart|Start|Part|Martial|Performance Task Math|Perform|Open|Specific|Speech|Bandwidth|Band "
    "of Numbers|Husband"
    "|Gymnasium Math"
    "|Healthcare|Health Science|Chemistry in Music|Musical Mathematics|Theatre of the Absurd "
    "(English)|Study Skills"
    "|Lunch & Learn Algebra|PE of Physics|Media Literacy|Advisory Algebra Support|Homeroom "
    "Math|Recess Intervention"
    "|Drama in Literature (English)|Physical Science|Health Occupations|Dance of Atoms|Choral "
    "Reading"
    "|Orchestrating Systems"
    "|Fitness for Numbers|Coding: Games/Art|Culnry Art 1|Sports and Entertainment Marketing|AP "
    "Phys C:mec"
    "|Writer's Craft"
    "|Air Conditioning|Nurse Aide|Home Health Aide|Principles of Arts, A/V Technology|Technical "
    "Drawing|Sp 1"
    "|SAT Prep|Wind Energy"
    "|Safety|Horn of Africa|Film as Literature|Grade 3|Algebra I||  |—/—|123"
)


@pytest.fixture(scope="module")
def electives() -> Electives:
    return load.load_vocabulary()[1]


def judged(
    electives: Electives, title: str, subject: str = "", code: str = "", department: str = ""
) -> Verdict | None:
    return electives.judge([title], [subject], [code], departments=[department])[0]


@pytest.mark.parametrize(
    ("category", "title"), [(c, t) for c, titles in ELECTIVE.items() for t in titles.split("|")]
)
def test_an_elective_is_known_by_its_title(electives: Electives, category: str, title: str) -> None:
    verdict = judged(electives, title)
    assert (
        verdict is not None and verdict.category == category and verdict.level in ("high", "medium")
    )


@pytest.mark.parametrize("title", ACADEMIC.split("|"))
def test_a_false_friend_is_left_alone(electives: Electives, title: str) -> None:
    assert judged(electives, title) is None


@pytest.mark.parametrize(
    ("subject", "category"),
    [
        ("PE and health", "pe-health"),
        ("Arts and music", "arts-music"),
        ("Homeroom/advisory", "homeroom-advisory"),
        ("homeroom", "homeroom-advisory"),
        ("PHYSED", "pe-health"),
        ("ART", "arts-music"),
        ("Physical Education", "pe-health"),
        ("Physical, Health, and Safety Education", "pe-health"),
        ("Fine and Performing Arts", "arts-music"),
        ("Studio Art", "arts-music"),
    ],
)
def test_a_subject_decides_by_itself(electives: Electives, subject: str, category: str) -> None:
    verdict = judged(electives, "Peculiar Pangolin", subject)
    assert verdict is not None and verdict.category == category and verdict.level == "high"


@pytest.mark.parametrize(
    "subject", ["Math", "English/language arts", "Science", "Social studies", "Mathematics 7"]
)
def test_an_academic_subject_overrides_a_title(electives: Electives, subject: str) -> None:
    verdict = judged(electives, "Concert Band", subject)
    assert verdict is not None and verdict.level == "low"
    assert judged(electives, "Flex", subject) is None


def test_an_academic_title_leaves_little_of_a_subject(electives: Electives) -> None:
    verdict = judged(electives, "Algebra I", "Arts and music")
    assert verdict is not None and verdict.level == "low"
    shouted = judged(electives, "ALGEBRA I", "ARTS AND MUSIC")
    assert shouted == verdict


def test_the_words_are_those_of_the_vocabulary_and_never_the_cell(electives: Electives) -> None:
    verdict = judged(electives, "Zebediah Quux PE", "PE and Health")
    assert verdict is not None
    assert verdict.because == ("`PE` in the title", "subject `PE and health`")
    assert "Quux" not in verdict.words


def test_evidence_that_agrees_adds_up(electives: Electives) -> None:
    alone, together = (
        judged(electives, "Studio Art"),
        judged(electives, "Studio Art", department="VP"),
    )
    assert alone is not None and together is not None and together.confidence > alone.confidence


def test_a_hint_counts_only_with_a_subject_that_leans_the_same_way(electives: Electives) -> None:
    assert judged(electives, "Cosmetology") is None
    assert judged(electives, "Graphic Design I") is None
    assert judged(electives, "Graphic Design I", "other") is not None


def test_a_course_code_decides_where_words_do_not(electives: Electives) -> None:
    for code, category in (
        ("05101", "arts-music"),
        ("08001G1.0011", "pe-health"),
        ("55101", "arts-music"),
        ("22006", "non-instructional"),
    ):
        verdict = judged(electives, "Course X", code=code)
        assert verdict is not None and verdict.category == category
    for code in ("02052", "05152", "5101", "051012", "ART05", ""):
        assert judged(electives, "Course X", code=code) is None
    assert judged(electives, "Algebra I", code="05101") is None


def test_codes_that_contradict_the_titles_are_the_districts_own_numbers(
    electives: Electives,
) -> None:
    titles = ["Algebra I", "English 9", "Concert Band", "Topics"]
    verdicts = electives.judge(titles, codes=["05101", "08002", "02052", "05104"])
    assert [verdict is not None for verdict in verdicts] == [False, False, True, False]
    agreed = electives.judge(titles, codes=["02052", "01001", "05102", "05104"])
    assert [verdict is not None for verdict in agreed] == [False, False, True, True]


def test_the_districts_own_lists_win(electives: Electives) -> None:
    verdicts = electives.judge(
        ["Concert Band", "Algebra I", "Art I"], accept=["concert  band"], reject=["ALGEBRA I"]
    )
    assert verdicts[0] is None
    assert verdicts[1] == Verdict("other-elective", 1.0, "high", ("the district's own list",))
    assert verdicts[2] is not None


def test_ten_thousand_titles_are_judged_in_half_a_second(electives: Electives) -> None:
    titles = [f"{title} {number}" for number in range(100) for title in ACADEMIC.split("|") * 2][
        :10_000
    ]
    start = time.process_time()
    electives.judge(titles)
    assert time.process_time() - start < 30


def test_a_title_without_end_takes_no_time(electives: Electives) -> None:
    start = time.process_time()
    electives.judge(
        ["a" * 100_000, "P." * 50_000, "- " * 50_000, "physical " * 20_000, "éé" * 50_000]
    )
    assert time.process_time() - start < 30


def test_no_phrase_of_the_vocabulary_says_two_things() -> None:
    data = yaml.load_plain(resources.find_rules() / "vocabulary" / "electives.yaml")
    lists = [texts for kinds in data["keep_out"].values() for texts in kinds.values()]
    lists += [data[key] for key in ("protected", "passed_by", "academic", "career", "neutral")]
    phrases = [text.casefold() for texts in lists for text in texts]
    assert sorted({text for text in phrases if phrases.count(text) > 1}) == []
    spellings = [text for texts in data["spellings"].values() for text in texts]
    assert sorted({text for text in spellings if spellings.count(text) > 1 or " " in text}) == []
    assert not set(spellings) & set(data["spellings"])


def test_titles_alone_are_precise_on_lists_that_nobody_here_wrote(real_data: Path) -> None:
    from benchmarks import electives as benchmark

    titles = {benchmark.folded(title) for title in benchmark.read_titles(real_data)}
    rows = [row for row in benchmark.read_labels() if benchmark.folded(row[0]) in titles]
    verdicts, _ = benchmark.judged([title for title, _, _ in rows])
    for half in (1, 2):
        precision, recall = benchmark.figures(rows, verdicts, half)
        assert precision >= 0.98 and recall >= 0.90


def test_a_schools_own_labels_are_believed(real_data: Path) -> None:
    found: dict[str, Counter[bool]] = {}
    for name in ("courses.csv", "DEV - 6th grade courses - courses (2).csv"):
        with (real_data / "sis-schedulerv2" / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        labels = [row.get("type") or row["course_type"] for row in rows]
        verdicts = load.load_vocabulary()[1].judge([row["name"] for row in rows], labels)
        for label, verdict in zip(labels, verdicts, strict=True):
            found.setdefault(label, Counter())[verdict is not None] += 1
    assert found == {
        "core": {False: 12},
        "elective": {True: 15},
        "required_elective": {True: 3},
        "CORE": {False: 4},
        "Elective": {True: 3},
        "Language": {False: 3},
        "Required_Elective": {True: 4},
    }
