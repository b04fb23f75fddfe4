"""Whether the last row of a file is no record but a total, or a note of the report's run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validator.frame import values

_FOOTER = re.compile(
    r"\W*(grand |sub)?-?totals?\b|\W*(row|record)? ?count\b|\W*(report|file)? ?(run|printed|generated|exported|created)"
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
    rf"|\W*(\w+ )?{_MANY} ({_MADE}|listed|found|selected|written|in (this|the) (file|report|list|export))\b"
    rf"|\W*(\w+ )?{_MANY} ?[:=]\W*[0-9,]*$",
    re.I,
)
_NOTE = re.compile(
    r"\W*end of (the |this )?(report|file|data|list|listing|export|extract|records)\b"
    rf"|\W*((this )?(report|file|list|data|export|extract) )?((was|is) )?{_MADE} (on|at|by|from)\b",
    re.I,
)


def is_footer(row: Sequence[str]) -> bool:
    """Whether a row at the end of a file, not all of whose cells are filled, counts the rows or tells of the run.

    Words that a name may begin with too are believed where nothing follows, words that count also before one number.
    """
    cells = [cell.strip(values.BLANKS) for cell in row]
    first, *rest = filter(None, cells)
    alone = not rest and bool(cells[0])
    counts = cells[0] == first and rest == cells[1:2] and "".join(rest).replace(",", "").isdecimal()
    return bool(
        _FOOTER.match(first)
        or ((alone or counts) and _COUNT.match(first))
        or (alone and _NOTE.match(first))
    )
