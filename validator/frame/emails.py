"""E-mail addresses, checked and taken apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.values import is_ascii, is_blank, match_pattern


def _build_email_pattern(word: str) -> str:
    """RE2 pattern of one address as directories hold it; `word`: its letters and digits.

    Mail servers also accept percent signs, braces, question marks and two apostrophes in a row.
    No directory has them: they come from escapes, codes and lost letters.
    """
    part = rf"[{word}!#$&*+/=^_`|~-]"
    return (
        rf"^'?({part}'?)+(\.'?({part}'?)+)*"
        rf"@[{word}]([{word}-]*[{word}])?(\.[{word}]([{word}-]*[{word}])?)+$"
    )


EMAIL = _build_email_pattern(r"\p{L}\p{M}0-9")
"""Letters of any script are allowed. A word processor's apostrophe is not: no directory has it."""

ASCII_EMAIL = _build_email_pattern("A-Za-z0-9")
"""Equal to EMAIL for ASCII text, and much faster."""

INSIDE = (
    "@(.*[.])?(local|localdomain|localhost|lan|internal|intranet|corp|home[.]arpa|invalid|[0-9]+)$"
)
"""Addresses in a domain that exists only inside one network, so that no mail service has it.

The number of a machine, such as 10.0.0.5, is no domain either (RFC 3696, 2).

Sources: RFC 6762 (local), RFC 6761 (localhost, invalid), RFC 8375 (home.arpa), ICANN resolutions
2018.02.04.12 (corp) and 2024.07.29.06 (internal). `example` and `test` are names for examples, so
made-up rosters have them.
"""

MIXED_LETTERS = r"\p{Latin}.*[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}].*\p{Latin}"

WIDE = "[\uff00-\uffef]"
"""Letters that look like Latin ones and are not; letters and digits of full width."""

LONGEST_LOCAL, LONGEST_ADDRESS = 64, 254
"""Bytes before the @, and of the whole address (RFC 5321, 4.5.3.1)."""


def is_email(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are exactly one address that a directory can have."""
    plain = is_ascii(values)
    valid = match_pattern(values, ASCII_EMAIL if plain else EMAIL)
    valid &= ~is_inside_address(values) & ~_is_too_long(values)
    if not plain:
        valid &= ~match_pattern(values, MIXED_LETTERS) & ~match_pattern(values, WIDE)
    return valid


def is_inside_address(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are addresses in a domain inside one network; see INSIDE."""
    return match_pattern(pc.utf8_lower(values), INSIDE)


def _is_too_long(values: pa.Array) -> np.ndarray:
    """Bool mask over distinct values: too long for an address, or for the part before the @."""
    at = np.asarray(pc.find_substring(values, "@").to_numpy(zero_copy_only=False))
    size = np.asarray(pc.binary_length(values).to_numpy(zero_copy_only=False))
    return np.asarray((at > LONGEST_LOCAL) | (size > LONGEST_ADDRESS), bool)


def is_bad_email(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are neither blank, nor a valid address, nor several of them."""
    bad = ~is_email(values) & ~is_blank(values)
    at = np.flatnonzero(bad)
    bad[at] = ~has_several_emails(values.take(pa.array(at)))
    return np.asarray(bad, dtype=bool)


def has_several_emails(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are two or more addresses, separated as in `split_addresses`."""
    mask = match_pattern(values, r"@.*[;,|/\s]+.*@")
    candidates = split_addresses(values.filter(pa.array(mask)))
    mask[mask] = [len(addresses) > 1 for addresses in candidates]
    return mask


_SEPARATORS = str.maketrans(";,|/\t\n\r\xa0", "        ")


def split_addresses(values: pa.Array) -> list[list[str]]:
    """Per cell its distinct addresses, case-folded; [] unless every part of the cell is valid.

    Addresses are separated by semicolon, comma, bar, slash or a blank.
    """
    split = [cell.translate(_SEPARATORS).split(" ") for cell in values.to_pylist()]
    cells = [[part for part in cell if part] for cell in split]
    parts = [part for cell in cells for part in cell]
    valid = iter(is_email(pa.array(parts, pa.string())).tolist())
    addresses = []
    for cell in cells:
        is_valid = [next(valid) for _ in cell]
        distinct = list(dict.fromkeys(part.casefold() for part in cell))
        addresses.append(distinct if all(is_valid) else [])
    return addresses


def get_domains(values: pa.Array) -> pa.Array:
    """Return the domains of distinct values in lower case; "" where there is no @."""
    parts = pc.split_pattern(values, pattern="@", max_splits=1, reverse=True)
    several = pc.greater(pc.list_value_length(parts), 1)
    last = np.asarray(parts.offsets.to_numpy(zero_copy_only=False)[1:] - 1)
    return pc.utf8_lower(pc.if_else(several, parts.values.take(pa.array(last)), ""))
