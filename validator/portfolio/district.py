"""One district of a portfolio: its files, the conditions it is judged by, and its row of counts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from validator import __version__, resources
from validator.model import BadUsage, Status, Verdict, dataclass
from validator.rulebook import load

ASSESSED, UNREADABLE, FAILED = "assessed", "unreadable", "failed"
FINAL = (ASSESSED, UNREADABLE)
"""Statuses that stay until a file of the district changes."""

OVERVIEW = "portfolio.json"

SIGN = re.compile(rb'"tool": \{\s*"name": "rosterready"')
"""Bytes near the start of every overview."""

MOST_DAYS = 60
"""Days of a district's history that are kept."""

Row = dict[str, Any]
"""The answer on one district as plain data: counts and rules, no record of a person."""

_JUNK = "__macosx"


@dataclass(frozen=True)
class Conditions:
    """Conditions by which every district is judged; `rules`: a digest of all packs and words."""

    profiles: tuple[str, ...]
    as_of: str
    format: str
    phase: str
    rules: str
    columns: str | None = None


@dataclass(frozen=True)
class Job:
    """A district to assess; `digest` changes with its files, the rules, the day and the version."""

    name: str
    path: str
    conditions: Conditions
    digest: str


def read_conditions(
    profiles: Sequence[str],
    as_of: str,
    *,
    format: str = "auto",
    phase: str = "midyear",
    columns: str | None = None,
) -> Conditions:
    """Return the conditions of a portfolio, with pack files as absolute paths. Raises BadUsage."""
    if columns and Path(columns).is_file():
        columns = str(Path(columns).resolve())
    files = [Path(columns)] if columns and Path(columns).is_file() else []
    files += sorted(resources.find_rules().rglob("*.yaml"))
    named = []
    for profile in profiles:
        path = load.resolve_packs(profile, "" if format == "auto" else format)[-1].path
        files += [pack.path for pack in load.resolve_packs(profile)]
        load.load_profile(profile, "clever")
        named.append(profile if path.parent == resources.find_rules() else str(path.resolve()))
    seen = hashlib.sha256()
    for file in dict.fromkeys(files):
        seen.update(hashlib.sha256(file.read_bytes()).digest())
    return Conditions(tuple(named), as_of, format, phase, seen.hexdigest(), columns)


def list_jobs(folders: Sequence[Path], out: Path, conditions: Conditions) -> list[Job]:
    """Return every district folder and .zip of a portfolio, by name. Raises BadUsage for none."""
    paths: dict[str, Path] = {}
    several = len({folder.resolve() for folder in folders}) > 1
    for folder in folders:
        for path in _find_districts(folder, out):
            name = path.stem if path.is_file() else path.name
            name = f"{folder.resolve().name}/{name}" if several else name
            if paths.setdefault(name, path) != path:
                raise BadUsage(f"two districts are called '{name}': give one of them another name")
    return [
        Job(name, str(path.resolve()), conditions, _digest(path, conditions))
        for name, path in sorted(paths.items())
    ]


def _find_districts(folder: Path, out: Path) -> Iterator[Path]:
    """Yield the folders and archives of the districts in a portfolio's folder."""
    if not folder.is_dir():
        raise BadUsage(
            f"{folder} is not a folder; give one with a sub-folder or a .zip for each district"
        )
    inside = [path for path in sorted(folder.iterdir()) if _is_district(path)]
    districts = [path for path in inside if not _is_own(path) and path.resolve() != out.resolve()]
    if not districts:
        raise BadUsage(f"{folder} has no districts in it: each is a sub-folder or a .zip inside it")
    yield from districts


def _is_district(path: Path) -> bool:
    """Return whether a path may be a district: a subfolder, a .zip, or a path out of reach."""
    if path.name.startswith(".") or path.name.lower() == _JUNK:
        return False
    if path.suffix.lower() == ".zip":
        return True
    try:
        return path.is_dir() or (path.is_symlink() and not path.exists())
    except OSError:  # a share that is not mounted
        return True


def _is_own(path: Path) -> bool:
    """Return whether a folder among the districts holds an overview of an earlier run."""
    try:
        with (path / OVERVIEW).open("rb") as file:
            return SIGN.search(file.read(4_096)) is not None
    except OSError:
        return False


def _digest(path: Path, conditions: Conditions) -> str:
    """Return a digest of a district's files, of the conditions and of the version.

    "" for a district that cannot be reached, which is tried again in every run.
    """
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        files = [file for file in inside if file.is_file() or file == path]
        seen = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    except OSError:
        return ""
    return hashlib.sha256(json.dumps([seen, asdict(conditions), __version__]).encode()).hexdigest()


def name_file(name: str) -> str:
    """Return the name of the file that keeps one district's answer, unique on every system."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:60].strip("-")
    return f"{plain}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.json"


def build_unfinished(job: Job, status: str, reason: str) -> Row:
    """Return the row of a district of the portfolio that could not be assessed."""
    return {**build_row(job, status, Verdict.COULD_NOT_TELL), "reason": reason}


def build_row(job: Job, status: str, verdict: Verdict) -> Row:
    """Return the row of a district of the portfolio, without the numbers of a report."""
    return {
        "district": job.name,
        "digest": job.digest,
        "version": __version__,
        "as_of": job.conditions.as_of,
        "status": status,
        "reason": None,
        "verdict": verdict.value,
        "format": None,
        "profiles": {},
        "apps": [],
        "held": None,
        "first": None,
        "levels": {},
        "counts": {},
        "readiness": {},
        "diagnoses": [],
        "rules": [],
        "errors": [],
    }


def add_point(trend: Sequence[Row], row: Row) -> list[Row]:
    """Add a day to those of a district in the portfolio, MOST_DAYS at most."""
    if row["status"] not in FINAL:
        return list(trend)
    held_back = row["held"] or {"people": None, "of": None}
    point = {name: held_back[name] for name in ("people", "of")}
    point |= {"as_of": row["as_of"], "verdict": row["verdict"]}
    earlier = [it for it in trend if it["as_of"] != row["as_of"]]
    return sorted([*earlier, point], key=lambda it: str(it["as_of"]))[-MOST_DAYS:]


def read_last_answer(answer: Row | None) -> Row | None:
    """Return the portfolio's last answer about a district, to compare with."""
    if answer is None:
        return None
    if answer.get("status") not in FINAL:
        return answer.get("before")
    counts = {
        rule["rule"]: rule["count"] for rule in answer["rules"] if rule["status"] == Status.FOUND
    }
    return {
        "as_of": answer["as_of"],
        "verdict": answer["verdict"],
        "levels": answer["levels"],
        "found": counts,
    }
