"""Keys of pack files, and the words that each may have."""

from __future__ import annotations

import re

from validator.model import Consequence, Level, Owner, Step

TOPICS = ("accounts", "classes", "grades-and-ages", "staff", "sharing", "files", "identity")
COUNTS = ("person", "row", "section", "school", "file", "column")
PACK_KEYS = (
    "pack",
    "version",
    "title",
    "read",
    "include",
    "rules",
    "checklist",
    "district_domains",
    "electives",
    "waive",
    "app",
)
TEXTS = ("title", "why", "fix", "source", "check")
CHOICES = {
    "level": [str(level) for level in Level],
    "consequence": [str(consequence) for consequence in Consequence],
    "owner": [str(owner) for owner in Owner],
    "topic": list(TOPICS),
    "counts": list(COUNTS),
    "when_absent": ["everybody"],
    "unreadable": ["true", "false"],
    "lists": ["true", "false"],
    "fix_needed": ["true", "false"],
    "tells": ["fault", "attribute"],
    "only": ["all", "shared"],
    "step": [step.name.lower().replace("_", "-") for step in Step],
}
LISTS = ("needs", "follows", "was")
MAPPINGS = ("reads", "with", "says", "phases", "when_all", "when_most")
ID = re.compile("[a-z0-9][a-z0-9-]*")
KEYS = ("id", *TEXTS, *CHOICES, *LISTS, *MAPPINGS)


def list_pack_keys(is_bundled: bool) -> tuple[str, ...]:
    """List the keys of a pack; a bundled one may also say how private its format's columns are."""
    return (*PACK_KEYS, "privacy") if is_bundled else PACK_KEYS
