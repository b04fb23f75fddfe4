"""The README's examples of packs work as printed, and a typo is refused as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Judge, outcome
from validator.model import BadUsage, Level
from validator.rulebook import load

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
FILES = {
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
    "0101,t1,Una,Copperpot,\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Course_name,Subject\n"
    "0101,m1,t1,Algebra 1,\n0101,b1,t1,Concert Band,Arts and music\n",
    "students.csv": "School_id,Student_id,First_name,Last_name\n"
    + "".join(f"0101,{at:06},Odo,Quillfeather\n" for at in range(31))
    + "0101,s1,Bo,Thistle\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n"
    + "".join(f"0101,m1,{at:06}\n" for at in range(31)),
}


def example(heading: str) -> str:
    """The YAML under a heading of the README."""
    return README.partition(f"### {heading}\n")[2].partition("```yaml\n")[2].partition("```")[0]


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's vendor, in a file of its own in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("abacus-club.yaml")
    path.write_text(example("Add a vendor"), encoding="utf-8")
    return path


def test_the_vendor_of_the_readme_works(vendor: Path, judge: Judge) -> None:
    report = judge(FILES, profile=vendor)
    assert outcome(report, "teacher-email-missing").level is Level.BLOCKER
    assert outcome(report, "section-too-large").count == 1
    assert outcome(report, "section-not-math").count == 1
    assert outcome(report, "section-elective").count == 0
    assert "thirty seats" in outcome(report, "section-too-large").rule.why
    assert (
        report.profiles[0].checklist[-1].text
        == "Tell teachers that the invitation comes on a Monday."
    )


def test_a_typo_is_refused_as_the_readme_says(vendor: Path) -> None:
    vendor.write_text(
        vendor.read_text(encoding="utf-8").replace("{most: 30}", "{mots: 30}"), encoding="utf-8"
    )
    with pytest.raises(BadUsage) as refused:
        load.load_profile(vendor, "clever")
    assert f"`{refused.value}`" in README


@pytest.mark.parametrize(
    ("typo", "wanted"),
    [
        (
            ("id: teacher-email-missing", "id: teacher-email-mising"),
            "abacus-club.yaml:7: teacher-email-mising: no included "
            "pack has this rule, and a new rule needs 'check'; did you mean teacher-email-missing?",
        ),
        (
            ("check: sections.other_subject", "check: sections.other_subjects"),
            "abacus-club.yaml:19: section-not-math: "
            "there is no check 'sections.other_subjects'; did you mean sections.other_subject?",
        ),
        (
            ("checklist:", "cheklist:"),
            "a pack has no key 'cheklist'; it takes: pack, version, title, read, include, rules, "
            "checklist, district_domains, electives, waive, app; did you mean checklist?",
        ),
        (
            ("include: [core]", "include: [cor]"),
            "abacus-club.yaml:5: include: there is no profile 'cor'",
        ),
        (
            ("read: 2026-11-22", "read: 22/11/2026"),
            "abacus-club.yaml:4: 'read' must be a date such as 2026-12-31",
        ),
    ],
)
def test_a_typo_is_refused_with_line_and_suggestion(
    vendor: Path, typo: tuple[str, str], wanted: str
) -> None:
    text = vendor.read_text(encoding="utf-8")
    assert typo[0] in text
    vendor.write_text(text.replace(*typo), encoding="utf-8")
    with pytest.raises(BadUsage) as refused:
        load.load_profile(vendor, "clever")
    assert wanted in str(refused.value)


def test_the_rule_of_the_readme_works(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "maple.yaml"
    head = 'pack: maple\nversion: "1"\ntitle: Maple\ninclude: [core]\n'
    path.write_text(head + example("Add a rule"), encoding="utf-8")
    assert outcome(judge(FILES, profile=path), "student-id-form").count == 1
    assert (
        outcome(judge(FILES, profile=path, phase="rollover"), "student-id-form").status.value
        == "not-asked"
    )
