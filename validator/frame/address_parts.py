"""The parts of a column of e-mail addresses: before the @, and the domains."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from validator.frame.arrays import count_numbers
from validator.frame.cache import remember
from validator.frame.columns import encode, encode_lower, is_ascii, judge_values
from validator.frame.emails import (
    encode_domains,
    has_several_emails,
    is_email,
)
from validator.frame.values import is_blank
from validator.model import Table, dataclass


def keep_bad_emails(table: Table, column: str, bad: np.ndarray) -> None:
    """Keep which distinct values of `encode` the check of the file's schema has found bad."""
    remember(table, ("bad emails", column), lambda: bad)


def mark_emails(table: Table, column: str) -> np.ndarray:
    """Bool mask of the distinct values of `encode_lower` that are valid addresses, cached."""

    def mark() -> np.ndarray:
        lowered = encode_lower(table, column)
        bad = table.cache.get(("bad emails", column))
        is_as_read = lowered.codes is encode(table, column).codes and is_ascii(table, column)
        if bad is None or not is_as_read:
            return is_email(lowered.values)
        several = judge_values(table, column, has_several_emails)
        return np.asarray(~(bad | several | is_blank(lowered.values)))

    return remember(table, ("emails", column), mark)


@dataclass(frozen=True, eq=False)
class Domains:
    """The distinct domains of valid addresses, and the number of each row's domain or -1.

    `by_value`: the same number for each distinct value of `encode_lower`.
    """

    names: list[str]
    number: np.ndarray
    by_value: np.ndarray

    def count_users(self, left_out: np.ndarray | None = None) -> dict[str, int]:
        """Count a frame's rows with an address in each domain; empty where none has an address.

        `left_out`: bool mask of the rows that do not count.
        """
        counts = self.number >= 0
        used = self.number[counts if left_out is None else counts & ~left_out]
        if not len(used):
            return {}
        times = count_numbers(used, minlength=len(self.names)).tolist()
        return {name: count for name, count in zip(self.names, times, strict=True) if count}

    def mark(self, names: Set[str]) -> np.ndarray:
        """Mark a frame's rows with an address in one of these domains: a bool mask."""
        is_named = np.asarray([*(name in names for name in self.names), False], bool)
        return np.asarray(is_named[self.number])


def list_domains(people: Table, column: str) -> Domains:
    """The domains of the addresses in an encoded column, cached."""

    def compute() -> Domains:
        values = encode_lower(people, column)
        names, domain = encode_domains(values.values)
        number = np.where(mark_emails(people, column), domain, -1)
        return Domains(names, values.broadcast(number), number)

    return remember(people, ("domains", column), compute)
