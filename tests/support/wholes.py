"""Made-up districts of 300 students that are broken as a whole, and their harmless neighbors.

Each function changes the rows of a healthy district in one way. `WHOLES` has the rules and
diagnoses that may name the fault; `NEIGHBORS` the warnings that are right for them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

from validator.sample.district import build_district
from validator.sample.tables import District
from validator.sample.writer import AS_OF

Change = Callable[[District], None]

WHOLES: dict[str, tuple[Change, frozenset[str]]] = {}
"""Name -> the change, and the ids of which the first finding or diagnosis has one."""

NEIGHBORS: dict[str, tuple[Change, frozenset[str]]] = {}
"""Name -> the change, and the warnings that it may cause."""

HIDDEN = "\u200b"


@cache
def _build_healthy() -> District:
    """The healthy district; only copies of its rows are changed."""
    return build_district(300, 7, AS_OF)


def write(folder: Path, change: Change | None = None) -> Path:
    """Write a district of 300 students, changed as a whole, into the folder."""
    district = {table: [dict(row) for row in rows] for table, rows in _build_healthy().items()}
    headers = {table: list(rows[0]) for table, rows in district.items()}
    if change is not None:
        change(district)
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in district.items():
        header = list(dict.fromkeys([*headers[table], *(column for row in rows for column in row)]))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def broken(*names: str) -> Callable[[Change], Change]:
    """Register a change that breaks the whole; one of the names must come first."""

    def register(change: Change) -> Change:
        WHOLES[change.__name__] = change, frozenset(names)
        return change

    return register


def harmless(*warnings: str) -> Callable[[Change], Change]:
    """Register a change after which the district is still ready."""

    def register(change: Change) -> Change:
        NEIGHBORS[change.__name__] = change, frozenset(warnings)
        return change

    return register


def fill(district: District, table: str, **cells: str) -> None:
    """Write the same cells into every row of a table."""
    for row in district[table]:
        row.update(cells)


def rewrite(district: District, tables: str, column: str, change: Callable[[str], str]) -> None:
    """Change every filled cell of a column in the tables."""
    for table in tables.split():
        for row in district[table]:
            if row.get(column):
                row[column] = change(row[column])


# ---------------------------------------------------------------- who is where


@broken("student-without-section")
def almost_nobody_is_enrolled(district: District) -> None:
    """Enrollments of one student only."""
    student = district["enrollments"][0]["Student_id"]
    kept = [row for row in district["enrollments"] if row["Student_id"] == student]
    district["enrollments"] = kept


@broken("file-empty")
def no_enrollments(district: District) -> None:
    """An enrollments file with a header only."""
    district["enrollments"].clear()


@broken("student-without-section", "section-without-students")
def one_school_is_enrolled(district: District) -> None:
    """Enrollments of the smaller school only."""
    school = district["schools"][0]["School_id"]
    kept = [row for row in district["enrollments"] if row["School_id"] == school]
    district["enrollments"] = kept


@broken("section-without-teacher")
def no_section_has_a_teacher(district: District) -> None:
    """Blank teacher columns."""
    fill(district, "sections", Teacher_id="", Teacher_2_id="")


@broken("section-without-primary-teacher", "section-without-teacher")
def teachers_in_a_co_teacher_column(district: District) -> None:
    """Every teacher in Teacher_2_id."""
    for row in district["sections"]:
        row["Teacher_id"], row["Teacher_2_id"] = "", row["Teacher_id"]


@broken("enrollment-school-differs", "student-section-school-differs")
def schools_of_enrollments_exchanged(district: District) -> None:
    """Every enrollment names the other school."""
    exchange_schools(district, "enrollments")


@broken("student-school-by-sections", "student-section-school-differs")
def schools_of_students_exchanged(district: District) -> None:
    """Every student is at the other school."""
    exchange_schools(district, "students")


def exchange_schools(district: District, table: str) -> None:
    """Let the rows of a table name the other of the two schools."""
    first, second = (row["School_id"] for row in district["schools"])
    other = {first: second, second: first}
    rewrite(district, table, "School_id", lambda school: other[school])


# ---------------------------------------------------------------- terms


@broken("section-term-future")
def terms_five_years_ahead(district: District) -> None:
    """Every term in 2031."""
    fill(district, "sections", Term_name="2031-32", Term_start="08/17/2031", Term_end="06/04/2032")


@broken("section-term-invalid", "columns-swapped")
def terms_end_before_they_begin(district: District) -> None:
    """Start and end exchanged."""
    for row in district["sections"]:
        row["Term_start"], row["Term_end"] = row["Term_end"], row["Term_start"]


@broken("section-term-over")
def terms_of_last_year(district: District) -> None:
    """Every term over since June."""
    fill(district, "sections", Term_name="2025-26", Term_start="08/18/2025", Term_end="06/05/2026")


# ---------------------------------------------------------------- people


@broken("person-under-two-ids", "student-email-repeated")
def everybody_twice(district: District) -> None:
    """Every student a second time under another id, without an address."""
    again = [
        row | {"Student_id": f"9{row['Student_id']}", "Student_email": "", "Student_number": ""}
        for row in district["students"]
    ]
    enrolled = [row | {"Student_id": f"9{row['Student_id']}"} for row in district["enrollments"]]
    district["students"] += again
    district["enrollments"] += enrolled


@broken("school-name-missing")
def no_school_has_a_name(district: District) -> None:
    """Blank School_name, which Clever requires."""
    fill(district, "schools", School_name="")


@broken("student-name-missing")
def no_first_names(district: District) -> None:
    """Blank First_name."""
    fill(district, "students", First_name="")


@broken("student-name-lost", "field-codes-left-in")
def first_names_are_null(district: District) -> None:
    """A database's NULL in place of each first name."""
    fill(district, "students", First_name="NULL")


@broken("student-name-lost")
def last_names_are_question_marks(district: District) -> None:
    """Names in another alphabet, exported in a code page without it."""
    rewrite(district, "students", "Last_name", lambda name: "?" * len(name))


@broken("student-name-lost", "field-codes-left-in")
def names_are_lost_references(district: District) -> None:
    """A spreadsheet's #REF! in both names."""
    fill(district, "students", First_name="#REF!", Last_name="#REF!")


@broken("student-name-whole", "names-in-one-column")
def last_comma_first_in_both_columns(district: District) -> None:
    """Both name columns from one field."""
    for row in district["students"]:
        name = f"{row['Last_name']}, {row['First_name']}"
        row |= {"First_name": name, "Last_name": name}


@broken("teacher-name-whole", "names-in-one-column")
def teachers_last_comma_first(district: District) -> None:
    """Both name columns of the teachers from one field."""
    for row in district["teachers"]:
        name = f"{row['Last_name']}, {row['First_name']}"
        row |= {"First_name": name, "Last_name": name}


@broken("student-name-placeholder")
def test_students(district: District) -> None:
    """Everybody is called Test Student."""
    fill(district, "students", First_name="Test", Last_name="Student")


@broken("teacher-placeholder")
def teachers_to_be_announced(district: District) -> None:
    """Every teacher is TBA."""
    fill(district, "teachers", First_name="TBA", Last_name="TBA")


# ---------------------------------------------------------------- addresses


@broken("student-email-invalid")
def long_addresses(district: District) -> None:
    """More than 64 characters before the @."""
    rewrite(district, "students", "Student_email", lambda text: "x" * 60 + text)


@broken("student-email-invalid", "letters-of-another-alphabet", "ids-with-lookalikes")
def letters_of_another_alphabet(district: District) -> None:
    """Cyrillic letters that look like Latin ones in each address."""
    change = str.maketrans("aeo", "\u0430\u0435\u043e")
    rewrite(district, "students", "Student_email", lambda text: text.translate(change))


@broken("student-email-invalid")
def full_width_addresses(district: District) -> None:
    """Digits of full width."""
    rewrite(district, "students", "Student_email", lambda text: "\uff11\uff12" + text)


@broken("student-email-placeholder", "student-email-repeated", "one-address-for-all")
def one_address_for_all(district: District) -> None:
    """A placeholder in place of each address."""
    fill(district, "students", Student_email="noemail123@none.com")


@broken("student-email-repeated", "student-email-placeholder", "one-address-for-all")
def the_office_address(district: District) -> None:
    """The address of the front office for every student."""
    fill(district, "students", Student_email="front.desk@maplehollow.k12.example")


@broken("student-email-invalid")
def addresses_without_at(district: District) -> None:
    """A blank in place of the @."""
    rewrite(district, "students", "Student_email", lambda text: text.replace("@", " "))


@broken("teacher-email-invalid")
def teachers_without_at(district: District) -> None:
    """Teachers' addresses cut off at the @."""
    rewrite(district, "teachers", "Teacher_email", lambda text: text.split("@")[0])


@broken("student-email-invalid", "addresses-of-an-inside-network", "inside-domain")
def inside_domain(district: District) -> None:
    """Addresses that exist only inside the network."""
    rewrite(district, "students", "Student_email", lambda text: text.split("@")[0] + "@mh.local")


@broken("teacher-email-repeated", "teacher-email-placeholder", "one-address-for-all")
def one_address_for_all_teachers(district: District) -> None:
    """The principal's address for every teacher."""
    fill(district, "teachers", Teacher_email="principal@maplehollow.k12.example")


# ---------------------------------------------------------------- birth dates and grades


@broken("student-dob-invalid")
def no_birth_dates(district: District) -> None:
    """A text in place of each birth date."""
    fill(district, "students", DOB="on file")


@broken("student-dob-invalid")
def birth_dates_to_come(district: District) -> None:
    """Birth dates in the next century."""
    rewrite(district, "students", "DOB", lambda text: text.replace("/20", "/21"))


@broken("student-grade-unknown")
def grades_are_no_grades(district: District) -> None:
    """A code of the SIS in place of each grade."""
    fill(district, "students", Grade="ENR-X")


# ---------------------------------------------------------------- ids


@broken("ids-with-hidden-characters")
def hidden_in_section_ids(district: District) -> None:
    """A zero-width blank behind each id of sections.csv."""
    rewrite(district, "sections", "Section_id", lambda text: text + HIDDEN)


@broken("ids-with-hidden-characters")
def hidden_in_student_ids(district: District) -> None:
    """A zero-width blank behind each id of students.csv."""
    rewrite(district, "students", "Student_id", lambda text: text + HIDDEN)


@broken("ids-with-hidden-characters")
def hidden_in_teacher_ids(district: District) -> None:
    """A zero-width blank in front of each id of teachers.csv."""
    rewrite(district, "teachers", "Teacher_id", lambda text: HIDDEN + text)


@broken("ids-with-hidden-characters")
def hidden_in_school_ids(district: District) -> None:
    """A zero-width blank behind each id of schools.csv."""
    rewrite(district, "schools", "School_id", lambda text: text + HIDDEN)


@broken("ids-without-zeros")
def zeros_lost(district: District) -> None:
    """Student ids begin with zeros in students.csv only."""
    rewrite(district, "students", "Student_id", lambda text: f"00{text}")


@broken("ids-other-case")
def ids_in_capitals(district: District) -> None:
    """Student ids in capitals in students.csv only."""
    rewrite(district, "students", "Student_id", lambda text: f"MH{text}X")
    rewrite(district, "enrollments", "Student_id", lambda text: f"mh{text}x")


@broken("ids-with-prefix")
def ids_with_prefix(district: District) -> None:
    """A prefix in front of the section ids of enrollments.csv."""
    rewrite(district, "enrollments", "Section_id", lambda text: f"SEC{text}")


@broken("ids-with-separators")
def ids_with_dashes(district: District) -> None:
    """A dash in the student ids of enrollments.csv."""
    rewrite(district, "enrollments", "Student_id", lambda text: f"{text[:3]}-{text[3:]}")


@broken("ids-from-another-column")
def numbers_for_ids(district: District) -> None:
    """Enrollments with the student number, not the student id."""
    number = {row["Student_id"]: row["Student_number"] for row in district["students"]}
    rewrite(district, "enrollments", "Student_id", lambda text: number[text])


@broken("id-missing")
def no_student_ids(district: District) -> None:
    """Blank Student_id."""
    fill(district, "students", Student_id="")


@broken("id-repeated")
def one_id_for_all_sections(district: District) -> None:
    """The same Section_id in each row."""
    fill(district, "sections", Section_id="500001")


@broken("student-id-repeated")
def one_id_for_all_students(district: District) -> None:
    """The same Student_id in each row."""
    fill(district, "students", Student_id="300001")


@broken("spreadsheet-id-damage", "ids-in-powers-of-ten")
def ids_in_powers_of_ten(district: District) -> None:
    """A spreadsheet's rounded numbers in place of each student id."""
    rewrite(district, "students enrollments", "Student_id", lambda text: f"{float(text):.2E}")


# ---------------------------------------------------------------- files of two exports


@broken("files-of-two-exports", "section-unknown")
def sections_of_another_year(district: District) -> None:
    """Section ids that no enrollment names."""
    ids = (str(number) for number in range(1_700_001, 1_800_000, 7))
    rewrite(district, "sections", "Section_id", lambda _: next(ids))


@broken("files-of-two-exports", "student-unknown", "file-trimmed")
def twenty_students(district: District) -> None:
    """The first twenty rows of students.csv."""
    district["students"] = district["students"][:20]


@broken("record-left-out", "school-unknown", "files-of-two-exports", "ids-with-prefix")
def schools_of_another_district(district: District) -> None:
    """School ids that nobody names."""
    rewrite(district, "schools", "School_id", lambda text: f"77{text}")


@broken("file-empty")
def no_teachers(district: District) -> None:
    """A teachers file with a header only."""
    district["teachers"].clear()


# ---------------------------------------------------------------- harmless neighbors


@harmless("student-without-section")
def one_in_twenty_five_without_section(district: District) -> None:
    """Twelve students in no section."""
    people = list(dict.fromkeys(row["Student_id"] for row in district["students"]))
    out = set(people[::25])
    kept = [row for row in district["enrollments"] if row["Student_id"] not in out]
    district["enrollments"] = kept


@harmless()
def own_domains(district: District) -> None:
    """A domain for students that is nothing like the one for adults."""
    rewrite(
        district, "students", "Student_email", lambda text: f"{text.split('@')[0]}@mhkids.example"
    )


@harmless("section-term-future")
def spring_sections(district: District) -> None:
    """Half of the sections begin in January."""
    for row in district["sections"][::2]:
        row |= {"Term_name": "Spring", "Term_start": "01/11/2027", "Term_end": "06/04/2027"}


@harmless()
def virtual_school(district: District) -> None:
    """A school for virtual students with one section."""
    second = district["schools"][1]
    district["schools"].append(
        second | {"School_id": "909", "School_name": "Cloud Academy", "School_number": "4909"}
    )
    virtual = district["sections"][-1]
    ids = {
        row["Student_id"]
        for row in district["enrollments"]
        if row["Section_id"] == virtual["Section_id"]
    }
    virtual["School_id"] = "909"
    kept = []
    for row in district["enrollments"]:
        if row["Section_id"] == virtual["Section_id"]:
            kept.append(row | {"School_id": "909"})
        elif row["Student_id"] not in ids:
            kept.append(row)
    district["enrollments"] = kept
    for row in district["students"]:
        if row["Student_id"] in ids:
            row["School_id"] = "909"
    district["staff"].append(district["staff"][0] | {"School_id": "909"})


@harmless()
def district_office(district: District) -> None:
    """A school without grades and students."""
    office = {"School_id": "900", "School_name": "District Office", "School_number": "4900"}
    district["schools"].append(office)


@harmless()
def closed_school(district: District) -> None:
    """A school of grades 6 to 8 that nobody is in."""
    closed = {"School_id": "901", "School_name": "Old Mill Middle", "School_number": "4901"}
    district["schools"].append(closed | {"Low_grade": "6", "High_grade": "8"})


@harmless()
def child_called_null(district: District) -> None:
    """Students whose last names are Null and None."""
    district["students"][0]["Last_name"] = "Null"
    district["students"][1]["Last_name"] = "None"


@harmless()
def no_addresses(district: District) -> None:
    """No student has an address, which Clever does not require."""
    fill(district, "students", Student_email="")


@harmless()
def ids_with_zeros(district: District) -> None:
    """Ids with zeros in front in every file."""
    for column in ("School_id", "Student_id", "Section_id", "Teacher_id", "Teacher_2_id"):
        rewrite(
            district,
            "schools students teachers sections enrollments staff",
            column,
            lambda text: f"00{text}",
        )


@harmless()
def ids_with_letters(district: District) -> None:
    """Ids with letters and a dash in every file."""
    rewrite(district, "students enrollments", "Student_id", lambda text: f"mh-{text}")


@harmless()
def other_alphabets_in_names(district: District) -> None:
    """Names with accents, apostrophes and letters of other alphabets."""
    names = ["Zoë", "D'Arcy", "Łukasz", "Ноа", "美玲", "Ngũgĩ"]
    for row, name in zip(district["students"], names, strict=False):
        row["First_name"] = name


@harmless()
def iso_dates(district: District) -> None:
    """Birth dates that begin with the year."""

    def turn(text: str) -> str:
        month, day, year = text.split("/")
        return f"{year}-{month}-{day}"

    rewrite(district, "students", "DOB", turn)


@harmless()
def addresses_in_capitals(district: District) -> None:
    """Addresses in capitals."""
    rewrite(district, "students", "Student_email", str.upper)


@harmless()
def long_local_parts(district: District) -> None:
    """One address with 60 characters before the @."""
    row = district["students"][3]
    local, domain = row["Student_email"].split("@")
    row["Student_email"] = f"{local}.{'a' * (59 - len(local))}@{domain}"


@harmless()
def rows_in_another_order(district: District) -> None:
    """Every file sorted the other way around."""
    for rows in district.values():
        rows.reverse()


@harmless()
def extension_columns(district: District) -> None:
    """A column of the district's own."""
    fill(district, "students", **{"ext.bus_route": "12"})


@harmless()
def one_teacher_to_be_announced(district: District) -> None:
    """One section whose title is long, and one teacher with a hyphen."""
    district["teachers"][0]["Last_name"] = "Copperpot-Quillfeather"
    district["sections"][0]["Name"] = "English Language Arts and Reading, Period 1, Room 12"


@harmless("person-under-two-ids")
def namesakes(district: District) -> None:
    """Two students with one name and one birth date."""
    first, second = district["students"][0], district["students"][2]
    second |= {name: first[name] for name in ("First_name", "Last_name", "DOB")}
