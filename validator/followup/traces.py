"""The origin of a workbook, read from its properties without opening its sheets."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from pathlib import Path

from validator import files
from validator.model import Report, dataclass

PREFIX = "rosterready "
"""The start of the names of our document properties, which every spreadsheet program keeps."""

PROPERTIES = "docProps/custom.xml"

LARGEST_PROPERTIES = 1 << 20

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
"""The first bytes of .xls files and of workbooks with a password."""

ZIP_SIGNATURE = b"PK"

FIRST_DAY, OWNER_ONLY = (1980, 1, 1, 0, 0, 0), 0o600 << 16
"""Date and attributes of every part of a workbook that we wrote and that nobody has saved since."""

RICH_PARTS = re.compile(
    r"xl/(comments|threadedComments|persons|media|charts|chartsheets|pivot|embeddings|ctrlProps"
    r"|slicers|vbaProject|ink|diagrams)"
)
"""Parts of a workbook that are not carried over: remarks, pictures, charts, pivot tables."""

_PROPERTY = re.compile(
    r'<property\b[^>]*\bname="([^"]*)"[^>]*>\s*<(?:\w+:)?lpwstr>([^<]*)<', re.ASCII
)


class Kind(Enum):
    """The kind of file where a work-list should be."""

    MISSING = "missing"
    OURS = "ours"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Trace:
    """The origin of a workbook.

    made: when we wrote it, None where that is not known. profiles: what it was checked for.
    is_saved: whether another program saved it since. has_words: whether we wrote words of people
    into it. is_rich: whether it has parts that are not carried over. is_workbook: whether it has
    the parts of a workbook. records: table -> records at that time. sheets: title -> digest of its
    texts.
    """

    kind: Kind
    made: dt.datetime | None = None
    profiles: tuple[str, ...] = ()
    is_saved: bool = False
    has_words: bool = False
    is_rich: bool = False
    is_workbook: bool = True
    records: Mapping[str, int] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_have_words(self) -> bool:
        """Whether somebody may have typed something into this work-list of an earlier run."""
        return self.is_saved or self.has_words


def describe_origin(report: Report, *, has_words: bool) -> dict[str, str]:
    """Return the document properties by which the next run knows a work-list as ours."""
    made = f"{report.generated_at:%Y-%m-%dT%H:%M:%SZ}" if report.generated_at else ""
    return {
        f"{PREFIX}made": made,
        f"{PREFIX}profiles": ",".join(profile.id for profile in report.profiles),
        f"{PREFIX}records": ",".join(f"{name}={count}" for name, count in report.counts.items()),
        f"{PREFIX}words": "yes" if has_words else "no",
    }


def name_sheet(title: str) -> str:
    """Return the name of the property that holds the digest of a work-list's sheet."""
    return f"{PREFIX}sheet {title}"


def trace(path: Path) -> Trace:
    """Return what a work-list's file says about its origin. Raises OSError."""
    if not path.exists():
        return Trace(Kind.MISSING)
    with files.open_regular(path) as file:
        start = file.read(8)
    if not start or start.startswith(OLE_SIGNATURE):
        return Trace(Kind.UNREADABLE, is_saved=bool(start))
    if not start.startswith(ZIP_SIGNATURE):
        return Trace(Kind.UNREADABLE, is_saved=True, is_workbook=False)
    try:
        with zipfile.ZipFile(path) as book:
            return _trace_parts(book)
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError):
        return Trace(Kind.UNREADABLE, is_saved=True)


def _trace_parts(book: zipfile.ZipFile) -> Trace:
    """Read the origin of a work-list from its properties, without opening its sheets."""
    entries = book.infolist()
    is_saved = any(
        entry.date_time != FIRST_DAY or entry.external_attr != OWNER_ONLY for entry in entries
    )
    names = [entry.filename for entry in entries]
    is_rich = any(RICH_PARTS.match(name) for name in names)
    properties = _read_properties(book) if PROPERTIES in names else {}
    if not properties:
        is_workbook = "xl/workbook.xml" in names
        return Trace(Kind.FOREIGN, is_saved=True, is_rich=is_rich, is_workbook=is_workbook)
    records = (pair.partition("=") for pair in properties.get("records", "").split(","))
    return Trace(
        Kind.OURS,
        made=_parse_moment(properties.get("made", "")),
        profiles=tuple(filter(None, properties.get("profiles", "").split(","))),
        is_saved=is_saved,
        has_words=properties.get("words") == "yes",
        is_rich=is_rich,
        records={
            name: int(count) for name, _, count in records if count.isascii() and count.isdigit()
        },
        sheets={
            name.removeprefix("sheet "): text
            for name, text in properties.items()
            if name.startswith("sheet ")
        },
    )


def _read_properties(book: zipfile.ZipFile) -> dict[str, str]:
    """Return our document properties, without their common prefix."""
    if book.getinfo(PROPERTIES).file_size > LARGEST_PROPERTIES:
        return {}
    text = book.read(PROPERTIES).decode("utf-8", "replace")
    pairs = [(html.unescape(name), html.unescape(value)) for name, value in _PROPERTY.findall(text)]
    return {name.removeprefix(PREFIX): value for name, value in pairs if name.startswith(PREFIX)}


def _parse_moment(text: str) -> dt.datetime | None:
    """Parse the moment in a work-list's properties, None for anything else."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
