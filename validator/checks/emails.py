"""E-mail addresses: several, shared, outside the district."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from validator import frame
from validator.frame import values as frame_values
from validator.model import Finding, Table

FAMILY = 3
"""A domain that fewer people use may be a family's, so no note names it."""


def several(people: Table, *, column: str) -> Finding:
    """People with more than one address, in one cell or over their rows; counts people. What is no address is another
    rule's."""
    who = frame.group_people(people)
    values = frame.encode_lower(people, column)
    found = values.broadcast(frame.judge_values(people, column, frame_values.is_several_emails))
    if who.count < len(people):
        filled = np.flatnonzero(
            values.broadcast(frame.judge_values(people, column, frame_values.is_email)) | found
        )
        owned = frame.sort_unique(
            who.number[filled].astype(np.int64) * len(values.values) + values.codes[filled]
        )
        found = (
            np.bincount(owned // len(values.values), minlength=who.count)[who.number] > 1
        ) & ~values.blank | found
    rows = np.flatnonzero(found)
    person = who.number[rows]
    return Finding(
        [frame.place_rows(people, rows, column, groups=person, counts=frame.mark_firsts(person))],
        of=who.count,
    )


def _address_rows(people: Table, column: str) -> tuple[np.ndarray, pa.Array, np.ndarray]:
    """Rows with an address, the distinct addresses in lower case, and the number of the address of each row."""
    values = frame.encode_lower(people, column)
    rows = np.flatnonzero(~values.blank)
    lists = np.flatnonzero(frame.judge_values(people, column, frame_values.is_several_emails))
    if not len(lists):
        return rows, values.values, values.codes[rows]
    known = {value: at for at, value in enumerate(values.values.to_pylist())}
    held = frame_values.split_addresses(values.values.take(pa.array(lists)))
    codes = np.asarray(
        [known.setdefault(one, len(known)) for cell in held for one in cell], np.int32
    )
    sizes = np.asarray([len(cell) for cell in held], np.int64)
    single = ~np.isin(values.codes[rows], lists)
    several = rows[~single]
    cell = np.searchsorted(lists, values.codes[several])
    each = sizes[
        cell
    ]  # how many addresses each of these rows has; they stand one after the other in `codes`
    within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    more = codes[np.repeat((np.cumsum(sizes) - sizes)[cell], each) + within]
    return (
        np.concatenate([rows[single], np.repeat(several, each)]),
        pa.array(list(known), pa.string()),
        np.concatenate([values.codes[rows][single], more]),
    )


def repeated(people: Table, *, column: str) -> Finding:
    """People who share an address with somebody of another id in the same file; everybody in the group counts once.

    Two people under one id are another rule's.
    """
    who = frame.group_people(people)
    rows, addresses, code = _address_rows(people, column)
    holder = frame.number_ids(people)
    width = np.int64(2 * len(people) + 1)
    owners = np.bincount(
        frame.sort_unique(code.astype(np.int64) * width + holder[rows]) // width,
        minlength=len(addresses),
    )
    shared = owners[code] > 1
    rows, code = rows[shared], code[shared]
    order = np.argsort(rows, kind="stable")
    rows, code = rows[order], code[order]
    once = frame.mark_firsts(who.number[rows].astype(np.int64) * len(addresses) + code)
    rows, code = rows[once], code[once]
    return Finding(
        [
            frame.place_rows(
                people, rows, column, groups=code, counts=frame.mark_firsts(who.number[rows])
            )
        ],
        of=who.count,
        groups=0,
    )


def also_adult(
    students: Table, *others: Table | None, column: str, other_columns: list[str]
) -> Finding:
    """Students whose address is also that of a teacher, a staff member or a contact of somebody."""
    who = frame.group_people(students)
    rows, addresses, code = _address_rows(students, column)
    adult = np.zeros(len(addresses), bool)
    for table in (students, *others):
        for other_column in other_columns:
            if table is not None and table.has(other_column) and other_column != column:
                adult |= frame.is_among(addresses, _address_rows(table, other_column)[1])
    if len(adult):
        adult &= ~frame_values.is_blank(addresses)
    rows = np.unique(rows[adult[code]])
    return Finding(
        [frame.place_rows(students, rows, column, counts=frame.mark_firsts(who.number[rows]))],
        of=who.count,
    )


def outside_district(
    people: Table,
    judges: Table | None = None,
    *,
    column: str,
    judges_column: str = "",
    share: float,
    district_domains: list[str],
) -> Finding:
    """People whose address is not of the district; near misses of a district domain say so.

    Without configured domains, those used by at least `share` of the `judges` with an address are the district's
    (of the people themselves where no judge has an address).
    """
    who = frame.group_people(people)
    names, per_row = _domains(people, column)
    judged, used = (names, per_row) if judges is None else _domains(judges, judges_column)
    if not (used >= 0).any():
        judged, used = names, per_row
    users = dict(
        zip(judged, np.bincount(used[used >= 0], minlength=len(judged)).tolist(), strict=True)
    )
    least = share * max(sum(users.values()), 1)
    own = {name.casefold().lstrip("@") for name in district_domains}
    known = own or {name for name, count in users.items() if name and count >= least}
    if not known:
        return Finding([], of=who.count)
    foreign = np.asarray([not _within(name, known) for name in names] + [False], bool)
    rows = np.flatnonzero(foreign[per_row])
    public = own or {name for name in known if users[name] >= FAMILY}
    near = {
        at: note for at, name in enumerate(names) if foreign[at] and (note := _near(name, public))
    }
    notes = [near.get(at, "") for at in per_row[rows].tolist()] if near else None
    return Finding(
        [
            frame.place_rows(
                people, rows, column, notes=notes, counts=frame.mark_firsts(who.number[rows])
            )
        ],
        of=who.count,
    )


def _domains(people: Table, column: str) -> tuple[list[str], np.ndarray]:
    """The distinct domains of valid addresses, and the number of the domain of each row (-1 for none)."""

    def make() -> tuple[list[str], np.ndarray]:
        values = frame.encode_lower(people, column)
        domain = frame_values.get_domains(values.values).dictionary_encode()
        valid = frame.judge_values(people, column, frame_values.is_email)
        number = np.where(valid, domain.indices.to_numpy(zero_copy_only=False), -1)
        return [name or "" for name in domain.dictionary.to_pylist()], values.broadcast(number)

    return frame.remember(people, ("domains", column), make)


def _within(domain: str, known: set[str]) -> bool:
    """Whether the domain is one of the district's or below one (students.maple.org is below maple.org)."""
    return any(domain == own or domain.endswith("." + own) for own in known)


def _near(domain: str, known: set[str]) -> str:
    """Says so when a domain differs from a district domain by a typing error."""
    from rapidfuzz.distance import DamerauLevenshtein  # slow to import, seldom needed

    close = [own for own in known if 0 < DamerauLevenshtein.distance(domain, own) <= 2]
    return f"looks like a typing error of {sorted(close)[0]}" if close else ""
