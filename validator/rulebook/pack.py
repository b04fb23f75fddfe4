"""Packs and their entries: definitions and overrides of rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.model import BadUsage, ChecklistItem, Level, Owner, Rule, Step, Waiver

NEEDED = ("level", "topic", "counts", "check", "title", "says", "why", "fix", "owner", "source")


@dataclass(frozen=True)
class Entry:
    """The definition of a rule, or an override of one.

    says: the keys of the YAML entry. where: key -> file:line, settings as `with.key`, the entry
    itself as "". pack: the pack that has the entry.
    """

    id: str
    says: Mapping[str, Any]
    where: Mapping[str, str]
    pack: str

    @property
    def is_definition(self) -> bool:
        """Whether this defines a rule, rather than override a rule of another pack."""
        return "check" in self.says

    def override(self, base: Entry) -> Entry:
        """The base entry with the keys of this one; settings and sentences one by one."""
        says = {**base.says, **self.says}
        for key in ("with", "says", "phases", "when_all"):
            if key in base.says and key in self.says:
                says[key] = {**base.says[key], **self.says[key]}
        return Entry(base.id, says, {**base.where, **self.where, "": base.where[""]}, base.pack)

    def refusal(self, why: str, key: str = "") -> BadUsage:
        """The refusal, with file and line of the key and the rule's id."""
        return BadUsage(f"{self.where.get(key, self.where[''])}: {self.id}: {why}")

    def build_rule(self, settings: Mapping[str, Any]) -> Rule:
        """The rule with these settings. Raises BadUsage if a required key is missing."""
        says = self.says
        for key in NEEDED:
            if not says.get(key):
                raise self.refusal(f"a rule needs '{key}'")
        if says["says"].keys() != {"one", "many"}:
            raise self.refusal("'says' needs a sentence for 'one' and one for 'many'", "says")
        reads = says.get("reads", {})
        return Rule(
            id=self.id,
            title=says["title"],
            level=Level(says["level"]),
            check=says["check"],
            reads={table.rstrip("?"): tuple(columns) for table, columns in reads.items()},
            optional=frozenset(table.rstrip("?") for table in reads if table.endswith("?")),
            settings=settings,
            says_one=says["says"]["one"],
            says_many=says["says"]["many"],
            why=says["why"],
            fix=says["fix"],
            owner=Owner(says["owner"]),
            source=says["source"],
            counts=says["counts"],
            topic=says["topic"],
            pack=self.pack,
            needs=tuple(says.get("needs", ())),
            explained_by=tuple(says.get("explained_by", ())),
            follows=tuple(says.get("follows", ())),
            was=tuple(says.get("was", ())),
            unreadable=says.get("unreadable") == "true",
            everybody_when_absent=says.get("when_absent") == "everybody",
            lists=says.get("lists") != "false",
            only_shared=says.get("only") == "shared",
            phases=says.get("phases", {}),
            when_all=says.get("when_all", {}),
            step=Step[says["step"].upper().replace("-", "_")] if "step" in says else None,
            where=self.where[""],
        )


@dataclass(frozen=True)
class Pack:
    """One pack file, checked but not merged with the packs it includes.

    name: how messages refer to the file. read: the day on which its sources were read.
    include: `(pack, file:line)`. waivers: `(waiver, file:line)`.
    electives: accept, reject -> course titles.
    """

    id: str
    version: str
    title: str
    path: Path
    name: str
    read: dt.date | None = None
    include: tuple[tuple[str, str], ...] = ()
    entries: tuple[Entry, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    waivers: tuple[tuple[Waiver, str], ...] = ()
    district_domains: tuple[str, ...] = ()
    electives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
