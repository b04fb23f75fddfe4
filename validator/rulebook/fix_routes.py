"""Where in which student information system a finding is fixed, as far as somebody has written it down."""

from __future__ import annotations

from pathlib import Path

from validator import resources
from validator.model import BadUsage, Route, Routes
from validator.text import did_you_mean

LAST = "other"


def systems() -> list[str]:
    """The ids of the student information systems that have fix routes, `other` last."""
    return sorted(
        (path.stem for path in _folder().glob("*.yaml")), key=lambda name: (name == LAST, name)
    )


def load(system: str) -> Routes:
    """The fix routes of one system. Raises BadUsage when there are none of that name."""
    known = systems()
    if system not in known:
        raise BadUsage(
            f"--sis knows no '{system}'; there are: {', '.join(known)}{did_you_mean(system, known)}"
        )
    data = resources.read_yaml(f"fix/{system}.yaml")
    by_rule = {
        rule: Route(_text(entry), entry["source"])
        for entry in data["routes"]
        for rule in entry["rules"]
    }
    notes = [Route(_text(note), note["source"]) for note in data.get("notes", [])]
    return Routes(system, data["title"], by_rule, notes)


def _text(entry: dict[str, str]) -> str:
    return " ".join(entry["text"].split())


def _folder() -> Path:
    return resources.rules() / "fix"
