"""Files that do not fit together: parts of two exports, or ids that are unique only in a school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa

from validator import frame
from validator.diagnosis.cells import join_names
from validator.diagnosis.edit import know_keys
from validator.diagnosis.forms import FORMS
from validator.diagnosis.hypotheses.id_fillers import FILLERS
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.references import Failing, list_failing, locate_cells
from validator.diagnosis.scene import Scene
from validator.frame.arrays import count_numbers
from validator.model import Places, Table

MAJORITY = 0.5
"""Share of a file's references that must match nothing."""

LEAST_CELLS = 20
"""Cells that must match nothing before two files are taken to be of two exports. Our own
measure."""

LEAST_ROWS = 8
"""Rows that name one missing record before it counts as left out; our own measure."""

LEFT_OUT = {"schools": "school", "courses.csv": "course", "academicSessions.csv": "term"}
"""Tables of which the export may leave out a record, and what a record is."""

KEYED = ("students", "teachers", "sections", "staff")

REPEATED = (
    "id-repeated",
    "student-id-repeated",
    "staff-id-repeated",
    "enrollment-repeated",
    "enrollment-school-differs",
)
"""Rules that find one id on several records."""


def suspect_two_exports(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that a file and the file it refers to do not come from the same export.

    It is the last explanation: any change that makes references match, and a single missing record,
    come before it. It is not sure where a change of form makes half of them match, even if each
    matches several records.
    """
    for failing in list_failing(scene):
        is_large = failing.count >= LEAST_CELLS
        if not is_large or failing.count <= MAJORITY * (failing.count + failing.met):
            continue
        table, other = failing.table, failing.other
        if len(failing.distinct) == 1 and other.name in LEFT_OUT:
            continue
        every = np.ones(len(failing.distinct), bool)
        yield Suspicion(
            "files-of-two-exports",
            locate_cells(failing, every),
            f"{failing.count:,} of {failing.count + failing.met:,} references of {table.file} "
            f"match nothing in {other.file}",
            symptoms=frozenset((table.name, column) for column in failing.columns),
            repaired=0,
            failing=failing.count,
            inverse=partial(know_keys, name=other.name, keys=frozenset(failing.values)),
            is_doubtful=partial(_is_of_another_form, failing),
        )


def _is_of_another_form(failing: Failing) -> bool:
    """Return whether at least half of the failing cells hold a key in another form."""
    other_forms = _list_other_forms(failing)
    hit = np.asarray([value in other_forms for value in failing.values], bool)
    return failing.count_cells(hit) >= MAJORITY * failing.count


def suspect_unique_within_school(scene: Scene) -> Iterable[Suspicion]:
    """Suspect ids that are unique within a school and used again in other schools.

    It is not by chance that at least a quarter of the ids outside the largest school repeat in
    other schools, on other records, and hardly ever within one (`frame.is_unique_within_school`).
    Where a system numbered some records and other rows still name them by their old ids, nothing
    says which number is which record: their references are unknown ids.
    """
    tables = [scene.export.tables[name] for name in KEYED if name in scene.export.tables]
    damaged = [table for table in tables if frame.is_unique_within_school(table)]
    if not damaged:
        return
    places = [frame.place_rows(table, _mark_later(table), table.key) for table in damaged]
    names = {table.name for table in damaged}
    alone = {table.name: _mark_alone(table) for table in damaged}
    covers = {rule: list(_list_blocks(scene, rule, names, alone=alone)) for rule in REPEATED}
    count = sum(len(block) for block in places)
    files = join_names(table.file for table in damaged)
    doubled = sum(int((~mask).sum()) for mask in alone.values())
    within = f"{doubled:,} have one that their school uses twice" if doubled else ""
    yield Suspicion(
        "ids-unique-within-school",
        places,
        f"{count:,} rows of {files} have an id that another school uses for another record; "
        f"{within or 'no id is used twice within a school'}",
        symptoms=frozenset((table.name, table.key) for table in damaged),
        repaired=count,
        failing=count,
        covers={rule: blocks for rule, blocks in covers.items() if blocks},
    )


def _mark_later(table: Table) -> np.ndarray:
    """Return a bool mask of rows that repeat an id, suspected to be unique in a school."""
    key = frame.encode(table, table.key)
    first = np.zeros(len(table), bool)
    first[frame.index_by_key(table)[1]] = True
    return np.asarray(~first & ~key.blank)


def _mark_alone(table: Table) -> np.ndarray:
    """Return a bool mask of rows whose id only other schools use, as a suspicion explains."""
    key, school = frame.encode(table, table.key), frame.encode(table, "School_id")
    rows = frame.number_keys(frame.combine_codes(key, school))[0]
    names = frame.encode_names(table)
    record = np.arange(len(table)) if names is None else names.codes
    pairs = np.unique(np.stack([rows, record], axis=1), axis=0)
    records = count_numbers(pairs[:, 0].astype(np.intp), minlength=int(rows.max(initial=0)) + 1)
    return np.asarray((records[rows] == 1) | key.blank)


def _list_blocks(
    scene: Scene, rule: str, names: set[str], *, alone: dict[str, np.ndarray]
) -> Iterator[Places]:
    """Yield the places that the diagnosis of ids unique only within a school explains.

    `alone`: rows whose id is another school's only; an id that is there twice within a school is
    another fault.
    """
    for block in scene.places(rule):
        if block.table == "enrollments" or (block.table in names and block.rows is None):
            yield block
        elif block.table in names and block.rows is not None:
            kept = block.keep(alone[block.table][block.rows])
            if len(kept):
                yield kept


def suspect_record_left_out(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that one school, course or term that many rows name was left out of its file."""
    for target, noun in LEFT_OUT.items():
        other = scene.table(target)
        if other is not None:
            yield from _suspect_left_out(scene, other, noun)


def _suspect_left_out(scene: Scene, other: Table, noun: str) -> Iterator[Suspicion]:
    """Suspect that a record was left out of a file, as many references name it.

    Where no reference matches any school, the schools have other ids.
    """
    unmatched = [failing for failing in list_failing(scene) if failing.other is other]
    if unmatched and other.name == "schools" and not unmatched[0].are_met(unmatched[0].keys):
        return
    places: dict[str, list[Places]] = {}
    for failing in unmatched:
        misspelled = _list_other_forms(failing)
        for value in failing.values:
            if not FILLERS.fullmatch(value) and value not in misspelled:
                places.setdefault(value, []).extend(_list_cells(failing, value))
    named = {value: sum(len(block) for block in blocks) for value, blocks in places.items()}
    for value, count in named.items():
        if count < LEAST_ROWS or count < MAJORITY * sum(named.values()):
            continue
        files = join_names(block.file for block in places[value])
        yield Suspicion(
            "record-left-out",
            places[value],
            f"{count:,} rows of {files} name one {noun} that is not in {other.file}",
            symptoms=frozenset((block.table, str(block.column)) for block in places[value]),
            repaired=count,
            failing=sum(named.values()),
            inverse=partial(know_keys, name=other.name, keys=frozenset({value})),
            sure=other.name != "schools" or not _is_without_sections(scene, value),
            school=value if other.name == "schools" else "",
        )


def _is_without_sections(scene: Scene, school: str) -> bool:
    """Return whether sections are at schools, but none is at the school that may be left out.

    Its people may then be at the district, or at a school that never was in the export.
    """
    sections = scene.table("sections")
    if sections is None or not len(sections) or not sections.has("School_id"):
        return False
    at = frame.encode(sections, "School_id")
    return not at.blank.all() and school not in at.values.to_pylist()


def _list_cells(failing: Failing, value: str) -> list[Places]:
    """Return the failing cells that hold this value."""
    return locate_cells(failing, np.asarray([each == value for each in failing.values], bool))


def _list_other_forms(failing: Failing) -> frozenset[str]:
    """Return the failing ids that are keys in another form, such as other letter case."""
    misspelled: set[str] = set()
    for change in FORMS.values():
        ids, keys = change(failing.distinct), change(failing.keys)
        if ids.equals(failing.distinct) and keys.equals(failing.keys):
            continue
        meets = frame.is_among(ids, keys)
        misspelled.update(failing.distinct.filter(pa.array(meets)).to_pylist())
    return frozenset(misspelled)
