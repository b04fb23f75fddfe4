"""The masked edition of a report: a copy that holds only what anybody may see."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from typing import NoReturn
from weakref import WeakKeyDictionary

from validator.model import (
    Diagnosis,
    Export,
    Finding,
    Outcome,
    Places,
    Position,
    Profile,
    ProfileResult,
    Readiness,
    Report,
    SchoolRow,
    SourceFile,
    Table,
    Tally,
    Waiver,
    dataclass,
)
from validator.privacy import first_sync, places, public_values, schools, small_groups
from validator.text import BLANKS

HIDDEN_COLUMN = "an unknown column"

AS_IS = frozenset(
    {
        "verdict",
        "verdicts",
        "as_of",
        "version",
        "counts",
        "generated_at",
        "district",
        "errors",
        "history",
        "gate",
        "phase",
        "routes",
        "mends",
        "priorities",
    }
)
"""Fields of a report without data of records; a field neither here nor masked is an error."""


class RowsHidden(LookupError):
    """Raised where an output of the masked edition asks for rows."""


class HiddenTables(Mapping[str, Table]):
    """The tables of a masked report: none can be read."""

    def __getitem__(self, name: str) -> NoReturn:
        raise RowsHidden(f"a masked report has no rows of {name}")

    def __iter__(self) -> Iterator[str]:
        raise RowsHidden("a masked report has no tables")

    def __len__(self) -> NoReturn:
        raise RowsHidden("a masked report has no tables")


@dataclass(frozen=True, eq=False, kw_only=True)
class MaskedReport(Report):
    """A report without rows, keys, private values and small groups.

    `listings`: per rule, the places that may be listed. `schools`: those with figures of their
    own, of `school_count`. `merged_schools`: ids of those that are summed in the row without an id.
    """

    listings: Mapping[str, Sequence[places.PlaceRow]] = field(default_factory=dict)
    school_count: int = 0
    merged_schools: Sequence[str] = ()


Masked = dict[Finding, Finding]
"""Findings that are masked already."""

_masked: WeakKeyDictionary[Report, tuple[int | None, MaskedReport]] = WeakKeyDictionary()


def mask(report: Report, rows: int | None = None) -> MaskedReport:
    """Return the masked report, with at most `rows` places of each rule (None: all)."""
    if isinstance(report, MaskedReport):
        return report
    if report not in _masked or _masked[report][0] != rows:
        _masked[report] = rows, _mask(report, rows)
    return _masked[report][1]


def _mask(report: Report, rows: int | None) -> MaskedReport:
    """Mask a report: return the copy that may be shown to anybody."""
    names = {column.name for column in fields(Report)}
    unchanged = {name: getattr(report, name) for name in names & AS_IS}
    hidden = small_groups.hide(report)
    masked: Masked = {}  # what several apps share is masked once
    return MaskedReport(
        **unchanged,
        profiles=[_mask_profile(profile) for profile in report.profiles],
        by_profile={
            name: _mask_result(report, it, masked) for name, it in hidden.by_profile.items()
        },
        outcomes=[_mask_outcome(report, outcome, masked) for outcome in hidden.outcomes],
        export=_mask_export(report.export),
        readiness={kind: _mask_readiness(report, it) for kind, it in report.readiness.items()},
        schools=_mask_schools(report),
        by_school={rule: _mask_counts(report, it) for rule, it in hidden.by_school.items()},
        diagnoses=[_mask_diagnosis(report, it) for it in report.diagnoses],
        followup=report.followup and report.followup.strip_words(),
        listings={
            outcome.rule.id: _list_rows(report, outcome, rows) for outcome in hidden.outcomes
        },
        first_sync=[first_sync.hide(forecast) for forecast in report.first_sync],
        school_count=len(report.schools),
        merged_schools=schools.list_merged(report),
    )


def _list_rows(report: Report, outcome: Outcome, rows: int | None) -> list[places.PlaceRow]:
    """Return the masked places of a finding, without schools that would count children."""
    listed = places.list_rows(report, outcome, rows, masked=True)
    hidden = small_groups.list_hidden_schools(report, outcome) if listed else ()
    return [replace(row, school_id=None) if row.school_id in hidden else row for row in listed]


def _mask_profile(profile: Profile) -> Profile:
    """Mask a profile: without the district's own rules and names."""
    return replace(
        profile,
        rules={},
        waivers=(),
        district_domains=(),
        accept_sections=(),
        reject_sections=(),
    )


def _mask_result(report: Report, result: ProfileResult, masked: Masked) -> ProfileResult:
    """Mask the result of a profile, to be shown to anybody."""
    people = {kind: _mask_readiness(report, it) for kind, it in result.readiness.items()}
    return replace(
        result,
        profile=_mask_profile(result.profile),
        outcomes=[_mask_outcome(report, outcome, masked) for outcome in result.outcomes],
        readiness=people,
    )


def _mask_outcome(report: Report, outcome: Outcome, masked: Masked) -> Outcome:
    """Mask the outcome of a rule, to be shown to anybody."""
    finding = outcome.finding
    if finding is not None:
        if finding not in masked:
            masked[finding] = _mask_finding(report, finding)
        finding = masked[finding]
    is_public = not (outcome.waiver or outcome.own or outcome.trace)
    if finding is outcome.finding and is_public:
        return outcome
    return replace(
        outcome,
        finding=finding,
        waiver=outcome.waiver and _mask_waiver(outcome.waiver),
        own={},
        trace="",
    )


def _mask_waiver(waiver: Waiver) -> Waiver:
    """Mask a waiver: without its keys."""
    return replace(waiver, keys=())


def _mask_finding(report: Report, finding: Finding) -> Finding:
    """Mask a finding: its places and its tally."""
    blocks = [_mask_places(block) for block in finding.places]
    is_public = all(map(operator.is_, blocks, finding.places))
    if is_public and finding.tally is None:
        return finding
    return replace(
        finding,
        places=blocks,
        tally=finding.tally and _mask_tally(report, finding.tally),
    )


def _mask_places(block: Places) -> Places:
    """Mask places to be shown to anybody: without row numbers, keys and repairs."""
    if block.repairs is None and block.rows is None and block.keys is None:
        return block
    return replace(block, repairs=None, rows=None, keys=None)


def _mask_tally(report: Report, tally: Tally) -> Tally:
    """Return the tally with everything that is hidden summed as another value, at the end."""
    kind, shape = public_values.find_privacy_class(tally.table, tally.column)
    if tally.column.casefold().endswith("email"):
        kind, shape = "public", "district-domain"
    seen: frozenset[str] = frozenset()
    if kind == "public":
        seen = public_values.select_shown(report, shape, (value for value, _ in tally.values))
    shown = [(value, count) for value, count in tally.values if value in seen]
    rest = sum(count for value, count in tally.values if value not in seen)
    return replace(tally, values=shown + [(public_values.Hidden.VALUE, rest)] * bool(rest))


def _mask_diagnosis(report: Report, diagnosis: Diagnosis) -> Diagnosis:
    """Return the diagnosis with its column only where the format knows that column.

    Its evidence names the school if anybody may see that id.
    """
    column = diagnosis.column
    table = report.export.find(diagnosis.table)
    for name, heading in table.headers.items() if table is not None else ():
        if heading == column:
            column = name
    shown = places.find_column(report, diagnosis.table, column)
    school = diagnosis.school.strip(BLANKS)
    named = f": {school}" if school in schools.list_with_figures(report) else ""
    return replace(
        diagnosis,
        evidence=f"{diagnosis.evidence}{named}",
        school="",
        by_school=_mask_counts(report, small_groups.hide_schools(diagnosis)),
        column=None if shown is None else str(shown),
        headed=not isinstance(shown, Position),
        places=[_mask_places(block) for block in diagnosis.places],
    )


def _mask_export(export: Export) -> Export:
    """Mask an export for anybody's eyes: without tables, defects and name."""
    return replace(
        export,
        tables=HiddenTables(),
        file_tables=HiddenTables(),
        files=[_mask_file(file) for file in export.files],
        defects={},
        name="",
    )


def _mask_file(file: SourceFile) -> SourceFile:
    """Mask a file: return it with positions instead of headings that are not public."""
    unused: Sequence[str] = [str(Position(number)) for number in file.unused_positions]
    if len(unused) != len(file.columns_unused):
        unused = [HIDDEN_COLUMN] * len(file.columns_unused)
    elif len(unused) == len(file.unused_public):
        each = zip(file.columns_unused, unused, file.unused_public, strict=True)
        unused = [heading.strip() if public else number for heading, number, public in each]
    return replace(file, columns_unused=unused)


def _mask_readiness(report: Report, state: Readiness) -> Readiness:
    """Return the figures with those of all schools that may not be named as one."""
    seen = schools.list_with_figures(report)
    left: dict[str, Sequence[int]] = {}
    for school, counts in state.by_school.items():
        shown = school if school in seen else ""
        before = left.get(shown, [0] * len(counts))
        left[shown] = [sum(pair) for pair in zip(before, counts, strict=True)]
    return replace(state, by_school=left)


def _mask_counts(report: Report, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Mask counts by school: small schools are summed under ""."""
    seen = schools.list_with_figures(report)
    shown: Counter[str] = Counter()
    for school, count in counts.items():
        shown[school if school in seen else ""] += count
    return dict(shown)


def _mask_schools(report: Report) -> list[SchoolRow]:
    """Return the rows of schools that may be named, and one row for all others."""
    seen = schools.list_with_figures(report)
    every = [school.name for school in report.schools]
    names = public_values.select_shown(report, "school-name", every)
    shown = [
        replace(school, name=school.name if school.name in names else "")
        for school in report.schools
        if school.school_id in seen
    ]
    others = [school for school in report.schools if school.school_id not in seen]
    if not others:
        return shown
    counts = {
        name: sum(getattr(school, name) for school in others)
        for name in ("students", "teachers", "sections", "blockers", "warnings", "ready")
    }
    return [*shown, SchoolRow(school_id="", name="", **counts)]
