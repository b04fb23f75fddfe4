"""How often the files of an export are opened, decoded and searched for a header."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from validator.ingest import read
from validator.ingest.csv import decode, header
from validator.ingest.csv.header import Header
from validator.ingest.mapping.suggest import suggest
from validator.rulebook import load

FILES = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n",
    "orgs.csv": "sourcedId,status,dateLastModified,name,type\nsch1,,,Foggy Hollow,school\n",
    "academicSessions.csv": "sourcedId,status,title,type\nt1,,Fall,term\n",
    "courses.csv": "sourcedId,status,title,orgSourcedId\nm1,,Math,sch1\n",
    "classes.csv": "sourcedId,status,title,courseSourcedId,classType,schoolSourcedId\n"
    "c1,,Math 1,m1,scheduled,sch1\n",
    "users.csv": "sourcedId,status,enabledUser,orgSourcedIds,role,givenName,familyName\n"
    "s1,,true,sch1,student,Freya,Copperpot\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\n"
    "e1,,c1,sch1,s1,student\n",
    "demographics.csv": "userSourcedId,status,birthDate\ns1,,2012-02-25\n",
}


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each member was opened, and how many texts were decoded and split."""
    counts: Counter[str] = Counter()
    open_member, decode_text = zipfile.ZipFile.open, decode.decode
    split_lines = header.iterate_candidates

    def count_opened(archive: zipfile.ZipFile, info: Any, *args: Any, **more: Any) -> Any:
        counts[info.filename] += 1
        return open_member(archive, info, *args, **more)

    def count_decoded(data: bytes) -> decode.Decoded:
        counts["decoded"] += 1
        return decode_text(data)

    def count_split(data: bytes) -> Iterator[Header]:
        counts["split"] += 1
        return split_lines(data)

    monkeypatch.setattr(zipfile.ZipFile, "open", count_opened)
    monkeypatch.setattr(decode, "decode", count_decoded)
    monkeypatch.setattr(header, "iterate_candidates", count_split)
    return counts


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of eight files."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in FILES.items():
            file.writestr(name, text)
    return path


def test_reading_opens_decodes_and_splits_each_file_twice(
    archive: Path, counts: Counter[str]
) -> None:
    export = read.read_export([archive])
    assert export.format == "oneroster"
    # Once for the head, by which the format is detected, and once for the whole file.
    assert counts == {**dict.fromkeys(FILES, 2), "decoded": 16, "split": 16}


def test_suggesting_a_column_map_opens_and_decodes_each_file_twice_and_splits_it_once(
    archive: Path, counts: Counter[str]
) -> None:
    suggest([archive], load.load_vocabulary()[0])
    # The layout of the head replaces the search for a format's columns.
    assert counts == {**dict.fromkeys(FILES, 2), "decoded": 16, "split": 8}
