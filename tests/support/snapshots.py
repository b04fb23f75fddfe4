"""Snapshots of what the rule of each case reports, kept in `tests/snapshots.jsonl`.

`python -m tests.support.snapshots RULE...` renews the cases of the named rules in seconds;
without a rule it renews all. Read the difference before committing it.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator.model import Outcome, Places

FILE = Path(__file__).resolve().parents[1] / "snapshots.jsonl"

Snapshot = Mapping[str, Any]


def command(rule: str) -> str:
    """The command that renews the snapshots of one rule."""
    return f"python -m tests.support.snapshots {rule}"


def render(outcome: Outcome) -> Snapshot:
    """An outcome as plain JSON data, without empty entries."""
    content: dict[str, Any] = {
        "status": outcome.status,
        "level": outcome.level,
        "reason": outcome.reason,
    }
    finding = outcome.finding
    if finding is not None:
        content |= {
            "count": finding.count,
            "of": finding.of,
            "groups": finding.groups,
            "figures": dict(finding.figures),
            "tally": finding.tally and [list(pair) for pair in finding.tally.values],
            "places": [_render_places(block) for block in finding.places if len(block)],
        }
    plain = json.loads(json.dumps(content))
    return {key: value for key, value in plain.items() if value not in (None, [], {})}


def _render_places(block: Places) -> Snapshot:
    content = {
        "table": block.table,
        "file": block.file,
        "column": block.column,
        "level": block.level,
        "listed": block.listed,
        "lines": block.lines.tolist(),
    }
    for name in ("end_lines", "counts"):
        values = getattr(block, name)
        content[name] = None if values is None else values.tolist()
    if block.groups is not None:  # only who belongs together matters, not the numbers
        seen: dict[int, int] = {}
        content["groups"] = [seen.setdefault(group, len(seen)) for group in block.groups.tolist()]
    for name in ("notes", "repairs", "keys"):
        values = getattr(block, name)
        content[name] = values if values is None or isinstance(values, str) else list(values)
    return {key: value for key, value in content.items() if value is not None}


@functools.cache
def stored() -> Mapping[str, Snapshot]:
    """The stored snapshots by case name."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return {entry["case"]: entry["outcome"] for entry in map(json.loads, lines)}


def write(snapshots: Mapping[str, Snapshot]) -> None:
    """Write one line per case, sorted by case name."""
    lines = [
        json.dumps({"case": name, "outcome": snapshots[name]}, ensure_ascii=False)
        for name in sorted(snapshots)
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def take(number: int) -> tuple[str, Snapshot]:
    """The name and snapshot of one case, by its number in `cases`."""
    from tests import conftest
    from tests.checks import test_cases

    parameters = cases()[number]
    rule, case = parameters.values
    with tempfile.TemporaryDirectory() as folder:
        judge = conftest.judge.__wrapped__(Path(folder))
        report = test_cases.run(case, judge, Path(folder))
    return str(parameters.id), render(conftest.outcome(report, rule))


@functools.cache
def cases() -> Sequence[Any]:
    """Every case of a rule as a pytest parameter: those of tests/cases, and of two roles."""
    from tests.checks import test_cases, test_two_roles

    return [*test_cases.cases(), *test_two_roles.cases()]


def main(rules: Sequence[str]) -> int:
    """Renew the snapshots of the named rules, or all; the exit code."""
    known = {parameters.values[0] for parameters in cases()}
    if unknown := sorted(set(rules) - known):
        print(f"No cases for: {', '.join(unknown)}", file=sys.stderr)
        return 2
    chosen = [
        number
        for number, parameters in enumerate(cases())
        if not rules or parameters.values[0] in rules
    ]
    with multiprocessing.get_context("spawn").Pool(min(2, 1 + len(chosen) // 40)) as pool:
        taken = dict(pool.imap_unordered(take, chosen, chunksize=8))
    every = {str(parameters.id) for parameters in cases()}
    kept = {name: snapshot for name, snapshot in stored().items() if name in every}
    changed = [name for name in sorted(taken) if kept.get(name) != taken[name]]
    write({**kept, **taken})
    for name in changed:
        print(f"changed: {name}")
    print(f"{len(taken)} cases run, {len(changed)} snapshots changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
