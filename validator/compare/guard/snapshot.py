"""An export as keyed digests: enough to compare with it, and no value of a record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, replace

import numpy as np

from validator import frame
from validator.compare import meanings
from validator.compare.diff import KINDS, PAIR
from validator.compare.explain import COURSE, MAIL, NAME, TERM
from validator.frame import Encoded
from validator.frame.values import fold
from validator.model import Export, Table, dataclass
from validator.vocabulary.grades import Grades

KEY_BYTES = 32


@dataclass(frozen=True, eq=False)
class Records:
    """The records of one kind, sorted by key; all arrays have one entry per record.

    Kinds without people have no person and mail; sections have marks.

    key: digest of the id. school: of the school's id. person: of name and birth date, or of name
    and e-mail address for adults, 0 where a part is missing. mail: of the e-mail address, 0 for
    none. marks: of single values, each mixed with the key, so that equal values of two records
    differ: first name, last name and birth date (address) of people; course and term of sections.
    rest: of all values together, mixed with the key.
    """

    key: np.ndarray
    school: np.ndarray
    person: np.ndarray
    mail: np.ndarray
    marks: np.ndarray
    rest: np.ndarray

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The records of each kind, and when people who are gone were last seen.

    schools: kind of people -> digests of ids and of schools, shape (2, pairs), of those at several.
    seen: kind -> digests of ids, sorted, and the ordinal of the last day with each of them.
    """

    kinds: Mapping[str, Records]
    seen: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    schools: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Digester:
    """Digests of texts under a key; without the key, nobody can test a guess."""

    key: bytes

    def digest(self, text: str, use: str) -> int:
        """Return 64 bits of the keyed digest of a text in the guard's snapshot; 0 for no text."""
        if not text:
            return 0
        whole = hashlib.blake2b(text.encode(), digest_size=8, key=self.key, person=use.encode())
        return int.from_bytes(whole.digest(), "little")

    def digest_column(self, column: Encoded, use: str) -> np.ndarray:
        """Return the digest of each row's value (uint64)."""
        texts = column.values.to_pylist()
        digests = np.fromiter((self.digest(text or "", use) for text in texts), np.uint64)
        return column.broadcast(digests)

    def hash_contents(self, column: Encoded, name: str) -> np.ndarray:
        """Return the keyed SipHash of each row's value, mixed with the column's name (uint64)."""
        import pandas as pd

        key = hashlib.blake2b(b"contents", key=self.key, digest_size=8).hexdigest()
        texts = np.asarray([text or "" for text in column.values.to_pylist()], dtype=object)
        hashes = pd.util.hash_array(texts, hash_key=key, categorize=False)
        hashes = mix(hashes ^ np.uint64(self.digest(name, "column")))
        hashes[texts == ""] = 0
        return column.broadcast(hashes)


def mix(numbers: np.ndarray) -> np.ndarray:
    """Return well-mixed 64-bit numbers for a snapshot (splitmix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def digest_ids(table: Table, digester: Digester, grades: Grades) -> np.ndarray:
    """Return the digest of each row's id in the guard's snapshot (uint64); 0 for blank ones."""
    return _Digests(table, digester, grades).digest_keys()


def take_snapshot(export: Export, digester: Digester, grades: Grades) -> Snapshot:
    """Return the export as digests under the key."""
    kinds, schools = {}, {}
    for name in KINDS:
        table = export.tables.get(name)
        if table is not None and all(table.has(key) for key in _list_keys(table)):
            digests = _Digests(table, digester, grades)
            keys = digests.digest_keys()
            kinds[name] = digests.build_records(keys)
            if name in MAIL:
                schools[name] = digests.list_several_schools(keys, len(kinds[name]))
    return Snapshot(kinds, schools=schools)


def _list_keys(table: Table) -> tuple[str, ...]:
    """Return the columns that identify a record in the guard's snapshot of an export."""
    return (table.key,) if table.key else PAIR


@dataclass(frozen=True, eq=False)
class _Digests:
    """One table on its way to digests."""

    table: Table
    digester: Digester
    grades: Grades

    def build_records(self, key: np.ndarray) -> Records:
        """Build the records of a table in the guard's snapshot, each once; `key` for each row."""
        usable = np.flatnonzero(key)
        usable = usable[np.argsort(key[usable], kind="stable")]
        starts = np.flatnonzero(np.diff(key[usable], prepend=np.uint64(0)))
        first = usable[starts]
        return Records(
            key=key[first],
            school=self.digest_column("School_id", "school")[first],
            person=_take(self.digest_people(), first),
            mail=_take(self.digest_mail(), first),
            marks=_take(self.digest_marks(key), first),
            rest=mix(self._add_contents(key, usable=usable, starts=starts) ^ key[first]),
        )

    def list_several_schools(self, key: np.ndarray, count: int) -> np.ndarray:
        """Return the digests of ids and schools of people at several schools, each pair once.

        `key`: for each row; `count`: how many of them are distinct, blank ones aside.
        """
        more = self.table.extra_values.get("School_id")
        if more is None and np.count_nonzero(key) == count:
            return np.zeros((2, 0), np.uint64)
        keys, schools = key, self.digest_column("School_id", "school")
        if more is not None:
            others = self.digester.digest_column(frame.encode(more.table, "School_id"), "school")
            keys, schools = np.append(keys, key[more.rows]), np.append(schools, others)
        usable = (keys != 0) & (schools != 0)
        pairs = np.stack([keys[usable], schools[usable]])
        pairs = pairs[:, np.lexsort(pairs[::-1])]
        pairs = pairs[:, (np.diff(pairs, prepend=np.uint64(0)) != 0).any(axis=0)]
        _, number, times = np.unique(pairs[0], return_inverse=True, return_counts=True)
        return np.asarray(pairs[:, times[number] > 1])

    def _add_contents(
        self, key: np.ndarray, *, usable: np.ndarray, starts: np.ndarray
    ) -> np.ndarray:
        """Return one number per record for its set of rows, in any order.

        `usable`: the rows with an id, in the order of their keys; `starts`: where a record starts.
        """
        if not len(starts):
            return np.zeros(0, np.uint64)
        key, rest = key[usable], self.digest_contents()[usable]
        order = np.lexsort((rest, key))
        key, rest = key[order], rest[order]
        is_repeated = np.zeros(len(order), bool)
        is_repeated[1:] = (key[1:] == key[:-1]) & (rest[1:] == rest[:-1])
        values = np.where(is_repeated, np.uint64(0), mix(rest))
        return np.add.reduceat(values, starts)

    def digest_column(self, name: str, use: str) -> np.ndarray:
        """Return the digests of a column; 0 for blank ones."""
        return self.digester.digest_column(frame.encode(self.table, name), use)

    def digest_keys(self) -> np.ndarray:
        """Return the digest of each row's id; 0 where a part of it is blank."""
        names = list(_list_keys(self.table))
        if frame.is_unique_within_school(self.table):
            names.append("School_id")
        parts = [self.digest_column(name, "id") for name in names]
        key = parts[0]
        for part in parts[1:]:
            key = np.where((key == 0) | (part == 0), np.uint64(0), mix(key) ^ part)
        return key

    def digest_contents(self) -> np.ndarray:
        """Return one number per row for the values of all its columns but its id."""
        names = [str(name) for name in self.table.records.columns]
        return self.digest_together([name for name in names if name not in _list_keys(self.table)])

    def digest_together(self, names: list[str]) -> np.ndarray:
        """Return one number per row for several columns; 0 where all are blank."""
        total = np.zeros(len(self.table), np.uint64)
        for name in names:
            total += self.digester.hash_contents(self.normalize(name), name)
        return total

    def normalize(self, name: str) -> Encoded:
        """Normalize a column for the guard's snapshot: equal texts for equal days and grades."""
        rows = np.arange(len(self.table))
        return meanings.normalize(self.table, name, rows=rows, grades=self.grades)

    def list_parts(self) -> list[Encoded]:
        """Return the parts of a person that the guard's snapshot digests; [] for no people."""
        name = self.table.name
        if name not in MAIL:
            return []
        names = [frame.map_values(frame.encode(self.table, each), fold) for each in NAME]
        if name == "students":
            return [*names, self.normalize("DOB")]
        return [*names, frame.encode_lower(self.table, MAIL[name])]

    def digest_people(self) -> np.ndarray:
        """Return one number per row for the person, 0 where a part is blank."""
        parts = self.list_parts()
        if not parts:
            return np.zeros(0, np.uint64)
        total = np.zeros(len(self.table), np.uint64)
        known = np.ones(len(self.table), bool)
        for at, part in enumerate(parts):
            numbers = self.digester.digest_column(part, f"person {at}")
            known &= numbers != 0
            total += mix(numbers)
        return np.where(known, total, np.uint64(0))

    def digest_mail(self) -> np.ndarray:
        """Return the digests of addresses, in lower case, for the guard's snapshot."""
        name = MAIL.get(self.table.name)
        if name is None:
            return np.zeros(0, np.uint64)
        return self.digester.digest_column(frame.encode_lower(self.table, name), "mail")

    def digest_marks(self, keys: np.ndarray) -> np.ndarray:
        """Return digests of single values, mixed with the key: shape (values, rows), uint64."""
        if self.table.name == "sections":
            columns = [self.digest_together(list(COURSE)), self.digest_together(list(TERM))]
        else:
            columns = [self.digester.digest_column(part, "mark") for part in self.list_parts()]
        if not columns:
            return np.zeros((0, 0), np.uint64)
        salt = mix(keys)
        salted = [np.where(each == 0, np.uint64(0), mix(each ^ salt)) for each in columns]
        return np.stack(salted)


def _take(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return some entries of the guard's snapshot; nothing for kinds without these values."""
    return values[..., rows] if values.size else values


def remember_people(snapshot: Snapshot, last: Snapshot | None, *, day: int, keep: int) -> Snapshot:
    """Return the snapshot with the people of earlier nights, for `keep` days after they left.

    `day`: the ordinal of tonight.
    """
    seen = {}
    for name in MAIL:
        keys, days = list_seen(last, name)
        current = snapshot.kinds[name].key if name in snapshot.kinds else np.zeros(0, np.uint64)
        stays = ~np.isin(keys, current) & (days.astype(np.int64) >= day - keep)
        keys = np.concatenate([keys[stays], current])
        days = np.concatenate([days[stays], np.full(len(current), day, np.int32)])
        order = np.argsort(keys, kind="stable")
        seen[name] = keys[order], days[order]
    return replace(snapshot, seen=seen)


def list_seen(last: Snapshot | None, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return digests of ids in the snapshots of one kind of people, and the last day of each."""
    if last is None or name not in last.seen:
        return np.zeros(0, np.uint64), np.zeros(0, np.int32)
    return last.seen[name]
