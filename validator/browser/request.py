"""Requests of the page: the chosen files, and how to check them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator.assess import Options
from validator.ingest import memory
from validator.model import MIDYEAR, BadUsage, dataclass

MOST_MEMORY = 4 << 30
"""Bytes that WebAssembly can address."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One check. `export` and the names of files are paths in the worker's file system."""

    export: Sequence[Path]
    options: Options

    @property
    def inputs(self) -> list[Path]:
        """Return the exports that the page's request names: this one and the previous one."""
        return [*self.export, *self.options.previous]


def parse(message: Mapping[str, Any]) -> Request:
    """Return the request in a message of the page. Raises BadUsage."""
    export = find_export(message.get("export"))
    if not export:
        raise BadUsage("No file was chosen. Choose the export: a folder, a .zip or CSV files.")
    packs = [Path(path) for path in _list(message.get("packs"))]
    options = Options(
        as_of=parse_day(str(message.get("date") or "")),
        generated_at=_parse_moment(message.get("now")),
        profiles=[*_list(message.get("apps")), *packs],
        columns=_find_columns(message.get("columns")),
        district=str(message.get("district") or "").strip() or None,
        phase=str(message.get("phase") or MIDYEAR),
        sis=str(message.get("system") or ""),
        previous=find_export(message.get("previous")),
        sharing=_find_file(message.get("sharing")),
        worklist=_find_file(message.get("worklist")),
    )
    return Request(export=export, options=options)


def parse_day(text: str) -> dt.date:
    """Parse a day in the page's request, as its date field writes it: in a school year.

    Raises BadUsage.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadUsage("The date is not a day. Choose the day of the check under Date.") from None


def find_export(folder: Any) -> list[Path]:
    """Return the paths of the page's export in a folder that holds only it.

    One folder or one file is the export; several files are an export of several files. Several
    folders, or folders and files, are judged as the one folder that holds them.
    """
    if not folder:
        return []
    paths = sorted(Path(str(folder)).iterdir())
    is_plain = len(paths) == 1 or all(path.is_file() for path in paths)
    return paths if is_plain else [Path(str(folder))]


def check_memory(request: Request) -> None:
    """Refuse a check on the page that needs more memory than a browser gives. Raises BadUsage."""
    need = memory.estimate_bytes([path for path in request.inputs if path.exists()])
    if need > MOST_MEMORY:
        raise BadUsage(
            f"This export needs about {need / (1 << 30):.1f} GB of memory, and a browser gives a "
            f"page {MOST_MEMORY >> 30} GB. Check it with the rosterready command on a computer."
        )


def _parse_moment(text: Any) -> dt.datetime | None:
    """Return the moment in the page's request; None where the reports must be reproducible."""
    return dt.datetime.fromisoformat(str(text)) if text else None


def _list(value: Any) -> list[str]:
    """Return a list in the page's request as texts."""
    return [str(item) for item in value or ()]


def _find_file(path: Any) -> Path | None:
    """Return the path of a file in the page's request, None for none."""
    return Path(str(path)) if path else None


def _find_columns(wanted: Any) -> str | Path | None:
    """Return the column map that the page's request names: a file's path, or a bundled id."""
    text = str(wanted or "")
    return Path(text) if "/" in text else text or None
