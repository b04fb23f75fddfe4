"""Acceptance by OneRoster importers: their response to each departure from the specification."""

from __future__ import annotations

from functools import partial

from validator.model import Acceptance, Answer, Departure, Response

BINDING = "https://www.imsglobal.org/oneroster-v11-final-csv-tables"
BINDING_12 = "https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv/"
READER = "https://github.com/LongsightGroup/oneroster"
CONVERTER = "https://github.com/OfficeDev/O365-EDU-Tools/issues/41"
RFC = "https://www.rfc-editor.org/rfc/rfc4180"

RENAME = "Rename the column to exactly the name shown."
SEEN_AS_ABSENT = (
    "OneRoster readers match column names exactly, so the column counts as absent, "
    "whatever is in it."
)

_takes = partial(Answer, Response.TAKES)
_drops = partial(Answer, Response.DROPS)
_refuses = partial(Answer, Response.REFUSES)
_undocumented = partial(Answer, Response.UNDOCUMENTED)

ACCEPTANCE = Acceptance(
    "A OneRoster importer",
    {
        Departure.HEADER_LETTER_CASE: _undocumented(
            RENAME, READER, "Some importers match column names exactly, others ignore case."
        ),
        Departure.HEADER_SEPARATORS: _undocumented(
            RENAME, READER, "An importer that matches column names exactly does not see it."
        ),
        Departure.HEADER_PUNCTUATION: _undocumented(
            RENAME, READER, "An importer that matches column names exactly does not see it."
        ),
        Departure.HEADER_FORMER_NAME: _drops(RENAME, CONVERTER, SEEN_AS_ABSENT),
        Departure.HEADER_OTHER_WORDS: _drops(RENAME, CONVERTER, SEEN_AS_ABSENT),
        Departure.HEADER_ORDER: _undocumented(
            "Put the columns in the order of the specification.",
            BINDING,
            "Importers that read by position take the wrong values.",
        ),
        Departure.HEADER_REPEATED: _refuses("Remove the extra column from the export.", READER),
        Departure.HEADER_HIDDEN_CHARACTERS: _drops(
            "Retype the column name in the export's settings.", READER, SEEN_AS_ABSENT
        ),
        Departure.HEADER_UNKNOWN: _drops(
            "Remove the column, or begin its name with metadata.", READER
        ),
        Departure.LINES_ABOVE_HEADER: _refuses(
            "Remove the lines above the header, so that the column names are on line 1.", READER
        ),
        Departure.DELIMITER: _refuses(
            "In the SIS, set the export's separator to a comma and export again.", BINDING
        ),
        Departure.ENCLOSING_MARK: _refuses(
            "In the SIS, set the export to enclose values in double quotes.", BINDING
        ),
        Departure.ENCODING_UTF_16: _refuses(
            "In the SIS, set the export's encoding to UTF-8 and export again.", BINDING
        ),
        Departure.ENCODING_WINDOWS_1252: _undocumented(
            "In the SIS, set the export's encoding to UTF-8 and export again.",
            BINDING,
            "Names with accents may arrive garbled.",
        ),
        Departure.ENCODING_BOM: _takes(
            "Nothing has to change. If the SIS offers plain UTF-8, choose that.", READER
        ),
        Departure.ENCODING_DOUBLE_BOM: _undocumented(
            'In the export settings, choose "UTF-8" instead of "UTF-8 with BOM".', READER
        ),
        Departure.FILE_NAME_ALIAS: _refuses(
            "Rename the file to exactly the name shown.", READER, "Its own name counts as missing."
        ),
        Departure.FILE_NAME_CASE: _undocumented(
            "Rename the file to exactly the name shown.", READER
        ),
        Departure.FILE_MISSING: _refuses(
            "Export the missing file, or declare it absent in manifest.csv.",
            READER,
            "This check cannot tell whether the file is missing from the upload, or only from the "
            "files that were checked.",
        ),
        Departure.FILE_ADDITIONAL: _undocumented("Leave the file out of the upload.", READER),
        Departure.FILE_EMPTY: _refuses(
            "Find out in the SIS why nothing was exported. Do not upload the empty file.", READER
        ),
        Departure.ROW_LENGTH: _refuses(
            "Turn on quoting in the export, or correct the record in the SIS.", READER
        ),
        Departure.ROW_EMPTY_CELLS: _takes("Nothing has to change.", RFC),
        Departure.LINE_ENDS_CR: _undocumented("End lines with CRLF or LF.", RFC),
        Departure.LINE_ENDS_MIXED: _undocumented("End all lines in the same way.", RFC),
        Departure.LINE_BREAK_IN_VALUE: _undocumented(
            "Remove the line break from the value in the SIS.", READER
        ),
        Departure.QUOTE_UNCLOSED: _refuses(
            "Remove the stray quotation mark from the record in the SIS and export again.", RFC
        ),
        Departure.VALUES: _undocumented(
            "Write one of the values that the specification lists.",
            BINDING_12,
            "Importers differ in what they accept.",
        ),
    },
)
"""The specification's words, and those of the readers that were read. Importers differ."""
