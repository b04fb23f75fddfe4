"""An export: the roster's tables, its files, and what reading them found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from validator.model.acceptance import TAKES_ALL, Acceptance
from validator.model.data_classes import dataclass
from validator.model.findings import Places
from validator.model.tables import SourceFile, Table


@dataclass(frozen=True, eq=False)
class Originals:
    """The tables of an export's own files as they were read, and how the roster is built from them.

    rebuild: returns the export of other tables in place of these, by the same names.
    """

    tables: Mapping[str, Table]
    rebuild: Callable[[Mapping[str, Table]], Export]


@dataclass(frozen=True, eq=False)
class Export:
    """Everything that was read from one export.

    format, format_version: the id of the format, and its version where it has one.
    tables: the roster's tables that could be read or built, by name (`students`, `sections`,
        `enrollments` ...).
    file_tables: where the files are other tables than the roster, those as the format has them, by
        the name of the file (`users.csv`).
    files: the files of the export, also those that are not tables.
    defects: what reading itself found, by rule id.
    absent: table -> why it is missing or not usable, for tables that should be there.
    unsupported: tables that this format never has.
    required: tables that the format demands.
    files_expected: table -> the exact file name that the format wants.
    name: the name of the folder or archive.
    header_only: tables whose file has a header and no rows.
    partial: why the files need not hold the whole roster ("this is a delta export"), or "".
    acceptance: what the destination does with departures from the format.
    columns_required: table -> the columns without which the destination takes no record of it.
    originals: the tables as they were read, before the roster was built from them.
    """

    format: str
    format_version: str | None
    tables: Mapping[str, Table]
    files: Sequence[SourceFile]
    defects: Mapping[str, Sequence[Places]]
    absent: Mapping[str, str]
    unsupported: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    files_expected: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    header_only: frozenset[str] = frozenset()
    partial: str = ""
    acceptance: Acceptance = TAKES_ALL
    columns_required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    originals: Originals | None = field(default=None, repr=False)
    file_tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def all_tables(self) -> dict[str, Table]:
        """The tables of the format's own files and of the roster, by name."""
        return {**self.file_tables, **self.tables}

    def find(self, name: str) -> Table | None:
        """Return the table of the roster, or of the format's own file, with this name."""
        table = self.tables.get(name)
        return table if table is not None else self.file_tables.get(name)

    def with_tables(self, tables: Mapping[str, Table]) -> Export:
        """Return the export with these tables in place of the ones of the same names."""
        own = {name: table for name, table in tables.items() if name in self.file_tables}
        roster = {name: table for name, table in tables.items() if name not in own}
        return replace(
            self,
            tables={**self.tables, **roster},
            file_tables={**self.file_tables, **own},
        )
