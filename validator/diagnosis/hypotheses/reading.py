"""Damage that the reader recognized and read around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from validator.diagnosis.cells import join_names
from validator.diagnosis.hypothesis import Suspicion
from validator.diagnosis.scene import Scene
from validator.model import Departure, Level, Places, StrayQuote, name_delimiter
from validator.vocabulary.code_pages import OTHERS

LEAST_ESCAPED = 2
"""Rows with a backslash before a quotation mark that are one cause; our own measure."""

RULES: Mapping[str, str] = {
    "code-page-wrong": "file-not-utf8",
    "enclosed-in-marks": "file-delimiter",
    "quotes-escaped-by-backslash": "quote-not-doubled",
}
"""Diagnosis -> the rule under which the reader noted the damage."""


def suspect_other_code_page(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that an old system wrote the files in its own code page.

    The reader chose it by the letters of the words; see vocabulary.code_pages for the chance of
    error.
    """
    titles = {
        page.title: [file.name for file in scene.export.files if file.code_page == page.title]
        for page in OTHERS
    }
    titles = {title: files for title, files in titles.items() if files}
    named = {file for files in titles.values() for file in files}
    places = [block for block in scene.places("file-not-utf8") if block.file in named]
    noted = {block.file for block in places}
    places += [
        Places.whole_file(file.table, file.name)
        for file in scene.export.files
        if file.name in named - noted
    ]
    if places and not any(block.explained_by for block in places):
        read = "; ".join(f"{join_names(files)}: {title}" for title, files in titles.items())
        yield _suspect(
            "code-page-wrong",
            places,
            f"the accented letters of {len(named):,} files are letters in one code page, and signs "
            f"inside words in the usual one ({read})",
        )


def suspect_enclosed(scene: Scene) -> Iterable[Suspicion]:
    """Suspect a dump whose cells are enclosed in other marks than double quotes.

    The reader found the same mark at nine in ten ends of filled cells, in eight cells or more of
    each file. Raw exports are not uploaded, so there it is advice.
    """
    noted = scene.places("file-delimiter")
    places = [block for block in noted if block.departure is Departure.ENCLOSING_MARK]
    unjudged = list(scene.export.defects.get("enclosed-in-marks", ()))
    if not places and not unjudged:
        return
    every = [*places, *unjudged]
    names = {block.file for block in every}
    enclosed = [file for file in scene.export.files if file.name in names]
    marks = sorted({f"`{file.mark}`" for file in enclosed})
    separators = sorted({name_delimiter(file.delimiter) for file in enclosed})
    files = "1 file begin" if len(every) == 1 else f"{len(every):,} files begin"
    suspicion = _suspect(
        "enclosed-in-marks",
        every,
        f"nearly all cells of {files} and end with {' or '.join(marks)}, and are separated by "
        f"{' or '.join(f'{separator}s' for separator in separators)}",
    )
    yield suspicion if places else replace(suspicion, level=Level.ADVICE)


def suspect_backslashes(scene: Scene) -> Iterable[Suspicion]:
    """Suspect that a program writes a backslash before quotation marks instead of doubling them.

    These rows have the length of the header when the backslashes are read so. No name has a
    backslash directly before a quotation mark.
    """
    places = []
    for block in scene.places("quote-not-doubled"):
        notes = block.notes if block.notes is not None else ()
        marked = [note == StrayQuote.BACKSLASH for note in notes]
        if any(marked):
            places.append(block.keep(np.asarray(marked, bool)))
    count = sum(len(block) for block in places)
    if count < LEAST_ESCAPED:
        return
    files = join_names(block.file for block in places)
    yield _suspect(
        "quotes-escaped-by-backslash",
        places,
        f"{count:,} rows of {files} have a backslash before quotation marks inside values, and the "
        "length of the header when they are read so",
    )


def _suspect(id: str, places: Sequence[Places], evidence: str) -> Suspicion:
    """Return the suspicion of a damage that the reader undid: it explains what the reader noted."""
    count = sum(len(block) for block in places)
    return Suspicion(
        id,
        places,
        evidence,
        symptoms=frozenset((block.table, "") for block in places),
        repaired=count,
        failing=count,
        covers={RULES[id]: places},
        proven=True,
    )
