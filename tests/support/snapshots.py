"""All that each case's rule says, word by word: `python -m tests.support.snapshots` writes it anew, to be read as a difference."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator.model import Outcome, Places

FILE = Path(__file__).resolve().parents[1] / "snapshots.jsonl"


def told(outcome: Outcome) -> dict[str, Any]:
    """What a rule says, as JSON has it; values that are not there are left out."""
    said: dict[str, Any] = {
        "status": outcome.status,
        "level": outcome.level,
        "reason": outcome.reason,
    }
    finding = outcome.finding
    if finding is not None:
        said |= {
            "count": finding.count,
            "of": finding.of,
            "groups": finding.groups,
            "figures": dict(finding.figures),
            "tally": finding.tally and [list(pair) for pair in finding.tally.values],
            "cause": finding.cause and [finding.cause.explains, finding.cause.note],
            "places": [_block(block) for block in finding.places if len(block)],
        }
    return {
        key: value
        for key, value in json.loads(json.dumps(said)).items()
        if value not in (None, [], {})
    }


def _block(block: Places) -> dict[str, Any]:
    """The places of one column, as lists."""
    said = {
        "table": block.table,
        "file": block.file,
        "column": block.column,
        "level": block.level,
        "listed": block.listed,
        "lines": block.lines.tolist(),
    }
    for name in ("end_lines", "counts"):
        values = getattr(block, name)
        said[name] = None if values is None else values.tolist()
    if block.groups is not None:  # which belong together; the numbers themselves say nothing
        seen: dict[int, int] = {}
        said["groups"] = [seen.setdefault(group, len(seen)) for group in block.groups.tolist()]
    for name in ("notes", "repairs", "keys"):
        values = getattr(block, name)
        said[name] = values if values is None or isinstance(values, str) else list(values)
    return {key: value for key, value in said.items() if value is not None}


@functools.cache
def stored() -> Mapping[str, Mapping[str, Any]]:
    """What was said when it was last written, by the names of the cases."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return {one["case"]: one["told"] for one in map(json.loads, lines)}


def write(found: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Writes what is said now, a line a case."""
    lines = [
        json.dumps({"case": name, "told": said}, ensure_ascii=False)
        for name, said in sorted(found, key=lambda one: one[0])
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Runs every case and writes what its rule says."""
    from tests import conftest
    from tests.checks import test_cases

    found = []
    for parameters in test_cases.cases():
        rule, case = parameters.values
        with tempfile.TemporaryDirectory() as folder:
            report = test_cases.run(case, conftest.judge.__wrapped__(Path(folder)), Path(folder))
        found.append((parameters.id, told(conftest.outcome(report, rule))))
    write(found)


if __name__ == "__main__":
    main()
