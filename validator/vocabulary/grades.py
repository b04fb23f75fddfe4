"""Grades: the vocabulary that turns cells of a grade column into canonical grades."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from validator.model import dataclass
from validator.text import PLAIN_DASHES

UNKNOWN = "?"
HIGHEST = 13
"""The highest grade that is a number."""

_NUMBER = re.compile(r"(-?)0*(\d{1,2})(?:\.0*)?", re.ASCII)
_ORDINAL = re.compile(r"0*(\d{1,2})(?:st|nd|rd|th)", re.ASCII)
_LABEL = re.compile(
    r"^(?:grades?|grd|gr|g)[\s.:_-]*(?=[0-9k])|[\s.:_-]*(?:grade|gr|grd)[\s.]*$", re.ASCII
)
_RANGE = re.compile(r"(.*?[^\s-])\s*(?:-|\bto\b|\bthrough\b|\bthru\b)\s*([^\s-].*)")
_LIST = re.compile(r"\s*(?:[,;/&|+]|\band\b)\s*")
_LONGEST = 80
"""Characters; longer cells are not grades."""


@dataclass(frozen=True)
class Grades:
    """The grade vocabulary.

    order: canonical grades, ascending. spellings: normalized spelling -> grade.
    ambiguous: spelling -> format of the export -> grade. numbers: number -> grade.
    k12: grades from kindergarten to grade 12. ages: grade -> usual age on September 1.
    source: the format of the export, which decides what ambiguous spellings mean.
    guesses: normalized spellings that no source documents.
    """

    order: tuple[str, ...]
    spellings: Mapping[str, str]
    ambiguous: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, str]
    k12: frozenset[str]
    ages: Mapping[str, int]
    source: str = ""
    guesses: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Grades:
        """The vocabulary in rules/vocabulary/grades.yaml."""
        entries = {str(name): entry for name, entry in data["grades"].items()}
        spellings = {_squeeze(_normalize(name)): name for name in entries}
        for name, entry in entries.items():
            for spelling in [*entry.get("spellings", ()), *entry.get("guesses", ())]:
                spellings[_squeeze(_normalize(str(spelling)))] = name
        return cls(
            order=tuple(entries),
            spellings=spellings,
            ambiguous={
                _normalize(str(key)): dict(grades)
                for key, grades in data.get("ambiguous", {}).items()
            },
            numbers={str(number): str(grade) for number, grade in data["numbers"].items()},
            k12=frozenset(name for name, entry in entries.items() if _is_true(entry.get("k12"))),
            ages={name: int(entry["age"]) for name, entry in entries.items() if "age" in entry},
            guesses=frozenset(
                _squeeze(_normalize(str(spelling)))
                for entry in entries.values()
                for spelling in entry.get("guesses", ())
            ),
        )

    def to_canonical(self, values: Sequence[str], *, source: str = "") -> list[str]:
        """The canonical grade (Clever's name) of each value; "" for blanks, "?" for unknown ones.

        `source`: replaces the vocabulary's own `source`.
        """
        return [self._parse(value, source or self.source) for value in values]

    def to_comparable(self, values: Sequence[str]) -> list[str]:
        """The canonical grade of each value as others are compared with it.

        "?" for unknown ones and for numbers below zero, whose reading is a guess.
        """
        pairs = zip(values, self.to_canonical(values), strict=True)
        return [UNKNOWN if is_below_zero(value) else grade for value, grade in pairs]

    def parse_several(self, value: str, *, source: str = "") -> list[str]:
        """All grades of a section's cell, ascending; [] for a blank, ["?"] if a part is unknown.

        Accepts one grade, ranges (3-5), lists (K,1,2) and PowerSchool's joined digits (345).
        """
        text, source = _normalize(value), source or self.source
        if not text:
            return []
        grades: set[str] = set()
        parts = _LIST.split(text) if self._parse(text, source) == UNKNOWN else [text]
        for part in filter(None, parts):
            part_grades = self._parse_part(part, source)
            if not part_grades:
                return [UNKNOWN]
            grades.update(part_grades)
        return sorted(grades, key=self.order.index) or [UNKNOWN]

    def is_documented(self, value: str) -> bool:
        """Whether a source documents what this spelling of one grade means."""
        text = _normalize(value)
        if text in self.ambiguous or self._parse(text, self.source) in ("", UNKNOWN):
            return False
        bare = _LABEL.sub("", text) or text
        if number := _NUMBER.fullmatch(bare):
            return not number[1] and int(number[2]) <= HIGHEST
        return not self.guesses & {_squeeze(text), _squeeze(bare)}

    def is_k12(self, canonical: str) -> bool:
        """Whether this grade is from kindergarten to grade 12."""
        return canonical in self.k12

    def get_age(self, canonical: str) -> int | None:
        """Return the usual age in a grade on September 1, None if there is none."""
        return self.ages.get(canonical)

    def _parse(self, value: str, source: str) -> str:
        """The canonical grade of one value, "" or "?"."""
        text = _normalize(value)
        if not text:
            return ""
        if text in self.ambiguous:
            return self.ambiguous[text].get(source, UNKNOWN)
        bare = _LABEL.sub("", text) or text
        if number := _NUMBER.fullmatch(bare):
            return self._parse_number(int(number[1] + number[2]))
        if ordinal := _ORDINAL.fullmatch(bare):
            return self._parse_number(int(ordinal[1]))
        for spelling in (text, bare):
            if grade := self.spellings.get(_squeeze(spelling)):
                return grade
        return UNKNOWN

    def _parse_number(self, number: int) -> str:
        """The grade of a whole number."""
        if str(number) in self.numbers:
            return self.numbers[str(number)]
        if str(number) in self.order:
            return str(number)
        if number < 0:
            return self.numbers.get("below", UNKNOWN)
        if number <= int(self.numbers.get("highest", 0)):
            return self.numbers.get("above", UNKNOWN)
        return UNKNOWN

    def _parse_part(self, text: str, source: str) -> list[str]:
        """The grades of one part of a section's cell; [] if it is not recognized."""
        if ends := _RANGE.fullmatch(text):
            low, high = (self._parse(end, source) for end in ends.groups())
            if low in self.order and high in self.order:
                return self._list_range(low, high)
        grade = self._parse(text, source)
        if grade not in ("", UNKNOWN):
            return [grade]
        bare = _LABEL.sub("", text).replace(" ", "")
        return self._split_digits(bare)

    def _list_range(self, low: str, high: str) -> list[str]:
        """The grades from low to high."""
        first, last = self.order.index(low), self.order.index(high)
        # A range includes transitional kindergarten only if it starts or ends with it.
        return [
            grade
            for grade in self.order[first : last + 1]
            if grade in (low, high) or grade != "TransitionalKindergarten"
        ]

    def _split_digits(self, digits: str) -> list[str]:
        """Split grades without separators, such as 345 or 1112; [] for anything else."""
        if not re.fullmatch(r"\d{2,20}", digits, re.ASCII):
            return []
        for width in (1, 2):
            expected = int(digits[:width])
            grades, rest = [], digits
            while rest and rest.startswith(str(expected)) and expected <= 12:
                grades.append(self._parse_number(expected))
                rest = rest[len(str(expected)) :]
                expected += 1
            if not rest and len(grades) > 1:
                return grades
        return []


def is_below_zero(value: str) -> bool:
    """Whether a grade is a number below zero, one system's code for grades before kindergarten."""
    number = _NUMBER.fullmatch(_normalize(value))
    return number is not None and bool(number[1]) and int(number[2]) > 0


def _normalize(value: str) -> str:
    """Normalize a grade: lower case with single blanks and hyphens; "???" if it is too long.

    Of an Ed-Fi descriptor, such as `uri://ed-fi.org/GradeLevelDescriptor#Fifth grade`, the value.
    """
    if value.startswith("uri:"):
        value = value.rpartition("#")[2]
    if len(value) > _LONGEST:
        return "???"
    text = unicodedata.normalize("NFKC", value).translate(PLAIN_DASHES)
    return " ".join(text.casefold().split())


def _squeeze(text: str) -> str:
    """Return a grade's text without blanks, dots, hyphens; unchanged if it may be a range."""
    if not re.search(r"[a-z]", text):
        return text
    return re.sub(r"[\s._-]", "", text)


def _is_true(value: object) -> bool:
    """Return whether an entry of the vocabulary of grades is marked true."""
    return str(value).casefold() == "true"
