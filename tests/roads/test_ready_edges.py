"""Forms at the edge of a format: hidden characters, short headings, empty columns, empty grades."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.conftest import Judge, outcome
from validator.cli import exit_codes
from validator.model import Level, Report, Status, Step, Verdict
from validator.outputs import registry

KHAN, CLEVER = "khan-academy", "clever"
TERM = "2026-2027,08/15/2026,06/10/2027"

HIDDEN = ("\u200b", "\u00a0", "\ufeff", "\x1f")
"""A zero-width space, a no-break space, a byte order mark, a control character."""


def write(students: int = 24, *, heading: str = "DOB", grade: str = "3") -> dict[str, str]:
    """Return the Clever files of a made-up school."""
    people = [
        f"0101,S{at},Ada{chr(97 + at)},Madeup,{grade},02/{at + 1:02}/2018,s{at}@kids.example"
        for at in range(students)
    ]
    links = [f"0101,C1,S{at}" for at in range(students)]
    first = f"School_id,Student_id,First_name,Last_name,Grade,{heading},Student_email"
    return {
        "schools.csv": "School_id,School_name,School_number\n0101,Oak Elementary School,1\n",
        "students.csv": "\n".join([first, *people]) + "\n",
        "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
        "0101,T1,Tess,Imagined,tess@adults.example\n",
        "sections.csv": "School_id,Section_id,Teacher_id,Name,Grade,Course_name,Subject,Period,"
        f"Term_name,Term_start,Term_end\n0101,C1,T1,Math 3,3,Math 3,Math,1,{TERM}\n",
        "enrollments.csv": "\n".join(["School_id,Section_id,Student_id", *links]) + "\n",
    }


def respell(files: Mapping[str, str], file: str, old: str, new: str) -> dict[str, str]:
    """Return the files with another text in the header of one."""
    header, rest = files[file].split("\n", 1)
    assert old in header
    return {**files, file: f"{header.replace(old, new, 1)}\n{rest}"}


def list_found(report: Report) -> dict[str, Level]:
    """Return the rules that found something above fact, with their levels."""
    found = [it for it in report.outcomes if it.status is Status.FOUND]
    return {it.rule.id: it.level for it in found if it.level is not Level.FACT}


@pytest.fixture(scope="module")
def healthy(judge_once: Judge) -> Report:
    """The report on the school as it is."""
    return judge_once(write(), profile=KHAN)


@pytest.mark.parametrize("character", HIDDEN)
@pytest.mark.parametrize(
    ("file", "column", "app"),
    [
        ("students.csv", "Student_email", KHAN),
        ("students.csv", "DOB", KHAN),
        ("teachers.csv", "Teacher_email", KHAN),
        ("students.csv", "Student_id", CLEVER),
        ("schools.csv", "School_name", CLEVER),
        ("enrollments.csv", "Section_id", CLEVER),
    ],
)
def test_a_needed_heading_with_a_hidden_character_is_not_ready(
    judge: Judge, file: str, column: str, app: str, character: str
) -> None:
    report = judge(respell(write(), file, column, column + character), profile=app)
    result = outcome(report, "header-hidden-characters")
    assert report.verdict is Verdict.NOT_READY
    assert result.level is Level.BLOCKER
    assert column in result.rule.why
    assert report.by_profile[app].readiness["students" if "students" in file else "teachers"]


@pytest.mark.parametrize(
    ("file", "column", "heading", "app"),
    [
        ("students.csv", "Student_email", "Student_email\u200b", CLEVER),
        ("sections.csv", "Period", "Per\u00a0iod", KHAN),
        ("students.csv", "Student_email", " Student_email ", KHAN),
        ("students.csv", "Student_email", "STUDENT EMAIL", KHAN),
        ("students.csv", "Student_email", "student-email", KHAN),
        ("students.csv", "School_id", "\ufeffSchool_id", KHAN),
    ],
)
def test_harmless_neighbors_of_a_hidden_character_stay_ready(
    judge: Judge, file: str, column: str, heading: str, app: str
) -> None:
    report = judge(respell(write(), file, column, heading), profile=app)
    assert report.verdict is Verdict.READY
    assert Level.BLOCKER not in list_found(report).values()


@pytest.mark.parametrize("heading", ["DBO", "ODB", "D0B", "DOBB", "dbo"])
def test_a_short_heading_with_a_typing_error_is_read_by_its_dates(
    judge: Judge, heading: str
) -> None:
    """Clever does not see the column; its values are checked all the same."""
    report = judge(write(heading=heading), profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert list_found(report)["header-spelling"] is Level.BLOCKER
    assert not {"header-unknown", "student-dob-missing"} & list_found(report).keys()
    assert judge(write(heading=heading), profile=CLEVER).verdict is Verdict.READY


def test_other_short_headings_are_not_taken_for_a_birth_date(judge: Judge) -> None:
    hired = list_found(judge(write(heading="DOH"), profile=KHAN))
    assert {"header-unknown", "student-dob-missing"} <= hired.keys()
    words = write(heading="DBO")
    words["students.csv"] = words["students.csv"].replace("2018", "of them")
    assert "header-unknown" in list_found(judge(words, profile=KHAN))
    both = respell(write(), "students.csv", "Student_email", "Student_email,DBO")
    both["students.csv"] = both["students.csv"].replace(".example\n", ".example,02/03/2018\n")
    assert "header-spelling" not in list_found(judge(both, profile=KHAN))


@pytest.mark.parametrize("count", [1, 2, 30])
@pytest.mark.parametrize("cell", ["", " ", '""'])
def test_empty_columns_at_the_end_are_one_advice(
    judge: Judge, healthy: Report, count: int, cell: str
) -> None:
    files = write()
    header, *rows = files["students.csv"].splitlines()
    wider = [header + "," * count, *(row + f",{cell}" * count for row in rows)]
    report = judge({**files, "students.csv": "\n".join(wider) + "\n"}, profile=KHAN)
    assert report.verdict is Verdict.READY
    assert outcome(report, "row-wrong-length").count == 1
    assert list_found(report).keys() - list_found(healthy).keys() == {"row-wrong-length"}


def test_an_unnamed_column_with_a_value_is_an_unknown_column(judge: Judge) -> None:
    files = write()
    header, first, *rows = files["students.csv"].splitlines()
    wider = [header + ",,", first + ",note,", *(row + ",," for row in rows)]
    report = judge({**files, "students.csv": "\n".join(wider) + "\n"}, profile=KHAN)
    assert report.verdict is Verdict.READY
    assert outcome(report, "header-unknown").count == 1
    assert report.counts["students"] == len(rows) + 1


@pytest.mark.parametrize("app", [KHAN, CLEVER])
def test_a_grade_column_that_is_blank_for_everybody_is_not_ready(judge: Judge, app: str) -> None:
    result = outcome(judge(write(grade=""), profile=app), "student-grade-missing")
    assert (result.level, result.of_most, result.count) == (Level.BLOCKER, True, 24)
    assert result.rule.owner == "sis-administrator"


def test_a_few_blank_grades_and_an_export_without_grades_stay_ready(judge: Judge) -> None:
    """The specification lets an export leave the column out."""
    few = write()
    few["students.csv"] = few["students.csv"].replace("Madeup,3,", "Madeup,,", 10)
    blank = judge(few, profile=KHAN)
    assert list_found(blank)["student-grade-missing"] is Level.WARNING
    assert blank.verdict is Verdict.READY
    without = write()
    text = without["students.csv"].replace(",Grade,", ",").replace("Madeup,3,", "Madeup,")
    report = judge({**without, "students.csv": text}, profile=KHAN)
    assert report.verdict is Verdict.READY


HEADERS = {
    "orgs.csv": "name,type,identifier,parentSourcedId",
    "academicSessions.csv": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses.csv": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId",
    "classes.csv": "title,grades,courseSourcedId,classType,schoolSourcedId,termSourcedIds",
    "users.csv": "enabledUser,orgSourcedIds,role,username,givenName,familyName,email,grades",
    "enrollments.csv": "classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate",
    "demographics.csv": "birthDate",
}
"""The columns of OneRoster's files after the first three, which all have."""


def build_classes(terms: tuple[str, str]) -> dict[str, str]:
    """Return the OneRoster files of two classes of twelve students, each with its term."""
    users = [
        f"S{at},,,true,11,student,s{at},Ada{chr(97 + at)},Madeup,s{at}@kids.example,03"
        for at in range(24)
    ]
    links = [f"E{at},,,C{at % 2},11,S{at},student,," for at in range(24)]
    rows = {
        "orgs.csv": ["11,,,Oak Elementary School,school,011,"],
        "academicSessions.csv": ["Y1,,,2026-27,schoolYear,2026-08-15,2027-06-10,,2027"],
        "courses.csv": ["K1,,,,Math 3,M3,03,11"],
        "classes.csv": [
            f"C{at},,,Math 3-{at},03,K1,scheduled,11,{term}" for at, term in enumerate(terms)
        ],
        "users.csv": [*users, "T1,,,true,11,teacher,t1,Tess,Imagined,tess@adults.example,"],
        "enrollments.csv": [*links, *(f"F{at},,,C{at},11,T1,teacher,," for at in range(2))],
        "demographics.csv": [f"S{at},,,2018-02-{at + 1:02}" for at in range(24)],
    }
    first = "sourcedId,status,dateLastModified"
    files = {
        name: "\n".join([f"{first},{HEADERS[name]}", *lines]) + "\n" for name, lines in rows.items()
    }
    manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n"
    return {"manifest.csv": manifest, **files}


@pytest.mark.parametrize(
    ("terms", "lost"), [(("Y1", "Y1"), 0), (("Y1", "Y9"), 1), (("Y8", "Y9"), 2)]
)
def test_students_of_dropped_classes_are_in_no_section(
    judge: Judge, terms: tuple[str, str], lost: int
) -> None:
    """Classes of a term that is not there are dropped with the place of their students."""
    report = judge(build_classes(terms), profile=KHAN)
    ready = {kind: it.ready for kind, it in report.readiness.items()}
    assert ready == {"students": 24 - 12 * lost, "teachers": 1, "sections": 2 - lost}
    assert report.verdict is (Verdict.NOT_READY if lost else Verdict.READY)
    students = report.readiness["students"]
    assert students.by_rule.get("session-unknown", 0) == 12 * lost
    assert dict(students.steps)[Step.SECTION] == 24 - 12 * lost
    assert dict(students.steps)[Step.BIRTH_DATE] == 24
    bare = judge(build_classes(terms), profile="oneroster")
    assert bare.readiness["students"].ready == 24


@pytest.mark.parametrize("both", [False, True])
def test_students_of_a_section_at_an_unknown_school_are_in_no_section(
    judge: Judge, both: bool
) -> None:
    """A student who has another section as well is held back by nothing."""
    files = write()
    second = f"0999,C2,T1,Math 3,3,Math 3,Math,2,{TERM}\n"
    links = files["enrollments.csv"].replace("0101,C1,S1\n", "0101,C2,S1\n")
    files["sections.csv"] += second
    files["enrollments.csv"] = links + ("0101,C1,S1\n" if both else "")
    report = judge(files, profile=KHAN)
    assert report.readiness["students"].ready == (24 if both else 23)
    assert report.readiness["sections"].ready == 1


REQUIRED = ("schools.csv", "students.csv", "teachers.csv", "sections.csv", "enrollments.csv")


@pytest.mark.parametrize("app", [KHAN, CLEVER])
@pytest.mark.parametrize("gone", [*((name,) for name in REQUIRED), REQUIRED[:2], REQUIRED[2:]])
def test_without_a_required_file_nothing_can_be_told(
    judge: Judge, gone: tuple[str, ...], app: str
) -> None:
    """Nobody is called ready, and the exit code is 3."""
    files = {name: text for name, text in write().items() if name not in gone}
    report = judge(files, profile=app)
    assert report.verdict is Verdict.COULD_NOT_TELL
    assert exit_codes.choose_for_report(report) == exit_codes.COULD_NOT_TELL
    assert not any(it.ready for it in report.readiness.values())
    assert outcome(report, "file-missing").count == len(gone)
    assert "100 %" not in registry.render(report, "html").decode()


def test_another_blocker_beside_a_missing_file_is_not_ready(judge: Judge) -> None:
    files = write()
    files["students.csv"] = files["students.csv"].replace("s3@kids.example", "")
    del files["sections.csv"]
    report = judge(files, profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert exit_codes.choose_for_report(report) == exit_codes.FAILED
    assert (report.readiness["students"].blocked, report.readiness["students"].ready) == (1, 0)


@pytest.mark.parametrize("name", ["classes.csv", "Sections.csv"])
def test_a_file_under_another_name_is_there(judge: Judge, name: str) -> None:
    """Clever does not take another word for it; capitals are a warning."""
    files = write()
    files[name] = files.pop("sections.csv")
    report = judge(files, profile=KHAN)
    is_alias = name == "classes.csv"
    assert report.verdict is (Verdict.NOT_READY if is_alias else Verdict.READY)


def set_column(text: str, column: str, value: str, *, only: str = "") -> str:
    """Return CSV text with one value in a column of all rows, or of those that had `only`."""
    header, *rows = [line.split(",") for line in text.splitlines()]
    at = header.index(column)
    for row in rows:
        row[at] = value if not only or row[at] == only else row[at]
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


@pytest.mark.parametrize(
    ("file", "column", "value", "rule"),
    [
        ("users.csv", "enabledUser", "false", "user-disabled-enrolled"),
        ("users.csv", "grades", "", "student-grade-missing"),
        ("demographics.csv", "birthDate", "", "student-dob-missing"),
    ],
)
def test_a_oneroster_column_that_is_wrong_for_everybody_is_not_ready(
    judge: Judge, file: str, column: str, value: str, rule: str
) -> None:
    files = build_classes(("Y1", "Y1"))
    report = judge({**files, file: set_column(files[file], column, value)}, profile=KHAN)
    assert report.verdict is Verdict.NOT_READY
    assert list_found(report)[rule] is Level.BLOCKER
    assert report.readiness["students"].ready == 0


@pytest.mark.parametrize(
    ("count", "value", "level"), [(24, "", Level.BLOCKER), (3, "", Level.WARNING)]
)
def test_classes_without_terms(judge: Judge, count: int, value: str, level: Level) -> None:
    """One by one importers forgive them; in a file of 20 classes no one has a term at all."""
    files = build_classes(("Y1", "Y1"))
    header, *classes = files["classes.csv"].splitlines()
    more = [classes[1].replace("C1", f"D{at}") for at in range(count - 2)]
    text = set_column("\n".join([header, *classes, *more]), "termSourcedIds", value)
    result = outcome(judge({**files, "classes.csv": text}, profile="oneroster"), "value-required")
    assert (result.level, result.count) == (level, count)


def test_roles_in_capitals_are_a_warning(judge: Judge) -> None:
    """Everybody is read, and importers that compare letter by letter are named."""
    files = build_classes(("Y1", "Y1"))
    text = set_column(files["users.csv"], "role", "Student", only="student")
    report = judge({**files, "users.csv": text}, profile=KHAN)
    assert report.verdict is Verdict.READY
    assert list_found(report)["value-not-allowed"] is Level.WARNING
    assert report.readiness["students"].ready == 24


@pytest.mark.parametrize("blank", [False, True])
def test_people_of_school_data_sync_need_a_username(judge: Judge, blank: bool) -> None:
    """It finds people by it, whether or not they have an address."""
    name = "" if blank else "s1@kids.example"
    files = {
        "orgs.csv": "sourcedId,name,type\n11,Oak Elementary School,school\n",
        "users.csv": "sourcedId,username,givenName,familyName,email\n"
        f"S1,{name},Ada,Madeup,s1@kids.example\nT1,tess@adults.example,Tess,Imagined,\n",
        "roles.csv": "userSourcedId,orgSourcedId,role\nS1,11,student\nT1,11,teacher\n",
        "classes.csv": "sourcedId,orgSourcedId,title\nC1,11,Math 3\n",
        "enrollments.csv": "classSourcedId,userSourcedId,role\nC1,S1,student\nC1,T1,teacher\n",
    }
    report = judge(files, profile="sds")
    assert report.verdict is (Verdict.NOT_READY if blank else Verdict.READY)
    assert ("value-required" in list_found(report)) is blank
    assert report.readiness["students"].ready == 1 - blank
