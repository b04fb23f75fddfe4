"""Sections: electives, subjects, sizes and names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa

from validator import frame
from validator.checks.declaration import WholeRoster, check
from validator.frame import titles
from validator.frame.arrays import iterate_blocks
from validator.frame.values import fold, match_pattern
from validator.model import Finding, Level, Table, dataclass
from validator.sharing.apply import Shared
from validator.vocabulary.electives import Electives
from validator.vocabulary.grades import Grades

ACADEMIC, DOUBTFUL, SURE = 0, 1, 2
"""How sure it is that a section is an elective."""

NOTHING, ELECTIVE, CORE = 0, 1, 2
"""The best that a student has today: no section, electives only, or another section."""

WANTS = ("electives", "accept_sections", "reject_sections")


@dataclass(frozen=True)
class _Judge:
    """Decides which sections are electives."""

    electives: Electives
    categories: list[str]
    accept: list[str]
    reject: list[str]

    def judge(self, sections: Table) -> _Judgment:
        """The judgment of every section, cached; equal sections are judged once."""
        settings = (self.categories, self.accept, self.reject)
        key = ("electives", *map(tuple, settings))
        return frame.remember(sections, key, lambda: self._judge(sections))

    def _judge(self, sections: Table) -> _Judgment:
        title = titles.find_column(sections)
        columns = [title, "Name", "Subject", "Course_number"]
        number, rows = _number_courses(sections, columns)
        texts = [frame.take_text(sections, column, rows) for column in columns]
        shown = [first or second for first, second in zip(texts[0], texts[1], strict=True)]
        judged = self.electives.judge(
            shown, texts[2], texts[3], accept=self.accept, reject=self.reject
        )
        sure, notes = [], []
        for elective in judged:
            if elective is None:
                sure.append(ACADEMIC)
                notes.append("")
                continue
            doubtful = DOUBTFUL if elective.level == "low" else SURE
            sure.append(doubtful if elective.category in self.categories else ACADEMIC)
            notes.append(f"{elective.category}, confidence {elective.level}: {elective.words}")
        return _Judgment(np.asarray(sure, np.int8)[number], notes, number)


@dataclass(frozen=True, eq=False)
class _Judgment:
    """ACADEMIC, DOUBTFUL or SURE per section; notes per course, and the course per section."""

    sure: np.ndarray
    notes: list[str]
    course: np.ndarray


def _number_courses(sections: Table, columns: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Number the courses of sections for the checks of electives, and give their first rows.

    Sections of one course agree in title, subject and code; the Name decides where the first of
    `columns`, the title, is blank.
    """
    title, name, subject, code = (frame.encode(sections, column) for column in columns)
    untitled = frame.Encoded(name.values, np.where(title.blank, name.codes, 0).astype(np.int32))
    keys = frame.combine_columns([untitled, title, subject, code])
    number, _ = frame.number_keys(keys)
    first = np.flatnonzero(frame.mark_firsts(number))
    return number, first[np.argsort(number[first])]


@check(wants=WANTS)
def elective(
    sections: Table,
    shared: Shared | None = None,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Find sections, or only the shared ones, that are likely electives or not academic.

    Notes: the category and the words that decided it. Where subject and title contradict each
    other it is advice, whatever the rule's level.
    """
    judgment = _Judge(electives, categories, accept_sections, reject_sections).judge(sections)
    sure = judgment.sure
    if shared is not None:
        sure = np.where(shared.rows["sections"], sure, ACADEMIC)
    blocks = []
    for level, mask in ((None, sure == SURE), (Level.ADVICE, sure == DOUBTFUL)):
        rows = np.flatnonzero(mask)
        if len(rows):
            notes = [judgment.notes[course] for course in judgment.course[rows]]
            blocks += titles.place(sections, rows, notes=notes, level=level)
    tally = titles.count(sections, np.flatnonzero(sure))
    return Finding(blocks, of=len(sections), tally=tally)


@check(wants=WANTS)
def outside(
    sections: Table,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Find sections in none of the categories: the reverse of `elective`.

    Sections that the district accepts are never reported, those that it rejects always are.
    """
    judgment = _Judge(electives, categories, [], []).judge(sections)
    academic = judgment.sure == ACADEMIC
    return _report_titles(sections, academic, accept=accept_sections, reject=reject_sections)


@check(wants=("accept_sections", "reject_sections"))
def other_subject(
    sections: Table,
    *,
    subjects: list[str],
    undecided: list[str],
    title_words: list[str],
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Find sections of a subject that is not in `subjects`.

    A section with a blank or `undecided` subject is reported if its title has none of the
    `title_words`, and not at all if there are no such words.
    """
    subject = frame.encode_lower(sections, "Subject")
    named = subject.values.to_pylist()
    unclear = subject.broadcast(
        np.asarray([not value or value in undecided for value in named], bool)
    )
    other = subject.broadcast(np.asarray([value not in subjects for value in named], bool))
    other &= ~unclear
    if title_words:
        words = "|".join(re.escape(word) for word in title_words)
        title = frame.encode_lower(sections, titles.find_column(sections))
        matches = match_pattern(title.values, rf"(^|[^a-z])({words})($|[^a-z])")
        other |= unclear & ~title.broadcast(matches)
    return _report_titles(sections, other, accept=accept_sections, reject=reject_sections)


def _report_titles(
    sections: Table, mask: np.ndarray, *, accept: list[str], reject: list[str]
) -> Finding:
    """The sections in `mask` or with a rejected title, without those with an accepted title."""
    column = titles.find_column(sections)
    accepted, rejected = (_has_title(sections, column, listed) for listed in (accept, reject))
    rows = np.flatnonzero(mask & ~accepted | rejected)
    places = titles.place(sections, rows)
    return Finding(places, of=len(sections), tally=titles.count(sections, rows))


def _has_title(sections: Table, column: str, listed: list[str]) -> np.ndarray:
    """Mark sections with one of the titles that the check of section names lists."""
    values = frame.encode_folded(sections, column)
    return values.broadcast(frame.is_among(values.values, fold(pa.array(listed, pa.string()))))


@check(wants=WANTS, whole_roster=WholeRoster.ALWAYS)
def teacher_only_electives(
    teachers: Table,
    sections: Table,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
) -> Finding:
    """Find teachers with sections, all of them electives."""
    who = frame.group_people(teachers)
    judgment = _Judge(electives, categories, accept_sections, reject_sections).judge(sections)
    section, teacher = frame.list_teachers(sections, teachers)
    person = who.number[teacher]
    teaches, academic = np.zeros(who.count, bool), np.zeros(who.count, bool)
    teaches[person] = True
    academic[person[judgment.sure[section] != SURE]] = True
    academic[who.number[frame.mark_named_in_unread(teachers, "Teacher_id", sections)]] = True
    rows = who.first & (teaches & ~academic)[who.number]
    return Finding([frame.place_rows(teachers, rows, "Teacher_id")], of=who.count)


@check(wants=(*WANTS, "grades", "today"), whole_roster=WholeRoster.ALWAYS)
def student_only_electives(
    students: Table,
    sections: Table,
    enrollments: Table,
    *,
    categories: list[str],
    electives: Electives,
    accept_sections: list[str],
    reject_sections: list[str],
    grades: Grades,
    today: dt.date,
) -> Finding:
    """Find students with current sections, all of them electives; counts people.

    Outside K-12 a homeroom is the class itself, so those students are left out.
    """
    who = frame.group_people(students)
    judgment = _Judge(electives, categories, accept_sections, reject_sections).judge(sections)
    over = frame.mark_over(sections, today)
    level = np.where(over, NOTHING, np.where(judgment.sure == SURE, ELECTIVE, CORE)).astype(np.int8)
    attendance = frame.list_attendance(students, sections, enrollments, today=today)
    best_of_row, best = np.zeros(len(students), np.int8), np.zeros(who.count, np.int8)
    for block in iterate_blocks(len(attendance.student)):
        student = attendance.student[block].astype(np.intp)
        np.maximum.at(best_of_row, student, level[attendance.section[block]])
    np.maximum.at(best, who.number, best_of_row)
    best[who.number[frame.mark_named_in_unread(students, "Student_id", enrollments)]] = CORE
    grade = frame.encode(students, "Grade")
    canonical = grades.to_canonical(grade.values.to_pylist())
    is_k12 = grade.broadcast(np.asarray([grades.is_k12(name) for name in canonical], bool))
    rows = who.first & (best == ELECTIVE)[who.number] & (is_k12 | grade.blank)
    return Finding([frame.place_rows(students, rows, "Student_id")], of=who.count)


@check(wants=("today",))
def too_large(sections: Table, enrollments: Table, *, most: int, today: dt.date) -> Finding:
    """Find sections with more than `most` students."""
    sizes = frame.count_members(sections, enrollments, today)
    rows = np.flatnonzero(sizes > most)
    notes = [f"{size} students" for size in sizes[rows]]
    places = frame.place_rows(sections, rows, "Section_id", notes=notes)
    return Finding([places], of=len(sections), figures={"most": most})


@check(wants=("today",), whole_roster=WholeRoster.ALWAYS)
def too_small(sections: Table, enrollments: Table, *, least: int, today: dt.date) -> Finding:
    """Find sections with at least one student and fewer than `least`."""
    sizes = frame.count_members(sections, enrollments, today)
    rows = np.flatnonzero((sizes > 0) & (sizes < least))
    places = frame.place_rows(sections, rows, "Section_id")
    return Finding([places], of=len(sections), figures={"least": least})


@check()
def subject_missing(sections: Table, *, column: str, empty: list[str], share: float) -> Finding:
    """Find sections with a blank or meaningless subject.

    A warning above `share` of all sections.
    """
    values = frame.encode_lower(sections, column)
    meaningless = np.asarray([value in empty for value in values.values.to_pylist()], bool)
    none = values.blank | values.broadcast(meaningless)
    level = Level.WARNING if none.sum() > share * len(sections) else None
    return Finding(frame.place_blanks(sections, none, column, level=level), of=len(sections))


@check()
def names_repeated(sections: Table, *, shown: list[str]) -> Finding:
    """Find sections displayed with the same name, teacher and period in one school and term.

    The displayed name is the first column of `shown`, or the second where that is blank.
    """
    first, second = (frame.encode_lower(sections, column) for column in shown)
    fallback = frame.Encoded(second.values, np.where(first.blank, second.codes, 0).astype(np.int32))
    teacher, *others = (
        frame.encode(sections, column)
        for column in ("Teacher_id", "Period", "School_id", "Term_name", "Term_start")
    )
    keys = frame.combine_columns([first, fallback, teacher, *others])
    named = ~first.blank | ~second.blank
    rows = np.flatnonzero(named & ~teacher.blank)
    finding = frame.report_groups(sections, shown[0], rows, keys=keys)
    blocks = []
    for block in finding.places:
        assert block.rows is not None
        for column, here in titles.split_rows(sections, block.rows, shown):
            placed = frame.place_rows(sections, block.rows[here], column)
            blocks.append(replace(placed, groups=block.keep(here).groups))
    return replace(finding, places=blocks)
