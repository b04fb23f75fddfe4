"""The masked edition of a report holds nothing that only the district may see."""

from __future__ import annotations

import datetime as dt
import gc
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tests.support.builders import diagnose, found, places, report
from validator.ingest.formats import registry
from validator.model import FollowUp, Report, Table, Tally, Waiver, WorklistMark
from validator.privacy import public_values, small_groups
from validator.privacy.masking import AS_IS, RowsHidden, mask
from validator.privacy.shapes import list_pack_classes, load_privacy_table

OUTSIDE = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
"""What leads out of the data of a report."""

CLASSES = ("secret", "direct", "sensitive", "identifier", "public")
MASKED_FIELDS = {
    "first_sync",
    "profiles",
    "outcomes",
    "export",
    "readiness",
    "schools",
    "by_school",
    "followup",
    "diagnoses",
    "by_profile",
}
"""Fields of a report of which a masked edition has another value."""


def everything() -> Report:
    """A report with a private value in every field that can hold one."""
    grades = Tally("students", "Grade", [("13", 3), ("zqgrade", 1)])
    outcomes = [
        found("r-place", [places("students", "DOB", [2, 3], repairs=["zqfix1", "zqfix2"])]),
        found("r-key", [places("students", None, [4], keys=["zqkey"])]),
        found("r-tally", [places("students", "Grade", [2])], tally=grades),
    ]
    waiver = Waiver("r-key", "accepted", keys=("zqkey",))
    outcomes[1] = replace(outcomes[1], waiver=waiver, trace="zqtrace")
    made = report(outcomes, by_school={"r-place": {"zqschool": 1, "0412": 1}})
    students = replace(made.readiness["students"], by_school={"zqschool": (2, 1)})
    files = [replace(file, columns_unused=["zqheader"]) for file in made.export.files]
    profile = replace(
        made.profiles[0],
        waivers=[waiver],
        accept_sections=["zqsection"],
        reject_sections=["zqother"],
    )
    return replace(
        made,
        profiles=[profile],
        export=replace(made.export, files=files, name="zqfolder"),
        readiness={"students": students},
        diagnoses=[diagnose(column="zqheader", by_school={"zqschool": 3}), diagnose()],
        followup=FollowUp({"r-place": {0: WorklistMark("done", "zqnote")}}),
    )


def reach(start: object) -> Iterator[Any]:
    """Every object that can be reached from this one, by any attribute or item."""
    seen, left = {id(start)}, [start]
    while left:
        here = left.pop()
        yield here
        for other in gc.get_referents(here):
            if id(other) not in seen and not isinstance(other, OUTSIDE):
                seen.add(id(other))
                left.append(other)


@pytest.mark.parametrize("rows", [None, 0, 1])
def test_nothing_private_can_be_reached_from_a_masked_report(rows: int | None) -> None:
    made = everything()
    assert any(isinstance(here, str) and "zq" in here for here in reach(made))
    for here in reach(mask(made, rows)):
        assert not (isinstance(here, str) and "zq" in here), here
        assert not isinstance(here, Table | pd.DataFrame | pa.Array | pa.ChunkedArray)


def test_the_rows_of_a_masked_report_are_refused() -> None:
    tables = mask(everything()).export.tables
    for ask in (lambda: tables["students"], lambda: list(tables), lambda: len(tables)):
        with pytest.raises(RowsHidden):
            ask()


def test_each_field_of_a_report_is_masked_or_known_to_be_harmless() -> None:
    assert {column.name for column in fields(Report)} == AS_IS | MASKED_FIELDS


def test_a_masked_report_stays_as_it_is_and_is_made_once() -> None:
    made = everything()
    assert mask(mask(made)) is mask(made)
    assert mask(made, rows=5) is mask(made, rows=5)


def test_masking_changes_no_verdict_and_no_count() -> None:
    made = everything()
    seen = mask(made)
    assert seen.verdict is made.verdict and seen.levels() == made.levels()
    assert [it.count for it in seen.outcomes] == [it.count for it in made.outcomes]
    assert seen.as_of == dt.date(2026, 11, 21)


# ------------------------------------------------------------------ classes of columns


def test_a_cause_names_no_school_with_few_children_of_a_grade() -> None:
    counts = {"0412": 12, "0413": 3}
    grades = diagnose(places=[places("students", "Grade", [2, 3])], by_school=counts)
    assert small_groups.hide_schools(grades) == {"0412": 12, "": 3}
    assert small_groups.hide_schools(diagnose(by_school=counts)) == counts


def list_unclassed() -> list[str]:
    """The columns of any format that have no privacy class of their own."""
    return [
        f"{format.id} {file.table}.{column.name}"
        for format in registry.list_formats()
        for version in format.versions
        for file in version.files
        for column in file.columns
        if not public_values.is_known(file.table, column.name)
    ]


@pytest.mark.promise("Every column of every format has a privacy class")
def test_every_column_of_every_format_has_a_privacy_class() -> None:
    assert list_unclassed() == []


def list_unknown_classes(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """The privacy classes, and the forms of public columns, that do not exist."""
    shapes = {*load_privacy_table()["shapes"], "school", "term-date"}
    return [
        name
        for classes in tables
        for name in (*classes, *classes.get("public", {}).values())
        if name not in CLASSES and name not in shapes
    ]


def test_every_privacy_class_exists() -> None:
    own = {name: load_privacy_table()[name] for name in CLASSES}
    assert list_unknown_classes([own, *list_pack_classes()]) == []
    misspelled = {"secrect": ["PIN"], "identifier": ["Locker"], "public": {"Rack": "shelf"}}
    assert list_unknown_classes([misspelled]) == ["secrect", "shelf"]


def test_a_column_without_a_privacy_class_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clever = registry.find_format("clever")
    version = clever.versions[0]
    students = next(file for file in version.files if file.table == "students")
    shoes = replace(students.columns[0], name="Shoe_size")
    longer = replace(students, columns=(*students.columns, shoes))
    files = tuple(longer if file is students else file for file in version.files)
    wider = replace(clever, versions=(replace(version, files=files),))
    monkeypatch.setattr(registry, "list_formats", lambda: [wider])
    assert list_unclassed() == ["clever students.Shoe_size"]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([30, 20, 12], [30, 20, 12]),
        ([30, 20, 12, 2], [30, 20, 14]),
        ([30, 20, 12, 6, 6], [30, 20, 12, 12]),
        ([30, 20, 3, 3, 3], [30, 29]),
        ([30, 2], [32]),
        ([4, 2], []),
    ],
)
def test_values_of_few_children_are_summed_until_their_sum_is_not_small(
    counts: list[int], shown: list[int]
) -> None:
    tally = Tally("students", "Grade", [(f"{at + 1}", many) for at, many in enumerate(counts)])
    attribute = found("r", [places("students", "Grade", range(sum(counts)))], tally=tally)
    attribute = replace(attribute, rule=replace(attribute.rule, tells_attribute=True))
    hidden = small_groups.hide(report([attribute])).outcomes[0].finding
    assert hidden and hidden.tally and [many for _, many in hidden.tally.values] == shown
