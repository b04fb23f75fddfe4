"""A JSON report of an earlier run, read back: only what is one of ours, whole and of a version that we know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from validator import files, limits
from validator.model import BadUsage, Level, Owner, Status, Verdict

LARGEST = limits.most("report-bytes")
"""A report that lists every row of a large district stays below."""

MAJOR = "1."

_WORDS = {"status": Status, "level": Level, "owner": Owner}
_TEXTS = ("rule", "title", "why", "fix")


def report(path: Path) -> dict[str, Any]:
    """The report as plain data. Raises BadUsage with one sentence that holds nothing of the file."""
    held = _loaded(path)
    version = held.get("schema_version") if isinstance(held, dict) else None
    tool = held.get("tool") if isinstance(held, dict) else None
    if (
        not isinstance(version, str)
        or not isinstance(tool, dict)
        or tool.get("name") != "rosterready"
    ):
        raise BadUsage(
            f"{path.name} is no JSON report of rosterready; give the report.json of an earlier check"
        )
    if not version.startswith(MAJOR):
        raise BadUsage(
            f"{path.name} was written by a newer rosterready; use that one, or check the export again"
        )
    if not _whole(held):
        raise BadUsage(
            f"{path.name} is damaged or was changed by hand: it lacks parts that every report has"
        )
    return dict(held)


def _loaded(path: Path) -> Any:
    try:
        raw = files.content(path, LARGEST)
        if len(raw) > LARGEST:
            raise BadUsage(
                f"{path.name} is larger than any report: {limits.beyond('report-bytes')}"
            )
        return files.parsed(raw.decode("utf-8-sig"))
    except OSError as error:
        if path.is_dir():
            raise BadUsage(f"{path.name} is a folder; give the report.json in it") from None
        raise BadUsage(
            f"{path.name} cannot be read ({error.strerror or type(error).__name__})"
        ) from None
    except ValueError:
        raise BadUsage(
            f"{path.name} is no JSON; give the report.json of an earlier check"
        ) from None


def _whole(held: dict[str, Any]) -> bool:
    """Whether all is there that others will look at."""
    lists = [held.get(name) for name in ("outcomes", "profiles", "root_causes")]
    if not all(
        isinstance(one, list) and all(isinstance(item, dict) for item in one) for one in lists
    ):
        return False
    levels = held.get("levels")
    return (
        held.get("verdict") in list(Verdict)
        and isinstance(held.get("as_of"), str)
        and isinstance(held.get("district"), str | None)
        and isinstance(levels, dict)
        and all(
            files.is_count(levels.get(level.value)) for level in Level if level is not Level.FACT
        )
        and all(
            isinstance(profile.get("title"), str) and profile.get("verdict") in list(Verdict)
            for profile in held["profiles"]
        )
        and all(
            isinstance(cause.get("rule"), str) and files.is_count(cause.get("explains"))
            for cause in held["root_causes"]
        )
        and all(_outcome(outcome) for outcome in held["outcomes"])
    )


def _outcome(held: dict[str, Any]) -> bool:
    return (
        all(held.get(name) in list(allowed) for name, allowed in _WORDS.items())
        and all(isinstance(held.get(name), str) for name in _TEXTS)
        and all(isinstance(held.get(name), str | None) for name in ("sentence", "explained_by"))
        and (held.get("count") is None or files.is_count(held.get("count")))
    )
