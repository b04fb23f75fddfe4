"""Courses and academic sessions that another bundle has, kept with their ids."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.frame import Encoded
from validator.model import dataclass
from validator.repair.convert import cells, values
from validator.repair.convert.cells import Column
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import drop_empty_items
from validator.repair.convert.oneroster.people import locate
from validator.repair.convert.oneroster.sessions import complete_session
from validator.repair.convert.oneroster.subjects import choose_codes
from validator.repair.convert.places import METADATA
from validator.repair.convert.roster import Heading, Records, Roster
from validator.repair.written import LeftOut
from validator.schemas.oneroster import SESSIONS as TYPES

UNKNOWN = "No matching record has these ids, so they are left blank or replaced."

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, eq=False)
class Kept:
    """Records that are kept, None for none, and the sections that refer to them.

    refers: bool mask of the sections all of whose references are known. reference: the sourcedIds
    that a section refers to.
    """

    records: Records | None
    refers: np.ndarray
    reference: Encoded


def find_kept(sections: Records, column: str, records: Records | None) -> Kept:
    """Return the records of another bundle that sections refer to in a column of ids."""
    reference = cells.convert_values(sections.get(column), drop_empty_items)
    none = Kept(None, np.zeros(sections.count, bool), reference)
    if records is None:
        return none
    known = set(records.get("sourcedId").values.to_pylist()) - {""}
    lists = [text.split(",") if text else [] for text in reference.values.to_pylist()]
    fits = np.asarray([bool(each) and known.issuperset(each) for each in lists], bool)
    refers = reference.broadcast(fits)
    if not refers.any():
        return none
    derived = [",".join(ids.spell_valid(item) for item in each) for each in lists]
    written = Encoded(cells.encode_few(derived).values, reference.codes)
    return Kept(records, refers, written)


@dataclass(frozen=True, eq=False)
class Rows:
    """Columns of a file, the number of rows, and the references that were not written."""

    columns: Mapping[str, Column]
    count: int
    left_out: tuple[LeftOut, ...] = ()


def select_courses(kept: Kept, roster: Roster, school: Encoded) -> Rows:
    """Return the kept courses that sections refer to, in OneRoster's form.

    school: the sourcedId of the school of each section.
    """
    if kept.records is None:
        return Rows({}, 0)
    columns = kept.records.columns
    used = kept.reference.values.take(np.unique(kept.reference.codes[kept.refers]))
    own = ids.derive(columns["sourcedId"])
    rows = np.flatnonzero(own.broadcast(frame.is_among(own.values, used)))
    taken = {name: cells.select(column, rows) for name, column in columns.items()}
    blank = cells.repeat_text("", len(rows))
    own = cells.select(own, rows)
    at_school = cells.look_up(school, locate(own, kept.reference))
    written: dict[str, Column] = {
        "sourcedId": own,
        "schoolYearSourcedId": _keep(taken, "schoolYearSourcedId", _is_year(columns, roster)),
        "title": cells.fill(taken.get("title", blank), own),
        "courseCode": taken.get("courseCode", blank),
        "grades": values.write_codes(taken.get("grades", blank), roster.grades),
        "orgSourcedId": cells.fill(
            _keep(taken, "orgSourcedId", _is_org(columns, roster)), at_school
        ),
        **_pair_subjects(taken.get("subjects", blank), taken.get("subjectCodes", blank)),
        **_take_metadata(taken),
    }
    unknown = (
        *_list_unknown(kept.records, "orgSourcedId", _is_org(columns, roster)),
        *_list_unknown(kept.records, "schoolYearSourcedId", _is_year(columns, roster)),
    )
    return Rows(written, len(rows), unknown)


def _list_unknown(records: Records, column: str, is_known: np.ndarray) -> tuple[LeftOut, ...]:
    """List references that a conversion leaves out, to ids that no fitting record has.

    is_known: per distinct value of the column.
    """
    references = records.get(column)
    count = int((~references.blank & ~references.broadcast(is_known)).sum())
    if not count:
        return ()
    heading = records.headings.get(column, Heading(records.file, column))
    return (LeftOut(heading.file, heading.name, count, UNKNOWN),)


def _is_year(columns: Mapping[str, Encoded], roster: Roster) -> np.ndarray:
    """Return which `schoolYearSourcedId` a conversion keeps: those of a school year."""
    values_ = _get(columns, "schoolYearSourcedId").values
    sessions = roster.tables.get("academicSessions.csv")
    if sessions is None:
        return np.zeros(len(values_), bool)
    types = sessions.get("type")
    is_year = [text == "schoolYear" for text in types.values.to_pylist()]
    years = cells.select(sessions.get("sourcedId"), types.broadcast(np.asarray(is_year, bool)))
    return frame.is_among(values_, years.values.take(np.unique(years.codes)))


def _is_org(columns: Mapping[str, Encoded], roster: Roster) -> np.ndarray:
    """Return which `orgSourcedId` a conversion keeps: those of an organization of the bundle."""
    values_ = _get(columns, "orgSourcedId").values
    known = np.zeros(len(values_), bool)
    for name in ("schools", "districts"):
        if name in roster.tables:
            known |= frame.is_among(values_, roster.tables[name].get("School_id").values)
    return known


def _get(columns: Mapping[str, Encoded], name: str) -> Encoded:
    """Return a column of courses that a conversion keeps, blank where there is none."""
    return columns.get(name) or cells.repeat_text("", len(columns["sourcedId"].codes))


def _keep(columns: Mapping[str, Encoded], name: str, is_known: np.ndarray) -> Encoded:
    """Return the sourcedIds of a column, blank where they are not known."""
    return ids.derive(cells.keep_values(_get(columns, name), is_known))


def _pair_subjects(subjects: Encoded, codes: Encoded) -> dict[str, Column]:
    """Write kept subjects with as many codes, as a converted bundle needs them."""
    named = cells.convert_values(subjects, drop_empty_items)
    return {"subjects": named, "subjectCodes": choose_codes(codes, named)}


def _take_metadata(columns: Mapping[str, Encoded]) -> dict[str, Column]:
    """Return the metadata columns that a converted bundle keeps."""
    return {name: column for name, column in columns.items() if name.startswith(METADATA)}


def write_sessions(kept: Kept, roster: Roster) -> Rows:
    """Return the kept sessions in OneRoster's form; what is missing is filled in."""
    if kept.records is None:
        return Rows({}, 0)
    columns, count = kept.records.columns, kept.records.count
    blank = cells.repeat_text("", count)
    own = ids.derive(columns["sourcedId"])
    texts = {
        name: _take_texts(values.write_days(columns.get(name, blank), name, roster.today))
        for name in ("startDate", "endDate")
    }
    years = [_find_year(text) for text in _take_texts(columns.get("schoolYear", blank))]
    stated = zip(texts["startDate"], texts["endDate"], years, strict=True)
    rows = [_complete(start, end, year, today=roster.today) for start, end, year in stated]
    types = cells.convert_values(
        columns.get("type", blank), lambda text: text if text in TYPES else "term"
    )
    parents = columns.get("parentSourcedId", blank)
    is_known = frame.is_among(parents.values, columns["sourcedId"].values)
    written: dict[str, Column] = {
        "sourcedId": own,
        "title": cells.fill(columns.get("title", blank), own),
        "type": types,
        "startDate": cells.encode_few([row[0] for row in rows]),
        "endDate": cells.encode_few([row[1] for row in rows]),
        "schoolYear": cells.encode_few([row[2] for row in rows]),
        "parentSourcedId": ids.derive(cells.keep_values(parents, is_known)),
        **_take_metadata(columns),
    }
    left_out = _list_unknown(kept.records, "parentSourcedId", is_known)
    return Rows(written, count, left_out)


def _take_texts(column: Encoded) -> list[str]:
    """Return a column to convert as texts, one per row."""
    texts = column.values.to_pylist()
    return [texts[code] for code in column.codes.tolist()]


def _find_year(text: str) -> str:
    """Return the last year of a school year to convert, such as 2025-2026; "" for none."""
    years = _YEAR.findall(text)
    return years[-1] if years else ""


def _complete(start: str, end: str, year: str, *, today: dt.date) -> tuple[str, str, str]:
    """Complete a converted session: first day, last day and school year."""
    session = complete_session("term", start, end, today=today)
    return session.start, session.end, year or session.year
