"""The kinds of repair: those of rules/repair/kinds.yaml, and one for each diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from validator import resources
from validator.model import BadUsage, DiagnosisText, RepairKind
from validator.rulebook import diagnoses
from validator.text import did_you_mean


@cache
def load_kinds() -> Mapping[str, RepairKind]:
    """Read the kinds of repair from rules/repair/kinds.yaml, then one per diagnosis text.

    A diagnosis whose inverse is not safe is a kind that must be asked for by name.
    """
    entries = resources.read_bundled_yaml("repair/kinds.yaml")["kinds"]
    kinds = {entry["id"]: _read_kind(entry) for entry in entries}
    kinds |= {text.id: _describe(text) for text in diagnoses.load_texts().values()}
    return MappingProxyType(kinds)


def _read_kind(entry: Mapping[str, Any]) -> RepairKind:
    """Read a kind of repair from the rulebook's kinds.yaml."""
    return RepairKind(
        entry["id"],
        " ".join(entry["title"].split()),
        " ".join(entry["what"].split()),
        " ".join(entry["proof"].split()),
        asked=entry.get("asked") == "true",
        always=entry.get("always") == "true",
        rules=tuple(entry.get("rules", ())),
        left=entry.get("left", {}),
    )


def _describe(text: DiagnosisText) -> RepairKind:
    """Build the rulebook's kind of repair for a diagnosis."""
    return RepairKind(
        text.id,
        text.title,
        f"{text.origin} The repair undoes it.",
        text.recognized,
        asked=not text.safe,
        diagnosis=True,
    )


def parse_kinds(names: Iterable[str], option: str) -> tuple[str, ...]:
    """Look up in the rulebook the kinds of repair that an option names. Raises BadUsage."""
    known = load_kinds()
    words = [word.strip() for text in names for word in text.split(",")]
    kinds = tuple(dict.fromkeys(word for word in words if word))
    for kind in kinds:
        if kind not in known:
            raise BadUsage(
                f"{option}: there is no kind of repair '{kind}'{did_you_mean(kind, known)}; "
                f"there are: {', '.join(known)}"
            )
        if option == "--skip" and known[kind].always:
            raise BadUsage(
                f"{option}: {kind} is a part of how every file is written and cannot be left out"
            )
    return kinds
