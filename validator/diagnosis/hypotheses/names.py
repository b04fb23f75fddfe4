"""Names in the wrong column: both in one, or first and last name swapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import apply_edits, edit_files
from validator.diagnosis.hypotheses.birth_dates import mark_filled
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit, take_cells
from validator.frame.name_schemes import list_local_letters, spell_names
from validator.frame.text_bytes import has_byte
from validator.model import Export, Table, dataclass

FIRST, LAST = "First_name", "Last_name"
TABLES = ("students", "teachers", "staff")
EMAILS = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}

LEAST = 3
SHARE = 0.9

COMMA = re.compile(r"([^,]*[^\W\d][^,]*?)\s*,\s*([^,]*[^\W\d][^,]*)")
WORDS = re.compile(r"(\S*[^\W\d]\S*)\s+(\S.*)")
SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|v|2nd|3rd|md|phd|esq)\.?", re.IGNORECASE)


def suspect_one_column(scene: Scene) -> Iterable[Suspicion]:
    """Suspect both names in one column, the other one blank or the same text again.

    Nearly all rows with a blank name have a comma between two names in the other column (not
    before Jr.), or, in at least 8 rows of nearly the whole file, several words.
    """
    for name in TABLES:
        table = scene.table(name)
        if table is None or not len(table) or (not table.has(LAST) and not table.has(FIRST)):
            continue
        for filled, other in ((LAST, FIRST), (FIRST, LAST)):
            suspicion = _suspect_one_column(table, filled, other)
            if suspicion is not None:
                yield suspicion
                break


def _suspect_one_column(table: Table, filled: str, other: str) -> Suspicion | None:
    """Suspect that first and last names are in one column; None without evidence."""
    has_text = mark_filled(table, filled)
    single = has_text & (~mark_filled(table, other) | _mark_same(table, filled, other))
    rows = np.flatnonzero(single)
    if len(rows) < LEAST:
        return None
    texts = frame.take_text(table, filled, rows)
    parts = [_split(text) for text in texts]
    joint = "a comma"
    if sum(part is not None for part in parts) < SHARE * len(rows):
        if len(rows) < 8 or len(rows) < SHARE * int(has_text.sum()):
            return None
        parts = [_split_words(text) for text in texts]
        joint = "a blank"
    good = [at for at, part in enumerate(parts) if part is not None]
    if len(good) < max(LEAST, SHARE * len(rows)):
        return None
    pairs = [part for part in parts if part is not None]
    chosen = rows[good]
    edits = [
        Edit(table.name, FIRST, chosen, pa.array([first for first, _ in pairs], pa.string())),
        Edit(table.name, LAST, chosen, pa.array([last for _, last in pairs], pa.string())),
    ]
    heading = table.headers.get(filled, filled)
    return Suspicion(
        "names-in-one-column",
        [frame.place_rows(table, chosen, filled)],
        f"{len(good):,} of {len(rows):,} names in {heading} of {table.file} without a name in the "
        f"other column hold both, with {joint} between them",
        symptoms=frozenset({(table.name, FIRST), (table.name, LAST)}),
        repaired=len(good),
        failing=len(rows),
        inverse=partial(_edit, edits=edits),
    )


def _mark_same(table: Table, left: str, right: str) -> np.ndarray:
    """Return a bool mask, for the hypothesis of whole names in both columns: one text with a
    comma in both."""
    if not table.has(left) or not table.has(right):
        return np.zeros(len(table), bool)
    encoded = frame.encode(table, left)
    if not has_byte(encoded.values, ","):
        return np.zeros(len(table), bool)
    commas = pc.match_substring(encoded.values, ",").to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(encoded.broadcast(commas))
    out = np.zeros(len(table), bool)
    same = [
        a == b
        for a, b in zip(
            frame.take_text(table, left, rows), frame.take_text(table, right, rows), strict=True
        )
    ]
    out[rows] = same
    return out


def _split(text: str) -> tuple[str, str] | None:
    """Undo the damage of names in one column, `Last, First`; None for anything else."""
    match = COMMA.fullmatch(text)
    if match is None or SUFFIX.fullmatch(match[2].strip()):
        return None
    return match[2].strip(), match[1].strip()


def _split_words(text: str) -> tuple[str, str] | None:
    """Undo the damage of names in one column, `First Last`; None for a single word."""
    match = WORDS.fullmatch(text)
    return (match[1], match[2]) if match else None


SAMPLE = 120
PROOF = 8
CONTRAST, MOST = 3, 0.6
"""Addresses of another file, and the share of them, that must read the other way around."""

OWN, FEW = 0.75, 0.05
"""Shares of a file's addresses: those that must contradict its names, those that may not."""

SEEN = 3

REVERSED = {"last.first": "first.last", "lfirst": "flast"}
"""Schemes of sign-in names, read with the columns -> the scheme if the columns are swapped."""


@dataclass(frozen=True)
class Scheme:
    """How nearly all addresses or usernames of a table are made of the name columns."""

    name: str
    count: int
    of: int
    against: int


def suspect_swapped(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that first and last name are swapped: the addresses read the other way around.

    Two signs: nearly all of at least 8 addresses of one file read `last.first` or last initial and
    first name, and the addresses of the other files, or this file's own usernames, read the other
    way round. Where given names recur across files, they must say the same; a district whose
    addresses all read last.first has no such contrast.
    """
    tables = [table for name in TABLES if (table := scene.table(name)) is not None and len(table)]
    tables = [table for table in tables if table.has(FIRST) and table.has(LAST)]
    for table in tables:
        own = find_scheme(table, EMAILS[table.name], PROOF, share=OWN)
        if own is None or own.name not in REVERSED or own.count < PROOF:
            continue
        if own.against > FEW * own.of:
            continue
        others = list_contrasts(table, tables)
        username = find_scheme(table, "Username", PROOF)
        swaps = username is not None and REVERSED.get(username.name) != own.name
        reversed_too = username is not None and username.name == "lfirst" and swaps
        contrast = bool(others) and all(each.name not in REVERSED for each in others)
        if not contrast and not reversed_too:
            continue
        if _count_recurring(table, tables) < 0:
            continue
        yield _suspect_swapped(table, own, by_username=not contrast)


def list_contrasts(table: Table, tables: Sequence[Table]) -> list[Scheme]:
    """Return the schemes of the other tables' addresses, which show a swap of names here."""
    others = [other for other in tables if other is not table]
    schemes = [find_scheme(each, EMAILS[each.name], CONTRAST, share=MOST) for each in others]
    return [scheme for scheme in schemes if scheme is not None]


def find_scheme(table: Table, column: str, least: int, *, share: float = SHARE) -> Scheme | None:
    """Return the scheme of addresses that shows a hypothesis which name is which, or None."""
    if not table.has(column):
        return None
    filled = mark_filled(table, column) & mark_filled(table, FIRST) & mark_filled(table, LAST)
    rows = np.flatnonzero(filled)
    if len(rows) < least:
        return None
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).astype(np.intp)]
    times: dict[str, int] = {}
    for scheme in list_schemes(table, column, rows):
        times[scheme] = times.get(scheme, 0) + 1
    best = max(times, key=lambda name: times[name])
    if not best or times[best] < share * len(rows):
        return None
    against = sum(count for name, count in times.items() if name and name != best)
    return Scheme(best, times[best], len(rows), against)


def list_schemes(table: Table, column: str, rows: np.ndarray) -> list[str]:
    """List the address scheme of each row, as evidence of swapped names; "" for no scheme."""
    local = list_local_letters(table, column, rows)
    first, last = (spell_names(table, name, rows)[0] for name in (FIRST, LAST))
    columns = (texts.to_pylist() for texts in (local, first, last))
    return [_name_scheme(*names) for names in zip(*columns, strict=True)]


def _name_scheme(local: str, first: str, last: str) -> str:
    """Return how an address is made of names, as evidence of swapped names; "" for no scheme."""
    if not first or not last or first == last:
        return ""
    if local == last[0] + first:
        return "lfirst"
    if local == first[0] + last:
        return "flast"
    if len(local) != len(first) + len(last):
        return ""
    if local == last + first:
        return "last.first"
    return "first.last" if local == first + last else ""


def _count_recurring(table: Table, tables: list[Table]) -> int:
    """Return whether names of other files say that the columns are swapped: 1, 0 (unknown), -1."""
    others = [other for other in tables if other is not table]
    first, last = (_list_names([table], column) for column in (FIRST, LAST))
    other_first, other_last = (_list_names(others, column) for column in (FIRST, LAST))
    straight = len((first - last) & (other_first - other_last))
    straight += len((last - first) & (other_last - other_first))
    crossed = len((first - last) & (other_last - other_first))
    crossed += len((last - first) & (other_first - other_last))
    if max(straight, crossed) < SEEN:
        return 0
    return 1 if crossed > 2 * straight else -1


def _list_names(tables: list[Table], column: str) -> set[str]:
    """Return the names in a column, as evidence of which column holds first names."""
    names: set[str] = set()
    for table in tables:
        names.update(str(name) for name in frame.encode_folded(table, column).values.to_pylist())
    return names - {""}


def _suspect_swapped(table: Table, own: Scheme, *, by_username: bool) -> Suspicion:
    """Suspect that first and last names changed places, with its evidence."""
    rows = np.flatnonzero(mark_filled(table, FIRST) | mark_filled(table, LAST))
    source = "its usernames" if by_username else "the addresses of the other files"
    return Suspicion(
        "columns-swapped",
        [frame.place_rows(table, rows, column) for column in (FIRST, LAST)],
        f"{own.count:,} of {own.of:,} addresses in {table.file} have the two names the other way "
        f"around than its columns, and {source} show which is right",
        symptoms=frozenset({(table.name, FIRST), (table.name, LAST)}),
        repaired=len(rows),
        failing=len(rows),
        inverse=partial(swap, name=table.name, left=FIRST, right=LAST),
        distributed=True,
    )


def swap(
    export: Export, *, name: str, left: str, right: str, rows: np.ndarray | None = None
) -> Export:
    """Undo the damage of a swap: return the export with two columns of a table exchanged.

    `rows`: where, None for everywhere.
    """
    table = export.all_tables[name]
    if rows is None:
        rows = np.arange(len(table))
    edits = [
        Edit(name, column, rows, take_cells(table, other, rows))
        for column, other in ((left, right), (right, left))
    ]
    return _edit(export, edits)


def _edit(export: Export, edits: Sequence[Edit]) -> Export:
    """Return the export with these cells changed in its files, where each column has its own."""
    table = export.all_tables[edits[0].table]
    headings = {table.headers.get(edit.column) for edit in edits}
    if len(headings) < len(edits):  # a raw file with one column for the whole name
        return apply_edits(export, edits)
    return edit_files(export, edits)
