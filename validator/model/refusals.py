"""One sentence for the user instead of a report."""

from __future__ import annotations


class Refusal(Exception):
    """One sentence for the user, on one line: what was quoted in it can neither break the line nor move the cursor."""

    def __init__(self, text: str) -> None:
        plain = "".join(
            one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in text
        )
        super().__init__(
            plain if len(plain) <= LONGEST_SENTENCE else f"{plain[:LONGEST_SENTENCE]} ..."
        )


LONGEST_SENTENCE = 1000
"""Characters; a sentence that quotes a file may be given anything."""


class BadUsage(Refusal):
    """Wrong usage or a bad pack; the text is one sentence for the user, without any value of a record. Exit 2."""


class CannotRead(Refusal):
    """Nothing readable was given; the text is one sentence for the user. Exit 3."""


class InputChanged(Refusal):
    """A file changed while it was being read. Exit 4."""
