"""E-mail domains: outside the district, near misses, and those of the other role."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from validator import frame
from validator.checks.declaration import check
from validator.frame.address_parts import Domains, list_domains
from validator.frame.arrays import count_numbers, count_pairs
from validator.model import Finding, Level, Places, Table
from validator.vocabulary.mail import PUBLIC_PROVIDERS

COLUMNS = ["Student_email", "Teacher_email", "Staff_email"]
"""The column of addresses in each table of people."""

FAMILY = 3
"""A domain with fewer users may be a family's, so no note names it."""

SCHOOL = 10
"""Fewest people of a school whose domain may be taken for the district's."""

SHORTEST_DOMAIN = 2
"""Labels of the shortest domain that can be a district's."""

LONG_LABEL = 8
"""Fewest letters of a part of a domain in which one other letter is a typing error: shorter names
that differ by a letter are often two districts."""


@check(wants=("district_domains",))
def outside_district(
    people: Table,
    *others: Table | None,
    column: str,
    other_columns: list[str],
    judged_by_others: bool,
    share: float,
    district_domains: list[str],
) -> Finding:
    """Find people whose address is not the district's, or is in a near miss of a bigger domain.

    Without configured domains, the district's are those of at least `share` of the people, or of
    the others where `judged_by_others`, of most of a school, and of a user's second role. Public
    mail providers never are. A near miss that most people or a whole school use is advice.
    """
    domains = list_domains(people, column)
    users, of_others = domains.count_users(), _count_users(others, other_columns)
    own = {name.casefold().lstrip("@") for name in district_domains}
    of_school = _list_school_domains(people, domains)
    judges = (of_others or users) if judged_by_others else users
    near = {} if own else _find_near_misses(users, of_others)
    known = own or (_find_frequent(judges, share) | of_school) - near.keys()
    suspicious = frozenset() if own else PUBLIC_PROVIDERS | near.keys()
    is_foreign = [
        name in suspicious or (bool(known) and not _is_within(name, known))
        for name in domains.names
    ]
    public = own or {name for name in known if judges.get(name, 0) >= FAMILY}
    whole = {name for name in near if name in of_school or 2 * users[name] > sum(users.values())}
    notes = _write_notes(domains.names, is_foreign, public=public, near=near, whole=whole)
    foreign = np.asarray([*is_foreign, False], bool)[domains.number]
    if not own:
        foreign &= ~_mark_other_roles(people, others, domains, share=share)
    softer = domains.mark(whole)
    blocks = [
        _place(people, column, foreign & ~softer, domains=domains, notes=notes),
        _place(people, column, foreign & softer, domains=domains, notes=notes, level=Level.ADVICE),
    ]
    who = frame.group_people(people)
    return Finding(frame.count_once(blocks, who.number), of=who.count)


def _mark_other_roles(
    people: Table, others: tuple[Table | None, ...], domains: Domains, *, share: float
) -> np.ndarray:
    """Bool mask of the users with two roles whose domain is that of people of the other role."""
    mask = np.zeros(len(people), bool)
    for other in filter(None, others):
        is_same = frame.match_users(people, other) >= 0
        if is_same.any():
            theirs = _find_frequent(_count_users((other,), COLUMNS), share)
            mask |= is_same & domains.mark(theirs)
    return mask


def _count_users(
    tables: tuple[Table | None, ...], columns: list[str], *, apart_from: Table | None = None
) -> dict[str, int]:
    """How many rows of the tables have an address in each domain, in any of the columns.

    Users who are also among the people of `apart_from` do not count.
    """
    users: dict[str, int] = {}
    for table in filter(None, tables):
        left_out = None if apart_from is None else frame.match_users(table, apart_from) >= 0
        for column in filter(table.has, columns):
            for domain, count in list_domains(table, column).count_users(left_out).items():
                users[domain] = users.get(domain, 0) + count
    return users


def _find_frequent(users: Mapping[str, int], share: float) -> set[str]:
    """The domains of at least `share` of the addresses, without public providers."""
    least = share * sum(users.values())
    return {name for name, count in users.items() if count >= least} - PUBLIC_PROVIDERS


def _list_school_domains(people: Table, domains: Domains) -> set[str]:
    """The domains that most people of one school use, in schools of at least SCHOOL people."""
    if not people.has("School_id"):
        return set()
    school = frame.encode(people, "School_id")
    rows = np.flatnonzero((domains.number >= 0) & ~school.blank)
    if not len(rows):
        return set()
    of_school, of_domain, times = count_pairs(school.codes[rows], domains.number[rows])
    total = count_numbers(school.codes[rows], minlength=len(school.values))[of_school]
    chosen = of_domain[(total >= SCHOOL) & (2 * times > total)]
    return {domains.names[at] for at in chosen.tolist()} - PUBLIC_PROVIDERS


def _find_near_misses(users: Mapping[str, int], others: Mapping[str, int]) -> dict[str, str]:
    """Domain -> the bigger domain from which it differs by one letter of a long label."""
    counts = {name: users.get(name, 0) + others.get(name, 0) for name in {**users, **others}}
    bigger = [name for name, count in counts.items() if count >= FAMILY]
    near = {}
    for name in sorted(users):
        close = [
            other for other in bigger if counts[other] > counts[name] and is_near_miss(name, other)
        ]
        if close and name not in PUBLIC_PROVIDERS:
            near[name] = max(close, key=lambda other: (counts[other], other))
    return near


def is_near_miss(domain: str, other: str) -> bool:
    """Whether the check of near misses finds two domains: one letter of a long label differs.

    One of them may have one label more in front, as students.maple.org has before maple.org.
    """
    from rapidfuzz.distance import DamerauLevenshtein  # slow to import, seldom needed

    left, right = domain.split("."), other.split(".")
    shared = min(len(left), len(right))
    if abs(len(left) - len(right)) > 1 or shared < SHORTEST_DOMAIN:
        return False
    left, right = left[-shared:], right[-shared:]
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    if len(pairs) != 1:
        return False
    a, b = pairs[0]
    if min(len(a), len(b)) < LONG_LABEL - 1 or max(len(a), len(b)) < LONG_LABEL:
        return False
    if any(letter.isdigit() for letter in set(a) ^ set(b)):
        return False  # school1 and school2 are two schools
    return bool(DamerauLevenshtein.distance(a, b) == 1)


def _write_notes(
    names: list[str],
    foreign: list[bool],
    *,
    public: set[str],
    near: Mapping[str, str],
    whole: set[str],
) -> list[str]:
    """Per domain a note that names the district domain that was probably intended, or ""."""
    notes = []
    for name, is_foreign in zip(names, foreign, strict=True):
        other = near.get(name, "")
        if name in whole:
            notes.append(f"one letter off {other}: a typing error, or a different domain")
        elif is_foreign and (other or _find_close(name, public)):
            notes.append(f"may be a misspelling of {other or _find_close(name, public)}")
        else:
            notes.append("")
    return notes


def _find_close(domain: str, known: set[str]) -> str:
    """The known domain from which the domain differs by at most two letters, or ""."""
    from rapidfuzz.distance import DamerauLevenshtein  # slow to import, seldom needed

    if domain in PUBLIC_PROVIDERS:
        return ""
    close = [own for own in known if 0 < DamerauLevenshtein.distance(domain, own) <= 2]
    return min(close, default="")


def _place(
    people: Table,
    column: str,
    mask: np.ndarray,
    *,
    domains: Domains,
    notes: list[str],
    level: Level | None = None,
) -> Places:
    """The places of e-mail addresses that a check of domains finds, with a note for each domain."""
    rows = np.flatnonzero(mask)
    written = [notes[at] for at in domains.number[rows].tolist()]
    return frame.place_rows(
        people, rows, column, notes=written if any(written) else None, level=level
    )


def _is_within(domain: str, known: set[str]) -> bool:
    """Whether a domain is one of the district's or below one (students.maple.org, maple.org)."""
    return any(domain == own or domain.endswith("." + own) for own in known)


@check()
def of_other_role(
    people: Table,
    *others: Table | None,
    column: str,
    other_columns: list[str],
    share: float,
    most: float,
) -> Finding:
    """Find people whose address is in the domain that only the other role uses.

    Only where at least `share` of each role have one domain, another one in each role, and at most
    `most` of the people, or one person, have the other role's. Users with both roles are left out.
    """
    who = frame.group_people(people)
    domains = list_domains(people, column)
    has_both = np.zeros(len(people), bool)
    for other in filter(None, others):
        has_both |= frame.match_users(people, other) >= 0
    users = domains.count_users(has_both)
    of_others = _count_users(others, other_columns, apart_from=people)
    own, theirs = _find_main(users, share), _find_main(of_others, share)
    if not own or not theirs or own == theirs or theirs in PUBLIC_PROVIDERS:
        return Finding([], of=who.count)
    rows = np.flatnonzero(domains.mark({theirs}) & ~has_both)
    few = max(1, most * sum(users.values()))
    if len(np.unique(who.number[rows])) > few:
        return Finding([], of=who.count)
    return frame.report_people(people, rows, column)


def _find_main(users: Mapping[str, int], share: float) -> str:
    """The domain of at least `share` of the addresses, or ""."""
    total = sum(users.values())
    main = max(users, key=lambda name: users[name], default="")
    return main if main and users[main] >= share * total else ""
