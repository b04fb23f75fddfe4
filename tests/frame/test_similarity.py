"""Groups of sections with nearly the same students."""

from __future__ import annotations

import numpy as np

from validator.frame.similarity import group_similar


def test_sections_that_share_most_students_are_one_group() -> None:
    sections = [range(30), range(100, 130), range(29), range(200, 230)]
    member = np.concatenate([np.asarray(students) for students in sections])
    starts = np.cumsum([0, *map(len, sections)])[:-1]
    groups = group_similar(member, starts, among=np.arange(4), share=0.9)
    assert groups.tolist() == [0, 1, 0, 3]
