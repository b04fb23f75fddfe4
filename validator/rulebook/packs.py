"""One pack file: what it may say, and every refusal with file, line and rule."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from validator.model import OFF, PHASES, BadUsage, ChecklistItem, Level, Owner, Waiver
from validator.rulebook import yaml
from validator.rulebook.pack import Entry, Pack
from validator.text import STEERING, did_you_mean

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
)
TEXTS = ("title", "why", "fix", "source", "check")
CHOICES = {
    "level": [str(level) for level in Level],
    "owner": [str(owner) for owner in Owner],
    "topic": list(TOPICS),
    "counts": list(COUNTS),
    "when_absent": ["everybody"],
    "unreadable": ["true", "false"],
    "lists": ["true", "false"],
    "only": ["all", "shared"],
}
LISTS = ("needs", "explained_by", "follows", "was")
MAPPINGS = ("reads", "with", "says", "phases", "when_all")
ID = re.compile("[a-z0-9][a-z0-9-]*")
KEYS = ("id", *TEXTS, *CHOICES, *LISTS, *MAPPINGS)


def read(path: Path, name: str) -> Pack:
    """The pack in this file; `name` is how messages call the file. Raises BadUsage."""
    file = yaml.load(path, name)
    _only(file, PACK_KEYS, "a pack")
    _plain(file)
    missing = [key for key in ("pack", "version", "title") if not _text(file, key)]
    if missing:
        raise BadUsage(f"{name}:1: a pack needs '{missing[0]}'")
    _only(file, ("accept", "reject"), "electives", "electives")
    return Pack(
        id=_id(file, ("pack",)),
        version=_text(file, "version"),
        title=_text(file, "title"),
        path=path,
        name=name,
        read=_day(file, ("read",)),
        include=tuple(_included(file)),
        entries=tuple(_entries(file)),
        checklist=tuple(_checklist(file)),
        waivers=tuple(_waivers(file)),
        district_domains=_texts(file, "district_domains"),
        electives={key: _texts(file, "electives", key) for key in ("accept", "reject")},
    )


def _refused(file: yaml.Document, keys: tuple[str | int, ...], why: str) -> BadUsage:
    named = _text(file, *keys[:2], "id") if keys[:1] == ("rules",) and len(keys) > 2 else ""
    return BadUsage(f"{file.where(*keys)}: {named + ': ' if named else ''}{why}")


def _text(file: yaml.Document, *keys: str | int) -> str:
    value = file.at(*keys)
    if not isinstance(value, str):
        raise BadUsage(f"{file.where(*keys)}: '{keys[-1]}' is one text")
    return " ".join(value.split())


def _id(file: yaml.Document, keys: tuple[str | int, ...]) -> str:
    """The id at these keys, by which reports, files and other programs call a pack or a rule."""
    name = _text(file, *keys)
    if not ID.fullmatch(name):
        raise BadUsage(
            f"{file.where(*keys)}: '{name}' is no id; one is made of small letters a-z, digits and hyphens, "
            "such as maple-hollow"
        )
    return name


def _plain(file: yaml.Document) -> None:
    """Raises BadUsage where a text holds what nobody sees and what would steer a terminal or a page."""
    for keys in file.lines:
        for text in (file.at(*keys), keys[-1] if keys else ""):
            if isinstance(text, str) and STEERING.search(text):
                raise BadUsage(
                    f"{file.where(*keys)}: a control character stands in this text; write it without"
                )


def _texts(file: yaml.Document, *keys: str | int) -> tuple[str, ...]:
    value = file.at(*keys)
    if value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _refused(file, keys, f"'{keys[-1]}' is a list of texts, such as [a, b]")
    return tuple(value)


def _items(file: yaml.Document, key: str) -> Iterable[int]:
    value = file.at(key)
    if value == "":
        return range(0)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _refused(file, (key,), f"'{key}' is a list, each item of it a mapping")
    return range(len(value))


def _only(file: yaml.Document, known: Iterable[str], what: str, *keys: str | int) -> None:
    value = file.at(*keys)
    if keys and value == "":
        return
    if not isinstance(value, dict):
        raise _refused(file, keys, f"{what} is a mapping")
    for key in value:
        if key not in known:
            raise _refused(
                file,
                (*keys, key),
                f"{what} has no key '{key}'; it takes: {', '.join(known)}{did_you_mean(key, list(known))}",
            )


def _included(file: yaml.Document) -> Iterable[tuple[str, str]]:
    for at, name in enumerate(_texts(file, "include")):
        yield name, file.where("include", at)


def _entries(file: yaml.Document) -> Iterable[Entry]:
    seen: dict[str, str] = {}
    for at in _items(file, "rules"):
        keys = ("rules", at)
        if not _text(file, *keys, "id"):
            raise BadUsage(f"{file.where(*keys)}: a rule needs 'id'")
        name = _id(file, (*keys, "id"))
        if name in seen:
            raise _refused(file, (*keys, "id"), f"stands here twice; first at {seen[name]}")
        seen[name] = file.where(*keys)
        _only(file, KEYS, "a rule", *keys)
        says = {key: _key(file, (*keys, key)) for key in file.at(*keys) if key != "id"}
        where = {
            "": file.where(*keys),
            **{key: file.where(*keys, key) for key in says},
            **{f"with.{key}": file.where(*keys, "with", key) for key in says.get("with", ())},
        }
        yield Entry(name, says, where, _text(file, "pack"))


def _key(file: yaml.Document, keys: tuple[str | int, ...]) -> Any:
    key = str(keys[-1])
    if key in LISTS:
        return _texts(file, *keys)
    if key in MAPPINGS:
        return _mapping(file, keys, key)
    value = file.at(*keys)
    if not isinstance(value, str):
        raise _refused(file, keys, f"'{key}' is one text")
    value = " ".join(value.split())
    if key in CHOICES and value not in CHOICES[key]:
        near = did_you_mean(value, CHOICES[key])
        raise _refused(
            file, keys, f"'{value}' is no {key}; it is one of {', '.join(CHOICES[key])}{near}"
        )
    return value


def _mapping(file: yaml.Document, keys: tuple[str | int, ...], key: str) -> dict[str, Any]:
    value = file.at(*keys)
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise _refused(file, keys, f"'{key}' is a mapping")
    if key == "reads":
        return {table: _texts(file, *keys, table) for table in value}
    if key == "phases":
        return _phases(file, keys)
    if key == "when_all":
        _only(file, ("fix", "owner"), key, *keys)
        return {name: _key(file, (*keys, name)) for name in value}
    if key == "says":
        _only(file, ("one", "many"), "says", *keys)
        for form in value:
            _sentence(file, (*keys, form))
        return {form: _text(file, *keys, form) for form in value}
    return value


def _phases(file: yaml.Document, keys: tuple[str | int, ...]) -> dict[str, str]:
    """The level, or `off`, that the rule has in each part of the school year that is named."""
    _only(file, PHASES, "phases", *keys)
    levels = [*CHOICES["level"], OFF]
    phases = {phase: _text(file, *keys, phase) for phase in file.at(*keys)}
    for phase, level in phases.items():
        if level not in levels:
            raise _refused(
                file,
                (*keys, phase),
                f"'{level}' is no level; it is one of {', '.join(levels)}"
                f"{did_you_mean(level, levels)}",
            )
    return phases


def _sentence(file: yaml.Document, keys: tuple[str | int, ...]) -> None:
    try:
        named = [
            name
            for _, name, _, _ in string.Formatter().parse(_text(file, *keys))
            if name is not None
        ]
    except ValueError:
        raise _refused(file, keys, "a brace { or } is left open in this sentence") from None
    for name in named:
        if not name.isidentifier():
            raise _refused(file, keys, "between braces stands one plain name, such as {count}")


def _checklist(file: yaml.Document) -> Iterable[ChecklistItem]:
    for at in _items(file, "checklist"):
        _only(file, ("text", "source"), "a checklist item", "checklist", at)
        item = ChecklistItem(
            _text(file, "checklist", at, "text"), _text(file, "checklist", at, "source")
        )
        if not item.text or not item.source:
            raise _refused(file, ("checklist", at), "a checklist item needs 'text' and 'source'")
        yield item


def _waivers(file: yaml.Document) -> Iterable[tuple[Waiver, str]]:
    waived = file.at("waive")
    if waived and not isinstance(waived, dict):
        raise _refused(file, ("waive",), "'waive' is a mapping from rule to reason")
    for name in waived or ():
        keys = ("waive", name)
        _only(file, ("reason", "until", "keys", "by"), "a waiver", *keys)
        if not _text(file, *keys, "reason"):
            raise _refused(file, keys, f"{name}: a waiver needs a 'reason'")
        yield (
            Waiver(
                name,
                _text(file, *keys, "reason"),
                _day(file, (*keys, "until")),
                _texts(file, *keys, "keys"),
                _text(file, *keys, "by"),
            ),
            file.where(*keys),
        )


def _day(file: yaml.Document, keys: tuple[str | int, ...]) -> dt.date | None:
    text = _text(file, *keys)
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date() if text else None
    except ValueError:
        raise _refused(file, keys, f"'{keys[-1]}' is a day as 2026-12-31") from None
