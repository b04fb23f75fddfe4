"""Matching of files to the tables of a format, by name."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from pathlib import PurePath

from validator.ingest.source import Source, get_stem, is_sheet
from validator.model import Departure, File, Level, Places, SourceFile, Table, Version, dataclass

MIN_SIMILARITY = 0.8
"""Similarity from which a file's name is suggested for a missing file; our own measure."""

TABLE_ENDINGS = (".tsv", ".tab", ".xls", ".ods", ".zip", ".7z", ".gz")
"""Endings, besides .csv and workbooks, of files that may hold a roster. Files with other endings
are reported only if they have the name of one."""


COPIED_TOGETHER = dt.timedelta(minutes=5)
"""Files of one export are written within this time; our own measure."""


@dataclass(eq=False)
class Reading:
    """The parts of an export that have been read so far; most fields are those of `Export`."""

    deleted_words: tuple[str, ...] = ()
    tables: dict[str, Table] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)
    defects: dict[str, list[Places]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    header_only: set[str] = field(default_factory=set)

    def note(
        self,
        rule: str,
        table: str,
        file: str,
        *,
        words: str | None = None,
        departure: Departure | None = None,
        level: Level | None = None,
    ) -> None:
        """Note a defect of reading that is about a whole file."""
        place = Places.whole_file(table, file, notes=words, level=level, departure=departure)
        self.defects.setdefault(rule, []).append(place)


def match_files(reading: Reading, version: Version, sources: Sequence[Source]) -> dict[str, File]:
    """Return the file of the format that each source is, by source name.

    Missing, misnamed and unknown files are noted in `reading`.
    """
    matches: dict[str, File] = {}
    for source in sources:
        if source.aside:
            reading.note("file-unexpected", "", source.name, words=source.aside)
    names = [source.name for source in sources if not source.aside]
    reported: set[str] = set()
    for file in version.files:
        candidates = _find_candidates(file, names)
        if len(candidates) == 1:
            matches[candidates[0]] = file
            _note_name(reading, file, candidates[0])
            continue
        reported.update(candidates)
        if file.required:
            free = [name for name in names if name not in matches]
            unknown = [name for name in free if not _is_named(version, name)]
            reported |= _note_missing(reading, file, candidates, names=free, unknown=unknown)
        elif candidates:
            reading.absent[file.table] = f"{file.name} is in the export more than once"
            words = f"{len(candidates)} files could be {file.name}; none was read"
            reading.note("file-unexpected", "", candidates[0], words=words)
    rest = [name for name in names if name not in matches and name not in reported]
    newer = _find_newer_copies(sources, matches)
    for copy, name in newer.items():
        words = f"it looks like a copy of {name} that was saved later; find out which one is right"
        reading.note("file-unexpected", "", copy, words=words, level=Level.WARNING)
    _note_unknown(reading, version, [name for name in rest if name not in newer])
    return matches


def _find_newer_copies(sources: Sequence[Source], matches: Mapping[str, File]) -> dict[str, str]:
    """Return the copies, such as `students (1).csv`, that are newer than the file that was read.

    Copy -> the file that was read.
    """
    saved = {source.name: source.modified for source in sources if not source.aside}
    read = {get_stem(name): name for name in matches}
    newer = {}
    for copy, modified in saved.items():
        name = read.get(_strip_copy_marks(copy))
        if copy in matches or name is None or get_stem(copy) == get_stem(name):
            continue
        before = saved[name]
        if before and modified and modified - before > COPIED_TOGETHER:
            newer[copy] = name
    return newer


def _find_candidates(file: File, names: Sequence[str]) -> list[str]:
    """Return the names of input files that fit a format's file best: exact, in other letter
    case, an alias."""
    exact = [name for name in names if name == file.name]
    if exact:
        return exact
    other_case = [name for name in names if get_stem(name) == get_stem(file.name)]
    return other_case or [name for name in names if get_stem(name) in file.spellings]


def _is_named(version: Version, name: str) -> bool:
    """Return whether an input file has the name of one of the format's files, also of one not
    read."""
    if get_stem(name) in version.others:
        return True
    return any(_find_candidates(file, [name]) for file in version.files)


def _note_name(reading: Reading, file: File, name: str) -> None:
    """Note a file that has another name than the format gives it."""
    if name == file.name or is_sheet(name):
        return
    if get_stem(name) == get_stem(file.name):
        case, words = Departure.FILE_NAME_CASE, f"name it {file.name}"
        reading.note("file-name-differs", file.table, name, words=words, departure=case)
        return
    alias, words = Departure.FILE_NAME_ALIAS, f"{name} was read instead; name it {file.name}"
    reading.note("file-missing", file.table, file.name, words=words, departure=alias)


def _note_unknown(reading: Reading, version: Version, names: Sequence[str]) -> None:
    """Note the files that look like a roster and are none of the format."""
    known = {PurePath(file.name).stem.lower() for file in version.files}
    for name in names:
        words = version.others.get(get_stem(name))
        if words != "" and _may_be_table(name, known):
            reading.note("file-unexpected", "", name, words=words)


def _may_be_table(name: str, known: Collection[str]) -> bool:
    """Return whether a file may hold a table, by its ending or by its name without copy marks."""
    has_ending = get_stem(name) != name.lower() or PurePath(name).suffix.lower() in TABLE_ENDINGS
    return has_ending or _strip_copy_marks(name) in known


def _note_missing(
    reading: Reading,
    file: File,
    candidates: Sequence[str],
    *,
    names: Sequence[str],
    unknown: Sequence[str],
) -> set[str]:
    """Note a missing required file with the most similar name; return the name that was noted.

    `unknown`: the files that no name of the format fits; they may hold the same in another layout.
    """
    reading.absent[file.table] = f"{file.name} is missing"
    words, similar = None, ""
    if candidates:
        words = f"{' and '.join(sorted(candidates))} could both be {file.name}; neither was read"
    else:
        similar = _find_similar(file, names)
    if similar:
        words = (
            f"{similar} is there and was not read; if it is the right file, rename it {file.name}"
        )
    elif not candidates and any(get_stem(name) != name.lower() for name in unknown):
        words = (
            "if another file has them, this looks like another layout: run `rosterready columns`"
        )
    reading.note("file-missing", file.table, file.name, words=words)
    return {similar} - {""}


def _find_similar(file: File, names: Sequence[str]) -> str:
    """Return the name most similar to a missing file's, "" if none is similar enough."""
    stem = get_stem(file.name)
    similarity = {
        name: difflib.SequenceMatcher(None, _strip_copy_marks(name), stem).ratio()
        for name in names
        if "/" not in name
    }
    nearest = max(similarity, key=lambda name: similarity[name], default="")
    if nearest and (similarity[nearest] >= MIN_SIMILARITY or stem in get_stem(nearest)):
        return nearest
    return ""


def _strip_copy_marks(name: str) -> str:
    """Return a file's stem without copy numbers and dates."""
    stem = PurePath(name).stem.lower().strip(" ()_-.0123456789")
    return stem.removesuffix("copy").strip(" ()_-.")
