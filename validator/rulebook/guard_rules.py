"""Thresholds of the nightly guard: YAML of shares, floors and a calendar, refused with the line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator import resources
from validator.model import (
    GUARD_KINDS,
    GUARD_WAYS,
    PHASES,
    GuardRules,
    Period,
    Shares,
    Thresholds,
)
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean, parse_whole_number

SCOPES = ("district", "each_school", "schools", "floors")
PERIOD_KEYS = ("name", "from", "to", "phase", "pause", *SCOPES)
KEYS = ("few", "least", *SCOPES, "phases", "calendar")
PLAIN_SHARE = re.compile(r"[0-9]{1,4}([.][0-9]{1,6})?\s*(%?)")
LARGEST_SHARE = 10.0
"""A share of 1,000 %: ten times as many records as there were."""


def load_guard_rules(path: Path | None) -> GuardRules:
    """Return the bundled thresholds with those of the district's file over them. Raises BadUsage.

    In a phase of the school year, the larger of the bundled share for it and of the district's own
    share for every night counts, unless the file has a number for that phase.
    """
    document = yaml.load_document(resources.find_rules() / "guard.yaml", "rules/guard.yaml")
    bundled = _File(document).rules(GuardRules())
    if path is None:
        return bundled
    return _File(yaml.load_document(path)).rules(bundled)


class _File(yaml.Form):
    """A thresholds file."""

    def rules(self, base: GuardRules) -> GuardRules:
        """Return its thresholds, over those of `base`."""
        given = self.mapping((), KEYS, "a thresholds file")
        own = self.thresholds(())
        phases = self.phases() if "phases" in given else {}
        return GuardRules(
            thresholds=base.thresholds.overlay(own),
            few=self.count(("few",)) if "few" in given else base.few,
            least=self.count(("least",)) if "least" in given else base.least,
            phases={
                phase: base.phases.get(phase, Thresholds())
                .loosen(own)
                .overlay(phases.get(phase, Thresholds()))
                for phase in {**base.phases, **phases}
            },
            periods=self.calendar() if "calendar" in given else base.periods,
        )

    def read_text(self, keys: Keys) -> str:
        """Return the text at these keys, not empty."""
        value = self.document.at(*keys)
        if not isinstance(value, str) or not value.strip():
            raise self.refusal(keys, f"'{keys[-1]}' must be a text")
        return value.strip()

    def count(self, keys: Keys) -> int:
        """Read the whole number at these keys of the guard's YAML."""
        number = parse_whole_number(self.read_text(keys))
        if number is None:
            raise self.refusal(keys, f"'{keys[-1]}' must be a whole number, such as 20")
        return number

    def share(self, keys: Keys) -> float:
        """Return the share at these keys: `5%` or `0.05`."""
        text = self.read_text(keys)
        match = PLAIN_SHARE.fullmatch(text)
        number = float(text.rstrip("% ")) if match else -1.0
        is_percent = match is not None and match[2] == "%"
        if match is None or (not is_percent and number > 1):
            raise self.refusal(keys, f"'{keys[-1]}' must be a share, such as 5% or 0.05")
        share = number / 100 if is_percent else number
        if share > LARGEST_SHARE:
            raise self.refusal(keys, f"'{keys[-1]}' cannot be over {LARGEST_SHARE:.0%}")
        return share

    def thresholds(self, keys: Keys) -> Thresholds:
        """Return the thresholds of the file, of a phase or of a period."""
        given = self.document.at(*keys)
        return Thresholds(
            district=self.shares((*keys, "district")) if "district" in given else {},
            each_school=self.shares((*keys, "each_school")) if "each_school" in given else {},
            schools=self.schools((*keys, "schools")) if "schools" in given else {},
            floors=self.floors((*keys, "floors")) if "floors" in given else {},
        )

    def shares(self, keys: Keys) -> Shares:
        """Read the shares in the guard's YAML: by kind of record, and what may happen to it."""
        return {
            kind: {
                way: self.share((*keys, kind, way))
                for way in self.mapping((*keys, kind), GUARD_WAYS, f"'{kind}'")
            }
            for kind in self.mapping(keys, GUARD_KINDS, f"'{keys[-1]}'")
        }

    def schools(self, keys: Keys) -> Mapping[str, Shares]:
        """Read the shares of single schools in the guard's YAML, by id."""
        given = self.document.at(*keys)
        if not isinstance(given, dict):
            raise self.refusal(keys, "'schools' must be a mapping of school ids to thresholds")
        return {str(school).strip(): self.shares((*keys, school)) for school in given}

    def floors(self, keys: Keys) -> Mapping[str, int]:
        """Read the least number of records of each kind in the guard's YAML."""
        kinds = self.mapping(keys, GUARD_KINDS, "'floors'")
        return {kind: self.count((*keys, kind)) for kind in kinds}

    def phases(self) -> dict[str, Thresholds]:
        """Return the thresholds of each phase of the school year that the file names."""
        chosen = {}
        for phase in self.mapping(("phases",), PHASES, "'phases'"):
            self.mapping(("phases", phase), SCOPES, f"'{phase}'")
            chosen[phase] = self.thresholds(("phases", phase))
        return chosen

    def calendar(self) -> Sequence[Period]:
        """Return the periods of the calendar."""
        value = self.document.at("calendar")
        if not isinstance(value, list):
            raise self.refusal(("calendar",), "'calendar' must be a list of periods")
        return tuple(self.period(("calendar", at)) for at in range(len(value)))

    def period(self, keys: Keys) -> Period:
        """Return one period of the calendar."""
        given = self.mapping(keys, PERIOD_KEYS, "a period")
        for key in ("name", "from", "to"):
            if key not in given:
                raise self.refusal(keys, f"a period needs '{key}'")
        first, last = self.day((*keys, "from")), self.day((*keys, "to"))
        if len(first) != len(last):
            raise self.refusal((*keys, "to"), "'from' and 'to' must both have a year, or neither")
        if len(first) > len("MM-DD") and first > last:
            raise self.refusal((*keys, "to"), f"'to' ({last}) is before 'from' ({first})")
        return Period(
            name=self.read_text((*keys, "name")),
            first=first,
            last=last,
            phase=self.choice((*keys, "phase"), PHASES) if "phase" in given else "",
            pause=self.flag((*keys, "pause"), given),
            thresholds=self.thresholds(keys),
        )

    def day(self, keys: Keys) -> str:
        """Read a day in the guard's YAML: `YYYY-MM-DD`, or `MM-DD` for every year."""
        text = self.read_text(keys)
        is_yearly = len(text) == len("MM-DD")
        try:
            # 2024 is a leap year, so that 02-29 is a day of every year
            day = dt.datetime.strptime(f"2024-{text}" if is_yearly else text, "%Y-%m-%d")
        except ValueError:
            raise self.refusal(
                keys, f"'{keys[-1]}' must be a day such as 2026-08-17, or 08-17 for every year"
            ) from None
        return day.strftime("%m-%d" if is_yearly else "%Y-%m-%d")

    def choice(self, keys: Keys, known: Sequence[str]) -> str:
        """Return the word at these keys, one of those known."""
        text = self.read_text(keys)
        if text not in known:
            near = did_you_mean(text, list(known))
            raise self.refusal(keys, f"'{keys[-1]}' must be one of {', '.join(known)}{near}")
        return text

    def flag(self, keys: Keys, given: Mapping[str, Any]) -> bool:
        """Return the truth value at these keys; False where there is none."""
        if keys[-1] not in given:
            return False
        return self.choice(keys, ("true", "false", "yes", "no")) in ("true", "yes")
