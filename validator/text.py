"""Sets of characters, and text made safe to show in each output language."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches
from types import MappingProxyType

SPACES = (
    " \t\r\n\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u0085"
)
"""Blanks of all kinds."""

BLANKS = SPACES + "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Every character that looks like nothing: blanks of all kinds and zero-width characters."""

_UNTYPED = "\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"

UNTYPED = f"[{_UNTYPED}]"
"""Invisible characters that no keyboard types: no-break blank, zero-width, direction marks."""

UNSEEN = f"[{_UNTYPED}\u180e\x00-\x1f\x7f]"
"""Characters that nobody sees in an id: those that no keyboard types, and control characters."""

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""ASCII control characters other than tabs and line ends."""

CONTROLS_AND_BREAKS = r"[\x00-\x1f\x7f]"
"""All ASCII control characters, with tabs and line ends."""

DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
"""Dashes of all kinds but the hyphen, as a range for a pattern."""

SENTENCE_DASHES = "\u2013\u2014"
"""Dashes between the parts of a sentence or title."""

PLAIN_DASHES = MappingProxyType(str.maketrans(dict.fromkeys(f"{SENTENCE_DASHES}\u2212", "-")))
"""Dashes and minus signs -> the hyphen that a keyboard types."""

APOSTROPHES = "\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07"
"""Signs that are written in place of an apostrophe."""

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_LINE_SEPARATORS = "\u2028\u2029"
_ZERO_WIDTH = "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\U000e0000-\U000e007f"
_NO_CHARACTERS = "\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff\ud800-\udfff"
_STEERING = f"{_CONTROLS}{_DIRECTIONS}{_LINE_SEPARATORS}{_ZERO_WIDTH}{_NO_CHARACTERS}"
_BLANK = "\t\n\xa0\u115f\u1160\u2000-\u200a\u202f\u205f\u3000\u3164"

_PLAIN = bytes([*b"\t\n", *range(0x20, 0x7F)])

STEERING = re.compile(f"[{_STEERING}]")
"""Characters that move a cursor, reverse text, end a line, are invisible or are not text.

Tabs and line feeds are not among them, nor the joiners U+200C and U+200D, which spell Persian and
Indic words.
"""

INVISIBLE = re.compile(f"[{_STEERING}{_BLANK}]")
"""What nobody sees in a cell: steering characters, and blanks other than the plain space."""

ASCII = MappingProxyType(
    str.maketrans(
        {
            "✗": "x",
            "·": "-",
            "•": "-",
            "\u2019": "'",
            "\u2018": "'",
            "“": '"',
            "”": '"',
            "\u2013": "-",
            "—": "-",
            "…": "...",
            "→": "->",
            "\u00a0": " ",
        }
    )
)
"""Signs of our own sentences -> what a screen without them shows."""

_SHOWN = re.compile(r"[\u2400-\u241f]|\[U\+[0-9A-F]{4,6}\]")
_ONE_LINE = re.compile(f"[{_STEERING}\t\n]+")
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&@])")
_LINE_COMMAND = re.compile(r"(?m)^(\s*):(?=:)")
_HASH_COMMAND = re.compile(r"#(?=#\[|#vso\[)")
_ENTITIES = MappingProxyType(
    {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "|": "&#124;"},
)

MOST_DIGITS = 12
"""Of a number of rows, records or licenses; Python refuses to parse thousands of digits."""


def escape(text: str) -> str:
    """Return the text with U+FFFD for each control character; for HTML, XML and the screen."""
    return text if _is_plain(text) else STEERING.sub("\ufffd", text)


def _is_plain(text: str) -> bool:
    """Whether a text is ASCII without steering characters, which its bytes tell at once."""
    return text.isascii() and not text.encode().translate(None, _PLAIN)


def remove_invisible(text: str) -> str:
    """Return the text without invisible characters, with plain spaces for blanks of all kinds."""
    if text.isascii() and text.isprintable():
        return text
    characters = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Zs":
            characters.append(" ")
        elif category not in ("Cf", "Cc", "Zl", "Zp"):
            characters.append(character)
    return "".join(characters)


def flatten(text: str) -> str:
    """Return the text on one line: a space for each run of line ends and steering characters."""
    return _ONE_LINE.sub(" ", text)


def escape_terminal(text: str) -> str:
    """Text of any kind, with question marks for its control characters."""
    return STEERING.sub("?", text)


def escape_markdown(text: str) -> str:
    """Text of any kind, escaped so that one line of Markdown shows its characters literally."""
    return _MARKDOWN.sub(lambda mark: _ENTITIES.get(mark[1], f"\\{mark[1]}"), flatten(text))


def quote_yaml(text: str) -> str:
    """Return the text in double quotes, printable, as YAML and JSON read it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def parse_whole_number(text: str) -> int | None:
    """Return the whole number in a file or option; None for more than MOST_DIGITS or other text."""
    plain = text.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS
    return int(plain) if is_number else None


def defuse_commands(text: str) -> str:
    """Text of any kind, without characters that CI systems take for the beginning of a command.

    GitHub reads commands from lines that begin with two colons, Azure from any `##[` and `##vso[`.
    """
    return _HASH_COMMAND.sub("# ", _LINE_COMMAND.sub(r"\1: ", text))


def escape_github(text: str) -> str:
    """Text of any kind, safe in a GitHub workflow command, which ends with its line."""
    line = STEERING.sub(" ", text).replace("%", "%25").replace("\n", "%0A")
    return _HASH_COMMAND.sub("# ", line)


def escape_github_property(text: str) -> str:
    """Text of any kind, safe in a property of a GitHub workflow command."""
    return escape_github(text).replace(":", "%3A").replace(",", "%2C")


def escape_azure(text: str) -> str:
    """Text of any kind, safe in an Azure Pipelines logging command."""
    line = STEERING.sub(" ", text).replace("\n", " ")
    return line.replace("%", "%AZP25").replace("##", "# #")


def escape_azure_property(text: str) -> str:
    """Text of any kind, safe in a property of an Azure Pipelines logging command."""
    return escape_azure(text).replace(";", "%3B").replace("]", "%5D")


def escape_json(document: str) -> str:
    r"""Return JSON with each control character of its strings as `\uXXXX`."""
    if _is_plain(document):
        return document
    return STEERING.sub(lambda mark: _escape_for_json(ord(mark[0])), document)


def _escape_for_json(code: int) -> str:
    """Return a character of a text by the escape that any JSON text may have for it."""
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def show_invisible(text: str) -> str:
    """Return the text with a visible sign for each invisible character: `␉`, `[U+00A0]`."""
    return INVISIBLE.sub(lambda mark: _sign(ord(mark[0])), text)


def _sign(code: int) -> str:
    """Return a visible sign for an invisible character of a text."""
    return chr(0x2400 + code) if code < 0x20 else f"[U+{code:04X}]"


def write_code_points(text: str) -> str:
    """Return the text with `<U+0007>` for each character that cannot be printed."""
    return "".join(c if c in " \n" or c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def remove_invisible_signs(text: str) -> str:
    """Return the text without invisible characters and without the signs that show them."""
    return _SHOWN.sub("", INVISIBLE.sub("", text))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Suggest the known text with the nearest characters: `; did you mean column?`, or ""."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
