"""Fix routes: where in a student information system a finding is fixed, as far as documented."""

from __future__ import annotations

import re
from pathlib import Path

from validator import resources
from validator.model import BadUsage, Route, Routes
from validator.text import did_you_mean

LAST = "other"


def list_systems() -> list[str]:
    """Ids of the student information systems with fix routes, `other` last."""
    return sorted(
        (path.stem for path in _find_folder().glob("*.yaml")), key=lambda name: (name == LAST, name)
    )


def load_routes(system: str) -> Routes:
    """The fix routes of one system, in any letter case. Raises BadUsage if there is none."""
    known = list_systems()
    wanted = re.sub(r"[\s_-]+", "", system).casefold()
    for name in known:
        if name.replace("-", "") == wanted:
            system = name
    if system not in known:
        raise BadUsage(
            f"--sis has no system '{system}'. Available systems: {', '.join(known)}"
            f"{did_you_mean(system, known)}"
        )
    data = resources.read_bundled_yaml(f"fix/{system}.yaml")
    by_rule = {
        rule: Route(_join_lines(entry), entry["source"])
        for entry in data["routes"]
        for rule in entry["rules"]
    }
    notes = [Route(_join_lines(note), note["source"]) for note in data.get("notes", [])]
    return Routes(system, data["title"], by_rule, notes)


def _join_lines(entry: dict[str, str]) -> str:
    """Join the lines of a fix route's text in YAML."""
    return " ".join(entry["text"].split())


def _find_folder() -> Path:
    """Return the rulebook's folder of bundled fix routes."""
    return resources.find_rules() / "fix"
