"""Whole exports that are mended: damages to be asked for, colliding ids, real files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from tests.repair.test_form_faults import DISTRICT
from tests.support import districts
from tests.support.damage_kinds import Damage
from tests.support.damages import DAMAGES, plant
from tests.support.mending import Copy, list_found, mend, mend_paths, plain, read_records, write
from validator.rulebook import repairs

ASKED = [d for d in DAMAGES if repairs.load_kinds()[d.id].asked and d.formats[0] == "clever"]


@pytest.mark.parametrize("damage", ASKED[::3], ids=lambda damage: str(damage.id))
def test_what_has_to_be_asked_for_is_not_done_without(damage: Damage, tmp_path: Path) -> None:
    sample = plant([damage], "clever", seed=5, students=70)
    copy = mend(tmp_path, sample.damaged.files, judged=False)
    assert damage.id not in copy.kinds


@pytest.mark.parametrize(
    ("format", "file"), [("clever", "students.csv"), ("oneroster-1.2", "users.csv")]
)
def test_ids_in_formulas_are_taken_out_of_them(format: str, file: str, tmp_path: Path) -> None:
    clean = plant([DAMAGES[0]], format, seed=3, students=60).clean
    lines = list(csv.reader(io.StringIO(clean.files[file].decode(), newline="")))
    at = next(at for at, name in enumerate(lines[0]) if name in ("Student_id", "sourcedId"))
    text = io.StringIO(newline="")
    rows = [[*row[:at], f'="{row[at]}"', *row[at + 1 :]] for row in lines[1:]]
    csv.writer(text, lineterminator="\n").writerows([lines[0], *rows])
    copy = mend(tmp_path, {**clean.files, file: text.getvalue()}, judged=False)
    assert plain(read_records(copy.files)) == plain(read_records(clean.files))


def with_teachers(*ids: str, wanted: str) -> dict[str, str]:
    """Return an export whose teachers have these ids, and whose sections name another form."""
    files = dict(DISTRICT)
    for old, new in zip(("700", "701", "702", "703"), ids, strict=True):
        files["teachers.csv"] = files["teachers.csv"].replace(f",{old},", f",{new},")
    for old, new in zip(("700", "701", "702", "703"), wanted.split(), strict=True):
        files["sections.csv"] = files["sections.csv"].replace(f",{old},", f",{new},")
    return files


def test_zeros_are_added_where_each_id_meets_one_record(tmp_path: Path) -> None:
    files = with_teachers("0700", "0701", "0702", "0703", wanted="700 701 702 703")
    copy = mend(tmp_path, files)
    assert "ids-without-zeros" in copy.kinds
    assert not copy.mended.left
    assert "teacher-unknown" not in list_found(copy.report)


def test_ids_that_would_collide_are_left_alone(tmp_path: Path) -> None:
    files = with_teachers("0700", "00700", "0702", "0703", wanted="700 00700 702 703")
    copy = mend(tmp_path, files)
    assert "ids-without-zeros" not in copy.kinds
    assert "ids-without-zeros" in copy.left
    (left,) = {entry.reason for entry in copy.mended.left if entry.kind == "ids-without-zeros"}
    assert "match two records" in left
    assert copy.files == {name: text.encode() for name, text in files.items()}


def test_an_id_that_matches_one_teacher_and_with_zeros_another_is_left_alone(
    tmp_path: Path,
) -> None:
    files = with_teachers("0700", "700", "0702", "0703", wanted="700 700 702 703")
    copy = mend(tmp_path, files)
    assert "ids-without-zeros" not in copy.kinds
    assert "ids-without-zeros" in copy.left
    assert copy.files == {name: text.encode() for name, text in files.items()}


def test_two_teachers_of_one_number_are_told_apart_where_zeros_are_kept(tmp_path: Path) -> None:
    files = with_teachers("0700", "700", "0702", "0703", wanted="0700 700 702 703")
    copy = mend(tmp_path, files)
    assert "ids-without-zeros" in copy.kinds
    assert "teacher-unknown" not in list_found(copy.report)


def test_ids_without_zeros_and_with_hidden_characters_in_several_places_are_mended_once(
    tmp_path: Path,
) -> None:
    files = dict(DISTRICT)
    rows = files["enrollments.csv"].splitlines()
    hidden = ("{}", "\u200b{}", "{}\u200b", "\u200b{}\u200b")
    for at, row in enumerate(rows[1:], 1):
        first, _, id = row.rpartition(",")
        rows[at] = f"{first},{hidden[at % 4].format(id.lstrip('0'))}"
    firsts = [row for row in rows[1:] if "M0-1" in row or "M2-1" in row]
    again = [row.replace("\u200b", "") + "\u200b" for row in firsts]  # in another section, too
    again = [row.replace("M0-1", "M1-1").replace("M2-1", "M3-1") for row in again]
    files["enrollments.csv"] = "\r\n".join([*rows, *again]) + "\r\n"
    copy = mend(tmp_path / "first", files)
    ids = {row["Student_id"] for row in read_records(copy.files)["enrollments.csv"]}
    assert ids == {row["Student_id"] for row in read_records(DISTRICT)["students.csv"]}
    second = mend(tmp_path / "second", copy.files)
    assert not second.mended.tallies


def test_ids_of_which_two_would_become_equal_are_left_alone(tmp_path: Path) -> None:
    files = dict(DISTRICT)
    files["teachers.csv"] = files["teachers.csv"].replace(",701,", ",70\u200b0,")
    copy = mend(tmp_path, files)
    assert "hidden-characters" not in copy.kinds
    assert "hidden-characters" in copy.left


FORM = {
    "file-bom",
    "file-delimiter",
    "file-line-endings",
    "file-not-utf8",
    "header-spelling",
    "header-order",
    "rows-blank",
    "row-footer",
    "rows-repeated-header",
    "quote-not-doubled",
    "boolean-value",
    "enrollment-repeated",
    "row-repeated",
}
"""Findings of form that are gone after mending, whatever the files."""

REAL = (
    "clever-demo-trim-2026",
    "clever-genai-cedarridge",
    "clever-goldenplains",
    "or10-oat-sample",
    "or11-moodle-full",
    "or11-oat-base",
    "or12-moodle-gotham",
    "remind-roster-2019",
    "sds1-25users",
    "sds2-v2",
)


@pytest.mark.parametrize("name", REAL)
def test_real_files_keep_their_people_and_lose_their_faults_of_form(
    name: str, real_data: Path, tmp_path: Path
) -> None:
    day = dt.date(2025, 1, 15)
    first = mend_paths([real_data / name], tmp_path / "first", judged=False, as_of=day)
    assert not list_found(first.report) & FORM
    before, after = first.mended.before.counts, first.report.counts
    assert {kind: before[kind] for kind in ("students", "teachers", "sections")} == {
        kind: after[kind] for kind in ("students", "teachers", "sections")
    }
    second = mend_paths([first.folder], tmp_path / "second", judged=False, as_of=day)
    assert second.files == first.files


def test_a_raw_export_keeps_its_own_files(tmp_path: Path) -> None:
    copy = mend_raw(tmp_path)
    assert set(copy.files) == set(districts.RAW_FILES.values())
    assert not copy.mended.tallies


def mend_raw(tmp_path: Path) -> Copy:
    """Return the corrected copy of an undamaged raw export."""
    sample = plant([DAMAGES[0]], "raw", seed=3, students=60)
    columns = write(tmp_path / "map", {"map.yaml": districts.map_raw()}) / "map.yaml"
    options = {**sample.clean.options, "columns": columns}
    return mend(tmp_path, sample.clean.files, **options)
