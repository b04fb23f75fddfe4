"""Made-up people: names, addresses and contacts, drawn at random."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from validator.sample import names

T = TypeVar("T")
Row = dict[str, str]
WRITTEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")


class Person(NamedTuple):
    """A made-up person's name and address."""

    first: str
    last: str
    email: str


def draw(rng: Random, limit: int) -> int:
    """Return a random whole number from 0 to limit - 1 for a made-up district.

    Only `random()` is guaranteed to give the same numbers in all Python versions.
    """
    return int(rng.random() * limit)


def shuffle(rng: Random, items: Sequence[T]) -> list[T]:
    """Return the items of a made-up district in a random order."""
    keys = [rng.random() for _ in items]
    return [items[at] for at in sorted(range(len(items)), key=keys.__getitem__)]


def build_address(first: str, last: str, domain: str) -> str:
    """Return an e-mail address of a made-up name, without accents and apostrophes."""
    plain = f"{first}.{last}".casefold().replace("ø", "o").replace(" ", "")
    text = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in text if c in WRITTEN) + "@" + domain


def name_people(rng: Random, domain: str) -> Iterator[Person]:
    """Yield an endless supply of made-up people; no two have the same name."""
    pairs = [(first, last) for first in names.FIRST for last in names.LAST]
    for also in ("", *names.LAST):  # when all names are used up, people have two last names
        for first, last in shuffle(rng, pairs):
            whole = f"{last}-{also}" if also else last
            yield Person(first, whole, build_address(first, whole, domain))


def build_contact(student: Row, number: int) -> Row:
    """Return the contact cells of a made-up student's first or second contact."""
    first = names.FIRST[(int(student["Student_id"]) * 7 + number * 13) % len(names.FIRST)]
    sis_id = f"{student['Student_id']}{number}"
    return {
        "Contact_relationship": "Parent",
        "Contact_type": "Parent/Guardian",
        "Contact_name": f"{first} {student['Last_name']}",
        "Contact_phone": f"55501{int(sis_id) % 100000:05}",
        "Contact_phone_type": "Cell",
        "Contact_sis_id": sis_id,
        "Contact_email": build_address(f"{first}.{sis_id}", student["Last_name"], names.FAMILIES),
    }
