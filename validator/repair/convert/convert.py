"""Conversion of an export to the files of a destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from validator.model import Export
from validator.repair.convert.gather import gather
from validator.repair.convert.registry import find_destination
from validator.repair.convert.roster import Selection
from validator.repair.written import Written
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
    selection = Selection(today, shared, target.keeps_ended)
    return target.write(gather(export, grades, selection))
