"""Ids that do not meet because one file writes them in another form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property, partial
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import Edit, apply_edits
from validator.diagnosis.hypothesis import Inverse, Suspicion
from validator.diagnosis.scene import Scene, list_references
from validator.model import Export, Places, Table

LEAST_VALUES = 3
"""Distinct ids that must meet after the change: fewer could meet by chance. Our own measure."""

SHARE = 0.6
"""Share of the failing cells that must meet after a change that could meet by chance (letters
added, another column): what is left may be ordinary faults in the same file. Our own measure."""

NEARLY_ALL = 0.95

HIDDEN = "[\u00a0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]"
DASHES = "[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
APOSTROPHES = "[\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07]"

Change = Callable[[pa.Array], pa.Array]


def _replace(pattern: str, replacement: str, values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)


def drop_hidden(values: pa.Array) -> pa.Array:
    """Return the ids without characters that nobody sees."""
    return _replace(HIDDEN, "", values)


def compose(values: pa.Array) -> pa.Array:
    """Return the ids with each letter and its accent as one code point."""
    return pc.utf8_normalize(values, form="NFC")


def plain_lookalikes(values: pa.Array) -> pa.Array:
    """Return the ids with plain dashes, apostrophes, digits and letters."""
    plain = _replace(APOSTROPHES, "'", _replace(DASHES, "-", values))
    return pc.utf8_normalize(plain, form="NFKC")


def expand_powers(values: pa.Array) -> pa.Array:
    """Return numbers in powers of ten written out, where every digit is there."""
    marked = pc.match_substring_regex(values, pattern=r"^[0-9]+(\.[0-9]+)?[eE]\+?[0-9]{1,2}$")
    if not pc.any(marked, min_count=0).as_py():
        return values
    written = [_expand(value) for value in values.to_pylist()]
    return pa.array(written, pa.string())


def _expand(value: str) -> str:
    """Return one number in powers of ten written out; anything else as it is."""
    if "e" not in value.lower():
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    exponent = number.as_tuple().exponent
    is_whole = isinstance(exponent, int) and 0 <= exponent <= 40
    return str(int(number)) if is_whole else value


def drop_zeros(values: pa.Array) -> pa.Array:
    """Return numbers without their leading zeros."""
    return pc.if_else(pc.ascii_is_decimal(values), pc.ascii_ltrim(values, characters="0"), values)


FORMS: dict[str, Change] = {
    "ids-with-hidden-characters": drop_hidden,
    "ids-composed-differently": compose,
    "ids-with-lookalikes": plain_lookalikes,
    "ids-other-case": pc.utf8_lower,
    "ids-with-apostrophe": partial(_replace, "^'(.+)$", r"\1"),
    "marks-of-a-converter": partial(_replace, r"^([0-9]+)\.0+$", r"\1"),
    "ids-without-zeros": drop_zeros,
    "ids-with-braces": partial(_replace, r"^[{\[(<]\s*(.+?)\s*[}\])>]$", r"\1"),
    "ids-in-powers-of-ten": expand_powers,
    "ids-cut-to-fifteen-digits": partial(_replace, r"^([0-9]{15})[0-9]+$", r"\1"),
    "ids-with-separators": partial(_replace, r"[^\pL\pN]", ""),
}
"""Simplest first: an earlier form wins over a later one that repairs as much."""

CERTAIN = frozenset(
    {
        "ids-with-hidden-characters",
        "ids-composed-differently",
        "ids-with-apostrophe",
        "marks-of-a-converter",
        "ids-without-zeros",
    }
)
"""Forms that no chance produces: one id that meets exactly one record is enough."""

LOST = {
    "ids-without-zeros": "^[^0]",
    "ids-cut-to-fifteen-digits": "^[0-9]{15}0+$",
}
"""What ids look like that have lost characters; for other forms, the side that changes is damaged."""

WORDS = {
    "ids-with-hidden-characters": "hidden characters",
    "ids-composed-differently": "the way accented letters are stored",
    "ids-with-lookalikes": "look-alike characters (dashes, apostrophes or wide digits)",
    "ids-other-case": "capital and small letters",
    "ids-with-apostrophe": "an apostrophe in front",
    "marks-of-a-converter": "a .0 at the end",
    "ids-without-zeros": "leading zeros",
    "ids-with-braces": "brackets around them",
    "ids-in-powers-of-ten": "being written in powers of ten",
    "ids-cut-to-fifteen-digits": "the digits after the fifteenth, which are zeros",
    "ids-with-separators": "separators inside",
    "ids-with-prefix": "letters that are added in front or behind",
}


@dataclass(frozen=True, eq=False)
class Failing:
    """The references of one or more columns of a table that match no key of another table.

    `distinct` are the failing ids (Arrow strings), `rows` and `codes` each failing cell: its row
    number and the position of its value, per column. `met` counts the cells that match.
    """

    table: Table
    other: Table
    columns: tuple[str, ...]
    distinct: pa.Array
    rows: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]
    met: int

    @cached_property
    def values(self) -> list[str]:
        """The distinct failing ids as text."""
        texts: list[str] = self.distinct.to_pylist()
        return texts

    @cached_property
    def keys(self) -> pa.Array:
        """The keys of the other table, without blanks."""
        keys = frame.index_by_key(self.other)[0]
        return keys.filter(pc.not_equal(keys, ""))

    @property
    def count(self) -> int:
        """How many cells fail."""
        return sum(len(rows) for rows in self.rows)

    def count_cells(self, hit: np.ndarray) -> int:
        """Return how many failing cells hold one of the values that the bool mask marks."""
        return sum(int(hit[codes].sum()) for codes in self.codes)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Per distinct failing value, the position of the only key that it means, else -1."""

    failing: Failing
    keys: pa.Array
    position: np.ndarray

    @cached_property
    def hit(self) -> np.ndarray:
        """Bool mask of the values that mean a key."""
        return np.asarray(self.position >= 0)

    @property
    def count(self) -> int:
        """How many distinct values mean a key."""
        return int(self.hit.sum())

    @cached_property
    def cells(self) -> int:
        """How many failing cells hold such a value."""
        return self.failing.count_cells(self.hit)

    @cached_property
    def written(self) -> pa.Array:
        """The failing values that mean a key."""
        return self.failing.distinct.filter(pa.array(self.hit))

    @cached_property
    def meant(self) -> pa.Array:
        """The keys they mean, in the same order."""
        return self.keys.take(pa.array(self.position[self.hit]))


def list_failing(scene: Scene) -> list[Failing]:
    """Return, per referring table and referred table, the references that match no key."""
    return scene.remember("failing", lambda: list(_list_failing(scene)))


def _list_failing(scene: Scene) -> Iterator[Failing]:
    together: dict[tuple[str, str], list[str]] = {}
    for table, column, other in list_references(scene.export):
        together.setdefault((table.name, other.name), []).append(column)
    for (name, target), columns in together.items():
        failing = _failing(scene.export.tables[name], columns, scene.export.tables[target])
        if failing is not None:
            yield failing


def _failing(table: Table, columns: list[str], other: Table) -> Failing | None:
    """Return the failing references of these columns, None where all of them match."""
    rows, texts, met = [], [], 0
    for column in columns:
        at = frame.locate_rows(table, column, other)
        unmatched = np.flatnonzero(at == frame.UNKNOWN)
        met += int((at >= 0).sum())
        encoded = frame.encode(table, column)
        rows.append(unmatched)
        texts.append(encoded.values.take(pa.array(encoded.codes[unmatched])))
    encoded_all = pa.chunked_array(texts, pa.string()).combine_chunks().dictionary_encode()
    if not len(encoded_all.dictionary):
        return None
    every = encoded_all.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    codes = np.split(every, np.cumsum([len(unmatched) for unmatched in rows])[:-1])
    distinct = encoded_all.dictionary
    return Failing(table, other, tuple(columns), distinct, tuple(rows), tuple(codes), met)


def match_keys(failing: Failing, written: pa.Array, keys: pa.Array) -> Pairs:
    """Return the pairs of failing values and keys that are equal after a change, one to one.

    `written` are the changed failing values, `keys` the changed keys; both in the order of
    `failing.distinct` and `failing.keys`.
    """
    encoded = keys.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    only = np.full(len(encoded.dictionary), -1, np.intp)
    only[codes] = np.arange(len(codes))
    only[np.bincount(codes, minlength=len(only)) > 1] = -1
    found = frame.find_positions(written, encoded.dictionary)
    position = np.where(found >= 0, only[np.maximum(found, 0)] if len(only) else -1, -1)
    matched = position[position >= 0]
    times = np.bincount(matched, minlength=max(len(keys), 1))
    position = np.where((position >= 0) & (times[np.maximum(position, 0)] == 1), position, -1)
    return Pairs(failing, failing.keys, position)


def suspect_forms(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a change of form, or two of them, in the references that match nothing."""
    for failing in list_failing(scene):
        best = 0
        for form, change in FORMS.items():
            pairs = match_keys(failing, change(failing.distinct), change(failing.keys))
            if pairs.count >= (1 if form in CERTAIN else LEAST_VALUES):
                best = max(best, pairs.cells)
                yield describe(pairs, form, change)
        if best < NEARLY_ALL * failing.count and len(failing.distinct) >= LEAST_VALUES:
            yield from _suspect_two_forms(failing, best)


def _suspect_two_forms(failing: Failing, least: int) -> Iterator[Suspicion]:
    """Yield the simplest two changes of form that repair far more cells than one."""
    for forms in combinations(FORMS, 2):
        change = chain(*(FORMS[form] for form in forms))
        pairs = match_keys(failing, change(failing.distinct), change(failing.keys))
        more = pairs.cells > max(2 * least, SHARE * failing.count)
        if pairs.count >= LEAST_VALUES and more:
            yield replace(describe(pairs, forms[0], change), companions=forms[1:])
            return


def chain(*changes: Change) -> Change:
    """Return the changes as one, applied in order."""

    def changed(values: pa.Array) -> pa.Array:
        for change in changes:
            values = change(values)
        return values

    return changed


def suspect_affixes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a constant text in front of or behind the ids of one file."""
    for failing in list_failing(scene):
        if len(failing.distinct) < LEAST_VALUES:
            continue
        known, written = set(failing.keys.to_pylist()), set(failing.values)
        for affix in list_affixes(failing.values, known):
            pairs = match_keys(failing, affix.strip(failing.distinct), failing.keys)
            if is_enough(pairs):
                yield describe(pairs, "ids-with-prefix", None, affix=affix.text)
                break
        for affix in list_affixes(failing.keys.to_pylist(), written):
            pairs = match_keys(failing, failing.distinct, affix.strip(failing.keys))
            if is_enough(pairs):
                suspicion = describe(pairs, "ids-with-prefix", None, affix=affix.text, of_keys=True)
                yield suspicion
                break


def is_enough(pairs: Pairs) -> bool:
    """Return whether so many cells would match that chance is no reading."""
    return pairs.count >= LEAST_VALUES and pairs.cells >= SHARE * pairs.failing.count


@dataclass(frozen=True)
class Affix:
    """A text that is added to ids, in front or behind."""

    text: str
    behind: bool

    def strip(self, values: pa.Array) -> pa.Array:
        """Return the ids that have the text without it; others as they are."""
        if self.behind:
            has, stop = pc.ends_with(values, pattern=self.text), -len(self.text)
            return pc.if_else(has, pc.utf8_slice_codeunits(values, 0, stop=stop), values)
        has = pc.starts_with(values, pattern=self.text)
        return pc.if_else(has, pc.utf8_slice_codeunits(values, len(self.text)), values)


LONGEST_AFFIX, SAMPLE = 24, 200


def list_affixes(values: list[str], known: set[str]) -> list[Affix]:
    """Return the texts that some values have more than a known one, most frequent first."""
    times: dict[Affix, int] = {}
    for value in values[:SAMPLE]:
        for length in range(1, min(len(value), LONGEST_AFFIX)):
            found = []
            if value[length:] in known:
                found.append(Affix(value[:length], behind=False))
            if value[:-length] in known:
                found.append(Affix(value[-length:], behind=True))
            for affix in found:
                times[affix] = times.get(affix, 0) + 1
    return sorted(times, key=lambda affix: (-times[affix], affix.behind, affix.text))[:3]


def describe(
    pairs: Pairs,
    form: str,
    change: Change | None,
    *,
    affix: str = "",
    of_keys: bool = False,
) -> Suspicion:
    """Return the suspicion that these ids are the paired keys in another form."""
    failing = pairs.failing
    of_keys = of_keys or (change is not None and _is_key_side(form, pairs, change))
    table, other = failing.table, failing.other
    words = WORDS[form]
    if affix and affix.isalpha() and len(affix) <= LEAST_VALUES:
        words = f'"{affix}" that is added'
    evidence = (
        f"{pairs.count:,} of the {len(failing.distinct):,} ids of {table.file} that match nothing "
        f"in {other.file} are its ids but for {words}; each matches exactly one record"
    )
    return Suspicion(
        form,
        _key_places(pairs) if of_keys else cell_places(failing, pairs.hit),
        evidence,
        symptoms=frozenset((table.name, column) for column in failing.columns),
        repaired=pairs.cells,
        failing=failing.count,
        inverse=_undo_keys(pairs) if of_keys else undo_cells(pairs),
    )


def _is_key_side(form: str, pairs: Pairs, change: Change) -> bool:
    """Return whether the keys are the damaged side."""
    keys = _count_damaged(form, pairs.meant, change)
    written = _count_damaged(form, pairs.written, change)
    return keys >= NEARLY_ALL * pairs.count and written < (1 - NEARLY_ALL) * pairs.count


def _count_damaged(form: str, values: pa.Array, change: Change) -> int:
    """Return how many of the ids look damaged."""
    if form in LOST:
        damaged = pc.match_substring_regex(values, pattern=LOST[form])
    else:
        damaged = pc.not_equal(change(values), values)
    return int(pc.sum(damaged).as_py() or 0)


def cell_places(failing: Failing, hit: np.ndarray) -> list[Places]:
    """Return the failing cells that hold one of the values that the bool mask marks."""
    return [
        frame.place_rows(failing.table, rows[hit[codes]], column)
        for column, rows, codes in zip(failing.columns, failing.rows, failing.codes, strict=True)
        if hit[codes].any()
    ]


def _key_places(pairs: Pairs) -> list[Places]:
    other = pairs.failing.other
    key = frame.encode(other, other.key)
    mask = key.broadcast(frame.is_among(key.values, pairs.meant))
    return [frame.place_rows(other, mask, other.key)]


def undo_cells(pairs: Pairs) -> Inverse:
    """Return the change that writes the keys that the failing cells mean."""
    name, columns = pairs.failing.table.name, pairs.failing.columns
    return partial(replace_values, name=name, columns=columns, old=pairs.written, new=pairs.meant)


def _undo_keys(pairs: Pairs) -> Inverse:
    """Return the change that writes the keys as the referring file writes them."""
    other = pairs.failing.other
    return partial(
        replace_values, name=other.name, columns=(other.key,), old=pairs.meant, new=pairs.written
    )


def replace_values(
    export: Export, *, name: str, columns: Iterable[str], old: pa.Array, new: pa.Array
) -> Export:
    """Return the export with these values (Arrow strings) of some columns of a table replaced."""
    table = export.tables[name]
    edits = []
    for column in columns:
        encoded = frame.encode(table, column)
        position = frame.find_positions(encoded.values, old)[encoded.codes]
        rows = np.flatnonzero(position >= 0)
        if len(rows):
            edits.append(Edit(name, column, rows, pc.take(new, pa.array(position[rows]))))
    return apply_edits(export, edits)
