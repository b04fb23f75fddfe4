"""Forecast the next sync: what happens to records, and which holds that would trip."""

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
"""Schools are listed if they lose over a tenth of their students and at least 5, by our own
measure."""


@dataclass(frozen=True)
class Movement:
    """Records of one kind to which the same thing happens, and where they are."""

    name: str
    kind: str
    says_one: str
    says_many: str
    places: Places

    @property
    def count(self) -> int:
        """The number of records."""
        return self.places.count


@dataclass(frozen=True)
class Hold:
    """A threshold for one kind of record. `held_by`: who holds the sync; `ways`: what counts."""

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
        """`stated` by a reliable source, `indirect`, or `settable`: a setting that is advised."""
        return str(self.rule.settings["confidence"])


@dataclass(frozen=True, eq=False)
class Forecast:
    """The effects of the next sync.

    `kinds`: name, before, after, added, removed, changed. `dropped`: tables that are gone.
    `schools`: id ("" if it may not be shown), students before, students gone. `cut_short`: per
    kind, records missing at a file's end. `report`: on the new export, without outcomes.
    `incomparable`: kinds that cannot be compared, and why.
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
    """Return what the next sync would do; `about`: a report on the new export, no outcomes."""
    after = between.new.all_tables
    kinds = between.kinds()
    cut_short = {kind.name: explain.count_cut_off(kind) for kind in kinds}
    return Forecast(
        kinds=[_count_kind(kind) for kind in kinds],
        movements=[movement for movement in _list_movements(between) if movement.count],
        holds=list_holds(between, profiles, phase),
        dropped=[
            name
            for name, table in between.old.all_tables.items()
            if len(table) and not (name in after and len(after[name]))
        ],
        schools=_list_schools(between, about),
        cut_short={name: count for name, count in cut_short.items() if count},
        report=about,
        phase=phase,
        incomparable=between.incomparable(),
    )


def _count_kind(kind: Kind) -> tuple[str, int, int, int, int, int]:
    """Return name, before, after, added, removed, changed."""
    changed = int(kind.changed.sum())
    return kind.name, kind.before, kind.after, len(kind.added), len(kind.removed), changed


def _list_schools(between: Changes, about: Report) -> list[tuple[str, int, int]]:
    """Return the schools that lose most students; "" for an id that may not be shown."""
    students = between.kind("students")
    losses = explain.count_lost_by_school(students) if students else []
    large = [
        (school, had, gone)
        for school, had, gone in losses
        if gone >= SCHOOL_LEAST and gone > SCHOOL_SHARE * had
    ][:MOST_SCHOOLS]
    public = public_values.shown(about, "school", [school for school, _, _ in large])
    return [(school if school in public else "", had, gone) for school, had, gone in large]


def list_holds(between: Changes, profiles: Sequence[Profile], phase: str) -> list[Hold]:
    """Return each threshold of the profiles for each kind of record, nearest first."""
    holds: dict[tuple[str, float, tuple[str, ...], str], Hold] = {}
    rules = [rule for profile in profiles for rule in profile.rules.values()]
    for rule in rules:
        if rule.check != CHECK:
            continue
        ways, held_by = tuple(rule.settings["ways"]), rule.settings["held_by"]
        later = rule.settings.get("when_year_turns", 0)
        limit = thresholds.choose_limit(rule.settings["share"], later, phase)
        for load in thresholds.measure_loads(between, ways):
            is_expected = phase == "rollover" and load.name in OF_A_TERM
            hold = Hold(held_by, ways, limit, load, rule, is_expected)
            holds.setdefault((held_by, limit, ways, load.name), hold)
    return sorted(holds.values(), key=lambda hold: (not hold.trips, -hold.load.share / hold.limit))


def _list_movements(between: Changes) -> list[Movement]:
    """Return everything that happens to records, in the order in which it is reported."""
    people = [
        movement
        for name in ("students", "teachers", "staff")
        for movement in _move_people(between, name)
    ]
    return [
        *_come_and_go(between, "schools"),
        *people,
        *_lose_sections(between),
        *_come_and_go(between, "sections"),
        *_change_sections(between),
    ]


def _new(between: Changes, name: str, rows: np.ndarray) -> Places:
    """Return places in the new export; `rows`: row numbers or bool mask."""
    table = between.new.tables[name]
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    return frame.place_rows(table, np.sort(numbers), table.key)


def _old(kind: Kind, rows: np.ndarray) -> Places:
    """Return places in the previous export."""
    table = kind.old
    keys = frame.take_text(table, table.key, rows)
    return Places("", f"{table.file} (previous)", table.lines[rows], keys=keys)


PEOPLE = {
    "left": ("is gone", "are gone"),
    "joined": ("is new and gets an account", "are new and get accounts"),
    "new-id": (
        "comes back under a new id and loses the old account",
        "come back under new ids and lose the old accounts",
    ),
    "id-reused": (
        "has an id that was somebody else's, and would get that account",
        "have ids that were other people's, and would get those accounts",
    ),
    "moved": ("moves to another school", "move to another school"),
    "renamed": ("has another name", "have other names"),
    "email": ("has another e-mail address", "have other e-mail addresses"),
    "grade": ("is in another grade", "are in another grade"),
}
"""What happens to one person, and to several."""


def _move_people(between: Changes, name: str) -> list[Movement]:
    """Return what happens to one kind of people."""
    kind = between.kind(name)
    if kind is None:
        return []

    def changed(*columns: str) -> Places:
        return _new(between, name, kind.now[explain.mark_changed(between, name, *columns)])

    _, same = explain.match_people(between, name)
    places = {
        "left": _old(kind, explain.list_left(between, name)),
        "joined": _new(between, name, explain.list_joined(between, name)),
        "new-id": _new(between, name, same),
        "id-reused": _new(between, name, kind.now[explain.mark_reused(between, name)]),
        "moved": changed("School_id"),
        "renamed": changed(*explain.NAME),
        "email": changed(explain.MAIL[name]),
        "grade": changed("Grade"),
    }
    return [
        Movement(f"{name}-{what}", name, *words, places[what]) for what, words in PEOPLE.items()
    ]


def _lose_sections(between: Changes) -> list[Movement]:
    """Return the students and teachers who lose their sections."""
    movements = []
    students, teachers = between.kind("students"), between.kind("teachers")
    if students:
        rows = students.now[explain.mark_without_sections(between)]
        words = ("is in no section any more", "are in no section any more")
        places = _new(between, "students", rows)
        movements.append(Movement("students-without-sections", "students", *words, places))
    if teachers:
        every, some = explain.mark_losing_sections(between)
        words = ("loses every section", "lose every section")
        places = _new(between, "teachers", teachers.now[every])
        movements.append(Movement("teachers-lose-all", "teachers", *words, places))
        words = ("loses a section", "lose some of their sections")
        places = _new(between, "teachers", teachers.now[some])
        movements.append(Movement("teachers-lose-some", "teachers", *words, places))
    return movements


def _come_and_go(between: Changes, name: str) -> list[Movement]:
    """Return the schools or sections that come and go."""
    kind = between.kind(name)
    if kind is None:
        return []
    return [
        Movement(f"{name}-left", name, "is gone", "are gone", _old(kind, kind.removed)),
        Movement(f"{name}-joined", name, "is new", "are new", _new(between, name, kind.added)),
    ]


def _change_sections(between: Changes) -> list[Movement]:
    """Return the sections that continue, or that changed."""
    kind = between.kind("sections")
    if kind is None:
        return []
    teachers = [column for column in kind.differs if column.startswith("Teacher_")]
    continued = explain.list_continuing(between)
    reused = kind.now[explain.mark_reused_sections(between)]
    taught_by_others = kind.now[explain.mark_changed(between, "sections", *teachers)]
    return [
        Movement(
            "sections-rolled-over",
            "sections",
            "goes on in another term under a new id",
            "go on in another term under new ids",
            _new(between, "sections", continued),
        ),
        Movement(
            "sections-id-reused",
            "sections",
            "keeps its id and is now another course or term",
            "keep their ids and are now other courses or terms",
            _new(between, "sections", reused),
        ),
        Movement(
            "sections-teachers",
            "sections",
            "has other teachers",
            "have other teachers",
            _new(between, "sections", taught_by_others),
        ),
    ]
