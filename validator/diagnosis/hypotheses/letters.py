"""Letters that were read in the wrong encoding, replaced, or taken from another alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from validator.diagnosis.cells import (
    Change,
    Damage,
    count_cells,
    find_damages,
    is_address,
    is_identifier,
    is_person_name,
    list_columns,
    list_files,
    list_originals,
    list_values,
    name_column,
)
from validator.diagnosis.hypotheses.reading import suspect_other_code_page
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.diagnosis.suspicions import suspect_change
from validator.model import Export, Table
from validator.vocabulary.code_pages import CP437, DOS, MAC, WINDOWS, CodePage, choose_code_page

MOST_TIMES = 3
"""Times that one value may have been read in the wrong encoding."""

LEAST_CELLS = 2
"""Garbled cells that are one cause; a single one may have been pasted into the SIS."""

SHARE = 0.8
"""Share of the cells with letters other than ASCII that must be garbled; the rest may be right."""

GARBLED = re.compile("[ÃÂâÅÄ√∩├┬╬][^ -~]|â€")
"""Beginnings of UTF-8 that was read as Windows-1252, Mac Roman or DOS code page 437."""

LEAST_MIXED = 8
SIGN = re.compile(r"[^\W\d_][^\w\s'\u2019.-]")
"""A letter followed by a sign that no name has there, and how many such cells are not chance."""

LOST = "\ufffd"

LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSGABEZHIKMNOPTYXovp",
)
"""Cyrillic and Greek letters that look like Latin ones."""

OTHER_LETTERS = re.compile("[\u0370-\u03ff\u0400-\u052f]")
LETTERS = re.compile(r"[^\W\d_]+")


def decode_again(value: str) -> str | None:
    """Undo the damage of a wrong code page: the text of a value that was UTF-8, or None.

    Between two readings, a value may have invisible characters.
    """
    text, proper = value, None
    for _ in range(MOST_TIMES):
        again = _decode(text)
        if again is None:
            break
        text = again
        proper = text if text.isprintable() else proper
    return proper


def _decode(value: str) -> str | None:
    """Undo the damage of one wrong reading as UTF-8, None where a value is not garbled."""
    if not GARBLED.search(value):
        return None
    hidden = None
    for page in (WINDOWS, CP437, DOS, MAC):
        data = _encode(value, page)
        try:
            text = data.decode("utf-8") if data is not None else value
        except UnicodeDecodeError:
            continue
        if text != value and text.isprintable():
            return text
        hidden = text if hidden is None and text != value else hidden
    return hidden


def _encode(value: str, page: CodePage) -> bytes | None:
    """Return the bytes of a damaged value in a code page, None where it has other letters.

    Programs write control characters for the bytes that a code page does not use.
    """
    try:
        return value.encode(page.codec)
    except UnicodeEncodeError:
        out = bytearray()
    for letter in value:
        try:
            out += letter.encode(page.codec)
        except UnicodeEncodeError:
            if not 0x80 <= ord(letter) <= 0x9F:
                return None
            out.append(ord(letter))
    return bytes(out)


def suspect_decoded_twice(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that UTF-8 was read in another code page and saved again: `JosÃ©`.

    Two cells or more, nearly all with letters other than ASCII: bytes that are proper UTF-8 by
    chance are one in ten for one letter, and text in any language has none in practice. Where
    other cells are proper, at least 8 must have signs inside their words.
    """
    damages = find_damages(scene.export, ("",), lambda column: decode_again)
    if count_cells(damages) < LEAST_CELLS or not (_are_most(damages) or _hold_signs(damages)):
        return
    yield suspect_change(
        scene,
        "decoded-twice",
        damages,
        evidence=(
            f"{count_cells(damages):,} cells of {list_files(damages)} are proper text when their "
            "letters are read as UTF-8 once more"
        ),
    )


def _are_most(damages: Iterable[Damage]) -> bool:
    """Return whether nearly all values with letters other than ASCII are damaged."""
    damaged = others = 0
    for damage in damages:
        damaged += len(damage.before)
        others += len(list_values(damage.table, damage.column, ("",)))
    return damaged >= SHARE * others


def _hold_signs(damages: Iterable[Damage]) -> bool:
    """Return whether too many damaged values have a sign inside a word for typing errors."""
    marked = [
        damage.keep([bool(SIGN.search(text)) for text in damage.before.to_pylist()])
        for damage in damages
    ]
    values = {text for damage in marked for text in damage.before.take(damage.codes).to_pylist()}
    return count_cells(marked) >= LEAST_MIXED and len(values) >= LEAST_CELLS


def suspect_wrong_code_page(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that a program read a file in the wrong code page and saved it: `Mu¤oz`.

    The reader has chosen the code page of files that are not UTF-8. In those that are, signs are
    inside two words or more, and in another code page all of them are letters, of the
    right case, in one alphabet. The chance of that is below one in four for each letter.
    """
    yield from suspect_other_code_page(scene)
    names = _list_names(scene.export)
    for read_as in (WINDOWS, CP437, MAC):
        page = _choose_page(names, read_as)
        damages = _find_recoded(scene.export, read_as, page) if page is not read_as else []
        if count_cells(damages) >= LEAST_CELLS:
            yield suspect_change(
                scene,
                "code-page-wrong",
                damages,
                evidence=(
                    f"{count_cells(damages):,} cells of {list_files(damages)} have signs inside "
                    "words; "
                    f"read as {page.title}, all of them are letters"
                ),
            )
            return


def _list_names(export: Export) -> list[str]:
    """List the names that are not ASCII, for the hypothesis of a wrong code page."""
    return [
        value
        for table, column in list_columns(_list_decoded(export), ("",))
        if is_person_name(name_column(export, table, column))
        for _, value in list_values(table, column, ("",))
    ]


def _choose_page(names: Iterable[str], read_as: CodePage) -> CodePage:
    """Return the code page of the names, for the hypothesis that a file was read in another one."""
    words = (_encode(value, read_as) for value in names)
    return choose_code_page((word for word in words if word is not None), read_as)


def _find_recoded(export: Export, read_as: CodePage, page: CodePage) -> list[Damage]:
    """Find damaged names that another code page would undo."""
    return find_damages(
        export, ("",), lambda column: _recode(read_as, page), tables=_list_decoded(export)
    )


def _recode(read_as: CodePage, page: CodePage) -> Change:
    """Return the inverse of a wrong code page for damaged values."""

    def recode(value: str) -> str | None:
        data = _encode(value, read_as)
        if data is None or value.isascii():
            return None
        text = data.decode(page.codec, errors="replace")
        return text if text.isprintable() and LOST not in text else None

    return recode


def _list_decoded(export: Export) -> list[Table]:
    """Return the tables that were UTF-8, in which the hypothesis of a wrong code page is open."""
    undecoded = {block.file for block in export.defects.get("file-not-utf8", ())}
    return [table for table in list_originals(export) if table.file not in undecoded]


def use_latin(value: str) -> str | None:
    """Undo look-alike letters of another alphabet in a damaged value; None for none."""
    if not OTHER_LETTERS.search(value):
        return None
    text = LETTERS.sub(_use_latin, value)
    return text if text != value else None


def _use_latin(match: re.Match[str]) -> str:
    """Undo look-alike letters of another alphabet in a damaged word."""
    word = match[0]
    if not {"LATIN"} < _list_alphabets(word):
        return word
    text = word.translate(LOOKALIKES)
    return text if _list_alphabets(text) == {"LATIN"} else word


def _list_alphabets(word: str) -> set[str]:
    """Return the alphabets of a word's letters, a sign of damage if there are several."""
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in word}


def suspect_other_alphabet(scene: Scene) -> Iterable[Suspicion]:
    """Suspect letters of another alphabet in the middle of Latin words: a Cyrillic a or o.

    No language mixes alphabets in one word, so that one cell is proof. Names in another alphabet
    as a whole are left alone.
    """

    def change(column: str) -> Change | None:
        read = is_address(column) or is_identifier(column) or is_person_name(column)
        return use_latin if read else None

    damages = find_damages(scene.export, ("",), change)
    if not damages:
        return
    cells = count_cells(damages)
    yield suspect_change(
        scene,
        "letters-of-another-alphabet",
        damages,
        evidence=(
            f"{cells:,} cell{'s' * (cells != 1)} of {list_files(damages)} mix letters of two "
            "alphabets that look the same in one word"
        ),
        note=_list_points,
    )


def _list_points(value: str) -> str:
    """Return a suspicion's note with the code points of the letters of another alphabet."""
    others = [letter for letter in value if _list_alphabets(letter) & {"CYRILLIC", "GREEK"}]
    return "contains " + ", ".join(dict.fromkeys(f"U+{ord(letter):04X}" for letter in others))
