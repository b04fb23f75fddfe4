"""A suggestion as text and as a column map, without the values of any record."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from validator.ingest.mapping.profile import ColumnProfile, FileProfile
from validator.ingest.mapping.suggestion import Match, Suggestion, Sure, TableMatch
from validator.model import Position
from validator.text import quote_yaml

_ONLY_TEACHERS = "people who are teachers and not students"
MOST_PARTS = 6
"""Files of one table that are named."""
WIDEST = 40
"""Characters of a heading that are printed."""


def format_text(suggestion: Suggestion) -> str:
    """Return the suggestion for people: tables, columns, evidence, and what is missing."""
    lines = [
        "This is a suggestion, read from headings and from the shape of the values. "
        "Nothing was applied.",
        "",
    ]
    for table in suggestion.tables:
        lines += [*_iterate_table(table, suggestion), ""]
    lines += _list_rest(suggestion)
    return "\n".join(lines).rstrip() + "\n"


def _iterate_table(table: TableMatch, suggestion: Suggestion) -> Iterator[str]:
    """Yield the lines about one table of a suggested column map."""
    yield f"{table.file.name} -> {table.table}  ({table.sure}: by {table.why})"
    if table.file.parts:
        yield f"  {len(table.file.parts)} files with the same headings: {_name_parts(table.file)}"
    yield from _iterate_notes(table)
    sources = {name: _format_source(match, table) for name, match in table.matches.items()}
    name_width, source_width = max(map(len, sources)), max(map(len, sources.values()))
    for name, match in table.matches.items():
        source = f"{sources[name]:{source_width}}"
        yield f"  {name:{name_width}}  {source}  {match.sure:6}  {match.why}"
    for heading, columns in table.doubts:
        yield f"  not taken: {_format_doubt(heading, columns)}"
    missing = suggestion.missing(table)
    if missing:
        yield f"  not found: {', '.join(missing)}"
    unused = _list_unused(table, suggestion)
    if unused:
        yield f"  not used: column{'s' * (len(unused) > 1)} {', '.join(map(str, unused))}"


def _iterate_notes(table: TableMatch) -> Iterator[str]:
    """Yield notes about the file of a table in a suggested column map."""
    if not table.file.headed:
        yield (
            "  it has no headings: columns are known by their number, and only where ids refer "
            "to each other"
        )
    elif table.file.heading_rows > 1:
        yield f"  its headings are on lines {table.file.line - 1} and {table.file.line}"
    elif table.file.line > 1:
        yield f"  its headings are on line {table.file.line}"
    for heading, values in table.only.items():
        yield f"  only rows whose {_shorten(heading)} is {' or '.join(values)}"
    if table.named_by:
        yield f"  only people named in {table.named_by}"
    if table.without_teachers:
        people = "teachers" if table.table != "enrollments" else _ONLY_TEACHERS
        yield f"  without the rows of {people}"
    if table.teaching is not None:
        teaching = table.teaching
        person, file = _shorten(teaching.person.heading), teaching.file.name
        yield f"  its teachers are in {person} of {file}, by {_shorten(teaching.section.heading)}"
    if table.equals:
        own = f"{table.file.name} (by {table.why}; {table.file.rows:,} rows)"
        rivals = [f"{name} (by {why})" for name, why in table.equals.items()]
        yield f"  not used, because these files fit equally well: {' or '.join([own, *rivals])}"
    elif table.others:
        yield f"  could also be: {', '.join(table.others)}"
    if table.status:
        headings = ", ".join(map(_shorten, table.status))
        yield f"  says which rows are active: {headings}; to keep only those, use `only`"


def _name_parts(file: FileProfile) -> str:
    """Return the names of the files that a suggested column map takes as one table."""
    shown = ", ".join(part.name for part in file.parts[:MOST_PARTS])
    more = len(file.parts) - MOST_PARTS
    return f"{shown} and {more} more" if more > 0 else shown


def _format_doubt(heading: str, columns: Sequence[str]) -> str:
    """Return a heading with several readings, and the column that each would mean."""
    meanings = " or ".join(column.replace("_", " ").lower() for column in columns)
    return (
        f"{_shorten(heading)} (spelled out, it may be {meanings}: map it to "
        f"{' or '.join(columns)} if you know which)"
    )


def _format_source(match: Match, table: TableMatch) -> str:
    """Return where a suggested column map takes a column from."""
    headed = (match.lender or table.file).headed
    text = _shorten(match.taken.heading) if headed else str(Position(match.taken.position))
    if match.split:
        text += f' ({match.part} of "{match.split}")'
    return f"{text} of {match.lender.name}" if match.lender else text


def _shorten(heading: str) -> str:
    """Shorten a long heading for a suggested column map."""
    return heading if len(heading) <= WIDEST else heading[: WIDEST - 1] + "…"


def _list_unused(table: TableMatch, suggestion: Suggestion) -> list[int]:
    """List the numbers of columns that a suggested column map leaves unused."""
    of_file = [other for other in suggestion.tables if other.file is table.file]
    if of_file[0] is not table:
        return []
    used = set()
    for other in of_file:
        own = [match.taken for match in other.matches.values() if not match.lender]
        used |= {part.position for column in own for part in (*column.parts, column)}
    return [column.position for column in table.file.columns if column.position not in used]


def _list_rest(suggestion: Suggestion) -> list[str]:
    """Return the tables that the suggested column map lacks, and the files that it does not use."""
    tables = {table.table for table in suggestion.tables}
    lenders = set()
    for table in suggestion.tables:
        lenders |= {match.lender.name for match in table.matches.values() if match.lender}
        if table.teaching is not None:
            lenders.add(table.teaching.file.name)
    lines = [
        f"No file was found that holds {file.table}."
        for file in suggestion.ours
        if file.required and file.table not in tables
    ]
    for file in _list_single(suggestion.files, lenders):
        if file.name in lenders or any(table.file is file for table in suggestion.tables):
            continue
        why = file.trouble
        if not why:
            why = "its headings name no table" if file.headed else "it has no headings"
        is_candidate = any(file.name in table.others for table in suggestion.tables)
        lines.append(f"Not used: {file.name}" + ("." if is_candidate else f" ({why})."))
    return lines + [f"Not used: {name} ({why})." for name, why in suggestion.hidden]


def _list_single(files: Sequence[FileProfile], lenders: Container[str]) -> Iterator[FileProfile]:
    """Yield the files of a suggestion; each alone where not all of them are used."""
    for file in files:
        is_parted = any(part.name in lenders for part in file.parts)
        yield from file.parts if is_parted else (file,)


def format_map(suggestion: Suggestion, name: str) -> str:
    """Return the suggestion as a column map, to be reviewed before it is used."""
    title = _collapse_blanks(name)
    lines = [
        f"# Column map for {title}, as suggested by `rosterready columns`. Read it before you "
        "use it:",
        "# the comment after each column says how sure the suggestion is and what it was read "
        "from.",
        "# Use it:  rosterready check EXPORT --columns THIS_FILE",
        "sis: other",
        "tables:",
    ]
    for table in suggestion.tables:
        lines += _list_map_lines(table, suggestion.missing(table))
    return "\n".join(lines) + "\n"


def _list_map_lines(table: TableMatch, missing: Sequence[str]) -> list[str]:
    """Return the lines of one table in a suggested column map."""
    lines = [
        "",
        f"  # {table.sure}: by {table.why}",
        f"  {table.table}:",
        *_list_file_lines(table),
    ]
    if table.others and not table.equals:
        lines.append(f"    # could also be: {_collapse_blanks(', '.join(table.others))}")
    if not table.file.headed:
        lines.append("    header: none")
    elif table.file.line > table.file.heading_rows:
        lines.append(f"    skip: {table.file.line - table.file.heading_rows}")
    if table.file.heading_rows > 1:
        lines.append(f"    heading_rows: {table.file.heading_rows}")
    lines += _list_filters(table)
    for heading in table.status:
        lines.append(
            "    # to keep active rows only, name the values that mean it:  "
            f"only: {{{_quote(heading)}: [...]}}"
        )
    lines.append("    columns:")
    for column, match in table.matches.items():
        lines.append(f"      {column}: {_format_entry(match, table)}  # {match.sure}: {match.why}")
    doubts = [
        f"      # {' or '.join(columns)}:   may be {_collapse_blanks(heading)}"
        for heading, columns in table.doubts
    ]
    return lines + doubts + [f"      # {column}:   not found" for column in missing]


def _list_file_lines(table: TableMatch) -> list[str]:
    """Return the lines of a column map that name the file; comments where several fit as well."""
    if not table.equals:
        return [f"    {_format_files(table.file)}"]
    lines = ["    # These files fit equally well: remove the # in front of the right one."]
    own = f"{_format_files(table.file)}    # by {table.why}; {table.file.rows:,} rows"
    rivals = [f"file: {_quote(name)}    # by {why}" for name, why in table.equals.items()]
    return [*lines, *(f"    # {line}" for line in (own, *rivals))]


def _format_files(file: FileProfile) -> str:
    """Return the entry of a column map that names a file, or several that are one table."""
    if not file.parts:
        return f"file: {_quote(file.name)}"
    return f"files: [{', '.join(_quote(part.name) for part in file.parts)}]"


def _list_filters(table: TableMatch) -> list[str]:
    """Return the lines that say which rows are kept, and where teachers come from."""
    lines = []
    if table.only:
        lines.append(f"    only: {_format_only(table.only)}")
    if table.named_by:
        lines.append(f"    named_by: {table.named_by}")
    if table.without_teachers:
        lines.append("    without: teachers")
    teaching = table.teaching
    if teaching is not None:
        parts = [
            _format_files(teaching.file),
            f"section: {_format_heading(teaching.section)}",
            f"from: {_quote(teaching.person.heading)}",
        ]
        if teaching.only:
            parts.append(f"only: {_format_only(teaching.only)}")
        lines.append(f"    teachers: {{{', '.join(parts)}}}")
    return lines


def _format_only(only: Mapping[str, Sequence[str]]) -> str:
    """Write the filter of rows in a suggested column map."""
    filters = [
        f"{_quote(heading)}: [{', '.join(map(_quote, values))}]" for heading, values in only.items()
    ]
    return f"{{{', '.join(filters)}}}"


def _format_entry(match: Match, table: TableMatch) -> str:
    """Return the value of a column in a column map."""
    headed = table.file.headed
    source = _format_heading(match.taken) if headed else str(match.taken.position)
    if match.taken.parts:
        return source
    parts = [f"from: {source}"]
    if match.split:
        parts += [f"split: {_quote(match.split)}", f"part: {match.part}"]
    if match.decode:
        parts.append(f"decode: {match.decode}")
    if match.lender and match.key and match.lender_key:
        parts += [
            _format_files(match.lender),
            f"join: {_quote(match.key.heading)}",
            f"on: {_quote(match.lender_key.heading)}",
        ]
    if match.sure is Sure.GUESS:
        parts.append("guess: true")
    return source if len(parts) == 1 else f"{{{', '.join(parts)}}}"


def _format_heading(column: ColumnProfile) -> str:
    """Return a column in a suggested column map: its heading, or those of its parts."""
    if not column.parts:
        return _quote(column.heading)
    return f"{{combine: [{', '.join(_quote(part.heading) for part in column.parts)}]}}"


def _quote(text: str) -> str:
    """Quote a name for the YAML of a suggested column map, so that it is valid anywhere."""
    is_plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_ .()-]*[A-Za-z0-9_.()]", text)
    return text if is_plain else quote_yaml(text)


def _collapse_blanks(text: str) -> str:
    """Collapse blanks and line breaks of a text for one line of a suggested column map."""
    return re.sub(r"\s+", " ", text)
