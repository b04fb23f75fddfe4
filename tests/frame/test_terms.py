"""Terms: over by their last day, or by the school year in their name."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.builders import table
from validator import frame
from validator.frame.terms import find_last_year

FALL = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2024-2025", 2025),
        ("2024–25", 2025),
        ("SY24-25", 2025),
        ("24/25 Q1", 2025),
        ("2025-26 S1", 2026),
        ("20242025", 2025),
        ("2024-25 / 2025-26", 2026),
        ("Fall 2025", 2026),
        ("S1", None),
        ("Class of 2025", None),
        ("2018-2025", None),
        ("Q1 09-10", None),
        ("Grades 11-12", None),
        ("", None),
    ],
)
def test_the_last_school_year_in_a_name(name: str, year: int | None) -> None:
    assert find_last_year(name) == year


def test_days_decide_before_names() -> None:
    sections = table(
        "sections",
        {
            "Section_id": ["a", "b", "c", "d", "e"],
            "Term_name": ["2024-25", "2024-25", "2024-25", "2026-27", "S1"],
            "Term_start": ["", "", "09/01/2026", "06/11/2027", ""],
            "Term_end": ["", "06/11/2027", "", "08/24/2026", ""],
        },
    )
    assert frame.mark_over(sections, FALL).tolist() == [True, False, False, False, False]
    assert frame.mark_reversed(sections).tolist() == [False, False, False, True, False]
    assert frame.mark_unclear(sections).tolist() == [False, False, False, False, True]


def test_a_school_year_ends_on_the_last_day_of_june() -> None:
    sections = table("sections", {"Section_id": ["a"], "Term_name": ["2025-26"]})
    assert frame.mark_over(sections, dt.date(2026, 6, 30)).tolist() == [False]
    assert frame.mark_over(sections, dt.date(2026, 7, 1)).tolist() == [True]


def test_a_named_year_is_over_where_the_term_of_its_siblings_is() -> None:
    sections = table(
        "sections",
        {
            "Section_id": ["a", "b", "c", "d"],
            "Term_name": ["Fall 2025", "Fall 2025", "S1", "S1"],
            "Term_end": ["12/19/2025", "", "12/19/2025", ""],
        },
    )
    spring = dt.date(2026, 3, 2)
    assert frame.mark_over(sections, spring).tolist() == [True, True, True, False]
