"""Files that a repair or a conversion writes, and what could not be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from validator.model import FileColumn, dataclass

NOT_WRITTEN = "It cannot be written: "
"""The words before the reason why a file of the destination is not in the copy."""


@dataclass(frozen=True, eq=False)
class WrittenFile:
    """One file to write: its name, and its bytes in pieces that are iterated once.

    `table`: our name of the table that it holds, "" for a manifest. `rows`: its records.
    """

    name: str
    pieces: Iterable[bytes]
    table: str = ""
    rows: int = 0


@dataclass(frozen=True)
class LeftOut:
    """Something of the export that the destination has no place for, or that was not written.

    `file` is the name of the export's file and `column` its header or our name, "" for whole
    files and rows; `count` is the number of cells or rows; `reason` is one public sentence.
    `is_trivial`: whether it is no fact about a person or a section.
    """

    file: str
    column: FileColumn
    count: int
    reason: str
    is_trivial: bool = False


@dataclass(frozen=True)
class NotWritten:
    """A file of the destination that cannot be written.

    `columns` are the required columns that the export does not have, if that is the reason.
    """

    name: str
    reason: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Written:
    """The files to write, in order, and what they leave out.

    `left_out` begins with `notes` and with `not_written`, for outputs that list everything.
    `notes`: public sentences about whole files, such as that the export holds changes only.
    `not_written`: files of the destination that cannot be written.
    """

    files: Sequence[WrittenFile]
    left_out: Sequence[LeftOut] = ()
    not_written: Sequence[NotWritten] = ()
    notes: Sequence[LeftOut] = ()
