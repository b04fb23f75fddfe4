"""Acceptance by Canvas: what its SIS import does with each departure from the format."""

from __future__ import annotations

from functools import partial

from validator.model import Acceptance, Answer, Departure, Response

DOCUMENTATION = "https://developerdocs.instructure.com/services/canvas/sis/file.sis_csv"
CODE = "https://github.com/instructure/canvas-lms/blob/master/lib/sis/"
READER = f"{CODE}csv/csv_base_importer.rb"
RECOGNITION = f"{CODE}csv/import_refactored.rb"
ENROLLMENTS = f"{CODE}enrollment_importer.rb"

RENAME = "Rename the column to exactly the name shown."
UNSEEN = (
    "Canvas compares column names letter by letter, so the column counts as absent. A file without "
    "the columns by which Canvas recognizes it is not imported."
)
UNKNOWN_FILE = "Canvas does not recognize the column names on the first line and skips the file."
MALFORMED = "Canvas reports the file as malformed and imports nothing from it."
NOT_UTF_8 = "Canvas reports invalid UTF-8 and imports nothing from the file."

_takes = partial(Answer, Response.TAKES)
_drops = partial(Answer, Response.DROPS)
_refuses = partial(Answer, Response.REFUSES)
_undocumented = partial(Answer, Response.UNDOCUMENTED)

OF_HEADERS = {
    Departure.HEADER_LETTER_CASE: _takes("Nothing has to change.", READER),
    Departure.HEADER_SEPARATORS: _drops(RENAME, READER, UNSEEN),
    Departure.HEADER_PUNCTUATION: _drops(RENAME, READER, UNSEEN),
    Departure.HEADER_FORMER_NAME: _drops(RENAME, READER, UNSEEN),
    Departure.HEADER_OTHER_WORDS: _drops(RENAME, READER, UNSEEN),
    Departure.HEADER_ORDER: _takes("Nothing has to change.", DOCUMENTATION),
    Departure.HEADER_REPEATED: _undocumented(
        "Remove the extra column from the export.", DOCUMENTATION
    ),
    Departure.HEADER_HIDDEN_CHARACTERS: _drops(
        "Retype the column name in the export's settings.", READER, UNSEEN
    ),
    Departure.HEADER_UNKNOWN: _drops("Remove the column from the export.", READER),
}
OF_FORM = {
    Departure.LINES_ABOVE_HEADER: _refuses(
        "Remove the lines above the header, so that the column names are on line 1.",
        DOCUMENTATION,
        UNKNOWN_FILE,
    ),
    Departure.DELIMITER: _refuses(
        "In the SIS, set the export's separator to a comma and export again.",
        RECOGNITION,
        UNKNOWN_FILE,
    ),
    Departure.ENCLOSING_MARK: _refuses(
        "In the SIS, set the export to enclose values in double quotes, or in nothing.",
        RECOGNITION,
        UNKNOWN_FILE,
    ),
    Departure.ENCODING_UTF_16: _refuses(
        "In the SIS, set the export's encoding to UTF-8 and export again.", RECOGNITION, NOT_UTF_8
    ),
    Departure.ENCODING_WINDOWS_1252: _refuses(
        "In the SIS, set the export's encoding to UTF-8 and export again.", RECOGNITION, NOT_UTF_8
    ),
    Departure.ENCODING_BOM: _takes("Nothing has to change.", READER),
    Departure.ENCODING_DOUBLE_BOM: _undocumented(
        'In the export settings, choose "UTF-8" instead of "UTF-8 with BOM".', READER
    ),
}
OF_FILES = {
    Departure.FILE_NAME_ALIAS: _takes(
        "Nothing has to change. Canvas recognizes a file by its column names.", RECOGNITION
    ),
    Departure.FILE_NAME_CASE: _takes(
        "Nothing has to change. Canvas recognizes a file by its column names.", RECOGNITION
    ),
    Departure.FILE_MISSING: _takes(
        "Export all files together, so that they can be checked against each other.",
        DOCUMENTATION,
        "Each file may be imported separately. Records of a file that is not in the import stay as "
        "they are.",
    ),
    Departure.FILE_ADDITIONAL: _drops(
        "Leave the file out of the import.",
        RECOGNITION,
        "Canvas reports an error for a file whose column names it does not recognize.",
    ),
    Departure.FILE_EMPTY: _undocumented(
        "Find out in the SIS why nothing was exported. Do not import the empty file.",
        DOCUMENTATION,
        "In batch and diffing mode, Canvas deletes records that are no longer in the file.",
    ),
}
OF_ROWS = {
    Departure.ROW_LENGTH: _undocumented(
        "Turn on quoting in the export, or correct the record in the SIS.", DOCUMENTATION
    ),
    Departure.ROW_EMPTY_CELLS: _takes("Nothing has to change.", READER),
    Departure.LINE_ENDS_CR: _undocumented("End lines with CRLF or LF.", READER),
    Departure.LINE_ENDS_MIXED: _undocumented("End all lines in the same way.", READER),
    Departure.LINE_BREAK_IN_VALUE: _undocumented(
        "Remove the line break from the value in the SIS.", DOCUMENTATION
    ),
    Departure.QUOTE_UNCLOSED: _refuses(
        "Remove the stray quotation mark from the record in the SIS and export again.",
        RECOGNITION,
        MALFORMED,
    ),
    Departure.VALUES: _drops(
        "Use one of the values that Canvas's documentation lists.",
        ENROLLMENTS,
        "Canvas reports an error for a row with any other status or role, and skips it.",
    ),
}

ACCEPTANCE = Acceptance("Canvas", {**OF_HEADERS, **OF_FORM, **OF_FILES, **OF_ROWS})
"""What Canvas does with each departure; where neither page nor code says it, undocumented."""
