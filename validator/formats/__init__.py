"""The door to every format: paths -> Export; which format it is, which file is which table, what is missing."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

import numpy as np

from validator import csvfile
from validator.csvfile import decode, header
from validator.formats import archive, clever, shape
from validator.formats.archive import Source
from validator.model import BadUsage, CannotRead, Export, File, Format, Places, SourceFile, Table

FORMATS: dict[str, Format] = {clever.FORMAT.id: clever.FORMAT}
"""Every format; a new one is one module and one line here."""

ALIKE = 0.8
"""How much of a name must agree with a missing file's name to be mentioned; our own measure."""
HEAD = 1 << 16
"""Bytes of a file that detection looks at."""

Progress = Callable[[str, float], None]


@dataclass(eq=False)
class _Reading:
    """What has been read so far."""

    tables: dict[str, Table] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)
    defects: dict[str, list[Places]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)

    def note(self, rule: str, table: str, file: str, *, words: str | None = None) -> None:
        """Adds one place for a file as a whole."""
        self.defects.setdefault(rule, []).append(Places(table, file, np.zeros(1, np.int32), notes=words))


def read(paths: Sequence[Path], format: str = "auto", progress: Progress | None = None) -> Export:
    """The export that lies at the paths: one folder, one .zip, or several CSV files.

    Raises CannotRead where nothing readable is given, InputChanged where a file changes while it is read.
    """
    if format != "auto" and format not in FORMATS:
        raise BadUsage(f"There is no format of that name; known are auto, {', '.join(FORMATS)}.")
    name, sources = archive.sources([Path(path) for path in paths])
    chosen = _detected(sources) if format == "auto" else FORMATS[format]
    found = _Reading()
    matched = _match(found, chosen, sources)
    if not matched:
        raise CannotRead(f"Nothing here is a {chosen.title} roster: none of {_expected(chosen)} was found.")
    whole, done = sum(source.size for source in sources) or 1, 0
    for source in sources:
        if progress:
            progress(f"reading {source.name}", done / whole)
        _read_one(found, source, matched.get(source.name))
        done += source.size
    for source in sources:
        source.unchanged()
    if progress:
        progress("read", 1.0)
    return Export(
        chosen.id, None, found.tables, tuple(found.files), found.defects, found.absent, never=chosen.never,
        required=frozenset(file.table for file in chosen.files if file.required),
        files_expected={file.table: file.name for file in chosen.files}, name=name,
    )  # fmt: skip


def fields() -> dict[str, list[str]]:
    """The columns that every format's tables may have, by table; secrets left out."""
    return {
        file.table: [column.name for column in file.columns if column.kind != "secret"] for file in clever.FORMAT.files
    }


def _expected(chosen: Format) -> str:
    return ", ".join(file.name for file in chosen.files if file.required)


def _stem(name: str) -> str:
    """A file name without .csv, lower case."""
    path = PurePath(name)
    return path.stem.lower() if path.suffix.lower() == ".csv" else name.lower()


def _match(found: _Reading, chosen: Format, sources: Sequence[Source]) -> dict[str, File]:
    """Which source is which file; notes those that are missing, named differently, or not known."""
    out: dict[str, File] = {}
    names = [source.name for source in sources]
    claimed: set[str] = set()
    for file in chosen.files:
        wanted = _stem(file.name)
        exact = [name for name in names if name == file.name]
        other_case = [name for name in names if _stem(name) == wanted]
        alias = [name for name in names if _stem(name) in file.spellings]
        candidates = exact or other_case or alias
        if len(candidates) == 1:
            out[candidates[0]] = file
            if not exact:
                found.note("file-name-differs", file.table, candidates[0], words=f"name it {file.name}")
            continue
        claimed.update(candidates)
        if file.required:
            _missing(found, file, candidates, names=[name for name in names if name not in out])
        elif candidates:
            found.absent[file.table] = f"{file.name} is there more than once"
            found.note(
                "file-unexpected",
                "",
                candidates[0],
                words=f"{len(candidates)} files could be {file.name}; none was read",
            )
    for name in names:
        if name not in out and name not in claimed:
            found.note("file-unexpected", "", name, words=chosen.others.get(_stem(name)))
    return out


def _missing(found: _Reading, file: File, candidates: Sequence[str], *, names: Sequence[str]) -> None:
    """Notes that a required file is not there, with the nearest name."""
    found.absent[file.table] = f"{file.name} is missing"
    words = None
    if candidates:
        words = f"{' and '.join(sorted(candidates))} could both be meant; neither was read"
    else:
        stem = _stem(file.name)
        score = {name: difflib.SequenceMatcher(None, _bare(name), stem).ratio() for name in names}
        nearest = max(score, key=lambda name: score[name], default="")
        if nearest and (score[nearest] >= ALIKE or stem in _stem(nearest)):
            words = f"{nearest} was found and not read; if it is meant, name it {file.name}"
    found.note("file-missing", file.table, file.name, words=words)


def _bare(name: str) -> str:
    """A file's stem without copy numbers and dates."""
    stem = PurePath(name).stem.lower()
    return stem.strip(" ()_-.0123456789").removesuffix("copy").strip(" ()_-.")


def _read_one(found: _Reading, source: Source, file: File | None) -> None:
    """Reads one file into what was read so far."""
    data = source.load()
    digest = hashlib.sha256(data).hexdigest()
    if file is None:
        found.files.append(SourceFile(source.name, "", 0, len(data), digest, modified=source.modified))
        return
    contents = csvfile.read(data, file, source.name)
    size = len(data)
    del data
    for rule, places in contents.defects.items():
        found.defects.setdefault(rule, []).extend(places)
    rows = 0
    table = contents.table
    if table is not None:
        rows = len(table) + len(table.unread)
        found.tables[file.table] = replace(table, misfits=shape.misfits(table, file), cache=table.cache)
    elif file.required or contents.reason != "is empty":
        found.absent[file.table] = f"{source.name} {contents.reason}"
    found.files.append(
        SourceFile(source.name, file.table, rows, size, digest, contents.encoding, contents.delimiter,
                   contents.line_ending, contents.unused, source.modified)
    )  # fmt: skip


def _detected(sources: Sequence[Source]) -> Format:
    """The format whose file names and headings fit best; raises CannotRead where none does."""
    scores = {chosen.id: _score(chosen, sources) for chosen in FORMATS.values()}
    best = max(scores, key=lambda id: scores[id])
    if not scores[best]:
        titles = " or ".join(chosen.title for chosen in FORMATS.values())
        raise CannotRead(f"No {titles} export was recognised here, neither by file names nor by headings.")
    return FORMATS[best]


def _score(chosen: Format, sources: Sequence[Source]) -> float:
    """How well the sources fit a format, 0 for not at all: one file that has all it needs, or half of all columns.

    Where no file shows a header that could speak against it, most of the file names are enough.
    """
    required = [file for file in chosen.files if file.required]
    shares, headless = [], 0
    for file in required:
        for source in sources:
            if _stem(source.name) in (_stem(file.name), *file.spellings):
                data = source.head(HEAD)
                head = None if decode.not_text(data) else header.find(decode.decode(data).text, file)
                needed = [column.name for column in file.columns if column.required]
                shares.append(sum(name in head.columns for name in needed) / len(needed) if head else 0.0)
                headless += head is None
    if 1.0 in shares or 2 * sum(shares) >= len(required):
        return sum(shares)
    return 0.1 if 2 * headless > len(required) else 0.0
