"""What a pack says of a rule, and the rule that comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator.model import BadUsage, ChecklistItem, Level, Owner, Rule, Waiver

NEEDED = ("level", "topic", "counts", "check", "title", "says", "why", "fix", "owner", "source")


@dataclass(frozen=True)
class Entry:
    """What one or several packs say about a rule; `where` gives the file:line of each key (settings as `with.key`)."""

    id: str
    says: Mapping[str, Any]
    where: Mapping[str, str]
    pack: str

    @property
    def whole(self) -> bool:
        """Whether this is a rule by itself, and not only a change to another pack's rule."""
        return "check" in self.says

    def over(self, base: Entry) -> Entry:
        """The base rule with the keys that this entry names; settings and sentences are changed one by one."""
        says = {**base.says, **self.says}
        for key in ("with", "says", "phases", "when_all"):
            if key in base.says and key in self.says:
                says[key] = {**base.says[key], **self.says[key]}
        return Entry(base.id, says, {**base.where, **self.where, "": base.where[""]}, base.pack)

    def refused(self, why: str, key: str = "") -> BadUsage:
        """The refusal, with the place of the key and the rule's id."""
        return BadUsage(f"{self.where.get(key, self.where[''])}: {self.id}: {why}")

    def rule(self, settings: Mapping[str, Any]) -> Rule:
        """The finished rule. Raises BadUsage when a key that every rule needs is not there."""
        says = self.says
        for key in NEEDED:
            if not says.get(key):
                raise self.refused(f"a rule needs '{key}'")
        if says["says"].keys() != {"one", "many"}:
            raise self.refused("'says' needs a sentence for 'one' and one for 'many'", "says")
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
            where=self.where[""],
        )


@dataclass(frozen=True)
class Pack:
    """One pack file as it stands, checked by itself; `name` is how messages call the file.

    `read`: the day on which its sources were read. `include` and `waivers`: each with its file:line.
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
