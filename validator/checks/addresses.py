"""E-mail addresses that are placeholders, in second columns, or different in two files."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.checks.declaration import check
from validator.frame import values as frame_values
from validator.frame.address_parts import list_domains, mark_emails
from validator.frame.arrays import count_numbers
from validator.frame.emails import get_local_parts
from validator.frame.text_bytes import has_byte, mark_starts
from validator.model import Export, Finding, Places, Table
from validator.vocabulary.mail import NO_ADDRESS, NO_DOMAIN

NAMES = ("First_name", "Last_name")

MANY = 10
"""People whose addresses lead to one mailbox from which it is nobody's own; our own measure."""

SHORTEST = 3
"""Letters of a name by which an address counts as that person's own; shorter ones do not."""


@check()
def placeholder(people: Table, *, column: str) -> Finding:
    """Find people whose address says that there is none: `noemail@`, `none2@`, `@none.com`.

    Also those of `MANY` or more people who share one mailbox, as `office+1@` and `office+2@` do. An
    address that holds the person's name is a real one.
    """
    values = frame.encode_lower(people, column)
    valid = mark_emails(people, column)
    suspect = np.zeros(len(values.values), bool)
    for at in np.flatnonzero(valid & _may_be_placeholder(people, column)).tolist():
        local, _, domain = str(values.values[at]).rpartition("@")
        suspect[at] = re.sub(r"[._-]?[0-9]+$", "", local) in NO_ADDRESS or domain in NO_DOMAIN
    suspect |= valid & _mark_one_mailbox(values.values)
    rows = np.flatnonzero(values.broadcast(suspect))
    if not len(rows):
        return frame.report_people(people, rows, column)
    texts = frame.take_text(people, column, rows)
    first, last = (frame.take_text(people, name, rows) for name in NAMES)
    names = zip(first, last, strict=True)
    kept = [not _is_own(text, name) for text, name in zip(texts, names, strict=True)]
    return frame.report_people(people, rows[np.asarray(kept, bool)], column)


def _may_be_placeholder(people: Table, column: str) -> np.ndarray:
    """Bool mask of distinct addresses that may have a placeholder's word; a quick first test."""
    domains = list_domains(people, column)
    is_filler = np.asarray([*(name in NO_DOMAIN for name in domains.names), False], bool)
    values = frame.encode_lower(people, column).values
    may_be = mark_starts(values, {word[:2] for word in NO_ADDRESS})
    local = get_local_parts(values.filter(pa.array(may_be)))
    words = pc.ascii_rtrim(local, characters="0123456789._-")
    may_be[may_be] = frame.is_among(words, pa.array(sorted(NO_ADDRESS)))
    return np.asarray(may_be | is_filler[domains.by_value], bool)


def _mark_one_mailbox(values: pa.Array) -> np.ndarray:
    """Bool mask of distinct addresses that only differ from many others behind a plus sign."""
    if not has_byte(values, "+"):
        return np.zeros(len(values), bool)
    tagged = frame_values.match_pattern(values, r"^[^+@]+\+[^@]*@")
    if tagged.sum() < MANY:
        return np.zeros(len(values), bool)
    mailboxes = pc.replace_substring_regex(values, pattern=r"\+[^@]*@", replacement="@")
    codes = mailboxes.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    times = count_numbers(codes[tagged], minlength=len(values) + 1)
    return np.asarray(tagged & (times[codes] >= MANY), bool)


def _is_own(address: str, names: tuple[str, str]) -> bool:
    """Whether the part before the @ holds the last name, or the first one."""
    local = re.sub("[^a-z]", "", address.partition("@")[0].lower())
    plain = [re.sub("[^a-z]", "", name.lower()) for name in names]
    return any(len(name) >= SHORTEST and name in local for name in plain)


WORDS = re.compile(r"(?:^|[^a-z])(?:e-?mails?|mail)(?:[^a-z]|$)|e_?mail")
"""Headings of columns that hold e-mail addresses."""

NOT_OWN = re.compile(r"parent|guardian|contact|mother|father|family|home_?email|emergency")


@check()
def columns_several(export: Export, *tables: Table | None, columns: dict[str, str]) -> Finding:
    """Find further columns that hold e-mail addresses of people who have a column for theirs.

    `columns`: table -> that column. Columns of parents and other contacts are left out.
    """
    blocks = []
    present = {table.name: table for table in tables if table is not None}
    for name, table in present.items():
        for other, heading in table.headers.items():
            if other != columns.get(name, other) and _is_email_heading(str(heading)):
                if frame.encode(table, other).blank.all() or not _is_extension(str(heading)):
                    continue
                blocks.append(Places.at_header(table, other))
    for file in export.files:
        if file.table in present:
            for heading in file.columns_unused:
                if _is_email_heading(heading):
                    note = "a second column of e-mail addresses"
                    blocks.append(Places.at_header(present[file.table], notes=note))
    return Finding(blocks, of=max(len(present), len(blocks)))


def _is_extension(heading: str) -> bool:
    """Whether a heading is that of an extension column, for the check of several e-mail columns."""
    return heading.lower().startswith(("ext.", "metadata."))


def _is_email_heading(heading: str) -> bool:
    """Whether a heading is that of an e-mail column, for the check of several e-mail columns."""
    text = heading.casefold()
    return bool(WORDS.search(text)) and not NOT_OWN.search(text)


@check()
def differs_between_files(
    people: Table, others: Table | None, *, column: str, other_column: str, numbers: list[str]
) -> Finding:
    """People who are in both files under one name and one id or number, with different addresses.

    `numbers`: columns of the first table that may hold the other table's id.
    """
    who = frame.group_people(people)
    if others is None or frame.encode_names(people) is None or frame.encode_names(others) is None:
        return Finding([], of=who.count)
    differs = np.zeros(len(people), bool)
    for name in (people.key, *numbers):
        if people.has(name):
            differs |= _mark_differing(people, others, name, columns=(column, other_column))
    return frame.report_people(people, differs, column)


def _mark_differing(
    people: Table, others: Table, key: str, *, columns: tuple[str, str]
) -> np.ndarray:
    """Bool mask of the people who, by this column and both names, are in the other table too."""
    at = frame.locate_rows(people, key, others)
    rows = np.flatnonzero(at >= 0)
    same = np.ones(len(rows), bool)
    for name in NAMES:
        own, other = frame.encode_folded(people, name), frame.encode_folded(others, name)
        position = frame.find_positions(other.values, own.values)
        same &= position[other.codes[at[rows]]] == own.codes[rows]
    own, other = frame.encode_lower(people, columns[0]), frame.encode_lower(others, columns[1])
    position = frame.find_positions(other.values, own.values)
    same &= position[other.codes[at[rows]]] != own.codes[rows]
    same &= ~own.blank[rows] & ~other.blank[at[rows]]
    mask = np.zeros(len(people), bool)
    mask[rows[same]] = True
    return mask
