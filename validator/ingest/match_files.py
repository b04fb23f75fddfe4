"""Which file of an export is which table: by its name, by another case or spelling of it, or not at all."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from validator.ingest.source import Source, is_sheet, stem
from validator.model import File, Format, Places, SourceFile, Table

ALIKE = 0.8
"""How much of a name must agree with a missing file's name to be mentioned; our own measure."""

TABLES = (".tsv", ".tab", ".xls", ".ods", ".zip", ".7z", ".gz")
"""Endings of files, beside .csv and workbooks, that may hold a roster: others are mentioned only if called like one."""


@dataclass(eq=False)
class Reading:
    """What has been read so far."""

    tables: dict[str, Table] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)
    defects: dict[str, list[Places]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    header_only: set[str] = field(default_factory=set)

    def note(self, rule: str, table: str, file: str, *, words: str | None = None) -> None:
        """Adds one place for a file as a whole."""
        self.defects.setdefault(rule, []).append(
            Places(table, file, np.zeros(1, np.int32), notes=words)
        )


def matched(found: Reading, chosen: Format, sources: Sequence[Source]) -> dict[str, File]:
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
                how = "save the sheet as" if is_sheet(candidates[0]) else "name it"
                found.note(
                    "file-name-differs", file.table, candidates[0], words=f"{how} {file.name}"
                )
            continue
        claimed.update(candidates)
        if file.required:
            claimed |= _missing(
                found, file, candidates, names=[name for name in names if name not in out]
            )
        elif candidates:
            found.absent[file.table] = f"{file.name} is there more than once"
            found.note(
                "file-unexpected",
                "",
                candidates[0],
                words=f"{len(candidates)} files could be {file.name}; none was read",
            )
    named = {PurePath(file.name).stem.lower() for file in chosen.files}
    for name in names:
        may_be = (
            stem(name) != name.lower()
            or PurePath(name).suffix.lower() in TABLES
            or _bare(name) in named
        )
        if (
            may_be
            and name not in out
            and name not in claimed
            and chosen.others.get(stem(name)) != ""
        ):
            found.note("file-unexpected", "", name, words=chosen.others.get(stem(name)))
    return out


def _missing(
    found: Reading, file: File, candidates: Sequence[str], *, names: Sequence[str]
) -> set[str]:
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
