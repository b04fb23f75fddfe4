"""The forecast of a first sync: accounts, e-mails and classes in each app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from validator.model.data_classes import dataclass
from validator.model.findings import Bound
from validator.model.rules import AppFact, finds_by_address


@dataclass(frozen=True)
class GradeRow:
    """Students of one grade. under, unknown: those below the app's age limit, and without a date.

    Numbers that would tell about few children are words in masked reports, such as `<10`. other:
    whether the app shows the grade as "Other".
    """

    grade: str
    students: int | Bound
    under: int | Bound
    unknown: int
    other: bool = False


@dataclass(frozen=True)
class ClassFigures:
    """Classes as they would appear: one per section.

    over, later: sections whose term is over, or has not begun. empty: without students.
    per_teacher: number of classes -> teachers with that number. same_students, groups: sections
    with nearly the same students as another section, and in how many groups. co_taught: sections
    with co-teachers; co_teachers: people who are co-teachers in any, never_primary: in all.
    """

    sections: int = 0
    over: int = 0
    later: int = 0
    empty: int = 0
    per_teacher: Mapping[int, int] = field(default_factory=dict)
    same_students: int = 0
    groups: int = 0
    co_taught: int = 0
    co_teachers: int = 0
    never_primary: int = 0


@dataclass(frozen=True)
class AppForecast:
    """The forecast for one app.

    facts: what the app does, as its pack states it. teachers: teacher accounts; without_address:
    of them, those whom no e-mail can reach; only_electives: those who teach only electives.
    students, without_section, students_without_address: student accounts, those in no section, and
    those without an e-mail address. administrators: None
    where the export has no staff. several_teachers: students in sections of several teachers.
    under, unknown: students below the app's age limit, and without a birth date. other_grades:
    students whose grade the app shows as "Other". Words where masked, as in GradeRow.
    licenses: how many there are, None where nobody said. left_out: kind of people -> how many are
    not counted, since the destination does not take their rows.
    """

    profile: str
    title: str
    facts: Mapping[str, AppFact]
    teachers: int
    without_address: int
    only_electives: int
    students: int
    without_section: int
    several_teachers: int
    administrators: int | None
    grades: Sequence[GradeRow]
    classes: ClassFigures
    under: int | Bound = 0
    unknown: int = 0
    other_grades: int | Bound = 0
    licenses: int | None = None
    students_without_address: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    def finds_by_address(self, kind: str) -> bool:
        """Return whether the app finds people of a kind by their e-mail address."""
        return finds_by_address(self.facts, kind)

    @property
    def mails(self) -> int | None:
        """Welcome e-mails that go out automatically; None where the app sends none."""
        if "teacher-mail" not in self.facts:
            return None
        return self.teachers - self.without_address

    @property
    def age(self) -> int | None:
        """The age below which accounts have fewer permissions; None where none is known."""
        fact = self.facts.get("under-age")
        return int(fact.value) if fact else None

    @property
    def licenses_left(self) -> int | None:
        """Licenses that nobody uses; below 0: how many are missing."""
        return None if self.licenses is None else self.licenses - self.students


@dataclass(frozen=True)
class KindMatch:
    """People of one kind, matched with the accounts that an app has already.

    by: `email` or `id`, what they were matched by: what the app finds them by, unless the list of
    accounts does not have it. is_settled: whether it has, so that second accounts are known.
    matched: have an account. new: get their first one. second: get another account, because the
    app does not recognize the one they have; the export's file, the line in it, and that of the
    account.
    """

    kind: str
    file: str
    by: str
    matched: int
    new: int
    second: Sequence[tuple[str, int, int]]
    is_settled: bool = True


@dataclass(frozen=True)
class AccountMatch:
    """The accounts of one app, matched with the people of an export.

    orphans: lines of the accounts whose owners are not in the export.
    """

    profile: str
    title: str
    file: str
    accounts: int
    kinds: Sequence[KindMatch]
    orphans: Sequence[int]
