"""Refusals: errors that end a run with one sentence for the user."""

from __future__ import annotations

from validator.text import flatten


class Refusal(Exception):
    """One sentence for the user, on one line and without control characters."""

    def __init__(self, text: str) -> None:
        sentence = flatten(text)
        if len(sentence) > LONGEST_SENTENCE:
            sentence = f"{sentence[:LONGEST_SENTENCE]} ..."
        super().__init__(sentence)


LONGEST_SENTENCE = 1000
"""Characters. A sentence may quote a file, which may contain anything."""


class BadUsage(Refusal):
    """Wrong usage or a bad pack. The text holds no value of a record. Exit code 2."""


class CannotRead(Refusal):
    """No readable input. Exit code 3."""


class InputChanged(Refusal):
    """A file changed while it was being read. Exit code 4."""
