"""How headings are spelled, and the column that each one names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from validator.model import Column, Departure, File
from validator.text import remove_invisible

MAX_HEADING = 200
"""Characters of the longest heading that is compared."""

ABBREVIATIONS = {
    "course": ("crs",),
    "grade": ("grd",),
    "number": ("no", "nbr", "num"),
    "school": ("sch", "schl"),
    "section": ("sec", "sect"),
    "staff": ("stf",),
    "student": ("stu", "stud", "pupil"),
    "teacher": ("tchr", "tch", "teach"),
}
"""Word of a column's name -> how student information systems abbreviate it."""

SHORTEST_MISSPELLED = 5
"""Characters of the shortest name that is recognized with a typing error in it."""

_GAPS = str.maketrans("", "", " _-")

_SEPARATORS = str.maketrans("", "", ' _-."')


@cache
def index_columns(file: File) -> dict[str, Column]:
    """Return the columns of a file by every folded spelling; their own names take precedence."""
    out: dict[str, Column] = {}
    for column in file.columns:
        for spelling in column.spellings:
            out.setdefault(fold_heading(spelling), column)
    for column in file.columns:
        for name in (column.name, *column.spellings):
            for spelling in abbreviate(name):
                out.setdefault(fold_heading(spelling), column)
    return out | {fold_heading(column.name): column for column in file.columns}


def abbreviate(name: str) -> Iterator[str]:
    """Yield the name of a column with one of its words abbreviated, in each known way."""
    words = re.split(r"[ _]", name.lower())
    for at, word in enumerate(words):
        for short in ABBREVIATIONS.get(word, ()):
            yield "_".join([*words[:at], short, *words[at + 1 :]])


def classify_spelling(heading: str, name: str, former: Sequence[str] = ()) -> Departure:
    """Return how a heading differs from the name of the column that it is read as.

    `former`: headings that the column had in earlier versions of the format.
    """
    heading, name = heading.lower(), name.lower()
    if heading in (other.lower() for other in former):
        return Departure.HEADER_FORMER_NAME
    if heading == name:
        return Departure.HEADER_LETTER_CASE
    if heading.strip().translate(_GAPS) == name.translate(_GAPS):
        return Departure.HEADER_SEPARATORS
    if fold_heading(heading) == fold_heading(name):
        return Departure.HEADER_PUNCTUATION
    return Departure.HEADER_OTHER_WORDS


def clean_heading(cell: str) -> str:
    """Clean a CSV file's heading while reading it: no invisible characters, no edge blanks."""
    return remove_invisible(cell).strip()


@lru_cache(maxsize=4096)
def fold_heading(cell: str) -> str:
    """Return a heading in lower case, without separators, quotes and invisible characters."""
    return clean_heading(cell).lower().translate(_SEPARATORS)


def recognize(cell: str, names: dict[str, Column], file: File) -> str | None:
    """Return the column that a heading names, an extension under its own name; None for neither."""
    if len(cell) > MAX_HEADING:
        return None
    column = names.get(fold_heading(cell))
    if column:
        return column.name
    name = clean_heading(cell)
    prefix = file.extension
    is_extension = prefix and len(name) > len(prefix) and name.lower().startswith(prefix)
    return name if is_extension else None


def correct(heading: str, absent: Mapping[str, str]) -> str | None:
    """Return the absent column that a heading names but for one typing error, if just one fits.

    absent: each absent column's name -> its folded form. One letter is changed, lost, added or
    exchanged with the next; digits are never corrected.
    """
    folded = fold_heading(heading)
    if not SHORTEST_MISSPELLED <= len(folded) <= MAX_HEADING:
        return None
    fits = [name for name, form in absent.items() if is_misspelled(folded, form)]
    return fits[0] if len(fits) == 1 else None


def is_misspelled(text: str, name: str) -> bool:
    """Return whether a CSV heading is a column's name with one letter wrong, missing or added."""
    if len(name) < SHORTEST_MISSPELLED or abs(len(text) - len(name)) > 1 or text == name:
        return False
    if _list_digits(text) != _list_digits(name):
        return False
    text, name = _cut_common(text, name)
    is_exchanged = text[:2] == name[1::-1] and text[2:] == name[2:]
    return is_exchanged or text[1:] == name[1:] or text[1:] == name or text == name[1:]


def _cut_common(text: str, name: str) -> tuple[str, str]:
    """Return a heading and a column's name without the letters with which both begin."""
    start = 0
    while start < min(len(text), len(name)) and text[start] == name[start]:
        start += 1
    return text[start:], name[start:]


def _list_digits(text: str) -> list[str]:
    """Return the digits of a heading that may be misspelled."""
    return [character for character in text if character.isdigit()]
