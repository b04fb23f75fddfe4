"""E-mail addresses, checked and taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame.text_bytes import (
    find_byte,
    get_bytes,
    keep_bytes,
    map_blocks,
    mark_before,
    mark_digits,
    mark_letters,
)
from validator.frame.values import is_ascii, is_blank, keep_letters, lower, match_pattern


def _build_email_pattern(word: str) -> str:
    """RE2 pattern of one encoded address as directories hold it; `word`: its letters and digits.

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

INSIDE = frozenset(
    ("local", "localdomain", "localhost", "lan", "internal", "intranet", "corp", "invalid")
)
"""Last names of domains that exist only inside one network, so that no mail service has them.

Sources: RFC 6762 (local), RFC 6761 (localhost, invalid), ICANN resolutions 2018.02.04.12 (corp)
and 2024.07.29.06 (internal). `example` and `test` are names for examples, so made-up rosters have
them.
"""

HOME = ".home.arpa"
"""The domain of home networks (RFC 8375)."""

MIXED_LETTERS = r"\p{Latin}.*[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}].*\p{Latin}"

WIDE = "[\uff00-\uffef]"
"""Letters that look like Latin ones and are not; letters and digits of full width."""

LONGEST_LOCAL, LONGEST_ADDRESS = 64, 254
"""Bytes before the @, and of the whole address (RFC 5321, 4.5.3.1)."""


def is_email(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are exactly one address that a directory can have."""
    if not len(values):
        return np.zeros(0, bool)
    plain = is_ascii(values)
    names, numbers = encode_domains(values)
    is_domain = np.asarray([*map(_is_domain, names), False], bool)
    valid = _match_email(values, is_domain[numbers], pattern=ASCII_EMAIL if plain else EMAIL)
    valid &= ~_mark_inside(names)[numbers] & ~_is_too_long(values)
    if not plain:
        valid &= ~match_pattern(values, MIXED_LETTERS) & ~match_pattern(values, WIDE)
    return valid


def is_inside_address(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are addresses in a domain inside one network; see INSIDE."""
    names, numbers = encode_domains(values)
    return np.asarray(_mark_inside(names)[numbers])


def _mark_inside(names: Sequence[str]) -> np.ndarray:
    """Bool mask over a frame's distinct domains, and False at -1: those inside one network."""
    return np.asarray([*map(is_inside, names), False], bool)


def is_inside(name: str) -> bool:
    """Whether a domain of addresses, in lower case, exists only inside one network; see INSIDE.

    The number of a machine, such as 10.0.0.5, is no domain either (RFC 3696, 2).
    """
    last = name.rpartition(".")[2]
    is_number = last.isascii() and last.isdigit()
    return last in INSIDE or is_number or f".{name}".endswith(HOME)


def _is_domain(name: str) -> bool:
    """Whether EMAIL matches an address at a domain, for ASCII ones; False for all others."""
    parts = name.split(".")
    return len(parts) > 1 and name.isascii() and all(map(_is_domain_part, parts))


def _is_domain_part(part: str) -> bool:
    """Whether a part of an ASCII domain is letters and digits, with hyphens between them."""
    return part.replace("-", "").isalnum() and part[0] != "-" != part[-1]


def _match_email(values: pa.Array, at_domain: np.ndarray, *, pattern: str) -> np.ndarray:
    """Bool mask over a frame's distinct addresses: a pattern matches; only unusual ones are
    tried.

    `at_domain`: whether the pattern matches an address at the domain of each ASCII value.
    """
    shapes = np.concatenate(map_blocks(values, _classify))
    valid = at_domain & (shapes == USUAL)
    other = np.flatnonzero(shapes == UNUSUAL)
    if len(other):
        valid[other] = match_pattern(values.take(pa.array(other)), pattern)
    return np.asarray(valid, bool)


NO_ADDRESS, UNUSUAL, USUAL = range(3)
JOINERS = b"._-@"
"""What joins the words of an address."""


def _classify(values: pa.Array) -> np.ndarray:
    """The shape of each address: NO_ADDRESS unless it has one @, else USUAL or UNUSUAL.

    Usual ones are ASCII letters and digits with single `.`, `_`, `-` between, and begin with a
    letter or a digit. EMAIL matches them if it does their domains.
    """
    offsets, text = get_bytes(values)
    is_letter = mark_letters(text) | mark_digits(text)
    is_joiner = reduce(np.logical_or, [text == joiner for joiner in JOINERS])
    unusual = np.flatnonzero(~(is_letter | is_joiner))
    doubled = np.flatnonzero(is_joiner[1:] & is_joiner[:-1])
    count, _ = find_byte(values, "@")
    usual = count == 1
    starts = offsets[:-1][usual]
    usual[usual] = is_letter[starts]
    for places in (unusual, doubled):
        usual[np.searchsorted(offsets, places, side="right") - 1] = False
    return np.where(usual, USUAL, (count == 1) * UNUSUAL)


def _is_too_long(values: pa.Array) -> np.ndarray:
    """Bool mask over a frame's distinct addresses: too long, or the part before the @ is."""
    longest = pc.max(pc.binary_length(values)).as_py() or 0
    if longest <= LONGEST_LOCAL:
        return np.zeros(len(values), bool)
    at = np.asarray(pc.find_substring(values, "@").to_numpy(zero_copy_only=False))
    size = np.asarray(pc.binary_length(values).to_numpy(zero_copy_only=False))
    return np.asarray((at > LONGEST_LOCAL) | (size > LONGEST_ADDRESS), bool)


def is_bad_email(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are neither blank, nor a valid address, nor several of them."""
    bad = ~is_email(values) & ~is_blank(values)
    at = np.flatnonzero(bad)
    if len(at):
        bad[at] = ~has_several_emails(values.take(pa.array(at)))
    return np.asarray(bad, dtype=bool)


def has_several_emails(values: pa.Array) -> np.ndarray:
    """Bool mask of the values that are two or more addresses, separated as in `split_addresses`."""
    mask = np.zeros(len(values), bool)
    if not _may_have_several(values):
        return mask
    mask |= match_pattern(values, r"@.*[;,|/\s]+.*@")
    candidates = split_addresses(values.filter(pa.array(mask)))
    mask[mask] = [len(addresses) > 1 for addresses in candidates]
    return mask


def _may_have_several(values: pa.Array) -> bool:
    """Whether some encoded value has more than one @, and so may hold several addresses."""
    return any(map_blocks(values, lambda block: bool((find_byte(block, "@")[0] > 1).any())))


def get_local_parts(values: pa.Array) -> pa.Array:
    """The part before the first @ of each value; the whole value where there is no @."""
    return pa.concat_arrays(map_blocks(values, _cut_local_parts))


def _cut_local_parts(values: pa.Array) -> pa.Array:
    """Cut the e-mail addresses of a block of values off before the first @."""
    _, ends = find_byte(values, "@")
    return keep_bytes(values, mark_before(values, ends))


def get_local_letters(values: pa.Array) -> pa.Array:
    """The letters before the first @ of each of a column's addresses."""
    if not is_ascii(values):
        return keep_letters(get_local_parts(values))

    def keep(block: pa.Array) -> pa.Array:
        _, ends = find_byte(block, "@")
        return keep_bytes(block, mark_letters(get_bytes(block)[1]) & mark_before(block, ends))

    return pa.concat_arrays(map_blocks(values, keep))


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
    return lower(pa.concat_arrays(map_blocks(values, _cut_domains)))


def _cut_domains(values: pa.Array) -> pa.Array:
    """Cut a block of e-mail addresses off before their domains."""
    offsets, text = get_bytes(values)
    places = np.flatnonzero(text == ord("@"))
    before = np.searchsorted(places, offsets)
    starts = offsets[1:].astype(np.intp)
    has_domain = np.diff(before) > 0
    starts[has_domain] = places[before[1:][has_domain] - 1] + 1
    return keep_bytes(values, ~mark_before(values, starts))


MOST_TRIED = 8
"""Domains that are searched one by one before the rest of the addresses is taken apart."""
FEW = 1 << 8
"""Addresses that are taken apart in less time than a domain is searched in them."""


def encode_domains(values: pa.Array) -> tuple[list[str], np.ndarray]:
    """The distinct domains of `get_domains`, and the number of each value's domain (int32).

    Most addresses have one of a few domains, and whether a text ends with one is seen quickly.
    """
    numbers = np.full(len(values), -1, np.int32)
    names: dict[str, int] = {}
    left = np.arange(len(values))
    while len(left) > FEW and len(names) < MOST_TRIED:
        name = get_domains(values.take(pa.array(left[:1])))[0].as_py()
        if not name:
            break
        ends = pc.ends_with(values.take(pa.array(left)) if names else values, f"@{name}")
        is_in = np.asarray(ends.to_numpy(zero_copy_only=False), bool)
        numbers[left[is_in]] = names.setdefault(name, len(names))
        if not is_in[0]:  # in another letter case
            break
        left = left[~is_in]
    if not len(left):
        return list(names), numbers
    others = lower(values.take(pa.array(left)) if names else values).to_pylist()
    domains = [text.rpartition("@")[2] if "@" in text else "" for text in others]
    numbers[left] = [names.setdefault(domain, len(names)) for domain in domains]
    return list(names), numbers
