"""Every file of an export written again in its own format, and the log of all changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import field, replace
from pathlib import PurePath

from validator.ingest.csv.whole import read_whole
from validator.ingest.formats.sis.plan import RAW
from validator.ingest.source import Source, get_stem, is_sheet
from validator.model import File, SourceFile, Table, Version, dataclass
from validator.repair import form_changes, own_format
from validator.repair.changes import Changes
from validator.repair.descriptions import find_version, is_raw
from validator.repair.form_rules import FORM_RULES, TEXTUAL
from validator.repair.own_format import Layout, Page
from validator.repair.selection import Selection
from validator.repair.sheet import Sheet, build_from_table, build_from_whole
from validator.repair.state import State
from validator.repair.written import LeftOut, Written, WrittenFile

UNREADABLE = "this file could not be read, so it was copied as it is"
NOT_COPIED = "this file is not part of the format, so it was not copied"


@dataclass(eq=False)
class Rewriter:
    """Writes the files of an export again.

    `sources` are the files of the export by name; `broken` tables of files that stay as they are.
    """

    state: State
    files: Mapping[str, File]
    selection: Selection
    sources: Mapping[str, Source]
    broken: Set[str] = frozenset()
    log: list[Changes] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def rewrite(self) -> Written:
        """Return the files to write; the log is complete after that."""
        export = self.state.export
        version = find_version(export)
        files = [
            written
            for listed in export.files
            if (written := self._write_listed(listed, version)) is not None
        ]
        return Written(files, self.left_out)

    def _write_listed(self, listed: SourceFile, version: Version | None) -> WrittenFile | None:
        """Return what is written of one file of the export, None where it is left out."""
        source = self.sources.get(listed.name)
        if source is None:
            return None
        name, file = self._describe(listed, version)
        if file is None:
            if _is_other(listed.name, version):
                return _copy(source, listed.name)
            if listed.table == "" and not source.aside:
                self.left_out.append(LeftOut(listed.name, "", 1, NOT_COPIED))
            return None
        target = self._name_target(listed, file)
        if name in self.broken:
            return _copy(source, target, file.table, rows=listed.rows)
        if self._is_unchanged(listed, name, target, source=source):
            return _copy(source, target, file.table, rows=listed.rows)
        sheet = self._read_sheet(listed, name, file, source=source)
        if sheet is None:
            self.left_out.append(LeftOut(listed.name, "", 1, UNREADABLE))
            return _copy(source, target, file.table)
        return self._write_sheet(listed, name, file, sheet=sheet, target=target, source=source)

    def _describe(self, listed: SourceFile, version: Version | None) -> tuple[str, File | None]:
        """Return the table and the description of a file to mend, None for none."""
        for name, table in self.state.tables.items():
            if table.file == listed.name:
                return name, self.files.get(name)
        if version is None:
            return RAW + listed.name, None
        file = next((each for each in version.files if each.table == listed.table), None)
        return listed.table, file

    def _name_target(self, listed: SourceFile, file: File) -> str:
        """Return the name under which a file is written."""
        if is_raw(self.state.export) or not self.selection.wants("file-name"):
            return f"{_name_sheet(listed.name)}.csv" if is_sheet(listed.name) else listed.name
        return file.name

    def _is_unchanged(self, listed: SourceFile, name: str, target: str, *, source: Source) -> bool:
        """Return whether the file is copied byte for byte without being read again."""
        if source.stamp is not None or is_raw(self.state.export) or target != listed.name:
            return False
        plain = listed.encoding == "utf-8" and listed.delimiter == ","
        changed = any(block.table == name for block in self.state.changes)
        return (
            plain
            and listed.line_ending in ("lf", "crlf", "")
            and not changed
            and not (self._list_defects(listed.name) & FORM_RULES.keys())
        )

    def _list_defects(self, file: str) -> set[str]:
        """Return the rules of the defects that writing a corrected file repairs."""
        defects = self.state.export.defects
        return {
            rule for rule, blocks in defects.items() if any(block.file == file for block in blocks)
        }

    def _read_sheet(
        self, listed: SourceFile, name: str, file: File, *, source: Source
    ) -> Sheet | None:
        """Return the lines of a file to mend, from its table where that is enough.

        Above a file without a header, a line with another line end was added.
        """
        original = self._original(name)
        defects = self._list_defects(listed.name)
        is_whole = original is not None and not len(original.unread) and not original.end_lines
        textual = defects & FORM_RULES.keys() <= TEXTUAL and not listed.columns_unused
        encoded = listed.encoding == "utf-8"
        enclosed = "file-delimiter" in defects and listed.delimiter == ","
        if (
            is_whole
            and textual
            and encoded
            and not enclosed
            and source.stamp is None
            and not is_raw(self.state.export)
        ):
            assert original is not None
            return build_from_table(original, listed, boms=int("file-bom" in defects))
        whole = read_whole(source.load(), file)
        if whole is None:
            return None
        sheet = build_from_whole(whole, source.lines)
        is_mixed = not sheet.headed and sheet.line_ending == "mixed"  # by the added header
        return replace(sheet, line_ending="crlf") if is_mixed else sheet

    def _original(self, name: str) -> Table | None:
        """Return the table of a file to write again, as it was before the repair."""
        originals = self.state.export.originals
        tables = originals.tables if originals is not None else self.state.export.tables
        return tables.get(name)

    def _write_sheet(
        self,
        listed: SourceFile,
        name: str,
        file: File,
        *,
        sheet: Sheet,
        target: str,
        source: Source,
    ) -> WrittenFile:
        """Return the file to write, and add its changes to the log."""
        layout = Layout(
            target,
            self._respell(name, listed.name),
            self.selection.wants("header-order") and self._has_other_order(name, listed.name),
        )
        table = self.state.tables.get(name)
        page = own_format.lay_out(sheet, table, file, selection=self.selection, layout=layout)
        changes = [block for block in self.state.changes if block.table == name]
        builder = form_changes.Builder(name, listed.name, target, sheet=sheet)
        own = form_changes.list_form_changes(
            sheet,
            builder,
            headings=_list_respelled(sheet, page, reorder=layout.reorder),
            selection=self.selection,
            reordered=layout.reorder,
            is_text=source.stamp is None,
        )
        for heading in page.headings[len(sheet.headings) :]:
            kind = next(block.kind for block in changes if block.column == heading)
            builder.add_heading(sheet.header_line, "", heading, kind=kind)
        untouched = not changes and not own and sheet.is_plain
        if untouched and source.stamp is None and sheet.headed:
            return _copy(source, target, file.table, rows=len(page.lines))
        original = self._original(name)
        if original is not None:
            changes = own_format.fill_removed(changes, original, sheet)
        self.log += own_format.place_changes(page, sheet, [*own, *changes])
        return own_format.write_page(page, file.table)

    def _has_other_order(self, name: str, file: str) -> bool:
        """Return whether `mend` must put a file's columns in the order of its format."""
        blocks = self.state.export.defects.get("header-order", ())
        return any(block.file == file for block in blocks)

    def _respell(self, name: str, file: str) -> dict[str, str]:
        """Return the columns of a corrected file whose heading changes, with the right name."""
        if not self.selection.wants("header-spelling") or is_raw(self.state.export):
            return {}
        defects = self.state.export.defects
        blocks = [
            block
            for rule in ("header-spelling", "header-hidden-characters")
            for block in defects.get(rule, ())
            if block.file == file and block.column
        ]
        return {block.column: block.column for block in blocks if block.column}


def _list_respelled(sheet: Sheet, page: Page, *, reorder: bool) -> dict[str, str]:
    """Return the headings of a corrected file that are written in another way."""
    if reorder:
        written = dict(zip(page.headings, page.headings, strict=True))
        pairs = [(old, own) for old, own in zip(sheet.headings, sheet.names, strict=True) if own]
        return {old: own for old, own in pairs if old != own and own in written}
    pairs = list(zip(sheet.headings, page.headings, strict=False))
    return {old: new for old, new in pairs if old != new}


def _copy(source: Source, name: str, table: str = "", *, rows: int = 0) -> WrittenFile:
    """Return a file that is copied byte for byte."""

    def load() -> Iterator[bytes]:
        yield source.load()

    return WrittenFile(name, load(), table, rows)


def _is_other(name: str, version: Version | None) -> bool:
    """Return whether `mend` copies a file as it is: the format's own, without roster data."""
    return version is not None and version.others.get(get_stem(name)) == ""


def _name_sheet(name: str) -> str:
    """Return the sheet's name under which `mend` writes a part of a workbook."""
    book, mark, sheet = name.rpartition(": ")
    return sheet if mark and book else PurePath(name).stem
