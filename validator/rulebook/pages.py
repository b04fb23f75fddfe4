"""A rule told to people: as a page, as a line of a list, as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from validator import wording
from validator.model import OFF, Rule
from validator.rulebook import yaml
from validator.rulebook.load import RuleVersions
from validator.rulebook.pack import Pack

UNITS = {
    "person": "people",
    "row": "rows",
    "section": "sections",
    "school": "schools",
    "file": "files",
    "column": "columns",
}


def facts(told: RuleVersions) -> list[tuple[str, str]]:
    """Label and text of all there is to say about the rule, in order of interest."""
    rule, versions = told
    said = [
        ("Why", rule.why),
        *[
            (f"Why in {pack}", version.why)
            for pack, version in versions.items()
            if version.why != rule.why
        ],
        ("How to fix", rule.fix),
        *[
            (f"How to fix in {pack}", version.fix)
            for pack, version in versions.items()
            if version.fix != rule.fix
        ],
        ("Who fixes it", wording.OWNERS[rule.owner]),
        (
            "How to fix, if it is all of them",
            f"{rule.of_all().fix} (Who: {wording.OWNERS[rule.of_all().owner]})"
            if rule.when_all
            else "",
        ),
        ("Level", level_text(told)),
        (
            "In parts of the school year",
            ", ".join(
                f"{_asked(level)} at {wording.PHASES[phase]} (--phase {phase})"
                for phase, level in rule.phases.items()
            ),
        ),
        ("Counts", UNITS[rule.counts]),
        ("Looks at", looks_at(rule)),
        ("Settings", _settings(rule)),
        *[
            (f"Settings in {pack}", _settings(version))
            for pack, version in versions.items()
            if version.settings != rule.settings
        ],
        (
            "Left to",
            _rules(rule.needs, "places that this rule named already are reported there only"),
        ),
        (
            "Explained by",
            _rules(
                rule.explained_by, "where this is found, what it explains is not reported again"
            ),
        ),
        (
            "Follows from",
            _rules(rule.follows, "where this is found, it is told as its consequence"),
        ),
        ("Former names", ", ".join(rule.was)),
        ("Source", rule.source),
        *[
            (f"Source in {pack}", version.source)
            for pack, version in versions.items()
            if version.source != rule.source
        ],
    ]
    return [(label, text) for label, text in said if text]


def level_text(told: RuleVersions) -> str:
    """`warning; blocker in khan-academy`: the first pack's level, then those that differ from it."""
    rule, versions = told
    others = [
        f"{version.level} in {pack}"
        for pack, version in versions.items()
        if version.level is not rule.level
    ]
    return "; ".join([str(rule.level), *others])


def looks_at(rule: Rule) -> str:
    """The tables and columns that the rule reads: `students (Student_id, DOB), staff if there is one`."""
    told = []
    for table, columns in rule.reads.items():
        named = (
            f"{table} ({', '.join(columns)})"
            if columns
            else "the files themselves"
            if table == "export"
            else table
        )
        told.append(f"{named} if there is one" if table in rule.optional else named)
    return ", ".join(told)


def explained(told: RuleVersions, case: Path) -> str:
    """The page about a rule as plain text, with the example of its case file where that is there."""
    rule = told[0]
    parts = [f"{rule.id}: {rule.title}"]
    for label, text in facts(told):
        parts.append(
            textwrap.fill(
                f"{label}: {text}",
                96,
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    parts += [
        f"Example: {name}\n\n{textwrap.indent(body, '    ')}" for name, body in examples(case)[:1]
    ]
    return "\n\n".join(parts) + "\n"


def examples(case: Path) -> list[tuple[str, str]]:
    """Sentence and files of each case in which the rule finds something."""
    if not case.is_file():
        return []
    told = []
    for one in yaml.plain(case, f"tests/cases/{case.name}").get("cases", []):
        texts = {
            name: given if isinstance(given, str) else given["text"]
            for name, given in one["files"].items()
        }
        if "pack" in one:
            texts["district.yaml"] = one["pack"]
        if "finds" in one:
            told.append(
                (
                    one["finds"],
                    "\n\n".join(f"{name}\n{visible(text.strip())}" for name, text in texts.items()),
                )
            )
    return told


def visible(text: str) -> str:
    """The text with every character that cannot be seen written as its code point, such as <U+0007>."""
    return "".join(c if c in " \n" or c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def table(rules: Sequence[RuleVersions]) -> str:
    """One line a rule, by topic."""
    width = max((len(rule.id) for rule, _ in rules), default=0)
    lines = []
    for topic, heading in wording.TOPICS.items():
        here = [rule for rule, _ in rules if rule.topic == topic]
        if here:
            lines += ["", heading]
            lines += [f"  {rule.id:<{width}}  {rule.level:<8}  {rule.title}" for rule in here]
    return "\n".join(lines[1:]) + "\n"


def as_json(rules: Sequence[RuleVersions]) -> str:
    """The rules as a JSON list."""
    return _json(
        [
            {
                "id": rule.id,
                "title": rule.title,
                "level": str(rule.level),
                "levels": {pack: str(version.level) for pack, version in versions.items()},
                "topic": rule.topic,
                "counts": rule.counts,
                "owner": str(rule.owner),
                "why": rule.why,
                "fix": rule.fix,
                "source": rule.source,
                "pack": rule.pack,
                "check": rule.check,
                "reads": {table: list(columns) for table, columns in rule.reads.items()},
                "settings": dict(rule.settings),
                "needs": list(rule.needs),
                "was": list(rule.was),
            }
            for rule, versions in rules
        ]
    )


def profiles_table(packs: Sequence[Pack]) -> str:
    """One line a profile."""
    width = max((len(pack.id) for pack in packs), default=0)
    return "".join(f"{pack.id:<{width}}  {pack.title} (version {pack.version})\n" for pack in packs)


def profiles_json(packs: Sequence[Pack]) -> str:
    """The profiles as a JSON list."""
    return _json(
        [
            {
                "id": pack.id,
                "title": pack.title,
                "version": pack.version,
                "include": [name for name, _ in pack.include],
                "changes": [entry.id for entry in pack.entries],
                "checklist": [
                    {"text": item.text, "source": item.source} for item in pack.checklist
                ],
            }
            for pack in packs
        ]
    )


def _asked(level: str) -> str:
    return "not asked" if level == OFF else level


def _settings(rule: Rule) -> str:
    return ", ".join(f"{key}: {_setting(value)}" for key, value in rule.settings.items())


def _setting(value: Any) -> str:
    return (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).replace('"', "")
    )


def _rules(names: Sequence[str], why: str) -> str:
    return f"{', '.join(names)} ({why})" if names else ""


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
