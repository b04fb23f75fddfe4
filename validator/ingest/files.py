"""The files of an export, read into tables."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from validator import parallel
from validator.ingest import memory
from validator.ingest.csv import read as csv_read
from validator.ingest.csv.defects import leave_out_form
from validator.ingest.csv.read import Contents
from validator.ingest.csv.renumber import renumber
from validator.ingest.match_files import Reading
from validator.ingest.source import Source
from validator.model import File, SourceFile, Table
from validator.schemas import violations

Progress = Callable[[str, float], None]


def read_files(
    reading: Reading,
    sources: Sequence[Source],
    matches: Mapping[str, File],
    *,
    progress: Progress | None,
) -> None:
    """Read every file of the export. Raises InputChanged if one changes meanwhile.

    While a large one is parsed, the values of another are compared with its schema.
    """
    size, done = sum(source.size for source in sources) or 1, 0
    memory.keep_freed(size)
    parsing = threading.Lock()

    def read(source: Source) -> tuple[SourceFile, Contents | None]:
        one_at_a_time = parsing if source.size > memory.LARGE else nullcontext()
        return _read_file(source, matches.get(source.name), one_at_a_time)

    results = parallel.iterate_each(read, sources, size=size, weigh=lambda source: source.size)
    for source in sources:
        if progress:
            progress(f"reading {source.name}", done / size)
        listed, contents = next(results)
        reading.files.append(listed)
        if contents is not None:
            _add_contents(reading, source, matches[source.name], contents=contents)
        done += source.size
    for source in sources:
        source.unchanged()
    if progress:
        progress("read", 1.0)


def _read_file(
    source: Source, file: File | None, parsing: AbstractContextManager[Any]
) -> tuple[SourceFile, Contents | None]:
    """Read one file of an export, its table with the schema violations.

    One that is not part of the format is only listed. `parsing` is entered while there is text:
    where there is much, all threads parse it, and it takes the most memory.
    """
    with parsing:
        data = source.load()
        if file is None:
            size, digest = _fingerprint(source, data)
            return SourceFile(source.name, "", 0, size, digest, modified=source.modified), None
        (size, digest), contents = parallel.run_both(
            partial(_fingerprint, source, data),
            partial(csv_read.read_csv, data, file, source.name),
            size=len(data),
        )
        del data
    if source.lines is not None:
        contents = renumber(contents, source.lines)
    if source.stamp is not None:
        contents = replace(contents, encoding="", delimiter="", line_ending="")
    if contents.table is not None:
        contents = replace(contents, table=validate(contents.table, file))
    return _list_file(source, file, contents, size=size, digest=digest), contents


def _list_file(
    source: Source, file: File, contents: Contents, *, size: int, digest: str
) -> SourceFile:
    """Describe a file of an export as it was read."""
    table = contents.table
    return SourceFile(
        source.name,
        file.table,
        0 if table is None else len(table) + len(table.unread),
        size,
        digest,
        contents.encoding,
        contents.delimiter,
        contents.line_ending,
        contents.unused,
        source.modified,
        contents.unused_positions,
        contents.unused_public,
        contents.code_page,
        contents.damaged,
        contents.mark,
    )


def _add_contents(reading: Reading, source: Source, file: File, *, contents: Contents) -> None:
    """Add the table and the defects of a file to what was read of the export."""
    defects = contents.defects
    if source.stamp is not None:
        defects = leave_out_form(defects)
        reading.note("form-not-judged", file.table, source.name, words="a sheet of a workbook")
    for rule, places in defects.items():
        reading.defects.setdefault(rule, []).extend(places)
    if contents.header_only:
        reading.header_only.add(file.table)
    table = contents.table
    if table is not None:
        words = reading.deleted_words
        reading.tables[file.table] = replace(table, deleted_words=words, cache=table.cache)
    elif file.required or not contents.is_empty:
        reading.absent[file.table] = f"{source.name} {contents.reason}"


def _fingerprint(source: Source, data: bytes) -> tuple[int, str]:
    """Return size and checksum of a CSV file or workbook as it was read."""
    return source.stamp or (len(data), hashlib.sha256(data).hexdigest())


def validate(table: Table, file: File) -> Table:
    """Return a table just read, with its schema violations."""
    masks = violations.find_violations(table, file)
    return replace(table, schema_violations=masks, cache=table.cache)
