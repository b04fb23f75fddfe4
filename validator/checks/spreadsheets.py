"""Ids that a spreadsheet, or a program that takes ids for numbers, changed."""

from __future__ import annotations

import numpy as np

from validator import frame
from validator.frame.values import match_pattern
from validator.model import Cause, Finding, Table

ERRORS = r"#N/A|#REF!|#VALUE!|#NAME\?|#NUM!|#NULL!|#DIV/0!|##+"
DESTROYED = rf'^([0-9]\.[0-9]+[eE]\+?[0-9]+|[0-9]+(\.[0-9]+)?[eE]\+[0-9]+|{ERRORS}|=".*")$'
"""What becomes of a long id; 7E05 alone is a legal code."""
MARKS = r"[+#=]|\.[0-9]+[eE]"
"""One of these is in every id that was destroyed; hardly a column holds one."""


def ids(*tables: Table | None, cause_from: int) -> Finding:
    """Ids that a spreadsheet damaged: 1.23E+11, #N/A, ########, ="0042"; and 1001.0 or '1001 where another file has
    1001. At least `cause_from` rows with or among such references have one root cause."""
    present = {table.name: table for table in tables if table is not None and len(table)}
    found = _destroyed(present)
    blocks = [
        frame.place_rows(present[name], rows, column) for (name, column), rows in found.items()
    ]
    explained = 0
    for (name, column), (rows, other) in _added_to(present).items():
        explained += int(rows.sum())
        blocks.append(
            frame.place_rows(
                present[name],
                rows,
                column,
                notes=f"matches {other} once .0 at its end or ' before it is left out",
            )
        )
    finding = frame.count_rows_once(blocks, tables)
    return Finding(
        finding.places, of=finding.of, cause=Cause(explained) if explained >= cause_from else None
    )


def _destroyed(tables: dict[str, Table]) -> dict[tuple[str, str], np.ndarray]:
    """Per table and column, the rows whose id is no id any more."""
    out = {}
    for table in tables.values():
        for column in table.rows.columns:
            if not column.endswith(("_id", "_number")) or column == "Section_number":
                continue
            if match_pattern(frame.get_values(table, column), MARKS).any():
                values = frame.encode(table, column)
                rows = values.broadcast(match_pattern(values.values, DESTROYED))
                if rows.any():
                    out[table.name, column] = rows
    return out


def _added_to(tables: dict[str, Table]) -> dict[tuple[str, str], tuple[np.ndarray, str]]:
    """Per table and column, the rows whose id bears a mark that ids of another file do not, and the name of that file;
    the reference or the id that it points at."""
    out: dict[tuple[str, str], tuple[np.ndarray, str]] = {}
    for table in tables.values():
        for column, target in frame.list_references(table):
            other = tables.get(target)
            rows = (
                frame.mark_marked(table, column, other)
                if other is not None and other is not table
                else None
            )
            if other is None or rows is None or not rows.any():
                continue
            own = frame.encode(table, column)
            mine = rows & own.broadcast(match_pattern(own.values, frame.MARK))
            theirs = frame.expand_to_key(
                other, frame.locate_rows(table, column, other)[rows & ~mine]
            )
            for there, at, marked, file in (
                (table, column, mine, other.file),
                (other, other.key, theirs, table.file),
            ):
                if marked.any():
                    seen = out.get((there.name, at), (marked, file))
                    out[there.name, at] = seen[0] | marked, seen[1]
    return out
