"""Movements of records between two exports: who arrives, leaves, moves and changes."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.compare import explain, school_moves
from validator.compare.diff import Changes, Kind
from validator.compare.guard.memory import Seen
from validator.model import Places, dataclass


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
        """Count the records that moved between the last export and this one."""
        return self.places.count


def list_movements(between: Changes, seen: Seen | None) -> list[Movement]:
    """List all movements of records between the last export and this one, in order."""
    people = [
        movement
        for name in ("students", "teachers", "staff")
        for movement in _move_people(between, name, seen)
    ]
    return [
        *_come_and_go(between, "schools"),
        *people,
        *_lose_sections(between),
        *_come_and_go(between, "sections"),
        *_change_sections(between),
    ]


def _place_new(between: Changes, name: str, rows: np.ndarray) -> Places:
    """Return places in the new export; `rows`: row numbers or bool mask."""
    table = between.new.tables[name]
    numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
    return frame.place_rows(table, np.sort(numbers), table.key)


def _place_old(kind: Kind, rows: np.ndarray) -> Places:
    """Return the places of compared records in the last export."""
    return frame.place_previous(kind.old, rows)


PEOPLE = {
    "left": ("is gone", "are gone"),
    "joined": ("is new and gets an account", "are new and get accounts"),
    "returned": (
        "comes back: the account of an earlier night is used again",
        "come back: the accounts of earlier nights are used again",
    ),
    "new-id": (
        "comes back under a new id and loses the old account",
        "come back under new ids and lose the old accounts",
    ),
    "id-reused": (
        "has an id that was somebody else's, and would get that account",
        "have ids that were other people's, and would get those accounts",
    ),
    "moved": ("moves to another school", "move to another school"),
    "school-left": (
        "leaves one school and stays at another",
        "leave one school and stay at another",
    ),
    "school-joined": ("is at one more school", "are at one more school"),
    "school-given": ("had no school and has one now", "had no school and have one now"),
    "school-lost": ("has no school any more", "have no school any more"),
    "renamed": ("has a different name", "have different names"),
    "email": ("has a different e-mail address", "have different e-mail addresses"),
    "grade": ("is in a different grade", "are in a different grade"),
}
"""What happens to one person, and to several."""


def _move_people(between: Changes, name: str, seen: Seen | None) -> list[Movement]:
    """Return what happens to one kind of people."""
    kind = between.kind(name)
    if kind is None:
        return []

    def marked(mask: np.ndarray) -> Places:
        return _place_new(between, name, kind.now[mask])

    def changed(*columns: str) -> Places:
        return marked(explain.mark_changed(between, name, *columns))

    schools = school_moves.compare_schools(between, name)
    _, same = explain.match_people(between, name)
    joined = explain.list_joined(between, name)
    returned = seen.find(kind.new, joined) if seen else joined[:0]
    places = {
        "left": _place_old(kind, explain.list_left(between, name)),
        "joined": _place_new(between, name, np.setdiff1d(joined, returned)),
        "returned": _place_new(between, name, returned),
        "new-id": _place_new(between, name, same),
        "id-reused": marked(explain.mark_reused(between, name)),
        "moved": marked(school_moves.mark_moved(between, name)),
        "school-left": marked(schools.lost & ~schools.gained & schools.has),
        "school-joined": marked(schools.gained & ~schools.lost & schools.had),
        "school-given": marked(~schools.had & schools.has),
        "school-lost": marked(schools.had & ~schools.has),
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
        words = ("is no longer in any section", "are no longer in any section")
        places = _place_new(between, "students", rows)
        movements.append(Movement("students-without-sections", "students", *words, places))
    if teachers:
        every, some = explain.mark_losing_sections(between)
        words = ("loses every section", "lose every section")
        places = _place_new(between, "teachers", teachers.now[every])
        movements.append(Movement("teachers-lose-all", "teachers", *words, places))
        words = ("loses a section", "lose some of their sections")
        places = _place_new(between, "teachers", teachers.now[some])
        movements.append(Movement("teachers-lose-some", "teachers", *words, places))
    return movements


def _come_and_go(between: Changes, name: str) -> list[Movement]:
    """List the schools or sections that are gone or new since the last export."""
    kind = between.kind(name)
    if kind is None:
        return []
    return [
        Movement(f"{name}-left", name, "is gone", "are gone", _place_old(kind, kind.removed)),
        Movement(
            f"{name}-joined", name, "is new", "are new", _place_new(between, name, kind.added)
        ),
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
            "continues in another term under a new id",
            "continue in another term under new ids",
            _place_new(between, "sections", continued),
        ),
        Movement(
            "sections-id-reused",
            "sections",
            "keeps its id but is now a different course or term",
            "keep their ids but are now different courses or terms",
            _place_new(between, "sections", reused),
        ),
        Movement(
            "sections-teachers",
            "sections",
            "has different teachers",
            "have different teachers",
            _place_new(between, "sections", taught_by_others),
        ),
    ]
