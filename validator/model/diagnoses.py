"""Diagnoses: causes behind many findings, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from validator.model.data_classes import dataclass
from validator.model.findings import Places
from validator.model.levels import Level, Owner, Step


@dataclass(frozen=True)
class DiagnosisText:
    """The words and the level of one kind of diagnosis, as rules/diagnosis/texts.yaml states them.

    `origin` tells how the damage comes about and in which systems; `recognized`, how it is proven.
    `levels` replaces `level` for the profiles that it names. `first` is True where it is fixed
    before everything else, since what was sent must not reach an app. `safe` is True where the
    inverse changes only the form of values, or ids that a second file proves one to one. `step` is
    what signing in requires of people that the damaged rows do not have, where no rule says so.
    """

    id: str
    title: str
    why: str
    origin: str
    recognized: str
    fix: str
    owner: Owner
    source: str
    level: Level
    levels: Mapping[str, Level] = field(default_factory=dict)
    first: bool = False
    safe: bool = False
    was: tuple[str, ...] = ()
    step: Step | None = None


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """One cause that explains findings: counted, never guessed.

    `file` and `column` name where the damage is, in the file's own words; `places` are the damaged
    cells or rows. `records` counts them; `people` counts the students, teachers and staff whom the
    explained findings hold back. `evidence` is one public sentence in numbers. `sure` is False for
    a possible cause, which explains nothing. `explains` holds the explained records of each rule:
    exactly those that vanish when the damage is undone. `levels` holds the level for each profile.
    `school`: the id of the one school that the cause is about, "" for none; it joins the evidence
    where anybody may see it. `by_school`: how many of the places each school has, by its id.
    `headed`: whether `column` is a heading, not the position of a column without one.
    """

    text: DiagnosisText
    table: str
    file: str
    column: str | None
    places: Sequence[Places]
    records: int
    people: int
    evidence: str
    sure: bool
    level: Level
    levels: Mapping[str, Level] = field(default_factory=dict)
    explains: Sequence[tuple[str, int]] = ()
    school: str = ""
    by_school: Mapping[str, int] = field(default_factory=dict)
    headed: bool = True

    @property
    def id(self) -> str:
        """The stable id of this kind of diagnosis."""
        return self.text.id

    def level_for(self, profile: str) -> Level:
        """Return the level for a profile."""
        return self.levels.get(profile, self.level)

    @property
    def mend(self) -> str | None:
        """The kind of repair that undoes the damage, None where no repair is safe."""
        return self.text.id if self.text.safe and self.sure else None
