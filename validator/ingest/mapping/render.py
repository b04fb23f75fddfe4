"""A suggestion in words, and as a column map; neither ever holds a value of a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from validator.ingest.mapping.suggestion import Match, Suggestion, Sure, TableMatch

WIDEST = 40
"""Characters of a heading that are printed."""


def format_text(suggestion: Suggestion) -> str:
    """Which file holds what, which column is which, how sure, why, and what is missing, for people."""
    lines = [
        "This is a suggestion, read from headings and from the shape of the values. Nothing was applied.",
        "",
    ]
    for told in suggestion.tables:
        lines += [
            f"{told.file.name} -> {told.table}  ({told.sure}: by {told.why})",
            *_iterate_notes(told),
        ]
        width = max(len(name) for name in told.matches)
        across = max(len(_format_source(match, told)) for match in told.matches.values())
        for name, match in told.matches.items():
            lines.append(
                f"  {name:{width}}  {_format_source(match, told):{across}}  {match.sure:6}  {match.why}"
            )
        missing = suggestion.missing(told)
        if missing:
            lines.append(f"  not found: {', '.join(missing)}")
        unused = _list_unused(told, suggestion)
        if unused:
            lines.append(
                f"  not used: column{'s' * (len(unused) > 1)} {', '.join(map(str, unused))}"
            )
        lines.append("")
    lines += _list_rest(suggestion)
    return "\n".join(lines).rstrip() + "\n"


def _iterate_notes(told: TableMatch) -> Iterator[str]:
    if not told.file.headed:
        yield "  it has no headings: columns are told by their number, and only where ids refer to each other"
    elif told.file.line > 1:
        yield f"  its headings stand on line {told.file.line}"
    if told.others:
        yield f"  could be meant as well: {', '.join(told.others)}"
    if told.status:
        yield f"  says which rows are active: {', '.join(map(_shorten, told.status))}; to keep only those, use `only`"


def _format_source(match: Match, told: TableMatch) -> str:
    """Where a column is taken from."""
    headed = (match.lender or told.file).headed
    text = _shorten(match.taken.heading) if headed else f"column {match.taken.position}"
    if match.split:
        text += f' ({match.part} of "{match.split}")'
    return f"{text} of {match.lender.name}" if match.lender else text


def _shorten(heading: str) -> str:
    return heading if len(heading) <= WIDEST else heading[: WIDEST - 1] + "…"


def _list_unused(told: TableMatch, suggestion: Suggestion) -> list[int]:
    """The numbers of the columns of a table's file that nothing takes; only with the file's first table."""
    same = [other for other in suggestion.tables if other.file is told.file]
    if same[0] is not told:
        return []
    taken = {
        match.taken.position
        for other in same
        for match in other.matches.values()
        if match.lender is None
    }
    return [column.position for column in told.file.columns if column.position not in taken]


def _list_rest(suggestion: Suggestion) -> list[str]:
    """What was not found and which files are not used."""
    found = {told.table for told in suggestion.tables}
    lent = {
        match.lender.name
        for told in suggestion.tables
        for match in told.matches.values()
        if match.lender
    }
    lines = [
        f"No file was found that holds {file.table}."
        for file in suggestion.ours
        if file.required and file.table not in found
    ]
    for file in suggestion.files:
        if file.name not in lent and not any(told.file is file for told in suggestion.tables):
            why = file.trouble or (
                "it has no headings" if not file.headed else "its headings name no table"
            )
            meant = any(file.name in told.others for told in suggestion.tables)
            lines.append(f"Not used: {file.name}" + ("." if meant else f" ({why})."))
    return lines + [f"Not used: {name} ({why})." for name, why in suggestion.hidden]


def format_map(suggestion: Suggestion, name: str) -> str:
    """The suggestion as a column map, ready to be read, changed and used."""
    lines = [
        f"# Column map for {_collapse_blanks(name)}, as suggested by `rosterready columns`. Read it before you use it:",
        "# after each column stands how sure the suggestion is and what it was read from.",
        "# Use it:  rosterready check EXPORT --columns THIS_FILE",
        "sis: other",
        "tables:",
    ]
    for told in suggestion.tables:
        lines += [
            "",
            f"  # {told.sure}: by {told.why}",
            f"  {told.table}:",
            f"    file: {_quote(told.file.name)}",
        ]
        if told.others:
            lines.append(
                f"    # could be meant as well: {_collapse_blanks(', '.join(told.others))}"
            )
        if not told.file.headed:
            lines.append("    header: none")
        elif told.file.line > 1:
            lines.append(f"    skip: {told.file.line - 1}")
        lines += [
            f"    # to keep active rows only, name the values that mean it:  only: {{{_quote(heading)}: [...]}}"
            for heading in told.status
        ]
        lines.append("    columns:")
        lines += [
            f"      {column}: {_format_entry(match, told)}  # {match.sure}: {match.why}"
            for column, match in told.matches.items()
        ]
        lines += [f"      # {column}:   not found" for column in suggestion.missing(told)]
    return "\n".join(lines) + "\n"


def _format_entry(match: Match, told: TableMatch) -> str:
    headed = told.file.headed
    taken = _quote(match.taken.heading) if headed else str(match.taken.position)
    parts = [f"from: {taken}"]
    if match.split:
        parts += [f"split: {_quote(match.split)}", f"part: {match.part}"]
    if match.lender and match.key and match.lender_key:
        parts += [
            f"file: {_quote(match.lender.name)}",
            f"join: {_quote(match.key.heading)}",
            f"on: {_quote(match.lender_key.heading)}",
        ]
    if match.sure is Sure.GUESS:
        parts.append("guess: true")
    return taken if len(parts) == 1 else f"{{{', '.join(parts)}}}"


def _quote(text: str) -> str:
    """The text as YAML takes it in any place."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_ .()-]*[A-Za-z0-9_.()]", text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _collapse_blanks(text: str) -> str:
    return re.sub(r"\s+", " ", text)
