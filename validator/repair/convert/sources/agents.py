"""Contacts of students in OneRoster: users whom a student's row names as agents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.frame import Encoded
from validator.frame.arrays import count_numbers, repeat_each
from validator.frame.values import match_pattern, split_lists
from validator.model import Export, Table, dataclass
from validator.repair.convert import cells
from validator.repair.convert.oneroster import ids
from validator.repair.convert.oneroster.contacts import STATED
from validator.repair.convert.places import METADATA
from validator.repair.convert.roster import Heading, Records
from validator.repair.written import LeftOut

AGENTS = "agentSourcedIds"

TYPES = {"parent": "Parent/Guardian", "guardian": "Parent/Guardian", "relative": "Family"}
RELATIONSHIPS = {"parent": "Parent", "guardian": "Other", "relative": "Other"}
"""OneRoster's role in lower case -> Clever's Contact_type and Contact_relationship. Source of the
words: https://dev.clever.com/docs/api-overview."""


UNKNOWN = "No user has these ids, so they are not contacts."


@dataclass(frozen=True, eq=False)
class Agents:
    """The contacts of students, the row of each one's student, and ids that nobody has."""

    contacts: Records | None = None
    owner: np.ndarray | None = None
    left_out: tuple[LeftOut, ...] = ()


def collect_contacts(export: Export, own: Mapping[str, Table], used: set[Heading]) -> Agents:
    """Return the contacts of students to convert, in the order of their rows."""
    users, students = own.get("users.csv"), export.tables.get("students")
    if users is None or students is None or not users.has(AGENTS):
        return Agents()
    used.add(Heading(users.file, users.headers[AGENTS]))
    at = np.searchsorted(users.lines, students.lines)
    lists = cells.select(frame.encode(users, AGENTS), at)
    owner, agent = _split(lists)
    if not len(owner):
        return Agents()
    keys, first = frame.index_by_key(users)
    position = frame.find_positions(agent.values, keys)
    row = np.where(position >= 0, first[np.maximum(position, 0)], -1)
    user = agent.broadcast(row)
    known = user >= 0
    heading = Heading(users.file, users.headers[AGENTS])
    unknown = int((~known).sum())
    left_out = (LeftOut(heading.file, heading.name, unknown, UNKNOWN),) if unknown else ()
    if not known.any():
        return Agents(left_out=left_out)
    columns = _build_columns(users, own.get("roles.csv"), user[known])
    records = Records(
        "contacts",
        users.file,
        columns,
        int(known.sum()),
        dict.fromkeys(columns, heading),
    )
    return Agents(records, owner[known], left_out)


def _split(lists: Encoded) -> tuple[np.ndarray, Encoded]:
    """Split the lists of contacts to convert: the row of each item, ascending, and the item."""
    cell, parts = split_lists(lists.values)
    count = count_numbers(cell, minlength=len(lists.values))
    begin = np.cumsum(count) - count
    times = count[lists.codes]
    owner = repeat_each(np.arange(len(lists.codes)), times)
    within = np.arange(times.sum()) - repeat_each(np.cumsum(times) - times, times)
    encoded = parts.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return owner, Encoded(encoded.dictionary, codes[begin[lists.codes][owner] + within])


def _build_columns(users: Table, roles: Table | None, user: np.ndarray) -> dict[str, Encoded]:
    """Convert users in some rows to Clever's contact columns."""

    def take(column: str) -> Encoded:
        return cells.select(frame.encode(users, column), user)

    role = _take_roles(users, roles, user)
    phone = cells.fill(take("phone"), take("sms"))
    is_cell = take("phone").blank & ~take("sms").blank
    columns = {
        "Contact_relationship": _map(role, RELATIONSHIPS),
        "Contact_type": _map(role, TYPES),
        "Contact_name": _join_names(take("givenName"), take("familyName")),
        "Contact_phone": phone,
        "Contact_phone_type": Encoded(pa.array(["", "Cell"], pa.string()), is_cell.astype(np.int8)),
        "Contact_email": take("email"),
        "Contact_sis_id": take("sourcedId"),
    }
    own = _mark_own(users, user)
    for name in STATED:
        stated = take(METADATA + name)
        derived = columns.get(name, stated)
        if users.has(METADATA + name):
            derived = cells.fill(stated, derived)
        columns[name] = cells.choose(own, stated, derived)
    if users.has(f"{METADATA}Contact_name"):
        columns["Contact_name"] = cells.choose(
            own, take(f"{METADATA}Contact_name"), columns["Contact_name"]
        )
    return {name: column for name, column in columns.items() if cells.is_filled(column)}


def _mark_own(users: Table, user: np.ndarray) -> np.ndarray:
    """Mark the contacts that a conversion wrote: a blank in their rows was blank before it, too."""
    ids_ = frame.encode(users, "sourcedId")
    own = ids_.broadcast(match_pattern(ids_.values, f"^{ids.CONTACT}"))
    return np.asarray(own[user], bool)


def _take_roles(users: Table, roles: Table | None, user: np.ndarray) -> Encoded:
    """Return the role of each contact to convert, in lower case."""
    if users.has("role") or roles is None:
        return cells.select(frame.encode_lower(users, "role"), user)
    first = np.full(len(users), -1, np.int64)
    at = frame.locate_rows(roles, "userSourcedId", users)
    rows = np.flatnonzero(at >= 0)[::-1]
    first[at[rows]] = rows
    return cells.look_up(frame.encode_lower(roles, "role"), first[user])


def _map(column: Encoded, words: Mapping[str, str]) -> Encoded:
    """Convert the cells of a contact's column by a list of words."""
    return cells.convert_values(column, words.get)


def _join_names(given: Encoded, family: Encoded) -> Encoded:
    """Join given and family names of contacts into Clever's full names."""
    number, first = cells.number_rows([given, family])
    texts = [column.take(first) for column in (given, family)]
    names = pc.utf8_trim(pc.binary_join_element_wise(*texts, " "), characters=" ")
    return Encoded(names, number.astype(np.int32))
