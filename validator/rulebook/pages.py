"""Rules and profiles shown to people: as pages, as lines of a list, as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from validator import wording
from validator.model import LEAST_OF_MOST, OFF, Rule
from validator.rulebook import yaml
from validator.rulebook.pack import Pack
from validator.rulebook.versions import RuleVersions
from validator.text import write_code_points

UNITS = {
    "person": "people",
    "row": "rows",
    "section": "sections",
    "school": "schools",
    "file": "files",
    "column": "columns",
}


def list_facts(rule_versions: RuleVersions) -> list[tuple[str, str]]:
    """Return `(label, text)` of everything that the rulebook says about a rule, in order."""
    rule, by_pack = rule_versions
    because_of = "places that these rules report are not reported again"
    consequence = "where one of these is found, this is reported as its consequence"
    facts = [
        *_list_texts("Why", by_pack, lambda version: version.why),
        *_list_texts("How to fix", by_pack, lambda version: version.fix),
        ("Who fixes it", wording.OWNERS[rule.owner]),
        ("How to fix, if it is all of them", _describe_fix_for_all(rule)),
        ("Level", describe_level(rule_versions)),
        ("Level, if it is most of them", _describe_level_of_most(rule)),
        *_list_texts("Consequence", by_pack, _describe_consequence),
        ("In parts of the school year", _describe_phases(rule)),
        ("Counts", UNITS[rule.counts]),
        ("Reads", describe_reads(rule)),
        *_list_texts("Settings", by_pack, _describe_settings),
        ("Left to", _describe_rules(rule.needs, because_of)),
        ("Follows from", _describe_rules(rule.follows, consequence)),
        ("Former names", ", ".join(rule.was)),
        *_list_texts("Source", by_pack, lambda version: version.source),
    ]
    return [(label, text) for label, text in facts if text]


def _list_texts(
    label: str, by_pack: Mapping[str, Rule], get_text: Callable[[Rule], str]
) -> list[tuple[str, str]]:
    """A text of the rule, then the texts of packs in which it is different."""
    first, *_ = (get_text(rule) for rule in by_pack.values())
    texts = {f"{label} in {pack}": get_text(rule) for pack, rule in by_pack.items()}
    return [(label, first), *(pair for pair in texts.items() if pair[1] != first)]


def _describe_consequence(rule: Rule) -> str:
    """Describe on a rule's page what follows from a finding."""
    return wording.CONSEQUENCES[rule.consequence]


def _describe_fix_for_all(rule: Rule) -> str:
    """Describe on a rule's page the fix where all records are concerned."""
    if not rule.when_all:
        return ""
    adapted = rule.adapt_to_all()
    return f"{adapted.fix} (Who: {wording.OWNERS[adapted.owner]})"


def _describe_level_of_most(rule: Rule) -> str:
    """Describe on a rule's page from which share of records on it is a blocker."""
    most = rule.when_most
    if most is None:
        return ""
    spread = f" Measured: {most.spread}" if most.spread else ""
    return (
        f"blocker in every profile from {most.share:.0%} of {LEAST_OF_MOST} records or more. "
        f"{most.reason}{spread}"
    )


def _describe_phases(rule: Rule) -> str:
    """Describe on a rule's page its level in each phase of the school year."""
    return ", ".join(
        f"{'not asked' if level == OFF else level} at {wording.PHASES[phase]} (--phase {phase})"
        for phase, level in rule.phases.items()
    )


def describe_level(rule_versions: RuleVersions) -> str:
    """Describe on a rule's page its level: the first pack's, then those that differ."""
    rule, by_pack = rule_versions
    others = [
        f"{version.level} in {pack}"
        for pack, version in by_pack.items()
        if version.level is not rule.level
    ]
    return "; ".join([str(rule.level), *others])


def describe_reads(rule: Rule) -> str:
    """Describe on a rule's page what it reads, such as `students (Student_id, DOB)`."""
    tables = []
    for table, columns in rule.reads.items():
        name = "the files themselves" if table == "export" else table
        if columns:
            name = f"{table} ({', '.join(columns)})"
        tables.append(f"{name} if there is one" if table in rule.optional else name)
    return ", ".join(tables)


def render_page(rule_versions: RuleVersions, case: Path) -> str:
    """Return the rulebook's page about a rule as plain text, with its first example."""
    rule = rule_versions.rule
    wrapper = textwrap.TextWrapper(
        96, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    facts = [wrapper.fill(f"{label}: {text}") for label, text in list_facts(rule_versions)]
    examples = [
        f"Example: {name}\n\n{textwrap.indent(body, '    ')}"
        for name, body in read_examples(case)[:1]
    ]
    return "\n\n".join([f"{rule.id}: {rule.title}", *facts, *examples]) + "\n"


def read_examples(case: Path) -> list[tuple[str, str]]:
    """`(sentence, files)` of each case in which the rule finds something."""
    if not case.is_file():
        return []
    examples = []
    for entry in yaml.load_plain(case, f"tests/cases/{case.name}").get("cases", []):
        if "finds" not in entry:
            continue
        texts = {
            name: content if isinstance(content, str) else content["text"]
            for name, content in entry["files"].items()
        }
        if "pack" in entry:
            texts["district.yaml"] = entry["pack"]
        files = [f"{name}\n{write_code_points(text.strip())}" for name, text in texts.items()]
        examples.append((entry["finds"], "\n\n".join(files)))
    return examples


def render_rules_table(rules: Sequence[RuleVersions]) -> str:
    """Return one line of the rulebook per rule, by topic."""
    width = max((len(rule.id) for rule, _ in rules), default=0)
    lines = []
    for topic, heading in wording.TOPICS.items():
        in_topic = [rule for rule, _ in rules if rule.topic == topic]
        if in_topic:
            lines += ["", heading]
            lines += [f"  {rule.id:<{width}}  {rule.level:<8}  {rule.title}" for rule in in_topic]
    return "\n".join(lines[1:]) + "\n"


def render_rules_json(rules: Sequence[RuleVersions], more: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the rules of the rulebook as a JSON list, and `more` entries after them."""
    entries = [
        {
            "id": rule.id,
            "title": rule.title,
            "level": str(rule.level),
            "levels": {pack: str(version.level) for pack, version in versions.items()},
            "topic": rule.topic,
            "counts": rule.counts,
            "owner": str(rule.owner),
            "consequence": str(rule.consequence),
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
    return _format_json([*entries, *more])


def render_profiles_table(packs: Sequence[Pack]) -> str:
    """Return one line of the rulebook per profile."""
    width = max((len(pack.id) for pack in packs), default=0)
    return "".join(f"{pack.id:<{width}}  {pack.title} (version {pack.version})\n" for pack in packs)


def render_profiles_json(packs: Sequence[Pack]) -> str:
    """Return the profiles of the rulebook as a JSON list."""
    return _format_json(
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


def _describe_settings(rule: Rule) -> str:
    """Describe on a rule's page its settings in the pack."""
    return ", ".join(f"{key}: {_format_setting(value)}" for key, value in rule.settings.items())


def _format_setting(value: Any) -> str:
    """Format one setting for a rule's page."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False).replace('"', "")


def _describe_rules(names: Sequence[str], why: str) -> str:
    """Describe on a rule's page its relation to other rules."""
    return f"{', '.join(names)} ({why})" if names else ""


def _format_json(data: Any) -> str:
    """Format rules or profiles of the rulebook as JSON, for its rule pages."""
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
