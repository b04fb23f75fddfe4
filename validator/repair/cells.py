"""Repairs of the form of cells: each judges the distinct values of one column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.forms import drop_hidden
from validator.frame import emails
from validator.frame import values as frame_values
from validator.frame.controls import mark_controls
from validator.model import Column, dataclass
from validator.repair import dates
from validator.repair.convert.values import CEDS, FLAGS
from validator.schemas.clever_values import YES_NO
from validator.vocabulary.grades import Grades

CODES = ("id", "email", "choice", "extensible", "codes", "grade", "date", "day", "stamp")
CODE_KINDS = frozenset({*CODES, "boolean", "number", "year"})
"""Kinds of columns whose values are ids, addresses and codes; no names and no free text."""


@dataclass(frozen=True)
class Facts:
    """Facts for repairs of cells: the day, the vocabulary, and whether the format has a form.

    `formed` is False for raw exports, whose dates, grades and flags have no required form.
    """

    today: dt.date
    grades: Grades
    formed: bool = True


@dataclass(frozen=True, eq=False)
class Proposal:
    """New values for distinct values: where `wanted` is True, `values` has the new one.

    left: bool mask of values that are not repaired -> why, in public words.
    """

    wanted: np.ndarray
    values: pa.Array
    left: Mapping[str, np.ndarray] = field(default_factory=dict)


Propose = Callable[[Column, pa.Array, Facts], Proposal | None]


@dataclass(frozen=True)
class CellKind:
    """One kind of repair of cells. `formed`: only in formats that require a form of values."""

    id: str
    kinds: frozenset[str]
    propose: Propose
    formed: bool = False


def _compare(values: pa.Array, new: pa.Array) -> Proposal | None:
    """Return the repair that writes the new values where they differ."""
    wanted = np.asarray(pc.not_equal(values, new).to_numpy(zero_copy_only=False), bool)
    return Proposal(wanted, new) if wanted.any() else None


def trim_edges(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair values by removing the blanks before and after them."""
    return _compare(values, frame_values.trim_ids(values))


def remove_hidden(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair values by removing invisible characters; an address must be valid without them."""
    if frame_values.is_ascii(values) and not _has_controls(values):
        return None
    new = frame_values.trim_ids(drop_hidden(values))
    proposal = _compare(values, new)
    if proposal is None or column.kind != "email":
        return proposal
    bad = proposal.wanted & emails.is_bad_email(new)
    words = "it is still not a valid address without the invisible characters"
    return Proposal(proposal.wanted & ~bad, new, {words: bad})


def _has_controls(values: pa.Array) -> bool:
    """Return whether any value has a control character for `mend` to remove."""
    return bool(mark_controls(values).any())


def take_out_of_formulas(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair ids by taking them out of formulas that hold only their text: `="0042"`."""
    return _compare(values, _replace(values, r'^="([^"]*)"$'))


def drop_decimals(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair ids by removing `.0`, where all ids of the column are whole numbers with it."""
    return _change_all(values, r"^([0-9]+)\.0+$")


def drop_apostrophes(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair ids by removing the apostrophe in front, where every id in the column has one."""
    return _change_all(values, r"^'(.+)$")


def _change_all(values: pa.Array, pattern: str) -> Proposal | None:
    """Propose that `mend` keep only a pattern's group of filled cells; None unless all match."""
    matched = frame_values.match_pattern(values, pattern)
    if not matched.any() or not frame_values.is_blank(frame_values.trim(values))[~matched].all():
        return None
    return _compare(values, _replace(values, pattern))


def _replace(values: pa.Array, pattern: str) -> pa.Array:
    """Return cells with a repair's pattern replaced by its first group."""
    return pc.replace_substring_regex(values, pattern=pattern, replacement=r"\1")


def write_dates(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair dates by writing them in the format's form, where only one reading is possible."""
    reading = dates.read_column(column, frame_values.trim(values), facts.today)
    if reading is None:
        return None
    return Proposal(reading.wanted, reading.values, reading.left)


def write_grades(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair single grades by writing them as the format does, where a source documents it."""
    coded = column.kind == "codes"
    if coded and "KG" not in column.allowed:
        return None
    write = _write_codes if coded else _write_clever
    texts = values.to_pylist()
    return _compare(values, pa.array([write(text, facts.grades) for text in texts], pa.string()))


def _write_clever(text: str, grades: Grades) -> str:
    """Return a grade as Clever's name for it; codes and numbers that Clever takes stay."""
    plain = text.strip()
    if (len(plain) <= 2 and plain.isalnum()) or not grades.is_documented(text):
        return text
    name = grades.to_canonical([text])[0]
    return text if name.casefold() == plain.casefold() else name


def _write_codes(text: str, grades: Grades) -> str:
    """Return a list of grades as the codes of CEDS."""
    if not text.strip():
        return text
    parts = [part.strip() for part in text.split(",")]
    new = []
    for part in parts:
        known = part in CEDS.values() or not grades.is_documented(part)
        new.append(part if known else CEDS.get(grades.to_canonical([part])[0], part))
    return text if new == parts else ",".join(new)


def write_flags(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair flags by writing yes and no as the format does."""
    if column.kind == "boolean":
        true, false = "true", "false"
    elif column.allowed == YES_NO:
        true, false = "Y", "N"
    else:
        return None
    return _compare(values, pa.array([_flag(v, true, false) for v in values.to_pylist()]))


def _flag(value: str, true: str, false: str) -> str:
    """Return a flag as a repair writes it; a value that is no flag stays."""
    flag = FLAGS.get(value.strip().casefold())
    if flag is None:
        return value
    return true if flag else false


def write_listed(column: Column, values: pa.Array, facts: Facts) -> Proposal | None:
    """Repair values of closed lists by writing them in the letter case of the list."""
    if not column.allowed or column.allowed == YES_NO:
        return None
    listed: dict[str, list[str]] = {}
    for value in column.allowed:
        listed.setdefault(value.casefold(), []).append(value)
    new = [_find_listed(value, column, listed) for value in values.to_pylist()]
    return _compare(values, pa.array(new, pa.string()))


def _find_listed(value: str, column: Column, listed: Mapping[str, list[str]]) -> str:
    """Return the allowed value that a repair writes: the only one that differs in letter case."""
    if column.kind == "codes" and "," in value:
        return ",".join(_find_listed(part.strip(), column, listed) for part in value.split(","))
    if value in column.allowed:
        return value
    same = listed.get(value.strip().casefold(), [])
    return same[0] if len(same) == 1 else value


def _build_kind(
    id: str, kinds: Iterable[str], propose: Propose, *, formed: bool = False
) -> tuple[str, CellKind]:
    """Return a kind of cell repair by its id."""
    return id, CellKind(id, frozenset(kinds), propose, formed)


TEXT = frozenset({"text"})
NAMES = frozenset({"name"})

CELL_KINDS: dict[str, CellKind] = dict(
    (
        _build_kind("hidden-characters", CODE_KINDS, remove_hidden),
        _build_kind("hidden-characters-in-names", NAMES | TEXT, remove_hidden),
        _build_kind("edge-blanks", CODE_KINDS | TEXT, trim_edges),
        _build_kind("edge-blanks-in-names", NAMES, trim_edges),
        _build_kind("ids-as-formulas", {"id"}, take_out_of_formulas),
        _build_kind("ids-with-apostrophe", {"id"}, drop_apostrophes),
        _build_kind("ids-as-decimals", {"id"}, drop_decimals),
        _build_kind("dates", {"date", "day"}, write_dates, formed=True),
        _build_kind("grades", {"grade", "codes"}, write_grades, formed=True),
        _build_kind("flags", {"boolean", "choice"}, write_flags, formed=True),
        _build_kind("letter-case", {"choice", "extensible", "codes"}, write_listed, formed=True),
    )
)
"""Repairs of cells in the order in which they are made; ids come before what refers to them."""


def propose(
    kind: CellKind, column: Column, values: frame.Encoded, *, facts: Facts
) -> Proposal | None:
    """Return what a kind of repair would change in a column, None for nothing."""
    if column.kind not in kind.kinds or (kind.formed and not facts.formed):
        return None
    return kind.propose(column, values.values, facts)
