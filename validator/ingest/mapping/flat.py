"""Unknown files with several tables on each row: a student and a section, perhaps a teacher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from validator.ingest.mapping import words
from validator.ingest.mapping.inference import MIN_SHARE, NAMES
from validator.ingest.mapping.meanings import IDS, match_columns
from validator.ingest.mapping.profile import FileProfile
from validator.ingest.mapping.scores import PARTLY, build_match
from validator.ingest.mapping.spellings import Spellings, find_heading
from validator.ingest.mapping.suggestion import Match, Sure, TableMatch

ADDRESS = "no other column is a teacher id"

GENERAL_IDS = ("id", "sisid", "sourcedid")
"""Headings of the id of any kind of record."""
TEACHER_WORDS = frozenset({"teacher", "staff"})
"""Words, spelled out, of headings over something of a teacher."""
PERSON_HEADINGS = ("teacher", "staff", "school", "instructor", "building")
"""The first words of headings that name teachers or schools on the rows of another table."""


def is_flat(file: FileProfile, spellings: Spellings) -> bool:
    """Return whether each row of an unknown file has a student and a section.

    By headings that name both ids, or where neither id is unique and there are names of people and
    of courses, or where several columns are the id of a section.
    """
    if all(_has_id_heading(file, spellings, name) for name in ("Student_id", "Section_id")):
        return True
    ids = match_columns(file, spellings["enrollments"])
    if not {"Student_id", "Section_id"} <= ids.keys():
        return False
    student, section = ids["Student_id"].taken, ids["Section_id"].taken
    if student is section or student.is_nearly_unique or section.is_nearly_unique:
        return False
    sections = match_columns(file, spellings["sections"])
    is_titled = not {"Course_name", "Name"}.isdisjoint(sections)
    if (section.parts or is_titled) and _has_id_heading(file, spellings, "Student_id"):
        return True
    has_names = any(name in match_columns(file, spellings["students"]) for name in NAMES)
    return has_names and "Course_name" in sections


def _has_id_heading(file: FileProfile, spellings: Spellings, name: str) -> bool:
    """Return whether a heading names the id of students or sections, and not just any id."""
    own = spellings[{"Student_id": "students", "Section_id": "sections"}[name]]
    of_enrollments = spellings["enrollments"]
    for column in file.columns:
        heading = find_heading(column, of_enrollments)
        spelling = of_enrollments.get(heading)
        if spelling is None or heading in GENERAL_IDS or find_heading(column, own) == "":
            continue
        if spelling.column == name and spelling.sure is Sure.SURE:
            return True
    return False


def match_flat_file(
    file: FileProfile, score: float, spellings: Spellings
) -> Iterator[tuple[float, TableMatch]]:
    """Yield the tables of a file with a student and a section on each row."""
    enrollments = match_columns(file, spellings["enrollments"])
    yield score, build_match("enrollments", file, enrollments, named=PARTLY)
    students = match_columns(file, spellings["students"])
    students |= {name: enrollments[name] for name in ("Student_id",) if name in enrollments}
    if any(name in students for name in NAMES):
        yield 0.5, build_match("students", file, students, named=0)
    sections = match_columns(file, spellings["sections"])
    if any(name in sections for name in ("Course_name", "Teacher_id")):
        sections.pop("Grade", None)
        sections |= {name: enrollments[name] for name in ("Section_id",) if name in enrollments}
        person = enrollments["Student_id"].taken if "Student_id" in enrollments else None
        add_teacher_by_address(file, sections, spellings)
        sections = {name: match for name, match in sections.items() if match.taken is not person}
        yield 0.5, build_match("sections", file, sections, named=0)
    for match in match_extras(file, spellings):
        yield 0.5, match


def match_extras(file: FileProfile, spellings: Spellings) -> Iterator[TableMatch]:
    """Yield teachers and schools on the rows of another table, by unambiguous headings."""
    for table, wanted in (("teachers", NAMES), ("schools", ("School_name",))):
        own = {
            heading: replace(spelling, short=spelling.keys)
            for heading, spelling in spellings[table].items()
            if heading.startswith(PERSON_HEADINGS)
        }
        matches = match_columns(file, own)
        if table == "teachers":
            _keep_own_address(matches)
            _use_address_as_id(matches)
        if IDS[table] in matches and any(name in matches for name in wanted):
            yield build_match(table, file, matches, named=0)


def _keep_own_address(teachers: dict[str, Match]) -> None:
    """Drop a teacher's address in a flat file if its heading names nobody, or somebody else."""
    address = teachers.get("Teacher_email")
    readings = words.read_heading(address.taken.heading) if address is not None else ()
    if not any(TEACHER_WORDS & set(key) for key in readings):
        teachers.pop("Teacher_email", None)


def _use_address_as_id(teachers: dict[str, Match]) -> None:
    """Let the address of a teacher in a flat file be the id, where there is no other."""
    address = teachers.get("Teacher_email")
    if address is not None and "Teacher_id" not in teachers and address.taken.email >= MIN_SHARE:
        teachers["Teacher_id"] = Match("Teacher_id", address.taken, Sure.LIKELY, ADDRESS)


def add_teacher_by_address(
    file: FileProfile, sections: dict[str, Match], spellings: Spellings
) -> None:
    """Add the address of the teacher to the sections of a flat file that names no other id."""
    if "Teacher_id" in sections:
        return
    extras = {match.table: match for match in match_extras(file, spellings)}
    teachers = extras.get("teachers")
    if teachers is not None and "Teacher_id" in teachers.matches:
        sections["Teacher_id"] = teachers.matches["Teacher_id"]
