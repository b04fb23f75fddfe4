"""Changes of form of an id, such as lost zeros or added hidden characters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.text import APOSTROPHES, DASHES, UNSEEN

Change = Callable[[pa.Array], pa.Array]


def _replace(pattern: str, replacement: str, values: pa.Array) -> pa.Array:
    """Undo one suspected change of ids by a pattern; those of letters and digits stay as is."""
    if _are_plain(values):
        return values
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)


def _are_plain(values: pa.Array) -> bool:
    """Return whether suspected ids have nothing but ASCII letters and digits, as most have."""
    data = values.buffers()[2] if pa.types.is_string(values.type) and len(values) else None
    if data is None or values.offset or values.null_count:
        return False
    text: bytes = data.to_pybytes()
    return text.isascii() and text.isalnum()


def _may_hold(values: pa.Array, letters: bytes) -> bool:
    """Return whether suspected ids may hold one of these ASCII letters."""
    if not pa.types.is_string(values.type) or not len(values):
        return True
    text: bytes = values.buffers()[2].to_pybytes()
    return any(letter in text for letter in letters)


def drop_hidden(values: pa.Array) -> pa.Array:
    """Return damaged ids without invisible characters."""
    return _replace(UNSEEN, "", values)


def compose(values: pa.Array) -> pa.Array:
    """Undo one suspected change of ids: accents split from their letters (NFC)."""
    return values if _are_plain(values) else pc.utf8_normalize(values, form="NFC")


def replace_lookalikes(values: pa.Array) -> pa.Array:
    """Return ids with plain dashes, apostrophes, digits and letters."""
    if _are_plain(values):
        return values
    plain = _replace(f"[{APOSTROPHES}]", "'", _replace(f"[{DASHES}]", "-", values))
    return pc.utf8_normalize(plain, form="NFKC")


POWER = r"^[0-9]+(\.[0-9]+)?[eE]\+?[0-9]{1,2}$"
"""An id that a spreadsheet or database wrote in scientific notation."""


def expand_powers(values: pa.Array) -> pa.Array:
    """Return ids in scientific notation written out, where every digit is there."""
    if not _may_hold(values, b"eE"):
        return values
    marked = pc.match_substring_regex(values, pattern=POWER)
    if not pc.any(marked, min_count=0).as_py():
        return values
    written = [_expand(value) for value in values.to_pylist()]
    return pa.array(written, pa.string())


def _expand(value: str) -> str:
    """Undo scientific notation of a damaged id; anything else as it is."""
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
    """Return damaged ids without their leading zeros, as a hypothesis compares them."""
    return pc.if_else(pc.ascii_is_decimal(values), pc.ascii_ltrim(values, characters="0"), values)


def drop_separators(values: pa.Array) -> pa.Array:
    """Return ids with nothing but letters and digits."""
    return values if _are_plain(values) else frame_values.keep_letters(values, digits=True)


MOST_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""


def cut_digits(values: pa.Array) -> pa.Array:
    """Undo one suspected change of ids: the digits after the fifteenth, which nobody knows."""
    longest = pc.max(pc.binary_length(values)).as_py() or 0
    if longest <= MOST_DIGITS:
        return values
    return pc.replace_substring_regex(values, pattern=r"^([0-9]{15})[0-9]+$", replacement=r"\1")


FORMS: dict[str, Change] = {
    "ids-with-hidden-characters": drop_hidden,
    "ids-composed-differently": compose,
    "ids-with-lookalikes": replace_lookalikes,
    "ids-other-case": pc.utf8_lower,
    "ids-with-apostrophe": partial(_replace, "^'(.+)$", r"\1"),
    "marks-of-a-converter": partial(_replace, r"^([0-9]+)\.0+$", r"\1"),
    "ids-without-zeros": drop_zeros,
    "ids-with-braces": partial(_replace, r"^[{\[(<]\s*(.+?)\s*[}\])>]$", r"\1"),
    "ids-in-powers-of-ten": expand_powers,
    "ids-cut-to-fifteen-digits": cut_digits,
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
"""All forms, in an order in which none gets in the way of the next."""

CERTAIN = frozenset(
    {
        "ids-with-hidden-characters",
        "ids-composed-differently",
        "ids-with-apostrophe",
        "marks-of-a-converter",
        "ids-without-zeros",
    }
)
"""Forms that do not come about by chance: one id that matches exactly one record is enough."""

SEEN = frozenset(
    {
        "ids-with-hidden-characters",
        "ids-composed-differently",
        "ids-with-lookalikes",
        "ids-with-apostrophe",
        "ids-with-braces",
        "ids-in-powers-of-ten",
        "marks-of-a-converter",
    }
)
"""Forms that an id shows without another one to compare it with: the whole column is undone."""

LOST = {
    "ids-without-zeros": "^[^0]",
    "ids-cut-to-fifteen-digits": "^[0-9]{15}0+$",
}
"""What ids with lost characters look like; of other forms, the side that changes is damaged."""


def chain(*changes: Change) -> Change:
    """Return several suspected changes of ids as one, applied in order."""

    def changed(values: pa.Array) -> pa.Array:
        for change in changes:
            values = change(values)
        return values

    return changed
