"""Strict YAML: every scalar is text, and every value has a line number.

It is built on the parser's events, so that no scalar is converted: `01` remains `01`, `on` remains
`on`, `12:30` remains `12:30`. Anchors, aliases, tags, repeated keys, several documents, deep
nesting and large files are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from validator import files, limits, resources
from validator.model import BadUsage, dataclass
from validator.text import did_you_mean

LARGEST = limits.get_limit("yaml-bytes")
DEEPEST = limits.get_limit("yaml-depth")

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One YAML file.

    data: mappings, lists and texts. name: how messages refer to the file. lines: path of keys ->
    line of the value.
    """

    data: Any
    name: str
    lines: dict[Keys, int] = field(default_factory=dict, repr=False)

    def where(self, *keys: str | int) -> str:
        """File and line of the value at this path of keys, or of the nearest value around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return f"{self.name}:{self.lines.get(keys, 1)}"

    def at(self, *keys: str | int) -> Any:
        """The value at this path of keys, "" if there is none."""
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
    """A document with a fixed set of keys; everything else is refused with file and line."""

    document: Document

    def refusal(self, keys: Keys, why: str) -> BadUsage:
        """The refusal, with file and line."""
        return BadUsage(f"{self.document.where(*keys)}: {why}")

    def mapping(self, keys: Keys, known: Sequence[str], what: str) -> dict[str, Any]:
        """The mapping at these keys. Raises BadUsage if it has an unknown key."""
        value = self.document.at(*keys)
        if not isinstance(value, dict):
            raise self.refusal(keys, f"{what} must be a mapping; it takes: {', '.join(known)}")
        for key in value:
            if key not in known:
                raise self.refusal(
                    (*keys, key),
                    f"{what} has no '{key}'; it takes: {', '.join(known)}"
                    f"{did_you_mean(key, list(known))}",
                )
        return value


def load_document(path: Path, name: str = "") -> Document:
    """The document in the file; messages refer to the file as `name`. Raises BadUsage."""
    shown = name or path.as_posix()
    if not resources.is_bundled(path):
        return _read(_read_text(path, shown), shown)

    def compile(content: bytes) -> tuple[Any, dict[Keys, int]]:
        document = _read(content.decode("utf-8-sig"), shown)
        return document.data, document.lines

    data, lines = resources.load_compiled(path, "lines", compile)
    return Document(data, shown, lines)


def _read(text: str, name: str) -> Document:
    """Return the document of a pack's or map's YAML. Raises BadUsage with file and line."""
    document = Document({}, name)
    data = _Reader(_parse(text, name), document).document()
    return Document(data, name, document.lines)


def load_plain(path: Path, name: str = "") -> Any:
    """The data of the file, for callers that need no line numbers."""
    return load_document(path, name).data


def _read_text(path: Path, name: str) -> str:
    """Read the text of a pack's or map's YAML file. Raises BadUsage."""
    try:
        raw = files.read_limited(path, LARGEST)
    except OSError as error:
        raise BadUsage(
            f"{name}: cannot be read ({error.strerror or type(error).__name__})"
        ) from None
    if len(raw) > LARGEST:
        raise BadUsage(f"{name}: {limits.describe_excess('yaml-bytes')}; packs are much smaller")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadUsage(f"{name}:{line}: not UTF-8 text; save the file as UTF-8") from None


def _parse(text: str, name: str) -> Iterator[Any]:
    """Parse strict YAML of a pack or map. Raises BadUsage with file and line."""
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
            f"{name}: not valid YAML: it contains a character that YAML does not allow"
        ) from None


class _Reader:
    """Builds data from parser events, and fills the `lines` of the document."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self.events = events
        self.file = document

    def document(self) -> Any:
        """Return the data of the YAML file's only document; {} if it is empty."""
        next(self.events)  # the start of the stream
        if type(next(self.events)).__name__ == "StreamEndEvent":
            return {}
        data = self.value(self.next(), ())
        next(self.events)  # the end of the document
        after = next(self.events)
        if type(after).__name__ != "StreamEndEvent":
            raise self.refusal(after, "a second document begins here; a file may have only one")
        return data

    def value(self, event: Any, keys: Keys) -> Any:
        """The mapping, list or text that starts with this event."""
        self.file.lines.setdefault(keys, event.start_mark.line + 1)
        if len(keys) > DEEPEST:
            raise self.refusal(event, f"nested deeper than {DEEPEST} levels (limit: yaml-depth)")
        kind = type(event).__name__
        if kind == "MappingStartEvent":
            return self.mapping(keys)
        if kind == "SequenceStartEvent":
            return self.sequence(keys)
        return event.value

    def mapping(self, keys: Keys) -> dict[str, Any]:
        """The pairs up to the end of this mapping."""
        pairs: dict[str, Any] = {}
        while type(event := self.next()).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise self.refusal(event, "a key must be plain text")
            if event.value in pairs:
                raise self.refusal(event, f"'{event.value}' is repeated in this mapping")
            self.file.lines[*keys, event.value] = event.start_mark.line + 1
            pairs[event.value] = self.value(self.next(), (*keys, event.value))
        return pairs

    def sequence(self, keys: Keys) -> list[Any]:
        """The items up to the end of this list."""
        items: list[Any] = []
        while type(event := self.next()).__name__ != "SequenceEndEvent":
            items.append(self.value(event, (*keys, len(items))))
        return items

    def next(self) -> Any:
        """Return the next event of the YAML. Raises BadUsage for aliases, anchors and tags."""
        event = next(self.events)
        if type(event).__name__ == "AliasEvent" or getattr(event, "anchor", None):
            raise self.refusal(
                event,
                "anchors and aliases (& and *) are not allowed; write the value out, or quote it",
            )
        if getattr(event, "tag", None):
            raise self.refusal(
                event, "tags (!) are not allowed; quote the text if it starts with !"
            )
        return event

    def refusal(self, event: Any, why: str) -> BadUsage:
        """The refusal, with file and line."""
        return BadUsage(f"{self.file.name}:{event.start_mark.line + 1}: {why}")
