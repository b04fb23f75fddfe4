"""A zip archive is read without unpacking it to disk, and refused where it is no honest one."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from validator.ingest import archive, read
from validator.model import BadUsage, CannotRead

GOOD = {
    "schools.csv": "School_id,School_name,School_number\n10,Made-Up High,1\n",
    "students.csv": "School_id,Student_id,Last_name,First_name\n10,1,Made-Up,Ann\n",
    "teachers.csv": "School_id,Teacher_id,Last_name,First_name\n10,T1,Teacher,Tess\n",
    "sections.csv": "School_id,Section_id,Teacher_id\n10,S1,T1\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n10,S1,1\n",
}


def packed(path: Path, files: Mapping[str, str | bytes] = GOOD) -> Path:
    """The path, now an archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in files.items():
            held.writestr(name, data)
    return path


def sheets(path: Path, files: Mapping[str, str]) -> Path:
    """The path, now a workbook with a sheet for each of these files."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in files.items():
        sheet = book.create_sheet(Path(name).stem)
        for row in csv.reader(io.StringIO(text)):
            sheet.append(row)
    book.save(path)
    return path


def refused(path: Path) -> str:
    """The sentence with which an archive is refused."""
    with pytest.raises(CannotRead) as told:
        read.read_export([path])
    assert "\n" not in str(told.value)
    return str(told.value)


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    found = read.read_export([packed(tmp_path / "export.zip")])
    assert found.name == "export"
    assert {name: len(table) for name, table in found.tables.items()} == {
        "schools": 1,
        "students": 1,
        "teachers": 1,
        "sections": 1,
        "enrollments": 1,
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.zip"]


def test_a_folder_around_all_files_and_leftovers_of_a_mac_are_ignored(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"My Export/{name}": data for name, data in GOOD.items()}
    files |= dict.fromkeys(
        ("__MACOSX/My Export/._students.csv", "My Export/.DS_Store", "My Export/Thumbs.db"), b"\x00"
    )
    found = read.read_export([packed(tmp_path / "export.zip", files)])
    assert len(found.tables) == 5
    assert "file-unexpected" not in found.defects


@pytest.mark.parametrize("folder", ["export", "district/2026/export"])
def test_the_one_folder_with_rosters_is_read_where_the_top_has_none(
    folder: str, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {f"{folder}/{name}": data for name, data in GOOD.items()}
    files |= {
        "README.txt": "Made by hand",
        "papers/terms.pdf": "x",
        f"{folder}/last year/students.csv": "x",
    }
    found = read.read_export([packed(tmp_path / "export.zip", files)])
    assert len(found.tables) == 5
    assert {file.name for file in found.files} == {*GOOD, "last year/"}
    (aside,) = found.defects["file-unexpected"]
    assert aside.file == "last year/"


def test_several_folders_with_rosters_are_refused_in_one_sentence(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/{name}": data for folder in "ab" for name, data in GOOD.items()
    }
    told = (
        "export.zip has CSV files in several folders, none at its top: zip only the one to check."
    )
    assert refused(packed(tmp_path / "export.zip", files)) == told
    assert refused(packed(tmp_path / "export.zip", {**files, "README.txt": "x"})) == told


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "b/../../a.csv", "..\\a.csv", "C:/a.csv"]
)
def test_a_member_that_points_outside_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    assert "points outside" in refused(packed(tmp_path / "export.zip", {**GOOD, name: "x"}))


@pytest.mark.promise(
    "An archive with entries that point outside it, links, encryption or nested archives is refused"
)
def test_a_link_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip")
    link = zipfile.ZipInfo("staff.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as held:
        held.writestr(link, "/etc/passwd")
    assert "a link" in refused(path)


@pytest.mark.parametrize(
    "ending", [".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".ZIP", ".tar.gz"]
)
@pytest.mark.promise(
    "An archive with entries that point outside it, links, encryption or nested archives is refused"
)
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, ending: str) -> None:
    inner = packed(tmp_path / "inner.zip").read_bytes()
    assert "another archive" in refused(
        packed(tmp_path / "export.zip", {**GOOD, f"more{ending}": inner})
    )


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip")
    with zipfile.ZipFile(path, "a") as held, pytest.warns(UserWarning, match="Duplicate"):
        held.writestr("students.csv", GOOD["students.csv"])
    assert "two files of one name" in refused(path)


def test_an_archive_renamed_to_csv_inside_an_archive_is_reported_as_no_text(
    tmp_path: Path,
) -> None:
    inner = packed(tmp_path / "inner.zip").read_bytes()
    found = read.read_export([packed(tmp_path / "export.zip", {**GOOD, "students.csv": inner})])
    assert "zip archive" in str(found.defects["file-not-text"][0].notes)


@pytest.mark.promise(
    "An archive with entries that point outside it, links, encryption or nested archives is refused"
)
def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "export.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    (tmp_path / "export.zip").write_bytes(data)
    assert "encrypted" in refused(tmp_path / "export.zip")


def test_a_zip_bomb_is_refused_by_its_compression_ratio(tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip", {**GOOD, "students.csv": b"0" * (archive.LARGE + 1)})
    assert "200 times" in refused(path)


def test_too_many_files_and_too_many_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = packed(tmp_path / "many.zip", {f"f{n}.csv": "" for n in range(1001)})
    assert "more than 1,000 files" in refused(many)
    monkeypatch.setattr(archive, "MAX_BYTES", 10)
    assert "unpacked" in refused(packed(tmp_path / "export.zip"))


@pytest.mark.parametrize("claimed", [3, 10_000])
def test_a_member_whose_stated_size_is_wrong_is_refused(tmp_path: Path, claimed: int) -> None:
    path = packed(tmp_path / "export.zip", GOOD)
    data = bytearray(path.read_bytes())
    true = len(GOOD["students.csv"])
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        while at >= 0:
            if int.from_bytes(data[at + offset : at + offset + 4], "little") == true:
                data[at + offset : at + offset + 4] = claimed.to_bytes(4, "little")
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    assert "damaged or not of the size it claims" in refused(path)


def test_a_damaged_archive_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04 and no more")
    assert "damaged" in refused(tmp_path / "export.zip")


def test_an_archive_without_files_is_refused_in_one_sentence(tmp_path: Path) -> None:
    assert "has no files" in refused(packed(tmp_path / "export.zip", {}))


def test_a_workbook_under_another_name_is_no_archive_of_files(tmp_path: Path) -> None:
    book = packed(
        tmp_path / "export.zip",
        {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"},
    )
    assert refused(book) == "export.zip is damaged, or no Excel workbook."


def test_a_mix_of_folder_and_files_is_wrong_usage(tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip")
    with pytest.raises(BadUsage, match="not a mix"):
        read.read_export([path, tmp_path])


def test_the_compression_ratio_of_a_real_export_is_far_below_the_limit() -> None:
    rows = io.StringIO()
    for number in range(20_000):
        rows.write(f"10,S{number % 700},{number}\n")
    data = rows.getvalue().encode()
    assert len(data) / len(zlib.compress(data)) < archive.MAX_RATIO / 5


@pytest.mark.parametrize("readme", [{}, {"export/read.me": "Made up."}])
def test_text_files_in_folders_of_an_archive_are_read(
    tmp_path: Path, readme: dict[str, str]
) -> None:
    texts = {
        f"export/2026/{name.removesuffix('.csv')}.txt": text.replace(",", "\t")
        for name, text in GOOD.items()
    }
    _, sources = archive.list_sources([packed(tmp_path / "e.zip", texts | readme)])
    assert {"schools.txt", "students.txt"} <= {source.name for source in sources}
