"""Unique words in every cell: none in the state folder, the notes or guard.json."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path

import pytest

from tests.support.json_schemas import forbid_other_keys, validate
from tests.support.nights import District
from validator.assess import Options
from validator.assess.guard import Acceptance, GuardOptions, watch
from validator.outputs.guard import document, page, text

TOKEN = "qzxjv"
PUBLIC = ("School_id", "Section_id", "Grade", "Course_name", "Subject", "Period", "Term_name")


def plant(district: District) -> District:
    """Put a word that is nowhere else into every cell about a person."""
    number = 0
    for rows in district.tables.values():
        for row in rows:
            for column in row:
                is_text = row[column] and not column.endswith("_id") and column not in PUBLIC
                if is_text and not column.startswith(("Term_", "DOB", "Low_", "High_")):
                    number += 1
                    word = f"{TOKEN}{number}"
                    is_mail = column.endswith("_email")
                    row[column] = f"{word}@{TOKEN}.example" if is_mail else word
    ids = {row["Student_id"]: f"{TOKEN}s{at}" for at, row in enumerate(district.tables["students"])}
    for name in ("students", "enrollments"):
        for row in district.tables[name]:
            row["Student_id"] = ids[row["Student_id"]]
    return district


@pytest.mark.promise(
    "The guard keeps no name, id, address or birth date, and writes none on its note"
)
def test_nothing_personal_is_kept_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # digests under a random key now and then hold the digits of somebody's id
    monkeypatch.setattr(secrets, "token_bytes", lambda size: bytes(range(size)))
    district = plant(District.load())
    options = GuardOptions(
        check=Options(as_of=dt.date(2026, 10, 5), profiles=("khan-academy", "freckle")),
        state=tmp_path / "state",
        release=tmp_path / "release",
        accept=Acceptance("P. Ramos", "a test"),
    )
    nights = [watch([district.write(tmp_path / "one")], options)]
    district.transfer("101", "102", 0.4)
    district.change_addresses("103")
    district.tables["staff"] = district.tables["staff"][:4]
    nights.append(watch([district.write(tmp_path / "two")], options))
    nights.append(watch([tmp_path / f"{TOKEN}9" / "missing"], options))
    written = [path.read_bytes() for path in (tmp_path / "state").iterdir()]
    for night in nights:
        result = document.build_document(night)
        validate(result, forbid_other_keys(document.build_schema()))
        written += [text.render(night).encode(), page.render(night), json.dumps(result).encode()]
    assert nights[1].reasons and nights[1].compared_with is not None
    for content in written:
        assert TOKEN.encode() not in content
        assert b"8102100" not in content  # state ids
