"""Addresses built from people's names: the schemes, and who follows which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from validator.frame import values as frame_values
from validator.frame.address_parts import mark_emails
from validator.frame.cache import remember
from validator.frame.columns import encode, encode_folded, encode_lower
from validator.frame.emails import get_local_letters
from validator.frame.people import group_people
from validator.model import Table, dataclass

NAMES = ("First_name", "Last_name")
FIRST = ("First_name", "Preferred_first_name")

SAMPLE = 1000
"""People on whom a scheme of addresses is tried before everybody is compared."""

SURELY = 0.99
"""Share of a sample that no two schemes fit: names that two of them join equally are rare."""

WHOLE = 1 << 10
"""More letters than a name has."""


@dataclass(frozen=True)
class Scheme:
    """How addresses are made of names, without separators.

    `parts`: first and last name, in the order of the address, each with the number of its letters
    that are used. `length`: the number of letters of the whole that are used.
    """

    parts: tuple[tuple[str, int], ...]
    length: int = WHOLE

    @property
    def longest(self) -> int:
        """The most letters of an address that the scheme makes of names."""
        return min(self.length, sum(letters for _, letters in self.parts))


def _list_pairs(firsts: Sequence[int], lasts: Sequence[int]) -> Iterator[Scheme]:
    """Yield the schemes of both names, in both orders, with these numbers of letters."""
    for first, last in product(firsts, lasts):
        yield Scheme((("first", first), ("last", last)))
        yield Scheme((("last", last), ("first", first)))


SCHEMES = (
    *_list_pairs((WHOLE, 1), (WHOLE,)),
    *_list_pairs((WHOLE,), (1,)),
    Scheme((("last", WHOLE),)),
    Scheme((("first", WHOLE),)),
)
"""The schemes of whole names and first letters."""

WHOLE_SCHEMES = SCHEMES[:6]
"""Those of both names."""

SHORTENED = (
    *(
        Scheme(scheme.parts, length)
        for scheme in WHOLE_SCHEMES
        for length in (6, 7, 8, 9, 10, 12, 15, 16, 18, 20)
    ),
    *_list_pairs((WHOLE, 1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5, 6, 7, 8)),
    *_list_pairs((2, 3, 4, 5, 6), (WHOLE,)),
)
"""Schemes that cut names off, as directories with a limit do; tried where no other fits."""


@dataclass(frozen=True, eq=False)
class NamedPeople:
    """People with an address and both names: row, part before the @, and names, letters only.

    `firsts`, `lasts`: variants of the names, each with an entry per row; the whole name first.
    """

    rows: np.ndarray
    local: pa.Array
    firsts: list[pa.Array]
    lasts: list[pa.Array]

    def take(self, at: np.ndarray) -> NamedPeople:
        """Some of the frame's people, by position."""
        chosen = pa.array(at)
        return NamedPeople(
            self.rows[at],
            self.local.take(chosen),
            [names.take(chosen) for names in self.firsts],
            [names.take(chosen) for names in self.lasts],
        )

    @cached_property
    def varied(self) -> tuple[np.ndarray, NamedPeople]:
        """The frame's people with several variants of a name: their positions, and the people."""
        is_varied = np.zeros(len(self.rows), bool)
        for whole, *others in (self.firsts, self.lasts):
            for names in others:
                is_varied |= ~mark_equal(whole, names)
        at = np.flatnonzero(is_varied)
        return at, self.take(at)


def find_named(people: Table, column: str) -> np.ndarray:
    """The frame's first row of each person with a valid address and both names."""

    def find() -> np.ndarray:
        emails = encode_lower(people, column)
        valid = emails.broadcast(mark_emails(people, column))
        named = ~encode(people, "First_name").blank & ~encode(people, "Last_name").blank
        return np.flatnonzero(group_people(people).first & valid & named)

    return remember(people, ("named", column), find)


def list_named(people: Table, column: str, rows: np.ndarray) -> NamedPeople:
    """The people on some rows of a frame, each with a valid address and both names."""
    local = list_local_letters(people, column, rows)
    lasts = spell_names(people, "Last_name", rows, removed=(r"[ -].*$", r"^.*[ -]"))
    firsts = [
        spelled
        for name in FIRST
        if people.has(name)
        for spelled in spell_names(people, name, rows, removed=(r"[ -].*$",))
    ]
    return NamedPeople(rows, local, firsts, lasts)


def list_local_letters(people: Table, column: str, rows: np.ndarray) -> pa.Array:
    """The letters before the @ of the encoded addresses on some rows of a frame."""
    emails = encode_lower(people, column)
    letters = remember(
        people,
        ("local letters", column),
        lambda: get_local_letters(emails.values),
    )
    return letters.take(pa.array(emails.codes[rows]))


def spell_names(
    people: Table, column: str, rows: np.ndarray, *, removed: Sequence[str] = ()
) -> list[pa.Array]:
    """The names of some rows in plain letters, without what each pattern of `removed` matches.

    Variants that are equal for all names are left out.
    """
    names = encode_folded(people, column)
    spelled = remember(
        people, ("spelled", column, *removed), lambda: _spell_values(names.values, removed)
    )
    codes = pa.array(names.codes[rows])
    return [letters.take(codes) for letters in spelled]


def _spell_values(names: pa.Array, removed: Sequence[str]) -> list[pa.Array]:
    """The distinct names of an encoded column, as `spell_names` gives those of rows."""
    variants = [names]
    for pattern in removed:
        texts = pc.replace_substring_regex(names, pattern=pattern, replacement="")
        if not texts.equals(names):
            variants.append(texts)
    return [frame_values.keep_letters(texts) for texts in variants]


def build_local(scheme: Scheme, first: pa.Array, last: pa.Array) -> pa.Array:
    """Per person of a frame the part before the @ that the scheme gives."""
    names = {"first": first, "last": last}
    parts = [_cut(names[name], letters) for name, letters in scheme.parts]
    return _cut(pc.binary_join_element_wise(*parts, ""), scheme.length)


def _cut(texts: pa.Array, length: int) -> pa.Array:
    """Cut a frame's encoded names to a length, for the schemes of addresses."""
    return texts if length == WHOLE else pc.utf8_slice_codeunits(texts, 0, length)


def choose_scheme(sample: NamedPeople, share: float) -> Scheme | None:
    """The scheme that most of the sample follow, None where fewer than `share` follow one."""
    begins = {name: _begin_with(sample, name).mean() for name in ("first", "last")}
    lengths = pc.utf8_length(sample.local).to_numpy()
    for schemes in (SCHEMES, SHORTENED):
        best, most = None, 0
        for scheme in schemes:
            if begins[scheme.parts[0][0]] < share:
                continue
            if np.mean(lengths <= scheme.longest) < share:  # too few are that long
                continue
            count = int(mark_followers(sample, scheme).sum())
            if count > most:
                best, most = scheme, count
            if most >= SURELY * len(sample.rows):
                break
        if best is not None and most >= share * len(sample.rows):
            return best
    return None


def _begin_with(people: NamedPeople, name: str) -> np.ndarray:
    """Bool mask over a frame's people: the address begins as their first or last name may do.

    It does wherever it follows a scheme that begins with that name, which may be blank.
    """
    mask = np.zeros(len(people.rows), bool)
    initial = _cut(people.local, 1)
    for names in people.firsts if name == "first" else people.lasts:
        mask |= mark_equal(_cut(names, 1), initial) | frame_values.is_blank(names)
    return mask


def mark_followers(people: NamedPeople, scheme: Scheme) -> np.ndarray:
    """Bool mask over a frame's people: the address follows the scheme with a variant of the
    names."""
    fits = mark_equal(build_local(scheme, people.firsts[0], people.lasts[0]), people.local)
    at, varied = people.varied
    if len(at):
        for first, last in product(varied.firsts, varied.lasts):
            fits[at] |= mark_equal(build_local(scheme, first, last), varied.local)
    return fits


def mark_equal(left: pa.Array, right: pa.Array) -> np.ndarray:
    """Bool mask over a frame's people: two arrays of their texts are equal there."""
    return np.array(pc.equal(left, right).to_numpy(zero_copy_only=False), bool)
