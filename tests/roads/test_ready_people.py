"""Who is who: addresses, administrators, co-teachers, dead records and OneRoster's roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from validator.assess import Options, assess
from validator.model import Level, Report, Status, Verdict

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
FIRST = "Ada Bea Cal Dot Eli Fay Gil Hal Ida Jon Kit Lou Max Ned Oda Pat Quy Rae Sid Tom Uma Vic"
LAST = (
    "Ashgrove Birchwood Cloverly Dunmallow Elmhurst Foxglove Gorsefield Hazelton Ivywood Juniper "
    "Kelpfield Larkspur Mossbank Nettleby Oakenshaw Pennifold Quillby Rushmoor Sedgeway Thistleby "
    "Umberfield Vetchwood"
)
STUDENTS = "students.csv"
DOMAIN = "maplehollow.k12.example"


def name(number: int) -> tuple[str, str]:
    """Return the first and last name of a made-up person."""
    return FIRST.split()[number % 22], LAST.split()[(number + number // 22) % 22]


def address(number: int, domain: str = DOMAIN) -> str:
    """Return first.last@domain of a made-up person."""
    return ".".join(name(number)).lower() + "@" + domain


def write_people(kind: str, addresses: Sequence[str], schools: Sequence[str] = ("0101",)) -> str:
    """Return a file of students, teachers or staff with these addresses."""
    noun = kind.removesuffix("s").capitalize() if kind != "staff" else "Staff"
    lines = [f"School_id,{noun}_id,First_name,Last_name,{noun}_email"]
    for number, mail in enumerate(addresses):
        first, last = name(number)
        school = schools[number % len(schools)]
        lines.append(f"{school},{kind[0]}{number},{first},{last},{mail}")
    return "\n".join(lines) + "\n"


def found(report: Report, rule: str) -> int:
    """Return how many records a rule found."""
    result = outcome(report, rule)
    return result.count if result.status is Status.FOUND else 0


def count_all(report: Report, rule: str) -> int:
    """Return how many records a rule found, also those that a diagnosis explains."""
    return outcome(report, rule).count


def mails(count: int, domain: str = DOMAIN) -> list[str]:
    """Return the addresses of the first people."""
    return [address(number, domain) for number in range(count)]


def test_a_single_letter_off_a_bigger_domain_is_a_warning(judge: Judge) -> None:
    """However many use it: here a third."""
    wrong = "mapelhollow.k12.example"
    report = judge({STUDENTS: write_people("students", mails(14) + mails(21, wrong)[14:])})
    result = outcome(report, "student-email-outside-district")
    assert (result.count, result.level) == (7, Level.WARNING)


def test_a_near_miss_of_a_whole_role_is_advice(judge: Judge) -> None:
    """Nobody can tell a typing error from a domain that a school really has."""
    wrong = mails(20, "mapelhollow.k12.example")
    report = judge(
        {
            STUDENTS: write_people("students", mails(20) + mails(22)),
            "teachers.csv": write_people("teachers", wrong),
        }
    )
    result = outcome(report, "teacher-email-outside-district")
    assert (result.count, result.level) == (20, Level.ADVICE)


@pytest.mark.parametrize("other", ["students.maplehollow.k12.example", "oakschool1.org"])
def test_domains_of_their_own_stay_quiet(judge: Judge, other: str) -> None:
    """Students and adults may have a domain each, and so may a school."""
    report = judge(
        {
            STUDENTS: write_people("students", mails(20, other)),
            "teachers.csv": write_people("teachers", mails(5)),
            "staff.csv": write_people("staff", mails(3)),
        }
    )
    for kind in ("student", "teacher", "staff"):
        assert not found(report, f"{kind}-email-outside-district")
    assert not found(report, "student-email-of-adults")


def test_a_school_with_a_domain_of_its_own_stays_quiet(judge: Judge) -> None:
    """Most of one school of ten use it, although few of the district do."""
    addresses = mails(88)
    schools = ["0101"] * 76 + ["0102"] * 12
    addresses[76:] = mails(88, "oakacademy.example")[76:]
    report = judge({STUDENTS: write_people("students", addresses, schools)})
    assert not found(report, "student-email-outside-district")


def test_a_public_provider_is_never_the_district(judge: Judge) -> None:
    """However many use it."""
    report = judge({STUDENTS: write_people("students", mails(20, "gmail.com"))})
    assert found(report, "student-email-outside-district") == 20


@pytest.mark.parametrize("ending", ["local", "lan", "internal", "corp", "invalid"])
def test_an_address_of_an_inside_network_is_none(judge: Judge, ending: str) -> None:
    """It reaches nobody's account; made-up districts end in example or test."""
    addresses = mails(10)
    addresses[3] = f"dot@school.{ending}"
    addresses[4] = "eli@school.test"
    report = judge({STUDENTS: write_people("students", addresses)}, profile="khan-academy")
    assert spots(report, "student-email-invalid") == ["students.csv:5 Student_email"]


def test_addresses_that_no_directory_has(judge: Judge) -> None:
    """A Cyrillic letter, a curly apostrophe, digits of full width, a local part of 65 letters."""
    wrong = [f"аda@{DOMAIN}", f"o’quill@{DOMAIN}", f"cal１２@{DOMAIN}", f"{'d' * 65}@{DOMAIN}"]
    right = [f"o'quill@{DOMAIN}", f"josé@{DOMAIN}", f"{'d' * 64}@{DOMAIN}"]
    report = judge({STUDENTS: write_people("students", wrong + right)})
    assert found(report, "student-email-invalid") == len(wrong)


@pytest.mark.parametrize(
    "scheme",
    [
        "{f}.{l}",
        "{f[0]}{l}",
        "{l}{f[0]}",
        "{f}_{l}",
        "{f}{l[0]}",
        "{f[0]}{l:.7}",
        "{l:.5}{f:.3}",
        "{l:.4}{f:.2}31",
    ],
)
def test_swapped_addresses_are_found_by_the_scheme(judge: Judge, scheme: str) -> None:
    """Whatever the scheme of the name is."""
    names = [name(number) for number in range(44)]
    addresses = [scheme.format(f=first, l=last).lower() + "@" + DOMAIN for first, last in names]
    addresses[5], addresses[30] = addresses[30], addresses[5]
    report = judge({STUDENTS: write_people("students", addresses)})
    assert found(report, "student-email-swapped") == 2
    assert not found(report, "student-email-unlike-name")


def test_married_names_nicknames_and_siblings_are_not_swapped(judge: Judge) -> None:
    """They are advice at the most."""
    addresses = mails(44)
    addresses[1] = f"bea.newname@{DOMAIN}"
    addresses[2] = f"callie.c@{DOMAIN}"
    addresses[3] = f"dunmallow-parent@{DOMAIN}"
    report = judge({STUDENTS: write_people("students", addresses)})
    assert not found(report, "student-email-swapped")
    assert not found(report, "student-email-unlike-name")
    assert report.verdict is Verdict.READY or found(report, "file-missing")


def test_a_record_marked_dead_asks_for_nothing(judge: Judge) -> None:
    """One finding says what it is; a surname that only begins alike is left alone."""
    lines = write_people("students", mails(6)).splitlines()
    lines.append("0101,x1,Ada,Ashgrove_dupe,")
    lines.append("0101,x2,Bea,Birchwood DO NOT USE,")
    lines.append(f"0101,x3,Dupe,Dupree,dupe@{DOMAIN}")
    report = judge({STUDENTS: "\n".join(lines) + "\n"}, profile="khan-academy")
    assert count_all(report, "student-name-placeholder") == 2
    assert not found(report, "student-email-missing")
    assert not found(report, "student-name-characters")


def test_a_vacancy_has_no_address(judge: Judge) -> None:
    """HR is not asked for one."""
    lines = write_people("teachers", mails(3)).splitlines() + ["0101,x1,Vacant,Vacant,"]
    report = judge({"teachers.csv": "\n".join(lines) + "\n"}, profile="khan-academy")
    assert found(report, "teacher-placeholder") == 1
    assert not found(report, "teacher-email-missing")


def test_a_co_teacher_of_each_section_is_listed(judge: Judge) -> None:
    """Who drops out of an administrator's reports can be looked up."""
    sections = "School_id,Section_id,Teacher_id,Teacher_2_id,Teacher_3_id\n0101,c1,t1,t2,t3\n"
    report = judge({"sections.csv": sections}, profile="khan-academy")
    assert found(report, "section-co-taught") == 1
    places = ["sections.csv:2 Teacher_2_id", "sections.csv:2 Teacher_3_id"]
    assert spots(report, "section-co-taught") == places


def test_a_section_id_of_two_schools_leaves_students_at_home(judge: Judge) -> None:
    """Only the id is ambiguous."""
    schools = "School_id,School_name\n0101,Foggy Hollow School\n0102,Maple Hollow School\n"
    sections = "School_id,Section_id,Teacher_id,Name\n0101,r1,t1,Red\n0102,r1,t2,Blue\n"
    rows = ["School_id,Section_id,Student_id", "0101,r1,s0", "0102,r1,s1"]
    report = judge(
        {
            "schools.csv": schools,
            STUDENTS: write_people("students", mails(2), ["0101", "0102"]),
            "sections.csv": sections,
            "enrollments.csv": "\n".join(rows) + "\n",
        }
    )
    assert found(report, "id-repeated") == 1
    assert not found(report, "student-section-school-differs")


RIGHT = {
    "01-dupe-marker": {"student-name-placeholder": 3},
    "08-section-name-as-id": {"id-repeated": 1, "student-section-school-differs": 0},
    "20-blank-role-and-username": {"value-required": 3, "section-without-teacher": 0},
    "21-two-primary-roles": {"role-primary": 2},
    "23-org-cycle": {"parent-circular": 2, "session-dates": 0},
    "24b-enrollment-ids-collide": {"id-repeated": 4},
    "33-curly-apostrophe-email": {"student-email-invalid": 1, "teacher-email-invalid": 1},
    "44-majority-school": {"student-school-by-sections": 1, "student-section-school-differs": 0},
    "46-one-row-per-school": {"student-on-several-rows": 1, "teacher-on-several-rows": 1},
    "67-primary-teachers": {"class-primary-teacher": 2},
    "69-letters-of-another-alphabet": {"student-email-invalid": 2, "teacher-email-invalid": 1},
    "70-one-name-only": {"student-name-characters": 4, "teacher-name-characters": 1},
    "73-one-domain-for-adults-one-for-students": {
        "student-email-of-adults": 1,
        "teacher-email-of-students": 1,
        "student-email-outside-district": 0,
    },
}
"""Case -> rule -> how many records it finds in the case's faulty input."""


def assess_case(folder: str, side: str) -> Report:
    """Return the report on one side of a case from a public report."""
    path = CASES / folder / side
    if not path.is_dir():
        pytest.skip("the folder shared/cases is not next to the checkout")
    options = Options(as_of=dt.date(2026, 10, 1), profiles=["khan-academy"])
    return assess([path], options)


@pytest.mark.parametrize("folder", sorted(RIGHT))
def test_cases_from_public_reports(folder: str) -> None:
    """The fault is found, and its harmless neighbor is quiet and ready."""
    report = assess_case(folder, "input")
    for rule, count in RIGHT[folder].items():
        assert (count_all if count else found)(report, rule) == count, rule
    quiet = assess_case(folder, "quiet")
    assert quiet.verdict is Verdict.READY
    for rule in RIGHT[folder]:
        assert not found(quiet, rule), rule


def test_blank_roles_are_read_from_the_enrollments() -> None:
    """People without a role are counted and held back."""
    report = assess_case("20-blank-role-and-username", "input")
    assert report.counts["students"] == 12
    assert report.counts["teachers"] == 4
    assert report.readiness["students"].ready == 10
    assert report.readiness["teachers"].ready == 3
