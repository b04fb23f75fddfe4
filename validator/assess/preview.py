"""Preview the first sync of an export, with the accounts that an app has already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from validator import limits
from validator.assess.app_list import read_app_list
from validator.assess.check import assess
from validator.assess.inputs import LIKELY, load_column_map, load_profiles, load_sharing
from validator.assess.options import Options, Progress
from validator.model import (
    AccountMatch,
    AppForecast,
    BadUsage,
    CannotRead,
    ColumnMap,
    Export,
    Report,
    dataclass,
)
from validator.rulebook import load
from validator.sharing import apply
from validator.sharing.app_accounts import Accounts, collect_accounts, match_accounts
from validator.sharing.first_sync import Masks
from validator.vocabulary.grades import Grades

LARGEST = limits.get_limit("accounts-bytes")


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
    app_columns: str | Path | None = None,
    licenses: int | None = None,
    progress: Progress | None = None,
) -> Preview:
    """The library call behind `preview`: each app's first sync, by default for all known apps.

    `accounts`: the app's own list of accounts. `app_columns`: its column map, where its columns are
    not recognized. `licenses`: how many there are. Raises BadUsage and
    CannotRead.
    """
    _refuse_unknown_apps(options.profiles)
    app_layout = load_column_map(app_columns)
    if accounts is not None:
        _check_accounts(accounts)
    report = assess(
        paths, replace(options, profiles=options.profiles or list_apps()), progress=progress
    )
    if not report.first_sync:
        raise BadUsage("this export has no students or no sections, so nothing can be previewed")
    apps = report.first_sync
    if licenses is not None:
        apps = [replace(app, licenses=licenses) for app in apps]
    if accounts is None:
        return Preview(report, apps)
    grades = replace(load.load_vocabulary()[0], source=report.export.format)
    accounts_there = read_accounts(accounts, report.export, grades, columns=app_layout)
    rule = load_sharing(options.sharing, grades)
    rows: Masks = apply.share_all(report.export)
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


def _check_accounts(path: Path) -> None:
    """Refuse an input of the run, the list of accounts, that is missing or too large.

    Raises BadUsage.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadUsage(f"{path}: cannot be read ({error.strerror or 'error'})") from None
    if size > LARGEST:
        raise BadUsage(f"{path}: {limits.describe_excess('accounts-bytes')}")


def read_accounts(
    path: Path, export: Export, grades: Grades, *, columns: ColumnMap | None = None
) -> Accounts:
    """Read an input of the library call for a first sync: the app's accounts. Raises BadUsage."""
    _check_accounts(path)
    try:
        listed = read_app_list(path, [export], grades, columns=columns)
    except CannotRead as error:
        raise BadUsage(str(error)) from None
    tables = dict(listed.tables)
    if listed.one_each and "students" in tables:
        tables.pop("teachers", None)  # one of several teachers of each student
    accounts = collect_accounts(listed.file, tables, mixed=listed.mixed)
    if accounts is None:
        raise BadUsage(
            f"{path.name} has no column with e-mail addresses and none with SIS ids; export the "
            "accounts from the app with one of them"
        )
    return accounts
