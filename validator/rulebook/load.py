"""Profiles and rules, loaded from packs; later packs override earlier ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from validator import resources
from validator.model import BadUsage, Profile, Rule, Waiver
from validator.rulebook import settings
from validator.rulebook.pack import Entry, Pack
from validator.rulebook.packs import read_pack
from validator.rulebook.settings import Signature
from validator.rulebook.versions import RuleVersions, collect_versions
from validator.text import did_you_mean

if TYPE_CHECKING:
    from validator.vocabulary.electives import Electives
    from validator.vocabulary.grades import Grades

T = TypeVar("T")

BASE = "core"
"""The pack that every profile includes; it is not a profile."""


def load_profile(profile: str | Path, format_id: str = "") -> Profile:
    """The bundled profile with this id, or the profile in this pack file. Raises BadUsage.

    Later packs override earlier ones: core, the pack of the export's format, the packs that the
    profile includes, the profile itself.
    """
    if str(profile) in _find_files():
        return _load_bundled(str(profile), format_id, resources.find_rules())
    return _build_profile(resolve_packs(profile, format_id))


@functools.cache
def _load_bundled(profile: str, format_id: str, folder: Path) -> Profile:
    """Load a bundled profile, once for all exports; `folder`: cache key."""
    return _build_profile(resolve_packs(profile, format_id))


def _build_profile(packs: Sequence[Pack]) -> Profile:
    """Build a profile from its packs, its own last. Raises BadUsage."""
    from validator.checks.registry import CHECKS, DECLARATIONS  # pandas comes with it

    entries = _merge(packs)
    takes = {
        name: settings.read_signature(name, CHECKS[name], DECLARATIONS[name].wants)
        for name in {entry.says.get("check", "") for entry in entries.values()} & CHECKS.keys()
    }
    rules = {name: _build_rule(entry, takes, CHECKS) for name, entry in entries.items()}
    _refuse_unknown_references(rules, entries)
    last = packs[-1]
    return Profile(
        id=last.id,
        title=last.title,
        rules=rules,
        packs=[(pack.id, pack.version) for pack in packs],
        checklist=_collect_distinct(pack.checklist for pack in packs),
        waivers=_collect_waivers(packs, rules),
        accept_sections=[title for pack in packs for title in pack.electives["accept"]],
        reject_sections=[title for pack in packs for title in pack.electives["reject"]],
        facts={fact.id: fact for pack in packs for fact in pack.facts},
        district_domains=_collect_distinct(pack.district_domains for pack in packs),
    )


def _collect_distinct(groups: Iterable[Iterable[T]]) -> list[T]:
    """Return the distinct items of several packs' YAML lists, in order."""
    return list(dict.fromkeys(item for group in groups for item in group))


def list_profiles() -> list[Pack]:
    """The bundled packs that are profiles, in order of id."""
    return [pack for pack in _read_bundled().values() if pack.id != BASE]


def list_rules() -> list[RuleVersions]:
    """Every bundled rule with its overrides, in order of packs."""
    return collect_versions(list(_read_bundled().values()))


def find_rule(rule_id: str) -> RuleVersions:
    """The bundled rule with this id or former id, with its overrides. Raises BadUsage.

    Only packs that contain the id are parsed.
    """
    word = re.compile(rb"(?<![\w-])" + re.escape(rule_id.encode()) + rb"(?![\w-])")
    packs = [
        _read(name, path) for name, path in _find_files().items() if word.search(path.read_bytes())
    ]
    for versions in collect_versions(_sort_packs(packs)):
        if rule_id in (versions.rule.id, *versions.rule.was):
            return versions
    known = [entry.id for pack in _read_bundled().values() for entry in pack.entries]
    raise BadUsage(
        f"there is no rule '{rule_id}'{did_you_mean(rule_id, known)}; "
        "`rosterready rules` lists all rules"
    )


def load_vocabulary() -> tuple[Grades, Electives]:
    """Turn the rulebook's YAML files into typed settings: grades and electives."""
    return _load_vocabulary(resources.find_rules() / "vocabulary")


@functools.cache
def _load_vocabulary(folder: Path) -> tuple[Grades, Electives]:
    """Turn the rulebook's YAML of grades and electives into typed settings; `folder`: cache key."""
    from validator.vocabulary.electives import Electives
    from validator.vocabulary.grades import Grades

    grades = resources.read_bundled_yaml("vocabulary/grades.yaml")
    electives = resources.read_bundled_yaml("vocabulary/electives.yaml")
    return Grades.parse(grades), Electives.parse(electives)


def load_subjects() -> Mapping[str, Any]:
    """Load the rulebook's YAML file of words that identify the subject of a section."""
    words: Mapping[str, Any] = resources.read_bundled_yaml("vocabulary/subjects.yaml")
    return words


def resolve_packs(profile: str | Path, format_id: str = "") -> list[Pack]:
    """The packs of a profile, each after the packs it includes; the profile itself is last."""
    packs: dict[Path, Pack] = {}
    files = _find_files()
    if format_id in files:
        _collect(_read(format_id, files[format_id]), packs, ())
    wanted = _open(str(profile))
    packs.pop(wanted.path, None)
    _collect(wanted, packs, ())
    return list(packs.values())


def _find_files() -> dict[str, Path]:
    """The bundled pack files by id."""
    return _find_packs(resources.find_rules())


@functools.cache
def _find_packs(folder: Path) -> dict[str, Path]:
    """The pack files of a folder by id; other YAML files are left out."""
    return {
        path.stem: path
        for path in sorted(folder.glob("*.yaml"))
        if re.search(rb"^pack:", path.read_bytes(), re.MULTILINE)
    }


@functools.cache
def _read(name: str, path: Path) -> Pack:
    """Read a bundled pack."""
    return read_pack(path, f"rules/{name}.yaml")


def _read_bundled() -> dict[str, Pack]:
    """Read the bundled packs, in the order in which they override each other."""
    packs = _sort_packs(_read(name, path) for name, path in _find_files().items())
    return {pack.id: pack for pack in packs}


def _sort_packs(packs: Iterable[Pack]) -> list[Pack]:
    """The base pack first, then the formats' packs, then the vendors' packs."""

    def is_vendor(pack: Pack) -> bool:
        """Whether most of the pack's entries override rules of other packs."""
        return 2 * sum(entry.is_definition for entry in pack.entries) <= len(pack.entries)

    return sorted(packs, key=lambda pack: (pack.id != BASE, is_vendor(pack), pack.id))


def _open(name: str, including: Pack | None = None, where: str = "") -> Pack:
    """The bundled pack with this id, or the pack in this file.

    The path is relative to the pack that includes it, at `where`.
    """
    files = _find_files()
    if name in files:
        return _read(name, files[name])
    path = Path(name) if including is None else including.path.parent / name
    if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
        shown = Path(including.name).parent / name if including else path
        return read_pack(path.resolve(), shown.as_posix())
    place = f"{where}: include: " if where else ""
    if path.suffix.lower() in (".yaml", ".yml"):
        raise BadUsage(f"{place}there is no pack file {name}")
    known = [key for key in files if including or key != BASE]
    raise BadUsage(
        f"{place}there is no profile '{name}'. Available profiles: {', '.join(known)}; or give the "
        f"path of a .yaml file{did_you_mean(name, known)}"
    )


def _collect(pack: Pack, packs: dict[Path, Pack], including: tuple[Path, ...]) -> None:
    """Add the packs that `pack` includes, then the pack itself, to `packs`."""
    if pack.path in packs:
        return
    for name, where in pack.include:
        inner = _open(name, pack, where)
        if inner.path in (*including, pack.path):
            raise BadUsage(
                f"{where}: include: this pack includes itself, directly or through another"
            )
        _collect(inner, packs, (*including, pack.path))
    packs[pack.path] = pack


def _merge(packs: Sequence[Pack]) -> dict[str, Entry]:
    """Merge the rulebook's packs: the rules by id, with all overrides."""
    merged: dict[str, Entry] = {}
    current_id: dict[str, str] = {}
    for pack in packs:
        for entry in pack.entries:
            name = current_id.get(entry.id, entry.id)
            if name in merged:
                merged[name] = entry.override(merged[name])
            elif entry.is_definition:
                merged[name] = entry
            elif entry.id not in _list_bundled_ids():
                near = did_you_mean(name, [*merged, *_list_bundled_ids()])
                raise entry.refusal(
                    f"no included pack has this rule, and a new rule needs 'check'{near}"
                )
            current_id.update(dict.fromkeys(entry.says.get("was", ()), name))
    return merged


def _list_bundled_ids() -> set[str]:
    """Every rule id of the bundled packs. Overriding a rule of another format is not a mistake."""
    packs = [_read(name, path) for name, path in _find_files().items()]
    entries = [entry for pack in packs for entry in pack.entries if entry.is_definition]
    return {name for entry in entries for name in (entry.id, *entry.says.get("was", ()))}


def _build_rule(entry: Entry, takes: Mapping[str, Signature], known: Collection[str]) -> Rule:
    """The rule of a merged entry, with its settings checked."""
    name = entry.says.get("check", "")
    if name not in takes:
        raise entry.refusal(f"there is no check '{name}'{did_you_mean(name, known)}", "check")
    check = takes[name]
    try:
        given = settings.check_settings(check, entry.says.get("with", {}))
    except settings.SettingRefused as error:
        raise entry.refusal(str(error), "with", error.key) from None
    number = len(entry.says.get("reads", ()))
    if number < check.least or (check.most is not None and number > check.most):
        wanted = check.least if check.least == check.most else f"at least {check.least}"
        raise entry.refusal(f"{name} reads {wanted} tables; 'reads' names {number}", "reads")
    return entry.build_rule(given)


def _refuse_unknown_references(rules: Mapping[str, Rule], entries: Mapping[str, Entry]) -> None:
    """Raise BadUsage if a rule refers to a rule that does not exist."""
    for rule in rules.values():
        references = {
            "needs": rule.needs,
            "follows": rule.follows,
        }
        for key, names in references.items():
            for name in names:
                if name not in rules and name not in _list_bundled_ids():
                    near = did_you_mean(name, rules)
                    raise entries[rule.id].refusal(
                        f"{key} names '{name}', which is not a rule{near}", key
                    )


def _collect_waivers(packs: Sequence[Pack], rules: Mapping[str, Rule]) -> list[Waiver]:
    """Return the last waiver of each rule in the packs, under the rule's current id."""
    current_id = {old: rule.id for rule in rules.values() for old in (rule.id, *rule.was)}
    waivers: dict[str, Waiver] = {}
    for waiver, where in (pair for pack in packs for pair in pack.waivers):
        if waiver.rule not in current_id and waiver.rule not in _list_bundled_ids():
            near = did_you_mean(waiver.rule, current_id)
            raise BadUsage(f"{where}: waive: there is no rule '{waiver.rule}'{near}")
        name = current_id.get(waiver.rule, waiver.rule)
        waivers[name] = replace(waiver, rule=name)
    return list(waivers.values())
