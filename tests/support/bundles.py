"""A strict reader of OneRoster bundles, written from the specification with the csv module alone.

It shares no code with the product. Its rules are those of two independent implementations: the
reader of LongsightGroup, https://github.com/LongsightGroup/oneroster (1.2), and Moodle's importer
of OneRoster 1.1.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

Row = dict[str, str]
Bundle = Mapping[str, bytes]

GUID = re.compile(r"[0-9A-Za-z./@_-]{1,255}")
RECORD = ["sourcedId", "status", "dateLastModified"]
HEADERS = {
    "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
    "orgs": "name type identifier parentSourcedId",
    "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
    "classes": "title grades courseSourcedId classCode classType location schoolSourcedId "
    "termSourcedIds subjects subjectCodes periods",
    "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
    "demographics": "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican "
    "nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces "
    "hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation cityOfBirth "
    "publicSchoolResidenceStatus",
}
USERS = {
    "1.1": "enabledUser orgSourcedIds role username userIds givenName familyName middleName "
    "identifier email sms phone agentSourcedIds grades password",
    "1.2": "enabledUser username userIds givenName familyName middleName identifier email sms "
    "phone agentSourcedIds grades password userMasterIdentifier preferredGivenName "
    "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns",
}
ROLES = "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId"
REQUIRED = {
    "academicSessions": "title type startDate endDate schoolYear",
    "orgs": "name type",
    "courses": "title orgSourcedId",
    "classes": "title courseSourcedId classType schoolSourcedId termSourcedIds",
    "users": "enabledUser username givenName familyName",
    "roles": "userSourcedId roleType role orgSourcedId",
    "enrollments": "classSourcedId schoolSourcedId userSourcedId role",
    "demographics": "",
}
ALLOWED = {
    ("academicSessions", "type"): "gradingPeriod semester schoolYear term",
    ("orgs", "type"): "department school district local state national",
    ("classes", "classType"): "homeroom scheduled",
    ("users", "enabledUser"): "true false",
    ("users", "role"): "administrator aide guardian parent proctor relative student teacher",
    ("roles", "roleType"): "primary secondary",
    ("roles", "role"): "aide counselor districtAdministrator guardian parent principal proctor "
    "relative siteAdministrator student systemAdministrator teacher",
    ("enrollments", "role"): "administrator proctor student teacher",
    ("enrollments", "primary"): "true false",
    **{("demographics", name): "true false" for name in HEADERS["demographics"].split()[2:9]},
}
SEXES = {"1.1": "male female", "1.2": "male female unspecified other"}
GRADES = ["IT", "PR", "PK", "TK", "KG", *(f"{n:02}" for n in range(1, 14)), "PS", "UG", "Other"]
DATES = ("startDate", "endDate", "beginDate", "birthDate")
REFERENCES = {
    ("classes", "courseSourcedId"): "courses",
    ("classes", "schoolSourcedId"): "orgs",
    ("classes", "termSourcedIds"): "academicSessions",
    ("courses", "orgSourcedId"): "orgs",
    ("enrollments", "classSourcedId"): "classes",
    ("enrollments", "schoolSourcedId"): "orgs",
    ("enrollments", "userSourcedId"): "users",
    ("users", "orgSourcedIds"): "orgs",
    ("users", "primaryOrgSourcedId"): "orgs",
    ("users", "agentSourcedIds"): "users",
    ("roles", "userSourcedId"): "users",
    ("roles", "orgSourcedId"): "orgs",
    ("demographics", "sourcedId"): "users",
    ("orgs", "parentSourcedId"): "orgs",
}
OTHERS = "categories lineItems results classResources courseResources resources"
OTHERS_12 = (
    "lineItemLearningObjectiveIds lineItemScoreScales resultLearningObjectiveIds "
    "resultScoreScales scoreScales userProfiles userResources roles"
)


def list_problems(bundle: Bundle, version: str) -> list[str]:
    """Return everything that a strict importer would refuse."""
    tables = {name.removesuffix(".csv"): _parse(data) for name, data in bundle.items()}
    problems = list(_check_manifest(tables.pop("manifest"), set(tables), version))
    for name, rows in tables.items():
        problems += [f"{name}: {text}" for text in _check_table(name, rows, version)]
    records = {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in tables.items()
    }
    problems += _check_references(records)
    if version == "1.2":
        problems += _check_roles(records)
    return problems


def _parse(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def _check_manifest(rows: Sequence[Sequence[str]], files: set[str], version: str) -> Iterator[str]:
    if rows[0] != ["propertyName", "value"]:
        yield "manifest: header"
    stated = dict(row for row in rows[1:])
    if len(stated) != len(rows) - 1:
        yield "manifest: a property twice"
    names = {*HEADERS, "users", *OTHERS.split(), *(OTHERS_12.split() if version == "1.2" else ())}
    wanted = {f"file.{name}": "bulk" if name in files else "absent" for name in names}
    wanted |= {"manifest.version": "1.0", "oneroster.version": version}
    for name, value in wanted.items():
        if stated.pop(name, None) != value:
            yield f"manifest: {name} is not {value}"
    if set(stated) - {"source.systemName", "source.systemCode"}:
        yield f"manifest: unknown {sorted(stated)}"


def _list_header(name: str, version: str) -> list[str]:
    if name == "users":
        return [*RECORD, *USERS[version].split()]
    return [*RECORD, *(ROLES if name == "roles" else HEADERS[name]).split()]


def _check_table(name: str, rows: Sequence[Sequence[str]], version: str) -> Iterator[str]:
    header = _list_header(name, version)
    if list(rows[0][: len(header)]) != header:
        yield f"the header is {rows[0]}"
    if not all(re.fullmatch(r"metadata\.\S+", extra) for extra in rows[0][len(header) :]):
        yield f"extensions {rows[0][len(header) :]}"
    if len(set(rows[0])) != len(rows[0]):
        yield "a heading twice"
    if len(rows) < 2:
        yield "no rows"
    if any(len(row) != len(rows[0]) for row in rows):
        yield "rows of another length"
    for at, cells in enumerate(rows[1:], 2):
        for text in _check_row(name, dict(zip(rows[0], cells, strict=False)), version):
            yield f"line {at}: {text}"
    ids = Counter(row[0] for row in rows[1:])
    yield from (f"sourcedId {id} on {times} rows" for id, times in ids.items() if times > 1)


def _check_row(name: str, row: Row, version: str) -> Iterator[str]:
    required = ["sourcedId", *REQUIRED[name].split()]
    if name == "users" and version == "1.1":
        required += ["orgSourcedIds", "role"]
    yield from (f"{column} is blank" for column in required if not row[column])
    if row["status"] or row["dateLastModified"]:
        yield "a status in a complete file"
    if any(mark in cell for cell in row.values() for mark in "\r\n"):
        yield "a line break in a value"
    for column, value in row.items():
        if value and not column.startswith("metadata."):
            yield from _check_value(name, column, value, version=version)
    subjects, codes = row.get("subjects", ""), row.get("subjectCodes", "")
    if len(_split(subjects)) != len(_split(codes)):
        yield "subjects and subjectCodes differ in number"


def _split(text: str) -> list[str]:
    return text.split(",") if text else []


def _check_value(name: str, column: str, value: str, *, version: str) -> Iterator[str]:
    if column.lower().endswith(("sourcedid", "sourcedids")):
        bad = [item for item in value.split(",") if not GUID.fullmatch(item)]
        yield from (f"{column}: {item!r} is no id" for item in bad)
    allowed = SEXES[version] if column == "sex" else ALLOWED.get((name, column), "")
    if allowed and value not in allowed.split():
        yield f"{column}: {value!r} is not allowed"
    if column in DATES and not _is_date(value):
        yield f"{column}: {value!r} is no date"
    if column == "schoolYear" and not re.fullmatch(r"\d{4}", value):
        yield f"{column}: {value!r} is no year"
    if column == "grades" and any(item not in GRADES for item in value.split(",")):
        yield f"{column}: {value!r} is no grade"
    if column in ("subjects", "subjectCodes", "periods") and not all(value.split(",")):
        yield f"{column}: {value!r} has an empty item"
    if column == "userIds" and not all(
        re.fullmatch(r"\{[^:{}]+:[^:{}]+\}", item) for item in value.split(",")
    ):
        yield f"{column}: {value!r} is no list of ids"


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_references(records: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    known = {name: {row["sourcedId"] for row in rows} for name, rows in records.items()}
    for (name, column), target in REFERENCES.items():
        for row in records.get(name, ()):
            for item in _split(row.get(column, "")):
                if item not in known.get(target, set()):
                    yield f"{name}: {column} {item} is not in {target}"
    schools = {row["sourcedId"] for row in records.get("orgs", ()) if row["type"] == "school"}
    for name in ("classes", "enrollments"):
        for row in records.get(name, ()):
            if row["schoolSourcedId"] not in schools:
                yield f"{name}: {row['schoolSourcedId']} is no school"


def _check_roles(records: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    roles = records.get("roles", ())
    primary = Counter(
        (row["userSourcedId"], row["orgSourcedId"]) for row in roles if row["roleType"] == "primary"
    )
    yield from (f"roles: {pair} has {n} primary roles" for pair, n in primary.items() if n > 1)
    at = {(row["userSourcedId"], row["orgSourcedId"]) for row in roles}
    for row in records.get("users", ()):
        pair = (row["sourcedId"], row["primaryOrgSourcedId"])
        if row["primaryOrgSourcedId"] and pair not in at:
            yield f"users: {pair[0]} has no role at its primary org"
