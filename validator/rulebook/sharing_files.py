"""Sharing files: YAML that mirrors Clever's sharing screen, refused with line and clause."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validator.model import GRADE, BadUsage, Clause, Condition, Sharing, Target, dataclass
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean, parse_whole_number
from validator.vocabulary.grades import Grades

WAYS = ("everything", "schools", "sections", "rules")
MATCHES = ("sections", "students", "teachers", "staff")
OPERATORS = ("is", "is_not", "contains", "is_not_containing")


def load_sharing(path: Path, fields: Mapping[str, Sequence[str]], grades: Grades) -> Sharing:
    """The sharing rules in the file. Raises BadUsage.

    `fields`: table -> the columns that a clause may name.
    """
    file = _File(yaml.load_document(path), fields, grades)
    data = file.mapping(
        (), ("share", "schools", "sections", "all_staff", "rules", "target"), "a sharing file"
    )
    share = file.word(("share",), WAYS)
    for key, way in (("schools", "schools"), ("sections", "sections"), ("rules", "rules")):
        if key in data and share != way:
            raise file.refusal(
                (key,),
                f"'{key}' has no effect with 'share: {share}'; it belongs to 'share: {way}'",
            )
        if share == way and key not in data:
            raise file.refusal(("share",), f"'share: {share}' needs '{key}'")
    ids = file.texts((share,)) if share in ("schools", "sections") else ()
    count = len(file.items(("rules",))) if share == "rules" else 0
    clauses = tuple(file.clause(at) for at in range(count))
    target = file.target() if "target" in data else None
    return Sharing(share, ids, file.flag(("all_staff",)), clauses, target)


@dataclass(frozen=True)
class _File(yaml.Form):
    """A sharing file, and the fields and grades that it may name."""

    fields: Mapping[str, Sequence[str]]
    grades: Grades

    def refusal(self, keys: Keys, why: str) -> BadUsage:
        """The refusal, with file, line and, inside the rules, the number of the clause."""
        in_clause = keys[:1] == ("rules",) and len(keys) > 1
        clause = f"clause {int(keys[1]) + 1}: " if in_clause else ""
        return BadUsage(f"{self.document.where(*keys)}: {clause}{why}")

    def word(self, keys: Keys, known: Sequence[str]) -> str:
        """The word at these keys."""
        value = self.document.at(*keys)
        if value not in known:
            near = did_you_mean(value, list(known)) if isinstance(value, str) else ""
            raise self.refusal(keys, f"'{keys[-1]}' must be one of {', '.join(known)}{near}")
        return str(value)

    def flag(self, keys: Keys) -> bool:
        """Whether the box at these keys is ticked."""
        value = self.document.at(*keys)
        if value not in ("", "true", "false", "yes", "no"):
            raise self.refusal(keys, f"'{keys[-1]}' must be true or false")
        return value in ("true", "yes")

    def items(self, keys: Keys) -> list[Any]:
        """The list at these keys, not empty."""
        value = self.document.at(*keys)
        if not isinstance(value, list) or not value:
            raise self.refusal(keys, f"'{keys[-1]}' must be a list with at least one item")
        return value

    def texts(self, keys: Keys) -> tuple[str, ...]:
        """The list of texts at these keys; a single text is a list of one."""
        value = self.document.at(*keys)
        if isinstance(value, str) and value.strip():
            return (value.strip(),)
        if not all(isinstance(item, str) and item.strip() for item in self.items(keys)):
            raise self.refusal(keys, f"'{keys[-1]}' must be a list of texts, such as [a, b]")
        return tuple(item.strip() for item in value)

    def clause(self, at: int) -> Clause:
        """One clause of the rules."""
        keys = ("rules", at)
        given = self.mapping(keys, ("match", "where"), "a clause")
        match = self.word((*keys, "match"), MATCHES)
        count = len(self.items((*keys, "where"))) if "where" in given else 0
        conditions = (self.condition((*keys, "where", at), match) for at in range(count))
        return Clause(match, tuple(conditions))

    def condition(self, keys: Keys, match: str) -> Condition:
        """Read one condition of a clause in a sharing file."""
        given = self.mapping(keys, ("field", *OPERATORS), "a condition")
        known = {normalize_field(name): name for name in self.fields[match]}
        name = given.get("field", "")
        if not isinstance(name, str) or normalize_field(name) not in known:
            near = did_you_mean(name, list(known.values())) if isinstance(name, str) else ""
            fields = ", ".join(known.values())
            raise self.refusal(
                (*keys, "field"),
                f"{match} have no field '{name}'. Available fields: {fields}{near}",
            )
        operators = [key for key in given if key != "field"]
        if len(operators) != 1:
            raise self.refusal(keys, f"a condition needs one of {', '.join(OPERATORS)}")
        field, values = known[normalize_field(name)], self.texts((*keys, operators[0]))
        if field == GRADE and operators[0] in ("is", "is_not"):
            values = self.canonical((*keys, operators[0]), values)
        return Condition(field, operators[0], values)

    def canonical(self, keys: Keys, values: Sequence[str]) -> tuple[str, ...]:
        """Read the grades in a sharing file's YAML; a range such as 3-5 is all its grades."""
        canonical: dict[str, None] = {}
        for value in values:
            grades = self.grades.parse_several(value)
            if "?" in grades:
                raise self.refusal(
                    keys,
                    f"'{value}' is not a grade; write 6, K, PreKindergarten or a range such as 3-8",
                )
            canonical.update(dict.fromkeys(grades))
        return tuple(canonical)

    def target(self) -> Target:
        """Read the target in a sharing file's YAML: the people whom the app is for."""
        given = self.mapping(("target",), ("grades", "subjects", "schools", "licenses"), "a target")
        grades: tuple[str, ...] = ()
        if "grades" in given:
            grades = self.canonical(("target", "grades"), self.texts(("target", "grades")))
        subjects = self.texts(("target", "subjects")) if "subjects" in given else ()
        schools = self.texts(("target", "schools")) if "schools" in given else ()
        licenses = given.get("licenses", "")
        number = parse_whole_number(licenses) if isinstance(licenses, str) else None
        if licenses != "" and number is None:
            raise self.refusal(("target", "licenses"), "'licenses' must be a whole number")
        return Target(
            grades=grades,
            subjects=tuple(subject.lower() for subject in subjects),
            schools=() if schools == ("all",) else schools,
            licenses=number,
        )


def render_sharing(rule: Sharing, *, comment: str = "") -> str:
    """Render sharing settings as a YAML file of the rulebook, which `load_sharing` reads back."""
    lines = [*(f"# {line}" for line in comment.splitlines()), f"share: {rule.share}"]
    if rule.share in ("schools", "sections"):
        lines.append(f"{rule.share}: {_render_list(rule.ids)}")
    if rule.all_staff:
        lines.append("all_staff: true")
    if rule.rules:
        lines.append("rules:")
    for clause in rule.rules:
        lines.append(f"  - match: {clause.match}")
        if clause.where:
            lines.append("    where:")
        lines += [
            f"      - {{field: {_render_text(it.field)}, {it.operator}: {_render_list(it.values)}}}"
            for it in clause.where
        ]
    if rule.target is not None:
        lines.append(f"target: {{{', '.join(_render_target(rule.target))}}}")
    return "\n".join(lines) + "\n"


def _render_target(target: Target) -> list[str]:
    """Render a target as rulebook YAML, for a file of sharing settings."""
    lists = {"grades": target.grades, "subjects": target.subjects, "schools": target.schools}
    parts = [f"{name}: {_render_list(values)}" for name, values in lists.items() if values]
    licenses = [] if target.licenses is None else [f"licenses: {target.licenses}"]
    return parts + licenses


def _render_list(values: Sequence[str]) -> str:
    """Render a list as rulebook YAML, for a file of settings such as sharing."""
    return f"[{', '.join(map(_render_text, values))}]"


def _render_text(text: str) -> str:
    """Quote a text as rulebook YAML where needed; a JSON string is one of YAML, too."""
    return text if re.fullmatch(r"[A-Za-z_][A-Za-z_.]*", text) else json.dumps(text)


def normalize_field(name: str) -> str:
    """Normalize a field's name in a sharing file's YAML: lower case, without separators."""
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")
