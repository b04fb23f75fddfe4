"""The JSON report of an earlier run, read back and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from validator import files, limits
from validator.model import BadUsage, Level, Owner, Status, Verdict

LARGEST = limits.get_limit("report-bytes")
"""Bytes; even a report that lists every row of a large district has fewer."""

MAJOR = "2."

ENUMS = {"status": Status, "level": Level, "owner": Owner}
"""Fields of an outcome with a fixed set of values."""

TEXTS = ("rule", "title", "why", "fix")
OPTIONAL_TEXTS = ("sentence", "explained_by")


REPORTS = "reports"
"""The folder next to an overview of many districts that holds the report of each."""


def read_reports(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each report in a baseline's file, of an overview each with its own name.

    An overview of many districts has one for each district that was assessed. Raises BadUsage.
    """
    document = _load(path)
    districts = document.get("districts") if isinstance(document, dict) else None
    if not isinstance(districts, list):
        yield "", read_report(path)
        return
    names = [_name_report(row) for row in districts]
    if not any(names):
        raise BadUsage(f"{path.name} has no report of a district; run the portfolio again")
    for name in filter(None, names):
        yield name, read_report(path.parent / REPORTS / f"{name}.json")


def list_unreported(path: Path) -> list[str]:
    """List the districts of an overview in a baseline's file that have no report."""
    document = _load(path)
    districts = document.get("districts") if isinstance(document, dict) else None
    rows = districts if isinstance(districts, list) else []
    return [str(row["district"]) for row in rows if not _name_report(row) and "district" in row]


def _name_report(row: Any) -> str:
    """Return the name of a report in last run's overview, to follow up by, "" for none."""
    report = row.get("report") if isinstance(row, dict) else None
    return PurePosixPath(report).stem if isinstance(report, str) else ""


def read_report(path: Path) -> dict[str, Any]:
    """Load the JSON report of an earlier run as plain data.

    Raises BadUsage, with one sentence that quotes nothing from the file, unless it is a whole
    report of a known version.
    """
    document = _load(path)
    is_mapping = isinstance(document, dict)
    version = document.get("schema_version") if is_mapping else None
    tool = document.get("tool") if is_mapping else None
    is_ours = isinstance(tool, dict) and tool.get("name") == "rosterready"
    if not isinstance(version, str) or not is_ours:
        raise BadUsage(
            f"{path.name} is not a JSON report of rosterready; "
            "give the report.json of an earlier check"
        )
    if not version.startswith(MAJOR):
        raise BadUsage(
            f"{path.name} was written by another version of rosterready; "
            "use that version, or check the export again"
        )
    if not _is_complete(document):
        raise BadUsage(
            f"{path.name} is damaged or was changed by hand: it lacks parts that every report has"
        )
    return dict(document)


def _load(path: Path) -> Any:
    """Load the JSON of a baseline. Raises BadUsage."""
    try:
        raw = files.read_limited(path, LARGEST)
        if len(raw) > LARGEST:
            raise BadUsage(
                f"{path.name} is larger than any report: {limits.describe_excess('report-bytes')}"
            )
        return files.parse_json(raw.decode("utf-8-sig"))
    except OSError as error:
        if path.is_dir():
            raise BadUsage(f"{path.name} is a folder; give the report.json in it") from None
        reason = error.strerror or type(error).__name__
        raise BadUsage(f"{path.name} cannot be read ({reason})") from None
    except ValueError:
        raise BadUsage(
            f"{path.name} is not JSON; give the report.json of an earlier check"
        ) from None


def _is_complete(document: Mapping[str, Any]) -> bool:
    """Whether the document has every part that other modules read."""
    parts: dict[str, Any] = {"diagnoses": [], **document}
    for name in ("outcomes", "profiles", "diagnoses"):
        rows = parts.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return False
    return (
        document.get("verdict") in list(Verdict)
        and isinstance(document.get("as_of"), str)
        and isinstance(document.get("district"), str | None)
        and _are_levels(document.get("levels"))
        and all(_is_profile(profile) for profile in document["profiles"])
        and all(_is_diagnosis(diagnosis) for diagnosis in parts["diagnoses"])
        and all(_is_outcome(outcome) for outcome in document["outcomes"])
        and _are_schools(document.get("schools", []), "students")
    )


def _are_schools(rows: Any, number: str) -> bool:
    """Return whether a baseline's rows of schools are complete, with a number of that name."""
    return isinstance(rows, list) and all(
        isinstance(row, dict)
        and isinstance(row.get("school_id"), str | None)
        and isinstance(row.get("name"), str | None)
        and files.is_count(row.get(number))
        for row in rows
    )


def _are_levels(levels: Any) -> bool:
    """Return whether a baseline counts every level."""
    counted = [level.value for level in Level if level is not Level.FACT]
    return isinstance(levels, dict) and all(files.is_count(levels.get(name)) for name in counted)


def _is_profile(profile: Mapping[str, Any]) -> bool:
    """Return whether a baseline's profile is complete."""
    return isinstance(profile.get("title"), str) and profile.get("verdict") in list(Verdict)


def _is_diagnosis(diagnosis: Mapping[str, Any]) -> bool:
    """Return whether a baseline's diagnosis is complete."""
    return isinstance(diagnosis.get("id"), str) and files.is_count(diagnosis.get("records"))


def _is_outcome(outcome: Mapping[str, Any]) -> bool:
    """Return whether a baseline's outcome of a rule is complete."""
    count = outcome.get("count")
    return (
        all(outcome.get(name) in list(allowed) for name, allowed in ENUMS.items())
        and all(isinstance(outcome.get(name), str) for name in TEXTS)
        and all(isinstance(outcome.get(name), str | None) for name in OPTIONAL_TEXTS)
        and (count is None or files.is_count(count))
        and _are_schools(outcome.get("by_school", []), "count")
    )
