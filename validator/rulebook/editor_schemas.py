"""JSON Schemas of packs, column maps and sharing files, for editors that check YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from validator.model import OFF
from validator.rulebook import app_facts, pack_keys, sharing_files
from validator.rulebook.column_maps import MOST_SKIPPED, PARTS, SPLITS

Json = dict[str, Any]
Fields = Mapping[str, Sequence[str]]

_TEXT: Json = {"type": ["string", "number", "boolean"]}
_TEXTS: Json = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_LIST: Json = {"type": "array", "items": _TEXT}
_FLAG: Json = {"enum": [True, False, "true", "false", "yes", "no"]}
_ANY: Json = {"type": "object"}


def build_sharing_schema(fields: Fields) -> Json:
    """Return the schema of a sharing file. `fields`: table -> columns that a clause may name."""
    clauses = [
        _build_clause(match, fields[match]) for match in sharing_files.MATCHES if match in fields
    ]
    properties = {
        "share": _build_choice(sharing_files.WAYS, "What is shared, as on Clever's own screen."),
        "schools": {**_TEXTS, "description": "School_ids; with share: schools."},
        "sections": {**_TEXTS, "description": "Section_ids; with share: sections."},
        "all_staff": {**_FLAG, "description": "The box *also share all staff*."},
        "rules": {"type": "array", "minItems": 1, "items": {"oneOf": clauses}},
        "target": _build_target(),
    }
    return _build_document("rosterready sharing file", properties, required=["share"])


def build_map_schema(fields: Fields) -> Json:
    """Return the schema of a column map. `fields`: table -> columns that it may have."""
    tables = {name: _build_table(name, columns) for name, columns in fields.items()}
    properties = {
        "sis": _TEXT,
        "title": _TEXT,
        "notes": _LIST,
        "tables": {**_build_mapping(tables), "minProperties": 1},
    }
    return _build_document("rosterready column map", properties, required=["tables"])


def build_pack_schema() -> Json:
    """Return the schema of a pack of rules."""
    properties = {
        **dict.fromkeys(pack_keys.PACK_KEYS, _TEXT),
        "include": _LIST,
        "rules": {"type": "array", "items": _build_rule()},
        "checklist": {"type": "array", "items": _ANY},
        "district_domains": _LIST,
        "electives": _build_mapping({"accept": _LIST, "reject": _LIST}),
        "waive": {"type": "array", "items": _ANY},
        "app": {"type": "array", "items": _build_fact()},
        "privacy": {**_ANY, "description": "Only in packs that come with rosterready."},
    }
    return _build_document("rosterready pack", properties, required=["pack", "version", "title"])


def _build_document(title: str, properties: Json, *, required: list[str]) -> Json:
    """Build the JSON Schema of a pack, column map or sharing file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_build_mapping(properties),
        "required": required,
    }


def _build_mapping(properties: Mapping[str, Any]) -> Json:
    """Return the schema of a mapping with these keys and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _build_choice(words: Iterable[str], description: str = "") -> Json:
    """Build the schema of a choice in a pack's or map's YAML, for editors."""
    return {"enum": list(words), **({"description": description} if description else {})}


def _build_clause(match: str, columns: Sequence[str]) -> Json:
    """Build the schema of a sharing file's clause, for editors."""
    condition = {
        **_build_mapping(
            {
                "field": {"type": "string", "examples": list(columns)},
                **dict.fromkeys(sharing_files.OPERATORS, _TEXTS),
            }
        ),
        "required": ["field"],
        "minProperties": 2,
        "maxProperties": 2,
    }
    where = {"type": "array", "minItems": 1, "items": condition}
    return {**_build_mapping({"match": {"const": match}, "where": where}), "required": ["match"]}


def _build_target() -> Json:
    """Build the schema of a sharing file's target, for editors."""
    names = ("grades", "subjects", "schools")
    number = {"type": ["integer", "string"], "description": "How many students may be shared."}
    return _build_mapping({**dict.fromkeys(names, _TEXTS), "licenses": number})


_ONE_OF_FILES: Json = {"oneOf": [{"required": ["file"]}, {"required": ["files"]}]}


def _build_table(table: str, columns: Sequence[str]) -> Json:
    """Return the schema of one table of a column map."""
    properties = {
        "file": _TEXTS,
        "files": _TEXTS,
        "heading_rows": {"enum": [1, 2, "1", "2"]},
        "skip": {"type": ["integer", "string"], "maximum": MOST_SKIPPED},
        "header": {"const": "none"},
        "only": {"type": "object", "additionalProperties": _TEXTS},
        "columns": _build_mapping(dict.fromkeys(columns, _build_source())),
        "guess": _FLAG,
        "note": _TEXT,
    }
    if table == "sections":
        properties["teachers"] = _build_teaching()
    if table == "teachers":
        properties["named_by"] = {"const": "sections"}
    if table in ("students", "enrollments", "staff"):
        properties["without"] = {"const": "teachers"}
    return {**_build_mapping(properties), "required": ["columns"], **_ONE_OF_FILES}


def _build_teaching() -> Json:
    """Return the rulebook's editor schema for `teachers` in a column map's YAML."""
    only = {"type": "object", "additionalProperties": _TEXTS}
    section = {"anyOf": [_TEXTS, _build_combined()]}
    keys = ("file", "files", "from")
    properties: Json = {**dict.fromkeys(keys, _TEXTS), "section": section, "only": only}
    return {**_build_mapping(properties), "required": ["section", "from"], **_ONE_OF_FILES}


def _build_source() -> Json:
    """Return the schema of the source of a column: headings, or a mapping with more."""
    decode = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": _TEXT}]}
    properties = {
        "from": _TEXTS,
        "split": _build_choice(SPLITS),
        "part": _build_choice(PARTS),
        "decode": decode,
        "file": _TEXTS,
        "files": _TEXTS,
        "join": _TEXTS,
        "on": _TEXTS,
        "guess": _FLAG,
    }
    return {
        "anyOf": [_TEXTS, {**_build_mapping(properties), "required": ["from"]}, _build_combined()]
    }


def _build_combined() -> Json:
    """Return the editor schema of columns of a column map that are an id together."""
    parts = {"type": "array", "items": _TEXT, "minItems": 2}
    return {**_build_mapping({"combine": parts, "guess": _FLAG}), "required": ["combine"]}


def _build_rule() -> Json:
    """Return the schema of a rule of a pack."""
    flags = ("true", "false")
    properties: Json = {
        "id": {"type": "string", "pattern": f"^{pack_keys.ID.pattern}$"},
        **dict.fromkeys(pack_keys.TEXTS, _TEXT),
        **{
            key: _FLAG if tuple(words) == flags else _build_choice(words)
            for key, words in pack_keys.CHOICES.items()
        },
        **dict.fromkeys(pack_keys.LISTS, _LIST),
        **dict.fromkeys(pack_keys.MAPPINGS, _ANY),
    }
    properties["level"] = _build_choice([*pack_keys.CHOICES["level"], OFF])
    return {**_build_mapping(properties), "required": ["id"]}


def _build_fact() -> Json:
    """Build the schema of a fact in a pack, for editors."""
    properties = {**dict.fromkeys(app_facts.KEYS, _TEXT), "fact": _build_choice(app_facts.FACTS)}
    return {**_build_mapping(properties), "required": ["fact"]}
