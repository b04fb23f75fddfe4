"""Values that a program escaped for another language, or enclosed in quotes once more."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from html.entities import html5
from urllib.parse import unquote

from validator.diagnosis.cells import (
    Change,
    Damage,
    count_cells,
    find_damage,
    find_damages,
    is_address,
    list_columns,
    list_files,
    list_originals,
    list_values,
)
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.suspicions import suspect_change
from validator.model import Table

LEAST_CELLS = 8
"""Cells of a file in quotation marks from which it was quoted twice; our own measure."""

LEAST_DOUBLED = 2
"""Doubled apostrophes that are too many for typing errors, if no single one is left; our own
measure."""

SHARE = 0.2
"""Share of the cells with apostrophes that must be doubled where some are not; our own measure."""

ENTITY = re.compile(r"&(#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
ESCAPED_POINT = re.compile(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}")
DOUBLED = re.compile(r"[^\W\d_]''[^\W\d_]")
SINGLE = re.compile(r"(?<!')'(?!')")
NAME_RULES = ("student-name-characters", "teacher-name-characters", "staff-name-characters")
"""Rules that find the marks of an escape odd, and often what it stands for as well."""

MOST_TIMES = 3
"""Times that one value may be escaped."""


def unescape_html(value: str) -> str | None:
    """Undo HTML entities in a damaged value, None where it has none."""
    text = value
    for _ in range(MOST_TIMES):
        entities = ENTITY.findall(text)
        if not any(name[0] == "#" or f"{name};" in html5 for name in entities):
            break
        text = html.unescape(text).replace("\u00a0", " ")
    return text if text != value and text.isprintable() else None


def suspect_html(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that the export escapes values for a web page, as in `O&#39;Quill`.

    Nobody types `&`, the name of an entity of HTML or a number, and `;` without a blank: one cell
    is proof.
    """
    damages = find_damages(scene.export, ("&",), lambda column: unescape_html)
    if damages:
        yield suspect_change(
            scene,
            "escaped-for-html",
            damages,
            evidence=(
                f"{_count(damages)} of {list_files(damages)} hold codes that web pages write for "
                "single characters"
            ),
            explains=NAME_RULES,
        )


def _count(damages: Iterable[Damage]) -> str:
    """Return the number of damaged cells in words, for the evidence of a suspicion."""
    cells = count_cells(damages)
    return f"{cells:,} cell{'s' * (cells != 1)}"


def unescape_web(value: str, *, address: bool) -> str | None:
    """Undo percent or backslash codes in a damaged value; None where that proves nothing.

    A code proves itself where it gives a letter with an accent, or the @ of an address.
    """
    text = ESCAPED_POINT.sub(lambda match: chr(int(match[0][2:], 16)), value)
    text = PERCENT.sub(_read_percent, text)
    if text == value or not text.isprintable() or "\ufffd" in text:
        return None
    accents = sum(not letter.isascii() for letter in text)
    before = sum(not letter.isascii() for letter in value)
    has_mark = address and "@" not in value and "@" in text
    return text if accents > before or has_mark else None


def _read_percent(match: re.Match[str]) -> str:
    """Undo a percent code in a damaged value, unless it is not a complete character."""
    text = unquote(match[0], errors="replace")
    return match[0] if "\ufffd" in text else text


def unescape_plainly(value: str) -> str | None:
    """Undo any percent or backslash codes in a damaged value; None where it has none."""
    text = ESCAPED_POINT.sub(lambda match: chr(int(match[0][2:], 16)), value)
    text = PERCENT.sub(_read_percent, text)
    return text if text != value and text.isprintable() else None


def suspect_web(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that the export escapes values for web addresses or JSON: `%40`, `Mu\\u00f1oz`.

    One cell whose codes give an accented letter, or the @ of an address, is proof. Codes for signs
    and blanks (`%20`) count where there is such a cell, or two of them.
    """
    signs = ("%", "\\")
    proven = find_damages(scene.export, signs, _find_web_change)
    damages = find_damages(scene.export, signs, lambda column: unescape_plainly)
    if not proven and count_cells(damages) < LEAST_DOUBLED:
        return
    if damages:
        yield suspect_change(
            scene,
            "escaped-for-web",
            damages,
            evidence=(
                f"{_count(damages)} of {list_files(damages)} hold codes that web addresses and "
                "JSON write for single characters"
            ),
            explains=NAME_RULES,
        )


def _find_web_change(column: str) -> Change:
    """Return the inverse of escapes for the web in a column's values."""
    address = is_address(column)
    return lambda value: unescape_web(value, address=address)


def undouble(value: str) -> str | None:
    """Return a damaged value with single apostrophes, None where none is doubled."""
    return value.replace("''", "'") if "''" in value else None


def suspect_sql(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that a script doubled the apostrophes, as the language of databases wants them.

    Every apostrophe of a damaged column is doubled, two or more of all columns between letters; or
    eight or more are, and a fifth of all (the rows of another script are single). A clerk types one
    apostrophe in several hundred twice, so two of two happen by chance in one file of ten thousand.
    """
    columns = [
        (damage, _count_singles(damage))
        for table, column in list_columns(list_originals(scene.export), ("''",))
        if (damage := _find_doubled(table, column)) is not None
    ]
    mixed = [pair for pair in columns if pair[1]]
    if not _are_doubled(mixed):
        columns = [pair for pair in columns if not pair[1]]
    damages, singles = [damage for damage, _ in columns], sum(single for _, single in columns)
    between = sum(map(_count_between, damages))
    if between < LEAST_DOUBLED:
        return
    total = count_cells(damages) + singles
    yield suspect_change(
        scene,
        "escaped-for-sql",
        damages,
        evidence=(
            f"the apostrophes of {count_cells(damages):,} of {total:,} cells with apostrophes in "
            f"these columns of {list_files(damages)} are doubled"
        ),
    )


def _find_doubled(table: Table, column: str) -> Damage | None:
    """Return the cells of a column with doubled apostrophes as damage, None for none."""
    return find_damage(table, column, list_values(table, column, ("'",)), undo=undouble)


def _count_singles(damage: Damage) -> int:
    """Count the cells of a damaged column with single apostrophes."""
    table, column = damage.table, damage.column
    single = find_damage(table, column, list_values(table, column, ("'",)), undo=_mark_single)
    return len(single.rows) if single is not None else 0


def _count_between(damage: Damage) -> int:
    """Count the damaged cells with doubled apostrophes between letters."""
    is_between = [bool(DOUBLED.search(text)) for text in damage.before.to_pylist()]
    return sum(is_between[code] for code in damage.codes.tolist())


def _are_doubled(mixed: Sequence[tuple[Damage, int]]) -> bool:
    """Return whether doubled apostrophes, next to single ones, are too many for typing errors."""
    doubled = sum(_count_between(damage) for damage, _ in mixed)
    singles = sum(single for _, single in mixed)
    return doubled >= LEAST_CELLS and doubled >= SHARE * (doubled + singles)


def _mark_single(value: str) -> str | None:
    """Mark a value with one escape as damage that no inverse can be proved for."""
    return "" if SINGLE.search(value) else None
