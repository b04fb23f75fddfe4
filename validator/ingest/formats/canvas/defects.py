"""Rows that Canvas's import refuses, leaves out or reads in another way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from validator import frame
from validator.frame.values import NO_DAY
from validator.ingest.formats.canvas.names import STUDENT, TEACHER
from validator.ingest.formats.canvas.people import STAFF, STUDENTS, TEACHERS, UNSURE
from validator.ingest.formats.canvas.sources import (
    UNKNOWN_ROLE,
    Sources,
    mark_active,
    take_mask,
)
from validator.model import Export, Places, Table
from validator.schemas.canvas import REPORTED_STATUSES

Found = Iterator[tuple[str, Places]]
"""Rule id and a block of its places."""


def find_defects(export: Export, sources: Sources, kinds: np.ndarray) -> dict[str, list[Places]]:
    """Find, in Canvas's CSV files as they were read, the effects of its import, by rule id."""
    defects: dict[str, list[Places]] = {}
    blocks = [
        *_find_inactive(sources),
        *_find_reported_statuses(sources),
        *_find_users(sources, kinds),
        *_find_accounts(sources),
        *_find_courses(sources),
        *_find_enrollments(sources, kinds),
    ]
    for rule, places in blocks:
        if len(places):
            defects.setdefault(rule, []).append(places)
    links = sources.find("enrollments")
    if links is not None and links.has("user_integration_id"):
        defects["column-missing"] = [
            place
            for place in export.defects.get("column-missing", ())
            if (place.table, place.column) != (links.name, "user_id")
        ]
    return defects


def _find_inactive(sources: Sources) -> Found:
    """Yield records read from Canvas's CSV files that are deleted, concluded or inactive."""
    for table in sources.tables.values():
        if table.has("status"):
            yield (
                "canvas-record-inactive",
                frame.place_rows(table, ~frame.mark_live(table), "status"),
            )


def _find_reported_statuses(sources: Sources) -> Found:
    """Yield Canvas records with a status of its reports, in files that are not such a report."""
    for name in ("courses", "enrollments"):
        table = sources.find(name)
        if table is not None and table.has("status") and not table.has("created_by_sis"):
            reported = frame.match_words(table, "status", REPORTED_STATUSES)
            yield "canvas-status-of-reports", frame.place_rows(table, reported, "status")


def _find_users(sources: Sources, kinds: np.ndarray) -> Found:
    """Yield users read from Canvas's CSV file: without kind, suspended, sign-in name used twice."""
    users = sources.find("users")
    if users is None:
        return
    active = mark_active(users)
    ids = frame.encode(users, "user_id")
    yield (
        "canvas-user-without-id",
        frame.place_rows(users, active & ids.blank & (kinds < 0), "user_id"),
    )
    unsure = active & ~ids.blank & (kinds == UNSURE)
    yield "canvas-user-kind-unknown", frame.place_rows(users, unsure, "user_id")
    enrolled = np.zeros(len(users), bool)
    user = sources.user_of_link
    takes_part = np.isin(sources.role_of_link, (STUDENT, TEACHER))
    enrolled[user[sources.link_counts & takes_part & (user >= 0)]] = True
    suspended = enrolled & frame.match_words(users, "status", ("suspended",))
    yield "canvas-user-suspended", frame.place_rows(users, suspended, "status")
    logins = frame.encode_lower(users, "login_id")
    rows = np.flatnonzero(active & ~logins.blank)
    later = rows[~frame.mark_firsts(logins.codes[rows])]
    first = np.full(len(logins.values), -1, np.int64)
    first[logins.codes[rows[::-1]]] = rows[::-1]
    other = ids.codes[first[logins.codes[later]]] != ids.codes[later]
    yield "canvas-login-repeated", frame.place_rows(users, later[other], "login_id")


def _find_accounts(sources: Sources) -> Found:
    """Yield accounts read from Canvas's CSV file that come before the account they belong to."""
    accounts = sources.find("accounts")
    if accounts is None:
        return
    parent = sources.locate("accounts", "parent_account_id", "accounts")
    early = mark_active(accounts) & (parent >= np.arange(len(accounts)))
    yield "canvas-account-order", frame.place_rows(accounts, early, "parent_account_id")


def _find_courses(sources: Sources) -> Found:
    """Yield courses read from Canvas's CSV file at no account, or with no section or enrollment."""
    courses = sources.find("courses")
    if courses is None:
        return
    used = np.zeros(len(courses), bool)
    taught = sources.course_of_section[sources.section_counts]
    used[taught[taught >= 0]] = True
    used[sources.list_default_courses()] = True
    used = used[sources.find_firsts("courses")]
    counts = sources.course_counts
    nowhere = counts & used & frame.encode(courses, "account_id").blank
    if courses.has("account_id"):
        yield "canvas-school-from-account", Places.at_header(courses, "account_id")
        yield "canvas-course-without-account", frame.place_rows(courses, nowhere, "account_id")
    elif nowhere.any():
        note = "there is no account_id column"
        yield "canvas-course-without-account", Places.at_header(courses, notes=note)
    yield "canvas-course-without-section", frame.place_rows(courses, counts & ~used, "course_id")


def _find_enrollments(sources: Sources, kinds: np.ndarray) -> Found:
    """Yield enrollments read from Canvas's CSV file: refused by Canvas, or not counted here."""
    links = sources.find("enrollments")
    if links is None:
        return
    active = mark_active(links)
    role, user = sources.role_of_link, sources.user_of_link
    unknown = active & (role == UNKNOWN_ROLE)
    blank = frame.encode(links, "role").blank & frame.encode(links, "role_id").blank
    yield "canvas-role-unknown", frame.place_rows(links, unknown & ~blank, "role")
    if links.has("role"):
        yield "canvas-role-missing", frame.place_rows(links, unknown & blank, "role")
    unrelated = active & sources.is_unrelated & _mark_in_live_section(sources)
    yield "canvas-enrollment-course-differs", frame.place_rows(links, unrelated, "course_id")
    kind = np.append(kinds, UNSURE)[np.maximum(user, -1)]
    wrong = (role == STUDENT) & np.isin(kind, (TEACHERS, STAFF))
    wrong |= (role == TEACHER) & (kind == STUDENTS)
    differs = sources.link_counts & (user >= 0) & wrong
    yield "canvas-role-differs", frame.place_rows(links, differs, "role")
    yield "canvas-enrollment-overridden", frame.place_rows(links, sources.is_overridden, "status")
    yield from _find_dates(links, active)


def _mark_in_live_section(sources: Sources) -> np.ndarray:
    """Return the bool mask of the Canvas enrollments in a section that counts."""
    return take_mask(sources.section_counts, sources.section_of_link, otherwise=False)


def _find_dates(links: Table, active: np.ndarray) -> Found:
    """Yield enrollments read from Canvas's CSV files with one of two days, which has no effect."""
    first, last = (frame.parse_days(links, name) != NO_DAY for name in ("start_date", "end_date"))
    for name, alone in (("start_date", first & ~last), ("end_date", last & ~first)):
        yield "canvas-dates-alone", frame.place_rows(links, active & alone, name)
