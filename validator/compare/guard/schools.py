"""Changes of single schools, against the thresholds of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from validator import frame
from validator.compare.explain import MAIL
from validator.compare.guard.differences import Difference
from validator.compare.guard.snapshot import Digester
from validator.compare.guard.words import HAPPENED, PLURAL, count_records, format_limit
from validator.model import Report, StopReason, Tonight, dataclass
from validator.privacy import schools
from validator.privacy.small_groups import FEWEST

MOST_NAMED = 4
"""Schools named in one sentence."""


@dataclass(frozen=True)
class SchoolNames:
    """Which school a digest is of. `shown`: those whose ids anybody may see."""

    ids: Mapping[int, str]
    shown: Set[str]

    def name(self, digest: int, students: int) -> str:
        """Return the public name of a school for the guard's reasons to stop."""
        school = self.ids.get(digest)
        if school is None:
            return "a school that is not in this export"
        if school not in self.shown or students < FEWEST:
            return "a school"
        return f"school {school}"


def list_names(report: Report, digester: Digester, extra: Iterable[str] = ()) -> SchoolNames:
    """Return the digests of all school ids of the night's export and of the thresholds file."""
    ids = set(extra)
    for table in report.export.tables.values():
        if table.has("School_id"):
            ids |= {text for text in frame.encode(table, "School_id").values.to_pylist() if text}
    digests = {digester.digest(school, "school"): school for school in ids}
    return SchoolNames(digests, schools.list_public(report))


@dataclass(frozen=True)
class _Loss:
    """One school over its threshold: how many of its records were touched."""

    digest: int
    touched: int
    of: int
    limit: float


def judge_schools(
    differences: Mapping[str, Difference], tonight: Tonight, names: SchoolNames
) -> Iterable[StopReason]:
    """Return, for each kind of record and change, the schools over their thresholds."""
    students = _count_students(differences)
    for kind, difference in differences.items():
        if kind == "schools":
            continue
        for way in HAPPENED:
            losses = _list_losses(difference, way, tonight=tonight, names=names)
            if losses:
                yield _build_reason(kind, way, losses, names=names, students=students)


def _count_students(differences: Mapping[str, Difference]) -> dict[int, int]:
    """Return how many students each school had in the last export, by its digest."""
    if "students" not in differences:
        return {}
    schools, before, _ = differences["students"].count_by_school("gone")
    return dict(zip(schools.tolist(), before.tolist(), strict=True))


def _list_losses(
    difference: Difference, way: str, *, tonight: Tonight, names: SchoolNames
) -> list[_Loss]:
    """Return the schools over their threshold, the largest share first."""
    general = tonight.thresholds.each_school.get(difference.name, {}).get(way)
    own = {
        school: shares[difference.name][way]
        for school, shares in tonight.thresholds.schools.items()
        if way in shares.get(difference.name, {})
    }
    if general is None and not own:
        return []
    losses = []
    schools, before, touched = difference.count_by_school(way)
    for digest, of, count in zip(schools.tolist(), before.tolist(), touched.tolist(), strict=True):
        limit = own.get(names.ids.get(digest, ""), general)
        is_named = names.ids.get(digest, "") in own
        is_large = is_named or of >= tonight.least
        if limit is not None and is_large and count > tonight.few and count > limit * of:
            losses.append(_Loss(digest, count, of, limit))
    return sorted(losses, key=lambda loss: (-loss.touched / loss.of, loss.digest))


def _build_reason(
    kind: str,
    way: str,
    losses: list[_Loss],
    *,
    names: SchoolNames,
    students: Mapping[int, int],
) -> StopReason:
    """Build the guard's reason to stop from what single schools lose."""
    named = [
        f"{names.name(loss.digest, students.get(loss.digest, 0))} "
        f"({loss.touched:,} of {loss.of:,}, over {format_limit(loss.limit)})"
        for loss in losses[:MOST_NAMED]
    ]
    more = len(losses) - len(named)
    listed = "; ".join(named) + (f"; and {more} more" if more else "")
    noun, happened = PLURAL.get(kind, kind), HAPPENED[way][1]
    touched = sum(loss.touched for loss in losses)
    return StopReason(
        "school-threshold",
        f"each_school.{kind}.{way}",
        f"At {count_records(len(losses), 'schools')}, many {noun} {happened}: {listed}",
        people=touched if kind in MAIL else 0,
        records=touched,
        fix="Check that this change is intended, and let the export through, or export again.",
    )
