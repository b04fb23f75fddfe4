"""Compare the SIS export, Clever's data download and an app's list of one district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from validator import __version__
from validator.assess import faults
from validator.assess.app_list import read_app_list
from validator.assess.inputs import load_column_map, load_sharing
from validator.assess.options import Options, Progress
from validator.compare.reconcile import differences, link, notes, reasons
from validator.compare.reconcile.linked import Linked
from validator.compare.reconcile.lists import KINDS, Listing, build_listing
from validator.compare.reconcile.reasons import Causes, Losses
from validator.compare.reconcile.result import ListSummary, Reconciliation
from validator.ingest import memory, read
from validator.ingest.mapping.app_list import AppList
from validator.ingest.normalize.assignments import leave_out_ended
from validator.model import CannotRead, Export, Rule, Table, dataclass
from validator.rulebook import load
from validator.sharing import apply
from validator.vocabulary.grades import Grades

LEAST_KNOWN = 0.5
"""Share of the teachers or sections in an app's list that the district must have, or else the
column holds something else. Our own measure."""


SEVERAL = 1.1
"""Enrollments per student from which students have several sections; our own measure."""

LEAST_OF_ALL = 0.2
"""Share of the district's teachers that must be in a list of students and teachers where nothing
says who is a teacher. Our own measure."""


@dataclass(frozen=True, kw_only=True)
class ReconcileOptions:
    """The lists to compare, and how to read them.

    check: how the exports are read and judged (`columns`, `profiles`, `sharing`, `as_of`). clever:
    Clever's data download; nothing where there is none. app_columns: the column map of the app's
    list, where its columns are not recognized.
    """

    check: Options
    sis: Sequence[Path]
    app: Path
    clever: Sequence[Path] = ()
    app_columns: str | Path | None = None


def reconcile(options: ReconcileOptions, *, progress: Progress | None = None) -> Reconciliation:
    """The library call behind `reconcile`: who is in which list, where somebody was lost, and why.

    Raises BadUsage and CannotRead.
    """
    check = options.check
    layout, app_layout = load_column_map(check.columns), load_column_map(options.app_columns)
    grades, _ = load.load_vocabulary()
    faults.check_profiles(check)
    if check.sharing:
        load_sharing(check.sharing, grades)
    memory.check_memory([*options.sis, *options.clever, options.app], check.memory_limit)
    exports = {"sis": read.read_export(options.sis, check.format, progress, columns=layout)}
    if options.clever:
        exports["clever"] = read.read_export(options.clever, progress=progress)
    exports = {name: leave_out_ended(export, check.as_of) for name, export in exports.items()}
    if not set(KINDS) & exports["sis"].tables.keys():
        raise CannotRead("The SIS export has no students, no teachers and no sections.")
    surest = list(exports.values())[::-1]
    app = read_app_list(options.app, surest, grades, columns=app_layout)
    if progress:
        progress("comparing", 0.8)
    return _Comparison(exports, app, check=check, grades=grades).run()


class _Comparison:
    """Compares the lists kind by kind."""

    def __init__(
        self, exports: Mapping[str, Export], app: AppList, *, check: Options, grades: Grades
    ) -> None:
        self.exports, self.app, self.check, self.grades = exports, app, check, grades
        self.notes: list[str] = []
        self.rules: dict[str, Rule] = {}
        self.lists = {kind: self._list_kind(kind) for kind in KINDS}

    def run(self) -> Reconciliation:
        """Run the library call `reconcile`: link the inputs, judge losses, report the result."""
        linked = {
            kind: link.link(kind, lists) for kind, lists in self.lists.items() if "sis" in lists
        }
        linked = {kind: self._leave_out_strangers(each, linked) for kind, each in linked.items()}
        linked = {kind: self._check_app(each) for kind, each in linked.items()}
        compared = {kind: differences.compare(each) for kind, each in linked.items()}
        self.notes += notes.list_left_out(compared, self.app.guessed)
        named = self._find_faults(linked)
        losses = {
            kind: reasons.explain(each, compared[kind], self._list_causes(each, named))
            for kind, each in linked.items()
        }
        return Reconciliation(
            self._summarize(linked),
            losses,
            self.rules,
            self.check.as_of,
            __version__,
            self.check.generated_at,
            self.notes,
            self.app.columns,
        )

    def _list_kind(self, kind: str) -> dict[str, Listing]:
        """Return the inputs of the library call `reconcile` that have a kind, as lists."""
        tables: dict[str, tuple[Table, str]] = {
            name: (export.tables[kind], export.format)
            for name, export in self.exports.items()
            if kind in export.tables and export.tables[kind].has(export.tables[kind].key)
        }
        if kind in self.app.tables:
            tables["app"] = self.app.tables[kind], ""
        return {
            name: build_listing(name, table, replace(self.grades, source=source))
            for name, (table, source) in tables.items()
        }

    def _leave_out_strangers(self, linked: Linked, every: Mapping[str, Linked]) -> Linked:
        """Leave out people whom other inputs of the call `reconcile` have as another kind."""
        if "app" not in linked.lists or linked.kind == "sections":
            return linked
        extra = linked.is_in("app") & ~linked.is_in("sis") & ~linked.is_in("clever")
        if not extra.any():
            return linked
        if self.app.mixed and linked.kind == "teachers":
            return linked.choose(~extra)
        app, places = linked.lists["app"], linked.at["app"]
        others = self._list_other_lines(linked.kind, every)
        stranger = np.isin(app.lines, others) | self._mark_staff(app)
        return linked.choose(~(extra & np.append(stranger, False)[places]))

    def _mark_staff(self, app: Listing) -> np.ndarray:
        """Mark the app's accounts that belong to staff in the inputs of the call `reconcile`."""
        mask = np.zeros(len(app), bool)
        for export in self.exports.values():
            staff = export.tables.get("staff")
            if staff is not None and staff.has(staff.key):
                mask |= link.mark_owned(build_listing("staff", staff, self.grades), app)
        return mask

    def _check_app(self, linked: Linked) -> Linked:
        """Leave out the app from the library call `reconcile`, if its list has other people."""
        if "app" not in linked.lists:
            return linked
        in_app = linked.is_in("app")
        if self._names_some_only(linked):
            self.notes.append(notes.describe_one_row(linked.kind))
            return self._link_without_app(linked)
        count = int(in_app.sum())
        known = in_app & (linked.is_in("sis") | linked.is_in("clever"))
        is_mixed = self.app.mixed and linked.kind == "teachers"
        if is_mixed and known.sum() < LEAST_OF_ALL * linked.is_in("sis").sum():
            known[:] = False
        if count and known.sum() >= LEAST_KNOWN * count:
            return linked
        is_compared = linked.kind == "students" and bool(known.any())
        self.notes.append(notes.describe_strangers(linked.kind, count, is_compared=is_compared))
        if linked.kind == "students":
            return linked
        return self._link_without_app(linked)

    def _names_some_only(self, linked: Linked) -> bool:
        """Whether the input of the app names one of several teachers or sections of a student."""
        if linked.kind == "students" or not self.app.one_each:
            return False
        tables = self.exports["sis"].tables
        places, students = tables.get("enrollments"), self.lists["students"]["sis"]
        several = places is not None and len(places) > SEVERAL * len(students)
        return several and bool((linked.is_in("sis") & ~linked.is_in("app")).any())

    def _link_without_app(self, linked: Linked) -> Linked:
        """Link the inputs of a kind again, without the app."""
        lists = {name: each for name, each in linked.lists.items() if name != "app"}
        self.lists[linked.kind] = lists
        return link.link(linked.kind, lists)

    def _list_other_lines(self, kind: str, every: Mapping[str, Linked]) -> np.ndarray:
        """Return an input's lines, of the app's list, that the library call links elsewhere."""
        lines = [np.zeros(0, np.int32)]
        for other, linked in every.items():
            if other != kind and other != "sections" and "app" in linked.lists and self.app.mixed:
                known = linked.is_in("app") & (linked.is_in("sis") | linked.is_in("clever"))
                lines.append(linked.lists["app"].lines[linked.at["app"][known]])
        return np.concatenate(lines)

    def _find_faults(self, linked: Mapping[str, Linked]) -> dict[str, faults.Faults]:
        """Judge the inputs of the library call `reconcile` by the rules, where records are lost."""
        by_list: dict[str, faults.Faults] = {}
        for name, export in self.exports.items():
            if not any(_is_lost_after(each, name) for each in linked.values()):
                continue
            listings = {kind: lists[name] for kind, lists in self.lists.items() if name in lists}
            chosen = {
                kind: _mark_lost(each, name) for kind, each in linked.items() if kind in listings
            }
            judged = faults.find_faults(export, self.check, listings, lost=chosen)
            self.rules |= judged.rules
            by_list[name] = judged
        return by_list

    def _list_causes(self, linked: Linked, named: Mapping[str, faults.Faults]) -> Causes:
        """Return the library call's evidence on lost records of one kind, from each list."""
        kind = linked.kind
        by_list = {name: each.by_kind.get(kind, {}) for name, each in named.items()}
        judged = {name: it.judged[kind] for name, it in named.items() if kind in it.judged}
        return Causes(by_list, self._find_shared(linked), judged)

    def _find_shared(self, linked: Linked) -> np.ndarray | None:
        """Return which records the options' sharing file shares, in the list before the app."""
        if self.check.sharing is None:
            return None
        name = "clever" if "clever" in linked.lists else "sis"
        export, listing = self.exports[name], linked.lists[name]
        grades = replace(self.grades, source=export.format)
        sharing = load_sharing(self.check.sharing, grades)
        assert sharing is not None
        shared = apply.apply_rules(sharing, export, grades, today=self.check.as_of)
        return np.asarray(shared.rows[linked.kind][listing.rows])

    def _summarize(self, linked: Mapping[str, Linked]) -> dict[str, ListSummary]:
        """Report what each input of the library call `reconcile` holds."""
        files = {
            name: [file.name for file in export.files if file.table]
            for name, export in self.exports.items()
        }
        files["app"] = [self.app.file]
        formats = {name: export.format for name, export in self.exports.items()}
        return {
            name: ListSummary(
                formats.get(name, ""),
                listed,
                {
                    kind: int(each.is_listed(name).sum())
                    for kind, each in linked.items()
                    if name in each.lists
                },
            )
            for name, listed in files.items()
        }


def _is_lost_after(linked: Linked, name: str) -> bool:
    """Whether anybody in an input of the library call `reconcile` is missing in a later one."""
    is_broken = bool((linked.broken[name] > 0).any())
    return is_broken or (name in linked.lists and bool(_mark_lost(linked, name).any()))


def _mark_lost(linked: Linked, name: str) -> np.ndarray:
    """Mark the records of one input of the library call that are missing in a later one."""
    following = {"sis": ("clever", "app"), "clever": ("app",)}[name]
    lost = np.zeros(len(linked.lists[name]), bool)
    there = linked.is_in(name)
    for other in following:
        if other in linked.lists:
            lost[linked.at[name][there & ~linked.is_in(other)]] = True
    return lost


__all__ = ["Losses", "ReconcileOptions", "Reconciliation", "reconcile"]
