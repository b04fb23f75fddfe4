"""Packs of rules -> a profile: packs include packs, later ones change what earlier ones say."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validator import resources
from validator.model import BadUsage, Profile, Rule, Waiver
from validator.rulebook import settings
from validator.rulebook.pack import Entry, Pack
from validator.rulebook.packs import read
from validator.rulebook.settings import Signature
from validator.text import did_you_mean

if TYPE_CHECKING:
    from validator.vocabulary.electives import Electives
    from validator.vocabulary.grades import Grades

BASE = "core"
"""The pack of rules that every profile has; it is no profile by itself."""

RuleVersions = tuple[Rule, dict[str, Rule]]
"""A rule, and the rule as each pack that names it has it, by pack."""


def load_profile(profile: str | Path, format_id: str = "") -> Profile:
    """The profile of that id or pack file, with the rules of the export's format. Raises BadUsage.

    Later packs change earlier ones: core, then the format's own pack, then what the profile includes, then itself.
    """
    from validator.checks.registry import CHECKS, FILLED  # pandas comes with it

    packs = resolved(profile, format_id)
    entries = _merged(packs)
    takes = {
        name: settings.signature(name, CHECKS[name], FILLED)
        for name in {entry.says.get("check", "") for entry in entries.values()} & CHECKS.keys()
    }
    rules = {name: _rule(entry, takes, CHECKS) for name, entry in entries.items()}
    _needs_known(rules, entries)
    last = packs[-1]
    accept, reject = (
        [title for pack in packs for title in pack.electives[kind]] for kind in ("accept", "reject")
    )
    return Profile(
        id=last.id,
        title=last.title,
        rules=rules,
        packs=[(pack.id, pack.version) for pack in packs],
        checklist=list(dict.fromkeys(item for pack in packs for item in pack.checklist)),
        waivers=_waivers(packs, rules),
        accept_sections=accept,
        reject_sections=reject,
        district_domains=list(
            dict.fromkeys(domain for pack in packs for domain in pack.district_domains)
        ),
    )


def profiles() -> list[Pack]:
    """The bundled packs that an export can be made ready for, by id."""
    return [pack for pack in _bundled().values() if pack.id != BASE]


def rules() -> list[RuleVersions]:
    """Every bundled rule in order of packs, and the rule as each pack that names it has it."""
    return _told(list(_bundled().values()))


def find(rule_id: str) -> RuleVersions:
    """The bundled rule of that id (or former id), and as each pack has it; only packs that hold it are read."""
    word = re.compile(rb"(?<![\w-])" + re.escape(rule_id.encode()) + rb"(?![\w-])")
    holding = [
        _read(name, path) for name, path in _files().items() if word.search(path.read_bytes())
    ]
    for rule, versions in _told(_in_order(holding)):
        if rule_id in (rule.id, *rule.was):
            return rule, versions
    known = [entry.id for pack in _bundled().values() for entry in pack.entries]
    raise BadUsage(
        f"there is no rule '{rule_id}'{did_you_mean(rule_id, known)}; `rosterready rules` lists them all"
    )


def vocabulary() -> tuple[Grades, Electives]:
    """The bundled grades and the bundled words of elective classes."""
    return _vocabulary(resources.rules() / "vocabulary")


@functools.cache
def _vocabulary(folder: Path) -> tuple[Grades, Electives]:
    from validator.vocabulary.electives import Electives
    from validator.vocabulary.grades import Grades

    grades, electives = (
        resources.read_yaml(f"vocabulary/{name}.yaml") for name in ("grades", "electives")
    )
    return Grades.load(grades), Electives.load(electives)


def subjects() -> Mapping[str, Any]:
    """The bundled words by which the classes of a subject are known."""
    words: Mapping[str, Any] = resources.read_yaml("vocabulary/subjects.yaml")
    return words


def resolved(profile: str | Path, format_id: str = "") -> list[Pack]:
    """The packs of a profile, every pack after those it builds on, the profile itself last."""
    packs: dict[Path, Pack] = {}
    if format_id in _files():
        _collect(_read(format_id, _files()[format_id]), packs, ())
    wanted = _open(str(profile))
    packs.pop(wanted.path, None)
    _collect(wanted, packs, ())
    return list(packs.values())


def _files() -> dict[str, Path]:
    """The bundled pack files by id."""
    return _packs_in(resources.rules())


@functools.cache
def _packs_in(folder: Path) -> dict[str, Path]:
    """The pack files of a folder by id; other YAML files beside them are no packs."""
    return {
        path.stem: path
        for path in sorted(folder.glob("*.yaml"))
        if re.search(rb"^pack:", path.read_bytes(), re.MULTILINE)
    }


@functools.cache
def _read(name: str, path: Path) -> Pack:
    return read(path, f"rules/{name}.yaml")


def _bundled() -> dict[str, Pack]:
    packs = _in_order(_read(name, path) for name, path in _files().items())
    return {pack.id: pack for pack in packs}


def _in_order(packs: Iterable[Pack]) -> list[Pack]:
    """The base pack first, the formats' own packs next, the vendors' last."""

    def few(pack: Pack) -> bool:
        """Whether most of the pack's entries change rules of others, as a vendor's do."""
        return 2 * sum(entry.whole for entry in pack.entries) <= len(pack.entries)

    return sorted(packs, key=lambda pack: (pack.id != BASE, few(pack), pack.id))


def _open(name: str, beside: Pack | None = None, where: str = "") -> Pack:
    """The pack of that id, or in that file; a file is looked for beside the pack that includes it, at `where`."""
    files = _files()
    if name in files:
        return _read(name, files[name])
    path = Path(name) if beside is None else beside.path.parent / name
    if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
        shown = Path(beside.name).parent / name if beside else path
        return read(path.resolve(), shown.as_posix())
    place = f"{where}: include: " if where else ""
    if path.suffix.lower() in (".yaml", ".yml"):
        raise BadUsage(f"{place}there is no pack file {name}")
    known = [key for key in files if beside or key != BASE]
    raise BadUsage(
        f"{place}there is no profile '{name}'; there are: {', '.join(known)}, or give the path of a .yaml "
        f"file{did_you_mean(name, known)}"
    )


def _collect(pack: Pack, packs: dict[Path, Pack], around: tuple[Path, ...]) -> None:
    if pack.path in packs:
        return
    for name, where in pack.include:
        inner = _open(name, pack, where)
        if inner.path in (*around, pack.path):
            raise BadUsage(
                f"{where}: include: this pack includes itself, directly or through another"
            )
        _collect(inner, packs, (*around, pack.path))
    packs[pack.path] = pack


def _merged(packs: Sequence[Pack]) -> dict[str, Entry]:
    """The rules of the packs by id, each with all changes made to it."""
    found: dict[str, Entry] = {}
    now: dict[str, str] = {}
    for pack in packs:
        for entry in pack.entries:
            name = now.get(entry.id, entry.id)
            if name in found:
                found[name] = entry.over(found[name])
            elif entry.whole:
                found[name] = entry
            elif entry.id not in _everywhere():
                near = did_you_mean(name, [*found, *_everywhere()])
                raise entry.refused(
                    f"no included pack has this rule, and a new rule needs 'check'{near}"
                )
            now.update(dict.fromkeys(entry.says.get("was", ()), name))
    return found


def _everywhere() -> set[str]:
    """Every id of the bundled packs: a change to another format's rule is no mistake, only not asked here."""
    entries = [
        entry
        for name, path in _files().items()
        for entry in _read(name, path).entries
        if entry.whole
    ]
    return {name for entry in entries for name in (entry.id, *entry.says.get("was", ()))}


def _rule(entry: Entry, takes: Mapping[str, Signature], known: Collection[str]) -> Rule:
    name = entry.says.get("check", "")
    if name not in takes:
        raise entry.refused(f"there is no check '{name}'{did_you_mean(name, known)}", "check")
    check = takes[name]
    try:
        given = settings.checked(check, entry.says.get("with", {}))
    except settings.Refused as error:
        raise entry.refused(str(error), f"with.{error.key}") from None
    number = len(entry.says.get("reads", ()))
    if number < check.least or (check.most is not None and number > check.most):
        wanted = check.least if check.least == check.most else f"at least {check.least}"
        raise entry.refused(f"{name} looks at {wanted} tables; 'reads' names {number}", "reads")
    return entry.rule(given)


def _needs_known(rules: Mapping[str, Rule], entries: Mapping[str, Entry]) -> None:
    for rule in rules.values():
        for key, named in (
            ("needs", rule.needs),
            ("explained_by", rule.explained_by),
            ("follows", rule.follows),
        ):
            for other in named:
                if other not in rules and other not in _everywhere():
                    near = did_you_mean(other, rules)
                    raise entries[rule.id].refused(
                        f"{key} names '{other}', which is no rule{near}", key
                    )


def _waivers(packs: Sequence[Pack], rules: Mapping[str, Rule]) -> list[Waiver]:
    now = {old: rule.id for rule in rules.values() for old in (rule.id, *rule.was)}
    found: dict[str, Waiver] = {}
    for waiver, where in (pair for pack in packs for pair in pack.waivers):
        if waiver.rule not in now and waiver.rule not in _everywhere():
            raise BadUsage(
                f"{where}: waive: there is no rule '{waiver.rule}'{did_you_mean(waiver.rule, now)}"
            )
        name = now.get(waiver.rule, waiver.rule)
        found[name] = Waiver(name, waiver.reason, waiver.until, waiver.keys, waiver.by)
    return list(found.values())


def _told(packs: Sequence[Pack]) -> list[RuleVersions]:
    """The rules of these packs as their first pack tells them, and as each pack has them; settings are not checked."""
    base: dict[str, Entry] = {}
    versions: dict[str, dict[str, Rule]] = {}
    for pack in packs:
        for entry in pack.entries:
            if entry.whole:
                base.setdefault(entry.id, entry)
            if entry.id in base:
                version = entry if entry is base[entry.id] else entry.over(base[entry.id])
                versions.setdefault(entry.id, {})[pack.id] = version.rule(
                    version.says.get("with", {})
                )
    return [(next(iter(told.values())), told) for told in versions.values()]
