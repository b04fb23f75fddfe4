"""Damaged cells: values that hold a sign of damage, and what they were before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.table_edit import Edit, Renaming
from validator.model import Export, Places, Table, dataclass

SIGNS = ("&", "''", "%", "\\", '"', "?", "\ufffd", "(", "{", "#", "=", "<", "[")
"""Texts of which at least one is in every value that an ASCII damage left."""

Change = Callable[[str], str | None]
"""Returns the value without the damage, None for a value that has none."""

FOLDED = re.compile(r"[^a-z0-9]")
PERSON_NAME = re.compile(r"(first|last|middle|given|family|preferred\w*|contact)name|surname")
ADDRESS = re.compile(r".*(email|emailaddress|username)")
IDENTIFIER = re.compile(r".*(id|ids|identifier|number|code|sourcedids?)")


@dataclass(frozen=True, eq=False)
class Damage:
    """The damaged cells of one column of one of the files' own tables.

    rows: row numbers; codes: per row the position of its value in `before` and `after`, which are
    Arrow text. is_whole: whether these are all of `get_values` of the column; is_distinct: whether
    they still differ in `after` where they did before.
    """

    table: Table
    column: str
    rows: np.ndarray
    codes: np.ndarray
    before: pa.Array
    after: pa.Array
    is_whole: bool = False
    is_distinct: bool = False

    def keep(self, wanted: Sequence[bool]) -> Damage:
        """Return the damage of only some of the values."""
        mask = np.asarray(wanted, bool)[self.codes]
        return Damage(
            self.table, self.column, self.rows[mask], self.codes[mask], self.before, self.after
        )

    def edit(self) -> Edit | Renaming:
        """Return the change that undoes the damage."""
        if self.is_whole:
            return Renaming(self.table.name, self.column, self.after, self.is_distinct)
        values = pa.DictionaryArray.from_arrays(pa.array(self.codes), self.after)
        return Edit(self.table.name, self.column, self.rows, values)


def list_originals(export: Export) -> list[Table]:
    """Return the tables in which a diagnosis looks for damage: the files' own, with rows."""
    tables = export.originals.tables if export.originals is not None else export.all_tables
    return [table for table in tables.values() if len(table)]


def list_signs(table: Table, column: str) -> frozenset[str]:
    """Return which signs of damage a column holds anywhere, and "" if any value is not ASCII.

    It searches the column's bytes, a few nanoseconds per value.
    """

    def search() -> frozenset[str]:
        values = frame.get_values(table, column)
        data = values.buffers()[2] if len(values) else None
        text = data.to_pybytes() if data is not None else b""
        plain = text.isascii()
        signs = [sign for sign in SIGNS if not plain or sign.isascii()]
        present = {sign for sign in signs if _is_in(sign.encode(), text)}
        return frozenset(present if plain else {*present, ""})

    return frame.remember(table, ("signs", column), search)


def _is_in(sign: bytes, text: bytes) -> bool:
    """Return whether a sign of damage is in a text; one byte is found much faster than two."""
    return sign[:1] in text and (len(sign) == 1 or sign in text)


def list_values(table: Table, column: str, signs: Iterable[str] = ()) -> list[tuple[int, str]]:
    """Return the distinct values with one of the signs of damage, each with its code."""
    values = frame.encode_raw(table, column).values
    mask = np.zeros(len(values), bool) if signs else np.ones(len(values), bool)
    for sign in signs:
        if sign:
            hit = pc.match_substring(values, pattern=sign)
        else:
            hit = pc.invert(pc.string_is_ascii(values))
        mask |= np.asarray(hit.to_numpy(zero_copy_only=False), bool)
    at = np.flatnonzero(mask)
    texts = values.take(pa.array(at)).to_pylist()
    return list(zip(at.tolist(), texts, strict=True))


def list_columns(tables: Iterable[Table], signs: Sequence[str]) -> Iterator[tuple[Table, str]]:
    """Yield the columns that hold one of the signs of damage."""
    for table in tables:
        for column, present in _list_signed(table).items():
            if not present.isdisjoint(signs):
                yield table, column


def _list_signed(table: Table) -> dict[str, frozenset[str]]:
    """Return the columns of a table that hold any sign of damage, with the signs."""

    def search() -> dict[str, frozenset[str]]:
        columns = table.records.columns if len(table) else ()
        return {column: signs for column in columns if (signs := list_signs(table, column))}

    return frame.remember(table, "signed columns", search)


def find_damages(
    export: Export,
    signs: Sequence[str],
    change: Callable[[str], Change | None],
    *,
    tables: Iterable[Table] | None = None,
) -> list[Damage]:
    """Return the cells of the files' own tables, or of these tables, that `change` changes.

    It returns the change for a column, under the roster's name for it, or None.
    """
    damages = []
    for table, column in list_columns(list_originals(export) if tables is None else tables, signs):
        undo = change(name_column(export, table, column))
        if undo is None:
            continue
        damage = find_damage(table, column, list_values(table, column, signs), undo=undo)
        if damage is not None:
            damages.append(damage)
    return damages


def find_damage(
    table: Table, column: str, values: Iterable[tuple[int, str]], *, undo: Change
) -> Damage | None:
    """Return the cells with one of the values that `undo` changes, None for none."""
    changed = [(code, value, undo(value)) for code, value in values]
    pairs = [(code, value, new) for code, value, new in changed if new is not None and new != value]
    if not pairs:
        return None
    encoded = frame.encode_raw(table, column)
    position = np.full(len(encoded.values), -1)
    position[[code for code, _, _ in pairs]] = np.arange(len(pairs))
    at = encoded.broadcast(position)
    rows = np.flatnonzero(at >= 0)
    before = pa.array([value for _, value, _ in pairs], pa.string())
    after = pa.array([new for _, _, new in pairs], pa.string())
    return Damage(table, column, rows, at[rows], before, after)


@lru_cache(maxsize=1024)
def is_person_name(column: str) -> bool:
    """Return whether a column is one of people's names, for a hypothesis about damaged cells."""
    return bool(PERSON_NAME.fullmatch(FOLDED.sub("", column.lower())))


@lru_cache(maxsize=1024)
def is_address(column: str) -> bool:
    """Return whether a column is one of addresses or usernames, for a hypothesis about damage."""
    return bool(ADDRESS.fullmatch(FOLDED.sub("", column.lower())))


@lru_cache(maxsize=1024)
def is_identifier(column: str) -> bool:
    """Return whether a column is one of ids or numbers, for a hypothesis about damaged cells."""
    return bool(IDENTIFIER.fullmatch(FOLDED.sub("", column.lower())))


def count_cells(damages: Iterable[Damage]) -> int:
    """Return the number of damaged cells."""
    return sum(len(damage.rows) for damage in damages)


def list_files(damages: Iterable[Damage]) -> str:
    """Return the names of the damaged files, for the evidence of a diagnosis."""
    return join_names(damage.table.file for damage in damages)


def join_names(files: Iterable[str]) -> str:
    """Return the distinct names for a diagnosis's evidence: `a, b and c`."""
    names = list(dict.fromkeys(files))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sort_damages(damages: Sequence[Damage]) -> list[Damage]:
    """Return the damages with the file that has most damaged cells first."""
    cells: dict[str, int] = {}
    for damage in damages:
        cells[damage.table.file] = cells.get(damage.table.file, 0) + len(damage.rows)
    return sorted(damages, key=lambda damage: -cells[damage.table.file])


def place_damages(
    export: Export, damages: Iterable[Damage], note: Callable[[str], str] | None = None
) -> list[Places]:
    """Return the damaged cells as places; `note` makes the public note of a value."""
    blocks = []
    rows_of: dict[int, Places] = {}  # the last columns of a table may be damaged in the same rows
    for damage in damages:
        notes = None
        if note is not None:
            by_code = [note(value) for value in damage.before.to_pylist()]
            notes = [by_code[code] for code in damage.codes.tolist()]
        block = _place_damage(export, damage, rows_of.get(id(damage.rows)))
        rows_of = {id(damage.rows): block}
        blocks.append(replace(block, notes=notes))
    return blocks


def _place_damage(export: Export, damage: Damage, last: Places | None) -> Places:
    """Return the damaged cells of a column as places.

    `last`: the places of another column of the table in the same rows.
    """
    shown = export.find(damage.table.name)
    if shown is not None:
        if last is not None and not shown.origins:
            return replace(last, column=damage.column)
        return frame.place_rows(shown, damage.rows, damage.column)
    name, column = locate_column(export, damage.table, damage.column)
    if last is not None:
        return replace(last, table=name, column=column)
    return Places(name, damage.table.file, damage.table.lines_of(damage.rows), column)


def name_column(export: Export, table: Table, column: str) -> str:
    """Return the format's or the roster's name of a damaged column, which says what it holds."""
    if export.find(table.name) is not None:
        return column
    return locate_column(export, table, column)[1] or column


def locate_column(export: Export, original: Table, column: str) -> tuple[str, str | None]:
    """Return the roster's table and column that were built from a damaged column of a file."""
    heading, first = original.headers.get(column, column), ""
    for table in export.tables.values():
        for name in table.headers:
            if (original.file, heading) in frame.list_headings(table, name):
                return table.name, name
        files = [table.file, *(part.file for part in table.parts)]
        if original.file in files and not first:
            first = table.name
    return first, None
