"""A sharing file: the district's YAML that mirrors Clever's own screen, with every refusal by line and clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validator.files import whole_number
from validator.model import GRADE, BadUsage, Clause, Condition, Sharing, Target
from validator.rulebook import yaml
from validator.rulebook.yaml import Keys
from validator.text import did_you_mean
from validator.vocabulary.grades import Grades

WAYS = ("everything", "schools", "sections", "rules")
MATCHES = ("sections", "students", "teachers", "staff")
OPERATORS = ("is", "is_not", "contains", "is_not_containing")


def load(path: Path, fields: Mapping[str, Sequence[str]], grades: Grades) -> Sharing:
    """The sharing file; `fields`: the columns that a clause may name, by table. Raises BadUsage."""
    file = _File(yaml.load(path), fields, grades)
    data = file.mapping(
        (), ("share", "schools", "sections", "all_staff", "rules", "target"), "a sharing file"
    )
    share = file.word(("share",), WAYS)
    for key, way in (("schools", "schools"), ("sections", "sections"), ("rules", "rules")):
        if key in data and share != way:
            raise file.refused(
                (key,),
                f"'{key}' is not looked at with 'share: {share}'; it belongs to 'share: {way}'",
            )
        if share == way and key not in data:
            raise file.refused(("share",), f"'share: {share}' needs '{key}'")
    ids = file.texts((share,)) if share in ("schools", "sections") else ()
    clauses = (
        tuple(file.clause(at) for at in range(len(file.items(("rules",)))))
        if share == "rules"
        else ()
    )
    target = file.target() if "target" in data else None
    return Sharing(share, ids, file.yes(("all_staff",)), clauses, target)


@dataclass(frozen=True)
class _File(yaml.Form):
    """A sharing file as it stands, and what it may name."""

    fields: Mapping[str, Sequence[str]]
    grades: Grades

    def refused(self, keys: Keys, why: str) -> BadUsage:
        """The refusal with file, line and, inside the rules, the number of the clause."""
        clause = f"clause {int(keys[1]) + 1}: " if keys[:1] == ("rules",) and len(keys) > 1 else ""
        return BadUsage(f"{self.document.where(*keys)}: {clause}{why}")

    def word(self, keys: Keys, known: Sequence[str]) -> str:
        """The one word at these keys."""
        value = self.document.at(*keys)
        if value not in known:
            near = did_you_mean(value, list(known)) if isinstance(value, str) else ""
            raise self.refused(keys, f"'{keys[-1]}' is one of {', '.join(known)}{near}")
        return str(value)

    def yes(self, keys: Keys) -> bool:
        """Whether the box at these keys is ticked."""
        value = self.document.at(*keys)
        if value not in ("", "true", "false", "yes", "no"):
            raise self.refused(keys, f"'{keys[-1]}' is true or false")
        return value in ("true", "yes")

    def items(self, keys: Keys) -> list[Any]:
        """The list at these keys, which holds something."""
        value = self.document.at(*keys)
        if not isinstance(value, list) or not value:
            raise self.refused(keys, f"'{keys[-1]}' is a list with at least one item")
        return value

    def texts(self, keys: Keys) -> tuple[str, ...]:
        """The list of texts at these keys; one text alone is a list of one."""
        value = self.document.at(*keys)
        if isinstance(value, str) and value.strip():
            return (value.strip(),)
        if not all(isinstance(item, str) and item.strip() for item in self.items(keys)):
            raise self.refused(keys, f"'{keys[-1]}' is a list of texts, such as [a, b]")
        return tuple(item.strip() for item in value)

    def clause(self, at: int) -> Clause:
        """One clause of the rules."""
        keys = ("rules", at)
        given = self.mapping(keys, ("match", "where"), "a clause")
        match = self.word((*keys, "match"), MATCHES)
        number = len(self.items((*keys, "where"))) if "where" in given else 0
        return Clause(
            match, tuple(self.condition((*keys, "where", one), match) for one in range(number))
        )

    def condition(self, keys: Keys, match: str) -> Condition:
        """One condition of a clause."""
        given = self.mapping(keys, ("field", *OPERATORS), "a condition")
        known = {_folded(name): name for name in self.fields[match]}
        name = given.get("field", "")
        if not isinstance(name, str) or _folded(name) not in known:
            near = did_you_mean(name, list(known.values())) if isinstance(name, str) else ""
            raise self.refused(
                (*keys, "field"),
                f"{match} have no field '{name}'; there are: {', '.join(known.values())}{near}",
            )
        operators = [key for key in given if key != "field"]
        if len(operators) != 1:
            raise self.refused(keys, f"a condition needs one of {', '.join(OPERATORS)}")
        field, values = known[_folded(name)], self.texts((*keys, operators[0]))
        if field == GRADE and operators[0] in ("is", "is_not"):
            values = self.canonical((*keys, operators[0]), values)
        return Condition(field, operators[0], values)

    def canonical(self, keys: Keys, values: Sequence[str]) -> tuple[str, ...]:
        """The grades under Clever's names; a range such as 3-5 is all its grades."""
        found: dict[str, None] = {}
        for value in values:
            grades = self.grades.several(value)
            if "?" in grades:
                raise self.refused(
                    keys,
                    f"'{value}' is no grade; write 6, K, PreKindergarten or a range such as 3-8",
                )
            found.update(dict.fromkeys(grades))
        return tuple(found)

    def target(self) -> Target:
        """What the implementation wants."""
        given = self.mapping(("target",), ("grades", "subjects", "schools", "licences"), "a target")
        grades = (
            self.canonical(("target", "grades"), self.texts(("target", "grades")))
            if "grades" in given
            else ()
        )
        subjects = self.texts(("target", "subjects")) if "subjects" in given else ()
        schools = self.texts(("target", "schools")) if "schools" in given else ()
        licences = given.get("licences", "")
        number = whole_number(licences) if isinstance(licences, str) else None
        if licences != "" and number is None:
            raise self.refused(("target", "licences"), "'licences' is a whole number")
        return Target(
            grades,
            tuple(subject.lower() for subject in subjects),
            () if schools == ("all",) else schools,
            number,
        )


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "")
