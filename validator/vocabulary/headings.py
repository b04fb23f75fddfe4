"""Words of column names: which headings may be shown to anybody."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from validator import resources

LONGEST = 60
"""Characters of the longest heading that is shown."""

_ALLOWED = re.compile(r"[A-Za-z0-9 _./()#-]+")
_EMAIL = re.compile(r"\be-mail", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def is_public(heading: str) -> bool:
    """Return whether the vocabulary of headings knows all words of this one, so that it is
    public."""
    if not heading or len(heading) > LONGEST or not _ALLOWED.fullmatch(heading):
        return False
    words = _WORD.findall(_EMAIL.sub("email", heading))
    known = _load_words(resources.find_rules() / "vocabulary")
    return any(word.isalpha() for word in words) and all(
        len(word) <= 2 if word.isdigit() else word.lower() in known for word in words
    )


@functools.cache
def _load_words(folder: Path) -> frozenset[str]:
    """Load the vocabulary's list of words in headings; `folder` is only the key of the cache."""
    return frozenset(resources.read_bundled_yaml("vocabulary/headings.yaml")["words"].split())
