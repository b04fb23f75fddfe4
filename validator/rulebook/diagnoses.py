"""The words and levels of diagnoses, as rules/diagnosis/texts.yaml states them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from validator import resources
from validator.model import DiagnosisText, Level, Owner, Step


@cache
def load_texts() -> Mapping[str, DiagnosisText]:
    """Return the rulebook's text of every kind of diagnosis, by id."""
    entries = resources.read_bundled_yaml("diagnosis/texts.yaml")["diagnoses"]
    return MappingProxyType({entry["id"]: _build_text(entry) for entry in entries})


def _build_text(entry: Mapping[str, Any]) -> DiagnosisText:
    """Build a diagnosis's text from its entry in the rulebook's YAML file texts.yaml."""
    words = {
        name: " ".join(entry[name].split())
        for name in ("title", "why", "origin", "recognized", "fix")
    }
    return DiagnosisText(
        id=entry["id"],
        **words,
        owner=Owner(entry["owner"]),
        source=entry["source"],
        level=Level(entry["level"]),
        levels={profile: Level(level) for profile, level in entry.get("levels", {}).items()},
        first=entry.get("first") == "true",
        safe=entry.get("safe") == "true",
        was=tuple(entry.get("was", ())),
        step=Step[entry["step"].upper().replace("-", "_")] if "step" in entry else None,
    )
