"""The parts of a column of e-mail addresses: before the @, and the domains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from validator.frame.arrays import count_numbers
from validator.frame.columns import encode_lower, judge_values, remember
from validator.frame.emails import encode_domains, get_local_parts, is_email
from validator.model import Table


@dataclass(frozen=True, eq=False)
class Domains:
    """The distinct domains of valid addresses, and the number of each row's domain or -1.

    `by_value`: the same number for each distinct value of `encode_lower`.
    """

    names: list[str]
    number: np.ndarray
    by_value: np.ndarray

    def count_users(self) -> dict[str, int]:
        """How many rows have an address in each domain; empty where none has an address."""
        used = self.number[self.number >= 0]
        if not len(used):
            return {}
        times = count_numbers(used, minlength=len(self.names)).tolist()
        return {name: count for name, count in zip(self.names, times, strict=True) if count}


def list_domains(people: Table, column: str) -> Domains:
    """The domains of the addresses in a column, cached."""

    def compute() -> Domains:
        values = encode_lower(people, column)
        names, domain = encode_domains(values.values)
        number = np.where(judge_values(people, column, is_email), domain, -1)
        return Domains(names, values.broadcast(number), number)

    return remember(people, ("domains", column), compute)


def list_local_parts(people: Table, column: str) -> pa.Array:
    """The part before the @ of each distinct value of `encode_lower`, cached."""
    return remember(
        people,
        ("local parts", column),
        lambda: get_local_parts(encode_lower(people, column).values),
    )
