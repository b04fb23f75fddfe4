"""Identifiers of OneRoster's records, derived from the roster's ids, and the way back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import Encoded, mark_firsts
from validator.frame.values import is_blank, match_pattern
from validator.repair.convert import cells

PRODUCER = "rosterready"
"""`source.systemName` in the manifest of a bundle whose ids can be restored."""

VALID = r"^[0-9A-Za-z./@_-]{1,255}$"
"""A sourcedId as OneRoster allows it; RE2. Source:
https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv/ (GUID), and the reader at
https://github.com/LongsightGroup/oneroster."""

TEACHER, STAFF, CONTACT = "teacher-", "staff-", "contact-"
"""Put before the ids of a kind of person where its ids also occur among others."""

ENCODED = "enc_"
"""Begins an id that was spelled in allowed characters."""

AGAIN, AT = "again-", "at-"
"""`again-2/ID` is the second record with an id, `at-SCHOOL/ID` an id unique within its school."""

_PREFIXED = f"^(?:{TEACHER}|{STAFF}|{CONTACT}|{ENCODED}|{AGAIN}[0-9]+/|{AT}[^/]*/)"
_DERIVED = re.compile(f"^(?:{TEACHER}|{STAFF}|{CONTACT}|{AGAIN}[0-9]+/|{AT}[^/]*/)")
_PLAIN = re.compile(r"[0-9A-Za-z./@-]")
_ESCAPE = re.compile(r"_([0-9A-F]{2})")
LONGEST = 240
"""Most characters of an id without its prefix; a longer one becomes a digest."""


def derive(column: Encoded, prefix: str = "") -> Encoded:
    """Convert ids to sourcedIds: unchanged where that is allowed, and blank where blank.

    Equal ids give equal sourcedIds, whatever else is in the export.
    """
    ids = column.values
    allowed = match_pattern(ids, VALID) & ~match_pattern(ids, _PREFIXED)
    if not allowed.all():
        texts = [
            text if ok else spell(text)
            for text, ok in zip(ids.to_pylist(), allowed.tolist(), strict=True)
        ]
        ids = pa.array(texts, pa.string())
    if prefix:
        filled = pa.array(~is_blank(ids))
        ids = pc.if_else(filled, pc.binary_join_element_wise(prefix, ids, ""), ids)
    return Encoded(ids, column.codes)


def derive_at(column: Encoded, school: Encoded, prefix: str = "") -> Encoded:
    """Convert ids that are unique only within a school to sourcedIds."""
    own, place = derive(column), derive(school)
    number, first = cells.number_rows([place, own])
    at = [part.take(first) for part in (place, own)]
    at[0] = pc.replace_substring(at[0], pattern="/", replacement="_2F")
    whole = pc.binary_join_element_wise(prefix + AT, at[0], "/", at[1], "")
    whole = pc.if_else(pa.array(is_blank(at[1])), "", whole)
    return Encoded(whole, number.astype("int32"))


def number_again(column: Encoded) -> tuple[Encoded, int]:
    """Number the sourcedIds that a conversion made before; return how many these are."""
    column = cells.merge_equal(column)
    again = np.flatnonzero(~mark_firsts(column.codes) & ~column.blank)
    if not len(again):
        return column, 0
    texts, codes = column.values.to_pylist(), column.codes.astype("int32")
    times: dict[int, int] = {}
    for row in again.tolist():
        code = int(column.codes[row])
        times[code] = times.get(code, 1) + 1
        codes[row] = len(texts)
        texts.append(f"{AGAIN}{times[code]}/{texts[code]}")
    return Encoded(pa.array(texts, pa.string()), codes), len(again)


def spell_valid(text: str) -> str:
    """Return an id as `derive` writes it."""
    allowed = re.fullmatch(VALID[1:-1], text) and not re.match(_PREFIXED, text)
    return text if allowed else spell(text)


def spell(text: str) -> str:
    """Spell an id for a converted bundle with characters OneRoster allows; "" for a blank."""
    if not text:
        return ""
    letters = [
        letter if _PLAIN.match(letter) else "".join(f"_{byte:02X}" for byte in letter.encode())
        for letter in text
    ]
    spelled = "".join(letters)
    if len(spelled) > LONGEST:
        spelled = "sha256-" + digest(text)
    return ENCODED + spelled


def restore(column: Encoded) -> Encoded:
    """Return the ids from which a conversion derived the sourcedIds of a bundle."""
    if not match_pattern(column.values, _PREFIXED).any():
        return column
    return cells.convert_values(column, _restore)


def _restore(text: str) -> str:
    """Restore the roster's id from one that a conversion to OneRoster derived."""
    while _DERIVED.match(text):
        text = _DERIVED.sub("", text)
    if not text.startswith(ENCODED):
        return text
    spelled = text.removeprefix(ENCODED)
    data = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), spelled)
    return data.encode("latin-1", "replace").decode("utf-8", "replace")


def digest(*texts: str) -> str:
    """Return 24 hexadecimal digits for a sourcedId that depend on the texts alone."""
    joined = "\x1f".join(texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:24]


def derive_from(prefix: str, columns: Sequence[Encoded]) -> Encoded:
    """Return per converted row a sourcedId that depends on the row's values alone."""
    number, first = cells.number_rows(columns)
    texts = [column.take(first).to_pylist() for column in columns]
    ids = [prefix + digest(*row) for row in zip(*texts, strict=True)]
    return Encoded(pa.array(ids, pa.string()), number.astype("int32"))


def overlap(column: Encoded, others: Sequence[Encoded]) -> bool:
    """Return whether any converted id of a column occurs in one of the others."""
    known = [other.values.filter(pa.array(~is_blank(other.values))) for other in others]
    if not known:
        return False
    among = pa.concat_arrays(known)
    shared = pc.any(pc.is_in(column.values, value_set=among), min_count=0)
    return bool(shared.as_py())
