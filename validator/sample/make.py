"""Made-up districts to try rosterready on, healthy or with planted faults, each with its answer key."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator.model import BadUsage
from validator.sample import class_faults, people_faults
from validator.sample.answers import answers, as_text, columns
from validator.sample.district import build
from validator.sample.names import DISTRICT
from validator.sample.planting import bench

AS_OF = dt.date(2026, 11, 16)  # the day on which the bundled samples are judged
FAULTS = {**class_faults.FAULTS, **people_faults.FAULTS}  # in planting order
ALONE = class_faults.ALONE
LEAST, MOST = 200, 200_000
KEY = "answers.json"


def write(
    folder: Path,
    students: int = 500,
    seed: int = 7,
    faults: Sequence[str] | None = None,
    as_of: dt.date = AS_OF,
) -> dict[str, Any]:
    """The answer key of the district written into the folder: six Clever files and answers.json.

    `faults`: rule ids to plant; None or ["all"] plants all but those of ALONE, [] or ["none"] plants nothing.
    The same arguments give the same bytes. Raises BadUsage for an unknown fault and for a folder with other files.
    """
    chosen = _chosen(faults)
    if not LEAST <= students <= MOST:
        raise BadUsage(f"A sample district has {LEAST} to {MOST} students.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / KEY).is_file():
        raise BadUsage(
            "The folder for the sample is not empty and holds no earlier sample: choose another one."
        )
    work = bench(build(students, seed, as_of), seed, as_of)
    for fault in chosen.values():
        fault(work)
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in work.district.items():
        file = folder / f"{table}.csv"
        if table in work.left_out:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(
                _csv(columns(table, rows), rows).encode(work.encodings.get(table, "utf-8"))
            )
    key = {
        "district": DISTRICT,
        "as_of": as_of.isoformat(),
        "profile": "khan-academy",
        "students": students,
        "seed": seed,
        "faults": sorted(chosen),
        **answers(work),
    }
    (folder / KEY).write_bytes(as_text(key).encode())
    return key


def _chosen(faults: Sequence[str] | None) -> dict[str, Any]:
    """The faults asked for, in planting order."""
    words = ["all"] if faults is None else list(faults)
    known = {**ALONE, **FAULTS}
    unknown = [word for word in words if word not in (*known, "all", "none")]
    if unknown:
        raise BadUsage(
            f"No such fault: {', '.join(unknown)}; it takes all, none, {', '.join(known)}."
        )
    return {
        rule: fault
        for rule, fault in known.items()
        if rule in words or ("all" in words and rule in FAULTS)
    }


def _csv(header: list[str], rows: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
