"""Footers: totals and run notes at the end of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator.text import BLANKS

_FOOTER = re.compile(
    r"\W*(grand |sub)?-?totals?\b|\W*(row|record)? ?count\b"
    r"|\W*(report|file)? ?(run|printed|generated|exported|created)"
    r" ?(on|at|by|date|time)?\b\W*([0-9]|$)|\W*report (run|date|time|generated|created|printed)\b"
    r"|\W*end of (report|file|data)|\W*page [0-9]"
    r"|\W*[0-9][0-9,]* (rows?|records?|students?|teachers?|sections?|enrollments?|schools?)\b",
    re.I,
)
_MADE = r"(run|printed|generated|exported|created|extracted|downloaded|produced|prepared)"
_MANY = r"(rows|records|students|teachers|staff|sections|classes|courses|enrollments|schools|users)"
_ONE = r"(row|record|student|teacher|staff|section|class|course|enrollment|school|user)"
_COUNT = re.compile(
    rf"\W*(total )?(number|no\.?|#|count|sum) of (the )?(\w+ )?{_MANY}\b"
    rf"|\W*(\w+ )?({_ONE}|{_MANY}) (count|total)s?\b"
    rf"|\W*(\w+ )?{_MANY} "
    rf"({_MADE}|listed|found|selected|written|in (this|the) (file|report|list|export))\b"
    rf"|\W*(\w+ )?{_MANY} ?[:=]\W*[0-9,]*$",
    re.I,
)
_NOTE = re.compile(
    r"\W*end of (the |this )?(report|file|data|list|listing|export|extract|records)\b"
    rf"|\W*((this )?(report|file|list|data|export|extract) )?((was|is) )?{_MADE} (on|at|by|from)\b",
    re.I,
)


_TOTAL = re.compile(
    rf"\W*(grand )?totals?( (number|no\.?|count) of)?( (\w+ )?({_MANY}|{_ONE}))?\W*", re.I
)


def is_total(row: Sequence[str]) -> bool:
    """Return whether a row of two cells at the end of a file is a total: a label and a number."""
    cells = [cell.strip(BLANKS) for cell in row]
    is_pair = len(cells) == 2 and cells[1].replace(",", "").isdecimal()
    return is_pair and bool(_TOTAL.fullmatch(cells[0]))


def is_footer(row: Sequence[str]) -> bool:
    """Return whether a partly filled row at the end of a file is a total or a note about its run.

    Words that could begin a name count only if no other cell is filled; words for a count may be
    followed by one number.
    """
    cells = [cell.strip(BLANKS) for cell in row]
    first, *rest = filter(None, cells)
    is_alone = not rest and bool(cells[0])
    has_count = (
        cells[0] == first and rest == cells[1:2] and "".join(rest).replace(",", "").isdecimal()
    )
    return bool(
        _FOOTER.match(first)
        or ((is_alone or has_count) and _COUNT.match(first))
        or (is_alone and _NOTE.match(first))
    )
