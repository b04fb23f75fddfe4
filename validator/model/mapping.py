"""Column maps: where each of our tables and columns lies in a raw export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Taken:
    """Where the values of one of our columns come from.

    `headers`: headings that are tried in this order; numbers of columns where the file has no header. `split`, `part`:
    how a whole name is divided and which part is meant. `codes`: what each value stands for. `files`: another file
    that holds the column, whose rows are found by `key`, a heading of the table's own file, and `other_key`, one of
    that file. `guess`: nobody has confirmed it.
    """

    headers: tuple[str, ...]
    split: str = ""
    part: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    files: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    other_key: tuple[str, ...] = ()
    guess: bool = False


@dataclass(frozen=True)
class Mapped:
    """One of our tables: `files` are names or patterns that are tried in order; `skip`: title rows above the header.

    `only`: headings and the values that a row must have one of, in lower case, to be kept.
    """

    table: str
    files: tuple[str, ...]
    columns: Mapping[str, Taken]
    skip: int = 0
    headed: bool = True
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guess: bool = False


@dataclass(frozen=True)
class ColumnMap:
    """A whole map; `name` is how messages call it."""

    name: str
    title: str
    tables: tuple[Mapped, ...]
