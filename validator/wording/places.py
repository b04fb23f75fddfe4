"""Files and line numbers of a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from validator.model import Outcome, Places
from validator.wording.numbers import format_more, format_number, join_words


def describe_place(outcome: Outcome, most: int = 3) -> str:
    """Return the shared wording of a finding's place: files and first lines; "" without any."""
    if outcome.finding is None:
        return ""
    places = outcome.finding.places
    if not outcome.rule.lists:
        places = [replace(block, listed=False) for block in places]
    return describe_lines(places, most)


def describe_lines(places: Sequence[Places], most: int = 3) -> str:
    """Return the shared wording of files and lines: `a.csv, lines 14, 88 and 9 more`."""
    files: dict[str, list[Places]] = {}
    for block in (piece for each in places for piece in each.split()):
        if block.listed or block.count:
            files.setdefault(block.file, []).append(block)
    named = _count_named(len(files), most)
    texts = [_render_lines(file, blocks, most) for file, blocks in list(files.items())[:named]]
    if named < len(files):
        texts.append(f"and {format_more(len(files) - named, 'file')}")
    return "; ".join(texts)


def format_line(first: int, last: int | None = None) -> str:
    """Return a record's line number, or its range if it spans several lines: `14`, `14-16`."""
    return f"{first}-{last}" if last is not None and last > first else str(first)


def _count_named(count: int, most: int) -> int:
    """Return how many items a wording names; never "and 1 more", since naming it is as short."""
    return count if count <= most + 1 else most


def _render_lines(file: str, blocks: Sequence[Places], most: int) -> str:
    """Return the shared wording of a file name with the first lines of its places."""
    import numpy as np  # imported here because `explain` starts without it

    listed = [block for block in blocks if block.listed and len(block)]
    last = max((int(block.lines.max()) for block in listed), default=0)
    seen = np.zeros(last + 1, bool)  # np.unique takes seconds
    for block in listed:
        seen[block.lines] = True
    seen[0] = False  # line 0 is the file as a whole
    lines = np.flatnonzero(seen)
    if not len(lines):
        return file
    named = _count_named(len(lines), most)
    ends: dict[int, int] = {}
    for block in blocks:
        if block.end_lines is not None:
            shown = np.isin(block.lines, lines[:named])
            ends |= zip(block.lines[shown].tolist(), block.end_lines[shown].tolist(), strict=True)
    names = [format_line(int(line), ends.get(int(line))) for line in lines[:named]]
    rest = len(lines) - len(names)
    if rest:
        names.append(f"{format_number(rest)} more")
    label = "line" if len(names) == 1 and "-" not in names[0] else "lines"
    return f"{file}, {label} {join_words(names)}"
