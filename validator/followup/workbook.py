"""The last work-list, read again: its rows, and the columns and sheets that people added."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import Any

from validator import files, limits
from validator.followup import columns, traces
from validator.followup.columns import COLUMNS
from validator.followup.sheets import digest_sheet, has_text, load_sheets, read_cell
from validator.followup.statuses import TO_DO, is_listed, parse_status
from validator.model import BadUsage, KeptRow, WorklistMark, dataclass
from validator.text import remove_invisible_signs
from validator.wording import join_words

LARGEST = limits.get_limit("workbook-bytes")
LARGEST_UNPACKED = limits.get_limit("workbook-unpacked")
MOST_ROWS = limits.get_limit("workbook-rows")

HEADING_WITHIN = 20
"""Rows in which the heading is looked for, since somebody may have put a title above it."""

OURS = re.compile(r"(Start here|How to fix|First sync|.+ by school)")
"""Titles of sheets without rows of work, for workbooks that have lost their properties."""

Key = tuple[str, str, str]
"""Table, column and record, without letter case and punctuation."""


@dataclass(frozen=True)
class Row:
    """One row: its rule, what identifies it, its first line, its mark, and its own texts.

    texts: in the order of `COLUMNS`. is_unclear: whether its status could mean anything.
    is_changed: whether somebody changed cells other than those to fill in. is_finished: whether it
    was no longer found the last time.
    """

    rule: str
    key: Key
    line: int
    mark: WorklistMark
    texts: tuple[str, ...] = ()
    sheet: str = ""
    is_unclear: bool = False
    is_changed: bool = False
    is_finished: bool = False

    def keep(self) -> KeptRow:
        """Return a row of the last work-list as one that is kept apart from this run's."""
        return KeptRow(dict(zip(COLUMNS, self.texts, strict=True)), self.mark)


@dataclass(frozen=True, eq=False)
class WorkList:
    """A work-list of an earlier run.

    loose: rows that people added. arranged: title of a sheet -> its headings. sheets: those that
    people added. reasons: what is not carried over, so that the file itself must be kept. saved:
    when it was saved, in seconds since 1970.
    """

    name: str
    trace: traces.Trace
    rows: Sequence[Row] = ()
    loose: Sequence[KeptRow] = ()
    arranged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sheets: Sequence[Any] = ()
    reasons: Sequence[str] = ()
    saved: float = 0.0

    @property
    def has_words(self) -> bool:
        """Whether people typed something into the last work-list."""
        return bool(
            self.loose
            or self.sheets
            or self.reasons
            or any(set(names) - set(COLUMNS) for names in self.arranged.values())
            or any(row.mark != WorklistMark(TO_DO) for row in self.rows)
        )


@dataclass(frozen=True)
class Heading:
    """The row number of a sheet's heading (from 1), and the place of each of its names.

    places: of our headings. own: of those that people added.
    """

    row: int
    places: Mapping[str, int]
    own: Mapping[str, int]


def read_worklist(path: Path) -> WorkList:
    """Read a work-list that an earlier run wrote.

    Raises BadUsage, with a sentence that quotes nothing from the file.
    """
    _check_size(path)
    import openpyxl

    try:
        trace = traces.trace(path)
        # Our own handle: openpyxl leaves its handle open when the workbook is damaged.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            worklist = _read_book(path, book, trace)
    except BadUsage:
        raise
    except Exception:  # noqa: BLE001 - anything may be wrong in a file that people edit
        raise BadUsage(
            f"{path.name} cannot be read as a workbook: save it again as .xlsx, or give another"
        ) from None
    if worklist is None:
        raise BadUsage(
            f"{path.name} is not a work-list of rosterready: "
            "no sheet has the headings Rule and Status"
        )
    return worklist


def _check_size(path: Path) -> None:
    """Refuse a file that is too large or not a plain workbook before it is opened. Raises
    BadUsage."""
    try:
        size = path.stat().st_size
        with files.open_regular(path) as file:
            start = file.read(8)
        if start.startswith(traces.OLE_SIGNATURE):
            raise BadUsage(
                f"{path.name} is protected by a password or in the old .xls format: "
                "save it as plain .xlsx"
            )
        with zipfile.ZipFile(path) as book:
            unpacked = sum(entry.file_size for entry in book.infolist())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadUsage(f"{path.name} cannot be read ({reason})") from None
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        raise BadUsage(
            f"{path.name} is not an .xlsx workbook; give the report.xlsx of an earlier check"
        ) from None
    if size > LARGEST or unpacked > LARGEST_UNPACKED:
        raise BadUsage(
            f"{path.name} is larger than any work-list (limits: workbook-bytes, workbook-unpacked)"
        )


def _read_book(path: Path, book: Any, trace: traces.Trace) -> WorkList | None:
    """Return the work-list in a workbook, None for a workbook of somebody else."""
    rows: list[Row] = []
    loose: list[KeptRow] = []
    arranged: dict[str, Sequence[str]] = {}
    reasons = ["remarks, pictures or charts"] if trace.is_rich else []
    own, reworded = [], []
    for sheet in book.worksheets:
        heading = _find_heading(sheet)
        if heading is not None:
            reasons += ["words above a heading"] if has_text(sheet, heading.row - 1) else []
            arranged[sheet.title] = _arrange(heading)
            for row in _read_rows(sheet, heading):
                (rows if isinstance(row, Row) else loose).append(row)  # type: ignore[arg-type]
        elif sheet.title in trace.sheets:
            is_same = digest_sheet(sheet) == trace.sheets[sheet.title]
            reworded += [] if is_same else [sheet.title]
        elif not OURS.fullmatch(sheet.title) and has_text(sheet):
            own.append(sheet)
    is_ours = bool(arranged) or trace.kind is traces.Kind.OURS
    if not is_ours and columns.FIRST_SHEET not in book.sheetnames:
        return None
    if any(row.is_changed for row in rows):
        reasons.append("changes in other columns than Status and Note")
    if reworded:
        titles = join_words(reworded)
        reasons.append(f"words on the sheet{'s' * (len(reworded) > 1)} {titles}")
    sheets = load_sheets(path, book, own) if own else []
    if sheets is None:
        reasons.append("sheets that are too large")
    saved = path.stat().st_mtime
    return WorkList(path.name, trace, rows, loose, arranged, sheets or (), reasons, saved)


def _find_heading(sheet: Any) -> Heading | None:
    """Find the heading of a sheet in the last work-list; None for a sheet without one."""
    if not hasattr(sheet, "iter_rows"):
        return None
    names = {name.casefold(): name for name in COLUMNS}
    for number, cells in enumerate(sheet.iter_rows(max_row=HEADING_WITHIN, values_only=True), 1):
        texts = [read_cell(cell) for cell in cells]
        places: dict[str, int] = {}
        own: dict[str, int] = {}
        for place, text in enumerate(texts):
            name = names.get(text.casefold())
            if name is not None and name not in places:
                places[name] = place
            elif text:
                own[text if text not in own else f"{text} ({place + 1})"] = place
        if {columns.RULE, columns.STATUS} <= places.keys():
            return Heading(number, places, own)
    return None


def _arrange(heading: Heading) -> list[str]:
    """Return the headings of a sheet in the last work-list, in its order."""
    places = {**heading.own, **heading.places}
    return sorted(places, key=lambda name: places[name])


def _read_rows(sheet: Any, heading: Heading) -> Iterator[Row | KeptRow]:
    """Yield the rows of a sheet in the last work-list. Raises BadUsage for too many."""
    known = sorted([*heading.places.values(), *heading.own.values()])
    colored: dict[int, bool] = {}
    for number, cells in enumerate(sheet.iter_rows(min_row=heading.row + 1)):
        if number > MOST_ROWS:
            raise BadUsage(
                f"the sheet of a work-list has {limits.describe_excess('workbook-rows')}"
            )
        texts = [
            read_cell(cells[place].value) if place < len(cells) else ""
            for place in (heading.places.get(name, len(cells)) for name in COLUMNS)
        ]
        more = {
            name: cells[place]
            for name, place in heading.own.items()
            if place < len(cells) and cells[place].value is not None
        }
        if len(cells) > len(known):  # words next to the list, in a column without a heading
            others = set(range(len(cells))).difference(known)
            more |= {
                f"Column {cells[place].column_letter}": cells[place]
                for place in sorted(others)
                if cells[place].value is not None
            }
        named = dict(zip(COLUMNS, texts, strict=True))
        if named[columns.RULE]:
            more |= _find_colored(cells, heading, colored)
        if "Table" not in heading.places:
            named["Table"] = PurePosixPath(named["File"].replace("\\", "/")).stem
        row = _parse_row(named, more, sheet.title)
        if row is not None:
            yield row


def _find_colored(
    cells: Sequence[Any], heading: Heading, colored: dict[int, bool]
) -> dict[str, Any]:
    """Return the cells of a row in the last work-list that somebody colored, by our headings.

    `colored`: whether the style of each number has a color; rows that we write have none.
    """
    painted = {}
    for name, place in heading.places.items():
        style = getattr(cells[place], "_style_id", 0) if place < len(cells) else 0
        if style not in colored:
            colored[style] = bool(style) and cells[place].fill.fill_type == "solid"
        if colored[style]:
            painted[name] = cells[place]
    return painted


def _parse_row(texts: dict[str, str], more: Mapping[str, Any], sheet: str) -> Row | KeptRow | None:
    """Parse a row of the last work-list, by heading; None for a blank one."""
    word, note = texts[columns.STATUS], texts[columns.NOTE]
    if not texts[columns.RULE]:
        has_words = more or any(texts.values())
        return KeptRow(texts, WorklistMark(word, note, more)) if has_words else None
    record = texts["Id"] or texts["Name"] or texts["Current value"]
    line = re.match(r"\d{1,9}", texts["Line"])
    status = parse_status(word)
    if not is_listed(word):
        note = f"{note} (Status was: {word})" if note else f"(Status was: {word})"
    check = texts[columns.CHECK]
    return Row(
        rule=texts[columns.RULE],
        key=make_key(texts["Table"], texts["Column"], record),
        line=int(line[0]) if line else 0,
        mark=WorklistMark(status or TO_DO, note, more),
        texts=tuple(texts.values()),
        sheet=sheet,
        is_unclear=status is None,
        is_changed=bool(check) and check != columns.digest_row(tuple(texts.values())),
        is_finished=sheet == columns.FINISHED_SHEET,
    )


def make_key(table: str, column: str, record: str) -> Key:
    """Return what identifies a record of a work-list, without characters shown differently."""
    visible = remove_invisible_signs(record)
    return (
        table.casefold(),
        re.sub(r"[\W_]+", "", column.casefold()),
        re.sub(r"\s+", " ", visible).strip(),
    )
