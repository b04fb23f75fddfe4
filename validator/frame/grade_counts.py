"""How many students of each grade are in each section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from validator.frame.arrays import iterate_blocks
from validator.frame.cache import remember
from validator.frame.columns import encode
from validator.frame.enrollments import list_attendance
from validator.model import Table, dataclass


@dataclass(frozen=True, eq=False)
class GradeCounts:
    """Enrollments per section and grade.

    `grades`: the names of the grades. `counts`: sections by grades.
    """

    grades: list[str]
    counts: np.ndarray

    def find_ends(self, order: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
        """The lowest and the highest position in `order` of the grades of each section.

        Grades that are not in it do not count; -1 for sections without any.
        """
        lowest, highest = np.full((2, len(self.counts)), -1, np.int64)
        ordered = sorted((order[name], at) for at, name in enumerate(self.grades) if name in order)
        for position, at in ordered:
            present = self.counts[:, at] > 0
            lowest[present & (lowest < 0)] = position
            highest[present] = position
        return lowest, highest


def count_grades(
    students: Table,
    sections: Table,
    enrollments: Table,
    *,
    named: Sequence[str],
    today: dt.date,
) -> GradeCounts:
    """Count the students of each grade in each section, by encoded enrollments that count on a day.

    `named`: the grade that each distinct value of the column Grade stands for.
    """

    def count() -> GradeCounts:
        number = {name: at for at, name in enumerate(dict.fromkeys(named))}
        by_value = np.asarray([*map(number.__getitem__, named), 0], np.int32)
        codes = encode(students, "Grade").broadcast(by_value)
        attendance = list_attendance(students, sections, enrollments, today=today)
        width = max(len(number), 1)
        counts = np.zeros(len(sections) * width, np.int32)
        for block in iterate_blocks(len(attendance.section)):
            cells = attendance.section[block].astype(np.intp) * width
            np.add.at(counts, cells + codes[attendance.student[block]], np.int32(1))
        return GradeCounts(list(number), counts.reshape(len(sections), width))

    return remember(enrollments, ("grade counts", today, tuple(named)), count)
