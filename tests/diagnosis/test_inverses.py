"""Inverses that are marked safe restore the undamaged district, record for record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.damage_kinds import Damage
from tests.support.damages import DAMAGES, plant
from tests.support.districts import AS_OF, Written, map_raw
from validator import frame
from validator.assess.check import run_diagnosis
from validator.assess.inputs import load_column_map
from validator.engine import run
from validator.engine.context import CheckContext
from validator.ingest import read
from validator.model import Export
from validator.rulebook import diagnoses, load

pytestmark = pytest.mark.slow

MADE_UP = "Username"
"""The generator makes it of the id, also of a damaged one."""

TEXTS = diagnoses.load_texts()
SAFE = [
    (damage, damage.formats[at % len(damage.formats)])
    for at, damage in enumerate(damage for damage in DAMAGES if TEXTS[damage.id].safe)
]


def read_files(folder: Path, written: Written) -> Export:
    """Return the export that the files of a district are."""
    folder.mkdir()
    for name, content in written.files.items():
        (folder / name).write_bytes(content)
    if written.options.get("format") != "sis":
        return read.read_export([folder])
    (folder.parent / "map.yaml").write_text(map_raw(), encoding="utf-8")
    columns = load_column_map(folder.parent / "map.yaml")
    return read.read_export([folder], format="sis", columns=columns)


def list_records(export: Export) -> dict[tuple[str, str], list[str]]:
    """Return the values of each column of the roster; columns without any value are left out."""
    values = {
        (name, column): frame.take_text(table, column, np.arange(len(table)))
        for name, table in export.tables.items()
        for column in table.rows.columns
        if column != MADE_UP
    }
    return {where: texts for where, texts in values.items() if any(texts)}


@pytest.mark.parametrize(("damage", "format"), SAFE, ids=[f"{d.id}-{f}" for d, f in SAFE])
def test_a_safe_inverse_restores_every_record(tmp_path: Path, damage: Damage, format: str) -> None:
    sample = plant([damage], format, seed=9, students=70)
    damaged = read_files(tmp_path / "damaged", sample.damaged)
    clean = read_files(tmp_path / "clean", sample.clean)
    grades, electives = load.load_vocabulary()
    context = CheckContext(AS_OF, replace(grades, source=damaged.format), electives)
    profile = load.load_profile("khan-academy", "clever")
    outcomes = run.judge(damaged, [profile], context)
    undone: list[Export] = []

    run_diagnosis(
        damaged,
        outcomes,
        [profile],
        context=context,
        watch=lambda chosen, before, after: undone.append(after.export),
    )

    assert list_records(undone[-1]) == list_records(clean)
