"""Made-up districts of any size in several styles of ids, written in seven formats."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.support import canvas_format, other_formats, sds_formats
from tests.support.other_formats import YEAR, District
from validator.assess import Options, assess
from validator.model import Report, Status
from validator.sample.district import build_district
from validator.sample.faults import FAULTS
from validator.sample.planting import prepare_bench

AS_OF = dt.date(2026, 11, 16)

Columns = tuple[tuple[str, str], ...]
"""Pairs of table and column."""

Restyle = Callable[[str], str]


@dataclass(frozen=True)
class Link:
    """An id column and the columns that refer to it."""

    table: str
    column: str
    references: Columns


SCHOOLS, STUDENTS, TEACHERS, SECTIONS = (
    Link(
        "schools",
        "School_id",
        tuple((t, "School_id") for t in ("students", "teachers", "sections", "enrollments")),
    ),
    Link("students", "Student_id", (("enrollments", "Student_id"),)),
    Link(
        "teachers",
        "Teacher_id",
        (
            ("sections", "Teacher_id"),
            *(("sections", f"Teacher_{number}_id") for number in range(2, 13)),
        ),
    ),
    Link("sections", "Section_id", (("enrollments", "Section_id"),)),
)


@dataclass(frozen=True)
class Written:
    """The files of a district, and what is needed to read them."""

    files: Mapping[str, bytes]
    options: Mapping[str, object] = field(default_factory=dict)


ORDINARY = tuple(fault for fault in FAULTS if fault != "school-unknown")
"""Faults that are no damage of a whole file; that one leaves a school out (`record-left-out`)."""


def copy(district: District) -> District:
    """Return the district with rows that may be changed."""
    return {table: [dict(row) for row in rows] for table, rows in district.items()}


def build(rng: Random, students: int, faults: Sequence[str] = ()) -> District:
    """Return a district whose ids are of a random style, with ordinary faults planted in it.

    Faults need 200 students.
    """
    seed = rng.randrange(10**6)
    district = build_district(students, seed, AS_OF)
    bench = prepare_bench(district, seed, AS_OF)
    for fault, plant in FAULTS.items():
        if fault in faults:
            plant(bench)
    district = copy(district)
    if rng.random() < 0.5:
        district = copy(other_formats.once(district))
    for link in (STUDENTS, TEACHERS, SECTIONS):
        change_ids(district, link, rng.choice(STYLES))
    return district


STYLES: tuple[Restyle, ...] = (
    str,
    str,
    lambda id: f"00{id}",
    lambda id: f"{id[:2]}-{id[2:]}",
    lambda id: f"kx{id[::-1]}",
    lambda id: f"7{id}0019",
)
"""How systems write ids: numbers, zeros in front, groups of digits, letters, long numbers."""


def change_ids(district: District, link: Link, change: Restyle) -> None:
    """Change an id column and all references to it."""
    places = [(link.table, link.column), *link.references]
    if link is SCHOOLS:
        places.append(("staff", "School_id"))
    change_cells(district, places, change)


def change_cells(
    district: District, places: list[tuple[str, str]] | Columns, change: Restyle
) -> None:
    """Change the cells of some columns that are not blank."""
    for table, column in places:
        for row in district[table]:
            if row.get(column):
                row[column] = change(row[column])


RAW_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "schools": {"School_id": "Site", "School_name": "Site Name", "School_number": "Site No"},
    "students": {
        "School_id": "Site",
        "Student_id": "Perm ID",
        "Student_number": "Local No",
        "State_id": "State No",
        "Last_name": "Surname",
        "First_name": "Given",
        "Grade": "Gr",
        "Gender": "Sex",
        "DOB": "Born",
        "Student_email": "Mail",
    },
    "teachers": {
        "School_id": "Site",
        "Teacher_id": "Staff Key",
        "Teacher_number": "Payroll",
        "Teacher_email": "Mail",
        "First_name": "Given",
        "Last_name": "Surname",
    },
    "sections": {
        "School_id": "Site",
        "Section_id": "Group",
        "Teacher_id": "Lead",
        "Teacher_2_id": "Second",
        "Name": "Label",
        "Grade": "Gr",
        "Course_name": "Course",
        "Course_number": "Course No",
        "Period": "Pd",
        "Subject": "Area",
        "Term_name": "Term",
        "Term_start": "From",
        "Term_end": "To",
    },
    "enrollments": {
        "School_id": "Site",
        "Section_id": "Group",
        "Student_id": "Perm ID",
        "Begin": "First Day",
        "End": "Last Day",
    },
}
"""Our column -> the heading of a made-up student information system."""

STATUS = "_status"
"""The column of the raw students by which the map keeps active ones; in other formats no column."""

CLASS_OF = "Class Of"
"""The last column of the raw students, which is blank."""

RAW_FILES = {table: f"dump_{table}.csv" for table in RAW_COLUMNS}


def write_raw(district: District) -> dict[str, str]:
    """Return the files of the made-up system; what its map does not name is left out."""
    files = {}
    for table, columns in RAW_COLUMNS.items():
        rows = [[row.get(ours, "") for ours in columns] for row in district[table]]
        headings = list(columns.values())
        if table == "students":
            headings += [STATUS, CLASS_OF]
            rows = [
                [*cells, row.get(STATUS, "A"), row.get(YEAR, "")]
                for cells, row in zip(rows, district[table], strict=True)
            ]
        files[RAW_FILES[table]] = other_formats.as_csv(headings, rows)
    return files


def map_raw() -> str:
    """Return the column map of the made-up system, as YAML."""
    lines = ["tables:"]
    for table, columns in RAW_COLUMNS.items():
        lines += [f"  {table}:", f"    file: {RAW_FILES[table]}"]
        if table == "students":
            lines.append(f"    only: {{{STATUS}: [A]}}")
        further = {YEAR: CLASS_OF} if table == "students" else {}
        lines.append("    columns:")
        lines += [f'      {ours}: "{theirs}"' for ours, theirs in {**columns, **further}.items()]
    return "\n".join(lines) + "\n"


WRITERS: Mapping[str, Callable[[District], dict[str, str]]] = {
    "clever": other_formats.clever,
    "oneroster": lambda district: other_formats.oneroster_11(other_formats.once(district)),
    "oneroster-1.2": lambda district: other_formats.oneroster_12(other_formats.once(district)),
    "sds": lambda district: sds_formats.sds_1(other_formats.once(district)),
    "sds-2.1": lambda district: sds_formats.sds_21(other_formats.once(district)),
    "canvas": lambda district: canvas_format.canvas(other_formats.once(district)),
    "raw": lambda district: write_raw(other_formats.once(district)),
}
"""The formats in which damages are planted."""


def write(district: District, format: str) -> Written:
    """Return the district's files in a format."""
    files = {name: text.encode() for name, text in WRITERS[format](district).items()}
    return Written(files, {"format": "sis"} if format == "raw" else {})


def judge(written: Written, profile: str | None = None) -> Report:
    """Return the report on the files, for the format's own profile if none is given."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        folder.mkdir()
        for name, content in written.files.items():
            (folder / name).write_bytes(content)
        options = dict(written.options)
        if options.get("format") == "sis":
            options["columns"] = Path(scratch) / "map.yaml"
            Path(scratch, "map.yaml").write_text(map_raw(), encoding="utf-8")
        profiles = [profile] if profile else []
        return assess([folder], Options(profiles=profiles, as_of=AS_OF, **options))  # type: ignore[arg-type]


def list_findings(report: Report, *, lines: bool = True) -> dict[str, object]:
    """Return per rule the places that no diagnosis explains, or their number."""
    findings: dict[str, object] = {}
    for outcome in report.outcomes:
        if outcome.status is Status.FOUND and outcome.finding:
            blocks = [block for block in outcome.finding.places if not block.explained_by]
            places = sorted(
                (block.file, block.column or "", int(line))
                for block in blocks
                for line in block.lines
            )
            if places:
                findings[outcome.rule.id] = places if lines else len(places)
    return findings
