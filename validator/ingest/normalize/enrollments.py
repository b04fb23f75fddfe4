"""Enrollments of students and of teachers, from one file that holds both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from validator.ingest.normalize.columns import Columns, build_table
from validator.model import Table


def build_enrollments(
    links: Table,
    columns: Columns,
    *,
    learning: np.ndarray,
    teaching: np.ndarray,
    missing_reason: Mapping[str, str] | None = None,
) -> dict[str, Table]:
    """Normalize a format's enrollments: those of students, and those of teachers as `teaching`.

    `learning`, `teaching`: bool masks of their rows. The column Student_id of `columns` holds the
    ids of both.
    """
    of_teachers = {
        ("Teacher_id" if name == "Student_id" else name): cells for name, cells in columns.items()
    }
    return {
        "enrollments": build_table(
            "enrollments",
            "",
            links,
            rows=np.flatnonzero(learning),
            columns=columns,
            unread=links.unread,
            missing_reason=missing_reason,
        ),
        "teaching": build_table(
            "teaching",
            "",
            links,
            rows=np.flatnonzero(teaching),
            columns=of_teachers,
            missing_reason=missing_reason,
        ),
    }
