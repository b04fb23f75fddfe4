"""Shapes of public columns: which values have the form and the words of their column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from validator import resources
from validator.text import BLANKS
from validator.vocabulary.grades import UNKNOWN, Grades

FEWEST_SHARING = 3
"""A value that is no phrase of its column's vocabulary is public once this many people share it."""

_CLASSES = re.compile(rb"^privacy:\r?\n(?: .*\n)*", re.MULTILINE)
_ALLOWED = re.compile(r"[a-z0-9 &/().,:;+'\u2019#-]+")
_DATE = re.compile(r"\d\s*[/.-]\s*\d+\s*[/.-]\s*\d")
_JOINT = re.compile(r"\s*(?:[/,;&+()]|\band\b|(?<=\s)-(?=\s))\s*")
_NUMERAL = re.compile(r"\s+(?:\d{1,2}|i{1,3}|iv)$")
_TOKEN = re.compile(r"[a-z]+|[0-9]+")


@cache
def load_privacy_table() -> Mapping[str, Any]:
    """Return the classes, shapes and words of privacy in rules/privacy.yaml."""
    table: Mapping[str, Any] = resources.read_bundled_yaml("privacy.yaml")
    return table


def list_pack_classes() -> list[Mapping[str, Any]]:
    """List the privacy classes that packs give the columns which only their format has."""
    packs = sorted(resources.find_rules().glob("*.yaml"))
    listed = [resources.load_compiled(path, "privacy", _read_classes) for path in packs]
    return [classes for classes in listed if classes]


def _read_classes(content: bytes) -> dict[str, Any]:
    """Read the privacy classes in a pack; only this part of it is parsed, which is faster."""
    part = _CLASSES.search(content)
    if part is None:
        return {}
    classes: dict[str, Any] = resources.parse_yaml(part[0])["privacy"]
    return classes


def is_phrase(value: str, shape: str) -> bool:
    """Return whether a value may be shown, since all of it is in the vocabulary of its column.

    Several phrases may be joined by commas, slashes, dashes and the like. No value that is a
    phrase can be a person's name.
    """
    if shape == "grade":
        return is_grade(value)
    text = _simplify(value, load_privacy_table()["shapes"][shape])
    lists = load_privacy_table()["shapes"][shape].get("phrases", ())
    phrases = frozenset[str]().union(*(_load_phrases(name) for name in lists))
    parts = [_NUMERAL.sub("", part) for part in _JOINT.split(text) if part]
    return bool(parts) and (text in phrases or all(part in phrases for part in parts))


def is_worded(value: str, shape: str) -> bool:
    """Return whether a value may be shown, since each word is known, a short number or letters.

    At least one of its words must be more than a given or family name, unless it has no words.
    """
    settings = load_privacy_table()["shapes"][shape]
    text = _simplify(value, settings)
    if not text or _DATE.search(text):
        return False
    parts = _TOKEN.findall(re.sub(r"['\u2019]", "", text))
    words = [part for part in parts if part.isalpha() and len(part) > 1]
    if words and all(word in _load_words("names") for word in words):
        return False
    known = frozenset[str]().union(
        *(_load_words(name) for name in settings.get("words", settings.get("some", ())))
    )
    if "some" in settings and not (known.intersection(parts) or re.search(settings["form"], text)):
        return False
    return bool(parts) and all(_is_known(part, known, settings) for part in parts)


def needs_sharing(shape: str) -> bool:
    """Return whether a worded value of this shape is public only where people share it."""
    return bool(load_privacy_table()["shapes"][shape].get("shared"))


def is_grade(value: str) -> bool:
    """Return whether a cell may be shown, since it names known grades and none of a program."""
    text = value.strip(BLANKS)
    if _DATE.search(text):
        return False
    parts = {part.casefold() for part in re.findall(r"[A-Za-z]+", text)}
    if parts & _load_words("programs") or re.sub(r"[^a-z]", "", text.casefold()) in _load_words(
        "programs"
    ):
        return False
    return UNKNOWN not in (_load_grades().parse_several(text) or [UNKNOWN])


def _is_known(part: str, known: frozenset[str], settings: Mapping[str, Any]) -> bool:
    """Return whether a part of a value may be shown as public: a known word, or short enough."""
    if part.isdigit():
        return len(part) <= int(settings["digits"])
    return part in known or len(part) <= int(settings["letters"])


def _simplify(value: str, settings: Mapping[str, Any]) -> str:
    """Return a value without case and accents, to judge whether it is public; "" for others."""
    longest = int(settings["length"])
    if len(value) > 4 * longest:  # cheap, before each letter is examined
        return ""
    letters = unicodedata.normalize("NFKD", value.strip(BLANKS))
    text = "".join(it for it in letters if not unicodedata.combining(it)).casefold()
    text = " ".join(text.split())
    return text if len(text) <= longest and _ALLOWED.fullmatch(text) else ""


@cache
def _load_words(name: str) -> frozenset[str]:
    """Return the words that may be shown in public columns of a shape."""
    return frozenset(load_privacy_table()["words"][name].split())


@cache
def _load_phrases(name: str) -> frozenset[str]:
    """Return the phrases that may be shown in public columns of a shape."""
    return frozenset(part.strip() for part in load_privacy_table()["phrases"][name].split(","))


@cache
def _load_grades() -> Grades:
    """Load the grades that public values may name."""
    return Grades.parse(resources.read_bundled_yaml("vocabulary/grades.yaml"))
