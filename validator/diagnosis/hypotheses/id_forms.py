"""Ids that do not meet because one file writes them in another form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import combinations

import pyarrow as pa
import pyarrow.compute as pc

from validator import frame
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import (
    LEAST_VALUES,
    SHARE,
    Failing,
    Pairs,
    cell_places,
    list_failing,
    match_keys,
    place_keys,
    undo_cells,
    undo_keys,
)
from validator.diagnosis.scene import Scene
from validator.frame import values as frame_values
from validator.text import APOSTROPHES, DASHES, UNSEEN

NEARLY_ALL = 0.95

MANY, SAMPLE = 5_000, 200
"""Failing ids that are tried before all of them are."""

NAMED = {
    "ids-with-lookalikes": re.compile(f"[{DASHES}{APOSTROPHES}]"),
    "ids-with-hidden-characters": re.compile(UNSEEN),
}
"""Forms whose evidence names the characters."""

Change = Callable[[pa.Array], pa.Array]


def _replace(pattern: str, replacement: str, values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)


def drop_hidden(values: pa.Array) -> pa.Array:
    """Return failing ids without characters that nobody sees."""
    return _replace(UNSEEN, "", values)


def compose(values: pa.Array) -> pa.Array:
    """Return failing ids with each letter and its accent as one code point."""
    return pc.utf8_normalize(values, form="NFC")


def plain_lookalikes(values: pa.Array) -> pa.Array:
    """Return failing ids with plain dashes, apostrophes, digits and letters."""
    plain = _replace(f"[{APOSTROPHES}]", "'", _replace(f"[{DASHES}]", "-", values))
    return pc.utf8_normalize(plain, form="NFKC")


def expand_powers(values: pa.Array) -> pa.Array:
    """Return failing ids in powers of ten written out, where every digit is there."""
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
    """Return failing ids without their leading zeros."""
    return pc.if_else(pc.ascii_is_decimal(values), pc.ascii_ltrim(values, characters="0"), values)


def drop_separators(values: pa.Array) -> pa.Array:
    """Return failing ids with nothing but letters and digits."""
    return frame_values.keep_letters(values, digits=True)


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
    "ids-with-separators": drop_separators,
}
"""Simplest first: an earlier form wins over a later one that repairs as much."""

OUTSIDE_IN = (
    "ids-with-hidden-characters",
    "ids-composed-differently",
    "ids-with-lookalikes",
    "ids-other-case",
    "ids-with-braces",
    "ids-with-apostrophe",
    "ids-in-powers-of-ten",
    "marks-of-a-converter",
    "ids-without-zeros",
    "ids-cut-to-fifteen-digits",
    "ids-with-separators",
    "ids-without-zeros",
)
"""All forms in the order in which one leaves nothing in the way of the next."""

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
"""What ids with lost characters look like; of other forms, the side that changes is damaged."""

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


def suspect_forms(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a change of form, or two of them, in the references that match nothing."""
    for failing in list_failing(scene):
        if not _may_differ_in_form(failing):
            continue
        best, active = 0, []
        for form, change in FORMS.items():
            ids, keys = change(failing.distinct), change(failing.keys)
            if ids.equals(failing.distinct) and keys.equals(failing.keys):
                continue
            active.append(form)
            pairs = match_keys(failing, ids, keys)
            if pairs.count >= (1 if form in CERTAIN else LEAST_VALUES):
                best = max(best, pairs.cells)
                yield describe(pairs, form, change)
        if best < NEARLY_ALL * failing.count and len(failing.distinct) >= LEAST_VALUES:
            yield from _suspect_two_forms(failing, active, best)


def _may_differ_in_form(failing: Failing) -> bool:
    """Return whether any failing id of a sample matches a key after all changes of form."""
    every = chain(*(FORMS[form] for form in OUTSIDE_IN))
    return bool(frame.is_among(every(failing.sample(MANY)), every(failing.keys)).any())


def _suspect_two_forms(failing: Failing, active: Sequence[str], least: int) -> Iterator[Suspicion]:
    """Yield the simplest two changes of form that repair far more cells than one.

    `active`: forms that change an id; two of which the first changes none are the second alone.
    """
    sample = failing.sample(SAMPLE)
    keys: dict[str, pa.Array] = {}
    for first, second in combinations(FORMS, 2):
        if first not in active:
            continue
        change = chain(FORMS[first], FORMS[second])
        if first not in keys:
            keys = {first: FORMS[first](failing.keys)}
        changed = FORMS[second](keys[first])
        if not frame.is_among(change(sample), changed).any():
            continue
        pairs = match_keys(failing, change(failing.distinct), changed)
        more = pairs.cells > max(2 * least, SHARE * failing.count)
        if pairs.count >= LEAST_VALUES and more:
            yield replace(describe(pairs, first, change), companions=(second,))
            return


def chain(*changes: Change) -> Change:
    """Return several suspected changes of ids as one, applied in order."""

    def changed(values: pa.Array) -> pa.Array:
        for change in changes:
            values = change(values)
        return values

    return changed


def _name_points(form: str, pairs: Pairs) -> str:
    """Return the code points of look-alike or hidden characters, in parentheses, "" for none.

    These are signs only, never letters or digits of an id.
    """
    if form not in NAMED:
        return ""
    texts = [*pairs.written[:SAMPLE].to_pylist(), *pairs.meant[:SAMPLE].to_pylist()]
    signs = sorted(set(NAMED[form].findall("".join(texts))))
    return f" ({', '.join(f'U+{ord(sign):04X}' for sign in signs[:3])})" if signs else ""


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
    words = WORDS[form] + _name_points(form, pairs)
    if affix and affix.isalpha() and len(affix) <= LEAST_VALUES:
        words = f'"{affix}" that is added'
    evidence = (
        f"{pairs.count:,} of the {len(failing.distinct):,} ids of {table.file} that match nothing "
        f"in {other.file} are its ids but for {words}; each matches exactly one record"
    )
    return Suspicion(
        form,
        place_keys(pairs) if of_keys else cell_places(failing, pairs.hit),
        evidence,
        symptoms=frozenset((table.name, column) for column in failing.columns),
        repaired=pairs.cells,
        failing=failing.count,
        inverse=undo_keys(pairs) if of_keys else undo_cells(pairs),
    )


def _is_key_side(form: str, pairs: Pairs, change: Change) -> bool:
    """Return whether the keys are the damaged side: no reference matches them as they are."""
    keys = _count_damaged(form, pairs.meant, change)
    written = _count_damaged(form, pairs.written, change)
    are_damaged = keys >= NEARLY_ALL * pairs.count and written < (1 - NEARLY_ALL) * pairs.count
    return are_damaged and not pairs.failing.are_met(pairs.meant)


def _count_damaged(form: str, values: pa.Array, change: Change) -> int:
    """Return how many of the ids look damaged."""
    if form in LOST:
        damaged = pc.match_substring_regex(values, pattern=LOST[form])
    else:
        damaged = pc.not_equal(change(values), values)
    return int(pc.sum(damaged).as_py() or 0)
