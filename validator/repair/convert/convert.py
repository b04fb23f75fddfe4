"""Conversion of an export to the files of a destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter

import numpy as np

from validator.model import Export
from validator.repair.convert.gather import gather
from validator.repair.convert.registry import find_destination
from validator.repair.convert.roster import Selection
from validator.repair.written import LeftOut, Written
from validator.vocabulary.grades import Grades


def convert(
    export: Export,
    destination: str,
    *,
    grades: Grades,
    today: dt.date,
    shared: Mapping[str, np.ndarray] | None = None,
) -> Written:
    """Convert an export, as it was judged, to the files of a destination.

    destination: clever, oneroster-1.1 or oneroster-1.2. grades: the vocabulary, with the format of
    the export as its source. shared: table -> bool mask of the rows that sharing rules share; None
    for all. The export is not changed, and the same export gives the same bytes. Raises BadUsage
    for an unknown destination.
    """
    target = find_destination(destination)
    selection = Selection(today, shared, target.keeps_ended, target.keeps_records)
    written = target.write(gather(export, grades, selection))
    missing = [LeftOut(entry.name, "", 0, entry.reason) for entry in written.not_written]
    left_out = (*written.notes, *missing, *sorted(written.left_out, key=attrgetter("is_trivial")))
    return replace(written, left_out=left_out)
