"""Mended exports written in another format, and copies with more rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repair.test_form_faults import DISTRICT, FAULTS
from tests.support.damages import DAMAGES, plant
from tests.support.mending import list_found, mend, mend_paths, read_records, undo, write
from validator.model import BadUsage

SHARING = """
share: rules
rules:
  - match: sections
    where:
      - {field: Course_name, is: [Math 0, Math 1]}
"""


@pytest.mark.parametrize("to", ["clever", "oneroster-1.1", "oneroster-1.2"])
def test_a_faulty_export_is_mended_and_converted(to: str, tmp_path: Path) -> None:
    files = FAULTS["semicolons"][1](FAULTS["a footer"][1](DISTRICT))  # type: ignore[arg-type]
    copy = mend(tmp_path, files, to=to)
    assert copy.report.verdict.value == "ready"
    assert copy.mended.before.verdict.value == "not-ready"
    assert copy.report.counts["students"] == 12
    again = mend_paths([copy.folder], tmp_path / "again", judged=False)
    assert again.files == copy.files


@pytest.mark.parametrize("to", ["", "clever"])
def test_ids_in_one_cell_become_rows_of_their_own(to: str, tmp_path: Path) -> None:
    damage = next(each for each in DAMAGES if each.id == "several-ids-in-a-cell")
    sample = plant([damage], "sds", seed=1, students=70)
    copy = mend(tmp_path, sample.damaged.files, to=to, judged=False)
    assert "several-ids-in-a-cell" in copy.kinds
    assert "teacher-unknown" not in list_found(copy.report)
    if not to:
        assert read_records(copy.files) == read_records(sample.clean.files)
        assert read_records(undo(copy.folder)) == read_records(sample.damaged.files)


def test_only_what_is_shared_is_written(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", {"sharing.yaml": SHARING}) / "sharing.yaml"
    copy = mend(tmp_path, DISTRICT, sharing=rules, judged=False)
    records = read_records(copy.files)
    assert [row["Section_id"] for row in records["sections.csv"]] == ["M0-1", "M1-1"]
    assert len(records["students.csv"]) == 6
    assert copy.mended.left_out


def test_sharing_needs_a_format_to_write(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", {"sharing.yaml": SHARING}) / "sharing.yaml"
    sample = plant([DAMAGES[0]], "sds", seed=1, students=70)
    with pytest.raises(BadUsage, match="--to"):
        mend(tmp_path, sample.clean.files, sharing=rules)
