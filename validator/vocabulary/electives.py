"""Electives: which classes are no lesson in a core subject, how surely, and by which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from validator.vocabulary.course_titles import Reading, Wording, folded

_SCED = re.compile(r"(\d{5})([A-Z]\d.*)?", re.ASCII)


@dataclass(frozen=True)
class Verdict:
    """Why a class is taken for an elective: category, confidence (0 to 1) as `level` too, and the words, all public."""

    category: str
    confidence: float
    level: str
    because: tuple[str, ...]

    @property
    def words(self) -> str:
        """The deciding words as one public text."""
        return ", ".join(self.because)


@dataclass(frozen=True)
class Code:
    """What a course code says: a category or an academic area, and whether its form leaves no doubt that it is SCED."""

    category: str
    academic: bool
    certain: bool


@dataclass(frozen=True)
class Electives:
    """The vocabulary of electives, ready to judge; see rules/vocabulary/electives.yaml for how it judges."""

    wording: Wording
    weights: Mapping[str, float]
    levels: Mapping[str, float]
    report: float
    subjects: Mapping[str, Reading]
    departments: Mapping[str, Reading]
    codes: Mapping[str, Any]

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Electives:
        """The vocabulary as rules/vocabulary/electives.yaml tells it."""
        weights = {str(name): float(value) for name, value in data["weights"].items()}
        decides = data["subjects"]["decides"]
        departments = {
            str(key): texts for key, texts in data["departments"].items() if key != "leaning"
        }
        return cls(
            wording=Wording.load(data),
            weights=weights,
            levels={str(name): float(value) for name, value in data["levels"].items()},
            report=float(data["report"]),
            subjects=_listed(data["subjects"], decides, weights["subject"]),
            departments=_listed(data["departments"], departments, weights["department"]),
            codes=_codes(data["codes"]),
        )

    def judge(
        self,
        titles: Sequence[str],
        subjects: Sequence[str] = (),
        codes: Sequence[str] = (),
        *,
        departments: Sequence[str] = (),
        accept: Iterable[str] = (),
        reject: Iterable[str] = (),
    ) -> list[Verdict | None]:
        """One verdict per title, None for an academic class; give distinct combinations, lists of one length.

        `subjects`, `codes` (course codes) and `departments` may be left out. `accept` and `reject` are the district's
        own lists of course titles; they win over everything else.
        """
        read, subject_of, department_of = map(
            cache, (self.wording.read, self._subject, self._department)
        )
        readings = [read(title) for title in titles]
        coded = self._coded(readings, codes or [""] * len(titles))
        accepted, rejected = (
            {folded(title) for title in accept},
            {folded(title) for title in reject},
        )
        verdicts: list[Verdict | None] = []
        for row, (title, reading) in enumerate(zip(titles, readings, strict=True)):
            subject = subject_of(subjects[row] if subjects else "")
            department = department_of(departments[row] if departments else "")
            verdict = self._weigh(reading, subject, department, coded[row])
            if accepted and folded(title) in accepted:
                verdict = None
            elif rejected and folded(title) in rejected:
                category = verdict.category if verdict else "other-elective"
                verdict = Verdict(category, 1.0, "high", ("the district's own list",))
            verdicts.append(verdict)
        return verdicts

    def _subject(self, text: str) -> Reading:
        known = self.subjects.get(folded(text))
        return known if known is not None else self._worded(text, "subject_words")

    def _department(self, text: str) -> Reading:
        known = self.departments.get(folded(text))
        return known if known is not None else self._worded(text, "department")

    def _worded(self, text: str, weight: str) -> Reading:
        """What a subject or department outside the lists says by its words."""
        reading = self.wording.read(text) if text else Reading()
        weak = self.weights["weak"]
        found = {
            name: (self.weights[weight], shown)
            for name, (worth, shown) in reading.found.items()
            if worth >= weak
        }
        return Reading(found, reading.academic)

    def _coded(self, readings: Sequence[Reading], codes: Sequence[str]) -> list[Code | None]:
        """What each course code says; plain five digits only if they do not contradict the titles of this export."""
        coded = list(map(cache(self._code), codes))
        compared = contradicted = 0
        for code, reading in zip(coded, readings, strict=True):
            if code is None or code.certain or not (reading.found or reading.academic):
                continue
            compared += 1
            contradicted += code.academic == bool(reading.found)
        if contradicted <= compared * self.codes["doubt"]:
            return coded
        return [code if code and code.certain else None for code in coded]

    def _code(self, text: str) -> Code | None:
        match = _SCED.fullmatch(text.strip().upper())
        if match is None or match[1] in self.codes["exceptions"]:
            return None
        category = self.codes["courses"].get(match[1]) or self.codes["areas"].get(match[1][:2], "")
        academic = match[1][:2] in self.codes["academic"]
        return Code(category, academic, match[2] is not None) if category or academic else None

    def _weigh(
        self, title: Reading, subject: Reading, department: Reading, code: Code | None
    ) -> Verdict | None:
        """All evidence together."""
        doubts: dict[str, float] = {}
        because: dict[str, list[str]] = {}

        def add(category: str, weight: float, words: str) -> None:
            doubts[category] = doubts.get(category, 1.0) * (1 - weight)
            because.setdefault(category, []).append(words)

        for category, (weight, shown) in title.found.items():
            add(category, weight, f"`{shown}` in the title")
        for category, (weight, shown) in subject.found.items():
            add(category, weight, f"subject `{shown}`")
        for category, (weight, shown) in department.found.items():
            add(category, weight, f"department `{shown}`")
        if code and code.category:
            add(code.category, self.weights["code"], "course code (SCED)")
        if not doubts:
            return None
        category = min(doubts, key=lambda c: doubts[c])
        if title.academic and not title.found:
            words = (*because[category], f"but `{title.academic}` in the title")
            return (
                self._verdict(category, self.weights["outvoted"], words) if subject.found else None
            )
        opposed = (
            subject.academic
            or department.academic
            or ("a core course code" if code and code.academic else "")
        )
        if opposed:
            named = title.found.get(category, (0.0, ""))[0] >= self.weights["plain"] or bool(
                subject.found
            )
            words = (
                *because[category],
                f"but `{opposed}`" if subject.academic else f"but {opposed}",
            )
            return self._verdict(category, self.weights["against"], words) if named else None
        if subject.leaning or department.leaning:
            add(category, self.weights["leaning"], f"`{subject.leaning or department.leaning}`")
        confidence = round(1 - doubts[category], 2)
        return (
            self._verdict(category, confidence, tuple(because[category]))
            if confidence >= self.report
            else None
        )

    def _verdict(self, category: str, confidence: float, words: tuple[str, ...]) -> Verdict:
        level = next((name for name, least in self.levels.items() if confidence >= least), "low")
        return Verdict(category, confidence, level, words)


def _listed(
    lists: Mapping[str, Any], decides: Mapping[str, Any], weight: float
) -> dict[str, Reading]:
    """What each listed subject or department says, by its folded text."""
    known = {folded(text): Reading(leaning=str(text)) for text in lists.get("leaning", ())}
    known |= {folded(text): Reading(academic=str(text)) for text in lists.get("academic", ())}
    for category, texts in decides.items():
        known |= {folded(text): Reading({str(category): (weight, str(text))}) for text in texts}
    return known


def _codes(data: Mapping[str, Any]) -> dict[str, Any]:
    def turned(by_category: Mapping[str, Any]) -> dict[str, str]:
        return {
            str(code): str(category) for category, codes in by_category.items() for code in codes
        }

    return {
        "areas": turned(data["areas"]),
        "courses": turned(data["courses"]),
        "doubt": float(data["doubt"]),
        "academic": frozenset(map(str, data["academic"])),
        "exceptions": frozenset(map(str, data["exceptions"])),
    }
