"""The file of the guard's snapshot, between two nights: arrays of numbers, checked when read."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import fields
from tokenize import TokenError

import numpy as np

from validator.compare.guard.snapshot import Records, Snapshot

DAMAGED = "the digests of the last export are damaged"
ERRORS = (
    KeyError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    TokenError,
    TypeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What numpy and zipfile raise for damaged bytes."""


def encode_snapshot(snapshot: Snapshot) -> bytes:
    """Return the guard's snapshot as the bytes of a file."""
    arrays: dict[str, np.ndarray] = {}
    for name, records in snapshot.kinds.items():
        for part in fields(Records):
            arrays[f"{name}.{part.name}"] = getattr(records, part.name)
    for name, (keys, days) in snapshot.seen.items():
        arrays[f"{name}.seen"], arrays[f"{name}.days"] = keys, days
    for name, schools in snapshot.schools.items():
        arrays[f"{name}.schools"] = schools
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **arrays)
    return target.getvalue()


def decode_snapshot(content: bytes) -> Snapshot:
    """Return the guard's snapshot in the bytes of a file. Raises ValueError if it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        names = dict.fromkeys(name.partition(".")[0] for name in arrays)
        kinds = {
            name: Records(**{it.name: arrays[f"{name}.{it.name}"] for it in fields(Records)})
            for name in names
            if f"{name}.key" in arrays
        }
        seen = {
            name: (arrays[f"{name}.seen"], arrays[f"{name}.days"])
            for name in names
            if f"{name}.seen" in arrays
        }
        several = {name: arrays[f"{name}.schools"] for name in names if f"{name}.schools" in arrays}
    except ERRORS as error:
        raise ValueError(DAMAGED) from error
    has_pairs = all(pairs.ndim == 2 and len(pairs) == 2 for pairs in several.values())
    if not has_pairs or not all(map(_is_whole, kinds.values())):
        raise ValueError(DAMAGED)
    return Snapshot(kinds, seen, several)


def _is_whole(records: Records) -> bool:
    """Return whether every array of a snapshot's records is as long as their keys, or empty."""
    arrays = [getattr(records, part.name) for part in fields(Records)]
    is_list = all(array.ndim for array in arrays) and records.key.ndim == 1
    return is_list and all(not array.size or array.shape[-1] == len(records) for array in arrays)
