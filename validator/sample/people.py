"""Made-up people: their names, addresses and contacts, and the chance that deals them out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from validator.sample import names

T = TypeVar("T")
Row = dict[str, str]
Person = tuple[str, str, str]  # first name, last name, address
WRITTEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")


def below(rng: Random, limit: int) -> int:
    """A whole number from 0 to limit - 1; only `random()` is promised to stay the same over Python versions."""
    return int(rng.random() * limit)


def shuffled(rng: Random, items: Sequence[T]) -> list[T]:
    """The items in a random order."""
    return [items[at] for _, at in sorted((rng.random(), at) for at in range(len(items)))]


def address(first: str, last: str, domain: str) -> str:
    """An e-mail address made of a name: no accents, no apostrophes."""
    text = unicodedata.normalize(
        "NFKD", f"{first}.{last}".casefold().replace("ø", "o").replace(" ", "")
    )
    return "".join(c for c in text if c in WRITTEN) + "@" + domain


def people(rng: Random, domain: str) -> Iterator[Person]:
    """First name, last name and address of as many people as are asked for; no two bear one name."""
    pairs = [(first, last) for first in names.FIRST for last in names.LAST]
    for also in ("", *names.LAST):  # when all names are used up, people have two last names
        for first, last in shuffled(rng, pairs):
            whole = f"{last}-{also}" if also else last
            yield first, whole, address(first, whole, domain)


def contact(student: Row, number: int) -> Row:
    """The contact cells of a student's first or second contact."""
    first = names.FIRST[(int(student["Student_id"]) * 7 + number * 13) % len(names.FIRST)]
    sis_id = f"{student['Student_id']}{number}"
    return {
        "Contact_relationship": "Parent",
        "Contact_type": "Parent/Guardian",
        "Contact_name": f"{first} {student['Last_name']}",
        "Contact_phone": f"55501{int(sis_id) % 100000:05}",
        "Contact_phone_type": "Cell",
        "Contact_sis_id": sis_id,
        "Contact_email": address(f"{first}.{sis_id}", student["Last_name"], names.FAMILIES),
    }
