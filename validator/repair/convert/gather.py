"""The roster of an export in any format, and the data that a roster has no place for."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

import numpy as np

from validator import frame
from validator.model import Export, Position, Table
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.roster import (
    KEYS,
    LEFT_OUT,
    Extras,
    Heading,
    Records,
    Roster,
    Selection,
    build_records,
    canonicalize,
    explode,
    find_heading,
    list_schools,
    select_rows,
)
from validator.repair.convert.sources import canvas, oneroster, raw, sds
from validator.repair.convert.sources.districts import collect_districts
from validator.repair.written import LeftOut
from validator.schemas import clever
from validator.vocabulary.grades import Grades

ENDED = "These enrollments ended before the day of this run."
UNREAD = "These rows could not be read whole."
NO_COLUMN = "The roster has no column for this."
UNKNOWN_COLUMN = "The format of the export does not know this column, so it was not read."
UNMAPPED_COLUMN = "The column map does not name this column, so it was not read."
UNKNOWN_FILE = "This file is not part of the export's roster."
BY_MAP = "The column map leaves out these rows, or the students they are about."
NOT_SHARED = "The sharing rules leave these records out."

ENRICH = {
    "canvas": canvas.enrich,
    "oneroster": oneroster.enrich,
    "sds": sds.enrich,
    "sis": raw.enrich,
}
"""Format -> what its files hold beyond the roster; Clever's files are the roster."""

REQUIRED = {
    file.table: frozenset(column.name for column in file.columns if column.required)
    for file in clever.FILES
}
"""Table -> the columns that Clever requires."""

IDS = ("School_id", "Student_id", "Teacher_id", "Staff_id", "Section_id", "Contact_sis_id")


def gather(export: Export, grades: Grades, selection: Selection) -> Roster:
    """Return the roster to convert as it was judged, grades and dates in Clever's form."""
    own = _list_own_tables(export)
    extras = ENRICH[export.format](export, own) if export.format in ENRICH else Extras()
    tables: dict[str, Records] = {}
    left_out: list[LeftOut] = []
    for name in KEYS:
        if name not in export.tables:
            continue
        records = build_records(export.tables[name], extras)
        if export.format != "clever":
            records = canonicalize(records, grades, selection.today)
        tables[name] = records
        left_out += _count_unread(export.tables[name])
    if selection.keep_records:
        extras = _use_others(extras)
    elif export.format == "oneroster":
        left_out += oneroster.list_several_terms(export, own)
    left_out += _list_left_out_rows(export)
    left_out += [*extras.left_out, *_list_unused(export, own, tables, extras=extras)]
    _fill_only_school(tables)
    _fill_schools(tables, export)
    tables, dropped = _select(tables, export, selection, extras=extras)
    tables |= extras.others
    districts = collect_districts(export, own)
    if districts is not None:
        tables["districts"] = districts
    if _is_own_bundle(own):
        tables = {name: _drop_blank(_restore_ids(records)) for name, records in tables.items()}
    every = (*left_out, *dropped)
    return Roster(
        tables, every, export.format, grades, selection.today, export.absent, export.partial
    )


def _use_others(extras: Extras) -> Extras:
    """Mark the columns of courses and sessions as used by the conversion."""
    used = set(extras.used)
    for records in extras.others.values():
        used.update(records.headings.values())
    return replace(extras, used=frozenset(used))


def _list_own_tables(export: Export) -> Mapping[str, Table]:
    """Return the tables of an export's own files, to convert what the roster has no place for."""
    return export.originals.tables if export.originals is not None else export.all_tables


def _is_own_bundle(own: Mapping[str, Table]) -> bool:
    """Return whether `mend --to` wrote the export, as its manifest says."""
    manifest = own.get("manifest.csv")
    if manifest is None:
        return False
    rows = np.arange(len(manifest))
    names = frame.take_text(manifest, "propertyName", rows)
    stated = frame.take_text(manifest, "value", rows)
    return dict(zip(names, stated, strict=True)).get("source.systemName") == ids.PRODUCER


def _drop_blank(records: Records) -> Records:
    """Return the records without columns that only a bundle needs, which are blank throughout."""
    required = REQUIRED.get(records.name, frozenset())
    columns = {
        name: column
        for name, column in records.columns.items()
        if name in required or cells.is_filled(column)
    }
    return replace(records, columns=columns)


def _restore_ids(records: Records) -> Records:
    """Return the records to convert with the ids from which an earlier conversion derived
    theirs."""
    columns = {
        name: ids.restore(column)
        for name, column in records.columns.items()
        if name in IDS or (name.startswith("Teacher_") and name.endswith("_id"))
    }
    restored = records.with_columns(columns)
    if records.elsewhere is None:
        return restored
    schools = ids.restore(records.elsewhere.schools)
    return replace(restored, elsewhere=replace(records.elsewhere, schools=schools))


def _fill_only_school(tables: dict[str, Records]) -> None:
    """Assign the district's only school to records to convert that have none."""
    schools = tables.get("schools")
    if schools is None or schools.count != 1:
        return
    for name, records in tables.items():
        if "School_id" not in records.columns:
            only = cells.select(schools.get("School_id"), np.zeros(records.count, np.intp))
            tables[name] = records.with_columns({"School_id": only})


def _fill_schools(tables: dict[str, Records], export: Export) -> None:
    """Assign to enrollments to convert the school of their section, or else of their student."""
    enrollments = tables.get("enrollments")
    if enrollments is None:
        return
    schools = enrollments.get("School_id")
    for name, column in (("sections", "Section_id"), ("students", "Student_id")):
        if name not in tables or not schools.blank.any():
            continue
        at = frame.locate_rows(export.tables["enrollments"], column, export.tables[name])
        schools = cells.fill(schools, cells.look_up(tables[name].get("School_id"), at))
    tables["enrollments"] = enrollments.with_columns({"School_id": cells.merge_equal(schools)})


def _select(
    tables: Mapping[str, Records], export: Export, selection: Selection, *, extras: Extras
) -> tuple[dict[str, Records], list[LeftOut]]:
    """Return the wanted records, with a row for each contact of a student and school of staff."""
    selected: dict[str, Records] = {}
    dropped: list[LeftOut] = []
    for name, records in tables.items():
        rows = select_rows(export, name, selection)
        wanted = rows.wanted
        for count, reason in ((rows.ended, ENDED), (rows.hidden, NOT_SHARED)):
            if count:
                dropped.append(LeftOut(records.file, "", count, reason))
        if name == "students" and extras.contacts is not None and extras.owner is not None:
            kept = wanted[extras.owner]
            at = np.cumsum(wanted) - 1
            contacts = extras.contacts.take(np.flatnonzero(kept))
            chosen = explode(_keep(records, wanted), contacts, at[extras.owner[kept]])
        else:
            chosen = _keep(records, wanted)
        selected[name] = chosen
    if "staff" in selected:
        selected["staff"] = list_schools(selected["staff"])
    return selected, dropped


def _list_left_out_rows(export: Export) -> list[LeftOut]:
    """List the rows that the column map leaves out, which a conversion does not write."""
    blocks = export.defects.get(LEFT_OUT, ())
    return [LeftOut(block.file, "", len(block.lines), BY_MAP) for block in blocks]


def _keep(records: Records, wanted: np.ndarray) -> Records:
    """Return the records to convert of a bool mask, not copied where it is true everywhere."""
    return records if wanted.all() else records.take(np.flatnonzero(wanted))


def _count_unread(table: Table) -> list[LeftOut]:
    """List the rows that could not be read whole, which a conversion leaves out."""
    if not len(table.unread):
        return []
    return [LeftOut(table.file, "", len(table.unread), UNREAD)]


def _list_unused(
    export: Export, own: Mapping[str, Table], tables: Mapping[str, Records], *, extras: Extras
) -> list[LeftOut]:
    """List the columns and files that a conversion leaves out, as the roster has no place."""
    used = set(extras.used)
    for records in tables.values():
        used.update(records.headings.values())
    teaching = export.tables.get("teaching")
    if teaching is not None:
        used.update(Heading(teaching.file, heading) for heading in teaching.headers.values())
    for table in export.tables.values():
        parts = [heading for headings in table.combined.values() for heading in headings]
        used.update(Heading(table.file, heading) for heading in parts)
    used |= _expand_headings(export, used)
    for table in () if export.format == "sis" else own.values():
        used.update(_list_shared_headings(table, export))
    files = {heading.file for heading in used} if export.format == "sis" else set()
    unused = []
    for table in own.values():
        for column, heading in table.headers.items():
            is_key = table.file in files  # a column map names no others: they join and filter rows
            if Heading(table.file, heading) not in used and not is_key:
                filled = cells.count_filled(frame.encode(table, column))
                reason = oneroster.REASONS.get(column, NO_COLUMN)
                is_trivial = column in oneroster.REASONS
                unused.append(LeftOut(table.file, heading, filled, reason, is_trivial))
    return [entry for entry in unused if entry.count] + _list_unread_columns(export, files)


def _expand_headings(export: Export, used: set[Heading]) -> set[Heading]:
    """Return the headings that a conversion takes, in each of several files of one table."""
    return {
        Heading(*where)
        for table in export.tables.values()
        for column in table.headers
        if find_heading(table, column) in used
        for where in frame.list_headings(table, column)
    }


def _list_shared_headings(table: Table, export: Export) -> list[Heading]:
    """Return the headings that a conversion already takes from a file through the roster."""
    built = [made for made in export.tables.values() if made.file == table.file]
    return [Heading(table.file, heading) for made in built for heading in made.headers.values()]


def _list_unread_columns(export: Export, joined: Set[str]) -> list[LeftOut]:
    """List the columns and files that a conversion leaves out because they were not read.

    joined: the files from which a column map takes anything.
    """
    reason = UNMAPPED_COLUMN if export.format == "sis" else UNKNOWN_COLUMN
    unread = []
    for file in export.files:
        if not file.table and file.name not in joined:
            unread.append(LeftOut(file.name, "", file.rows, UNKNOWN_FILE))
        for at, heading in enumerate(file.columns_unused):
            is_public = at < len(file.unused_public) and file.unused_public[at]
            position = file.unused_positions[at] if at < len(file.unused_positions) else at + 1
            name = heading if is_public else Position(position)
            unread.append(LeftOut(file.name, name, file.rows, reason))
    return unread
