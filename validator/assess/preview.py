"""Preview the first sync of an export, with the accounts that an app has already."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from validator import files, limits
from validator.assess.check import assess
from validator.assess.inputs import LIKELY, load_profiles, load_sharing
from validator.assess.options import Options, Progress
from validator.model import AccountMatch, AppForecast, BadUsage, Report
from validator.rulebook import load
from validator.sharing import apply
from validator.sharing.app_accounts import AccountFile, find_columns, match_accounts
from validator.sharing.first_sync import share_all

LARGEST = limits.get_limit("accounts-bytes")
ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = ",;\t|"


@dataclass(frozen=True, eq=False)
class Preview:
    """The forecast for each app, and how it fits the accounts there."""

    report: Report
    apps: Sequence[AppForecast]
    accounts: Sequence[AccountMatch] = ()


def preview_first_sync(
    paths: Sequence[Path],
    options: Options,
    *,
    accounts: Path | None = None,
    licenses: int | None = None,
    progress: Progress | None = None,
) -> Preview:
    """The library call behind `preview`: each app's first sync, by default for all known apps.

    `accounts`: the app's own list of accounts. `licenses`: how many there are. Raises BadUsage and
    CannotRead.
    """
    _refuse_unknown_apps(options.profiles)
    listed = read_accounts(accounts) if accounts else None
    report = assess(
        paths, replace(options, profiles=options.profiles or list_apps()), progress=progress
    )
    if not report.first_sync:
        raise BadUsage("this export has no students or no sections, so nothing can be previewed")
    apps = report.first_sync
    if licenses is not None:
        apps = [replace(app, licenses=licenses) for app in apps]
    if listed is None:
        return Preview(report, apps)
    accounts_there = find_columns(listed, report.export)
    grades = replace(load.load_vocabulary()[0], source=report.export.format)
    rule = load_sharing(options.sharing, grades)
    rows = share_all(report.export)
    if rule is not None:
        rows = apply.apply_rules(rule, report.export, grades, today=options.as_of).rows
    matches = [
        match_accounts(accounts_there, report.export, profile, rows=rows)
        for profile in report.profiles
    ]
    return Preview(report, apps, matches)


def _refuse_unknown_apps(names: Sequence[str | Path]) -> None:
    """Refuse options with an app whose pack states nothing that it creates. Raises BadUsage."""
    profiles = load_profiles(names or list_apps(), LIKELY)
    without = [profile.title for profile in profiles if not profile.facts]
    if without:
        raise BadUsage(
            f"nothing is known about what {without[0]} creates at a first sync; name an app with "
            f"--profile, such as {' or '.join(list_apps())}"
        )


def list_apps() -> list[str]:
    """List the bundled packs that the options of a first-sync preview accept as apps."""
    return [
        pack.id
        for pack in load.list_profiles()
        if any(fact.id == "student-account" for fact in pack.facts)
    ]


def read_accounts(path: Path) -> AccountFile:
    """Read an input of the library call for a first sync: the app's accounts. Raises BadUsage."""
    try:
        content = files.read_limited(path, LARGEST)
    except OSError as error:
        raise BadUsage(f"{path}: cannot be read ({error.strerror or 'error'})") from None
    if len(content) > LARGEST:
        raise BadUsage(f"{path}: {limits.describe_excess('accounts-bytes')}")
    text = _decode(content, path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text))
    rows: list[list[str]] = []
    lines: list[int] = []
    headings: list[str] = []
    line = 1
    try:
        for row in reader:
            if not headings:
                headings = row if any(cell.strip() for cell in row) else []
            elif any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise BadUsage(f"{path}:{line}: not a CSV file") from None
    if not rows:
        raise BadUsage(f"{path}: holds no accounts; it needs a heading and a row for each account")
    return AccountFile(path.name, headings, rows, lines)


def _decode(content: bytes, path: Path) -> str:
    """Return the text of an input of the run, the list of accounts. Raises BadUsage."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise BadUsage(f"{path}: not a CSV file; save the list of accounts as CSV")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _find_delimiter(text: str) -> str:
    """Return the delimiter of an input of the run, the list of accounts: most in its first line."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)
