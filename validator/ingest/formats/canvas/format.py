"""Canvas's SIS import: how it is recognized and becomes the roster's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.ingest.formats.canvas import courses, people
from validator.ingest.formats.canvas.acceptance import ACCEPTANCE
from validator.ingest.formats.canvas.defects import find_defects
from validator.ingest.formats.canvas.names import ABSENT, DELETED, MADE_FROM, OTHERS
from validator.ingest.formats.canvas.sources import Sources
from validator.ingest.normalize import columns as normalize_columns
from validator.ingest.normalize.columns import Cells
from validator.ingest.normalize.enrollments import build_enrollments
from validator.ingest.normalize.roster import add_tables
from validator.ingest.normalize.sections import attach_teachers
from validator.model import Export, Format, Headings, Table, Version
from validator.schemas.canvas import FILES

ID = "canvas"

MARKS = {
    "users": [{"userid", "loginid"}],
    "accounts": [{"accountid", "parentaccountid"}],
    "courses": [{"courseid", "shortname"}, {"courseid", "longname"}],
    "sections": [{"sectionid", "courseid", "status"}],
    "enrollments": [
        {"userid", "courseid", "role", "status"},
        {"userid", "sectionid", "role", "status"},
        {"userintegrationid", "role", "status"},
    ],
    "xlists": [{"xlistcourseid"}],
}
"""Headings by which Canvas recognizes each file; no other format has them together."""


def is_canvas(headings: Headings) -> bool:
    """Return whether any file has the headings by which Canvas recognizes it."""
    spellings = {name: file for file in FILES for name in file.spellings}
    return any(
        marks <= own
        for name, own in headings.items()
        for marks in MARKS.get(spellings[name].name[:-4] if name in spellings else name, ())
    )


VERSION = Version(ID, "Canvas", FILES, others=OTHERS, suits=is_canvas, acceptance=ACCEPTANCE)


def normalize(export: Export) -> Export:
    """Return the export with the roster's tables next to Canvas's own."""
    sources = Sources(export.file_tables)
    made: dict[str, Table] = {}
    users, links = sources.find("users"), sources.find("enrollments")
    kinds = np.zeros(0, np.int8) if users is None else people.classify_users(sources)
    teaching = people.mark_teaching(sources, kinds)
    if users is not None:
        made |= people.build_people(sources, kinds, teaching)
    sections = courses.build_sections(sources) if sources.find("courses") is not None else None
    if links is not None:
        made |= _build_enrollments(sources, people.mark_learning(sources, kinds), teaching)
    if sections is not None:
        made["sections"] = sections
        if "teaching" in made:
            every = np.arange(len(made["teaching"]))
            made["sections"] = attach_teachers(sections, made["teaching"], every)
    schools = courses.build_schools(sources, _list_schools(made))
    if schools is not None:
        made["schools"] = schools
    defects = {**export.defects, **find_defects(export, sources, kinds)}
    return add_tables(replace(export, defects=defects), made, MADE_FROM)


def _list_schools(made: Mapping[str, Table]) -> pa.Array:
    """List the Canvas accounts that sections, students and teachers name as their school."""
    names = [name for name in ("sections", "students", "teachers") if name in made]
    values = [frame.encode(made[name], "School_id").values for name in names]
    return pa.concat_arrays([pa.array([], pa.string()), *values])


def _build_enrollments(
    sources: Sources, learning: np.ndarray, teaching: np.ndarray
) -> dict[str, Table]:
    """Normalize Canvas enrollments: those of students, and those of teachers as `teaching`."""
    links = sources.find("enrollments")
    assert links is not None
    columns = {
        "Section_id": normalize_columns.fill_blanks(
            normalize_columns.take_own(links, "section_id"),
            normalize_columns.take_own(links, "course_id"),
        ),
        **_take_days(links),
        "Student_id": _take_user(sources, links),
    }
    return build_enrollments(
        links,
        columns,
        learning=learning,
        teaching=teaching,
        missing_reason=ABSENT["enrollments"],
    )


def _take_user(sources: Sources, links: Table) -> Cells | None:
    """Return the user's id of each Canvas enrollment, also where it names the integration id."""
    own = normalize_columns.take_own(links, "user_id")
    users = sources.find("users")
    if not links.has("user_integration_id"):
        return own
    if users is not None:
        named = ~frame.encode(links, "user_integration_id").blank
        at = np.where(named, sources.user_of_link, -1)
        own = normalize_columns.fill_blanks(normalize_columns.look_up(users, "user_id", at), own)
    other = normalize_columns.take_own(links, "user_integration_id")
    return normalize_columns.fill_blanks(own, other)


def _take_days(links: Table) -> dict[str, Cells | None]:
    """Return the first and last day of Canvas enrollments; one alone has no effect."""
    names = {"Begin": "start_date", "End": "end_date"}
    blank = np.zeros(len(links), bool)
    for theirs in names.values():
        blank |= frame.encode(links, theirs).blank
    columns = {}
    for ours, theirs in names.items():
        cells = normalize_columns.take_own(links, theirs)
        if cells is not None:
            values = pa.concat_arrays([cells.coded.values, pa.array([""], pa.string())])
            codes = np.where(blank, len(cells.coded.values), cells.coded.codes).astype(np.int32)
            cells = replace(cells, coded=Encoded(values, codes))
        columns[ours] = cells
    return columns


FORMAT = Format(
    ID,
    "Canvas",
    profile="canvas",
    versions=(VERSION,),
    normalize=normalize,
    deleted=DELETED,
)
