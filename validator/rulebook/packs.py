"""Pack files: parsing, and refusals with file, line and rule."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from validator import resources
from validator.model import OFF, PHASES, BadUsage, ChecklistItem, Waiver
from validator.rulebook import app_facts, yaml
from validator.rulebook.pack import Entry, Pack
from validator.rulebook.pack_keys import CHOICES, ID, KEYS, LISTS, MAPPINGS, list_pack_keys
from validator.text import STEERING, did_you_mean

DAY = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def read_pack(path: Path, name: str) -> Pack:
    """The pack in this file; messages refer to the file as `name`. Raises BadUsage."""
    file = yaml.load_document(path, name)
    is_bundled = resources.is_bundled(path)
    _refuse_unknown(file, list_pack_keys(is_bundled), "a pack")
    if not is_bundled:  # a test reads the bundled ones
        _refuse_control_characters(file)
    missing = [key for key in ("pack", "version", "title") if not _read_text(file, key)]
    if missing:
        raise BadUsage(f"{name}:1: a pack needs '{missing[0]}'")
    _refuse_unknown(file, ("accept", "reject"), "electives", "electives")
    return Pack(
        id=_read_id(file, ("pack",)),
        version=_read_text(file, "version"),
        title=_read_text(file, "title"),
        path=path,
        name=name,
        read=_read_day(file, ("read",)),
        include=tuple(_read_includes(file)),
        entries=tuple(_read_entries(file)),
        checklist=tuple(_read_checklist(file)),
        waivers=tuple(_read_waivers(file)),
        district_domains=_read_texts(file, "district_domains"),
        electives={key: _read_texts(file, "electives", key) for key in ("accept", "reject")},
        facts=tuple(app_facts.read_facts(file)),
    )


def _build_refusal(file: yaml.Document, keys: tuple[str | int, ...], why: str) -> BadUsage:
    """Build the refusal of a pack with file, line and rule."""
    rule = ""
    if keys[:1] == ("rules",) and len(keys) > 2:
        rule = f"{_read_text(file, *keys[:2], 'id')}: "
    return BadUsage(f"{file.where(*keys)}: {rule}{why}")


def _read_text(file: yaml.Document, *keys: str | int) -> str:
    """Read a text in a pack's YAML. Raises BadUsage with file and line."""
    value = file.at(*keys)
    if not isinstance(value, str):
        raise BadUsage(f"{file.where(*keys)}: '{keys[-1]}' must be a text")
    return " ".join(value.split())


def _read_id(file: yaml.Document, keys: tuple[str | int, ...]) -> str:
    """The id at these keys; reports, files and other programs refer to packs and rules by id."""
    name = _read_text(file, *keys)
    if not ID.fullmatch(name):
        raise BadUsage(
            f"{file.where(*keys)}: '{name}' is not an id; ids consist of lower-case letters a-z, "
            "digits and hyphens, such as maple-hollow"
        )
    return name


def _refuse_control_characters(file: yaml.Document) -> None:
    """Refuse a pack with characters that would control a terminal or a page. Raises BadUsage."""
    if not any(map(STEERING.search, _list_texts(file.data))):
        return
    for keys in file.lines:
        for text in (file.at(*keys), keys[-1] if keys else ""):
            if isinstance(text, str) and STEERING.search(text):
                raise BadUsage(
                    f"{file.where(*keys)}: this text contains a control character; remove it"
                )


def _list_texts(value: Any) -> Iterator[str]:
    """Yield every text in a pack's YAML, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _list_texts(part)
    else:
        for part in value:
            yield from _list_texts(part)


def _read_texts(file: yaml.Document, *keys: str | int) -> tuple[str, ...]:
    """Read a list of texts in a pack's YAML. Raises BadUsage with file and line."""
    value = file.at(*keys)
    if value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _build_refusal(file, keys, f"'{keys[-1]}' must be a list of texts, such as [a, b]")
    return tuple(value)


def _list_positions(file: yaml.Document, key: str) -> Iterable[int]:
    """Return the positions in a list of mappings in a pack's YAML."""
    value = file.at(key)
    if value == "":
        return range(0)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _build_refusal(file, (key,), f"'{key}' must be a list of mappings")
    return range(len(value))


def _refuse_unknown(file: yaml.Document, known: Iterable[str], what: str, *keys: str | int) -> None:
    """Raise BadUsage if the mapping at these keys has a key that is not known."""
    value = file.at(*keys)
    if keys and value == "":
        return
    if not isinstance(value, dict):
        raise _build_refusal(file, keys, f"{what} must be a mapping")
    for key in value:
        if key not in known:
            raise _build_refusal(
                file,
                (*keys, key),
                f"{what} has no key '{key}'; it takes: {', '.join(known)}"
                f"{did_you_mean(key, list(known))}",
            )


def _read_includes(file: yaml.Document) -> Iterable[tuple[str, str]]:
    """Yield the packs that a pack includes, each with file and line."""
    for at, name in enumerate(_read_texts(file, "include")):
        yield name, file.where("include", at)


def _read_entries(file: yaml.Document) -> Iterable[Entry]:
    """Yield the entries of rules in a pack. Raises BadUsage."""
    seen: dict[str, str] = {}
    for at in _list_positions(file, "rules"):
        keys = ("rules", at)
        if not _read_text(file, *keys, "id"):
            raise BadUsage(f"{file.where(*keys)}: a rule needs 'id'")
        name = _read_id(file, (*keys, "id"))
        if name in seen:
            raise _build_refusal(
                file, (*keys, "id"), f"this rule is already defined at {seen[name]}"
            )
        seen[name] = file.where(*keys)
        _refuse_unknown(file, KEYS, "a rule", *keys)
        says = {
            key: _read_value(file, (*keys, key), value)
            for key, value in file.at(*keys).items()
            if key != "id"
        }
        yield Entry(name, says, ((file, at),), _read_text(file, "pack"))


def _read_value(file: yaml.Document, keys: tuple[str | int, ...], value: Any) -> Any:
    """Read the value of one key of a rule in a pack. Raises BadUsage with file and line."""
    key = str(keys[-1])
    if key in LISTS:
        return _read_texts(file, *keys)
    if key in MAPPINGS:
        return _read_mapping(file, keys, value)
    if not isinstance(value, str):
        raise _build_refusal(file, keys, f"'{key}' must be a text")
    value = " ".join(value.split())
    if key in CHOICES and value not in CHOICES[key]:
        near = did_you_mean(value, CHOICES[key])
        raise _build_refusal(
            file,
            keys,
            f"'{key}' cannot be '{value}'; use one of {', '.join(CHOICES[key])}{near}",
        )
    return value


def _read_mapping(file: yaml.Document, keys: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Read a mapping of a rule in a pack's YAML. Raises BadUsage."""
    key = str(keys[-1])
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise _build_refusal(file, keys, f"'{key}' must be a mapping")
    if key == "reads":
        return {table: _read_texts(file, *keys, table) for table in value}
    if key == "phases":
        return _read_phases(file, keys)
    if key == "when_all":
        _refuse_unknown(file, ("fix", "owner"), key, *keys)
        return {name: _read_value(file, (*keys, name), text) for name, text in value.items()}
    if key == "when_most":
        _refuse_unknown(file, ("share", "says", "reason", "spread"), key, *keys)
        _check_sentence(file, (*keys, "says"))
        return {name: _read_text(file, *keys, name) for name in value}
    if key == "says":
        _refuse_unknown(file, ("one", "many"), "says", *keys)
        for form in value:
            _check_sentence(file, (*keys, form))
        return {form: _read_text(file, *keys, form) for form in value}
    return value


def _read_phases(file: yaml.Document, keys: tuple[str | int, ...]) -> dict[str, str]:
    """Phase of the school year -> the rule's level in it, or `off`."""
    _refuse_unknown(file, PHASES, "phases", *keys)
    levels = [*CHOICES["level"], OFF]
    phases = {phase: _read_text(file, *keys, phase) for phase in file.at(*keys)}
    for phase, level in phases.items():
        if level not in levels:
            raise _build_refusal(
                file,
                (*keys, phase),
                f"'{level}' is not a level; use one of {', '.join(levels)}"
                f"{did_you_mean(level, levels)}",
            )
    return phases


def _check_sentence(file: yaml.Document, keys: tuple[str | int, ...]) -> None:
    """Refuse a pack whose sentence has braces around no plain name. Raises BadUsage."""
    try:
        fields = list(string.Formatter().parse(_read_text(file, *keys)))
    except ValueError:
        raise _build_refusal(file, keys, "a brace { or } in this sentence is not closed") from None
    for _, name, _, _ in fields:
        if name is not None and not name.isidentifier():
            raise _build_refusal(file, keys, "braces must hold one plain name, such as {count}")


def _read_checklist(file: yaml.Document) -> Iterable[ChecklistItem]:
    """Yield the checklist of a pack. Raises BadUsage."""
    for at in _list_positions(file, "checklist"):
        _refuse_unknown(file, ("text", "source"), "a checklist item", "checklist", at)
        item = ChecklistItem(
            _read_text(file, "checklist", at, "text"), _read_text(file, "checklist", at, "source")
        )
        if not item.text or not item.source:
            raise _build_refusal(
                file, ("checklist", at), "a checklist item needs 'text' and 'source'"
            )
        yield item


def _read_waivers(file: yaml.Document) -> Iterable[tuple[Waiver, str]]:
    """Yield the waivers of a pack, each with file and line. Raises BadUsage."""
    waived = file.at("waive")
    if waived and not isinstance(waived, dict):
        raise _build_refusal(file, ("waive",), "'waive' must be a mapping of rules to reasons")
    for name in waived or ():
        keys = ("waive", name)
        _refuse_unknown(file, ("reason", "until", "keys", "by"), "a waiver", *keys)
        if not _read_text(file, *keys, "reason"):
            raise _build_refusal(file, keys, f"{name}: a waiver needs a 'reason'")
        yield (
            Waiver(
                rule=name,
                reason=_read_text(file, *keys, "reason"),
                until=_read_day(file, (*keys, "until")),
                keys=_read_texts(file, *keys, "keys"),
                by=_read_text(file, *keys, "by"),
            ),
            file.where(*keys),
        )


def _read_day(file: yaml.Document, keys: tuple[str | int, ...]) -> dt.date | None:
    """Read a date in a pack's YAML, None for none. Raises BadUsage."""
    text = _read_text(file, *keys)
    if not text:
        return None
    refusal = _build_refusal(file, keys, f"'{keys[-1]}' must be a date such as 2026-12-31")
    day = DAY.fullmatch(text)  # `strptime` would import the locale and the calendar
    if day is None:
        raise refusal
    try:
        return dt.date(*map(int, day.groups()))
    except ValueError:
        raise refusal from None
