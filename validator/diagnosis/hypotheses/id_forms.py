"""Ids that do not meet because one file writes them in another form."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.edit import Edit, apply_edits
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene, list_references
from validator.model import Export, Places, Table

LEAST_VALUES = 3
"""Distinct ids that must meet after the change: fewer could meet by chance. Our own measure."""

SHARE = 0.95
"""Share of the failing rows that must meet after the change; the rest may be ordinary faults."""

HIDDEN = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07"
LOOKALIKES = str.maketrans({**dict.fromkeys(DASHES, "-"), **dict.fromkeys(APOSTROPHES, "'")})

Change = Callable[[str], str]


def fold_case(value: str) -> str:
    """Return the id in lower case."""
    return value.casefold()


def drop_separators(value: str) -> str:
    """Return the id without thousands separators, blanks and punctuation inside."""
    return "".join(letter for letter in value if letter.isalnum())


def drop_braces(value: str) -> str:
    """Return the id without a pair of brackets around it."""
    if len(value) > 2 and value[0] + value[-1] in ("{}", "[]", "()", "<>"):
        return value[1:-1].strip()
    return value


def plain_lookalikes(value: str) -> str:
    """Return the id with plain dashes, apostrophes, digits and letters."""
    return unicodedata.normalize("NFKC", value.translate(LOOKALIKES))


def compose(value: str) -> str:
    """Return the id with each letter and its accent as one code point."""
    return unicodedata.normalize("NFC", value)


def drop_hidden(value: str) -> str:
    """Return the id without characters that nobody sees."""
    return "".join(
        letter
        for letter in value
        if letter not in HIDDEN and (unicodedata.category(letter) != "Cc")
    ).strip("\u00a0 \t")


def drop_zeros(value: str) -> str:
    """Return a number without its leading zeros."""
    return value.lstrip("0") or "0" if value.isdecimal() else value


def drop_apostrophe(value: str) -> str:
    """Return the id without the apostrophe that keeps a spreadsheet from reading it as a number."""
    return value[1:] if value[:1] == "'" else value


def drop_point_zero(value: str) -> str:
    """Return a number without the `.0` of a program that treats ids as decimal numbers."""
    whole, point, rest = value.partition(".")
    return whole if point and whole.isdecimal() and rest.strip("0") == "" else value


def cut_to_fifteen(value: str) -> str:
    """Return the first fifteen digits of a longer number, zeros after them."""
    if value.isdecimal() and len(value) > 15:
        return value[:15] + "0" * (len(value) - 15)
    return value


def expand_powers(value: str) -> str:
    """Return a number in powers of ten written out, where every digit is there."""
    if "e" not in value.lower():
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < 0 or len(digits) + exponent > 40:
        return value
    return str(int(number))


FORMS: dict[str, Change] = {
    "ids-with-hidden-characters": drop_hidden,
    "ids-composed-differently": compose,
    "ids-with-lookalikes": plain_lookalikes,
    "ids-other-case": fold_case,
    "ids-with-apostrophe": drop_apostrophe,
    "marks-of-a-converter": drop_point_zero,
    "ids-without-zeros": drop_zeros,
    "ids-with-braces": drop_braces,
    "ids-in-powers-of-ten": expand_powers,
    "ids-cut-to-fifteen-digits": cut_to_fifteen,
    "ids-with-separators": drop_separators,
}
"""Simplest first: a reading with an earlier form wins over one that repairs as much."""

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

    `values` are the distinct failing ids, `rows` and `codes` each failing cell: its row number and
    the position of its value, per column.
    """

    table: Table
    other: Table
    columns: tuple[str, ...]
    values: list[str]
    rows: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]
    met: frozenset[str]

    @property
    def count(self) -> int:
        """How many cells fail."""
        return sum(len(rows) for rows in self.rows)


def list_failing(scene: Scene) -> Iterator[Failing]:
    """Yield, per referring table and referred table, the references that match no key."""
    together: dict[tuple[str, str], list[str]] = {}
    for table, column, other in list_references(scene.export):
        together.setdefault((table.name, other.name), []).append(column)
    for (name, target), columns in together.items():
        failing = _failing(scene.export.tables[name], columns, scene.export.tables[target])
        if failing is not None:
            yield failing


def _failing(table: Table, columns: list[str], other: Table) -> Failing | None:
    """Return the failing references of these columns, None where all of them match."""
    number: dict[str, int] = {}
    rows, codes, met = [], [], set[str]()
    for column in columns:
        at = frame.locate_rows(table, column, other)
        encoded = frame.encode(table, column)
        unmatched = np.flatnonzero(at == frame.UNKNOWN)
        used, inverse = np.unique(encoded.codes[unmatched], return_inverse=True)
        texts = encoded.values.take(pa.array(used)).to_pylist()
        position = np.asarray([number.setdefault(text, len(number)) for text in texts], np.intp)
        rows.append(unmatched)
        codes.append(position[inverse] if len(used) else np.zeros(0, np.intp))
        if not len(unmatched):
            continue
        good = np.unique(encoded.codes[at >= 0])
        met.update(encoded.values.take(pa.array(good)).to_pylist())
    if not number:
        return None
    return Failing(
        table, other, tuple(columns), list(number), tuple(rows), tuple(codes), frozenset(met)
    )


def match_forms(values: list[str], keys: list[str], change: Change) -> dict[str, str]:
    """Return, per value, the only key that is equal to it after `change`; no key is taken twice."""
    by_form: dict[str, list[str]] = {}
    for key in keys:
        by_form.setdefault(change(key), []).append(key)
    taken: dict[str, str] = {}
    out: dict[str, str] = {}
    for value in values:
        found = by_form.get(change(value), [])
        if len(found) != 1:
            continue
        other = taken.setdefault(found[0], value)
        if other != value:
            out.pop(other, None)
            continue
        out[value] = found[0]
    return out


def suspect_forms(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a change of form, or two of them, in the references that match nothing."""
    for failing in list_failing(scene):
        if len(failing.values) < LEAST_VALUES:
            continue
        keys = _text(frame.index_by_key(failing.other)[0])
        yield from _suspect_forms(failing, keys)


def suspect_affixes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a constant text in front of or behind the ids of one file."""
    for failing in list_failing(scene):
        if len(failing.values) >= LEAST_VALUES:
            keys = _text(frame.index_by_key(failing.other)[0])
            yield from _suspect_affix(failing, keys)


def _text(values: pa.Array) -> list[str]:
    return [value for value in values.to_pylist() if value]


def _suspect_forms(failing: Failing, keys: list[str]) -> Iterator[Suspicion]:
    """Yield the simplest form under which the ids meet, else the simplest pair of forms."""
    for forms in [*((form,) for form in FORMS), *combinations(FORMS, 2)]:
        change = chain([FORMS[form] for form in forms])
        pairs = match_forms(failing.values, keys, change)
        if _enough(failing, pairs):
            suspicion = describe(failing, forms[0], pairs, change=change)
            yield replace(suspicion, companions=forms[1:])
            return


def chain(changes: list[Change]) -> Change:
    """Return the changes as one, applied in order."""

    def changed(value: str) -> str:
        for change in changes:
            value = change(value)
        return value

    return changed


def _enough(failing: Failing, pairs: dict[str, str]) -> bool:
    """Return whether nearly all failing cells would match."""
    if len(pairs) < LEAST_VALUES:
        return False
    return count_cells(failing, pairs) >= SHARE * failing.count


def count_cells(failing: Failing, pairs: dict[str, str]) -> int:
    """Return how many failing cells hold one of these values."""
    hit = np.asarray([value in pairs for value in failing.values], bool)
    return sum(int(hit[codes].sum()) for codes in failing.codes)


def _suspect_affix(failing: Failing, keys: list[str]) -> Iterator[Suspicion]:
    """Yield a constant text in front of or behind the ids of one side."""
    known = set(keys)
    sample = failing.values
    for affix, behind in _affixes(sample, known):
        pairs = {value: _without(value, affix, behind) for value in sample}
        pairs = {value: key for value, key in pairs.items() if key in known}
        if _enough(failing, pairs):
            yield describe(failing, "ids-with-prefix", pairs, change=None, affix=affix)
            return
    bare = set(sample)
    for affix, behind in _affixes(keys, bare):
        pairs = {_without(key, affix, behind): key for key in keys}
        pairs = {value: key for value, key in pairs.items() if value in bare}
        if _enough(failing, pairs):
            yield describe(
                failing, "ids-with-prefix", pairs, change=None, affix=affix, of_keys=True
            )
            return


def _affixes(values: list[str], known: set[str]) -> list[tuple[str, bool]]:
    """Return the texts that some values have more than a known one, most frequent first."""
    times: dict[tuple[str, bool], int] = {}
    for value in values[:200]:
        for length in range(1, min(len(value), 24)):
            if value[length:] in known:
                times[(value[:length], False)] = times.get((value[:length], False), 0) + 1
            if value[:-length] in known:
                times[(value[-length:], True)] = times.get((value[-length:], True), 0) + 1
    return sorted(times, key=lambda affix: (-times[affix], affix))[:3]


def _without(value: str, affix: str, behind: bool) -> str:
    if behind:
        return value[: -len(affix)] if value.endswith(affix) else value
    return value[len(affix) :] if value.startswith(affix) else value


def describe(
    failing: Failing,
    form: str,
    pairs: dict[str, str],
    *,
    change: Change | None,
    affix: str = "",
    of_keys: bool = False,
) -> Suspicion:
    """Return the suspicion that these ids are the paired keys in another form."""
    damaged_keys = of_keys or (change is not None and _is_key_side(form, pairs, change))
    places = _key_places(failing, pairs) if damaged_keys else _cell_places(failing, pairs)
    cells = count_cells(failing, pairs)
    table, other = failing.table, failing.other
    words = WORDS[form]
    if affix and affix.isalpha() and len(affix) <= 3:
        words = f'"{affix}" that is added'
    evidence = (
        f"{len(pairs):,} of the {len(failing.values):,} ids of {table.file} that match nothing in "
        f"{other.file} are its ids but for {words}; each matches exactly one record"
    )
    return Suspicion(
        form,
        places,
        evidence,
        symptoms=frozenset((table.name, column) for column in failing.columns),
        repaired=cells,
        failing=failing.count,
        inverse=_inverse(failing, pairs, damaged_keys=damaged_keys),
    )


LOSSY = ("ids-without-zeros", "ids-cut-to-fifteen-digits")
"""Forms that lose characters: the side that the change leaves as it is has lost them already."""


def _is_key_side(form: str, pairs: dict[str, str], change: Change) -> bool:
    """Return whether the keys are the damaged side."""
    keys = sum(change(key) != key for key in pairs.values())
    values = sum(change(value) != value for value in pairs)
    if form in LOSSY:
        keys, values = values, keys
    return keys >= SHARE * len(pairs) and values < (1 - SHARE) * len(pairs)


def _cell_places(failing: Failing, pairs: dict[str, str]) -> list[Places]:
    hit = np.asarray([value in pairs for value in failing.values], bool)
    return [
        frame.place_rows(failing.table, rows[hit[codes]], column)
        for column, rows, codes in zip(failing.columns, failing.rows, failing.codes, strict=True)
        if hit[codes].any()
    ]


def _key_places(failing: Failing, pairs: dict[str, str]) -> list[Places]:
    key = frame.encode(failing.other, failing.other.key)
    wanted = pa.array(sorted(set(pairs.values())), pa.string())
    mask = key.broadcast(frame.is_among(key.values, wanted))
    return [frame.place_rows(failing.other, mask, failing.other.key)]


def _inverse(
    failing: Failing, pairs: dict[str, str], *, damaged_keys: bool
) -> Callable[[Export], Export]:
    """Return the change that writes the ids of one side as the other side writes them."""
    name, other = failing.table.name, failing.other.name

    def undo(export: Export) -> Export:
        if damaged_keys:
            back = {key: value for value, key in pairs.items()}
            return replace_values(export, other, (export.tables[other].key,), pairs=back)
        return replace_values(export, name, failing.columns, pairs=pairs)

    return undo


def replace_values(
    export: Export, name: str, columns: Iterable[str], *, pairs: dict[str, str]
) -> Export:
    """Return the export with these values of some columns of a table replaced."""
    table = export.tables[name]
    edits = []
    old = pa.array(list(pairs), pa.string())
    new = pa.array(list(pairs.values()), pa.string())
    for column in columns:
        encoded = frame.encode(table, column)
        position = frame.find_positions(encoded.values, old)[encoded.codes]
        rows = np.flatnonzero(position >= 0)
        if len(rows):
            edits.append(Edit(name, column, rows, pc.take(new, pa.array(position[rows]))))
    return apply_edits(export, edits)
