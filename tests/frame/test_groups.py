"""Groups of rows that share a value."""

from __future__ import annotations

import numpy as np

from tests.support.builders import table
from validator import frame


def test_blank_values_form_no_group() -> None:
    staff = table("staff", {"Staff_id": ["a", "", "b", "a", "", "b"]})
    rows, groups = frame.find_groups(staff, "Staff_id", np.array([True] * 5 + [False]))
    assert rows.tolist() == [0, 3]
    assert len(set(groups.tolist())) == 1


def test_a_group_is_mixed_when_it_has_two_records() -> None:
    groups, records = np.array([1, 1, 2, 2, 3]), np.array([5, 6, 5, 5, 5])
    assert frame.mark_mixed(groups, records).tolist() == [True, True, False, False, False]


def test_rows_equal_in_every_column_are_marked_after_the_first() -> None:
    staff = table("staff", {"Staff_id": ["a", "a", "a", "b"], "Title": ["x", "x", "y", "x"]})
    assert frame.mark_equal_rows(staff).tolist() == [False, True, False, False]
