"""The door to every format: paths -> Export; which format it is, which file is which table, what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from validator import parallel
from validator.ingest import archive, detect, excel
from validator.ingest.csv import read as csv_read
from validator.ingest.csv.renumber import renumbered
from validator.ingest.formats import clever
from validator.ingest.formats.oneroster import format as oneroster_format
from validator.ingest.formats.sds import format as sds_format
from validator.ingest.formats.sis.format import ID, derived, described, headed, planned
from validator.ingest.match_files import Reading, matched
from validator.ingest.source import Source, stem
from validator.model import BadUsage, CannotRead, ColumnMap, Export, File, Format, SourceFile
from validator.schemas import violations

FORMATS: dict[str, tuple[Format, ...]] = {
    clever.FORMAT.id: (clever.FORMAT,),
    oneroster_format.ID: oneroster_format.FORMATS,
    sds_format.ID: sds_format.FORMATS,
}
"""Every format with its versions; a new one is one module and one line here."""

DERIVED: dict[str, Callable[[Export], Export]] = {
    oneroster_format.ID: oneroster_format.derived,
    sds_format.ID: sds_format.derived,
}
"""How formats that are not laid out as rosters are made into them."""

MAPPED = described(clever.FORMAT.files)
"""The tables that a column map may name."""

Progress = Callable[[str, float], None]


def read_export(
    paths: Sequence[Path],
    format: str = "auto",
    progress: Progress | None = None,
    *,
    columns: ColumnMap | None = None,
) -> Export:
    """The export that lies at the paths: one folder, one .zip, one workbook, or several files.

    `columns`: the column map of a raw export. Raises CannotRead where nothing readable is given, InputChanged where a
    file changes while it is read.
    """
    pa.set_memory_pool(
        pa.system_memory_pool()
    )  # keeps a fifth less than Arrow's own, and is as fast
    _refuse_format(format, columns)
    name, sources = opened(paths)
    plan = None
    if columns is not None:
        plan = planned(
            columns,
            [source.name for source in sources if not source.aside],
            stem=stem,
            files=MAPPED,
        )
        sources = [headed(source) if source.name in plan.headless else source for source in sources]
        chosen = plan.format
    else:
        chosen = (
            _detected(sources)
            if format == "auto"
            else detect.version(FORMATS[format], _named(sources))
        )
    found = Reading()
    pairs = matched(found, chosen, sources)
    if not pairs:
        raise CannotRead(
            f"Nothing here is a {chosen.title} roster: none of {_expected(chosen)} was found."
            if plan is None
            else f"None of the files that {plan.map.name} names was found here."
        )
    whole, done = sum(source.size for source in sources) or 1, 0
    for source in sources:
        if progress:
            progress(f"reading {source.name}", done / whole)
        _read_one(found, source, pairs.get(source.name))
        pa.default_memory_pool().release_unused()
        done += source.size
    for source in sources:
        source.unchanged()
    if progress:
        progress("read", 1.0)
    export = Export(
        chosen.id,
        None,
        found.tables,
        tuple(found.files),
        found.defects,
        found.absent,
        unsupported=chosen.unsupported,
        required=frozenset(file.table for file in chosen.files if file.required),
        files_expected={file.table: file.name for file in chosen.files},
        name=name,
        header_only=frozenset(found.header_only),
    )
    if plan is not None:
        return _fitted(derived(export, plan, MAPPED))
    return DERIVED[chosen.id](export) if chosen.id in DERIVED else export


def opened(paths: Sequence[Path]) -> tuple[str, list[Source]]:
    """The export's name and its files, a workbook's sheets as files; raises CannotRead or BadUsage in one sentence."""
    name, sources = archive.sources([Path(path) for path in paths])
    return name, excel.opened(sources)


def _refuse_format(format: str, columns: ColumnMap | None) -> None:
    """Raises BadUsage for a format that is not known, or not together with a column map."""
    if format == ID and columns is None:
        raise BadUsage(
            "a raw export needs a column map: name one with --columns, or let `rosterready columns EXPORT "
            "--out MAP.yaml` suggest one"
        )
    if format not in ("auto", ID, *FORMATS):
        raise BadUsage(
            f"There is no format of that name; known are auto, {', '.join(FORMATS)}, {ID}."
        )
    if columns is not None and format not in ("auto", ID):
        raise BadUsage(f"--columns goes with --format {ID}; {format} files need no column map")


def _fitted(export: Export) -> Export:
    """The export with what breaks the description of each table's columns."""
    files = {file.table: file for file in MAPPED}
    return replace(
        export,
        tables={
            name: replace(
                table,
                schema_violations=violations.find_violations(table, files[name]),
                cache=table.cache,
            )
            for name, table in export.tables.items()
        },
    )


def fields() -> dict[str, list[str]]:
    """The columns that every format's tables may have, by table; secrets left out."""
    return _fields(clever.FORMAT.files)


def mapped_fields() -> dict[str, list[str]]:
    """The columns that a column map may give to each table; secrets left out."""
    return _fields(MAPPED)


def _fields(files: Sequence[File]) -> dict[str, list[str]]:
    return {
        file.table: [column.name for column in file.columns if column.kind != "secret"]
        for file in files
    }


def _expected(chosen: Format) -> str:
    return ", ".join(file.name for file in chosen.files if file.required)


def _named(sources: Sequence[Source]) -> list[tuple[str, Source]]:
    return [(stem(source.name), source) for source in sources if not source.aside]


def _read_one(found: Reading, source: Source, file: File | None) -> None:
    """Reads one file into what was read so far."""
    data = source.load()
    if file is None:
        size, digest = _stamp(source, data)
        found.files.append(SourceFile(source.name, "", 0, size, digest, modified=source.modified))
        return
    (size, digest), contents = parallel.both(
        partial(_stamp, source, data),
        partial(csv_read.read_csv, data, file, source.name),
        size=len(data),
    )
    del data
    if source.lines is not None:
        contents = renumbered(contents, source.lines)
    if source.stamp is not None:
        contents = replace(contents, encoding="", delimiter="", line_ending="")
    for rule, places in contents.defects.items():
        found.defects.setdefault(rule, []).extend(places)
    if contents.header_only:
        found.header_only.add(file.table)
    rows = 0
    table = contents.table
    if table is not None:
        rows = len(table) + len(table.unread)
        found.tables[file.table] = replace(
            table, schema_violations=violations.find_violations(table, file), cache=table.cache
        )
    elif file.required or contents.reason != "is empty":
        found.absent[file.table] = f"{source.name} {contents.reason}"
    found.files.append(
        SourceFile(
            source.name,
            file.table,
            rows,
            size,
            digest,
            contents.encoding,
            contents.delimiter,
            contents.line_ending,
            contents.unused,
            source.modified,
        )
    )


def _stamp(source: Source, data: bytes) -> tuple[int, str]:
    """Size and checksum of the file as it was given."""
    return source.stamp or (len(data), hashlib.sha256(data).hexdigest())


def _detected(sources: Sequence[Source]) -> Format:
    """The format whose file names and headings fit best; raises CannotRead where none does."""
    versions = [version for versions in FORMATS.values() for version in versions]
    named = _named(sources)
    headings = detect.headings(named)
    scores = [detect.score(version, named, headings) for version in versions]
    best = scores.index(max(scores))
    if not scores[best]:
        dated = next(
            (source.name for source in sources if source.name.lower().endswith((".xls", ".ods"))),
            "",
        )
        if dated:
            raise CannotRead(excel.old(dated))
        titles = " or ".join(dict.fromkeys(version.family for version in versions))
        raise CannotRead(
            f"No {titles} export was recognised here, neither by file names nor by headings; for another "
            "layout, `rosterready columns EXPORT` suggests a column map."
        )
    return versions[best]
