"""Forecast the first sync: accounts, e-mails and classes that an app would create."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property

import numpy as np

from validator import frame
from validator.frame import similarity
from validator.frame.arrays import count_numbers, iterate_blocks
from validator.frame.values import NO_DAY, number_day
from validator.model import AppForecast, ClassFigures, Export, GradeRow, Profile, Table, dataclass
from validator.vocabulary.grades import Grades

SAME_SHARE, SAME_LEAST = 0.9, 5
"""Sections of at least this many students that share at least this part of them have the same
students; as in the rule sections-same-students."""

PEOPLE = ("students", "teachers")
"""The kinds of people who get accounts."""

Masks = Mapping[str, np.ndarray]
"""Table -> bool mask of the rows that are shared."""


@dataclass(frozen=True, eq=False)
class FirstSync:
    """An export before its first sync, and which of its rows are shared.

    today: the day of the ages. left_out: kind -> shared people whose rows are dropped.
    """

    export: Export
    rows: Masks
    grades: Grades
    today: dt.date
    licenses: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)

    def leave_out(self, taken: Masks) -> FirstSync:
        """Return the first sync of only the rows that are taken: all rows of tables not named."""
        if not taken:
            return self
        rows = {name: mask & taken.get(name, True) for name, mask in self.rows.items()}
        left = replace(self, rows=rows)
        counts = {
            name: int(self._mark_people(name).sum() - left._mark_people(name).sum())
            for name in PEOPLE
        }
        return replace(left, left_out={name: count for name, count in counts.items() if count})

    def forecast(self, profile: Profile, electives: np.ndarray) -> AppForecast:
        """Return what one app would create. `electives`: bool mask of the likely electives."""
        teachers = self._table("teachers")
        students = self._mark_people("students")
        fact = profile.facts.get("under-age")
        age = int(fact.value) if fact else None
        under, unknown = self._mark_under(age)
        grades = self._list_grades(under, unknown, shows_other="grade-other" in profile.facts)
        return AppForecast(
            profile=profile.id,
            title=profile.title,
            facts=profile.facts,
            teachers=int(self._mark_people("teachers").sum()),
            without_address=self._count_blank(teachers, "Teacher_email"),
            only_electives=self._count_only_electives(electives),
            students=int(students.sum()),
            without_section=int((students & ~self._mark_enrolled()).sum()),
            several_teachers=self._several_teachers,
            administrators=self._count_staff(),
            grades=grades,
            under=int((students & under).sum()),
            unknown=int((students & unknown).sum()),
            other_grades=sum(
                row.students for row in grades if row.other and isinstance(row.students, int)
            ),
            classes=self._classes,
            licenses=self.licenses,
            students_without_address=self._count_blank(self._table("students"), "Student_email"),
            left_out=self.left_out,
        )

    def _table(self, name: str) -> Table | None:
        """Return a table of the export for the first-sync forecast."""
        return self.export.tables.get(name)

    def _mark_people(self, name: str) -> np.ndarray:
        """Return the bool mask of the first row of each shared person."""
        table = self._table(name)
        if table is None:
            return np.zeros(0, bool)
        return np.asarray(frame.group_people(table).first & self.rows[name])

    def _count_blank(self, table: Table | None, column: str) -> int:
        """Count the people in a first-sync forecast without a value in a column."""
        if table is None:
            return 0
        return int((self._mark_people(table.name) & frame.encode(table, column).blank).sum())

    def _count_staff(self) -> int | None:
        """Count the staff in a first-sync forecast, None without a file of staff."""
        return None if self._table("staff") is None else int(self._mark_people("staff").sum())

    def _mark_enrolled(self) -> np.ndarray:
        """Return the bool mask of the students with a shared section that is not over."""
        students, enrollments = self._table("students"), self._table("enrollments")
        if students is None or enrollments is None:
            return np.zeros(0 if students is None else len(students), bool)
        section, student = self._places
        sections = self._table("sections")
        if sections is not None:
            student = student[~frame.mark_over(sections, self.today)[section]]
        by_row, who = np.zeros(len(students), bool), frame.group_people(students)
        by_row[student] = True
        return np.asarray(who.mark(by_row)[who.number])

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Return section row and student row of each shared enrollment in a first-sync forecast."""
        students, sections = self._table("students"), self._table("sections")
        enrollments = self._table("enrollments")
        none = np.zeros(0, np.intp)
        if students is None or sections is None or enrollments is None:
            return none, none
        ended = frame.mark_ended(enrollments, self.today)
        if ended.any():
            section = frame.locate_rows(enrollments, "Section_id", sections)
            student = frame.locate_rows(enrollments, "Student_id", students)
            known = (section >= 0) & (student >= 0) & ~ended
            section, student = section[known], student[known]
        else:
            attendance = frame.list_attendance(students, sections, enrollments, today=self.today)
            section, student = attendance.section, attendance.student
        if self.rows["sections"].all() and self.rows["students"].all():
            return section, student
        shared = self.rows["sections"][section] & self.rows["students"][student]
        return section[shared], student[shared]

    @cached_property
    def _links(self) -> tuple[np.ndarray, np.ndarray]:
        """Section row and teacher number of each teacher of a shared section."""
        sections, teachers = self._table("sections"), self._table("teachers")
        if sections is None or teachers is None:
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        section, teacher = frame.list_teachers(sections, teachers)
        shared = self.rows["sections"][section] & self.rows["teachers"][teacher]
        number = frame.group_people(teachers).number[teacher]
        width = int(number.max(initial=0)) + 1
        pairs = frame.sort_unique(section[shared].astype(np.int64) * width + number[shared])
        return (pairs // width).astype(np.intp), (pairs % width).astype(np.intp)

    def _count_only_electives(self, electives: np.ndarray) -> int:
        """Count the teachers all of whose shared sections look like electives."""
        section, teacher = self._links
        if not len(section):
            return 0
        likely = electives[section]
        return len(np.setdiff1d(teacher[likely], teacher[~likely]))

    @cached_property
    def _several_teachers(self) -> int:
        """Count the students in a first-sync forecast with several primary teachers.

        Sections that are over do not count.
        """
        sections, students = self._table("sections"), self._table("students")
        if sections is None or students is None:
            return 0
        section, student = self._places
        primary = frame.encode(sections, "Teacher_id")
        rosters_nobody = primary.blank | frame.mark_over(sections, self.today)
        code = np.where(rosters_nobody, -1, primary.codes)
        who = frame.group_people(students)
        first = np.full(who.count, len(primary.values), np.int32)
        last = np.full(who.count, -1, np.int32)
        for block in iterate_blocks(len(section)):
            teacher = code[section[block]]
            person = who.number[student[block]][teacher >= 0].astype(np.intp)
            np.minimum.at(first, person, teacher[teacher >= 0])
            np.maximum.at(last, person, teacher[teacher >= 0])
        return int((first < last).sum())

    def _list_grades(
        self, under: np.ndarray, unknown: np.ndarray, *, shows_other: bool
    ) -> list[GradeRow]:
        """Return the students of each grade, youngest first; "" for none or an unknown grade.

        `under`, `unknown`: bool masks of the students below the age limit, and without a date.
        """
        students = self._table("students")
        if students is None:
            return []
        rows = np.flatnonzero(self._mark_people("students"))
        values = frame.encode(students, "Grade")
        names = self.grades.to_canonical(values.values.to_pylist())
        names = ["" if name == "?" else name for name in names]
        counts: Counter[str] = Counter()
        young: Counter[str] = Counter()
        dateless: Counter[str] = Counter()
        for code, count in _tally(values.codes[rows]):
            counts[names[code]] += count
        for code, count in _tally(values.codes[rows[under[rows]]]):
            young[names[code]] += count
        for code, count in _tally(values.codes[rows[unknown[rows]]]):
            dateless[names[code]] += count
        order = {grade: at for at, grade in enumerate(self.grades.order)}
        ordered = sorted(counts, key=lambda name: (order.get(name, len(order)), name))
        return [
            GradeRow(
                name,
                counts[name],
                young[name],
                dateless[name],
                other=shows_other and name != "" and not self.grades.is_k12(name),
            )
            for name in ordered
        ]

    def _mark_under(self, age: int | None) -> tuple[np.ndarray, np.ndarray]:
        """Return bool masks of the students below an age, and of those without a birth date."""
        students = self._table("students")
        none = np.zeros(0 if students is None else len(students), bool)
        if age is None or students is None:
            return none, none
        days = frame.parse_days(students, "DOB", century_before=self.today.year % 100)
        known = (days != NO_DAY) & (days <= number_day(self.today))
        birthday = dt.date(self.today.year - age, self.today.month, min(self.today.day, 28))
        if self.today.day > 28 and self.today.month != 2:
            birthday = birthday.replace(day=self.today.day)
        return np.asarray(known & (days > number_day(birthday))), np.asarray(~known)

    @cached_property
    def _classes(self) -> ClassFigures:
        """Return the figures of classes in a first-sync forecast."""
        sections = self._table("sections")
        if sections is None:
            return ClassFigures()
        shared = self.rows["sections"]
        _, teacher = self._links
        filled = np.zeros(len(sections), bool)
        filled[self._places[0]] = True
        columns = frame.list_teacher_columns(sections)
        helpers = [~frame.encode(sections, name).blank for name in columns[1:]]
        co_taught = shared & np.any(helpers, axis=0) if helpers else np.zeros(len(sections), bool)
        per_teacher = Counter(count_numbers(teacher).tolist()) if len(teacher) else Counter()
        per_teacher.pop(0, None)
        co_teachers, primary = self._list_roles()
        same, groups = self._count_same_students()
        return ClassFigures(
            sections=int(shared.sum()),
            later=int((shared & self._mark_later(sections)).sum()),
            over=int((shared & frame.mark_over(sections, self.today)).sum()),
            empty=int((shared & ~filled).sum()),
            per_teacher=dict(sorted(per_teacher.items())),
            same_students=same,
            groups=groups,
            co_taught=int(co_taught.sum()),
            co_teachers=len(co_teachers),
            never_primary=len(co_teachers - primary),
        )

    def _mark_later(self, sections: Table) -> np.ndarray:
        """Mark the shared sections whose term has not begun, for a first-sync forecast."""
        start = frame.parse_days(sections, "Term_start")
        return np.asarray((start != NO_DAY) & (start > number_day(self.today)))

    def _list_roles(self) -> tuple[set[str], set[str]]:
        """Return the ids of the co-teachers and of the primary teachers of shared sections."""
        sections = self.export.tables["sections"]
        rows = np.flatnonzero(self.rows["sections"])
        ids = [
            set(frame.take_text(sections, column, rows)) - {""}
            for column in frame.list_teacher_columns(sections)
        ]
        return set().union(*ids[1:]), ids[0] if ids else set()

    def _count_same_students(self) -> tuple[int, int]:
        """Count the shared sections with nearly the same students as another, and their groups."""
        sections, enrollments = self._table("sections"), self._table("enrollments")
        if sections is None or enrollments is None:
            return 0, 0
        members = frame.list_members(sections, enrollments, self.today)
        is_shared = self.rows["sections"][members.rows]
        large = np.flatnonzero((members.sizes >= SAME_LEAST) & is_shared)
        if len(large) < 2:
            return 0, 0
        group = similarity.group_similar(members, among=large, share=SAME_SHARE)[large]
        _, times = np.unique(group, return_counts=True)
        return int(times[times > 1].sum()), int((times > 1).sum())


def _tally(codes: np.ndarray) -> list[tuple[int, int]]:
    """Count how often each code occurs, for the grades of a first-sync forecast."""
    values, counts = np.unique(codes, return_counts=True)
    return list(zip(values.tolist(), counts.tolist(), strict=True))
