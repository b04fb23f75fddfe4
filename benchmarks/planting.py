"""Which rows of a made-up district a fault spoils, and the answer key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

FAULTS: Mapping[str, tuple[str, float]] = {
    "student-email-missing": ("students", 0.003),
    "student-email-invalid": ("students", 0.001),
    "student-email-repeated": ("students", 0.001),
    "student-dob-missing": ("students", 0.001),
    "student-dob-invalid": ("students", 0.0005),
    "student-grade-missing": ("students", 0.0005),
    "student-without-section": ("students", 0.001),
    "teacher-email-missing": ("teachers", 0.005),
    "teacher-email-invalid": ("teachers", 0.002),
    "section-without-teacher": ("sections", 0.002),
    "section-term-over": ("sections", 0.003),
    "section-elective": ("sections", 0.003),
    "section-unknown": ("enrollments", 0.002),
    "student-unknown": ("enrollments", 0.002),
    "enrollment-repeated": ("enrollments", 0.001),
}
"""Rule -> table and share of its rows that are spoiled when the district has 1 % faults."""


@dataclass
class Bench:
    """A district that is being made.

    `key` is the answer key; `free` holds, per table, the rows that no fault has used yet.
    """

    rng: np.random.Generator
    share: float
    worst: bool
    key: dict[str, int] = field(default_factory=dict)
    free: dict[str, np.ndarray] = field(default_factory=dict)

    def take(self, rule: str, whole: int, times: int = 1) -> np.ndarray:
        """Rows to spoil for a rule, which then finds `times` records for each; none if clean."""
        table, share = FAULTS[rule]
        count = max(1, round(share * self.share * whole)) if self.share else 0
        rows, self.free[table] = self.free[table][:count], self.free[table][count:]
        if count:
            self.key[rule] = times * len(rows)
        return np.sort(rows)
