"""The targets: each takes bytes, and raises only where the program is wrong."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fuzz import exports, kept, seeds, tables, values
from fuzz.pieces import CELLS, CSV, DAYS, GRADES, JSON, XML, YAML, ZIP
from fuzz.scratch import check_refusal, write_input
from validator import resources
from validator.followup import workbook
from validator.ingest import archive
from validator.ingest.excel import expand_workbooks
from validator.model import BadUsage, CannotRead
from validator.rulebook import packs as rulebook_packs
from validator.rulebook import sharing_files
from validator.rulebook.yaml import load_plain
from validator.schemas import clever


@dataclass(frozen=True)
class Target:
    """A target: its function, its first inputs, and pieces to insert into them.

    `run` returns the result of an input (its findings, its refusal), or None; inputs with a new
    result are mutated further. `batch`: inputs that form the lines of one column or file, 1 where
    an input is a whole. `cost`: how many inputs of most targets take as long as one of this.
    """

    run: Callable[[bytes], Any]
    seeds: Callable[[], list[bytes]]
    pieces: tuple[bytes, ...] = ()
    batch: int = 1
    cost: int = 1


def archives(data: bytes) -> Any:
    """A zip archive is read or refused in one sentence; every member is what it claims to be."""
    path, names = write_input("export.zip", data), []
    try:
        for source in archive.list_sources([path])[1]:
            name = source.name.removesuffix("/") if source.aside else source.name
            assert name not in (".", "..") and not {"/", "\\"} & set(name)
            assert len(source.load()) == source.size
            names.append(source.name)
    except CannotRead as refused:
        return check_refusal(refused)
    return len(names)


def packs(data: bytes) -> Any:
    """A pack is read or refused with its place."""
    path = write_input("pack.yaml", data)
    try:
        return len(rulebook_packs.read_pack(path, "pack.yaml").entries)
    except BadUsage as refused:
        return check_refusal(refused, "pack.yaml")


def yaml(data: bytes) -> Any:
    """YAML is mappings, lists and texts, or refused with its place."""
    path = write_input("any.yaml", data)
    try:
        nodes = [load_plain(path, "any.yaml")]
    except BadUsage as refused:
        return check_refusal(refused, "any.yaml")
    kinds = []
    while nodes:
        node = nodes.pop()
        assert isinstance(node, dict | list | str)
        kinds.append(type(node).__name__)
        if not isinstance(node, str):
            nodes += node.values() if isinstance(node, dict) else node
    return tuple(kinds[:9])


def sharing(data: bytes) -> Any:
    """A sharing file is read or refused with its place."""
    path = write_input("sharing.yaml", data)
    try:
        sharing_files.load_sharing(path, _fields(), values.load_grades())
    except BadUsage as refused:
        return check_refusal(refused)


def workbooks(data: bytes) -> Any:
    """A work-list is read back or refused in one sentence."""
    path = write_input("report.xlsx", data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook.read_worklist(path)
    except BadUsage as refused:
        return check_refusal(refused)


def excel(data: bytes) -> Any:
    """A workbook given as an export is read sheet by sheet, or refused in one sentence."""
    path, read = write_input("roster.xlsx", data), []
    try:
        for source in expand_workbooks(archive.list_sources([path])[1]):
            text = source.load()
            read.append((text.count(b"\n"), text.count(b",")))
    except CannotRead as refused:
        return check_refusal(refused)
    return tuple(read)


def sheets(data: bytes) -> Any:
    """A workbook with one part replaced: the first byte chooses the part, the rest replaces it."""
    whole = seeds.workbook_parts()
    names = sorted(whole)
    part = names[data[0] % len(names)] if data else names[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        for name, text in whole.items():
            book.writestr(name, data[1:] if name == part else text)
    return part, excel(packed.getvalue())


@cache
def _fields() -> dict[str, list[str]]:
    return {file.table: [column.name for column in file.columns] for file in clever.FILES}


TARGETS = {
    "decoder": Target(
        tables.decoder,
        lambda: [seeds.PLAIN, "a,é\r\n".encode("utf-16"), b"\xef\xbb\xbfa\xe9\nb\xc3\xa9"],
        CSV,
    ),
    "tokenizer": Target(
        tables.tokenizer,
        lambda: [b"," + seeds.ROWS, b"|" + seeds.ROWS.replace(b",", b";")],
        CSV,
        20,
    ),
    "tables": Target(tables.tables, lambda: [seeds.PLAIN, b"Pet_id,Kind,Name\n" + seeds.ROWS], CSV),
    "students": Target(
        tables.students,
        lambda: [(resources.find_samples() / "broken" / "students.csv").read_bytes()[:1500]],
        CSV,
    ),
    "archives": Target(archives, seeds.zips, ZIP),
    "yaml": Target(yaml, seeds.yaml_files, YAML),
    "packs": Target(packs, seeds.packs, YAML),
    "sharing": Target(sharing, lambda: [seeds.SHARING], YAML),
    "dates": Target(
        values.dates, lambda: [b"2012-02-29\n2/3/2012\n45123\n20120101\n1/2/12 10:00"], DAYS, 50
    ),
    "grades": Target(values.grades, lambda: [b"K\n05\n3-5\nPK,K\n345\n12th grade"], GRADES),
    "cells": Target(
        values.cells, lambda: [b"a@b.org\n\xc3\x89ve O'Neil-X\na@b.org;c@d.org"], CELLS, 50
    ),
    "excel": Target(excel, seeds.workbook, XML),
    "sheets": Target(sheets, seeds.parts_of_a_workbook, XML),
    "workbooks": Target(workbooks, seeds.workbook, XML),
    "layouts": Target(exports.layouts, exports.list_seeds, CSV, cost=30),
    "accounts": Target(exports.accounts, lambda: [exports.ACCOUNTS], CSV, cost=30),
    "mended": Target(exports.mended, exports.list_seeds, CSV, cost=50),
    "maps": Target(exports.maps, lambda: [exports.COLUMN_MAP], YAML),
    "undone": Target(kept.undone, lambda: [kept.LOG], CSV),
    "nights": Target(kept.nights, lambda: [kept.STATE], JSON),
    "snapshots": Target(kept.snapshots, kept.list_snapshots, ZIP),
    "baselines": Target(kept.baselines, kept.list_reports, JSON),
    "histories": Target(kept.histories, lambda: [kept.HISTORY], JSON),
}
"""Every target by its name."""
