"""Exports that commands read in these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from validator.sample import writer

FAULTS = (
    "student-without-section",
    "student-dob-missing",
    "student-email-missing",
    "section-elective",
    "id-missing",
    "teacher-email-missing",
)


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small district with faults, for reading only: a third of the time of the sample's."""
    folder = tmp_path_factory.mktemp("broken")
    writer.write_sample(folder, 200, 1, faults=FAULTS)
    return folder
