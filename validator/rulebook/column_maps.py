"""Column map files: YAML that says which file and column of a raw SIS export hold our columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from validator import resources
from validator.model import (
    BadUsage,
    ColumnMap,
    ColumnSource,
    FileColumn,
    MappedTable,
    Position,
    Teaching,
    dataclass,
)
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean, parse_whole_number

SPLITS = ("Last, First", "First Last")
PARTS = ("first", "last")
MOST_SKIPPED = 19
NUMBERED = "with 'header: none', columns are given by number; the first column is 1"
NAME = "Contact_name"
"""The column that several columns may be together as a name, and not as an id."""
KEYS = ("file", "files", "skip", "header", "heading_rows", "only", "columns")
"""Keys that every table of a column map may have."""
MORE_KEYS: Mapping[str, tuple[str, ...]] = {
    "students": ("without",),
    "teachers": ("named_by",),
    "sections": ("teachers",),
    "enrollments": ("without",),
    "staff": ("without",),
}
"""Keys that only some tables of a column map have."""
NOT_MAPS = ("aliases", "codes")
"""Files in the folder of the bundled maps that are not maps."""


def list_bundled_maps() -> dict[str, Path]:
    """The maps that come with the program: id -> file."""
    paths = sorted(_find_folder().glob("*.yaml"))
    return {path.stem: path for path in paths if path.stem not in NOT_MAPS}


def load_column_map(wanted: str | Path, fields: Mapping[str, Sequence[str]]) -> ColumnMap:
    """The bundled map with this id, or the map in this file. Raises BadUsage.

    `fields`: table -> the columns that it may have.
    """
    bundled = list_bundled_maps()
    name = str(wanted)
    path = bundled.get(name, Path(name))
    if name not in bundled and path.suffix.lower() not in (".yaml", ".yml"):
        raise BadUsage(
            f"--columns has no map '{name}'. Available maps: {', '.join(bundled)}; or give the "
            f"path of a .yaml file{did_you_mean(name, bundled)}"
        )
    shown = f"rules/columns/{name}.yaml" if name in bundled else ""
    file = _File(yaml.load_document(path, shown), fields)
    file.mapping((), ("sis", "title", "notes", "tables"), "a column map")
    tables = file.mapping(("tables",), tuple(fields), "'tables'")
    if not tables:
        raise file.refusal(("tables",), "'tables' names no table")
    title = file.document.at("title") or (name if name in bundled else path.stem)
    mapped = tuple(file.table(table) for table in tables)
    return ColumnMap(file.document.name, str(title), mapped, file.combined, frozenset(file.names))


def _read_code_lists() -> Mapping[str, Mapping[str, str]]:
    """The bundled lists of codes: name -> value in the file -> value that it means."""
    lists: Mapping[str, Mapping[str, str]] = resources.read_bundled_yaml("columns/codes.yaml")
    return lists


def _find_folder() -> Path:
    """Return the rulebook's folder of bundled column maps."""
    return resources.find_rules() / "columns"


def _is_column_number(text: str) -> bool:
    """Return whether a column map's YAML names a column by its number."""
    return bool(parse_whole_number(text))


@dataclass(frozen=True)
class _File(yaml.Form):
    """A column map file, the columns that it may name, and those that it combines."""

    fields: Mapping[str, Sequence[str]]
    combined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def texts(self, keys: Keys) -> tuple[str, ...]:
        """The text or list of texts at these keys, not empty."""
        value = self.document.at(*keys)
        texts = value if isinstance(value, list) else [value]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.refusal(keys, f"'{keys[-1]}' must be a text or a list of texts")
        return tuple(text.strip() for text in texts)

    def word(self, keys: Keys, known: Sequence[str]) -> str:
        """The word at these keys, "" if there is none."""
        value = self.document.at(*keys)
        if value != "" and value not in known:
            raise self.refusal(keys, f"'{keys[-1]}' must be one of: {' | '.join(known)}")
        return str(value)

    def table(self, table: str) -> MappedTable:
        """Read one table of a column map's YAML."""
        keys: Keys = ("tables", table)
        known = (*KEYS, "guess", "note")
        more = MORE_KEYS.get(table, ())
        given = self.mapping(keys, (*known, *more), table)
        if "columns" not in given:
            raise self.refusal(keys, f"{table} needs 'columns'")
        headed = self.word((*keys, "header"), ("none",)) == ""
        columns = self.mapping((*keys, "columns"), self.fields[table], table)
        self.flag((*keys, "guess"))
        return MappedTable(
            table,
            files=self.files(keys, table),
            columns={name: self.source((*keys, "columns", name), headed) for name in columns},
            skip=self.skip((*keys, "skip")),
            headed=headed,
            only=self.filters((*keys, "only"), headed) if "only" in given else {},
            teaching=self.teaching((*keys, "teachers"), headed) if "teachers" in given else None,
            named_by=self.word((*keys, "named_by"), ("sections",)),
            without_teachers=self.word((*keys, "without"), ("teachers",)) != "",
            every="files" in given,
            heading_rows=2 if self.word((*keys, "heading_rows"), ("1", "2")) == "2" else 1,
        )

    def files(self, keys: Keys, owner: str) -> tuple[str, ...]:
        """Read which files a table of the column map's YAML is of: `file`, or all of `files`."""
        given = self.document.at(*keys)
        if "file" in given and "files" in given:
            raise self.refusal(
                keys,
                f"{owner} has both 'file' and 'files': use 'file' for one file (the first that is "
                "found), or 'files' for several that are one table",
            )
        if "file" not in given and "files" not in given:
            raise self.refusal(keys, f"{owner} needs 'file'")
        return self.texts((*keys, "files" if "files" in given else "file"))

    def teaching(self, keys: Keys, headed: bool) -> Teaching:
        """Read which file names the teachers of sections in a column map."""
        given = self.mapping(keys, ("file", "files", "section", "from", "only"), "teachers")
        for needed in ("section", "from"):
            if needed not in given:
                raise self.refusal(keys, f"'teachers' of sections needs '{needed}'")
        return Teaching(
            files=self.files(keys, "'teachers' of sections"),
            section=self.headings((*keys, "section"), headed),
            person=self.headings((*keys, "from"), headed),
            only=self.filters((*keys, "only"), headed) if "only" in given else {},
            every="files" in given,
        )

    def skip(self, keys: Keys) -> int:
        """Read in a column map's YAML how many rows above the header to skip."""
        text = self.document.at(*keys) or "0"
        rows = parse_whole_number(text) if isinstance(text, str) else None
        if rows is None or rows > MOST_SKIPPED:
            raise self.refusal(
                keys,
                f"'skip' must be the number of rows above the header, at most {MOST_SKIPPED}",
            )
        return rows

    def filters(self, keys: Keys, headed: bool) -> dict[FileColumn, tuple[str, ...]]:
        """Read the filters in a column map's YAML: column -> values in lower case of rows to
        keep."""
        filters = self.document.at(*keys)
        if not isinstance(filters, dict):
            raise self.refusal(keys, "'only' must map headings to the values of rows to keep")
        headers = self.locate(keys, tuple(filters), headed)
        values = ([text.lower() for text in self.texts((*keys, name))] for name in filters)
        return dict(zip(headers, map(tuple, values), strict=True))

    def source(self, keys: Keys, headed: bool) -> ColumnSource:
        """The source of one column: a heading, several to try, or a mapping with more."""
        value = self.document.at(*keys)
        if not isinstance(value, dict):
            return ColumnSource(self.headings(keys, headed))
        name = str(keys[-1])
        if "combine" in value:
            self.mapping(keys, ("combine", "guess"), name)
            return ColumnSource(self.headings(keys, headed))
        known = ("from", "split", "part", "decode", "file", "files", "join", "on", "guess")
        self.mapping(keys, (*known, "combine"), name)
        has_file = "file" in value or "files" in value
        if "from" not in value:
            raise self.refusal(keys, f"{name} needs 'from', the heading in the file")
        if ("split" in value) != ("part" in value):
            raise self.refusal(
                keys, "'split' and 'part' go together: split: \"Last, First\", part: last"
            )
        if has_file != ("join" in value):
            raise self.refusal(
                keys, "'file' and 'join' go together: the other file, and the column in both files"
            )
        self.flag((*keys, "guess"))
        key = self.headings((*keys, "join"), headed) if "join" in value else ()
        return ColumnSource(
            self.headings((*keys, "from"), headed),
            split=self.word((*keys, "split"), SPLITS),
            part=self.word((*keys, "part"), PARTS),
            codes=self.codes((*keys, "decode")) if "decode" in value else {},
            files=self.files(keys, name) if has_file else (),
            key=key,
            other_key=self.headings((*keys, "on"), headed) if "on" in value else key,
            every="files" in value,
        )

    def headings(self, keys: Keys, headed: bool) -> tuple[FileColumn, ...]:
        """Read the columns in a column map's YAML: headings, or numbers without a header.

        Several columns that are an id together have one heading: that of `combine`.
        """
        value = self.document.at(*keys)
        if isinstance(value, dict):
            return (self.combine(keys, headed),)
        return self.locate(keys, self.texts(keys), headed)

    def locate(self, keys: Keys, texts: Sequence[str], headed: bool) -> tuple[FileColumn, ...]:
        """Return the columns that texts in a column map's YAML name. Raises a refusal."""
        if headed:
            return tuple(texts)
        if not all(map(_is_column_number, texts)):
            raise self.refusal(keys, NUMBERED)
        return tuple(Position(int(text)) for text in texts)

    def combine(self, keys: Keys, headed: bool) -> str:
        """Read in a column map's YAML which columns are an id, or a name, together.

        Returns the heading of both.
        """
        self.mapping(keys, ("combine", "guess"), str(keys[-1]))
        parts = self.texts((*keys, "combine"))
        if len(parts) < 2 or not headed:
            raise self.refusal(
                keys, "'combine' must list the headings of at least two columns of the same file"
            )
        title = " and ".join(parts)
        if keys[-1] == NAME:
            self.names.add(title)
        self.combined[title] = parts
        return title

    def codes(self, keys: Keys) -> Mapping[str, str]:
        """Read the codes in a column map's YAML: a bundled list by name, or a list in place."""
        value = self.document.at(*keys)
        if isinstance(value, dict):
            return {code: "".join(self.texts((*keys, code))) for code in value}
        known = _read_code_lists()
        if value not in known:
            near = did_you_mean(str(value), known)
            raise self.refusal(
                keys,
                f"there is no list of codes '{value}'. Available lists: {', '.join(known)}; or "
                f'write the codes out, such as {{"0": Kindergarten}}{near}',
            )
        return known[value]

    def flag(self, keys: Keys) -> bool:
        """Whether the value at these keys is true."""
        return self.word(keys, ("true", "false")) == "true"
