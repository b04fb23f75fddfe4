"""Why a rule does not apply, or is answered before its check is run."""

from __future__ import annotations

from validator import frame
from validator.checks.registry import DECLARATIONS, WholeRoster
from validator.engine.context import OPTIONAL_INPUTS, CheckContext, CheckResult
from validator.model import EMPTY_IN, OFF, Export, Finding, Level, Places, Rule, Status, Table


def find_obstacle(rule: Rule, export: Export, context: CheckContext) -> CheckResult | None:
    """Return the answer to a rule whose check cannot be run; None if it can."""
    if rule.phases.get(context.phase) == OFF:
        return _skip_rule(f"is not asked in this part of the school year ({context.phase})")
    for name in rule.reads:
        is_required = name in OPTIONAL_INPUTS and name not in rule.optional
        if is_required and getattr(context, name) is None:
            return _skip_rule(OPTIONAL_INPUTS[name])
    for name in rule.reads:
        if name == "export" or name in OPTIONAL_INPUTS or name in rule.optional:
            continue
        obstacle = _find_table_obstacle(rule, export, name, phase=context.phase)
        if obstacle is not None:
            return obstacle
    return None


def _skip_rule(reason: str) -> CheckResult:
    """Return the result of a rule that is not run, with the reason."""
    return CheckResult(Status.NOT_ASKED, reason=reason)


def _find_table_obstacle(
    rule: Rule, export: Export, name: str, *, phase: str
) -> CheckResult | None:
    """Return the answer to a rule that cannot read one of its tables; None if it can."""
    if name in export.unsupported:
        return _skip_rule(f"this format has no {name}")
    if name in EMPTY_IN.get(phase, ()) and _is_empty(export, name):
        return _skip_rule(f"no {name} yet, as expected in this part of the school year")
    if name in export.absent:
        return CheckResult(Status.SKIPPED, reason=export.absent[name])
    table = export.find(name)
    if table is None:
        return _skip_rule(f"there is no {export.files_expected.get(name, name)}")
    for column in rule.reads[name]:
        if not table.has(column):
            return _answer_without_column(rule, table, column)
    return None


def _answer_without_column(rule: Rule, table: Table, column: str) -> CheckResult:
    """Return the answer to a rule without one of its columns.

    Skipped, or found for everybody where a blank cell is a blocker.
    """
    reason = table.missing_reason.get(column)
    concerns_everybody = rule.everybody_when_absent and rule.level is Level.BLOCKER
    if not concerns_everybody or not len(table):
        return CheckResult(Status.SKIPPED, reason=reason or f"{table.file} has no {column} column")
    notes = reason or f"there is no {column} column"
    header = Places.at_header(table, notes=notes, counted=False)
    people = frame.group_people(table)
    everybody = frame.place_rows(table, people.first, column, listed=False)
    return CheckResult(Status.FOUND, Finding([header, everybody], of=people.count))


def lacks_only_optional(rule: Rule, export: Export) -> bool:
    """Whether a rule is not run only because an optional column is missing.

    Ids are always required: nothing can be said about references without them.
    """
    tables = export.all_tables
    lacking = [
        (name, column)
        for name, columns in rule.reads.items()
        if name in tables and name not in rule.optional
        for column in columns
        if not tables[name].has(column)
    ]
    return bool(lacking) and not any(
        column.endswith("_id") or column in export.columns_required.get(name, ())
        for name, column in lacking
    )


def _is_empty(export: Export, name: str) -> bool:
    """Whether a table that a rule reads has an empty file, so that the rule does not apply."""
    table = export.find(name)
    if table is not None:
        return not len(table) and not len(table.unread)
    return any(block.table == name for block in export.defects.get("file-empty", ()))


def needs_whole_roster(rule: Rule, export: Export) -> bool:
    """Whether the engine can run the rule only on a whole roster: it reports missing things."""
    whole_roster = DECLARATIONS[rule.check].whole_roster
    if whole_roster is not WholeRoster.WHEN_JOINED:
        return whole_roster is WholeRoster.ALWAYS
    tables = export.all_tables
    return any(
        column in tables[name].origins
        for name, columns in rule.reads.items()
        if name in tables
        for column in columns
    )
