"""Terms of sections: unreadable, over, not yet begun."""

from __future__ import annotations

import datetime as dt

from validator import frame
from validator.checks.declaration import check
from validator.frame.values import NO_DAY, to_day_number
from validator.model import Finding, Table


@check()
def unreadable(sections: Table, *, start: str, end: str) -> Finding:
    """Sections with a term that ends before it starts, or a value that is not a date, each once."""
    first, last = frame.parse_days(sections, start), frame.parse_days(sections, end)
    blocks = []
    for column in (start, end):
        values = frame.encode(sections, column)
        wrong = values.broadcast(frame.parse_dates(sections, column).invalid)
        blocks.append(frame.place_rows(sections, wrong, column, notes="not a date"))
    reversed_days = (first != NO_DAY) & (last != NO_DAY) & (last < first)
    turned = frame.place_rows(sections, reversed_days, end, notes="ends before it starts")
    return Finding([*frame.count_once(blocks), turned], of=len(sections))


@check(wants=("today",))
def future(sections: Table, *, column: str, today: dt.date) -> Finding:
    """Sections whose term starts after today."""
    days = frame.parse_days(sections, column)
    return frame.report_rows(sections, days > to_day_number(today), column)


@check(wants=("today",))
def over(sections: Table, *, column: str, today: dt.date) -> Finding:
    """Sections whose term ended before today."""
    days = frame.parse_days(sections, column)
    ended = (days != NO_DAY) & (days < to_day_number(today))
    return frame.report_rows(sections, ended, column)
