"""In a raw export, nothing names columns or files of Clever's that are not there."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.layouts import SKYWARD, add_flat, read_tables, write_layout
from validator.assess import Options, assess
from validator.ingest.mapping import suggest
from validator.outputs.registry import Options as OutputOptions
from validator.outputs.registry import render
from validator.rulebook import load
from validator.schemas import clever

READY = Path(__file__).resolve().parents[2] / "sample_data" / "ready"
NAMES = sorted(
    {column.name for file in clever.FILES for column in file.columns if "_" in column.name}
    | {file.name for file in clever.FILES}
)
NAMED = re.compile(rf"\b({'|'.join(map(re.escape, NAMES))})")
OF_THE_MAP = re.compile(r"the column map gives no \w+ for \w+")
"""The one sentence that speaks of a column that is not there: it says what the map may add."""

PROFILES = ("sis", "clever", "khan-academy", "freckle", "any-app", "nwea-map", "renaissance")


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _list_texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _list_texts(each)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_rule_has_a_name_of_clevers_in_its_words(profile: str) -> None:
    for rule in load.load_profile(profile, "sis").rules.values():
        for text in (rule.title, rule.says_one, rule.says_many, rule.why, rule.fix):
            assert not NAMED.search(text), f"{rule.id}: {text}"


def test_a_raw_export_is_spoken_of_in_its_own_words(tmp_path: Path) -> None:
    tables = dict(add_flat(read_tables(READY)))
    students = [dict(row) for row in tables["students"]]
    for at, row in enumerate(students):
        row["Student_email"] = "" if at % 7 == 0 else row["Student_email"]
        row["DOB"] = "13/45/2012" if at % 50 == 0 else row["DOB"]
        row["Grade"] = "??" if at % 60 == 0 else row["Grade"]
    folder = tmp_path / "export"
    write_layout({**tables, "students": students}, SKYWARD, folder)
    suggestion = suggest.suggest([folder], load.load_vocabulary()[0])
    path = tmp_path / "map.yaml"
    path.write_text(suggest.format_map(suggestion, "export"), encoding="utf-8")
    report = assess(
        [folder], Options(as_of=dt.date(2026, 10, 1), profiles=PROFILES[:4], columns=path)
    )
    document = json.loads(render(report, "json", OutputOptions(rows=3)))
    absent = {name for table in suggestion.tables for name in suggestion.missing(table)}
    for part in ("outcomes", "diagnoses"):
        for entry in document[part]:
            for text in _list_texts({name: entry[name] for name in entry if name != "places"}):
                named = NAMED.findall(OF_THE_MAP.sub("", text))
                assert not set(named) - absent, f"{entry.get('rule', entry.get('id'))}: {text}"
            for place in entry.get("places", ()):
                assert not NAMED.search(OF_THE_MAP.sub("", place["note"] or "")), place
