"""Clever's SFTP export, whose files already are the roster's tables."""

from __future__ import annotations

from functools import partial

from validator.ingest.formats.custom_sections import add_custom_sections
from validator.model import Acceptance, Answer, Departure, Format, Response, Version
from validator.schemas.clever import CUSTOM_FILES, FILES

SPECIFICATION = "https://schools.clever.com/files/clever-sftp.pdf"
FORMATTING = "https://support.clever.com/hc/en-us/articles/203114867"
STATUS = "https://support.clever.com/hc/en-us/articles/202048663"
QUIRKS = (
    "https://dev.clever.com/docs/data-model-quirks-and-supported-features-district-integrations"
)
REPEATED_IDS = "https://support.clever.com/hc/en-us/articles/115003073603"
EXPORTER = "https://github.com/Philip-Greyson/D118-CleverStudents"
STATEWIDE = "https://github.com/NCSIS/InfiniteCampus-Vendor-Integration"
SIMULATOR = "https://github.com/dmcgeary76/event-api-sim"

STOPPED = "The upload is not processed, so nothing in any file changes until it is corrected."

_takes = partial(Answer, Response.TAKES)
_drops = partial(Answer, Response.DROPS)
_refuses = partial(Answer, Response.REFUSES)
_undocumented = partial(Answer, Response.UNDOCUMENTED)

ACCEPTANCE = Acceptance(
    "Clever",
    {
        Departure.HEADER_LETTER_CASE: _takes(
            "Nothing has to change. The specification's own spelling is the one shown.",
            STATEWIDE,
        ),
        Departure.HEADER_SEPARATORS: _takes(
            "Nothing has to change. The specification's own spelling is the one shown.",
            SIMULATOR,
        ),
        Departure.HEADER_PUNCTUATION: _undocumented(
            "Rename the column to exactly the name shown.", SPECIFICATION
        ),
        Departure.HEADER_FORMER_NAME: _drops(
            "Rename the column to exactly the name shown.",
            SPECIFICATION,
            "The specification does not have that name, although a generator of test districts "
            "writes it. The column counts as absent.",
        ),
        Departure.HEADER_OTHER_WORDS: _drops(
            "Rename the column to exactly the name shown.",
            SPECIFICATION,
            "The column counts as absent, whatever is in it.",
        ),
        Departure.HEADER_ORDER: _takes("Nothing has to change.", SPECIFICATION),
        Departure.HEADER_REPEATED: _refuses(
            "Remove the extra column from the export.", SPECIFICATION, STOPPED
        ),
        Departure.HEADER_HIDDEN_CHARACTERS: _drops(
            "Retype the column name in the export's settings.",
            SPECIFICATION,
            "In practice, Clever ignores letter case and spaces. No source says this of other "
            "characters, so the column counts as absent.",
        ),
        Departure.HEADER_UNKNOWN: _drops(
            "Remove the column from the export, or rename it to the column it should be.",
            SIMULATOR,
        ),
        Departure.LINES_ABOVE_HEADER: _refuses(
            "Remove the lines above the header, so that the column names are on line 1.",
            SPECIFICATION,
            STOPPED,
        ),
        Departure.DELIMITER: _refuses(
            "In the SIS, set the export's separator to a comma and export again.",
            SPECIFICATION,
            STOPPED,
        ),
        Departure.ENCLOSING_MARK: _refuses(
            "In the SIS, set the export to enclose values in double quotes, or in nothing.",
            SPECIFICATION,
            STOPPED,
        ),
        Departure.ENCODING_UTF_16: _refuses(
            "In the SIS, set the export's encoding to UTF-8. In Excel, save as CSV UTF-8.",
            QUIRKS,
            "It documents UTF-8 only. " + STOPPED,
        ),
        Departure.ENCODING_WINDOWS_1252: _undocumented(
            "In the SIS, set the export's encoding to UTF-8 and export again.",
            QUIRKS,
            "Names with accents may arrive garbled.",
        ),
        Departure.ENCODING_BOM: _takes(
            "Nothing has to change. If the SIS offers plain UTF-8, choose that.", FORMATTING
        ),
        Departure.ENCODING_DOUBLE_BOM: _undocumented(
            'In the export settings, choose "UTF-8" instead of "UTF-8 with BOM".', FORMATTING
        ),
        Departure.FILE_NAME_ALIAS: _refuses(
            "Rename the file to exactly the name shown.",
            SPECIFICATION,
            "The required file counts as missing, and Clever needs all of them together.",
        ),
        Departure.FILE_NAME_CASE: _undocumented(
            "Rename the file to exactly the name shown, in lower case.",
            EXPORTER,
            "The specification wants lower case; districts upload capitals in production.",
        ),
        Departure.FILE_MISSING: _refuses(
            "Export the missing file and upload all required files together.",
            SIMULATOR,
            "Clever needs all required files together. This check cannot tell whether the file is "
            "missing from the upload, or only from the files that were checked.",
        ),
        Departure.FILE_ADDITIONAL: _drops(
            "Leave the file out, or move its data to the file where Clever expects it.", SIMULATOR
        ),
        Departure.FILE_EMPTY: _undocumented(
            "Find out in the SIS why nothing was exported. Do not upload the empty file.",
            STATUS,
            "A sync of it would remove every record of that kind, or be put on hold.",
        ),
        Departure.ROW_LENGTH: _undocumented(
            "Turn on quoting in the export, or correct the record in the SIS.",
            SPECIFICATION,
            "The values are under the wrong columns.",
        ),
        Departure.ROW_EMPTY_CELLS: _takes("Nothing has to change.", FORMATTING),
        Departure.LINE_ENDS_CR: _undocumented(
            "Upload the file exactly as the SIS wrote it. Do not open and save it first.",
            FORMATTING,
        ),
        Departure.LINE_ENDS_MIXED: _undocumented(
            "Upload the file exactly as the SIS wrote it. Do not open and save it first.",
            FORMATTING,
        ),
        Departure.LINE_BREAK_IN_VALUE: _undocumented(
            "Remove the line break from the value in the SIS.", STATEWIDE
        ),
        Departure.QUOTE_UNCLOSED: _undocumented(
            "Remove the stray quotation mark from the record in the SIS and export again.",
            "https://www.rfc-editor.org/rfc/rfc4180",
            "Most readers lose every row up to the next quotation mark.",
        ),
        Departure.VALUES: _drops(
            "Write one of the values that the specification lists.",
            REPEATED_IDS,
            "A record without a required value is not processed; other values arrive blank.",
        ),
    },
)
"""What Clever does with each departure; where sources disagree, it is undocumented."""

OTHERS = {
    "admins": "admins.csv is deprecated; Clever takes administrators from staff.csv",
    "contacts": "Clever ignores this file; contacts are columns of students.csv",
    "studentcontacts": "Clever ignores this file; contacts are columns of students.csv",
    "users": "users.csv belongs to another layout of Clever (AnySchool) or to OneRoster",
}

FORMAT = Format(
    "clever",
    "Clever",
    profile="clever",
    versions=(
        Version("clever", "Clever", (*FILES, *CUSTOM_FILES), others=OTHERS, acceptance=ACCEPTANCE),
    ),
    normalize=add_custom_sections,
    is_roster=True,
)
