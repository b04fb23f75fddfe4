"""Mutations of inputs: flips, cuts, copies, and insertions of a format's own pieces."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST = 4096
"""Bytes of an input; small ones show faults as well."""


@dataclass(frozen=True)
class _Source:
    """Randomness, the format's pieces, and other inputs to cross with."""

    chance: random.Random
    pieces: Sequence[bytes]
    others: Sequence[bytes]


def mutate(
    data: bytes, chance: random.Random, *, pieces: Sequence[bytes], others: Sequence[bytes]
) -> bytes:
    """The data after one to eight changes."""
    out = bytearray(data)
    source = _Source(chance, pieces or (b"",), others)
    for _ in range(1 << chance.randrange(4)):
        chance.choice(_WAYS)(out, source)
    return bytes(out[:LONGEST])


def _flip(out: bytearray, source: _Source) -> None:
    chance = source.chance
    if out:
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _byte(out: bytearray, source: _Source) -> None:
    chance = source.chance
    if out:
        out[chance.randrange(len(out))] = chance.choice(
            (0, 255, 127, 10, 13, 34, 44, chance.randrange(256))
        )


def _insert(out: bytearray, source: _Source) -> None:
    chance, pieces = source.chance, source.pieces
    at = chance.randint(0, len(out))
    out[at:at] = chance.choice(pieces) * chance.choice((1, 1, 1, 2, 20))


def _over(out: bytearray, source: _Source) -> None:
    chance, pieces = source.chance, source.pieces
    piece = chance.choice(pieces)
    at = chance.randint(0, len(out))
    out[at : at + len(piece)] = piece


def _cut(out: bytearray, source: _Source) -> None:
    chance = source.chance
    at, stop = sorted((chance.randint(0, len(out)), chance.randint(0, len(out))))
    del out[at : min(stop, at + chance.choice((1, 4, 16, 1000)))]


def _copy(out: bytearray, source: _Source) -> None:
    chance = source.chance
    at, stop = sorted((chance.randint(0, len(out)), chance.randint(0, len(out))))
    where = chance.randint(0, len(out))
    out[where:where] = out[at : min(stop, at + 64)]


def _cross(out: bytearray, source: _Source) -> None:
    chance, others = source.chance, source.others
    other = chance.choice(others)
    at = chance.randint(0, len(other))
    out[chance.randint(0, len(out)) :] = other[at:]


_WAYS: tuple[Callable[[bytearray, _Source], None], ...] = (
    _flip,
    _byte,
    _insert,
    _insert,
    _over,
    _cut,
    _copy,
    _cross,
)
