"""Input limits by the name that messages use: how large a file, a row or a document may be."""

from __future__ import annotations

from typing import NamedTuple

_UNITS = ((1 << 30, "GB"), (1 << 20, "MB"))


class Limit(NamedTuple):
    """One limit: at most `most` of `unit` (bytes are shown as MB or GB); `what` it applies to."""

    name: str
    most: int
    unit: str
    what: str

    @property
    def words(self) -> str:
        """The limit as text: "4 GB", "2,000 columns"."""
        if self.unit == "bytes":
            for size, unit in _UNITS:
                if self.most >= size:
                    return f"{self.most / size:g} {unit}"
        return f"{self.most:,} {self.unit}"


LIMITS = {
    limit.name: limit
    for limit in (
        Limit("export-bytes", 4 << 30, "bytes", "all files of an export together, unpacked"),
        Limit("archive-files", 1_000, "files", "files in a .zip; a roster has six"),
        Limit(
            "archive-ratio",
            200,
            "times",
            "the size of a file of more than 10 MB in a .zip, compared with its packed size; "
            "CSV packs 5 to 20 times",
        ),
        Limit("columns", 2_000, "columns", "headings of one file"),
        Limit(
            "rows",
            50_000_000,
            "rows",
            "lines of one file; the largest district has about 8 million enrollments",
        ),
        Limit("line-bytes", 64 << 20, "bytes", "one line, and so one cell"),
        Limit(
            "row-cells", 4_000, "cells", "cells that are kept of a row with a wrong number of cells"
        ),
        Limit("yaml-bytes", 1 << 20, "bytes", "a pack, a column map, a sharing file"),
        Limit("yaml-depth", 12, "levels", "mappings and lists inside each other in such a file"),
        Limit(
            "report-bytes",
            512 << 20,
            "bytes",
            "an earlier JSON report, or a history, that is read again",
        ),
        Limit("accounts-bytes", 1 << 30, "bytes", "an app's list of accounts"),
        Limit("workbook-bytes", 256 << 20, "bytes", "a work-list that is read again"),
        Limit("workbook-unpacked", 2 << 30, "bytes", "what a workbook unpacks to"),
        Limit("workbook-sheets", 100, "sheets", "sheets of a workbook that is an export"),
        Limit(
            "workbook-rows",
            3_000_000,
            "rows",
            "rows on one sheet of a work-list that is read again",
        ),
    )
}
"""Every limit by name."""


def get_limit(name: str) -> int:
    """The maximum that the limit of this name sets."""
    return LIMITS[name].most


def describe_excess(name: str) -> str:
    """The words for something larger: "more than 2,000 columns (limit: columns)"."""
    return f"more than {LIMITS[name].words} (limit: {name})"


def describe_limits() -> str:
    """All limits in one paragraph, for `--help`."""
    limits = ", ".join(f"{limit.name} {limit.words}" for limit in LIMITS.values())
    return (
        f"Larger input is refused, and the message names the limit: {limits}. See docs/security.md."
    )
