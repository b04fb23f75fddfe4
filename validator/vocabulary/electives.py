"""Electives: which sections do not teach a core subject, how surely, and by which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import Any

from validator.model import dataclass
from validator.vocabulary.course_titles import ElectiveWords, Reading, normalize_title

_SCED = re.compile(r"(\d{5})([A-Z]\d.*)?", re.ASCII)


@dataclass(frozen=True)
class Verdict:
    """Why a section counts as an elective.

    confidence: 0 to 1. level: the same in words. because: the deciding words. All are public.
    """

    category: str
    confidence: float
    level: str
    because: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return the words of a course title that decide about an elective, as one public text."""
        return ", ".join(self.because)


@dataclass(frozen=True)
class Code:
    """The meaning of a course code: its category, or that it is academic.

    certain: whether its form proves that it is a SCED code.
    """

    category: str
    academic: bool
    certain: bool


@dataclass(frozen=True)
class _Evidence:
    """Everything that is known about one section."""

    title: Reading
    subject: Reading
    department: Reading
    code: Code | None


@dataclass
class _Doubts:
    """Per category, the probability that the section is none of it, and the words that say so."""

    remaining: dict[str, float] = field(default_factory=dict)
    because: dict[str, list[str]] = field(default_factory=dict)

    def add(self, category: str, weight: float, words: str) -> None:
        """Add one sign of an elective."""
        self.remaining[category] = self.remaining.get(category, 1.0) * (1 - weight)
        self.because.setdefault(category, []).append(words)

    def find_strongest(self) -> str | None:
        """Return the category of electives with the strongest signs, None without any."""
        if not self.remaining:
            return None
        return min(self.remaining, key=lambda category: self.remaining[category])


@dataclass(frozen=True)
class Electives:
    """The vocabulary of electives; rules/vocabulary/electives.yaml explains how it decides."""

    wording: ElectiveWords
    weights: Mapping[str, float]
    levels: Mapping[str, float]
    report: float
    subjects: Mapping[str, Reading]
    departments: Mapping[str, Reading]
    codes: Mapping[str, Any]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Electives:
        """The vocabulary in rules/vocabulary/electives.yaml."""
        weights = {str(name): float(value) for name, value in data["weights"].items()}
        decides = data["subjects"]["decides"]
        departments = {
            str(key): texts for key, texts in data["departments"].items() if key != "leaning"
        }
        return cls(
            wording=ElectiveWords.parse(data),
            weights=weights,
            levels={str(name): float(value) for name, value in data["levels"].items()},
            report=float(data["report"]),
            subjects=_read_list(data["subjects"], decides, weights["subject"]),
            departments=_read_list(data["departments"], departments, weights["department"]),
            codes=_read_code_lists(data["codes"]),
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
        """One verdict per title, None for a core subject.

        Pass distinct combinations, as lists of one length; `subjects`, `codes` (course codes) and
        `departments` may be empty. `accept` and `reject` are the district's own lists of course
        titles, and override everything else.
        """
        read, subject_of, department_of = map(
            cache, (self.wording.read, self._read_subject, self._read_department)
        )
        readings = [read(title) for title in titles]
        read_codes = self._read_codes(readings, codes or [""] * len(titles))
        accepted = {normalize_title(title) for title in accept}
        rejected = {normalize_title(title) for title in reject}
        verdicts: list[Verdict | None] = []
        for row, (title, reading) in enumerate(zip(titles, readings, strict=True)):
            subject = subject_of(subjects[row] if subjects else "")
            department = department_of(departments[row] if departments else "")
            verdict = self._weigh(_Evidence(reading, subject, department, read_codes[row]))
            if accepted and normalize_title(title) in accepted:
                verdict = None
            elif rejected and normalize_title(title) in rejected:
                category = verdict.category if verdict else "other-elective"
                verdict = Verdict(category, 1.0, "high", ("the district's own list",))
            verdicts.append(verdict)
        return verdicts

    def _read_subject(self, text: str) -> Reading:
        """Read a subject with the vocabulary of electives."""
        known = self.subjects.get(normalize_title(text))
        if known is not None:
            return known
        return self._read_words(text, "subject_words")

    def _read_department(self, text: str) -> Reading:
        """Read a department with the vocabulary of electives."""
        known = self.departments.get(normalize_title(text))
        if known is not None:
            return known
        return self._read_words(text, "department")

    def _read_words(self, text: str, weight: str) -> Reading:
        """The words of a subject or department that is in no list."""
        reading = self.wording.read(text) if text else Reading()
        weak = self.weights["weak"]
        signals = {
            name: (self.weights[weight], shown)
            for name, (worth, shown) in reading.signals.items()
            if worth >= weak
        }
        return Reading(signals, reading.academic)

    def _read_codes(self, readings: Sequence[Reading], codes: Sequence[str]) -> list[Code | None]:
        """The meaning of each course code.

        Plain five-digit codes count only if they agree with the titles of this export.
        """
        read = list(map(cache(self._read_code), codes))
        compared = contradicted = 0
        for code, reading in zip(read, readings, strict=True):
            if code is None or code.certain or not (reading.signals or reading.academic):
                continue
            compared += 1
            contradicted += code.academic == bool(reading.signals)
        if contradicted <= compared * self.codes["doubt"]:
            return read
        return [code if code and code.certain else None for code in read]

    def _read_code(self, text: str) -> Code | None:
        """Read a course code with the vocabulary of electives, None for unknown ones."""
        match = _SCED.fullmatch(text.strip().upper())
        if match is None or match[1] in self.codes["exceptions"]:
            return None
        category = self.codes["courses"].get(match[1]) or self.codes["areas"].get(match[1][:2], "")
        academic = match[1][:2] in self.codes["academic"]
        if not category and not academic:
            return None
        return Code(category, academic, certain=match[2] is not None)

    def _weigh(self, evidence: _Evidence) -> Verdict | None:
        """The verdict on all evidence about a section, None if it is not an elective."""
        title, subject, department = evidence.title, evidence.subject, evidence.department
        doubts = self._collect_doubts(evidence)
        category = doubts.find_strongest()
        if category is None:
            return None
        because = doubts.because[category]
        if title.academic and not title.signals:
            if not subject.signals:
                return None
            words = (*because, f"but `{title.academic}` in the title")
            return self._build_verdict(category, self.weights["outvoted"], words)
        academic_code = "a core course code" if evidence.code and evidence.code.academic else ""
        opposed = subject.academic or department.academic or academic_code
        if opposed:
            in_title = title.signals.get(category, (0.0, ""))[0] >= self.weights["plain"]
            if not in_title and not subject.signals:
                return None
            words = (*because, f"but `{opposed}`" if subject.academic else f"but {opposed}")
            return self._build_verdict(category, self.weights["against"], words)
        if subject.leaning or department.leaning:
            words_leaning = f"`{subject.leaning or department.leaning}`"
            doubts.add(category, self.weights["leaning"], words_leaning)
        confidence = round(1 - doubts.remaining[category], 2)
        if confidence < self.report:
            return None
        return self._build_verdict(category, confidence, tuple(doubts.because[category]))

    def _collect_doubts(self, evidence: _Evidence) -> _Doubts:
        """The signs of an elective in all evidence, by category."""
        doubts = _Doubts()
        for category, (weight, shown) in evidence.title.signals.items():
            doubts.add(category, weight, f"`{shown}` in the title")
        for category, (weight, shown) in evidence.subject.signals.items():
            doubts.add(category, weight, f"subject `{shown}`")
        for category, (weight, shown) in evidence.department.signals.items():
            doubts.add(category, weight, f"department `{shown}`")
        if evidence.code and evidence.code.category:
            doubts.add(evidence.code.category, self.weights["code"], "course code (SCED)")
        return doubts

    def _build_verdict(self, category: str, confidence: float, words: tuple[str, ...]) -> Verdict:
        """Build the verdict on an elective: its category, confidence and words."""
        level = next((name for name, least in self.levels.items() if confidence >= least), "low")
        return Verdict(category, confidence, level, words)


def _read_list(
    lists: Mapping[str, Any], decides: Mapping[str, Any], weight: float
) -> dict[str, Reading]:
    """The meaning of each listed subject or department, by its normalized text."""
    known = {normalize_title(text): Reading(leaning=str(text)) for text in lists.get("leaning", ())}
    known |= {
        normalize_title(text): Reading(academic=str(text)) for text in lists.get("academic", ())
    }
    for category, texts in decides.items():
        known |= {
            normalize_title(text): Reading({str(category): (weight, str(text))}) for text in texts
        }
    return known


def _read_code_lists(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read the lists of course codes for the vocabulary of electives."""

    def invert(by_category: Mapping[str, Any]) -> dict[str, str]:
        return {
            str(code): str(category) for category, codes in by_category.items() for code in codes
        }

    return {
        "areas": invert(data["areas"]),
        "courses": invert(data["courses"]),
        "doubt": float(data["doubt"]),
        "academic": frozenset(map(str, data["academic"])),
        "exceptions": frozenset(map(str, data["exceptions"])),
    }
