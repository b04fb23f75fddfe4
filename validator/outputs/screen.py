"""Lines of the documents that the program shows on the screen."""

from __future__ import annotations

import textwrap

WIDTH = 100


def wrap_line(line: str, indent: str = "  ", *, hang: str = "  ") -> list[str]:
    """Wrap a line of the screen's text; its second and later lines are `hang` further in."""
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
