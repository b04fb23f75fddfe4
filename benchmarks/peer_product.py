"""The checks that other tools make, and all rules, by rosterready; measured as the other tools."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import peer_tools, speed

PLANTED = {
    "missing": "student-email-missing",
    "malformed": "student-email-invalid",
    "repeated": "student-email-repeated",
    "dob": "student-dob-missing",
    "section": "section-unknown",
    "student": "student-unknown",
    "enrollment": "enrollment-repeated",
}
"""The rule of each check."""

RUNS = {"rosterready_all_rules": False, "rosterready_same_checks": True}
"""Whether a run has only the rules of the checks."""

JUDGED = {"passed", "found", "explained", "waived"}


def measure(run: str, folder: Path) -> dict[str, Any]:
    """Version, seconds, processor seconds, peak memory in MB, rules judged and counts of a run."""
    sys.modules["hypothesis"] = None  # type: ignore[assignment]  # pandera loads it if installed
    import pandera.pandas

    from validator import __version__
    from validator.engine.run import judge
    from validator.ingest import read

    profile, context = speed.load_rules()
    if RUNS[run]:
        profile = replace(profile, rules={rule: profile.rules[rule] for rule in PLANTED.values()})
    begun, cpu = time.perf_counter(), time.process_time()
    export = read.read_export([folder])
    context = speed.fit_context(context, export)
    outcomes = judge(export, [profile], context)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    counts = speed.count(outcomes)
    return {
        "version": __version__,
        "seconds": seconds,
        "cpu": cpu,
        "peak": peer_tools.read_peak(),
        "checks": sum(outcome.status in JUDGED for outcome in outcomes),
        "found": {name: counts.get(rule, 0) for name, rule in PLANTED.items()},
        "loaded": pandera.pandas.__name__,  # imported before the clock runs
    }


if __name__ == "__main__":
    print("\n" + json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
