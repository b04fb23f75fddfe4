"""A healthy made-up district of any size, as rows by table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

from validator.model import dataclass
from validator.sample import names
from validator.sample.people import (
    Person,
    Row,
    build_address,
    build_contact,
    draw,
    name_people,
    shuffle,
)
from validator.sample.tables import (
    HEADERS,
    District,
    build_term,
    find_school_year,
    format_date,
    format_grade,
)

SMALL = 400
"""Below this there are too few students for three schools."""
SECTION_SIZE = 27
"""Maximum number of students in a section."""
PERIODS = 7


def build_district(students: int, seed: int, as_of: dt.date) -> District:
    """Return a made-up district without any fault; the same arguments give the same rows."""
    rng = Random(seed)
    builder = Builder(
        district={table: [] for table in HEADERS},
        rng=rng,
        as_of=as_of,
        adults=name_people(rng, names.ADULTS),
        children=name_people(rng, names.STUDENTS),
    )
    for level, (low, high, kind) in enumerate(names.LEVELS):
        for number, sizes in enumerate(_divide_students(students, level)):
            place = names.PLACES[(number + 7 * level) % len(names.PLACES)]
            place += names.AFTER_PLACES[number // len(names.PLACES) % len(names.AFTER_PLACES)]
            school = builder.add_school(f"{place} {kind}", range(low, high + 1))
            rooms = {
                grade: builder.add_students(school, grade, size)
                for grade, size in zip(range(low, high + 1), sizes, strict=True)
            }
            if low == 0:
                builder.schedule_elementary(school, rooms)
            else:
                builder.schedule_secondary(school, rooms)
    builder.add_all_staff()
    builder.add_contacts()
    return builder.district


def _divide_students(students: int, level: int) -> list[list[int]]:
    """Divide made-up students: for each school of the level, how many are in each grade."""
    if students < SMALL:
        elementary = students * 2 // 5
        share = (elementary, students - elementary, 0)[level]
    else:
        elementary, middle = students * 6 // 13, students * 3 // 13
        share = (elementary, middle, students - elementary - middle)[level]
    if not share:
        return []
    low, high, _ = names.LEVELS[level]
    schools = max(1, round(share / (450, 600, 1200)[level]))
    cells = schools * (high - low + 1)
    counts = [share // cells + (at < share % cells) for at in range(cells)]
    return [counts[at::schools] for at in range(schools)]


@dataclass
class Builder:
    """A district under construction. Random numbers are drawn in the order of the calls."""

    district: District
    rng: Random
    as_of: dt.date
    adults: Iterator[Person]
    children: Iterator[Person]

    def add_school(self, name: str, grades: range) -> Row:
        """Add a school with these grades."""
        number = 101 + len(self.district["schools"])
        row = {
            "School_id": str(number),
            "School_name": name,
            "School_number": str(number + 4000),
            "Low_grade": format_grade(grades[0]),
            "High_grade": format_grade(grades[-1]),
        }
        self.district["schools"].append(row)
        return row

    def add_students(self, school: Row, grade: int, count: int) -> list[Row]:
        """Add the students of one grade of one school, one row each."""
        rows: list[Row] = []
        for at in range(count):
            rows.append(self._build_student(school, grade, rows[-1:] if at == 4 else []))
            self.district["students"].append(rows[-1])
        return rows

    def _build_student(self, school: Row, grade: int, twins: list[Row]) -> Row:
        """Make up a student; `twins`: the student before, whose twin this one is in some grades."""
        latest = dt.date(find_school_year(self.as_of)[1].year - 6 - grade, 8, 31)
        number = 300001 + len(self.district["students"])
        first, last, email = next(self.children)
        born = format_date(latest - dt.timedelta(days=draw(self.rng, 365)))
        if number == 300051:  # a name that careless software takes for an empty cell
            first, last, email = "Nona", "Null", build_address("Nona", "Null", names.STUDENTS)
        for twin in twins:
            # Twins with similar addresses are legal: two accounts are right.
            if grade in (3, 8) and first != twin["First_name"]:
                last, born = twin["Last_name"], twin["DOB"]
                email = build_address(f"{first}.b", last, names.STUDENTS)
        return {
            "School_id": school["School_id"],
            "Student_id": str(number),
            "Student_number": str(number - 200000),
            "State_id": str(8100000000 + number * 7),
            "Last_name": last,
            "First_name": first,
            "Grade": format_grade(grade),
            "Gender": "FMX"[min(draw(self.rng, 41) // 20, 2)],
            "DOB": born,
            "Student_email": email,
        }

    def add_contacts(self) -> None:
        """Give every sixth student one contact and every eighteenth two, in a second row."""
        rows: list[Row] = []
        for at, student in enumerate(self.district["students"]):
            count = (at % 6 == 5) + (at % 18 == 17)
            contacts = [build_contact(student, number) for number in range(1, 1 + count)]
            rows += [student | cells for cells in contacts] or [student]
        self.district["students"] = rows

    def add_teacher(self, school: Row, title: str = "Teacher") -> Row:
        """Add a teacher to the school."""
        first, last, email = next(self.adults)
        number = 70001 + len(self.district["teachers"])
        row = {
            "School_id": school["School_id"],
            "Teacher_id": str(number),
            "Teacher_number": str(number - 60000),
            "Teacher_email": email,
            "First_name": first,
            "Last_name": last,
            "Title": title,
        }
        self.district["teachers"].append(row)
        return row

    def add_section(self, cells: Row, *, teachers: Sequence[Row], students: Sequence[Row]) -> None:
        """Make up a section and its enrollments; `cells`: all but id, name, people and term."""
        row = {"Section_id": str(500001 + len(self.district["sections"])), **cells}
        row |= build_term(self.as_of)
        row["Name"] = f"{cells['Course_name']} Section {cells['Section_number']}"
        for column, person in zip(("Teacher_id", "Teacher_2_id"), teachers, strict=False):
            row[column] = person["Teacher_id"]
        self.district["sections"].append(row)
        self.district["enrollments"] += [
            {
                "School_id": row["School_id"],
                "Section_id": row["Section_id"],
                "Student_id": student["Student_id"],
            }
            for student in students
        ]

    def _divide_room(self, room: list[Row], least: int) -> list[list[Row]]:
        """The students of a grade in at least `least` groups of up to SECTION_SIZE, at random."""
        count = max(-(-len(room) // SECTION_SIZE), least)
        mixed = shuffle(self.rng, room)
        return [mixed[at::count] for at in range(count)]

    def schedule_elementary(self, school: Row, rooms: dict[int, list[Row]]) -> None:
        """Add sections: each group has one teacher for all subjects.

        A resource teacher joins the first group of the school. `rooms`: grade -> its students.
        """
        resource = [self.add_teacher(school, "Resource Teacher")]
        for grade, room in rooms.items():
            grade_name = f"Grade {grade}" if grade else "Kindergarten"
            for number, group in enumerate(self._divide_room(room, 1), 1):
                own = self.add_teacher(school)
                for period, (course, subject, code) in enumerate(names.ELEMENTARY, 1):
                    cells = {
                        "School_id": school["School_id"],
                        "Section_number": str(number),
                        "Grade": format_grade(grade),
                        "Course_name": f"{grade_name} {course}",
                        "Course_number": f"{code}{grade:02}",
                        "Period": str(period),
                        "Subject": subject,
                    }
                    self.add_section(cells, teachers=[own, *resource], students=group)
                resource = []

    def schedule_secondary(self, school: Row, rooms: dict[int, list[Row]]) -> None:
        """Add sections: each course mixes the grade again, and teachers belong to departments.

        A teacher has one section of the department's course in each grade. All sections of a course
        are in one period, different for each department and grade, so that no person is in two
        places at once. A resource teacher joins the first section of each mathematics course.
        """
        resource = self.add_teacher(school, "Resource Teacher")
        teachers: dict[tuple[int, int], Row] = {}
        for grade, room in rooms.items():
            for department, (course, subject) in enumerate(names.SECONDARY[grade]):
                for number, group in enumerate(self._divide_room(room, 2), 1):
                    post = (department, number)
                    if post not in teachers:
                        teachers[post] = self.add_teacher(school)
                    second = [resource] if post == (1, 1) else []
                    cells = {
                        "School_id": school["School_id"],
                        "Section_number": str(number),
                        "Grade": format_grade(grade),
                        "Course_name": course,
                        "Course_number": f"{'ABCDEF'[department]}{grade:02}",
                        "Period": str((department + grade) % PERIODS + 1),
                        "Subject": subject,
                    }
                    self.add_section(cells, teachers=[teachers[post], *second], students=group)

    def add_staff(self, person: Person, school: Row, title: str) -> Row:
        """Add a member of staff to the school."""
        row = {
            "School_id": school["School_id"],
            "Staff_id": str(90001 + len(self.district["staff"])),
            "Staff_email": person.email,
            "First_name": person.first,
            "Last_name": person.last,
            "Department": "Administration",
            "Title": title,
            "Role": "",
        }
        self.district["staff"].append(row)
        return row

    def add_all_staff(self) -> None:
        """Add principals, counselors (two schools each, in two rows) and the district office."""
        schools, staff = self.district["schools"], self.district["staff"]
        for school in schools:
            first, last, email = principal = next(self.adults)
            school |= {"Principal": f"{first} {last}", "Principal_email": email}
            self.add_staff(principal, school, "Principal")
            self.add_staff(next(self.adults), school, "Assistant Principal")
        for at in range(0, len(schools), 2):
            counselor = self.add_staff(next(self.adults), schools[at], "School Counselor")
            second = schools[at + 1 : at + 2]
            staff += [counselor | {"School_id": school["School_id"]} for school in second]
        for title in names.DISTRICT_OFFICE:
            self.add_staff(next(self.adults), schools[-1], title)
        coach = self.district["teachers"][0]  # a teacher may also be on the staff list
        person = Person(coach["First_name"], coach["Last_name"], coach["Teacher_email"])
        self.add_staff(person, schools[0], "Instructional Coach")
