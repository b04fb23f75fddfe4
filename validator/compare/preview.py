"""The road from two exports to what the next sync would do: movements of records, and holds that they would trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from validator import frame
from validator.compare import explain, thresholds
from validator.compare.diff import Changes, Kind
from validator.compare.thresholds import OF_A_TERM, Load
from validator.model import Places, Profile, Report, Rule
from validator.privacy import public_values

CHECK = "changes.many"
"""The check whose rules are thresholds."""

MOST_SCHOOLS, SCHOOL_SHARE, SCHOOL_LEAST = 8, 0.10, 5
"""Schools told of by themselves: those that lose over a tenth of their students, and at least 5; our own measure."""


@dataclass(frozen=True)
class Movement:
    """Records of one kind to which one thing happens; `places` say where they stand."""

    name: str
    kind: str
    says_one: str
    says_many: str
    places: Places

    @property
    def count(self) -> int:
        """How many records."""
        return self.places.count


@dataclass(frozen=True)
class Hold:
    """One threshold of somebody's against one kind of record: `ways` are what counts towards it."""

    held_by: str
    ways: tuple[str, ...]
    limit: float
    load: Load
    rule: Rule
    expected: bool = False

    @property
    def trips(self) -> bool:
        """Whether the sync would be held."""
        return self.load.share > self.limit

    @property
    def left(self) -> int:
        """How many more records could be touched before it is held; below 0: how many too many."""
        return int(self.limit * self.load.of + 1e-9) - self.load.touched

    @property
    def confidence(self) -> str:
        """`stated` by somebody who must know, `indirect`, or `settable`: what is advised to set."""
        return str(self.rule.settings["confidence"])


@dataclass(frozen=True, eq=False)
class Forecast:
    """What the next sync would do. `kinds`: name, before, after, added, removed, changed; `report` is on the new export
    and holds no outcomes. `schools`: id ("" where it may not be shown), students before, students gone. `cut_short`:
    records missing at a file's end. `incomparable`: kinds that cannot be compared, and why.
    """

    kinds: Sequence[tuple[str, int, int, int, int, int]]
    movements: Sequence[Movement]
    holds: Sequence[Hold]
    dropped: Sequence[str]
    schools: Sequence[tuple[str, int, int]]
    cut_short: Mapping[str, int]
    report: Report
    phase: str = ""
    incomparable: Mapping[str, str] = field(default_factory=dict)


def forecast(
    between: Changes, profiles: Sequence[Profile], about: Report, *, phase: str = ""
) -> Forecast:
    """Return what the next sync would do; `about` is a report on the new export without outcomes."""
    before, after = between.old, between.new
    kinds = [
        (
            kind.name,
            kind.before,
            kind.after,
            len(kind.added),
            len(kind.removed),
            int(kind.changed.sum()),
        )
        for kind in between.kinds()
    ]
    cut = {
        kind.name: explain.cut_short(kind) for kind in between.kinds() if explain.cut_short(kind)
    }
    dropped = [
        name
        for name, table in before.tables.items()
        if len(table) and not (name in after.tables and len(after.tables[name]))
    ]
    students = between.kind("students")
    schools = [
        one
        for one in (explain.lost_by_school(students) if students else ())
        if one[2] >= SCHOOL_LEAST and one[2] > SCHOOL_SHARE * one[1]
    ][:MOST_SCHOOLS]
    seen = public_values.shown(about, "school", [school for school, _, _ in schools])
    return Forecast(
        kinds,
        [one for one in _movements(between) if one.count],
        holds(between, profiles, phase),
        dropped,
        [(school if school in seen else "", had, gone) for school, had, gone in schools],
        cut,
        about,
        phase,
        between.incomparable(),
    )


def holds(between: Changes, profiles: Sequence[Profile], phase: str) -> list[Hold]:
    """Every threshold of the profiles, each once, against every kind of record; nearest first."""
    found: dict[tuple[str, float, tuple[str, ...], str], Hold] = {}
    for profile in profiles:
        for rule in profile.rules.values():
            if rule.check == CHECK:
                ways, by = tuple(rule.settings["ways"]), rule.settings["held_by"]
                limit = thresholds.limit(
                    rule.settings["share"], rule.settings.get("when_year_turns", 0), phase
                )
                for load in thresholds.loads(between, ways):
                    found.setdefault(
                        (by, limit, ways, load.name),
                        Hold(
                            by,
                            ways,
                            limit,
                            load,
                            rule,
                            phase == "rollover" and load.name in OF_A_TERM,
                        ),
                    )
    return sorted(found.values(), key=lambda hold: (not hold.trips, -hold.load.share / hold.limit))


def _movements(between: Changes) -> list[Movement]:
    """Everything that happens to anybody, in the order in which it is told."""
    people = [one for name in ("students", "teachers", "staff") for one in _people(between, name)]
    return [
        *_things(between, "schools"),
        *people,
        *_lost_sections(between),
        *_things(between, "sections"),
        *_sections(between),
    ]


def _new(between: Changes, name: str, rows: np.ndarray) -> Places:
    table = between.new.tables[name]
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    return frame.place_rows(table, np.sort(numbers), table.key)


def _old(kind: Kind, rows: np.ndarray) -> Places:
    table = kind.old
    return Places(
        "",
        f"{table.file} (previous)",
        table.lines[rows],
        keys=frame.take_text(table, table.key, rows),
    )


def _people(between: Changes, name: str) -> list[Movement]:
    """What happens to one kind of people."""
    kind = between.kind(name)
    if kind is None:
        return []

    def stayed(mask: np.ndarray) -> Places:
        return _new(between, name, kind.now[mask])

    def other(*columns: str) -> Places:
        return stayed(explain.changed(between, name, *columns))

    same = explain.same_people(between, name)[1]
    found = [
        ("left", "is gone", "are gone", _old(kind, explain.left(between, name))),
        (
            "joined",
            "is new and gets an account",
            "are new and get accounts",
            _new(between, name, explain.joined(between, name)),
        ),
        (
            "new-id",
            "comes back under a new id and loses the old account",
            "come back under new ids and lose the old accounts",
            _new(between, name, same),
        ),
        (
            "id-reused",
            "has an id that was somebody else's, and would get that account",
            "have ids that were other people's, and would get those accounts",
            stayed(explain.reused(between, name)),
        ),
        ("moved", "moves to another school", "move to another school", other("School_id")),
        ("renamed", "has another name", "have other names", other(*explain.NAME)),
        (
            "email",
            "has another e-mail address",
            "have other e-mail addresses",
            other(explain.MAIL[name]),
        ),
        ("grade", "is in another grade", "are in another grade", other("Grade")),
    ]
    return [
        Movement(f"{name}-{what}", name, one, many, places) for what, one, many, places in found
    ]


def _lost_sections(between: Changes) -> list[Movement]:
    """Students and teachers who lose their sections."""
    found = []
    students, teachers = between.kind("students"), between.kind("teachers")
    if students:
        stranded = students.now[explain.without_sections(between)]
        found.append(
            Movement(
                "students-without-sections",
                "students",
                "is in no section any more",
                "are in no section any more",
                _new(between, "students", stranded),
            )
        )
    if teachers:
        every, some = explain.losing_sections(between)
        found += [
            Movement(
                "teachers-lose-all",
                "teachers",
                "loses every section",
                "lose every section",
                _new(between, "teachers", teachers.now[every]),
            ),
            Movement(
                "teachers-lose-some",
                "teachers",
                "loses a section",
                "lose some of their sections",
                _new(between, "teachers", teachers.now[some]),
            ),
        ]
    return found


def _things(between: Changes, name: str) -> list[Movement]:
    """Schools or sections that come and go."""
    kind = between.kind(name)
    if kind is None:
        return []
    return [
        Movement(f"{name}-left", name, "is gone", "are gone", _old(kind, kind.removed)),
        Movement(f"{name}-joined", name, "is new", "are new", _new(between, name, kind.added)),
    ]


def _sections(between: Changes) -> list[Movement]:
    """Sections that go on, or are not what they were."""
    kind = between.kind("sections")
    if kind is None:
        return []
    taught = [column for column in kind.differs if column.startswith("Teacher_")]
    return [
        Movement(
            "sections-rolled-over",
            "sections",
            "goes on in another term under a new id",
            "go on in another term under new ids",
            _new(between, "sections", explain.going_on(between)),
        ),
        Movement(
            "sections-id-reused",
            "sections",
            "keeps its id and is now another course or term",
            "keep their ids and are now other courses or terms",
            _new(between, "sections", kind.now[explain.sections_reused(between)]),
        ),
        Movement(
            "sections-teachers",
            "sections",
            "has other teachers",
            "have other teachers",
            _new(between, "sections", kind.now[explain.changed(between, "sections", *taught)]),
        ),
    ]
