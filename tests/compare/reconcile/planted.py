"""Three lists of one made-up district, and losses planted in them with their answers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.nights import District
from validator.assess import Options
from validator.assess.reconcile import ReconcileOptions, Reconciliation, reconcile
from validator.outputs.reconcile import document

AS_OF = dt.date(2026, 11, 16)
Row = dict[str, str]

STUDENT_HEADINGS = {
    "Student_id": "SIS ID",
    "First_name": "Given Name",
    "Last_name": "Family Name",
    "Student_email": "Mail",
    "DOB": "Birthday",
    "Grade": "Level",
}


@dataclass
class Trio:
    """The SIS export, Clever's list, and the rows of the app's list."""

    sis: District
    clever: District
    app: list[Row]
    lost: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Trio:
        """Three equal lists of the sample district; the app knows students only."""
        sis = District.load()
        app = [
            {heading: row[column] for column, heading in STUDENT_HEADINGS.items()}
            for row in sis.tables["students"]
        ]
        return cls(sis, sis.copy(), app)

    def find(self, number: int) -> str:
        """The id of a student by number; some are on several rows."""
        return list(dict.fromkeys(row["Student_id"] for row in self.sis.tables["students"]))[number]

    def rows(self, name: str, id: str) -> list[Row]:
        """The rows of a student in the lists up to one."""
        lists = [self.sis] if name == "sis" else [self.sis, self.clever]
        return [
            row
            for district in lists
            for row in district.tables["students"]
            if row["Student_id"] == id
        ]

    def remove(self, id: str, gap: str) -> None:
        """Take a student out of every list after a gap."""
        if gap == "sis-clever":
            self.clever.drop_students({id})
        self.app = [row for row in self.app if row["SIS ID"] != id]

    def run(self, folder: Path, *, clever: bool = True, **more: object) -> Reconciliation:
        """The comparison of the lists as files."""
        self.sis.write(folder / "sis")
        self.clever.write(folder / "clever")
        write_rows(folder / "app.csv", self.app)
        return self.compare(folder, clever=clever, **more)

    def compare(self, folder: Path, *, clever: bool = True, **more: object) -> Reconciliation:
        """The comparison of the files as they are."""
        lists = [folder / "clever"] if clever else []
        check = Options(as_of=AS_OF, **more)  # type: ignore[arg-type]
        asked = ReconcileOptions(
            check=check, sis=[folder / "sis"], clever=lists, app=folder / "app.csv"
        )
        return reconcile(asked)


def write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as CSV and return the path."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(target.getvalue().encode())
    return path


def list_records(result: Reconciliation) -> list[dict[str, object]]:
    """The records of reconcile.json with ids."""
    records: list[dict[str, object]] = document.build_document(result, show_values=True)["records"]
    return records


def summarize(result: Reconciliation) -> dict[tuple[str, str], tuple[str | None, str]]:
    """Kind and id of each record -> the gap and the reason."""
    return {
        (str(it["kind"]), str(it["id"])): (it["lost_between"], str(it["reason"]))  # type: ignore[misc]
        for it in list_records(result)
    }


def set_cells(**cells: str) -> Callable[[Trio, str, str], None]:
    """Plant values in a student's rows of the lists up to a gap."""

    def plant(trio: Trio, name: str, id: str) -> None:
        for row in trio.rows(name, id):
            row.update(cells)

    return plant


def share_address(trio: Trio, name: str, id: str) -> None:
    """Give a student the address of another one, who has it in every list."""
    other = trio.find(499)
    for row in trio.rows(name, id):
        row["Student_email"] = next(iter(trio.rows("sis", other)))["Student_email"]


def leave_sections(trio: Trio, name: str, id: str) -> None:
    """Take a student out of all sections."""
    for district in [trio.sis] if name == "sis" else [trio.sis, trio.clever]:
        rows = district.tables["enrollments"]
        district.tables["enrollments"] = [row for row in rows if row["Student_id"] != id]


STUDENT_FAULTS: Mapping[str, Callable[[Trio, str, str], None]] = {
    "student-email-missing": set_cells(Student_email=""),
    "student-email-invalid": set_cells(Student_email="no address"),
    "student-email-several": set_cells(Student_email="a.b@x.example; c.d@x.example"),
    "student-email-repeated": share_address,
    "student-email-placeholder": set_cells(Student_email="noemail@maplehollow.k12.example"),
    "school-unknown": set_cells(School_id="999"),
    "student-without-section": leave_sections,
    "student-dob-missing": set_cells(DOB=""),
    "student-dob-invalid": set_cells(DOB="31/31/2015"),
    "student-grade-missing": set_cells(Grade=""),
    "student-grade-unknown": set_cells(Grade="Blue"),
    "student-grade-outside-k12": set_cells(Grade="PostGraduate"),
    "student-name-missing": set_cells(First_name="", Last_name=""),
    "student-name-placeholder": set_cells(First_name="Test", Last_name="Student"),
}
"""The rule that finds a fault -> how it is planted."""


def change_app(trio: Trio, id: str, **cells: str) -> None:
    """Change a student's row in the app's list."""
    for row in trio.app:
        if row["SIS ID"] == id:
            row.update(cells)
