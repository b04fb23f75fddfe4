"""Labels for levels, owners, statuses, topics and phases."""

from __future__ import annotations

from validator.model import Consequence, Level, Owner, Status

LEVELS = {
    Level.BLOCKER: "Must fix",
    Level.WARNING: "Should fix",
    Level.ADVICE: "Good to know",
    Level.FACT: "For your information",
}
CONSEQUENCES = {
    Consequence.REFUSED: "the upload is refused",
    Consequence.DROPPED: "records do not arrive",
    Consequence.NO_SIGN_IN: "people cannot sign in",
    Consequence.WRONG: "something arrives and is wrong or confusing",
    Consequence.NONE: "nothing breaks",
}
OWNERS = {
    Owner.REGISTRAR: "Registrar",
    Owner.HR: "HR",
    Owner.SCHEDULER: "Scheduler",
    Owner.SIS_ADMINISTRATOR: "SIS administrator",
    Owner.CLEVER_ADMINISTRATOR: "Clever administrator",
}
STATUSES = {
    Status.PASSED: "checked and fine",
    Status.FOUND: "found",
    Status.EXPLAINED: "explained by another finding",
    Status.WAIVED: "accepted by the district",
    Status.SKIPPED: "could not be checked",
    Status.NOT_ASKED: "does not apply here",
    Status.BROKEN: "broke while running",
}
TOPICS = {
    "accounts": "Accounts and e-mail",
    "classes": "Sections",
    "grades-and-ages": "Grades and ages",
    "staff": "Teachers and staff",
    "sharing": "What is shared",
    "files": "Files",
    "identity": "Ids and links between files",
}
PHASES = {
    "start": "the start of the school year",
    "midyear": "the middle of the school year",
    "rollover": "the rollover to a new school year",
}
PEOPLE = ("students", "teachers", "staff", "users", "contacts")
"""Tables with one record per person."""

UNITS = {
    "row": "rows",
    "section": "sections",
    "school": "schools",
    "file": "files",
    "column": "columns",
}
"""Plural nouns for what a rule counts, other than people."""

SINGULAR = {
    "students": "student",
    "teachers": "teacher",
    "staff": "staff member",
    "people": "person",
    "users": "person",
    "contacts": "contact",
    "things": "thing",
    "findings": "finding",
    "checks": "check",
    "licenses": "license",
    "enrollments": "enrollment",
    "accounts": "account",
    "changes": "change",
    "districts": "district",
    "classes": "class",
    "groups": "group",
    "staff members": "staff member",
    "students with several teachers": "student with several teachers",
    "welcome e-mails": "welcome e-mail",
    "kinds of repairs": "kind of repair",
    "places": "place",
    "problems solved": "problem solved",
    "new problems": "new problem",
    "larger problems": "larger problem",
    "smaller problems": "smaller problem",
    "records": "record",
    "rules": "rule",
    **{plural: singular for singular, plural in UNITS.items()},
}
