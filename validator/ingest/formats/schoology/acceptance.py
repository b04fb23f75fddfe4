"""Acceptance by Schoology: what its imports do with each departure from the format."""

from __future__ import annotations

from functools import partial

from validator.model import Acceptance, Answer, Departure, Response

PAGES = "https://uc.powerschool-docs.com/en/schoology/latest/"
USERS = f"{PAGES}import-users-with-a-csv-xls-file-enterprise"
COURSES = f"{PAGES}import-courses-with-a-csv-xls-file-enterprise"
ENROLLMENTS = f"{PAGES}import-course-enrollments-with-a-csv-xls-file-ente"
AUTOMATIC = "https://support.schoology.com/hc/en-us/articles/115014019788-Scheduling-an-Auto-Import"

MATCHED = "In its second step, the import asks which column is which."
COMMAS = "Set the export's separator to a comma and export again."
UTF_8 = "Set the export's encoding to UTF-8 and export again."

_takes = partial(Answer, Response.TAKES)
_undocumented = partial(Answer, Response.UNDOCUMENTED)
_spelled = _takes("Nothing has to change, but match the column by hand.", ENROLLMENTS, MATCHED)
_named = _takes("Nothing has to change.", AUTOMATIC, "The import asks for the path of each file.")

OF_HEADERS = {
    Departure.HEADER_LETTER_CASE: _spelled,
    Departure.HEADER_SEPARATORS: _spelled,
    Departure.HEADER_PUNCTUATION: _spelled,
    Departure.HEADER_FORMER_NAME: _spelled,
    Departure.HEADER_OTHER_WORDS: _spelled,
    Departure.HEADER_ORDER: _spelled,
    Departure.HEADER_REPEATED: _undocumented("Remove the extra column from the export.", USERS),
    Departure.HEADER_HIDDEN_CHARACTERS: _spelled,
    Departure.HEADER_UNKNOWN: _takes("Nothing has to change.", USERS, MATCHED),
}
OF_FORM = {
    Departure.LINES_ABOVE_HEADER: _undocumented(
        "Remove the lines above the header, so that the column names are on line 1.", USERS
    ),
    Departure.DELIMITER: _undocumented(COMMAS, USERS),
    Departure.ENCLOSING_MARK: _undocumented(
        "Set the export to enclose values in double quotes, or in nothing.", USERS
    ),
    Departure.ENCODING_UTF_16: _undocumented(UTF_8, USERS),
    Departure.ENCODING_WINDOWS_1252: _undocumented(UTF_8, USERS),
    Departure.ENCODING_BOM: _undocumented(UTF_8, USERS),
    Departure.ENCODING_DOUBLE_BOM: _undocumented(UTF_8, USERS),
}
OF_FILES = {
    Departure.FILE_NAME_ALIAS: _named,
    Departure.FILE_NAME_CASE: _named,
    Departure.FILE_MISSING: _takes(
        "Export all files together, so that they can be checked against each other.",
        AUTOMATIC,
        "Users, courses and enrollments are imported separately.",
    ),
    Departure.FILE_ADDITIONAL: _takes("Nothing has to change.", AUTOMATIC),
    Departure.FILE_EMPTY: _undocumented(
        "Find out in the SIS why nothing was exported. Do not import the empty file.", ENROLLMENTS
    ),
}
OF_ROWS = {
    Departure.ROW_LENGTH: _undocumented(
        "Turn on quoting in the export, or correct the record in the SIS.", USERS
    ),
    Departure.ROW_EMPTY_CELLS: _undocumented("End each row after its last column.", USERS),
    Departure.LINE_ENDS_CR: _undocumented("End lines with CRLF or LF.", USERS),
    Departure.LINE_ENDS_MIXED: _undocumented("End all lines in the same way.", USERS),
    Departure.LINE_BREAK_IN_VALUE: _undocumented(
        "Remove the line break from the value in the SIS.", USERS
    ),
    Departure.QUOTE_UNCLOSED: _undocumented(
        "Remove the stray quotation mark from the record in the SIS and export again.", USERS
    ),
    Departure.VALUES: _takes(
        "Enter the values of the file next to Schoology's own in the import.",
        ENROLLMENTS,
        "Roles, schools, grading periods and enrollment types are matched in the import.",
    ),
}

ACCEPTANCE = Acceptance("Schoology", {**OF_HEADERS, **OF_FORM, **OF_FILES, **OF_ROWS})
"""What Schoology does with each departure; where no page says it, undocumented."""
