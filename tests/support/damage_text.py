"""Damages of text: escapes, code pages, marks around values, codes and markers in cells."""

from __future__ import annotations

import csv
import html
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random
from urllib.parse import quote

from tests.support.districts import Written
from tests.support.other_formats import District, Row

NAMES = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
"""Table of people -> the column of their addresses."""

ACCENTED = ("Muñoz", "Peña", "José", "Ibáñez", "García", "Zoë", "Müller", "Núñez", "François")
APOSTROPHES = ("O'Quill", "D'Arcy", "O'Fennel", "N'Golo", "L'Estrange")
POLISH = ("Michał", "Wałęsa", "Żaneta", "Paweł", "Wójcik")

Rename = Callable[[Row, str, int], None]


def name_people(*names: str) -> Callable[[Random, District], District]:
    """Return a change that gives every third person one of these names, the others plain ones."""

    def change(rng: Random, district: District) -> District:
        for rows in district.values():
            for row in rows:
                row.update({column: plain(cell) for column, cell in row.items()})
        for table in NAMES:
            for at, row in enumerate(district[table]):
                if at % 3 == 0:
                    row["Last_name"] = names[at // 3 % len(names)]
        return district

    return change


def plain(text: str) -> str:
    """Return the text without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def quote_names(rng: Random, district: District) -> District:
    """Give some students a nickname in quotation marks."""
    for at, row in enumerate(district["students"]):
        if at % 5 == 0:
            row["First_name"] = f'{row["First_name"]} "Pip"'
    return district


PEOPLE = ("First_name", "Last_name")


def change_names(change: Callable[[str], str]) -> Callable[[Random, District], District]:
    """Return a damage of the names of all people."""

    def spoil(rng: Random, district: District) -> District:
        for table in NAMES:
            for row in district[table]:
                for column in PEOPLE:
                    row[column] = change(row[column])
        return district

    return spoil


def escape_html(rng: Random, district: District) -> District:
    """Escape names for HTML."""
    return change_names(lambda name: html.escape(name).replace("&#x27;", "&#39;"))(rng, district)


def escape_json(name: str) -> str:
    """Return the name with letters that are not ASCII as JSON writes them."""
    return (
        name.encode("ascii", "backslashreplace")
        .decode()
        .replace("\\xe", "\\u00e")
        .replace("\\xf", "\\u00f")
    )


def escape_address(rng: Random, district: District) -> District:
    """Escape names and addresses for web addresses."""
    for table, column in NAMES.items():
        for row in district[table]:
            row[column] = row.get(column, "").replace("@", "%40")
            row["Last_name"] = quote(row["Last_name"], safe=" '.-")
    return district


def leave_codes(rng: Random, district: District) -> District:
    """Write a code in place of some students' addresses."""
    for at, row in enumerate(district["students"]):
        if at % 4 == 0 and row.get("Student_email"):
            row["Student_email"] = "~(student_web_id)@codes.example"
    return district


def mix_alphabets(rng: Random, district: District) -> District:
    """Write Cyrillic letters into some students' addresses."""
    for at, row in enumerate(district["students"]):
        if at % 4 == 0:
            row["Student_email"] = row.get("Student_email", "").replace("a", "а").replace("o", "о")
    return district


def mark_blanks(marker: str) -> Callable[[Random, Written], Written]:
    """Return a damage that writes a marker into every blank cell."""

    def change(cells: Sequence[str]) -> list[str]:
        return [cell or marker for cell in cells]

    return rewrite_cells(change)


def rewrite_cells(
    change: Callable[[Sequence[str]], Sequence[str]], *, header: bool = False
) -> Callable[..., Written]:
    """Return a damage of the cells of every row below the header, or of the header as well."""

    def rewrite(rng: Random, written: Written) -> Written:
        files = {}
        for name, content in written.files.items():
            first, *rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
            first = list(change(first)) if header else first
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows([first, *map(change, rows)])
            files[name] = text.getvalue().encode()
        return Written(files, written.options)

    return rewrite


def quote_again(cells: Sequence[str]) -> list[str]:
    """Return the cells as a first program writes them: in quotation marks."""
    return [f'"{cell.replace(chr(34), 2 * chr(34))}"' if cell else "" for cell in cells]


def enclose(mark: str, delimiter: str) -> Callable[[Random, Written], Written]:
    """Return a damage that encloses cells in a mark, with another delimiter between them."""

    def rewrite(rng: Random, written: Written) -> Written:
        files = {}
        for name, content in written.files.items():
            rows = csv.reader(io.StringIO(content.decode(), newline=""))
            lines = [delimiter.join(f"{mark}{cell}{mark}" for cell in row) for row in rows]
            files[name] = ("\n".join(lines) + "\n").encode()
        return Written(files, written.options)

    return rewrite


def recode(codec: str, errors: str = "replace") -> Callable[[Random, Written], Written]:
    """Return a damage that writes the files in another encoding."""
    return rewrite_bytes(lambda content: content.decode().encode(codec, errors))


def garble(codec: str) -> Callable[[Random, Written], Written]:
    """Return a damage that reads the files in another encoding and saves them as UTF-8."""
    return rewrite_bytes(lambda content: content.decode(codec).encode())


def rewrite_bytes(change: Callable[[bytes], bytes]) -> Callable[[Random, Written], Written]:
    """Return a damage of the bytes of every file."""

    def rewrite(rng: Random, written: Written) -> Written:
        files: Mapping[str, bytes] = {
            name: change(content) for name, content in written.files.items()
        }
        return Written(files, written.options)

    return rewrite


def escape_quotes(content: bytes) -> bytes:
    """Return the file with a backslash before quotation marks in place of doubled ones."""
    text = content.replace(b'"""', b'\x00"').replace(b'""', b'\\"')
    return text.replace(b'\x00"', b'\\""')
