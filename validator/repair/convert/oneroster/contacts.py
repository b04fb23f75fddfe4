"""Users of a bundle who are contacts of students."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from validator.frame import Encoded
from validator.frame.arrays import count_numbers
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.columns import Columns
from validator.repair.convert.oneroster.people import (
    ASSUMED,
    Group,
    Posts,
    find_firsts,
)
from validator.repair.convert.oneroster.places import V12
from validator.repair.convert.places import METADATA
from validator.repair.convert.roster import CONTACTS, Records, Roster

STATED = (
    "Contact_relationship",
    "Contact_type",
    "Contact_phone_type",
    "Contact_sis_id",
    "Contact_pickup_rights",
)
"""Columns of a contact that OneRoster has no column for; they go to metadata."""

PARENT = re.compile(r"\b(parent|mother|father|mom|mum|dad|step)")
GUARDIAN = re.compile(r"guardian|foster")
SUFFIX = re.compile(r"(jr|sr)\.?|ii|iii|iv", re.IGNORECASE)
"""What may follow a family name, such as Jr."""

NO_NAME = "-"
"""Written for a name that a contact does not have; OneRoster refuses a blank."""


def build_contacts(roster: Roster, version: str) -> tuple[Group | None, Encoded | None]:
    """Convert the contacts of students: each contact once, and each student's list of them."""
    students = roster.tables.get("students")
    if students is None or students.person is None:
        return None, None
    present = [name for name in CONTACTS if name in students.columns]
    filled = [~students.columns[name].blank for name in present]
    rows = np.flatnonzero(np.any(filled, axis=0)) if filled else np.zeros(0, np.int64)
    if not len(rows):
        return None, None
    contacts = students.take(rows)
    columns = [contacts.get(name) for name in CONTACTS]
    number, first = cells.number_rows(columns)
    single = contacts.take(first)
    id = _derive_ids(single)
    role = _find_roles(single)
    firsts, person = find_firsts(students.person)
    agents = _list_agents(person[rows], cells.select(id, number), count=len(firsts))
    school = contacts.get("School_id")
    posts = Posts(np.arange(len(first)), cells.select(school, first))
    described = _describe(single, id, role, posts=posts, version=version)
    return Group(described, id, role, posts, len(first), {}), agents


def _derive_ids(contacts: Records) -> Encoded:
    """Return an id for each distinct contact: the SIS's own, where that identifies the contact."""
    sis = cells.merge_equal(contacts.get("Contact_sis_id"))
    times = count_numbers(sis.codes, minlength=len(sis.values))
    alone = ~sis.blank & (times[sis.codes] == 1)
    stated = ids.derive(sis, ids.CONTACT)
    if alone.all():
        return stated
    hashed = ids.derive_from(f"{ids.CONTACT}sha256-", [contacts.get(name) for name in CONTACTS])
    return cells.choose(alone, stated, hashed)


def _find_roles(contacts: Records) -> Encoded:
    """Return the role of a converted contact: parent, guardian or relative."""
    columns = [contacts.get("Contact_relationship"), contacts.get("Contact_type")]
    number, first = cells.number_rows(columns)
    texts = [column.take(first).to_pylist() for column in columns]
    roles = [find_role(*row) for row in zip(*texts, strict=True)]
    return cells.merge_equal(Encoded(pa.array(roles, pa.string()), number.astype("int32")))


def find_role(relationship: str, type: str) -> str:
    """Convert a contact's relation to OneRoster's role."""
    for text in (relationship.lower(), type.lower()):
        if text == "parent/guardian":
            return "guardian"
        if PARENT.search(text):
            return "parent"
        if GUARDIAN.search(text):
            return "guardian"
    return "relative"


def _list_agents(person: np.ndarray, id: Encoded, *, count: int) -> Encoded:
    """Return per student the list of contacts, each once, in the order of the rows."""
    keys = person * np.int64(max(len(id.codes), 1)) + cells.number_rows([id])[0]
    once = np.sort(np.unique(keys, return_index=True)[1])
    order = once[np.argsort(person[once], kind="stable")]
    return cells.join_lists(person[order], cells.select(id, order), count)


def _describe(
    contacts: Records, id: Encoded, role: Encoded, *, posts: Posts, version: str
) -> Columns:
    """Write the contacts of students as columns of a converted users.csv."""
    count = contacts.count
    name = contacts.get("Contact_name")
    given = cells.convert_values(name, lambda text: split_name(text)[0])
    family = cells.convert_values(name, lambda text: split_name(text)[1])
    no_name = cells.repeat_text(NO_NAME, count)
    columns = {
        "sourcedId": id,
        "enabledUser": cells.repeat_text("true", count),
        "username": id,
        "givenName": cells.fill(given, no_name),
        "familyName": cells.fill(family, no_name),
        "email": contacts.get("Contact_email"),
        "phone": contacts.get("Contact_phone"),
        ASSUMED: cells.repeat_text("username", count),
    }
    stated = [column for column in STATED if column in contacts.columns]
    columns |= {METADATA + column: contacts.columns[column] for column in stated}
    if any(" ".join(split_name(text)) != text for text in name.values.to_pylist()):
        columns[f"{METADATA}Contact_name"] = name
    schools = ids.derive(posts.school)
    if version == V12:
        return columns | {"primaryOrgSourcedId": schools}
    return columns | {"orgSourcedIds": schools, "role": role}


def split_name(text: str) -> tuple[str, str]:
    """Split a contact's name into given and family name; Jr. and III go with the family name."""
    words, suffix = _split_suffix(text)
    last, comma, first = words.partition(",")
    if comma:
        given, family = first.strip(), last.strip()
    else:
        given, _, family = words.rpartition(" ")
    if family and suffix:
        family = f"{family.strip()} {suffix}"
    return given.strip(), family.strip()


def _split_suffix(text: str) -> tuple[str, str]:
    """Return a contact's name without its last word, and this word, if that is Jr., III or so."""
    words, _, last = text.strip().rpartition(" ")
    if not SUFFIX.fullmatch(last):
        return text, ""
    return words.strip().removesuffix(",").strip(), last
