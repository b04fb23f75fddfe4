"""Column maps: which file and which column of a student information system's own export is which of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from validator import resources
from validator.files import whole_number
from validator.model import BadUsage, ColumnMap, Mapped, Taken
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean

SPLITS = ("Last, First", "First Last")
PARTS = ("first", "last")
MOST_SKIPPED = 19
NUMBERED = "with 'header: none' a column is given by its number, the first is 1"
NOT_MAPS = ("aliases", "codes")
"""Files beside the shipped maps that are none."""


def shipped() -> dict[str, Path]:
    """The maps that come with the program, by id."""
    return {
        path.stem: path for path in sorted(_folder().glob("*.yaml")) if path.stem not in NOT_MAPS
    }


def load(wanted: str | Path, fields: Mapping[str, Sequence[str]]) -> ColumnMap:
    """The map of that id or in that file; `fields`: the columns that each table may have. Raises BadUsage."""
    known = shipped()
    name = str(wanted)
    path = known.get(name, Path(name))
    if name not in known and path.suffix.lower() not in (".yaml", ".yml"):
        raise BadUsage(
            f"--columns knows no map '{name}'; there are: {', '.join(known)}, or give the path of a .yaml "
            f"file{did_you_mean(name, known)}"
        )
    file = _File(yaml.load(path, f"rules/columns/{name}.yaml" if name in known else ""), fields)
    file.mapping((), ("sis", "title", "notes", "tables"), "a column map")
    tables = file.mapping(("tables",), tuple(fields), "'tables'")
    if not tables:
        raise file.refused(("tables",), "'tables' names no table")
    title = file.document.at("title") or (name if name in known else path.stem)
    return ColumnMap(file.document.name, str(title), tuple(file.table(table) for table in tables))


def _codes() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = resources.read_yaml("columns/codes.yaml")
    return found


def _folder() -> Path:
    return resources.rules() / "columns"


def _is_number(text: str) -> bool:
    return bool(whole_number(text))


@dataclass(frozen=True)
class _File(yaml.Form):
    """A map as it stands, and what it may name."""

    fields: Mapping[str, Sequence[str]]

    def texts(self, keys: Keys) -> tuple[str, ...]:
        """The text or the list of texts at these keys, which hold something."""
        value = self.document.at(*keys)
        found = value if isinstance(value, list) else [value]
        if not found or not all(isinstance(text, str) and text.strip() for text in found):
            raise self.refused(keys, f"'{keys[-1]}' is a text or a list of texts")
        return tuple(text.strip() for text in found)

    def word(self, keys: Keys, known: Sequence[str]) -> str:
        """The one word at these keys, "" where nothing stands there."""
        value = self.document.at(*keys)
        if value != "" and value not in known:
            raise self.refused(keys, f"'{keys[-1]}' is one of: {' | '.join(known)}")
        return str(value)

    def table(self, table: str) -> Mapped:
        """One table of the map."""
        keys: Keys = ("tables", table)
        given = self.mapping(
            keys, ("file", "skip", "header", "only", "columns", "guess", "note"), f"{table}"
        )
        for needed in ("file", "columns"):
            if needed not in given:
                raise self.refused(keys, f"{table} needs '{needed}'")
        skip = self.document.at(*keys, "skip") or "0"
        rows = whole_number(skip) if isinstance(skip, str) else None
        if rows is None or rows > MOST_SKIPPED:
            raise self.refused(
                (*keys, "skip"),
                f"'skip' is how many rows stand above the header, at most {MOST_SKIPPED}",
            )
        headed = self.word((*keys, "header"), ("none",)) == ""
        columns = self.mapping((*keys, "columns"), self.fields[table], table)
        taken = {name: self.taken((*keys, "columns", name), headed) for name in columns}
        filters = given.get("only", {})
        if not isinstance(filters, dict):
            raise self.refused(
                (*keys, "only"), "'only' is a mapping of headings to the values that are kept"
            )
        if not headed and not all(map(_is_number, filters)):
            raise self.refused((*keys, "only"), NUMBERED)
        only = {
            heading: tuple(text.lower() for text in self.texts((*keys, "only", heading)))
            for heading in filters
        }
        return Mapped(
            table,
            self.texts((*keys, "file")),
            taken,
            rows,
            headed,
            only,
            self.yes((*keys, "guess")),
        )

    def taken(self, keys: Keys, headed: bool) -> Taken:
        """Where one column comes from: a heading, several to try, or a mapping that says more."""
        value = self.document.at(*keys)
        if not isinstance(value, dict):
            return Taken(self.headings(keys, headed))
        name = str(keys[-1])
        self.mapping(keys, ("from", "split", "part", "decode", "file", "join", "on", "guess"), name)
        if "from" not in value:
            raise self.refused(keys, f"{name} needs 'from', the heading in the file")
        if ("split" in value) != ("part" in value):
            raise self.refused(
                keys, "'split' and 'part' go together: split: \"Last, First\", part: last"
            )
        if ("file" in value) != ("join" in value):
            raise self.refused(
                keys, "'file' and 'join' go together: the other file, and the column that both have"
            )
        key = self.headings((*keys, "join"), headed) if "join" in value else ()
        return Taken(
            self.headings((*keys, "from"), headed),
            self.word((*keys, "split"), SPLITS),
            self.word((*keys, "part"), PARTS),
            self.codes((*keys, "decode")) if "decode" in value else {},
            self.texts((*keys, "file")) if "file" in value else (),
            key,
            self.headings((*keys, "on"), headed) if "on" in value else key,
            self.yes((*keys, "guess")),
        )

    def headings(self, keys: Keys, headed: bool) -> tuple[str, ...]:
        """Headings of a file, or numbers of columns where it has none."""
        found = self.texts(keys)
        if not headed and not all(map(_is_number, found)):
            raise self.refused(keys, NUMBERED)
        return found

    def codes(self, keys: Keys) -> Mapping[str, str]:
        """What each value stands for: a named list that comes with the program, or a list in place."""
        value = self.document.at(*keys)
        if isinstance(value, dict):
            return {code: "".join(self.texts((*keys, code))) for code in value}
        known = _codes()
        if value not in known:
            near = did_you_mean(str(value), known)
            raise self.refused(
                keys,
                f"there is no list of codes '{value}'; there are: {', '.join(known)}, or write "
                f'one out, such as {{"0": Kindergarten}}{near}',
            )
        return known[value]

    def yes(self, keys: Keys) -> bool:
        """Whether this is marked as true."""
        return self.word(keys, ("true", "false")) == "true"
