"""Grades: every spelling of the vocabulary, repairs, and the cells of sections."""

from __future__ import annotations

import pytest

from validator.rulebook import load
from validator.vocabulary.grades import Grades


@pytest.fixture(scope="module")
def grades() -> Grades:
    return load.load_vocabulary()[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("   ", ""),
        ("K", "Kindergarten"),
        ("kg", "Kindergarten"),
        ("0", "Kindergarten"),
        ("00", "Kindergarten"),
        ("0k", "Kindergarten"),
        ("Kinder", "Kindergarten"),
        ("KF", "Kindergarten"),
        ("KN", "Kindergarten"),
        ("KINDERGARTEN", "Kindergarten"),
        ("PK", "PreKindergarten"),
        ("Pre-K", "PreKindergarten"),
        ("Prekindergarten", "PreKindergarten"),
        ("P", "PreKindergarten"),
        ("PK3", "PreKindergarten"),
        ("K3", "PreKindergarten"),
        ("4K", "PreKindergarten"),
        ("EE", "PreKindergarten"),
        ("-1", "PreKindergarten"),
        ("-2", "PreKindergarten"),
        ("-3", "InfantToddler"),
        ("TK", "TransitionalKindergarten"),
        ("T-K", "TransitionalKindergarten"),
        ("transitional", "TransitionalKindergarten"),
        ("PR", "Preschool"),
        ("PreSchool", "Preschool"),
        ("IT", "InfantToddler"),
        ("Infant/Toddler", "InfantToddler"),
        ("1", "1"),
        ("01", "1"),
        ("12", "12"),
        ("1st", "1"),
        ("9th grade", "9"),
        ("Grade 1", "1"),
        ("GR01", "1"),
        ("G01", "1"),
        ("First", "1"),
        ("Freshman", "9"),
        ("Gr. 5", "5"),
        ("1.0", "1"),
        ("9.0", "9"),
        (" 9", "9"),
        ("09.", "9"),
        ("9 ", "9"),
        ("09", "9"),
        ("12.00", "12"),
        ("-1.0", "PreKindergarten"),
        ("13", "13"),
        ("14", "PostGraduate"),
        ("PG", "PostGraduate"),
        ("Postgraduate", "PostGraduate"),
        ("12+", "PostGraduate"),
        ("PS1", "PostGraduate"),
        ("undergraduate", "PostGraduate"),
        ("UG", "Ungraded"),
        ("OS", "Ungraded"),
        ("US", "Ungraded"),
        ("Other", "Other"),
        ("NA", "Other"),
        ("30", "?"),
        ("9.5", "?"),
        ("asdf", "?"),
        ("3-5", "?"),
        ("1-2", "?"),
        ("1,2", "?"),
        ("8-Jun", "?"),
        ("345", "?"),
        ("PS", "?"),
        ("9" * 500, "?"),
        ("x" * 500, "?"),
        ("²", "2"),
        ("Ⅸ", "?"),
    ],
)
def test_a_students_grade_is_read_as(grades: Grades, written: str, meant: str) -> None:
    assert grades.to_canonical([written]) == [meant]


def test_ps_is_postsecondary_only_where_the_format_says_so(grades: Grades) -> None:
    assert grades.to_canonical(["PS", "ps"], source="oneroster") == ["PostGraduate", "PostGraduate"]
    assert grades.to_canonical(["PS"], source="sis") == ["?"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("7", "7"),
        ("3-5", "3 4 5"),
        ("K-2", "Kindergarten 1 2"),
        ("K,1,2", "Kindergarten 1 2"),
        ("KG;01", "Kindergarten 1"),
        ("345", "3 4 5"),
        ("2-3", "2 3"),
        ("23", "2 3"),
        ("910", "9 10"),
        ("9101112", "9 10 11 12"),
        ("6th-8th", "6 7 8"),
        ("9 - 12", "9 10 11 12"),
        ("Grades 3-5", "3 4 5"),
        ("6/7/8", "6 7 8"),
        ("3 to 5", "3 4 5"),
        ("6 & 7", "6 7"),
        ("09,10,11", "9 10 11"),
        ("PK-1", "PreKindergarten Kindergarten 1"),
        ("TK-K", "TransitionalKindergarten Kindergarten"),
        ("K–1", "Kindergarten 1"),
        ("12", "12"),
        ("13", "13"),
        ("11", "11"),
        ("3,", "3"),
        ("5,3", "3 5"),
        ("7.0", "7"),
        ("5-3", "?"),
        ("3-x", "?"),
        ("357", "?"),
        ("8-Jun", "?"),
        ("K12", "?"),
        (",", "?"),
        ("1-", "?"),
    ],
)
def test_a_sections_grades_are_read_as(grades: Grades, written: str, meant: str) -> None:
    assert grades.parse_several(written) == meant.split()


def test_only_kindergarten_to_twelve_counts_as_k12(grades: Grades) -> None:
    inside = [grade for grade in grades.order if grades.is_k12(grade)]
    assert inside == ["Kindergarten", *map(str, range(1, 13))]
    assert not grades.is_k12("") and not grades.is_k12("?")


def test_usual_ages_follow_the_grade(grades: Grades) -> None:
    assert [grades.get_age(grade) for grade in ("Kindergarten", "1", "12")] == [5, 6, 17]
    assert grades.get_age("PostGraduate") is None and grades.get_age("?") is None


def test_a_district_may_move_a_guess() -> None:
    small = Grades.parse(
        {
            "grades": {
                "Preschool": {"spellings": ["P"], "guesses": [], "k12": False},
                "1": {"k12": "true", "age": "6"},
            },
            "numbers": {"highest": "20"},
        }
    )
    assert small.to_canonical(["p", "1", "2"]) == ["Preschool", "1", "?"]


def test_no_spelling_stands_at_two_grades() -> None:
    from validator import resources
    from validator.rulebook import yaml

    data = yaml.load_plain(resources.find_rules() / "vocabulary" / "grades.yaml")
    spellings = [
        text.casefold()
        for entry in data["grades"].values()
        for text in entry["spellings"] + entry["guesses"]
    ]
    assert len(spellings) == len(set(spellings))
