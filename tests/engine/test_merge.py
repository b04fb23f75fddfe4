"""Several profiles at once, each judged with its own settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import AS_OF, Judge, outcome, spots
from validator import resources, wording
from validator.assess import Options, assess
from validator.model import BadUsage, Level, Owner, Report, Status, Verdict
from validator.sample import writer

SCHOOL = "School_id,School_name\n0101,Oak Elementary School\n"
TEACHERS = (
    "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
    "0101,t1,Una,Copperpot,una@maple.example\n0101,t2,Ida,Bramble,ida@maple.example\n"
)


def pack(folder: Path, name: str, text: str) -> Path:
    """A pack file of that id."""
    path = folder / f"{name}.yaml"
    head = f'pack: {name}\nversion: "1"\ntitle: {name.capitalize()}\ninclude: [core]\n'
    path.write_text(head + text, encoding="utf-8")
    return path


def export(folder: Path, sections: str, sizes: dict[str, int]) -> Path:
    """A small export with these sections, each with its own number of students."""
    target = folder / "export"
    target.mkdir()
    students = [
        (f"{section}-{number}", section)
        for section, size in sizes.items()
        for number in range(size)
    ]
    files = {
        "schools.csv": SCHOOL,
        "teachers.csv": TEACHERS,
        "sections.csv": sections,
        "students.csv": "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email\n"
        + "".join(
            f"0101,{name},Odo,Quillfeather{at},05,2016-01-{at % 28 + 1:02},s{at}@maple.example\n"
            for at, (name, _) in enumerate(students)
        ),
        "enrollments.csv": "School_id,Section_id,Student_id\n"
        + "".join(f"0101,{section},{name}\n" for name, section in students),
    }
    for name, content in files.items():
        (target / name).write_text(content, encoding="utf-8")
    return target


SIZES = (
    "School_id,Section_id,Teacher_id,Course_name,Subject\n0101,small,t1,Math A,Math\n"
    "0101,middle,t1,Math B,Math\n"
    "0101,large,t2,Math C,Math\n"
)


@pytest.fixture
def sized(tmp_path: Path) -> Path:
    """Sections of 4, 8 and 12 students."""
    return export(tmp_path, SIZES, {"small": 4, "middle": 8, "large": 12})


def judged(folder: Path, *profiles: str | Path) -> Report:
    """The report for these profiles."""
    return assess([folder], Options(profiles=profiles, as_of=AS_OF))


def test_what_either_profile_finds_is_found_once(sized: Path, tmp_path: Path) -> None:
    strict = pack(
        tmp_path, "strict", "rules: [{id: section-too-large, level: blocker, with: {most: 10}}]\n"
    )
    early = pack(
        tmp_path, "early", "rules: [{id: section-too-large, level: advice, with: {most: 6}}]\n"
    )
    report = judged(sized, strict, early)
    found = outcome(report, "section-too-large")
    assert spots(report, "section-too-large") == [
        "sections.csv:3 Section_id",
        "sections.csv:4 Section_id",
    ]
    assert (found.count, found.found) == (2, {"strict": 1, "early": 2})
    assert wording.describe(found).endswith(": 2 (strict: 1, early: 2)")
    assert found.levels == {"strict": Level.BLOCKER, "early": Level.ADVICE}
    assert found.level is Level.BLOCKER
    assert report.verdicts == {"strict": Verdict.NOT_READY, "early": Verdict.READY}
    softer = [block.level for block in found.finding.places if len(block) and block.lines[0] == 3]  # type: ignore[union-attr]
    assert softer == [Level.ADVICE]


def test_the_order_of_the_profiles_changes_nothing_but_their_order(
    sized: Path, tmp_path: Path
) -> None:
    strict = pack(
        tmp_path, "strict", "rules: [{id: section-too-large, level: blocker, with: {most: 10}}]\n"
    )
    early = pack(
        tmp_path, "early", "rules: [{id: section-too-large, level: advice, with: {most: 6}}]\n"
    )
    one, two = (
        outcome(judged(sized, *order), "section-too-large")
        for order in ((strict, early), (early, strict))
    )
    assert (one.count, one.level, dict(one.found)) == (two.count, two.level, dict(two.found))


def test_a_profile_whose_settings_find_nothing_does_not_count_it(
    sized: Path, tmp_path: Path
) -> None:
    strict = pack(
        tmp_path, "strict", "rules: [{id: section-too-large, level: warning, with: {most: 10}}]\n"
    )
    loose = pack(
        tmp_path, "loose", "rules: [{id: section-too-large, level: blocker, with: {most: 100}}]\n"
    )
    report = judged(sized, loose, strict)
    found = outcome(report, "section-too-large")
    assert (found.status, found.level, dict(found.levels)) == (
        Status.FOUND,
        Level.WARNING,
        {"strict": Level.WARNING},
    )
    assert found.statuses == {"loose": Status.PASSED, "strict": Status.FOUND}
    assert wording.describe(found) == "1 section has more than 10 students"
    assert report.verdicts["loose"] is Verdict.READY


def test_profiles_that_differ_in_level_only_have_one_finding_with_both_levels(
    sized: Path, tmp_path: Path
) -> None:
    hard = pack(
        tmp_path, "hard", "rules: [{id: section-too-large, level: blocker, with: {most: 10}}]\n"
    )
    soft = pack(
        tmp_path, "soft", "rules: [{id: section-too-large, level: advice, with: {most: 10}}]\n"
    )
    found = outcome(judged(sized, hard, soft), "section-too-large")
    assert (found.count, found.found, found.statuses) == (1, {}, {})
    assert found.levels == {"hard": Level.BLOCKER, "soft": Level.ADVICE}


def test_a_person_found_by_two_profiles_counts_once(tmp_path: Path) -> None:
    folder = export(tmp_path, SIZES, {"small": 4, "middle": 8, "large": 12})
    one, two = (
        pack(
            tmp_path,
            name,
            f"rules: [{{id: student-name-placeholder, with: {{last: [{names}]}}}}]\n",
        )
        for name, names in (
            ("one", "quillfeather1, quillfeather2"),
            ("two", "quillfeather2, quillfeather3"),
        )
    )
    found = outcome(judged(folder, one, two), "student-name-placeholder")
    assert (found.count, found.found) == (3, {"one": 2, "two": 2})
    assert found.finding is not None
    assert found.finding.of == 24


HOMEROOM = (
    "School_id,Section_id,Teacher_id,Course_name,Subject\n0101,h1,t1,Homeroom,Homeroom/advisory\n"
    "0101,m1,t2,Algebra 1,Math\n"
)


def test_contradicting_packs_are_both_right_on_one_export(tmp_path: Path) -> None:
    report = judged(
        export(tmp_path, HOMEROOM, {"h1": 5, "m1": 6}), "khan-academy", "seesaw", "zearn"
    )
    assert spots(report, "section-elective") == ["sections.csv:2 Course_name"]
    assert dict(outcome(report, "section-elective").levels) == {"khan-academy": Level.WARNING}
    assert spots(report, "section-not-homeroom") == ["sections.csv:3 Course_name"]
    assert dict(outcome(report, "section-not-homeroom").levels) == {"seesaw": Level.WARNING}
    assert spots(report, "section-not-math") == ["sections.csv:2 Course_name"]
    assert dict(outcome(report, "section-not-math").levels) == {"zearn": Level.WARNING}
    assert spots(report, "teacher-only-electives") == ["teachers.csv:2 Teacher_id"]
    assert dict(outcome(report, "teacher-only-electives").levels) == {"khan-academy": Level.ADVICE}


def test_every_bundled_profile_at_once_gives_one_outcome_per_rule(tmp_path: Path) -> None:
    from validator.rulebook import load

    names = [
        found.id for found in load.list_profiles() if found.id not in ("oneroster", "sds", "sis")
    ]
    report = judged(export(tmp_path, HOMEROOM, {"h1": 5, "m1": 6}), *names)
    ids = [one.rule.id for one in report.outcomes]
    assert len(ids) == len(set(ids))
    assert set(report.verdicts) == set(names)
    assert not report.errors


@pytest.mark.parametrize(
    ("profile", "documented"),
    [
        ("seesaw", {"section-not-homeroom"}),
        ("zearn", {"section-not-math"}),
        ("dreambox", {"section-subject-not-taken"}),
        ("renaissance", set()),
        ("nwea-map", set()),
        ("remind", set()),
        ("fastbridge", set()),
        ("any-app", set()),
    ],
)
def test_the_ready_sample_gets_what_the_pack_documents_and_nothing_else(
    profile: str, documented: set[str]
) -> None:
    report = assess(
        [resources.find_samples() / "ready"], Options(profiles=[profile], as_of=writer.AS_OF)
    )
    found = {
        one.rule.id
        for one in report.outcomes
        if one.status is Status.FOUND and one.level is not Level.FACT
    }
    assert found == documented
    assert report.verdict is Verdict.READY


def test_two_profiles_of_one_name_are_refused(sized: Path) -> None:
    with pytest.raises(BadUsage, match="two of the profiles are called 'khan-academy'"):
        judged(sized, "khan-academy", "khan-academy")


@pytest.mark.parametrize(
    ("address", "owner", "fix"),
    [
        ("", Owner.SIS_ADMINISTRATOR, "the column Student_email"),
        ("odo@maple.example", Owner.REGISTRAR, "Enter the district"),
    ],
)
def test_what_everybody_lacks_is_the_export_s_fault(
    judge: Judge, address: str, owner: Owner, fix: str
) -> None:
    told = outcome(
        judge(
            {
                "students.csv": "School_id,Student_id,First_name,Last_name,Student_email\n"
                f"0101,s1,Freya,Copperpot,\n0101,s2,Odo,Quillfeather,{address}\n"
            }
        ),
        "student-email-missing",
    )
    assert (told.rule.owner, fix in told.rule.fix) == (owner, True)
