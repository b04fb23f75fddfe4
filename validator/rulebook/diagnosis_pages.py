"""Diagnoses shown to people: as pages, as lines of a list, as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from validator import wording
from validator.model import BadUsage, DiagnosisText
from validator.rulebook import diagnoses
from validator.text import did_you_mean

HEADING = "What happened to a file"


def list_all() -> list[DiagnosisText]:
    """Return the texts of the rulebook on every diagnosis, in the order of the catalog."""
    return list(diagnoses.load_texts().values())


def find(name: str) -> DiagnosisText | None:
    """Return the rulebook's text on the diagnosis with this id, None where there is none."""
    return diagnoses.load_texts().get(name)


def find_similar(name: str) -> DiagnosisText | None:
    """Return the rulebook's text on the diagnosis that had this id once, or None.

    Raises BadUsage with a hint where one has a similar id.
    """
    for text in list_all():
        if name in text.was:
            return text
    hint = did_you_mean(name, [text.id for text in list_all()])
    if hint:
        raise BadUsage(f"there is no rule and no diagnosis '{name}'{hint}")
    return None


def list_facts(text: DiagnosisText) -> list[tuple[str, str]]:
    """Return `(label, text)` of everything that the rulebook says about a diagnosis."""
    facts = [
        ("Why it matters", text.why),
        ("How it comes about", text.origin),
        ("How it is recognized", text.recognized),
        ("What to change", text.fix),
        ("Who fixes it", wording.OWNERS[text.owner]),
        ("Level", describe_level(text)),
        ("Repair", _describe_repair(text)),
        ("Former names", ", ".join(text.was)),
        ("Source", text.source),
    ]
    return [(label, said) for label, said in facts if said]


def describe_level(text: DiagnosisText) -> str:
    """Return the levels of a diagnosis in the packs: `warning; blocker in freckle`."""
    others = [f"{level} in {profile}" for profile, level in text.levels.items()]
    return "; ".join([str(text.level), *others])


def _describe_repair(text: DiagnosisText) -> str:
    """Describe on a diagnosis's page whether `mend` can do the repair."""
    if text.safe:
        return (
            "`rosterready mend` can do it: only the form of values changes, or ids that a second "
            "file proves"
        )
    return "none that is safe: it has to be changed in the export"


def render_page(text: DiagnosisText) -> str:
    """Return the rulebook's page about a diagnosis as plain text."""
    wrapper = textwrap.TextWrapper(
        96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    facts = [wrapper.fill(f"{label}: {said}") for label, said in list_facts(text)]
    return "\n\n".join([f"{text.id}: {text.title.rstrip('.')}", *facts]) + "\n"


def render_table(texts: Sequence[DiagnosisText]) -> str:
    """Return one line of the rulebook per diagnosis."""
    width = max((len(text.id) for text in texts), default=0)
    lines = [f"  {text.id:<{width}}  {text.level:<8}  {text.title.rstrip('.')}" for text in texts]
    return "\n".join(["", HEADING, *lines]) + "\n"


def build_entry(text: DiagnosisText) -> dict[str, Any]:
    """Return the rulebook's entry of a diagnosis with the keys that rules have in JSON."""
    return {
        "id": text.id,
        "title": text.title,
        "level": str(text.level),
        "levels": {profile: str(level) for profile, level in text.levels.items()},
        "topic": "diagnoses",
        "counts": "row",
        "owner": str(text.owner),
        "why": text.why,
        "fix": text.fix,
        "source": text.source,
        "pack": "diagnosis",
        "check": "",
        "reads": {},
        "settings": {},
        "needs": [],
        "was": list(text.was),
        "origin": text.origin,
        "recognized": text.recognized,
        "mend": text.safe,
    }
