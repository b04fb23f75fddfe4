"""The one way in for YAML: every scalar is text, every value knows its line, nothing clever is allowed.

Built on the parser's events, so no scalar is ever guessed at: `01` stays `01`, `on` stays `on`, `12:30` stays
`12:30`. Anchors, aliases, tags, repeated keys, several documents, deep nesting and big files are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validator import files, limits
from validator.model import BadUsage
from validator.text import did_you_mean

LARGEST = limits.most("yaml-bytes")
DEEPEST = limits.most("yaml-depth")

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One file: `data` (mappings, lists and text) and the line of every value by its path of keys."""

    data: Any
    name: str
    lines: dict[Keys, int] = field(default_factory=dict, repr=False)

    def where(self, *keys: str | int) -> str:
        """File and line of the value at this path of keys, or of the nearest thing around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return f"{self.name}:{self.lines.get(keys, 1)}"

    def at(self, *keys: str | int) -> Any:
        """The value at this path of keys, "" where there is none."""
        value = self.data
        for key in keys:
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key, "")
            elif isinstance(value, list) and isinstance(key, int):
                value = value[key]
            else:
                return ""
        return value


@dataclass(frozen=True)
class Form:
    """A file that may hold certain things only; all else is refused by file and line."""

    document: Document

    def refused(self, keys: Keys, why: str) -> BadUsage:
        """The refusal with file and line."""
        return BadUsage(f"{self.document.where(*keys)}: {why}")

    def mapping(self, keys: Keys, known: Sequence[str], what: str) -> dict[str, Any]:
        """The mapping at these keys, which holds nothing but known names."""
        value = self.document.at(*keys)
        if not isinstance(value, dict):
            raise self.refused(keys, f"{what} is a mapping; it takes: {', '.join(known)}")
        for key in value:
            if key not in known:
                raise self.refused(
                    (*keys, key),
                    f"{what} has no '{key}'; it takes: {', '.join(known)}"
                    f"{did_you_mean(key, list(known))}",
                )
        return value


def load(path: Path, name: str = "") -> Document:
    """What the file holds; `name` is how messages call it. Raises BadUsage with file and line."""
    document = Document({}, name or path.as_posix())
    data = _Reader(_events(_text(path, document.name), document.name), document).document()
    return Document(data, document.name, document.lines)


def plain(path: Path, name: str = "") -> Any:
    """Only the mappings, lists and texts of a file, for readers that need no line numbers."""
    return load(path, name).data


def _text(path: Path, name: str) -> str:
    try:
        raw = files.content(path, LARGEST)
    except OSError as error:
        raise BadUsage(
            f"{name}: cannot be read ({error.strerror or type(error).__name__})"
        ) from None
    if len(raw) > LARGEST:
        raise BadUsage(f"{name}: {limits.beyond('yaml-bytes')}, which no pack is")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadUsage(f"{name}:{line}: not UTF-8 text; save the file as UTF-8") from None


def _events(text: str, name: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadUsage(f"{name}:{line}: not valid YAML: {error.problem or error.context}") from None
    except yaml.YAMLError:
        raise BadUsage(
            f"{name}: not valid YAML: it holds a character that YAML does not allow"
        ) from None


class _Reader:
    """Builds plain data out of parser events; the document's `lines` fills on the way."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self.events = events
        self.file = document

    def document(self) -> Any:
        """The one document of the stream; an empty one is an empty mapping."""
        next(self.events)  # the start of the stream
        if type(next(self.events)).__name__ == "StreamEndEvent":
            return {}
        data = self.value(self.next(), ())
        next(self.events)  # the end of the document
        after = next(self.events)
        if type(after).__name__ != "StreamEndEvent":
            raise self.refused(after, "a second document begins here; one file holds one")
        return data

    def value(self, event: Any, keys: Keys) -> Any:
        """The mapping, list or text that begins with this event."""
        self.file.lines.setdefault(keys, event.start_mark.line + 1)
        if len(keys) > DEEPEST:
            raise self.refused(event, f"nested deeper than {DEEPEST} levels (limit: yaml-depth)")
        kind = type(event).__name__
        if kind == "MappingStartEvent":
            return self.mapping(keys)
        if kind == "SequenceStartEvent":
            return self.sequence(keys)
        return event.value

    def mapping(self, keys: Keys) -> dict[str, Any]:
        """The pairs up to the end of this mapping."""
        found: dict[str, Any] = {}
        while type(event := self.next()).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise self.refused(event, "a key must be plain text")
            if event.value in found:
                raise self.refused(event, f"'{event.value}' stands twice in one place")
            self.file.lines[*keys, event.value] = event.start_mark.line + 1
            found[event.value] = self.value(self.next(), (*keys, event.value))
        return found

    def sequence(self, keys: Keys) -> list[Any]:
        """The items up to the end of this list."""
        found: list[Any] = []
        while type(event := self.next()).__name__ != "SequenceEndEvent":
            found.append(self.value(event, (*keys, len(found))))
        return found

    def next(self) -> Any:
        """The next event, which is no alias and bears no anchor and no tag."""
        event = next(self.events)
        if type(event).__name__ == "AliasEvent" or getattr(event, "anchor", None):
            raise self.refused(
                event, "anchors and aliases (& and *) are not used here; write it out, or quote it"
            )
        if getattr(event, "tag", None):
            raise self.refused(
                event, "tags (!) are not used here; quote the text if it begins with !"
            )
        return event

    def refused(self, event: Any, why: str) -> BadUsage:
        """The refusal, with file and line."""
        return BadUsage(f"{self.file.name}:{event.start_mark.line + 1}: {why}")
