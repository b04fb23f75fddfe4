"""A letter as text, and as HTML to paste into a mail program."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from html import escape

from validator import wording
from validator.model import dataclass
from validator.text import defuse_commands, flatten

WIDTH = 76


@dataclass(frozen=True)
class Letter:
    """A letter: its subject and its paragraphs, of which each thing to fix is one."""

    subject: str
    parts: tuple[str, ...]


def ask_by(by: dt.date | None) -> str:
    """Return the letter's sentence with the day until which things are to be fixed."""
    return f"Please fix these by {wording.format_date(by)}." if by else ""


def render_text(letter: Letter) -> str:
    """Return a letter as plain text with its subject line."""
    text = "\n\n".join([flatten(letter.subject), *map(_wrap, letter.parts)]) + "\n"
    return defuse_commands(text)


def render_html(letter: Letter) -> str:
    """Return a letter as HTML to paste into a mail program; its subject is a comment above."""
    lines = [f"<!-- {escape(flatten(letter.subject)).replace('--', '- -')} -->"]
    for part in letter.parts:
        shown = "<br>\n".join(escape(flatten(line.strip())) for line in part.split("\n"))
        first, _, rest = shown.partition("<br>\n")
        is_thing = re.match(r"\d+\. ", part)
        more = f"<br>\n{rest}" if rest else ""
        lines.append(f"<p><b>{first}</b>{more}</p>" if is_thing else f"<p>{shown}</p>")
    return defuse_commands("\n".join(lines) + "\n")


def _wrap(text: str) -> str:
    """Wrap the letter's text for any mail program, without steering characters."""
    return "\n".join(_wrap_line(flatten(line)) for line in text.split("\n"))


def _wrap_line(line: str) -> str:
    """Wrap a line of the letter's text."""
    is_item = re.match(r"\d+\. | {3}", line)
    return "\n".join(
        textwrap.wrap(
            line.strip(),
            WIDTH,
            initial_indent=line[: len(line) - len(line.lstrip())],
            subsequent_indent="   " if is_item else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
