"""Words as people should see them: the nearest known one, and none that steers what shows it."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that steer a terminal or turn text around, and halves of characters; tabs and line ends are none."""


def harmless(text: str) -> str:
    """The text with a sign in the place of each character that nobody sees and that steers what shows it."""
    return STEERING.sub("\ufffd", text)


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`; did you mean column?`, or "" where nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
