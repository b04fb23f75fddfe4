"""A OneRoster bundle: its files, in the order of the specification, and its manifest."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import chain
from pathlib import PurePath

import numpy as np

from validator.model import dataclass
from validator.repair.convert import cells
from validator.repair.convert.cells import Column, Composed
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import Columns, fill_missing, place_columns
from validator.repair.convert.oneroster.contacts import build_contacts
from validator.repair.convert.oneroster.enrollments import build_learning, build_teaching
from validator.repair.convert.oneroster.people import (
    ASSUMED,
    PEOPLE,
    Group,
    build_group,
    find_prefixes,
    list_shared_addresses,
)
from validator.repair.convert.oneroster.places import (
    ABSENT,
    DEMOGRAPHICS,
    ORDER,
    USERS,
    V12,
    list_headings,
    list_places,
)
from validator.repair.convert.oneroster.sections import CLASSES, Part, build_sections
from validator.repair.convert.places import METADATA, OWN_PREFIX
from validator.repair.convert.roster import Records, Roster
from validator.repair.written import NOT_WRITTEN, LeftOut, NotWritten, Written, WrittenFile

ORGS, ROLES, ENROLLMENTS = "orgs.csv", "roles.csv", "enrollments.csv"
MANIFEST = "manifest.csv"
TABLES = {
    ORGS: "schools",
    CLASSES: "sections",
    USERS: "students, teachers and staff",
    ENROLLMENTS: "enrollments",
}
"""Files that every bundle of a roster has -> what of the roster they hold."""

HOLDERS = {
    "students": (USERS, "students"),
    "teachers": (USERS, "teachers"),
    "enrollments": (ENROLLMENTS, "enrollments of students"),
}
"""Table of the roster -> the file that holds its records among others, and what they are there."""

ABOVE = ("department", "district", "local", "state", "national")
"""Types of organizations that are no schools."""

PARTIAL = (
    "The export holds changes only. The bundle is declared as complete, so importing it would "
    "remove everybody who is not in it."
)


@dataclass
class Parts:
    """Parts of the files: columns and counts of rows, which follow each other in a file."""

    files: dict[str, list[Part]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, file: str, columns: Mapping[str, Column], count: int) -> None:
        """Add rows to a file of a converted OneRoster bundle."""
        if count:
            self.files.setdefault(file, []).append(Part(file, columns, count))


def write_bundle(roster: Roster, version: str) -> Written:
    """Convert a roster to the files of a OneRoster bundle, all complete (bulk)."""
    parts = Parts(left_out=list(roster.left_out))
    prefixes = find_prefixes(roster)
    _add_schools(parts, roster, version)
    _add_sections(parts, roster, version)
    _add_people(parts, roster, version, prefixes=prefixes)
    _add_enrollments(parts, roster, version, prefixes=prefixes)
    files = [_write_file(name, parts.files[name], version) for name in ORDER if name in parts.files]
    manifest = _write_manifest(version, parts.files)
    not_written = [_explain(name, what, roster) for name, what in TABLES.items()]
    missing = [entry for entry in not_written if entry.name not in parts.files]
    notes = [LeftOut(MANIFEST, "", 0, PARTIAL)] if roster.partial else []
    notes += _list_lacking(roster, parts.files)
    return Written((manifest, *files), tuple(parts.left_out), tuple(missing), tuple(notes))


def _list_lacking(roster: Roster, files: Container[str]) -> list[LeftOut]:
    """List what a bundle's complete files lack, because the converted export does not have it."""
    lacking = []
    for table, (file, what) in HOLDERS.items():
        records = roster.tables.get(table)
        if file in files and (records is None or not records.count):
            why = roster.absent.get(table) or f"there are no {table} to write"
            reason = f"It has no {what}: {why}. It is still declared complete."
            lacking.append(LeftOut(file, "", 0, reason))
    return lacking


def _explain(name: str, what: str, roster: Roster) -> NotWritten:
    """Return why a conversion does not write a file of the bundle."""
    table = what.split(",", maxsplit=1)[0]
    why = roster.absent.get(table) or f"there are no {what} to write"
    return NotWritten(name, f"{NOT_WRITTEN}{why}.")


def _add_schools(parts: Parts, roster: Roster, version: str) -> None:
    """Write the schools of a OneRoster bundle."""
    schools = roster.tables.get("schools")
    if schools is None or not schools.count:
        return
    placed = place_columns(schools, list_places(version)["schools"], version, roster=roster)
    columns = placed.get(ORGS)
    columns["sourcedId"] = ids.derive(schools.get("School_id"))
    columns["type"] = cells.repeat_text("school", schools.count)
    columns.setdefault("name", cells.repeat_text("", schools.count))
    assumed = fill_missing(columns, "name", [columns["sourcedId"]], word="name")
    if assumed is not None:
        columns[ASSUMED] = assumed
    parts.add(ORGS, columns, schools.count)
    parts.left_out += placed.left_out
    districts = roster.tables.get("districts")
    if districts is not None:
        parts.add(ORGS, _describe_districts(districts), districts.count)


def _describe_districts(districts: Records) -> Columns:
    """Return the organizations above schools as columns of orgs.csv."""
    id = ids.derive(districts.get("School_id"))
    kind = cells.convert_values(
        districts.get(f"{OWN_PREFIX}type"), lambda text: text if text in ABOVE else "district"
    )
    return {
        "sourcedId": id,
        "name": cells.fill(districts.get("School_name"), id),
        "type": kind,
        "identifier": districts.get("School_number"),
        "parentSourcedId": districts.get(f"{OWN_PREFIX}parentSourcedId"),
    }


def _add_sections(parts: Parts, roster: Roster, version: str) -> None:
    """Write the sections of a OneRoster bundle as classes, with courses and terms."""
    taught = build_sections(roster, version)
    if taught is None:
        return
    for part in taught.parts:
        parts.add(part.file, part.columns, part.count)
    parts.left_out += taught.left_out


def _add_people(parts: Parts, roster: Roster, version: str, *, prefixes: Mapping[str, str]) -> None:
    """Write the users of a OneRoster bundle: students, their contacts, teachers and staff."""
    contacts, agents = build_contacts(roster, version)
    shared = list_shared_addresses(roster)
    for name in PEOPLE:
        own = agents if name == "students" else None
        group = build_group(roster, name, version, prefix=prefixes[name], shared=shared, agents=own)
        if group is not None:
            _add_group(parts, group, version)
    if contacts is not None:
        _add_group(parts, contacts, version)


def _add_group(parts: Parts, group: Group, version: str) -> None:
    """Write one group of users of a OneRoster bundle, with roles and demographics."""
    parts.add(USERS, group.columns, group.count)
    parts.left_out += group.left_out
    if version == V12:
        parts.add(ROLES, _build_roles(group), len(group.posts.user))
    _add_demographics(parts, group)


def _build_roles(group: Group) -> dict[str, Column]:
    """Return a role for each school of each user, which is the primary one there."""
    user = cells.select(group.id, group.posts.user)
    role = cells.select(group.role, group.posts.user)
    school = ids.derive(group.posts.school)
    return {
        "sourcedId": Composed([user, "/", school]),
        "userSourcedId": user,
        "roleType": cells.repeat_text("primary", len(group.posts.user)),
        "role": role,
        "orgSourcedId": school,
    }


def _add_demographics(parts: Parts, group: Group) -> None:
    """Add the demographics of the users who have any."""
    filled = [~column.blank for column in group.demographics.values()]
    rows = np.flatnonzero(np.any(filled, axis=0)) if filled else np.zeros(0, np.int64)
    columns = {"sourcedId": group.id, **group.demographics}
    selected = {name: cells.select(column, rows) for name, column in columns.items()}
    parts.add(DEMOGRAPHICS, selected, len(rows))


def _add_enrollments(
    parts: Parts, roster: Roster, version: str, *, prefixes: Mapping[str, str]
) -> None:
    """Write the enrollments of students and teachers of a OneRoster bundle."""
    for enrolled in (
        build_teaching(roster, prefixes),
        build_learning(roster, version, prefixes["students"]),
    ):
        if enrolled is not None:
            parts.add(ENROLLMENTS, enrolled.columns, enrolled.count)
            parts.left_out += enrolled.left_out


def _write_file(name: str, parts: Sequence[Part], version: str) -> WrittenFile:
    """Return a file with all columns of the specification and those of metadata after them."""
    headings = list_headings(version, name)
    extensions = dict.fromkeys(
        heading for part in parts for heading in part.columns if heading.startswith(METADATA)
    )
    headings += list(extensions)
    pieces: list[Iterable[bytes]] = []
    for at, part in enumerate(parts):
        blank = cells.repeat_text("", part.count)
        columns = {heading: part.columns.get(heading, blank) for heading in headings}
        if at:
            pieces.append(cells.write_rows(list(columns.values()), part.count))
        else:
            pieces.append(cells.write_table(columns, part.count))
    rows = sum(part.count for part in parts)
    return WrittenFile(name, chain.from_iterable(pieces), PurePath(name).stem, rows)


def _write_manifest(version: str, files: Mapping[str, object]) -> WrittenFile:
    """Write the manifest of a converted bundle: which files are complete, and which absent."""
    modes = {PurePath(name).stem: "bulk" if name in files else "absent" for name in ORDER}
    if version != V12:
        del modes["roles"]
    modes |= dict.fromkeys(ABSENT[version], "absent")
    rows = {"manifest.version": "1.0", "oneroster.version": version}
    rows |= {f"file.{name}": modes[name] for name in sorted(modes, key=str.lower)}
    rows["source.systemName"] = ids.PRODUCER
    columns: Columns = {
        "propertyName": cells.encode_few(list(rows)),
        "value": cells.encode_few(list(rows.values())),
    }
    return WrittenFile(MANIFEST, cells.write_table(columns, len(rows)), "", len(rows))
