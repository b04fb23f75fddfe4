"""The door to every format: paths -> Export; which format it is, which file is which table, what is missing."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import pyarrow as pa

from validator import abreast, columnmap, csvfile
from validator.columnmap import ColumnMap
from validator.csvfile.renumbered import renumbered
from validator.formats import archive, clever, detection, oneroster, sds, shape, sis, workbook
from validator.model import BadUsage, CannotRead, Export, File, Format, Places, SourceFile, Table
from validator.source import Source

FORMATS: dict[str, tuple[Format, ...]] = {
    clever.FORMAT.id: (clever.FORMAT,), oneroster.ID: oneroster.FORMATS, sds.ID: sds.FORMATS,
}  # fmt: skip
"""Every format with its versions; a new one is one module and one line here."""

DERIVED: dict[str, Callable[[Export], Export]] = {oneroster.ID: oneroster.derived, sds.ID: sds.derived}
"""How formats that are not laid out as rosters are made into them."""

MAPPED = sis.described(clever.FORMAT.files)
"""The tables that a column map may name."""

ALIKE = 0.8
"""How much of a name must agree with a missing file's name to be mentioned; our own measure."""

TABLES = (".tsv", ".tab", ".xls", ".ods", ".zip", ".7z", ".gz")
"""Endings of files, beside .csv and workbooks, that may hold a roster: others are mentioned only if called like one."""

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


def read(paths: Sequence[Path], format: str = "auto", progress: Progress | None = None, *,
         columns: ColumnMap | None = None) -> Export:  # fmt: skip
    """The export that lies at the paths: one folder, one .zip, one workbook, or several files.

    `columns`: the column map of a raw export. Raises CannotRead where nothing readable is given, InputChanged where a
    file changes while it is read.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # keeps a fifth less than Arrow's own, and is as fast
    _refuse_format(format, columns)
    name, sources = opened(paths)
    plan = None
    if columns is not None:
        plan = sis.planned(columns, [source.name for source in sources if not source.aside], stem=stem, files=MAPPED)
        sources = [sis.headed(source) if source.name in plan.headless else source for source in sources]
        chosen = plan.format
    else:
        chosen = _detected(sources) if format == "auto" else detection.version(FORMATS[format], _named(sources))
    found = _Reading()
    matched = _match(found, chosen, sources)
    if not matched:
        raise CannotRead(f"Nothing here is a {chosen.title} roster: none of {_expected(chosen)} was found."
                         if plan is None else f"None of the files that {plan.map.name} names was found here.")
    whole, done = sum(source.size for source in sources) or 1, 0
    for source in sources:
        if progress:
            progress(f"reading {source.name}", done / whole)
        _read_one(found, source, matched.get(source.name))
        pa.default_memory_pool().release_unused()
        done += source.size
    for source in sources:
        source.unchanged()
    if progress:
        progress("read", 1.0)
    export = Export(
        chosen.id, None, found.tables, tuple(found.files), found.defects, found.absent, never=chosen.never,
        required=frozenset(file.table for file in chosen.files if file.required),
        files_expected={file.table: file.name for file in chosen.files}, name=name,
    )  # fmt: skip
    if plan is not None:
        return _fitted(sis.derived(export, plan, MAPPED))
    return DERIVED[chosen.id](export) if chosen.id in DERIVED else export


def opened(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """The export's name and its files, a workbook's sheets as files; raises CannotRead or BadUsage in one sentence."""
    name, sources = archive.sources([Path(path) for path in paths])
    return name, workbook.opened(sources)


def _refuse_format(format: str, columns: ColumnMap | None) -> None:
    """Raises BadUsage for a format that is not known, or not together with a column map."""
    if format == sis.ID and columns is None:
        raise BadUsage("a raw export needs a column map: name one with --columns, or let `rosterready columns EXPORT "
                       "--out MAP.yaml` suggest one")
    if format not in ("auto", sis.ID, *FORMATS):
        raise BadUsage(f"There is no format of that name; known are auto, {', '.join(FORMATS)}, {sis.ID}.")
    if columns is not None and format not in ("auto", sis.ID):
        raise BadUsage(f"--columns goes with --format {sis.ID}; {format} files need no column map")


def _fitted(export: Export) -> Export:
    """The export with what breaks the description of each table's columns."""
    files = {file.table: file for file in MAPPED}
    return replace(export, tables={name: replace(table, misfits=shape.misfits(table, files[name]), cache=table.cache)
                                   for name, table in export.tables.items()})


def fields() -> dict[str, list[str]]:
    """The columns that every format's tables may have, by table; secrets left out."""
    return _fields(clever.FORMAT.files)


def _fields(files: Sequence[File]) -> dict[str, list[str]]:
    return {file.table: [column.name for column in file.columns if column.kind != "secret"] for file in files}


def column_map(wanted: str | Path | None) -> ColumnMap | None:
    """The column map of that id or in that file, None where none is wanted. Raises BadUsage."""
    return columnmap.load(wanted, _fields(MAPPED)) if wanted else None


def _expected(chosen: Format) -> str:
    return ", ".join(file.name for file in chosen.files if file.required)


def stem(name: str) -> str:
    """A file name without .csv or .xlsx, or the name of a workbook's sheet, lower case."""
    book, mark, sheet = name.rpartition(workbook.MARK)
    path = PurePath(sheet if mark and book.lower().endswith(workbook.ENDINGS) else name)
    return path.stem.lower() if path.suffix.lower() in (".csv", *workbook.ENDINGS) else path.name.lower()


def _named(sources: Sequence[Source]) -> list[tuple[str, Source]]:
    return [(stem(source.name), source) for source in sources if not source.aside]


def _match(found: _Reading, chosen: Format, sources: Sequence[Source]) -> dict[str, File]:
    """Which source is which file; notes those that are missing, named differently, or not known."""
    out: dict[str, File] = {}
    names = [source.name for source in sources if not source.aside]
    for source in sources:
        if source.aside:
            found.note("file-unexpected", "", source.name, words=source.aside)
    claimed: set[str] = set()
    for file in chosen.files:
        wanted = stem(file.name)
        exact = [name for name in names if name == file.name]
        other_case = [name for name in names if stem(name) == wanted]
        alias = [name for name in names if stem(name) in file.spellings]
        candidates = exact or other_case or alias
        if len(candidates) == 1:
            out[candidates[0]] = file
            if not exact:
                how = "save the sheet as" if workbook.is_sheet(candidates[0]) else "name it"
                found.note("file-name-differs", file.table, candidates[0], words=f"{how} {file.name}")
            continue
        claimed.update(candidates)
        if file.required:
            claimed |= _missing(found, file, candidates, names=[name for name in names if name not in out])
        elif candidates:
            found.absent[file.table] = f"{file.name} is there more than once"
            found.note("file-unexpected", "", candidates[0],
                       words=f"{len(candidates)} files could be {file.name}; none was read")
    named = {PurePath(file.name).stem.lower() for file in chosen.files}
    for name in names:
        may_be = stem(name) != name.lower() or PurePath(name).suffix.lower() in TABLES or _bare(name) in named
        if may_be and name not in out and name not in claimed and chosen.others.get(stem(name)) != "":
            found.note("file-unexpected", "", name, words=chosen.others.get(stem(name)))
    return out


def _missing(found: _Reading, file: File, candidates: Sequence[str], *, names: Sequence[str]) -> set[str]:
    """Notes that a required file is not there, with the nearest name; gives back the names that it told."""
    found.absent[file.table] = f"{file.name} is missing"
    words, told = None, set()
    if candidates:
        words = f"{' and '.join(sorted(candidates))} could both be meant; neither was read"
    else:
        wanted = stem(file.name)
        score = {name: difflib.SequenceMatcher(None, _bare(name), wanted).ratio() for name in names}
        nearest = max(score, key=lambda name: score[name], default="")
        if nearest and (score[nearest] >= ALIKE or wanted in stem(nearest)):
            words = f"{nearest} was found and not read; if it is meant, name it {file.name}"
            told.add(nearest)
    found.note("file-missing", file.table, file.name, words=words)
    return told


def _bare(name: str) -> str:
    """A file's stem without copy numbers and dates."""
    bare = PurePath(name).stem.lower()
    return bare.strip(" ()_-.0123456789").removesuffix("copy").strip(" ()_-.")


def _read_one(found: _Reading, source: Source, file: File | None) -> None:
    """Reads one file into what was read so far."""
    data = source.load()
    if file is None:
        size, digest = _stamp(source, data)
        found.files.append(SourceFile(source.name, "", 0, size, digest, modified=source.modified))
        return
    (size, digest), contents = abreast.both(partial(_stamp, source, data),
                                            partial(csvfile.read, data, file, source.name), size=len(data))
    del data
    if source.lines is not None:
        contents = renumbered(contents, source.lines)
    if source.stamp is not None:
        contents = replace(contents, encoding="", delimiter="", line_ending="")
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


def _stamp(source: Source, data: bytes) -> tuple[int, str]:
    """Size and checksum of the file as it was given."""
    return source.stamp or (len(data), hashlib.sha256(data).hexdigest())


def _detected(sources: Sequence[Source]) -> Format:
    """The format whose file names and headings fit best; raises CannotRead where none does."""
    versions = [version for versions in FORMATS.values() for version in versions]
    named = _named(sources)
    headings = detection.headings(named)
    scores = [detection.score(version, named, headings) for version in versions]
    best = scores.index(max(scores))
    if not scores[best]:
        dated = next((source.name for source in sources if source.name.lower().endswith((".xls", ".ods"))), "")
        if dated:
            raise CannotRead(workbook.old(dated))
        titles = " or ".join(dict.fromkeys(version.family for version in versions))
        raise CannotRead(f"No {titles} export was recognised here, neither by file names nor by headings; for another "
                         "layout, `rosterready columns EXPORT` suggests a column map.")
    return versions[best]
