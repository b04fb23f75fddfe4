"""Columns of OneRoster's own files beyond the roster: demographics, contacts, ids, metadata."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import Encoded
from validator.frame.values import match_pattern
from validator.model import Export, Table
from validator.repair.convert import cells
from validator.repair.convert.places import METADATA, OWN_PREFIX
from validator.repair.convert.roster import Extras, Heading, Records
from validator.repair.convert.sources.agents import collect_contacts
from validator.repair.convert.sources.collector import KNOWN, Collector
from validator.repair.convert.sources.demographics import add_demographics
from validator.repair.convert.sources.districts import list_written_as_schools
from validator.repair.written import LeftOut

OWN = {
    "schools": "orgs.csv",
    "students": "users.csv",
    "teachers": "users.csv",
    "staff": "users.csv",
    "sections": "classes.csv",
}
"""Table of the roster -> the file that its records come from."""

STATE_ID = {"students": "State_id", "teachers": "State_teacher_id"}
STATE_WORDS = ("state", "ssid", "sasid")
"""Words in the type of a user's id that mark it as the state's id."""

ASSUMED = f"{METADATA}assumed"
"""Names the columns of a row that a conversion had to fill; they are blanked on the way back."""

FILLED = {
    "users.csv": {"username": "Username", "role": "Title"},
    "orgs.csv": {"name": "School_name"},
    "classes.csv": {
        "title": "Name",
        "course": "Course_name",
        "term": "Term_name",
        "startDate": "Term_start",
        "endDate": "Term_end",
    },
}
"""File -> word in ASSUMED -> the roster's column that was blank."""

STRUCTURE = {
    "users.csv": "sourcedId status enabledUser role orgSourcedIds",
    "roles.csv": "status userSourcedId roleType role orgSourcedId",
    "orgs.csv": "sourcedId status type",
    "classes.csv": "sourcedId status courseSourcedId termSourcedIds classType",
    "courses.csv": "sourcedId status",
    "academicSessions.csv": "sourcedId status",
    "enrollments.csv": "status userSourcedId role primary",
    "demographics.csv": "sourcedId status",
    "manifest.csv": "propertyName value",
}
"""Columns that are expressed by the shape of another format, or that have no value of a record."""

GRADES = "These people have several grades; the first one is written."
TERMS = (
    "These classes have several terms; Clever's files have the name of the first one, and the "
    "first and last day of all."
)
NO_CLASS = "No class has these courses."

DISABLED = ("false", "0", "no", "n", "f")
OTHER_SUBJECT = (
    "The subject of these classes is not their course's; the subject of the class is written."
)

OWN_COLUMNS = {
    "orgs.csv": ("parentSourcedId",),
    "users.csv": ("sms", "phone", "userMasterIdentifier", "pronouns"),
    "classes.csv": ("location", "subjectCodes", "courseSourcedId", "termSourcedIds"),
}
"""Columns that only OneRoster has; they pass from one bundle to another under OWN_PREFIX."""

REASONS = {
    "dateLastModified": "Change dates of records are not part of a roster.",
    "subjectCodes": "The roster has subjects by name only.",
    "parentSourcedId": "The roster has schools and terms without their parents.",
    "primaryOrgSourcedId": "The main school of a person follows from the roles.",
    "orgSourcedId": "A course is written for each school that teaches it.",
    "schoolYear": "The roster has terms by name and days.",
    "type": "The roster has terms by name and days.",
    "sourcedId": "The roster has no ids of these records.",
}
"""Column of OneRoster -> why a roster has no column for it."""


def enrich(export: Export, own: Mapping[str, Table]) -> Extras:
    """Return what OneRoster files to convert hold beyond the roster's tables."""
    collector = Collector()
    for file, names in STRUCTURE.items():
        for name in names.split():
            if file in own and own[file].has(name):
                collector.used.add(Heading(own[file].file, own[file].headers[name]))
    for name, source in OWN.items():
        table = export.tables.get(name)
        if table is not None and source in own:
            at = np.searchsorted(own[source].lines, table.lines)
            _add_metadata(collector, name, own[source], at=at)
            _add_own_columns(collector, name, own[source], at=at)
            _add_marks(collector, export, name, own=own[source], at=at)
            if source == "users.csv":
                _add_state_ids(collector, name, own[source], at=at)
    add_demographics(collector, export, own)
    agents = collect_contacts(export, own, collector.used)
    collector.left_out += [*agents.left_out, *list_written_as_schools(export, own)]
    collector.left_out += _list_course_subjects(export, own)
    collector.left_out += _list_unused_courses(own)
    collector.left_out += _list_several(export, own, "students", column="grades", reason=GRADES)
    collector.left_out += _count_records_left_out(export, own)
    return Extras(
        collector.columns,
        collector.headings,
        agents.contacts,
        agents.owner,
        find_assumed(export, own),
        _collect_records(own),
        frozenset(collector.used),
        collector.left_out,
    )


def _collect_records(own: Mapping[str, Table]) -> dict[str, Records]:
    """Return the courses and sessions, which another bundle keeps with their ids."""
    collected = {}
    for name in ("courses.csv", "academicSessions.csv"):
        table = own.get(name)
        if table is not None and len(table):
            rows = np.flatnonzero(frame.mark_live(table))
            columns = {
                str(column): cells.select(frame.encode(table, str(column)), rows)
                for column in table.records.columns
            }
            headings = {
                column: Heading(table.file, table.headers[column])
                for column in columns
                if column not in ("status", "dateLastModified")
            }
            collected[name] = Records(name, table.file, columns, len(rows), headings)
    return collected


def list_several_terms(export: Export, own: Mapping[str, Table]) -> list[LeftOut]:
    """Return how many classes to convert have several terms."""
    return _list_several(export, own, "sections", column="termSourcedIds", reason=TERMS)


def _list_several(
    export: Export, own: Mapping[str, Table], name: str, *, column: str, reason: str
) -> list[LeftOut]:
    """Count the lists of several entries that a conversion cannot keep whole."""
    table, records = own.get(OWN[name]), export.tables.get(name)
    if table is None or records is None or not table.has(column):
        return []
    at = np.searchsorted(table.lines, records.lines)
    lists = cells.select(frame.encode(table, column), at)
    count = int(lists.broadcast(match_pattern(lists.values, ",.*[^ ,]")).sum())
    return [LeftOut(table.file, table.headers[column], count, reason)] if count else []


def _list_unused_courses(own: Mapping[str, Table]) -> list[LeftOut]:
    """Count the courses that a conversion leaves out because no class has them."""
    classes, courses = own.get("classes.csv"), own.get("courses.csv")
    if classes is None or courses is None or not len(courses):
        return []
    live = frame.mark_live(courses)
    at = frame.locate_rows(classes, "courseSourcedId", courses)
    used = np.zeros(len(courses), bool)
    used[at[at >= 0]] = True
    count = int((live & ~used).sum())
    return [LeftOut(courses.file, "", count, NO_CLASS)] if count else []


def find_assumed(export: Export, own: Mapping[str, Table]) -> dict[str, dict[str, np.ndarray]]:
    """Return, by table and column, a mask of the cells that a conversion had to fill."""
    assumed: dict[str, dict[str, np.ndarray]] = {}
    for name, source in OWN.items():
        table = export.tables.get(name)
        if table is None or source not in own or not own[source].has(ASSUMED):
            continue
        at = np.searchsorted(own[source].lines, table.lines)
        marks = cells.select(frame.encode(own[source], ASSUMED), at)
        words = [set(text.split()) for text in marks.values.to_pylist()]
        for word, column in FILLED[source].items():
            has_word = np.asarray([word in each for each in words], bool)
            if has_word.any():
                assumed.setdefault(name, {})[column] = marks.broadcast(has_word)
    return assumed


def _add_metadata(collector: Collector, name: str, own: Table, *, at: np.ndarray) -> None:
    """Add extension columns: those that Clever has as columns, others as Clever's extensions."""
    for heading in own.headers:
        if not heading.lower().startswith(METADATA) or heading == ASSUMED:
            continue
        bare = heading[len(METADATA) :]
        column = KNOWN[name].get(bare, f"ext.{bare}")
        added = cells.select(frame.encode(own, heading), at)
        origin = Heading(own.file, own.headers[heading])
        collector.add(name, column, added, heading=origin)
    if own.has(ASSUMED):
        collector.used.add(Heading(own.file, own.headers[ASSUMED]))


def _add_own_columns(collector: Collector, name: str, own: Table, *, at: np.ndarray) -> None:
    """Add columns that have a place only in another OneRoster bundle."""
    for column in OWN_COLUMNS.get(own.name, ()):
        if own.has(column):
            added = cells.select(frame.encode(own, column), at)
            heading = Heading(own.file, own.headers[column])
            collector.add(name, OWN_PREFIX + column, added, heading=heading)


def _add_marks(
    collector: Collector, export: Export, name: str, *, own: Table, at: np.ndarray
) -> None:
    """Add to a conversion what few records have, such as users who are disabled."""
    if own.name == "users.csv" and own.has("enabledUser"):
        column, text = "enabledUser", "false"
        marked = frame.match_words(own, column, DISABLED)[at]
    elif own.name == "classes.csv" and own.has("classType"):
        column, text = "classType", "homeroom"
        named = frame.match_words(export.tables[name], "Subject", ("homeroom/advisory",))
        marked = frame.match_words(own, column, (text,))[at] & ~named
    else:
        return
    added = Encoded(pa.array(["", text], pa.string()), marked.astype(np.int8))
    heading = Heading(own.file, own.headers[column])
    collector.add(name, OWN_PREFIX + column, added, heading=heading)


def _list_course_subjects(export: Export, own: Mapping[str, Table]) -> list[LeftOut]:
    """Count the classes to convert whose subject differs from their course's."""
    classes, courses = own.get("classes.csv"), own.get("courses.csv")
    if classes is None or courses is None or not courses.has("subjects"):
        return []
    if not classes.has("subjects") or not classes.has("courseSourcedId"):
        return []
    at = frame.locate_rows(classes, "courseSourcedId", courses)
    of_course = cells.look_up(frame.encode(courses, "subjects"), at)
    of_class = frame.encode(classes, "subjects")
    both = ~of_course.blank & ~of_class.blank & cells.mark_different(of_course, of_class)
    if not both.any():
        return []
    heading = courses.headers["subjects"]
    return [LeftOut(courses.file, heading, int(both.sum()), OTHER_SUBJECT)]


def _add_state_ids(collector: Collector, name: str, users: Table, *, at: np.ndarray) -> None:
    """Add to converted people the id of the state, from lists of ids such as `{stateId:123}`."""
    if name not in STATE_ID or not users.has("userIds"):
        return
    added = cells.convert_values(cells.select(frame.encode(users, "userIds"), at), find_state_id)
    heading = Heading(users.file, users.headers["userIds"])
    if cells.is_filled(added):
        collector.add(name, STATE_ID[name], added, heading=heading)


def find_state_id(text: str) -> str:
    """Return the state id to convert from a list such as `{stateId:123},{local:9}`, "" for none."""
    for token in text.split(","):
        kind, _, value = token.strip().strip("{}").partition(":")
        if value and any(word in kind.lower() for word in STATE_WORDS):
            return value.strip().strip('"')
    return ""


def _count_records_left_out(export: Export, own: Mapping[str, Table]) -> list[LeftOut]:
    """List the records of OneRoster that a conversion leaves out, such as deleted ones."""
    left_out = []
    for table in own.values():
        deleted = int((~frame.mark_live(table)).sum())
        if deleted:
            reason = "These records are marked as deleted."
            left_out.append(LeftOut(table.file, "", deleted, reason))
    links = own.get("enrollments.csv")
    if links is not None:
        kept = sum(len(export.tables[n]) for n in ("enrollments", "teaching") if n in export.tables)
        other = int(frame.mark_live(links).sum()) - kept
        if other > 0:
            reason = "These enrollments are deleted, or are not of a student or teacher."
            left_out.append(LeftOut(links.file, "", other, reason))
    return left_out
