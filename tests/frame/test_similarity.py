"""Groups of sections with nearly the same students."""

from __future__ import annotations

import numpy as np

from validator.frame.members import Members
from validator.frame.similarity import group_similar


def test_sections_that_share_most_students_are_one_group() -> None:
    sections = [range(30), range(100, 130), range(29), range(200, 230)]
    student = np.concatenate([np.asarray(students, np.int32) for students in sections])
    section = np.repeat(np.arange(4, dtype=np.int32), [len(students) for students in sections])
    members = Members(section, student, np.arange(4, dtype=np.int32))
    groups = group_similar(members, among=np.arange(4), share=0.9)
    assert groups.tolist() == [0, 1, 0, 3]
