"""Letters that were replaced by question marks or by the sign for a lost character."""

from __future__ import annotations

import re
from collections.abc import Iterable

from validator.diagnosis.cells import (
    Change,
    Damage,
    count_cells,
    find_damages,
    is_address,
    is_person_name,
    list_files,
    list_originals,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.suspicions import suspect_loss
from validator.model import Export, Table

LOST_INSIDE = re.compile(r"[^\W\d_]\?{1,3}[^\W\d_]")
LOST_AT_EDGE = re.compile(r"(?:^|[\s-])\?[^\W\d_]|[^\W\d_]\?(?:$|[\s,-])")
LOST = "\ufffd"


def suspect_lost_letters(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that the export replaced letters by question marks or by U+FFFD.

    U+FFFD is only ever written by a program. A question mark between two letters of one word is not
    typed: a clerk who is unsure of a name puts it behind a blank or at the end. Question marks at
    the edge of a name count only where one of these is. Inside a word, it does not happen by
    chance.
    """
    damages = _find_lost(scene.export)
    values = (value for damage in damages for value in damage.before.to_pylist())
    if not any(map(_is_surely_lost, values)):
        return
    cells = count_cells(damages)
    yield suspect_loss(
        scene,
        "letters-lost",
        damages,
        evidence=(
            f"{cells:,} cell{'s' * (cells != 1)} of {list_files(damages)} have a question mark "
            "or the sign for a lost character where a letter was"
        ),
        again=_find_lost,
    )


def _find_lost(export: Export, tables: Iterable[Table] | None = None) -> list[Damage]:
    """Find damaged values in which letters were lost."""
    undecoded = {block.file for block in export.defects.get("file-not-utf8", ())}
    searched = list_originals(export) if tables is None else tables
    whole = [table for table in searched if table.file not in undecoded]
    return find_damages(export, ("?", LOST), _find_lost_change, tables=whole)


def _find_lost_change(column: str) -> Change:
    """Return a change that marks values with a lost letter."""
    named = is_person_name(column) or is_address(column)

    def mark(value: str) -> str | None:
        lost = _is_surely_lost(value) or (named and LOST_AT_EDGE.search(value))
        return "" if lost else None

    return mark


def _is_surely_lost(value: str) -> bool:
    """Return whether a damaged value is proof that letters were lost."""
    return LOST in value or ("//" not in value and LOST_INSIDE.search(value) is not None)
