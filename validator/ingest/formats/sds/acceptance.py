"""Acceptance by Microsoft School Data Sync: its response to each departure from its formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from validator.model import Acceptance, Answer, Departure, Response

FORMAT_21 = "https://learn.microsoft.com/schooldatasync/sds-v2.1-csv-file-format"
SAMPLES = "https://learn.microsoft.com/schooldatasync/csv-files-for-school-data-sync"
RFC = "https://www.rfc-editor.org/rfc/rfc4180"

RENAME = "Rename the column to exactly the name shown, including capitals."
EXACT = "School Data Sync compares column names letter by letter, so the column counts as absent."

_takes = partial(Answer, Response.TAKES)
_drops = partial(Answer, Response.DROPS)
_refuses = partial(Answer, Response.REFUSES)
_undocumented = partial(Answer, Response.UNDOCUMENTED)


def _build(source: str, others: Mapping[Departure, Answer]) -> Acceptance:
    """Return how a School Data Sync version accepts files: like the others but for `others`."""
    common = {
        **_judge_headers(source),
        **_judge_form(source),
        **_judge_files(source),
        **_judge_rows(source),
    }
    return Acceptance("School Data Sync", {**common, **others})


def _judge_headers(source: str) -> dict[Departure, Answer]:
    """Return how School Data Sync's import responds to departures in headings."""
    return {
        Departure.HEADER_LETTER_CASE: _undocumented(RENAME, source),
        Departure.HEADER_SEPARATORS: _undocumented(RENAME, source),
        Departure.HEADER_PUNCTUATION: _undocumented(RENAME, source),
        Departure.HEADER_FORMER_NAME: _drops(RENAME, source, EXACT),
        Departure.HEADER_OTHER_WORDS: _drops(RENAME, source, EXACT),
        Departure.HEADER_ORDER: _takes("Nothing has to change.", source),
        Departure.HEADER_REPEATED: _refuses("Remove the extra column from the export.", source),
        Departure.HEADER_HIDDEN_CHARACTERS: _drops(
            "Retype the column name in the export's settings.", source, EXACT
        ),
        Departure.HEADER_UNKNOWN: _drops("Remove the column from the export.", source),
    }


def _judge_form(source: str) -> dict[Departure, Answer]:
    """Return how School Data Sync's import responds to delimiters, encodings and first lines."""
    return {
        Departure.LINES_ABOVE_HEADER: _refuses(
            "Remove the lines above the header, so that the column names are on line 1.", source
        ),
        Departure.DELIMITER: _refuses(
            "In the SIS, set the export's separator to a comma and export again.", source
        ),
        Departure.ENCLOSING_MARK: _refuses(
            "In the SIS, set the export to enclose values in double quotes.", source
        ),
        Departure.ENCODING_UTF_16: _refuses(
            "In the SIS, set the export's encoding to UTF-8 and export again.", source
        ),
        Departure.ENCODING_WINDOWS_1252: _undocumented(
            "In the SIS, set the export's encoding to UTF-8 and export again.",
            source,
            "Names with accents may arrive garbled.",
        ),
        Departure.ENCODING_BOM: _takes(
            "Nothing has to change. If the SIS offers plain UTF-8, choose that.", source
        ),
        Departure.ENCODING_DOUBLE_BOM: _undocumented(
            'In the export settings, choose "UTF-8" instead of "UTF-8 with BOM".', source
        ),
    }


def _judge_files(source: str) -> dict[Departure, Answer]:
    """Return how School Data Sync's import responds to departures in files and their names."""
    return {
        Departure.FILE_NAME_ALIAS: _refuses("Rename the file to exactly the name shown.", source),
        Departure.FILE_NAME_CASE: _undocumented(
            "Rename the file to exactly the name shown.", source
        ),
        Departure.FILE_MISSING: _refuses(
            "Export the missing file. The same files must be supplied every time.",
            source,
            "Records of a file that was there before become inactive.",
        ),
        Departure.FILE_ADDITIONAL: _undocumented("Leave the file out of the upload.", source),
        Departure.FILE_EMPTY: _undocumented(
            "Find out in the SIS why nothing was exported. Do not upload the empty file.",
            source,
            "Records that are no longer there become inactive.",
        ),
    }


def _judge_rows(source: str) -> dict[Departure, Answer]:
    """Return how School Data Sync's import responds to departures in rows and values."""
    return {
        Departure.ROW_LENGTH: _undocumented(
            "Turn on quoting in the export, or correct the record in the SIS.", source
        ),
        Departure.ROW_EMPTY_CELLS: _takes("Nothing has to change.", RFC),
        Departure.LINE_ENDS_CR: _undocumented("End lines with CRLF or LF.", RFC),
        Departure.LINE_ENDS_MIXED: _undocumented("End all lines in the same way.", RFC),
        Departure.LINE_BREAK_IN_VALUE: _refuses(
            "Remove the line break from the value in the SIS.", FORMAT_21
        ),
        Departure.QUOTE_UNCLOSED: _refuses(
            "Remove the stray quotation mark from the record in the SIS and export again.", RFC
        ),
        Departure.VALUES: _undocumented(
            "Write one of the values that Microsoft's tables list.", source
        ),
    }


ACCEPTANCE_1 = _build(SAMPLES, {})
ACCEPTANCE_2 = _build(SAMPLES, {})
ACCEPTANCE_21 = _build(
    FORMAT_21,
    {
        Departure.HEADER_LETTER_CASE: _refuses(RENAME, FORMAT_21, EXACT),
        Departure.HEADER_SEPARATORS: _refuses(RENAME, FORMAT_21, EXACT),
        Departure.HEADER_PUNCTUATION: _refuses(RENAME, FORMAT_21, EXACT),
    },
)
