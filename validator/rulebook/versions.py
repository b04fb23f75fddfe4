"""The versions of each rule: as its first pack defines it, and with the overrides of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from validator.model import Rule
from validator.rulebook.pack import Entry, Pack


class RuleVersions(NamedTuple):
    """A rule with its per-pack overrides: `by_pack` maps each pack that names it to its version."""

    rule: Rule
    by_pack: dict[str, Rule]


def collect_versions(packs: Sequence[Pack]) -> list[RuleVersions]:
    """Collect the rulebook's rules as their first pack defines them, with all overrides."""
    definitions: dict[str, Entry] = {}
    versions: dict[str, dict[str, Rule]] = {}
    for pack in packs:
        for entry in pack.entries:
            if entry.is_definition:
                definitions.setdefault(entry.id, entry)
            if entry.id not in definitions:
                continue
            definition = definitions[entry.id]
            version = entry if entry is definition else entry.override(definition)
            rule = version.build_rule(version.says.get("with", {}))
            versions.setdefault(entry.id, {})[pack.id] = rule
    return [RuleVersions(next(iter(by_pack.values())), by_pack) for by_pack in versions.values()]
