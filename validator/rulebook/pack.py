"""Packs and their entries: definitions and overrides of rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from validator.model import (
    AppFact,
    BadUsage,
    ChecklistItem,
    Consequence,
    Level,
    Owner,
    Rule,
    Step,
    Waiver,
    WhenMost,
    dataclass,
)
from validator.rulebook import yaml

NEEDED = ("level", "topic", "counts", "check", "title", "says", "why", "fix", "owner", "source")
SHARE = re.compile(r"0[.][0-9]*[1-9][0-9]*|1([.]0+)?")
"""A part of a whole, above 0, as a pack writes it."""


@dataclass(frozen=True)
class Entry:
    """The definition of a rule, or an override of one.

    says: the keys of the YAML entry. sources: the files that have it and its overrides, each with
    its position in that file's list of rules. pack: the pack that has the entry.
    """

    id: str
    says: Mapping[str, Any]
    sources: tuple[tuple[yaml.Document, int], ...]
    pack: str

    @property
    def is_definition(self) -> bool:
        """Whether this defines a rule, rather than override a rule of another pack."""
        return "check" in self.says

    def override(self, base: Entry) -> Entry:
        """The base entry with the keys of this one; settings and sentences one by one."""
        says = {**base.says, **self.says}
        for key in ("with", "says", "phases", "when_all", "when_most"):
            if key in base.says and key in self.says:
                says[key] = {**base.says[key], **self.says[key]}
        if "level" in self.says and "consequence" not in self.says:
            # A district's own level speaks for itself: its consequence follows from it.
            says.pop("consequence", None)
        return Entry(base.id, says, base.sources + self.sources, base.pack)

    def locate(self, *keys: str) -> str:
        """File and line of the last entry that has these keys; of the definition without keys."""
        for file, at in reversed(self.sources) if keys else ():
            if ("rules", at, *keys) in file.lines:
                return file.where("rules", at, *keys)
        file, at = self.sources[0]
        return file.where("rules", at)

    def refusal(self, why: str, *keys: str) -> BadUsage:
        """The refusal, with file and line of the keys and the rule's id."""
        return BadUsage(f"{self.locate(*keys)}: {self.id}: {why}")

    def build_rule(self, settings: Mapping[str, Any]) -> Rule:
        """The rule with these settings. Raises BadUsage if a required key is missing."""
        self._check_complete()
        says = self.says
        reads = says.get("reads", {})
        level = Level(says["level"])
        return Rule(
            id=self.id,
            title=says["title"],
            level=level,
            consequence=Consequence(says.get("consequence") or Consequence.of_level(level)),
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
            follows=tuple(says.get("follows", ())),
            was=tuple(says.get("was", ())),
            unreadable=says.get("unreadable") == "true",
            everybody_when_absent=says.get("when_absent") == "everybody",
            lists=says.get("lists") != "false",
            fix_needed=says.get("fix_needed") != "false",
            tells_attribute=says.get("tells") == "attribute",
            only_shared=says.get("only") == "shared",
            phases=says.get("phases", {}),
            when_all=says.get("when_all", {}),
            when_most=self._build_when_most(),
            step=Step[says["step"].upper().replace("-", "_")] if "step" in says else None,
            where=self.locate(),
        )

    def _check_complete(self) -> None:
        """Raise BadUsage if a key that every rule needs is missing."""
        for key in NEEDED:
            if not self.says.get(key):
                raise self.refusal(f"a rule needs '{key}'")
        if self.says["says"].keys() != {"one", "many"}:
            raise self.refusal("'says' needs a sentence for 'one' and one for 'many'", "says")

    def _build_when_most(self) -> WhenMost | None:
        """Build the share from which a pack's rule is a blocker; None if it states none."""
        most = self.says.get("when_most")
        if not most:
            return None
        missing = [key for key in ("share", "says", "reason") if not most.get(key)]
        if missing:
            raise self.refusal(f"'when_most' needs '{missing[0]}'", "when_most")
        share = most["share"]
        if not SHARE.fullmatch(share):
            raise self.refusal(
                f"'share' cannot be '{share}'; use a number from 0.01 to 1, such as 0.5",
                "when_most",
            )
        return WhenMost(float(share), most["says"], most["reason"], most.get("spread", ""))


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
    facts: tuple[AppFact, ...] = ()
