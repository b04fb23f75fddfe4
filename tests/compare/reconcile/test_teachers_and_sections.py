"""Planted losses of teachers and sections at both gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.compare.reconcile.planted import AS_OF, Row, summarize, write_rows
from tests.support.nights import District
from validator.assess import Options
from validator.assess.reconcile import ReconcileOptions, Reconciliation, reconcile

GAPS = {"sis-clever": 1, "clever-app": 2}
"""The gap -> in how many lists the fault is."""


class Lists:
    """The SIS export, Clever's list, and the teachers or sections of the app."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.sis = District.load()
        self.clever = self.sis.copy()
        self.app = [dict(row) for row in self.sis.tables[kind]]
        self.key = "Teacher_id" if kind == "teachers" else "Section_id"

    def change(self, gap: str, id: str, cells: Row) -> None:
        """Plant values up to a gap."""
        for district in (self.sis, self.clever)[: GAPS[gap]]:
            for row in district.tables[self.kind]:
                if row[self.key] == id:
                    row.update(cells)

    def remove(self, gap: str, id: str) -> None:
        """Take a record out of every list after a gap."""
        if gap == "sis-clever":
            rows = self.clever.tables[self.kind]
            self.clever.tables[self.kind] = [row for row in rows if row[self.key] != id]
        self.app = [row for row in self.app if row[self.key] != id]

    def run(self, folder: Path) -> Reconciliation:
        """The comparison."""
        names = {"First_name": "Teacher First Name", "Last_name": "Teacher Last Name"}
        wanted = (
            ("Teacher_id", "Teacher_email", *names)
            if self.kind == "teachers"
            else ("Section_id", "Name")
        )
        rows = [{names.get(name, name): row[name] for name in wanted} for row in self.app]
        app = write_rows(folder / "app.csv", rows)
        lists = [self.sis.write(folder / "sis")], [self.clever.write(folder / "clever")]
        check = Options(as_of=AS_OF)
        return reconcile(ReconcileOptions(check=check, sis=lists[0], clever=lists[1], app=app))


TEACHERS: Mapping[str, Row] = {
    "teacher-email-missing": {"Teacher_email": ""},
    "teacher-email-invalid": {"Teacher_email": "nothing"},
    "school-unknown": {"School_id": "998"},
    "teacher-name-missing": {"First_name": "", "Last_name": ""},
    "teacher-placeholder": {"First_name": "TBD", "Last_name": "Teacher"},
}
SECTIONS: Mapping[str, Row] = {
    "school-unknown": {"School_id": "998"},
    "teacher-unknown": {"Teacher_id": "T-404"},
    "section-without-teacher": {"Teacher_id": "", **{f"Teacher_{at}_id": "" for at in range(2, 3)}},
    "section-term-over": {"Term_start": "01/05/2025", "Term_end": "06/01/2025"},
}
FAULTS: Mapping[str, Mapping[str, Row]] = {"teachers": TEACHERS, "sections": SECTIONS}
KIND: Mapping[str, Callable[[str], str]] = {
    "teachers": lambda id: f"teacher {id}",
    "sections": lambda id: f"section {id}",
}


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("gap", GAPS)
def test_each_loss_has_its_place_and_its_reason(tmp_path: Path, kind: str, gap: str) -> None:
    lists = Lists(kind)
    expected = {}
    for at, (rule, cells) in enumerate(FAULTS[kind].items()):
        id = lists.app[2 + 3 * at][lists.key] if kind == "teachers" else f"5000{40 + at}"
        lists.change(gap, id, cells)
        expected[id] = (gap, rule)
    for id in expected:
        lists.remove(gap, id)
    own = kind.removesuffix("s")
    records = summarize(lists.run(tmp_path))
    assert {id: what for (name, id), what in records.items() if name == own} == expected
