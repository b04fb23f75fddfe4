"""The three lists compared, as JSON, and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from validator.compare.reconcile.reasons import Desk, Gap, Losses
from validator.compare.reconcile.result import Reconciliation
from validator.outputs.json_schema import (
    COUNT,
    DAY,
    FLAG,
    MOMENT,
    TEXT,
    TEXT_OR_NULL,
    TOOL,
    Json,
    allow_null,
    describe_document,
    describe_list,
    describe_map,
    describe_object,
)
from validator.outputs.reconcile import groups, words
from validator.text import escape_json

SCHEMA_VERSION = "1.0"
"""Additions keep it; a renamed or removed key raises it."""


def build_document(result: Reconciliation, *, show_values: bool = False) -> Json:
    """Render the compared lists as data for JSON, with ids only where values may be shown."""
    return {
        **_describe_run(result, show_values),
        "records": list(_list_records(result, show_values)),
    }


def render(result: Reconciliation, *, show_values: bool = False) -> Iterator[bytes]:
    """Yield the compared lists as JSON, with one record on each line."""
    head = json.dumps(_describe_run(result, show_values), indent=2, ensure_ascii=False)
    yield (escape_json(head).removesuffix("\n}") + ',\n  "records": [').encode()
    separator = "\n    "
    for record in _list_records(result, show_values):
        yield (separator + escape_json(json.dumps(record, ensure_ascii=False))).encode()
        separator = ",\n    "
    yield b"\n  ]\n}\n"


def _describe_run(result: Reconciliation, show_values: bool) -> Json:
    """Render the run in the reconcile JSON report."""
    made = result.generated_at
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rosterready", "version": result.version},
        **({"generated_at": f"{made:%Y-%m-%dT%H:%M:%SZ}"} if made else {}),
        "as_of": result.as_of.isoformat(),
        "edition": "full" if show_values else "masked",
        "equal": result.is_equal,
        "lists": {name: _describe_list(result, name) for name in words.LISTS},
        "app_columns": [
            {"table": table, "column": column, "position": position}
            for table, columns in result.columns.items()
            for column, position in columns.items()
        ],
        "notes": list(result.notes),
        "groups": [_describe_group(result, group) for group in groups.list_groups(result)],
    }


def _describe_list(result: Reconciliation, name: str) -> Json | None:
    """Render a list in the reconcile JSON report, None if it was not given."""
    summary = result.lists.get(name)
    if summary is None:
        return None
    return {
        "format": summary.format or None,
        "files": list(summary.files),
        "counts": dict(summary.counts),
    }


def _describe_group(result: Reconciliation, group: groups.Group) -> Json:
    """Render a group of losses in the reconcile JSON report."""
    return {
        "kind": words.KINDS[group.kind],
        "lost_between": group.gap or None,
        "reason": group.reason,
        "owner": group.owner.value,
        "count": len(group),
        "message": groups.write_message(result, group),
    }


def _list_records(result: Reconciliation, show_values: bool) -> Iterator[Json]:
    """Yield every record of the reconcile JSON report, kind by kind."""
    for kind, losses in result.losses.items():
        yield from _list_kind(kind, losses, show_values)


def _list_kind(kind: str, losses: Losses, show_values: bool) -> Iterator[Json]:
    """Yield the records of one kind in the reconcile JSON report: missing or different."""
    linked = losses.linked
    there = [linked.is_listed(name).tolist() for name in words.LISTS]
    ids = list_ids(losses) if show_values else [None] * len(losses)
    places = _list_places(losses)
    differs = _list_differences(losses)
    rows = zip(*there, losses.gap, losses.reason, losses.owner, losses.sure.tolist(), strict=True)
    for at, (sis, clever, app, gap, reason, owner, sure) in enumerate(rows):
        yield {
            "kind": words.KINDS[kind],
            "id": ids[at],
            "sis": sis,
            "clever": clever,
            "app": app,
            "lost_between": str(gap) or None,
            "places": places[at],
            "differs": differs[at],
            "reason": str(reason),
            "owner": str(owner),
            "sure": sure,
        }


def list_ids(losses: Losses) -> list[str | None]:
    """Return the id of each lost record for the reconcile report, for the district's own eyes."""
    ids: list[str | None] = [None] * len(losses)
    for name, listing in losses.linked.lists.items():
        records = losses.linked.at[name]
        there = np.flatnonzero(records >= 0)
        texts = listing.take_text("id", records[there])
        for at, text in zip(there.tolist(), texts, strict=True):
            ids[at] = ids[at] or text or None
    return ids


def _list_places(losses: Losses) -> list[list[Json]]:
    """Return the file and line of each in every list for the reconcile JSON report."""
    places: list[list[Json]] = [[] for _ in range(len(losses))]
    linked = losses.linked
    for name, listing in linked.lists.items():
        _add_places(places, losses, name=name, records=linked.at[name])
        for at in np.flatnonzero(linked.broken[name]).tolist():
            file, line = listing.table.locate(int(linked.broken[name][at]))
            places[at].append({"list": name, "file": file, "line": line})
        if name == "app":
            _add_places(places, losses, name=name, records=linked.second)
            hints = np.where(linked.maybe >= 0, np.append(linked.at[name], -1)[linked.maybe], -1)
            hints = np.where(linked.at[name] >= 0, -1, hints)
            _add_places(places, losses, name=name, records=hints, certain=False)
    return places


def _add_places(
    places: list[list[Json]],
    losses: Losses,
    *,
    name: str,
    records: np.ndarray,
    certain: bool = True,
) -> None:
    """Add where records are in one list to the entries of the reconcile JSON report."""
    listing = losses.linked.lists[name]
    there = np.flatnonzero(records >= 0)
    lines = listing.lines[records[there]].tolist()
    for at, number in zip(there.tolist(), lines, strict=True):
        file, line = listing.table.locate(number)
        place = {"list": name, "file": file, "line": line}
        places[at].append(place if certain else {**place, "possible": True})


def _list_differences(losses: Losses) -> list[list[Json]]:
    """Return for the reconcile JSON report what differs for each, and between which lists."""
    differs: list[list[Json]] = [[] for _ in range(len(losses))]
    for each in losses.differences.found:
        entry = {"field": each.field, "between": f"{each.first}-{each.second}"}
        for at in np.flatnonzero(each.mask).tolist():
            differs[at].append(entry)
    return differs


LIST_NAME: Json = {"enum": list(words.LISTS)}
KIND: Json = {"enum": list(words.KINDS.values())}
GAP: Json = {"enum": [*(gap.value for gap in Gap), None]}
OWNER: Json = {"enum": [desk.value for desk in Desk]}


def build_schema() -> Json:
    """Return the JSON Schema (2020-12) of the output reconcile.json."""
    summary = describe_object(
        {
            "format": TEXT_OR_NULL,
            "files": describe_list(TEXT),
            "counts": describe_map(COUNT),
        }
    )
    summaries = {name: allow_null(summary) for name in words.LISTS}
    column = describe_object({"table": TEXT, "column": TEXT, "position": COUNT})
    return describe_document(
        "rosterready reconcile",
        {
            "schema_version": TEXT,
            "tool": TOOL,
            "generated_at": MOMENT,
            "as_of": DAY,
            "edition": {"enum": ["masked", "full"]},
            "equal": FLAG,
            "lists": describe_object(summaries),
            "app_columns": describe_list(column),
            "notes": describe_list(TEXT),
            "groups": describe_list(_describe_group_schema()),
            "records": describe_list(_describe_record_schema()),
        },
        optional=("generated_at",),
    )


def _describe_group_schema() -> Json:
    """Return the JSON Schema of a group in the reconcile report."""
    return describe_object(
        {
            "kind": KIND,
            "lost_between": GAP,
            "reason": TEXT,
            "owner": OWNER,
            "count": COUNT,
            "message": TEXT,
        }
    )


def _describe_record_schema() -> Json:
    """Return the JSON Schema of a record in the reconcile report."""
    place = describe_object(
        {"list": LIST_NAME, "file": TEXT, "line": COUNT, "possible": FLAG}, optional=("possible",)
    )
    difference = describe_object({"field": {"enum": list(words.FIELDS)}, "between": TEXT})
    return describe_object(
        {
            "kind": KIND,
            "id": TEXT_OR_NULL,
            "sis": FLAG,
            "clever": FLAG,
            "app": FLAG,
            "lost_between": GAP,
            "places": describe_list(place),
            "differs": describe_list(difference),
            "reason": TEXT,
            "owner": OWNER,
            "sure": FLAG,
        }
    )
