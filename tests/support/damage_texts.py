"""Damages of text: letters, quotation marks, escapes and signs for no value."""

from __future__ import annotations

import csv
import html
import io
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from urllib.parse import quote

from tests.support.districts import Written
from tests.support.other_formats import District, Row

Change = Callable[[str], str]
Rewrite = Callable[[Random, Written], Written]

NAMES = ("First_name", "Last_name")
PEOPLE = {"students": "Student_email", "teachers": "Teacher_email", "staff": "Staff_email"}
ACCENTED = (
    "Mu\u00f1oz",
    "Garc\u00eda",
    "Beyonc\u00e9",
    "N\u00fa\u00f1ez",
    "Pe\u00f1a",
    "B\u00e9la",
)


def people(district: District, step: int = 1) -> Iterable[Row]:
    """Yield every step-th student, teacher and staff member."""
    for table in PEOPLE:
        yield from district[table][::step]


def has_accent(text: str) -> bool:
    """Return whether the text has a letter outside ASCII."""
    return any(ord(letter) > 127 and letter.isalpha() for letter in text)


def add_accents(rng: Random, district: District) -> District:
    """Give every seventh person a last name with an accent, and the others letters of Latin-1."""
    for row in people(district):
        for column in NAMES:
            row[column] = "".join(c if c in WESTERN else plain(c) for c in row[column])
    for row in people(district, 7):
        row["Last_name"] = rng.choice(ACCENTED)
    return district


WESTERN = frozenset(
    bytes(range(32, 127)).decode() + "\u00e1\u00e9\u00ed\u00f3\u00fa\u00f1\u00fc\u00e7"
)
"""Letters that the code pages of this module have."""


def plain(letter: str) -> str:
    """Return the letter without its accent."""
    kept = [c for c in unicodedata.normalize("NFKD", letter) if ord(c) < 128]
    return "".join(kept) or "o"


def add_apostrophes(rng: Random, district: District) -> District:
    """Give every fifth person a last name with an apostrophe, and some courses an ampersand."""
    for row in people(district, 5):
        row["Last_name"] = rng.choice(("O'Quill", "D'Acorn", "O'Button", "D'Amber"))
    for row in district["sections"][::3]:
        row["Course_name"] += " & Lab"
    return district


def add_nicknames(rng: Random, district: District) -> District:
    """Give every ninth person a nickname in quotation marks."""
    for row in people(district, 9):
        row["First_name"] += f' "{rng.choice(("Bee", "Kit", "Jo"))}"'
    return district


def add_blanks(rng: Random, district: District) -> District:
    """Leave the gender or the number of some people, and the period of sections, blank."""
    for row in district["students"][::4]:
        row["Gender"] = row["Student_number"] = ""
    for row in district["teachers"][::6]:
        row["Teacher_number"] = ""
    for row in district["sections"][::2]:
        row["Period"] = ""
    return district


def lose_letters(rng: Random, district: District) -> District:
    """Replace every accented letter of a name by one and the same sign."""
    sign = rng.choice(("?", "\ufffd"))
    return change_names(district, lambda text: "".join(sign if has_accent(c) else c for c in text))


def change_names(district: District, change: Change) -> District:
    """Change the names of all students and teachers."""
    for row in people(district):
        for column in NAMES:
            row[column] = change(row[column])
    return district


def decode_twice(rng: Random, district: District) -> District:
    """Read UTF-8 as Windows-1252."""
    return change_names(district, lambda text: text.encode().decode("cp1252", "replace"))


def escape_html(rng: Random, district: District) -> District:
    """Escape names and courses for HTML."""
    for row in district["sections"]:
        for column in ("Course_name", "Name"):
            row[column] = html.escape(row[column])
    return change_names(district, html.escape)


def escape_sql(rng: Random, district: District) -> District:
    """Double the apostrophes of names."""
    return change_names(district, lambda text: text.replace("'", "''"))


def escape_web(rng: Random, district: District) -> District:
    """Escape addresses as parts of web addresses, or accents as JSON does."""
    if rng.random() < 0.5:
        return change_addresses(district, lambda text: quote(text, safe="."))
    return change_names(
        district, lambda text: "".join(f"\\u{ord(c):04x}" if ord(c) > 127 else c for c in text)
    )


def change_addresses(district: District, change: Change, step: int = 1) -> District:
    """Change the addresses of every step-th student and teacher."""
    for table, column in PEOPLE.items():
        for row in district[table][::step]:
            row[column] = row[column] and change(row[column])
    return district


def write_marker(rng: Random, district: District) -> District:
    """Write one and the same sign for no value into blank cells, but for the first of a column.

    A raw export's column without any blank cell is read as if the sign were none.
    """
    marker = rng.choice(("NULL", "\\N", "(null)"))
    for table, column in MARKED:
        blank = [row for row in district[table] if not row[column]]
        for row in blank[1:]:
            row[column] = marker
    return district


MARKED = (
    ("students", "Gender"),
    ("students", "Student_number"),
    ("teachers", "Teacher_number"),
    ("sections", "Period"),
)


def leave_codes(rng: Random, district: District) -> District:
    """Leave the export's own field codes in some addresses."""
    code = rng.choice(("~(student_web_id)", "{{first}}.{{last}}@{{domain}}", "${email}"))
    for row in district["students"][::8]:
        row["Student_email"] = code
    return district


def mix_alphabets(rng: Random, district: District) -> District:
    """Write a Cyrillic letter into some addresses."""
    return change_addresses(
        district, lambda text: text.replace("a", "\u0430", 1).replace("o", "\u043e", 1), 9
    )


def encode_otherwise(*code_pages: str) -> Rewrite:
    """Return a damage that writes all files in another code page."""

    def rewrite(rng: Random, written: Written) -> Written:
        page = rng.choice(code_pages)
        files = {
            n: content.decode().encode(page, "replace") for n, content in written.files.items()
        }
        return replace(written, files=files)

    return rewrite


def rewrite_cells(write_rows: Callable[[list[list[str]]], str], *, header: bool = False) -> Rewrite:
    """Return a damage that writes the rows of the people's file in another way.

    With `header`, those of every file.
    """

    def rewrite(rng: Random, written: Written) -> Written:
        files = dict(written.files)
        for name, content in files.items():
            if header or name.lower() in STUDENT_FILES:
                rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
                files[name] = write_rows(rows).encode()
        return replace(written, files=files)

    return rewrite


STUDENT_FILES = ("students.csv", "student.csv", "users.csv", "dump_students.csv")


def quote_twice(rows: list[list[str]]) -> str:
    """Return the rows with quotation marks that are part of the values."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([f'"{cell}"' if cell else "" for cell in row] for row in rows[1:])
    return text.getvalue()


def enclose_in_pipes(rows: list[list[str]]) -> str:
    """Return the rows as a database dumps them: tabs between, and pipes around."""
    return "".join("\t".join(f"|{cell}|" for cell in row) + "\n" for row in rows)


def escape_by_backslash(rows: list[list[str]]) -> str:
    """Return the rows with a backslash before quotation marks inside values."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", doublequote=False, escapechar="\\").writerows(rows)
    return text.getvalue()
