"""The statuses of a work-list's rows, and the words that people type for them."""

from __future__ import annotations

import re

TO_DO, DONE, NO_PROBLEM, STILL_FOUND = "to do", "done", "not a problem", "still found"
STATUSES = (TO_DO, DONE, NO_PROBLEM, STILL_FOUND)
"""The statuses of a row; we set the last one when a row that was done is found again."""

DONE_WORDS = frozenset(
    "done fixed resolved solved complete completed corrected finished closed updated repaired "
    "changed yes y x ✓ ✔ ☑".split()
)
"""First words of a status that say that the row was fixed."""

NO_PROBLEM_WORDS = frozenset(
    [
        *("no problem", "not an issue", "no issue", "not a concern", "ignore", "ignored"),
        *("n a", "na", "not applicable", "false alarm", "false positive", "fine", "is fine"),
        *("as is", "ok as is", "leave as is", "leave it", "correct", "correct as is"),
        *("is correct", "this is correct", "intended", "intentional", "on purpose", "expected"),
        *("by design", "accepted", "waived", "not needed", "will not fix", "wont fix"),
        "won t fix",
    ]
)

TO_DO_WORDS = frozenset(
    [
        *("", "todo", "open", "new", "no", "not done", "not yet", "not fixed", "still open"),
        *("still wrong", "pending", "started", "in progress", "working on it", "waiting"),
        *("assigned", "sent", "later"),
    ]
)


def parse_status(text: str) -> str | None:
    """Return the status that a person typed in a work-list, None for an unclear one."""
    words = re.sub(r"[^\w✓✔☑]+", " ", text.casefold()).strip()
    if words in STATUSES:
        return words
    if "?" in text:
        return None
    if words in NO_PROBLEM_WORDS:
        return NO_PROBLEM
    if words in TO_DO_WORDS:
        return TO_DO
    return DONE if words.split()[0] in DONE_WORDS else None


def is_listed(text: str) -> bool:
    """Return whether a status in a work-list is one of its list; blank counts as one."""
    return not text or text.casefold() in STATUSES
