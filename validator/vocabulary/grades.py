"""Grades: what the cells of a grade column mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN = "?"

_NUMBER = re.compile(r"(-?)0*(\d{1,2})(?:\.0*)?", re.ASCII)
_ORDINAL = re.compile(r"0*(\d{1,2})(?:st|nd|rd|th)", re.ASCII)
_DECIMAL = re.compile(r"-?\d+\.0*", re.ASCII)
_LABEL = re.compile(
    r"^(?:grades?|grd|gr|g)[\s.:_-]*(?=[0-9k])|[\s.:_-]*(?:grade|gr|grd)[\s.]*$", re.ASCII
)
_RANGE = re.compile(r"(.*?[^\s-])\s*(?:-|\bto\b|\bthrough\b|\bthru\b)\s*([^\s-].*)")
_LIST = re.compile(r"\s*(?:[,;/&|+]|\band\b)\s*")
_LONGEST = 80  # characters; a longer cell is no grade and is not looked into


@dataclass(frozen=True)
class Grades:
    """The grade vocabulary: spellings, order, ages and how each grade is shown.

    `source`: the format of the export, which decides the spellings that mean different things in different places.
    """

    order: tuple[str, ...]
    spellings: Mapping[str, str]
    ambiguous: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, str]
    k12: frozenset[str]
    ages: Mapping[str, int]
    shown: Mapping[str, str]
    source: str = ""

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Grades:
        """The vocabulary as rules/vocabulary/grades.yaml tells it."""
        entries = {str(name): entry for name, entry in data["grades"].items()}
        spellings = {_squeezed(_plain(name)): name for name in entries}
        for name, entry in entries.items():
            for spelling in [*entry.get("spellings", ()), *entry.get("guesses", ())]:
                spellings[_squeezed(_plain(str(spelling)))] = name
        return cls(
            order=tuple(entries),
            spellings=spellings,
            ambiguous={_plain(str(k)): dict(v) for k, v in data.get("ambiguous", {}).items()},
            numbers={str(k): str(v) for k, v in data["numbers"].items()},
            k12=frozenset(name for name, entry in entries.items() if _true(entry.get("k12"))),
            ages={name: int(entry["age"]) for name, entry in entries.items() if "age" in entry},
            shown={name: str(entry.get("shown", "assumed")) for name, entry in entries.items()},
        )

    def canonical(self, values: Sequence[str], *, source: str = "") -> list[str]:
        """Clever's name of each grade; "" for a blank and "?" for what is no known grade.

        `source`: the format of the export, which decides the spellings that mean different things in different places.
        """
        return [self._one(value, source or self.source) for value in values]

    def several(self, value: str, *, source: str = "") -> list[str]:
        """All grades of a section's cell, ascending; [] for a blank, ["?"] if any part of it is unknown.

        Reads one grade, ranges (3-5), lists (K,1,2) and PowerSchool's run-together digits (345).
        """
        text, source = _plain(value), source or self.source
        if not text:
            return []
        found: set[str] = set()
        parts = _LIST.split(text) if self._one(text, source) == UNKNOWN else [text]
        for part in filter(None, parts):
            grades = self._part(part, source)
            if not grades:
                return [UNKNOWN]
            found.update(grades)
        return sorted(found, key=self.order.index) or [UNKNOWN]

    def in_k12(self, canonical: str) -> bool:
        """Whether this grade is kindergarten to grade 12."""
        return canonical in self.k12

    def usual_age(self, canonical: str) -> int | None:
        """The usual age in this grade on September 1, or None where there is none."""
        return self.ages.get(canonical)

    def assumed(self, canonical: str) -> bool:
        """Whether it is only an assumption that this grade is shown as "Other"."""
        return self.shown.get(canonical) == "assumed"

    def repaired(self, value: str) -> bool:
        """Whether the cell is a grade that a spreadsheet has turned into a decimal number."""
        return _DECIMAL.fullmatch(value.strip()) is not None and self._one(value, "") != UNKNOWN

    def _one(self, value: str, source: str) -> str:
        text = _plain(value)
        if not text:
            return ""
        if text in self.ambiguous:
            return self.ambiguous[text].get(source, UNKNOWN)
        bare = _LABEL.sub("", text) or text
        if number := _NUMBER.fullmatch(bare):
            return self._number(int(number[1] + number[2]))
        if ordinal := _ORDINAL.fullmatch(bare):
            return self._number(int(ordinal[1]))
        return self.spellings.get(_squeezed(text)) or self.spellings.get(_squeezed(bare)) or UNKNOWN

    def _number(self, number: int) -> str:
        if str(number) in self.numbers:
            return self.numbers[str(number)]
        if str(number) in self.order:
            return str(number)
        if number < 0:
            return self.numbers.get("below", UNKNOWN)
        return (
            self.numbers.get("above", UNKNOWN)
            if number <= int(self.numbers.get("highest", 0))
            else UNKNOWN
        )

    def _part(self, text: str, source: str) -> list[str]:
        """The grades of one piece of a section's cell; [] where it cannot be read."""
        if ends := _RANGE.fullmatch(text):
            low, high = (self._one(end, source) for end in ends.groups())
            if low in self.order and high in self.order:
                return self._between(low, high)
        grade = self._one(text, source)
        if grade not in ("", UNKNOWN):
            return [grade]
        bare = _LABEL.sub("", text).replace(" ", "")
        return self._run_together(bare)

    def _between(self, low: str, high: str) -> list[str]:
        first, last = self.order.index(low), self.order.index(high)
        # transitional kindergarten is in a range only where the district names it
        return [
            g
            for g in self.order[first : last + 1]
            if g in (low, high) or g != "TransitionalKindergarten"
        ]

    def _run_together(self, digits: str) -> list[str]:
        """Consecutive grades written without separators, such as 345 or 1112; [] for anything else."""
        if not re.fullmatch(r"\d{2,20}", digits, re.ASCII):
            return []
        for width in (1, 2):
            expected = int(digits[:width])
            grades, rest = [], digits
            while rest and rest.startswith(str(expected)) and expected <= 12:
                grades.append(self._number(expected))
                rest, expected = rest[len(str(expected)) :], expected + 1
            if not rest and len(grades) > 1:
                return grades
        return []


def _plain(value: str) -> str:
    """The cell in one spelling: trimmed, small letters, one kind of dash; "???" if it is too long to be a grade."""
    if len(value) > _LONGEST:
        return "?" * 3
    text = (
        unicodedata.normalize("NFKC", value)
        .replace("\u2013", "-")
        .replace("\u2014", "-")
        .replace("\u2212", "-")
    )
    return " ".join(text.casefold().split())


def _squeezed(text: str) -> str:
    """Without spaces, dots, dashes and underscores, but only where letters make clear that it is no range."""
    return re.sub(r"[\s._-]", "", text) if re.search(r"[a-z]", text) else text


def _true(value: object) -> bool:
    return str(value).casefold() == "true"
