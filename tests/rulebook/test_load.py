"""Packs: what they may say, how they change each other, and how a bad one is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from validator.model import BadUsage, Level, Owner
from validator.rulebook import load, packs, settings, yaml
from validator.schemas import clever_values
from validator.text import STEERING

PACK = """\
pack: maple-hollow
version: "1"
title: Maple Hollow
include: [khan-academy]
"""
RULE = """\
rules:
  - id: pupil-without-class
    level: warning
    topic: classes
    counts: person
    check: links.unenrolled
    reads: {students: [Student_id], enrollments: [Student_id, Section_id], sections: [Section_id]}
    title: Pupils in no class
    says: {one: "1 pupil", many: "{count} pupils"}
    why: They are in no class.
    fix: Put them in one.
    owner: registrar
    source: our own
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, so that messages name files shortly."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pack(folder: Path, text: str, name: str = "pack.yaml") -> Path:
    """The pack file with this text, as a path relative to the current folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return Path(name)


def refusal(folder: Path, text: str) -> str:
    """What the rule book says about a bad pack."""
    with pytest.raises(BadUsage) as refused:
        load.load_profile(pack(folder, text), "clever")
    return str(refused.value)


# ------------------------------------------------------------------ bundled packs


@pytest.mark.parametrize("found", load.list_profiles(), ids=lambda found: found.id)
def test_every_bundled_profile_loads_with_the_clever_files(found: object) -> None:
    profile = load.load_profile(found.id, "clever")  # type: ignore[attr-defined]
    assert [name for name, _ in profile.packs][:2] == ["core", "clever"]
    assert all(rule.source and rule.why and rule.fix for rule in profile.rules.values())


def test_no_bundled_pack_changes_a_rule_that_does_not_exist() -> None:
    whole = {rule.id for rule, _ in load.list_rules()}
    for found in load.list_profiles():
        assert {entry.id for entry in found.entries} <= whole, found.id


def test_the_file_of_a_bundled_pack_bears_its_id() -> None:
    assert all(found.path.stem == found.id for found in load.list_profiles())


def test_khan_academy_blocks_what_keeps_people_out_and_clever_alone_does_not() -> None:
    khan, clever = (
        load.load_profile("khan-academy", "clever"),
        load.load_profile("clever", "clever"),
    )
    for rule in (
        "student-email-missing",
        "student-dob-missing",
        "student-without-section",
        "section-without-teacher",
    ):
        assert khan.rules[rule].level is Level.BLOCKER
        assert clever.rules[rule].level is not Level.BLOCKER
    assert "Khan Academy" in khan.rules["student-email-missing"].why
    assert "Khan Academy" not in clever.rules["student-email-missing"].why
    assert khan.checklist
    assert not clever.checklist


def test_a_vendor_is_asked_of_another_format_without_the_words_of_clever_files() -> None:
    khan = load.load_profile("khan-academy", "oneroster")
    assert "clever" not in dict(khan.packs)
    assert "section-too-many-teachers" not in khan.rules
    assert khan.rules["student-without-section"].level is Level.BLOCKER


@pytest.mark.parametrize("format_id", ["sds", "oneroster", "sis"])
def test_what_is_not_clevers_is_not_told_of_clever(format_id: str) -> None:
    rules = [
        rule
        for rule in load.load_profile(format_id, format_id).rules.values()
        if "sharing" not in rule.reads
    ]
    assert not [
        rule.id
        for rule in rules
        if "lever" in f"{rule.title}{rule.says_many}{rule.why}{rule.fix}{rule.owner}"
    ]
    assert (
        load.load_profile("clever", "clever").rules["section-elective"].owner
        is Owner.CLEVER_ADMINISTRATOR
    )


def test_the_fix_of_a_wrong_subject_names_every_subject_that_is_taken() -> None:
    fix = load.load_profile("clever", "clever").rules["section-subject-value"].fix
    assert [subject for subject in clever_values.SUBJECTS if subject not in fix] == []


def test_find_reads_no_more_packs_than_hold_the_rule() -> None:
    rule, versions = load.find_rule("section-too-many-teachers")
    assert rule.pack == "clever"
    assert set(versions) == {"clever", "khan-academy"}


def test_find_names_the_nearest_rule() -> None:
    with pytest.raises(BadUsage, match="did you mean student-without-section"):
        load.find_rule("students-without-section")


def test_the_vocabularies_load() -> None:
    grades, electives = load.load_vocabulary()
    assert grades.to_canonical(["09"]) == ["9"]
    assert electives is not None


# ------------------------------------------------------------------ a district's own pack


def test_a_district_pack_changes_levels_and_single_settings(folder: Path) -> None:
    text = PACK + "rules:\n  - id: section-too-large\n    level: advice\n    with: {most: 80}\n"
    before = load.load_profile("khan-academy", "clever").rules["section-too-large"]
    key = next(key for key, value in before.settings.items() if isinstance(value, int))
    changed = load.load_profile(pack(folder, text.replace("most", key)), "clever").rules[
        "section-too-large"
    ]
    assert changed.level is Level.ADVICE
    assert changed.settings == {**before.settings, key: 80}
    assert changed.why == before.why


def test_a_district_pack_adds_a_rule(folder: Path) -> None:
    profile = load.load_profile(pack(folder, PACK + RULE), "clever")
    rule = profile.rules["pupil-without-class"]
    assert (profile.id, profile.title, rule.owner) == (
        "maple-hollow",
        "Maple Hollow",
        Owner.REGISTRAR,
    )
    assert rule.reads["enrollments"] == ("Student_id", "Section_id")
    assert rule.where == "pack.yaml:6"
    assert [name for name, _ in profile.packs] == ["core", "clever", "khan-academy", "maple-hollow"]


def test_a_district_pack_brings_domains_electives_and_waivers(folder: Path) -> None:
    text = (
        PACK
        + """\
district_domains: [maplehollow.k12.example]
electives: {accept: [Music Theory AP], reject: [Chess]}
waive:
  student-email-missing:
    {reason: Kindergarten has none, until: 2027-06-30, by: A. Quill, keys: [s1, s2]}
"""
    )
    profile = load.load_profile(pack(folder, text), "clever")
    assert profile.district_domains == ["maplehollow.k12.example"]
    assert (profile.accept_sections, profile.reject_sections) == (["Music Theory AP"], ["Chess"])
    (waiver,) = profile.waivers
    assert (waiver.rule, waiver.until, waiver.keys) == (
        "student-email-missing",
        dt.date(2027, 6, 30),
        ("s1", "s2"),
    )


def test_packs_are_included_by_path_beside_the_including_one(folder: Path) -> None:
    pack(folder, PACK.replace("maple-hollow", "base") + RULE, "base.yaml")
    text = (
        PACK.replace("[khan-academy]", "[base.yaml]")
        + "rules: [{id: pupil-without-class, level: blocker}]\n"
    )
    assert (
        load.load_profile(pack(folder, text), "clever").rules["pupil-without-class"].level
        is Level.BLOCKER
    )


def test_a_former_name_still_finds_the_rule_for_changes_and_waivers(folder: Path) -> None:
    pack(
        folder,
        PACK.replace("maple-hollow", "base") + RULE + "    was: [pupil-unplaced]\n",
        "base.yaml",
    )
    text = (
        PACK.replace("[khan-academy]", "[base.yaml]")
        + """\
rules: [{id: pupil-unplaced, level: blocker}]
waive: {pupil-unplaced: {reason: they arrive in May}}
"""
    )
    profile = load.load_profile(pack(folder, text), "clever")
    assert profile.rules["pupil-without-class"].level is Level.BLOCKER
    assert profile.waivers[0].rule == "pupil-without-class"


def test_the_pack_of_the_readme_loads(folder: Path) -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    text = readme.partition("## Your own rules\n")[2].partition("```yaml\n")[2].partition("```")[0]
    profile = load.load_profile(pack(folder, text), "clever")
    assert profile.rules["student-email-missing"].level is Level.WARNING
    assert profile.waivers[0].rule == "staff-missing"


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            ("check: links.unenrolled", "check: links.unenroled"),
            "pack.yaml:10: pupil-without-class: there is no check 'links.unenroled'; did you mean "
            "links.unenrolled?",
        ),
        (
            ("    title", "    with: {colunm: Student_id}\n    title"),
            "pack.yaml:12: pupil-without-class: links.unenrolled has no setting 'colunm'; it takes "
            "none",
        ),
        (
            ("level: warning", "level: fatal"),
            "pack.yaml:7: pupil-without-class: 'level' cannot be 'fatal'; use one of blocker, "
            "warning, advice, fact",
        ),
        (("owner: registrar", "owner: registar"), "did you mean registrar?"),
        (("topic: classes", "topic: class"), "did you mean classes?"),
        (
            ("counts: person", "counts: student"),
            "use one of person, row, section, school, file, column",
        ),
        (
            ("    why:", "    wy:"),
            "pack.yaml:14: pupil-without-class: a rule has no key 'wy'; it takes: id, title",
        ),
        (
            ("    why: They are in no class.\n", ""),
            "pack.yaml:6: pupil-without-class: a rule needs 'why'",
        ),
        (('says: {one: "1 pupil", many:', "says: {many:"), "'says' needs a sentence for 'one'"),
        (("{count} pupils", "{count.real} pupils"), "braces must hold one plain name"),
        (("{count} pupils", "{count pupils"), "is not closed"),
        (
            ("reads: {students: [Student_id], ", "reads: {"),
            "links.unenrolled reads 3 tables; 'reads' names 2",
        ),
        (("    check:", "    needs: [school-unknwn]\n    check:"), "did you mean school-unknown?"),
        (("id: pupil-without-class", "name: x"), "a rule needs 'id'"),
        (
            ("    check: links.unenrolled\n", ""),
            "no included pack has this rule, and a new rule needs 'check'",
        ),
    ],
)
def test_a_bad_rule_is_refused_with_file_line_and_id(
    folder: Path, change: tuple[str, str], wanted: str
) -> None:
    assert change[0] in RULE
    assert wanted in refusal(folder, PACK + RULE.replace(*change))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            PACK.replace("khan-academy", "kahn-academy"),
            "there is no profile 'kahn-academy'. Available profiles: ",
        ),
        (PACK.replace("[khan-academy]", "[pack.yaml]"), "this pack includes itself"),
        (
            PACK.replace("[khan-academy]", "khan-academy"),
            "pack.yaml:4: 'include' must be a list of texts",
        ),
        (PACK + "privacy: {public: {DOB: grade}}\n", "a pack has no key 'privacy'"),
        (PACK.replace("title", "titel"), "pack.yaml:3: a pack has no key 'titel'; it takes: pack"),
        (PACK.replace("title: Maple Hollow\n", ""), "a pack needs 'title'"),
        (PACK + "rules: {a: b}\n", "'rules' must be a list of mappings"),
        (PACK + "checklist: [{text: Do it.}]\n", "a checklist item needs 'text' and 'source'"),
        (
            PACK + "waive: {student-email-missing: {until: 2027-06-30}}\n",
            "a waiver needs a 'reason'",
        ),
        (
            PACK + "waive: {student-email-missing: {reason: x, until: 30/6/27}}\n",
            "'until' must be a date such as 2026-12-31",
        ),
        (
            PACK + "waive: {student-mail-missing: {reason: x}}\n",
            "there is no rule 'student-mail-missing'; did you mean",
        ),
        (PACK + "electives: {acept: [Chess]}\n", "electives has no key 'acept'"),
        (
            PACK
            + "rules: [{id: staff-missing, level: advice}, {id: staff-missing, level: fact}]\n",
            "this rule is already defined",
        ),
        (
            PACK.replace("pack: maple-hollow", "pack: Maple"),
            "pack.yaml:1: 'Maple' is not an id; ids consist of",
        ),
        (
            PACK.replace("pack: maple-hollow", 'pack: "own\\e[31m<b>"'),
            "pack.yaml:1: this text contains a control character",
        ),
        (
            PACK.replace("title: Maple Hollow", 'title: "Maple\\u202eHollow"'),
            "pack.yaml:3: this text contains a control character",
        ),
        (
            PACK + "rules: [{id: Staff missing, level: advice}]\n",
            "pack.yaml:5: 'Staff missing' is not an id",
        ),
        ("[1, 2]\n", "a pack must be a mapping"),
    ],
)
def test_a_bad_pack_is_refused_with_its_place(folder: Path, text: str, wanted: str) -> None:
    assert wanted in refusal(folder, text)


def test_bundled_packs_have_no_control_characters() -> None:
    for path in load._find_files().values():
        data = yaml.load_plain(path)
        assert not [text for text in packs._list_texts(data) if STEERING.search(text)], path


def test_an_unknown_profile_is_refused_with_those_that_exist() -> None:
    with pytest.raises(
        BadUsage, match=r"there is no profile 'khan'\. Available profiles: .*clever"
    ):
        load.load_profile("khan", "clever")


# ------------------------------------------------------------------ settings


def check_with(
    *,
    column: str,
    most: int,
    share: float = 0.5,
    loud: bool = False,
    words: tuple[str, ...] = (),
    columns: dict[str, list[str]] | None = None,
    today: str = "",
) -> None:
    """Stands for a check."""


def test_settings_become_what_the_signature_says() -> None:
    takes = settings.read_signature("x.check", check_with, ("today",))
    given = {
        "column": "01",
        "most": "9",
        "share": "0.25",
        "loud": "yes",
        "words": ["on", "off"],
        "columns": {"a": ["b"]},
    }
    assert settings.check_settings(takes, given) == {
        "column": "01",
        "most": 9,
        "share": 0.25,
        "loud": True,
        "words": ("on", "off"),
        "columns": {"a": ["b"]},
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            {"most": "9"},
            "x.check needs the setting 'column'; it takes: column, most, share, loud, words, "
            "columns",
        ),
        ({"column": "a", "most": "nine"}, "setting 'most' must be a whole number"),
        ({"column": "a", "most": "9", "share": "nan"}, "setting 'share' must be a number"),
        ({"column": "a", "most": "9", "loud": "maybe"}, "setting 'loud' must be true or false"),
        ({"column": ["a"], "most": "9"}, "setting 'column' must be text"),
        ({"column": "a", "most": "9", "words": "on"}, "setting 'words' must be a list"),
        ({"column": "a", "most": "9", "columns": ["on"]}, "setting 'columns' must be a mapping"),
        ({"column": "a", "most": "9", "today": "x"}, "x.check has no setting 'today'"),
    ],
)
def test_settings_of_the_wrong_kind_are_refused(given: dict[str, object], wanted: str) -> None:
    with pytest.raises(settings.SettingRefused, match=wanted.replace("(", r"\(")):
        settings.check_settings(settings.read_signature("x.check", check_with, ("today",)), given)


# ------------------------------------------------------------------ YAML


def test_scalars_stay_text_and_know_their_line(folder: Path) -> None:
    file = yaml.load_document(pack(folder, "on: 01\ntime: 12:30\nlist:\n  - no\n  - 1e3\n"))
    assert file.data == {"on": "01", "time": "12:30", "list": ["no", "1e3"]}
    assert file.where("list", 1) == "pack.yaml:5"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\nb: 2\na: 3\n", "pack.yaml:3: 'a' is repeated in this mapping"),
        ("a: &x 1\nb: *x\n", "pack.yaml:1: anchors and aliases"),
        ("a: !!python/name:os.system x\n", "pack.yaml:1: tags"),
        ("a: 1\n---\nb: 1\n", "a second document begins here"),
        ("[" * 5000, "nested deeper than"),
        ("a: [1\nb: 2\n", "not valid YAML"),
        ("a: \x07\n", "not valid YAML"),
        ("a: " + "x" * (1 << 20), "more than 1 MB (limit: yaml-bytes)"),
        ("? [a]\n: 1\n", "a key must be plain text"),
    ],
)
def test_clever_or_broken_yaml_is_refused(folder: Path, text: str, wanted: str) -> None:
    with pytest.raises(BadUsage) as refused:
        yaml.load_document(pack(folder, text))
    assert wanted in str(refused.value)


def test_a_pack_that_is_not_utf8_is_refused_with_its_line(folder: Path) -> None:
    (folder / "pack.yaml").write_bytes(b"pack: a\ntitle: Jos\xe9\n")
    with pytest.raises(BadUsage, match=r"pack\.yaml:2: not UTF-8"):
        yaml.load_document(Path("pack.yaml"))


def test_an_empty_file_is_an_empty_mapping(folder: Path) -> None:
    assert yaml.load_plain(pack(folder, "# nothing yet\n")) == {}


def test_a_rule_without_a_fix_says_so_in_its_words_and_to_programs() -> None:
    for rule, _ in load.list_rules():
        assert rule.fix.startswith("Nothing to fix") != rule.fix_needed, rule.id
