"""Records of two tables by their keys, against the plain way of doing it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from validator.compare.match import Matched, match

Rows = list[tuple[int, bool]]
rows = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=12)


def match_rows(old: Rows, new: Rows, factor: int) -> Matched:
    """Matched rows of two tables of (key, has a key); `factor` makes the keys large."""
    keys = [np.asarray([key * factor for key, _ in side], np.int64) for side in (old, new)]
    known = [np.asarray([has for _, has in side], bool) for side in (old, new)]
    return match(*keys, in_old=known[0], in_new=known[1])


def records(side: Rows) -> dict[int, list[int]]:
    """The rows of every key."""
    found: dict[int, list[int]] = {}
    for row, (key, has) in enumerate(side):
        if has:
            found.setdefault(key, []).append(row)
    return found


@pytest.mark.parametrize("factor", [1, 2**59], ids=["in one number", "too wide for one number"])
@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(old=rows, new=rows)
def test_who_came_went_and_stayed_is_what_plain_counting_says(
    old: Rows, new: Rows, factor: int
) -> None:
    before, after, found = records(old), records(new), match_rows(old, new, factor)
    assert found.added.tolist() == sorted(after[key][0] for key in after.keys() - before.keys())
    assert found.removed.tolist() == sorted(before[key][0] for key in before.keys() - after.keys())
    both = sorted(before.keys() & after.keys(), key=lambda key: after[key][0])
    assert found.was.tolist() == [before[key][0] for key in both]
    assert found.now.tolist() == [after[key][0] for key in both]
    several = [at for at, key in enumerate(both) if len(before[key]) > 1 or len(after[key]) > 1]
    assert found.several.records.tolist() == several
    for side, (told, numbers) in zip(
        (before, after), zip(found.several.rows, found.several.numbers, strict=True), strict=True
    ):
        assert sorted(zip(numbers.tolist(), told.tolist(), strict=True)) == [
            (number, row) for number, at in enumerate(several) for row in side[both[at]]
        ]
