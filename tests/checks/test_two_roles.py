"""Users with two roles in one OneRoster file are not compared with their own other role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.checks import test_cases
from tests.conftest import Judge

STUDENTS = "Mabel Otto Ines Jasper Nora Perrin Sela Hugo Tess Caleb".split()
TEACHERS = "Wren Amos Greta Lyle".split()
AIDES = "Rufus Freya Odo Una".split()
USER_COLUMNS = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
)
ROLE_COLUMNS = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
    "orgSourcedId,userProfileSourcedId"
)
ORGS = (
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    "dis1,,,Foggy Hollow District,district,,\n"
    "sch1,,,Foggy Hollow School,school,,dis1\n"
)
SECOND_ROLES = {"s1": "aide", "s2": "teacher", "t1": "student"}

QUIET = {
    "quiet": "a student who is also an aide, one who also teaches, and a teacher who takes a class"
}
CASES: Mapping[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {
    "everybody has an address": (
        {},
        {
            "staff-email-of-students": QUIET,
            "staff-email-outside-district": QUIET,
            "student-email-also-adult": QUIET,
            "student-email-of-adults": QUIET,
            "student-email-outside-district": QUIET,
            "teacher-email-of-students": QUIET,
            "teacher-email-outside-district": QUIET,
        },
    ),
    "two students have the addresses of users with two roles": (
        {"s4": "otto@stu.maple.example", "s5": "amos@maple.example"},
        {
            "student-email-also-adult": {
                "finds": "a student with the address of another student who is also an aide, "
                "and one with that of a teacher who takes a class",
                "count": 2,
                "places": ["users.csv:6 Student_email", "users.csv:7 Student_email"],
            },
        },
    ),
    "a student has the adults' domain": (
        {"s4": "nora@maple.example"},
        {
            "student-email-of-adults": {
                "finds": "a student with the adults' domain, among users with two roles",
                "count": 1,
                "places": ["users.csv:6 Student_email"],
            },
        },
    ),
    "a student who is also an aide has a private address": (
        {"s1": "otto@gmail.com"},
        {
            "student-email-outside-district": {
                "finds": "a student who is also an aide, with a private address",
                "count": 1,
                "places": ["users.csv:3 Student_email"],
            },
        },
    ),
}
"""Sentence -> the addresses that differ, and by rule what a case in tests/cases would say."""


def write_export(addresses: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a OneRoster district in which three users have two roles."""
    users, roles = [USER_COLUMNS], []
    for role, letter, first_names, family, domain, grade in (
        ("student", "s", STUDENTS, "Quillfeather", "stu.maple.example", "05"),
        ("teacher", "t", TEACHERS, "Hollis", "maple.example", ""),
        ("aide", "a", AIDES, "Yarrow", "maple.example", ""),
    ):
        for number, first in enumerate(first_names):
            user = f"{letter}{number}"
            address = addresses.get(user, f"{first.lower()}@{domain}")
            users.append(f"{user},,,true,{user}.name,,{first},{family},,,{address},,,,{grade},")
            roles.append((user, "primary", role))
    roles += [(user, "secondary", role) for user, role in SECOND_ROLES.items()]
    role_rows = [
        f"r{number},,,{user},{kind},{role},,,sch1,"
        for number, (user, kind, role) in enumerate(roles)
    ]
    return {
        "orgs.csv": ORGS,
        "users.csv": "\n".join(users) + "\n",
        "roles.csv": "\n".join([ROLE_COLUMNS, *role_rows]) + "\n",
    }


def cases() -> list[Any]:
    """Return the cases as `test_cases.cases` returns those of tests/cases, by rule."""
    return [
        pytest.param(
            rule,
            {"profile": "oneroster", "files": write_export(addresses), **case},
            id=test_cases.name(rule, case),
        )
        for addresses, by_rule in CASES.values()
        for rule, case in by_rule.items()
    ]


@pytest.mark.parametrize("name", CASES)
def test_each_rule_reports_what_the_case_says(name: str, judge: Judge, tmp_path: Path) -> None:
    addresses, by_rule = CASES[name]
    case = {"profile": "oneroster", "files": write_export(addresses)}
    report = test_cases.run(case, judge, tmp_path)
    for rule, expected in by_rule.items():
        test_cases.check(report, rule, expected)
