"""A healthy made-up district of any size, as plain rows that faults and changes may then be worked into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

from validator.sample import names
from validator.sample.people import Person, Row, address, below, contact, people, shuffled

District = dict[str, list[Row]]

# Header spelling and order as Clever's format description has them; a column that rows add comes after these.
HEADERS: dict[str, tuple[str, ...]] = {
    "schools": (
        "School_id",
        "School_name",
        "School_number",
        "Low_grade",
        "High_grade",
        "Principal",
        "Principal_email",
    ),
    "students": (
        "School_id",
        "Student_id",
        "Student_number",
        "State_id",
        "Last_name",
        "First_name",
        "Grade",
        "Gender",
        "DOB",
        "Student_email",
        "Contact_relationship",
        "Contact_type",
        "Contact_name",
        "Contact_phone",
        "Contact_phone_type",
        "Contact_email",
        "Contact_sis_id",
    ),
    "teachers": (
        "School_id",
        "Teacher_id",
        "Teacher_number",
        "Teacher_email",
        "First_name",
        "Last_name",
        "Title",
    ),
    "sections": (
        "School_id",
        "Section_id",
        "Teacher_id",
        "Teacher_2_id",
        "Name",
        "Section_number",
        "Grade",
        "Course_name",
        "Course_number",
        "Period",
        "Subject",
        "Term_name",
        "Term_start",
        "Term_end",
    ),
    "enrollments": ("School_id", "Section_id", "Student_id"),
    "staff": (
        "School_id",
        "Staff_id",
        "Staff_email",
        "First_name",
        "Last_name",
        "Department",
        "Title",
        "Role",
    ),
}
SMALL = 400  # below this there are too few students for three schools
CLASS = 27  # students a section at most
PERIODS = 7


def grade_text(grade: int) -> str:
    """The grade as Clever spells it; 0 is Kindergarten."""
    return str(grade) if grade else "Kindergarten"


def us_date(day: dt.date) -> str:
    """MM/DD/YYYY."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def school_year(as_of: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the school year around the day; a summer day stretches it, so that it is always inside."""
    year = as_of.year if as_of.month >= 7 else as_of.year - 1
    return min(dt.date(year, 8, 17), as_of), max(dt.date(year + 1, 6, 4), as_of)


def term(as_of: dt.date) -> Row:
    """The term cells of a section of the school year around the day."""
    start, end = school_year(as_of)
    return {
        "Term_name": f"{end.year - 1}-{end.year % 100:02}",
        "Term_start": us_date(start),
        "Term_end": us_date(end),
    }


def build(students: int, seed: int, as_of: dt.date) -> District:
    """A district without any fault, as rows by table; the same arguments give the same rows."""
    rng = Random(seed)
    district: District = {table: [] for table in HEADERS}
    adults = people(rng, names.ADULTS)
    children = people(rng, names.STUDENTS)
    for level, (low, high, kind) in enumerate(names.LEVELS):
        for number, sizes in enumerate(_sizes(students, level)):
            place = names.PLACES[(number + 7 * level) % len(names.PLACES)]
            place += names.AFTER_PLACES[number // len(names.PLACES) % len(names.AFTER_PLACES)]
            school = _school(district, f"{place} {kind}", (low, high))
            rooms = {
                grade: _students(district, rng, children, (school, grade, size, as_of))
                for grade, size in zip(range(low, high + 1), sizes, strict=True)
            }
            (_elementary if low == 0 else _secondary)(district, rng, adults, (school, rooms, as_of))
    _staff(district, adults)
    _contacts(district)
    return district


def _sizes(students: int, level: int) -> list[list[int]]:
    """For each school of the level, how many students each grade has."""
    if students < SMALL:
        share = (students * 2 // 5, students - students * 2 // 5, 0)[level]
    else:
        share = (
            students * 6 // 13,
            students * 3 // 13,
            students - students * 6 // 13 - students * 3 // 13,
        )[level]
    if not share:
        return []
    low, high, _ = names.LEVELS[level]
    schools = max(1, round(share / (450, 600, 1200)[level]))
    cells = schools * (high - low + 1)
    counts = [share // cells + (at < share % cells) for at in range(cells)]
    return [counts[at::schools] for at in range(schools)]


def _school(district: District, name: str, grades: tuple[int, int]) -> Row:
    number = 101 + len(district["schools"])
    row = {
        "School_id": str(number),
        "School_name": name,
        "School_number": str(number + 4000),
        "Low_grade": grade_text(grades[0]),
        "High_grade": grade_text(grades[1]),
    }
    district["schools"].append(row)
    return row


def _students(
    district: District,
    rng: Random,
    children: Iterator[Person],
    where: tuple[Row, int, int, dt.date],
) -> list[Row]:
    """The students of one grade of one school, one row each; contacts may add rows to the table."""
    school, grade, size, as_of = where
    latest = dt.date(school_year(as_of)[1].year - 6 - grade, 8, 31)
    rows: list[Row] = []
    for at in range(size):
        number = 300001 + len(district["students"])
        first, last, email = next(children)
        born = us_date(latest - dt.timedelta(days=below(rng, 365)))
        if number == 300051:  # a name that careless software takes for an empty cell
            first, last, email = "Nona", "Null", address("Nona", "Null", names.STUDENTS)
        if (
            at == 4 and grade in (3, 8) and first != rows[-1]["First_name"]
        ):  # twins: legal, two accounts are right
            last, born = rows[-1]["Last_name"], rows[-1]["DOB"]
            email = address(f"{first}.b", last, names.STUDENTS)
        rows.append(
            {
                "School_id": school["School_id"],
                "Student_id": str(number),
                "Student_number": str(number - 200000),
                "State_id": str(8100000000 + number * 7),
                "Last_name": last,
                "First_name": first,
                "Grade": grade_text(grade),
                "Gender": "FMX"[min(below(rng, 41) // 20, 2)],
                "DOB": born,
                "Student_email": email,
            }
        )
        district["students"].append(rows[-1])
    return rows


def _contacts(district: District) -> None:
    """One contact for every sixth student, two for every eighteenth: Clever wants a row more for the second."""
    rows: list[Row] = []
    for at, student in enumerate(district["students"]):
        parents = [
            contact(student, number) for number in range(1, 1 + (at % 6 == 5) + (at % 18 == 17))
        ]
        rows += [student | parent for parent in parents] or [student]
    district["students"] = rows


def teacher(
    district: District, adults: Iterator[Person], school: Row, title: str = "Teacher"
) -> Row:
    """A new teacher of the school, added to the district."""
    first, last, email = next(adults)
    number = 70001 + len(district["teachers"])
    row = {
        "School_id": school["School_id"],
        "Teacher_id": str(number),
        "Teacher_number": str(number - 60000),
        "Teacher_email": email,
        "First_name": first,
        "Last_name": last,
        "Title": title,
    }
    district["teachers"].append(row)
    return row


def section(
    district: District, cells: Row, teachers: Sequence[Row], students: Sequence[Row]
) -> Row:
    """A new section with its teachers and students, added to the district; `cells`: all but its id and people."""
    row = {"Section_id": str(500001 + len(district["sections"])), **cells}
    row["Name"] = f"{cells['Course_name']} Section {cells['Section_number']}"
    for column, person in zip(("Teacher_id", "Teacher_2_id"), teachers, strict=False):
        row[column] = person["Teacher_id"]
    district["sections"].append(row)
    district["enrollments"] += [
        {
            "School_id": row["School_id"],
            "Section_id": row["Section_id"],
            "Student_id": student["Student_id"],
        }
        for student in students
    ]
    return row


def _groups(rng: Random, room: list[Row], least: int) -> list[list[Row]]:
    count = max(-(-len(room) // CLASS), least)
    mixed = shuffled(rng, room)
    return [mixed[at::count] for at in range(count)]


def _elementary(
    district: District,
    rng: Random,
    adults: Iterator[Person],
    where: tuple[Row, dict[int, list[Row]], dt.date],
) -> None:
    """Every class has its own teacher for everything; a resource teacher joins the first class of the school."""
    school, rooms, as_of = where
    resource: list[Row] = [teacher(district, adults, school, "Resource Teacher")]
    for grade, room in rooms.items():
        for number, group in enumerate(_groups(rng, room, 1), 1):
            own = teacher(district, adults, school)
            for period, (course, subject, code) in enumerate(names.ELEMENTARY, 1):
                name = f"Grade {grade} {course}" if grade else f"Kindergarten {course}"
                section(
                    district,
                    {
                        "School_id": school["School_id"],
                        "Section_number": str(number),
                        "Grade": grade_text(grade),
                        "Course_name": name,
                        "Course_number": f"{code}{grade:02}",
                        "Period": str(period),
                        "Subject": subject,
                        **term(as_of),
                    },
                    [own, *resource],
                    group,
                )
            resource = []


def _secondary(
    district: District,
    rng: Random,
    adults: Iterator[Person],
    where: tuple[Row, dict[int, list[Row]], dt.date],
) -> None:
    """Every course mixes the grade anew; a teacher has one section of the department's course in each grade.

    All sections of a course of one grade lie in one period, and a department's grades lie in different ones, so nobody
    is in two places at once. A resource teacher joins the first section of each mathematics course.
    """
    school, rooms, as_of = where
    resource = teacher(district, adults, school, "Resource Teacher")
    departments: dict[tuple[int, int], Row] = {}
    for grade, room in rooms.items():
        for department, (course, subject) in enumerate(names.SECONDARY[grade]):
            for number, group in enumerate(_groups(rng, room, 2), 1):
                if (department, number) not in departments:
                    departments[department, number] = teacher(district, adults, school)
                both = [resource] if (department, number) == (1, 1) else []
                section(
                    district,
                    {
                        "School_id": school["School_id"],
                        "Section_number": str(number),
                        "Grade": grade_text(grade),
                        "Course_name": course,
                        "Course_number": f"{'ABCDEF'[department]}{grade:02}",
                        "Period": str((department + grade) % PERIODS + 1),
                        "Subject": subject,
                        **term(as_of),
                    },
                    [departments[department, number], *both],
                    group,
                )


def staff(district: District, person: Person, school: Row, title: str) -> Row:
    """A new member of staff, added to the district."""
    first, last, email = person
    row = {
        "School_id": school["School_id"],
        "Staff_id": str(90001 + len(district["staff"])),
        "Staff_email": email,
        "First_name": first,
        "Last_name": last,
        "Department": "Administration",
        "Title": title,
        "Role": "",
    }
    district["staff"].append(row)
    return row


def _staff(district: District, adults: Iterator[Person]) -> None:
    """Principals, counselors (one for two schools, a row for each) and the district office."""
    schools = district["schools"]
    for school in schools:
        principal = next(adults)
        school |= {"Principal": f"{principal[0]} {principal[1]}", "Principal_email": principal[2]}
        staff(district, principal, school, "Principal")
        staff(district, next(adults), school, "Assistant Principal")
    for at in range(0, len(schools), 2):
        counselor = staff(district, next(adults), schools[at], "School Counselor")
        district["staff"] += [
            counselor | {"School_id": other["School_id"]} for other in schools[at + 1 : at + 2]
        ]
    for title in names.DISTRICT_OFFICE:
        staff(district, next(adults), schools[-1], title)
    coach = district["teachers"][0]  # a teacher who is on the staff list too, which is legal
    person = (coach["First_name"], coach["Last_name"], coach["Teacher_email"])
    staff(district, person, schools[0], "Instructional Coach")
