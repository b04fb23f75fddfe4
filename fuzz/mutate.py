"""New inputs out of old ones: flips, cuts, copies, and the pieces that formats are made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LONGEST = 4096
"""Bytes of an input; what is wrong shows in small ones."""


def mutated(
    data: bytes, chance: random.Random, pieces: Sequence[bytes], others: Sequence[bytes]
) -> bytes:
    """The data after one to eight changes."""
    out = bytearray(data)
    for _ in range(1 << chance.randrange(4)):
        chance.choice(_WAYS)(out, chance, pieces or (b"",), others)
    return bytes(out[:LONGEST])


def _flip(out: bytearray, chance: random.Random, *_: object) -> None:
    if out:
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _byte(out: bytearray, chance: random.Random, *_: object) -> None:
    if out:
        out[chance.randrange(len(out))] = chance.choice(
            (0, 255, 127, 10, 13, 34, 44, chance.randrange(256))
        )


def _insert(out: bytearray, chance: random.Random, pieces: Sequence[bytes], _: object) -> None:
    at = chance.randint(0, len(out))
    out[at:at] = chance.choice(pieces) * chance.choice((1, 1, 1, 2, 20))


def _over(out: bytearray, chance: random.Random, pieces: Sequence[bytes], _: object) -> None:
    piece = chance.choice(pieces)
    at = chance.randint(0, len(out))
    out[at : at + len(piece)] = piece


def _cut(out: bytearray, chance: random.Random, *_: object) -> None:
    at, stop = sorted((chance.randint(0, len(out)), chance.randint(0, len(out))))
    del out[at : min(stop, at + chance.choice((1, 4, 16, 1000)))]


def _copy(out: bytearray, chance: random.Random, *_: object) -> None:
    at, stop = sorted((chance.randint(0, len(out)), chance.randint(0, len(out))))
    where = chance.randint(0, len(out))
    out[where:where] = out[at : min(stop, at + 64)]


def _cross(out: bytearray, chance: random.Random, _: object, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    at = chance.randint(0, len(other))
    out[chance.randint(0, len(out)) :] = other[at:]


_WAYS: tuple[Callable[..., None], ...] = (
    _flip,
    _byte,
    _insert,
    _insert,
    _over,
    _cut,
    _copy,
    _cross,
)
