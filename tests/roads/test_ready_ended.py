"""Ended enrollments, no-shows and last year's rows do not count for changes and sharing either."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from tests.support import other_formats
from validator import assess
from validator.compare.preview import Forecast
from validator.model import Level, Status
from validator.outputs import changes as changes_text
from validator.sample.district import build_district
from validator.sample.writer import AS_OF

LEFT = "2026-09-10"


def build(ended: float = 0.0, *, begin: str = "", end: str = LEFT) -> tuple[Mapping[str, str], int]:
    """Return a district in OneRoster in which a share of the students left all classes."""
    district = other_formats.once(build_district(60, 3, AS_OF))
    people = list(dict.fromkeys(row["Student_id"] for row in district["enrollments"]))
    gone = set(people[: round(ended * len(people))])
    files = dict(other_formats.oneroster_11(district))
    header, *rows = files["enrollments.csv"].splitlines()
    columns = header.split(",")
    at = columns.index("userSourcedId")
    out = [header]
    for row in rows:
        cells = row.split(",")
        cells[columns.index("beginDate")] = begin
        cells[columns.index("endDate")] = end if cells[at] in gone else ""
        out.append(",".join(cells))
    files["enrollments.csv"] = "\n".join(out) + "\n"
    return files, len(gone)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files into a new folder."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def forecast(tmp_path: Path, share: float) -> tuple[Forecast, int]:
    """Return what a sync would change after a share of the students left."""
    before, _ = build()
    after, count = build(share)
    old, new = write(tmp_path / "old", before), write(tmp_path / "new", after)
    return assess.forecast_changes([old], [new], as_of=AS_OF), count


def test_students_whose_enrollments_ended_lose_their_sections(tmp_path: Path) -> None:
    """Their rows are still in the file, with a last day."""
    made, count = forecast(tmp_path, 0.1)
    lost = next(it for it in made.movements if it.name == "students-without-sections")
    assert len(lost.places) == count > 0


def test_a_file_whose_enrollments_have_all_ended_would_be_held(tmp_path: Path) -> None:
    """Nobody is enrolled any more, and the file is not cut short."""
    made, _ = forecast(tmp_path, 1.0)
    assert any(hold.trips for hold in made.holds)
    assert "cut short" not in changes_text.render_text(made)


def test_a_check_with_the_last_export_counts_them_as_removed(judge: Judge) -> None:
    """The same numbers as those of the forecast."""
    before, _ = build()
    after, _ = build(0.5)
    report = judge(after, previous=before, as_of=AS_OF, profile="khan-academy")
    assert outcome(report, "change-deletes-many").status is Status.FOUND


def test_an_old_row_with_another_date_format_has_not_changed(tmp_path: Path) -> None:
    """Days are compared, not their spelling."""
    before, _ = build(0.1, begin="2026-08-15", end="2027-06-01")
    after, _ = build(0.1, begin="08/15/2026", end="6/1/2027")
    old, new = write(tmp_path / "old", before), write(tmp_path / "new", after)
    made = assess.forecast_changes([old], [new], as_of=AS_OF)
    assert not any(hold.trips for hold in made.holds)


@pytest.mark.parametrize("begin", ["", LEFT])
def test_the_preview_does_not_share_who_has_left(tmp_path: Path, begin: str) -> None:
    """With an end before today, or on the day of entry."""
    files, count = build(0.1, begin=begin)
    export = write(tmp_path / "export", files)
    made = assess.preview_sharing([export], as_of=AS_OF, target="grades=K-12")
    shared = {kind: number for kind, number, _ in made.counts}
    everybody = {kind: number for kind, _, number in made.counts}
    assert shared["students"] == everybody["students"] - count
    assert (
        sum(len(places) for reason, places in made.left_out if reason == "in no section") == count
    )


def test_a_class_that_everybody_has_left_is_advice(judge: Judge) -> None:
    """Students change classes; a class that nobody was ever in is still a warning."""
    files, _ = build()
    header, *rows = files["enrollments.csv"].splitlines()
    columns = header.split(",")
    section, role, end = (columns.index(name) for name in ("classSourcedId", "role", "endDate"))
    cells = [row.split(",") for row in rows]
    emptied, never = list(dict.fromkeys(row[section] for row in cells))[:2]
    kept = []
    for row in cells:
        if row[section] == emptied and row[role] == "student":
            row[end] = LEFT
        if row[section] != never or row[role] != "student":
            kept.append(",".join(row))
    files = {**files, "enrollments.csv": "\n".join([header, *kept]) + "\n"}
    result = outcome(judge(files, as_of=AS_OF), "section-without-students")
    assert result.finding is not None
    levels = [(block.level, block.notes, len(block)) for block in result.finding.places]
    assert levels == [(None, None, 1), (Level.ADVICE, "everybody in it has left", 1)]
