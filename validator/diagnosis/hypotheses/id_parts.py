"""Ids that one file joins with another number of the same record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import edit_files
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import (
    LEAST_VALUES,
    SHARE,
    Failing,
    Pairs,
    is_enough,
    list_failing,
    locate_cells,
    match_keys,
    place_keys,
    undo_cells,
    undo_keys,
)
from validator.diagnosis.scene import Scene
from validator.diagnosis.table_edit import Edit
from validator.model import Table, dataclass

ID = "ids-joined"
JOINTS = ("", "-", "_", ".", ":", "/", " ")
PARTS = ("School_id", "Course_number", "Section_number", "Period", "Term_name")
"""Columns whose values exports join to ids."""

SAMPLE = 60
"""Ids that are taken apart first, one by one, before all of them are."""

MANY = 60
"""Rows that are tried first with their school, before all of them are."""

Join = Callable[[pa.Array, pa.Array, str | pa.Array], pa.Array]

MOST = 0.8
"""Share of the sample that must be joined in the same way."""


@dataclass(frozen=True)
class Way:
    """How a part of a record is joined to its id: `11-4101`, or behind it: `4101-11`."""

    column: str
    joint: str
    behind: bool

    def split(self, part: str, joined: str) -> str | None:
        """Return the id alone, None where the part is not joined to it."""
        added = self.joint + part if self.behind else part + self.joint
        if not part or len(joined) <= len(added):
            return None
        if self.behind:
            return joined[: -len(added)] if joined.endswith(added) else None
        return joined[len(added) :] if joined.startswith(added) else None

    def join_all(self, parts: pa.Array, ids: pa.Array) -> pa.Array:
        """Return all ids with their parts (Arrow strings)."""
        pair = (ids, parts) if self.behind else (parts, ids)
        return pc.binary_join_element_wise(*pair, self.joint)


def suspect_joined(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that one file joins a number of the record, such as its school, to the id.

    The number is of the same record, so that each joined id would be a separate coincidence: at
    least 3 ids, and most of those that fail, must be joined in one way.
    """
    for failing in list_failing(scene):
        if len(failing.distinct) < LEAST_VALUES or failing.other.name == "schools":
            continue
        suspicions = [*_suspect_cells(failing), *_suspect_keys(failing)]
        yield from suspicions or _suspect_schools(failing)


def _read_parts(failing: Failing) -> dict[str, pa.Array]:
    """Return, by column, the values that a hypothesis tries as parts of joined ids."""
    other = failing.other
    keys, first = frame.index_by_key(other)
    filled = np.asarray(pc.not_equal(keys, "").to_numpy(zero_copy_only=False), bool)
    columns = [column for column in PARTS if other.has(column) and column != other.key]
    return {column: _take_texts(other, column, first[filled]) for column in columns}


def _take_texts(table: Table, column: str, rows: np.ndarray) -> pa.Array:
    """Return the values in some rows that a hypothesis about joined ids tries as parts."""
    return frame.encode_raw(table, column).take(rows)


def _choose(ways: Counter[Way], of: int) -> Way | None:
    """Return the way in which most of `of` ids are joined, None for none."""
    best = ways.most_common(1)
    return best[0][0] if best and best[0][1] >= MOST * of else None


def _suspect_cells(failing: Failing) -> Iterator[Suspicion]:
    """Yield the suspicion that the references have a part of the record that they mean."""
    parts = _read_parts(failing)
    sample = failing.sample(SAMPLE).to_pylist()
    position = _locate_parts(sample, failing.keys)
    ways: Counter[Way] = Counter()
    for value in sample:
        ways.update(set(_list_ways(value, position, parts)))
    way = _choose(ways, len(sample))
    if way is None:
        return
    pairs = match_keys(failing, failing.distinct, way.join_all(parts[way.column], failing.keys))
    if is_enough(pairs):
        yield _describe(pairs, way)


def _locate_parts(values: list[str], keys: pa.Array) -> dict[str, int]:
    """Return the position of every key with which a joined id begins or ends."""
    cuts = [(value[:at], value[at:]) for value in values for at in range(1, len(value))]
    parts = pa.array({part for pair in cuts for part in pair}, pa.string())
    at = frame.find_positions(parts, keys)
    return dict(zip(parts.to_pylist(), at.tolist(), strict=True))


def _list_ways(value: str, position: dict[str, int], parts: dict[str, pa.Array]) -> Iterator[Way]:
    """Yield the ways in which a value is an id and a part of its record."""
    for at in range(1, len(value)):
        for id, rest, behind in ((value[at:], value[:at], False), (value[:at], value[at:], True)):
            if position[id] < 0:
                continue
            for column, texts in parts.items():
                part = texts[position[id]].as_py()
                added = rest.endswith(part) if behind else rest.startswith(part)
                joint = rest.replace(part, "", 1)
                if part and added and joint in JOINTS:
                    yield Way(column, joint, behind)


def _suspect_keys(failing: Failing) -> Iterator[Suspicion]:
    """Yield the suspicion that the ids themselves have a part of their record."""
    parts = _read_parts(failing)
    at = pa.array(frame.sample_positions(len(failing.keys), SAMPLE))
    keys = failing.keys.take(at).to_pylist()
    known = _locate_parts(keys, failing.distinct)
    wanted = {part for part, position in known.items() if position >= 0}
    if not wanted:
        return
    ways: Counter[Way] = Counter()
    for column, texts in parts.items():
        pairs = list(zip(texts.take(at).to_pylist(), keys, strict=True))
        for joint in JOINTS:
            for behind in (False, True):
                way = Way(column, joint, behind)
                ways[way] = sum(way.split(part, key) in wanted for part, key in pairs)
    best = _choose(ways, min(len(at), len(failing.distinct)))
    if best is None:
        return
    texts = parts[best.column].to_pylist()
    bare = [
        best.split(part, key) or ""
        for part, key in zip(texts, failing.keys.to_pylist(), strict=True)
    ]
    found_pairs = match_keys(failing, failing.distinct, pa.array(bare, pa.string()))
    if is_enough(found_pairs):
        yield _describe(found_pairs, best, of_keys=not failing.are_met(found_pairs.meant))


def _describe(pairs: Pairs, way: Way, *, of_keys: bool = False) -> Suspicion:
    """Build the suspicion that a file joined ids with another number of the record."""
    failing = pairs.failing
    heading = failing.other.headers.get(way.column, way.column)
    damaged, proper = (failing.other, failing.table) if of_keys else (failing.table, failing.other)
    return Suspicion(
        ID,
        place_keys(pairs) if of_keys else locate_cells(failing, pairs.hit),
        f"{pairs.count:,} of the {len(failing.distinct):,} ids of {failing.table.file} that match "
        f"nothing match when {heading} of {failing.other.file} and the id are joined: "
        f"{damaged.file} joins them and {proper.file} does not",
        symptoms=frozenset((failing.table.name, column) for column in failing.columns),
        repaired=pairs.cells,
        failing=failing.count,
        inverse=undo_keys(pairs) if of_keys else undo_cells(pairs),
    )


def _suspect_schools(failing: Failing) -> Iterator[Suspicion]:
    """Yield the suspicion that the ids have the school of the rows that refer to them.

    Or that these rows have it, where the school of the record is not known.
    """
    table = failing.table
    if not table.has("School_id"):
        return
    ways = _list_promising(failing)
    pairs = list(_take_pairs(failing, failing.rows)) if ways else []
    for join, joint in ways:
        texts = [join(ids, schools, joint) for ids, schools in pairs]
        suspicion = _suspect_texts(failing, texts)
        if suspicion is not None:
            yield suspicion
            return


def _list_promising(failing: Failing) -> list[tuple[Join, str]]:
    """Return the ways to join a school to an id by which a sample of ids meets a key."""
    samples = [rows[frame.sample_positions(len(rows), MANY)] for rows in failing.rows]
    ids, schools = map(pa.concat_arrays, zip(*_take_pairs(failing, samples), strict=True))
    every = pa.array(np.tile(np.arange(len(ids)), len(JOINTS)))  # each id with each joint
    joints = pa.array([joint for joint in JOINTS for _ in range(len(ids))], pa.string())
    taken = ids.take(every), schools.take(every)
    hits: dict[Join, np.ndarray] = {}
    for join in (_join, _cut):
        texts = join(*taken, joints)
        known = frame.is_among(texts, failing.keys)
        hits[join] = np.any(known.reshape(len(JOINTS), len(ids)), axis=1)
    return [
        (join, joint) for at, joint in enumerate(JOINTS) for join in (_join, _cut) if hits[join][at]
    ]


def _take_pairs(
    failing: Failing, rows: Sequence[np.ndarray]
) -> Iterator[tuple[pa.Array, pa.Array]]:
    """Yield the ids in some rows of each column that a hypothesis joins, and their schools."""
    for column, own in zip(failing.columns, rows, strict=True):
        schools = _take_texts(failing.table, "School_id", own)
        yield _take_texts(failing.table, column, own), schools


def _join(ids: pa.Array, schools: pa.Array, joint: str | pa.Array) -> pa.Array:
    """Return the ids with the school of their row in front."""
    return pc.binary_join_element_wise(schools, ids, joint)


def _cut(ids: pa.Array, schools: pa.Array, joint: str | pa.Array) -> pa.Array:
    """Return the ids without the school of their row, blank where it is not in front."""
    added = pc.binary_join_element_wise(schools, joint, "")
    length = pc.utf8_length(added).to_numpy(zero_copy_only=False)
    out = np.full(len(ids), "", object)
    for each in np.unique(length).tolist():
        rows = np.flatnonzero(length == each)
        own = ids.take(pa.array(rows))
        head = pc.utf8_slice_codeunits(own, 0, stop=each) if each else pa.array([""] * len(rows))
        has = pc.equal(head, added.take(pa.array(rows)))
        rest = pc.if_else(has, pc.utf8_slice_codeunits(own, each), "")
        out[rows] = rest.to_numpy(zero_copy_only=False)
    return pa.array(out, pa.string())


def _suspect_texts(failing: Failing, texts: list[pa.Array]) -> Suspicion | None:
    """Return the suspicion that the failing cells mean these ids, None where too few exist."""
    hits = [frame.is_among(text, failing.keys) for text in texts]
    count = sum(int(hit.sum()) for hit in hits)
    if count < SHARE * failing.count:
        return None
    edits, places, values = [], [], 0
    for column, rows, text, hit in zip(failing.columns, failing.rows, texts, hits, strict=True):
        if not hit.any():
            continue
        kept = text.filter(pa.array(hit))
        values += len(kept.unique())
        edits.append(Edit(failing.table.name, column, rows[hit], kept))
        places.append(frame.place_rows(failing.table, rows[hit], column))
    if values < LEAST_VALUES:
        return None
    return Suspicion(
        ID,
        places,
        f"{count:,} of the {failing.count:,} references of {failing.table.file} that match nothing "
        f"match an id of {failing.other.file} when the School_id of their row is joined to one of "
        f"the two",
        symptoms=frozenset((failing.table.name, column) for column in failing.columns),
        repaired=count,
        failing=failing.count,
        inverse=partial(edit_files, edits=edits),
    )
