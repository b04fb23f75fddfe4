"""Acceptance: what the destination of an export does with each departure from its format."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from validator.model.data_classes import dataclass
from validator.model.levels import Level


class StrayQuote(StrEnum):
    """How a quotation mark inside a value is written where it is not doubled, as a note says it."""

    BACKSLASH = "a backslash before a quotation mark"
    BARE = "a quotation mark inside a value without quotes around it"


class Departure(StrEnum):
    """A way in which files may differ from their format; `DEPARTURES` has the words."""

    HEADER_LETTER_CASE = "header-letter-case"
    HEADER_SEPARATORS = "header-separators"
    HEADER_PUNCTUATION = "header-punctuation"
    HEADER_FORMER_NAME = "header-former-name"
    HEADER_OTHER_WORDS = "header-other-words"
    HEADER_ORDER = "header-order"
    HEADER_REPEATED = "header-repeated"
    HEADER_HIDDEN_CHARACTERS = "header-hidden-characters"
    HEADER_UNKNOWN = "header-unknown"
    LINES_ABOVE_HEADER = "lines-above-header"
    DELIMITER = "delimiter"
    ENCLOSING_MARK = "enclosing-mark"
    ENCODING_UTF_16 = "encoding-utf-16"
    ENCODING_WINDOWS_1252 = "encoding-windows-1252"
    ENCODING_BOM = "encoding-bom"
    ENCODING_DOUBLE_BOM = "encoding-double-bom"
    FILE_NAME_ALIAS = "file-name-alias"
    FILE_NAME_CASE = "file-name-case"
    FILE_MISSING = "file-missing"
    FILE_ADDITIONAL = "file-additional"
    FILE_EMPTY = "file-empty"
    ROW_LENGTH = "row-length"
    ROW_EMPTY_CELLS = "row-empty-cells"
    LINE_ENDS_CR = "line-ends-cr"
    LINE_ENDS_MIXED = "line-ends-mixed"
    LINE_BREAK_IN_VALUE = "line-break-in-value"
    QUOTE_UNCLOSED = "quote-unclosed"
    VALUES = "values"


FORM = frozenset(
    {
        Departure.HEADER_LETTER_CASE,
        Departure.HEADER_SEPARATORS,
        Departure.HEADER_PUNCTUATION,
        Departure.HEADER_FORMER_NAME,
        Departure.HEADER_OTHER_WORDS,
        Departure.HEADER_ORDER,
        Departure.HEADER_HIDDEN_CHARACTERS,
        Departure.LINES_ABOVE_HEADER,
        Departure.DELIMITER,
        Departure.ENCLOSING_MARK,
        Departure.ENCODING_UTF_16,
        Departure.ENCODING_WINDOWS_1252,
        Departure.ENCODING_BOM,
        Departure.ENCODING_DOUBLE_BOM,
        Departure.FILE_NAME_ALIAS,
        Departure.FILE_NAME_CASE,
        Departure.LINE_ENDS_CR,
        Departure.LINE_ENDS_MIXED,
    }
)
"""Departures that whoever writes the upload files from these files sets right anyway."""


class Response(StrEnum):
    """The response of the destination to a departure."""

    TAKES = "takes"
    DROPS = "drops"
    REFUSES = "refuses"
    UNDOCUMENTED = "undocumented"


DEPARTURES: Mapping[Departure, str] = {
    Departure.HEADER_LETTER_CASE: "a column name in another letter case",
    Departure.HEADER_SEPARATORS: "a column name with other blanks, underscores or hyphens",
    Departure.HEADER_PUNCTUATION: "a column name with dots between its words",
    Departure.HEADER_FORMER_NAME: "a column under the name of an earlier version",
    Departure.HEADER_OTHER_WORDS: "a column under another name",
    Departure.HEADER_ORDER: "columns in another order",
    Departure.HEADER_REPEATED: "a column name that appears twice",
    Departure.HEADER_HIDDEN_CHARACTERS: "a column name with invisible characters",
    Departure.HEADER_UNKNOWN: "a column that is not part of the format",
    Departure.LINES_ABOVE_HEADER: "a file with lines above its header",
    Departure.DELIMITER: "a file whose values are not separated by commas",
    Departure.ENCLOSING_MARK: "values enclosed in other marks than double quotes",
    Departure.ENCODING_UTF_16: "a file encoded in UTF-16",
    Departure.ENCODING_WINDOWS_1252: "a file that is not encoded in UTF-8",
    Departure.ENCODING_BOM: "a file with a byte order mark",
    Departure.ENCODING_DOUBLE_BOM: "a file with two byte order marks",
    Departure.FILE_NAME_ALIAS: "a file under another name",
    Departure.FILE_NAME_CASE: "a file name in another letter case",
    Departure.FILE_MISSING: "an export without a required file",
    Departure.FILE_ADDITIONAL: "a file that is not part of the format",
    Departure.FILE_EMPTY: "a required file without rows",
    Departure.ROW_LENGTH: "a row with too many or too few values",
    Departure.ROW_EMPTY_CELLS: "rows with empty cells beyond the header",
    Departure.LINE_ENDS_CR: "lines that end with CR only",
    Departure.LINE_ENDS_MIXED: "lines that end in different ways",
    Departure.LINE_BREAK_IN_VALUE: "a value with a line break in it",
    Departure.QUOTE_UNCLOSED: "a quotation mark that is never closed",
    Departure.VALUES: "a value that the format does not allow",
}
"""Departure -> what it is, as the object of a sentence."""

VERBS: Mapping[Response, str] = {
    Response.TAKES: "takes {departure}.",
    Response.DROPS: "ignores {departure}.",
    Response.REFUSES: "refuses {departure}.",
}


@dataclass(frozen=True)
class Answer:
    """The response of a destination to one departure, the form to write instead, and the source.

    consequence: what follows from the response, as one more sentence, or "".
    """

    response: Response
    fix: str
    source: str
    consequence: str = ""


@dataclass(frozen=True)
class Acceptance:
    """The responses of the destination of an export to all departures.

    destination: its name, as the subject of a sentence.
    judges_form: False for files that nobody uploads as they are; their form is not judged.
    """

    destination: str
    answers: Mapping[Departure, Answer]
    judges_form: bool = True

    def describe(self, departure: Departure) -> str:
        """Return what the destination does with a departure, in one or two sentences."""
        answer, noun = self.answers[departure], DEPARTURES[departure]
        if answer.response is Response.UNDOCUMENTED:
            text = f"What {self.destination} does with {noun} is not documented."
        else:
            verb = VERBS[answer.response].format(departure=noun)
            text = f"{self.destination} {verb}"
        return f"{text} {answer.consequence}".rstrip()

    def level(self, departure: Departure, own: Level) -> Level:
        """Return the level of a departure, where the level of its rule is `own`.

        The level of what is dropped is that of a whole record; the caller knows what a single
        column is worth.
        """
        response = self.answers[departure].response
        if response in (Response.REFUSES, Response.DROPS):
            return Level.BLOCKER
        if response is Response.UNDOCUMENTED:
            return own
        return max(own, Level.ADVICE, key=lambda level: level.rank)


TAKES_ALL = Acceptance(
    "Whoever converts these files",
    {
        departure: Answer(
            Response.TAKES,
            "Nothing to change: these files are not uploaded as they are.",
            "our own default",
        )
        for departure in Departure
    },
    judges_form=False,
)
"""The acceptance of raw exports and workbooks, which are not uploaded as they are."""
