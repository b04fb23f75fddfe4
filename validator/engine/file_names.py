"""Rules in the words of the export's files: `users.csv` where a rule says "the students file"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from validator.model import Export, Rule

TABLES = ("schools", "students", "teachers", "sections", "enrollments", "staff")
"""The tables that a rule may call a file: "the students file"."""

_FILE = re.compile(rf"\bthe ({'|'.join(TABLES)}) file\b", re.I)

WORDS = ("title", "says_one", "says_many", "why", "fix")
"""The sentences of a rule that may name a file."""


def list_file_names(export: Export) -> dict[str, str]:
    """Return table -> the name of its file, where rules should name that instead of the table."""
    names = {**export.files_expected, **{name: it.file for name, it in export.tables.items()}}
    return {name: names[name] for name in TABLES if names.get(name, "") not in ("", f"{name}.csv")}


def name_files(rule: Rule, names: Mapping[str, str]) -> Rule:
    """Return a rule whose words name the files of an export, from `list_file_names`."""
    if not names:
        return rule

    def name(text: str) -> str:
        if " file" not in text.lower():  # a quick test: a check has a thousand texts
            return text
        return _FILE.sub(lambda match: names.get(match[1].lower(), match[0]), text)

    most = rule.when_most
    words = {key: getattr(rule, key) for key in WORDS}
    named: dict[str, Any] = {key: name(text) for key, text in words.items()}
    known = most and replace(most, says=name(most.says), reason=name(most.reason))
    if named == words and known == most:
        return rule
    return replace(rule, **named, when_most=known)
