"""Sample districts written to disk, healthy or with planted faults, each with its answer key."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator.model import BadUsage
from validator.sample.answers import build_answers, format_answers, list_columns
from validator.sample.district import build_district
from validator.sample.faults import ALONE, FAULTS
from validator.sample.names import DISTRICT
from validator.sample.planting import Bench, Fault, prepare_bench

AS_OF = dt.date(2026, 11, 16)
"""The day on which the bundled samples are checked."""
LEAST, MOST = 200, 200_000
"""Students of a sample district."""
KEY = "answers.json"


def write_sample(
    folder: Path,
    students: int = 500,
    seed: int = 7,
    *,
    faults: Sequence[str] | None = None,
    as_of: dt.date = AS_OF,
) -> dict[str, Any]:
    """Write a sample of six Clever files and its answer key into the folder; return the key.

    `faults`: rule ids to plant; None or ["all"] plants all but those of ALONE, [] or ["none"]
    plants none. The same arguments give the same bytes. Raises BadUsage for an unknown fault and
    for a folder with other files.
    """
    chosen = _choose_faults(faults)
    if not LEAST <= students <= MOST:
        raise BadUsage(f"A sample district has {LEAST} to {MOST} students.")
    if folder.exists() and not folder.is_dir():
        raise BadUsage(f"{folder} is a file; name a new or an empty folder for the sample.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / KEY).is_file():
        raise BadUsage(
            "The folder for the sample is not empty and holds no earlier sample: choose another."
        )
    bench = prepare_bench(build_district(students, seed, as_of), seed, as_of)
    for plant in chosen.values():
        plant(bench)
    _write_tables(folder, bench)
    answers = {
        "district": DISTRICT,
        "as_of": as_of.isoformat(),
        "profile": "khan-academy",
        "students": students,
        "seed": seed,
        "faults": sorted(chosen),
        **build_answers(bench),
    }
    (folder / KEY).write_bytes(format_answers(answers).encode())
    return answers


def _choose_faults(faults: Sequence[str] | None) -> dict[str, Fault]:
    """Return the faults that were requested for the sample, in planting order."""
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


def _write_tables(folder: Path, bench: Bench) -> None:
    """Write the tables of a sample district as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in bench.district.items():
        file = folder / f"{table}.csv"
        if table in bench.left_out:
            file.unlink(missing_ok=True)
            continue
        text = _format_csv(list_columns(table, rows), rows)
        file.write_bytes(text.encode(bench.encodings.get(table, "utf-8")))


def _format_csv(header: list[str], rows: list[dict[str, str]]) -> str:
    """Format a table of a made-up district as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
