"""Exports with files of meaningless names and abbreviated headings give the same roster."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from validator import frame
from validator.frame.values import is_blank
from validator.ingest import read
from validator.ingest.mapping import suggest
from validator.ingest.mapping.suggest import Suggestion
from validator.ingest.mapping.suggestion import Sure
from validator.model import Export
from validator.rulebook import load
from validator.rulebook.column_maps import load_column_map

pytestmark = pytest.mark.slow

SETS = (
    "clever-goldenplains",
    "clever-demo-trim-2026",
    "clever-genai-cedarridge",
    "clever-gen-pinecreek-seq",
    "remind-roster-2019",
    "sis-contoso",
    "sis-k12lab",
    "sis-schedulerv2",
)
LEAST = 0.95
"""Share of tables and columns that must be the same."""

SHORT = {
    "student": "Stu",
    "teacher": "Tchr",
    "section": "Sect",
    "class": "Cls",
    "school": "Sch",
    "course": "Crs",
    "number": "Num",
    "first": "Frst",
    "last": "Lst",
    "middle": "Mid",
    "name": "Nm",
    "grade": "Gr",
    "period": "Prd",
    "email": "Eml",
    "address": "Addr",
    "subject": "Subj",
    "term": "Trm",
    "start": "Strt",
    "level": "Lvl",
    "state": "St",
    "gender": "Gndr",
    "status": "Stat",
    "department": "Dept",
    "principal": "Princ",
    "language": "Lang",
    "phone": "Ph",
    "home": "Hm",
}
LONG = {
    "student": "Pupil",
    "teacher": "Instructor",
    "section": "Class",
    "school": "Bldg",
    "number": "#",
    "period": "Per",
    "grade": "Grd",
    "email": "Mail",
    "birthdate": "Bdate",
}
Rename = Callable[[str], str]


def _replace_words(heading: str, words: dict[str, str]) -> list[str]:
    return [words.get(word.lower(), word) for word in re.split(r"[_ ]+", heading)]


def _swap(heading: str) -> str:
    """Return a heading with two letters of its longest word exchanged, a typing error."""
    longest = max(re.split(r"[_ ]+", heading), key=len)
    if len(longest) < 6:
        return heading
    swapped = longest[:-3] + longest[-2] + longest[-3] + longest[-1]
    return heading.replace(longest, swapped)


RENAMES: dict[str, Rename] = {
    "abbreviated": lambda heading: " ".join(_replace_words(heading, SHORT)),
    "in one word": lambda heading: "".join(_replace_words(heading, SHORT)),
    "in capitals": lambda heading: "_".join(_replace_words(heading, SHORT)).upper(),
    "other words": lambda heading: " ".join(_replace_words(heading, LONG)),
    "with a suffix": lambda heading: f"{heading}_zq",
    "mistyped": _swap,
}


def _write_renamed(folder: Path, target: Path, rename: Rename) -> dict[str, str]:
    """Write a set with other names and headings; return old file name -> new one."""
    names = {}
    target.mkdir()
    for number, path in enumerate(sorted(folder.glob("*.csv"))):
        header, _, rest = path.read_text(encoding="utf-8-sig").partition("\n")
        cells = next(csv.reader([header.rstrip("\r")]))
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(map(rename, cells))
        names[path.name] = f"zq{number}.csv"
        text = line.getvalue() + rest.replace(header.rstrip("\r"), line.getvalue().rstrip("\n"))
        (target / names[path.name]).write_text(text, encoding="utf-8")
    return names


def _suggest(folder: Path) -> Suggestion:
    return suggest.suggest([folder], load.load_vocabulary()[0])


def _read(folder: Path, found: Suggestion, path: Path) -> Export:
    path.write_text(suggest.format_map(found, "export"), encoding="utf-8")
    return read.read_export([folder], columns=load_column_map(path, read.list_mapped_fields()))


def _list_columns(export: Export) -> Iterator[tuple[str, str, list[str]]]:
    """Yield table, column and the values of each column with any value."""
    for table in export.tables.values():
        yield table.name, "", []
        for name in table.headers:
            column = frame.encode(table, name)
            if not is_blank(column.values).all():
                values = column.values.to_pylist()
                yield table.name, name, sorted(values[code] for code in column.codes)


@cache
def _find_original(folder: Path) -> Mapping[tuple[str, str], list[str]]:
    """The columns with values of a set, as `_list_columns` yields them."""
    if not folder.name.startswith("sis-"):
        return _group_columns(read.read_export([folder]))
    with tempfile.TemporaryDirectory() as scratch:
        return _group_columns(_read(folder, _suggest(folder), Path(scratch, "original.yaml")))


def _group_columns(export: Export) -> Mapping[tuple[str, str], list[str]]:
    return {(table, column): values for table, column, values in _list_columns(export)}


@pytest.mark.parametrize("style", RENAMES)
@pytest.mark.parametrize("name", SETS)
def test_a_renamed_set_gives_the_same_roster(
    name: str, style: str, real_data: Path, tmp_path: Path
) -> None:
    _write_renamed(real_data / name, tmp_path / "renamed", RENAMES[style])
    found = _suggest(tmp_path / "renamed")
    export = _read(tmp_path / "renamed", found, tmp_path / "map.yaml")
    mapped = read.list_mapped_fields()
    wanted = {
        (table, column): values
        for (table, column), values in _find_original(real_data / name).items()
        if not column or column in mapped[table]
    }
    got = _group_columns(export)
    rivals = {match.table for match in found.tables if match.others}
    if name == "sis-schedulerv2":
        assert "students" in rivals  # two lists of students, told apart by their names alone
        wanted = {key: values for key, values in wanted.items() if key[0] != "students"}
    lost = [key for key, values in wanted.items() if got.get(key) != values]
    sure = {
        (match.table, column)
        for match in found.tables
        for column, taken in match.matches.items()
        if taken.sure is Sure.SURE
    }
    wrong = [key for key in sure if key in got and got[key] != wanted.get(key)]
    assert not wrong
    share = 1 - len(lost) / len(wanted)
    assert share >= LEAST, f"{share:.2f}: {lost}"
