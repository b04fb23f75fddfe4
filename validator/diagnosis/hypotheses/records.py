"""Records that should be left out, and people at the wrong organization."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.edit import apply_edits, drop_rows
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.frame.arrays import count_numbers
from validator.frame.values import match_pattern
from validator.model import Export, Places, Table

PEOPLE = ("students", "teachers")
LEAST_DEAD = 2
LINKS = ("enrollments", "teaching")
LEAST = 8
SHARE = 0.9

LEFT_OUT = "rows-left-out"
PLACEHOLDERS = {
    "students": "student-name-placeholder",
    "teachers": "teacher-placeholder",
}


def suspect_left_out(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that rows name records which the column map itself leaves out.

    The reader lists both, so nothing is left to chance.
    """
    blocks = list(scene.places(LEFT_OUT))
    records = [block for block in blocks if block.column is None]
    references = [block for block in blocks if block.column is not None and len(block)]
    if not records or not references:
        return
    count = sum(len(block) for block in records)
    rows = sum(len(block) for block in references)
    files = " and ".join(dict.fromkeys(block.file for block in records))
    others = " and ".join(dict.fromkeys(block.file for block in references))
    yield Suspicion(
        "left-out-by-the-map",
        [*records, *references],
        f"The column map leaves out {count:,} records of {files} and the {rows:,} rows of {others} "
        f"that name them",
        symptoms=frozenset((block.table, str(block.column)) for block in references),
        repaired=0,
        failing=rows,
        covers={LEFT_OUT: blocks},
    )


def suspect_dead(scene: Scene) -> Iterable[Suspicion]:
    """Suspect records that cannot be deleted and are marked in the name as not to be used.

    The mark is a separate word that no name holds; at least two records have one.
    """
    for name, rule in PLACEHOLDERS.items():
        table, outcome = scene.table(name), scene.outcomes.get(rule)
        marks = outcome.rule.settings.get("marks") if outcome else None
        if table is None or not marks:
            continue
        named = scene.mark(table, None, rule)
        if named.sum() < LEAST_DEAD:
            continue
        rows = np.zeros(len(table), bool)
        for column in ("First_name", "Last_name"):
            written = frame.encode(table, column)
            rows |= written.broadcast(match_pattern(written.values, str(marks)))
        rows &= named
        count = int(rows.sum())
        if count < LEAST_DEAD:
            continue
        places = [frame.place_rows(table, rows, "Last_name")]
        yield Suspicion(
            "dead-records",
            places,
            f"{count:,} records in {table.file} are marked in the name as duplicates or as not to "
            f"be used",
            symptoms=frozenset({(name, "Last_name")}),
            repaired=count,
            failing=count,
            inverse=partial(_drop, name=name, rows=np.flatnonzero(rows)),
            distributed=True,
        )


def _drop(export: Export, *, name: str, rows: np.ndarray) -> Export:
    """Apply a hypothesis's inverse to the export: drop people, and the rows that name them."""
    table = export.tables[name]
    gone = frame.expand_to_key(table, rows)
    masks = {name: gone}
    for other in export.tables.values():
        for column, target in frame.list_references(other):
            if target == name and other.name in LINKS:
                at = frame.locate_rows(other, column, table)
                masks[other.name] = (at >= 0) & gone[np.maximum(at, 0)]
    return drop_rows(export, masks)


SEVERAL = 2
"""Schools of sections from which a single organization for all people is not a school."""

DISTRICT = ("district", "local", "state", "national")
"""Types of organizations that are not schools."""


def suspect_district(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that everybody is at the district, and nobody at a school.

    Two signs: nearly all of at least 8 students and teachers are at one organization that is no
    school, and their sections are at schools. Where nothing says what is no school, it is the one
    organization of nearly all students that has no section, and the sections are at several known
    schools. Where fewer are at it, it may as well be a school that was left out.
    """
    sections = scene.table("sections")
    tables = [table for name in PEOPLE if (table := scene.table(name)) is not None and len(table)]
    if sections is None or not len(sections) or not tables:
        return
    wanted = _list_district(scene, sections)
    at = {table.name: _mark_at(table, wanted) for table in tables}
    count, of = sum(int(mask.sum()) for mask in at.values()), sum(map(len, tables))
    sure = count >= SHARE * of
    if not sure:
        wanted = _list_unknown(scene, tables)
        at = {table.name: _mark_at(table, wanted) for table in tables}
        count = sum(int(mask.sum()) for mask in at.values())
    if count < LEAST or _mark_at(sections, wanted).any():
        return
    places = [frame.place_rows(table, at[table.name], "School_id") for table in tables]
    yield Suspicion(
        "organization-is-district",
        [block for block in places if len(block)],
        f"{count:,} of {of:,} students and teachers are at "
        f"{'the district' if sure else 'one organization that is not in the export'}, and none of "
        f"the {len(sections):,} sections is",
        symptoms=frozenset((table.name, "School_id") for table in tables),
        repaired=count,
        failing=count,
        inverse=partial(_move_to_schools, district=wanted),
        covers=_cover_district(scene, wanted),
        sure=sure,
        distributed=True,
    )


def _list_district(scene: Scene, sections: Table) -> pa.Array:
    """Return the ids of the district office, where a hypothesis suspects people by mistake."""
    orgs, students, schools = (scene.table(name) for name in ("orgs.csv", "students", "schools"))
    if orgs is not None and orgs.has("type"):
        rows = np.flatnonzero(frame.match_words(orgs, "type", DISTRICT))
        return pa.array(sorted(set(frame.take_text(orgs, orgs.key, rows)) - {""}), pa.string())
    nothing = pa.array([], pa.string())
    if students is None or schools is None or not students.has("School_id") or not len(students):
        return nothing
    taught = frame.locate_rows(sections, "School_id", schools)
    if len(np.unique(taught[taught >= 0])) < SEVERAL:
        return nothing
    at = frame.encode(students, "School_id")
    times = count_numbers(at.codes[~at.blank], minlength=len(at.values))
    if times.max(initial=0) < SHARE * len(students):
        return nothing
    return pa.array([at.values[int(times.argmax())].as_py()], pa.string())


def _list_unknown(scene: Scene, tables: Sequence[Table]) -> pa.Array:
    """Return the school that a suspicion says was left out, where some people are; [] for none.

    It may be the district, or a school that was left out.
    """
    schools = scene.table("schools")
    unknown: set[str] = set()
    for table in tables if schools is not None and len(schools) else ():
        assert schools is not None
        lost = frame.locate_rows(table, "School_id", schools) == frame.UNKNOWN
        unknown.update(frame.take_text(table, "School_id", np.flatnonzero(lost)))
    return pa.array(sorted(unknown) if len(unknown) == 1 else [], pa.string())


def _cover_district(scene: Scene, district: pa.Array) -> dict[str, list[Places]]:
    """Return the findings that a diagnosis of people at the district explains but cannot undo.

    Nothing says at which school the district's staff are, and a person with a row for each school
    has equal rows there.
    """
    covers = {"row-repeated": [b for b in scene.places("row-repeated") if b.table == "users.csv"]}
    staff = scene.table("staff")
    if staff is not None and len(staff) and _mark_at(staff, district).mean() >= SHARE:
        covers["school-without-staff"] = list(scene.places("school-without-staff"))
    return covers


def _mark_at(table: Table, ids: pa.Array) -> np.ndarray:
    """Return a bool mask, for a hypothesis, of the rows whose School_id is one of these."""
    encoded = frame.encode(table, "School_id")
    return encoded.broadcast(frame.is_among(encoded.values, ids))


def _move_to_schools(export: Export, district: pa.Array) -> Export:
    """Return the export with everybody at the school of their sections, and no district school."""
    sections = export.tables["sections"]
    edits = []
    for name in PEOPLE:
        table = export.tables.get(name)
        if table is None:
            continue
        school = _find_schools(export, table, sections)
        rows = np.flatnonzero(_mark_at(table, district) & (school >= 0))
        values = pa.array(frame.take_text(sections, "School_id", school[rows]), pa.string())
        edits.append(Edit(name, "School_id", rows, values))
    moved = apply_edits(export, edits)
    schools = moved.tables.get("schools")
    if schools is None:
        return moved
    moved = drop_rows(moved, {"schools": _mark_at(schools, district)})
    kept = moved.tables["schools"]
    known = replace(kept, known_elsewhere=kept.known_elsewhere | set(district.to_pylist()))
    return replace(moved, tables={**moved.tables, "schools": known})


def _find_schools(export: Export, table: Table, sections: Table) -> np.ndarray:
    """Return the section to whose school an inverse moves each person; -1 for none."""
    row = np.full(len(table), -1, np.intp)
    if table.name == "teachers":
        section, person = frame.list_teachers(sections, table)
    else:
        enrollments = export.tables.get("enrollments")
        if enrollments is None:
            return row
        person = frame.locate_rows(enrollments, "Student_id", table)
        section = frame.locate_rows(enrollments, "Section_id", sections)
    known = (person >= 0) & (section >= 0)
    row[person[known]] = section[known]
    return row
