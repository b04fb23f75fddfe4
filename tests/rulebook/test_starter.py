"""A district's own pack: levels, settings, domains, course titles, waivers, and its own rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Judge, outcome, spots
from validator.model import BadUsage, Level, Report, Status, Verdict
from validator.outputs import registry
from validator.rulebook import load, starter

DISTRICT: Mapping[str, str] = {
    "schools.csv": "School_id,School_number,School_name\n0101,1,Oak Elementary School\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n"
    "0101,t1,Una,Copperpot,una@maple.example\n0101,t2,Ida,Bramble,ida@maple.example\n"
    "0101,t3,Gus,Sorrel,gus@maple.example\n",
    "students.csv": "School_id,Student_id,First_name,Last_name,Grade,DOB,Student_email\n"
    + "".join(
        f"0101,s{at},Odo,Quillfeather{at},05,2016-01-{at:02},"
        f"{f's{at}@kids.maple.example' if at > 3 else ''}\n"
        for at in range(1, 13)
    ),
    "sections.csv": "School_id,Section_id,Teacher_id,Course_name,Subject\n"
    "0101,m1,t1,Math 5,Math\n0101,g1,t2,Guitar Lab,Arts and music\n0101,c1,t2,Chess,\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n"
    + "".join(f"0101,{section},s{at}\n" for section in ("m1", "g1", "c1") for at in range(1, 13)),
    "staff.csv": "School_id,Staff_id,Staff_email,First_name,Last_name,Title\n"
    "0101,p1,bo@maple.example,Bo,Thistle,Principal\n",
}


def pack(folder: Path, text: str, include: str = "khan-academy") -> Path:
    """A district's pack file."""
    path = folder / "maple.yaml"
    path.write_text(
        f'pack: maple\nversion: "1"\ntitle: Maple Hollow\ninclude: [{include}]\n{text}',
        encoding="utf-8",
    )
    return path


def test_without_the_pack_three_students_are_kept_out(judge: Judge) -> None:
    report = judge(DISTRICT, profile="khan-academy")
    assert report.verdict is Verdict.NOT_READY
    assert outcome(report, "student-email-missing").count == 3


def test_a_level_is_lowered_and_the_verdict_follows(judge: Judge, tmp_path: Path) -> None:
    report = judge(
        DISTRICT, profile=pack(tmp_path, "rules: [{id: student-email-missing, level: warning}]\n")
    )
    assert report.verdict is Verdict.READY
    assert outcome(report, "student-email-missing").level is Level.WARNING


def test_a_setting_is_changed(judge: Judge, tmp_path: Path) -> None:
    report = judge(
        DISTRICT, profile=pack(tmp_path, "rules: [{id: section-too-large, with: {most: 11}}]\n")
    )
    assert outcome(report, "section-too-large").count == 3


def test_the_districts_domains_decide_which_addresses_are_its_own(
    judge: Judge, tmp_path: Path
) -> None:
    assert (
        outcome(judge(DISTRICT, profile="khan-academy"), "teacher-email-outside-district").count
        == 0
    )
    report = judge(DISTRICT, profile=pack(tmp_path, "district_domains: [kids.maple.example]\n"))
    assert outcome(report, "teacher-email-outside-district").count == 3
    assert outcome(report, "student-email-outside-district").count == 0


def test_accepted_and_rejected_classes_are_the_districts_word(judge: Judge, tmp_path: Path) -> None:
    found = spots(judge(DISTRICT, profile="khan-academy"), "section-elective")
    assert "sections.csv:3 Course_name" in found
    report = judge(
        DISTRICT, profile=pack(tmp_path, "electives: {accept: [guitar lab], reject: [Math 5]}\n")
    )
    assert spots(report, "section-elective") == sorted(
        {*found, "sections.csv:2 Course_name"} - {"sections.csv:3 Course_name"}
    )


# ------------------------------------------------------------------ waivers


def test_a_rule_is_waived_whole_with_its_reason(judge: Judge, tmp_path: Path) -> None:
    text = (
        "waive: {student-email-missing: {reason: they sign in with badges, until: 2027-06-30, "
        "by: A. Quill}}\n"
    )
    report = judge(DISTRICT, profile=pack(tmp_path, text))
    waived = outcome(report, "student-email-missing")
    assert (waived.status, waived.waived, waived.reason) == (
        Status.WAIVED,
        3,
        "they sign in with badges",
    )
    assert report.verdict is Verdict.READY


def test_single_records_are_waived_by_their_ids(judge: Judge, tmp_path: Path) -> None:
    text = "waive: {student-email-missing: {reason: badges, keys: [s1, s3]}}\n"
    report = judge(DISTRICT, profile=pack(tmp_path, text))
    left = outcome(report, "student-email-missing")
    assert (left.status, left.count, left.waived) == (Status.FOUND, 1, 2)
    assert spots(report, "student-email-missing") == ["students.csv:3 Student_email"]
    assert report.verdict is Verdict.NOT_READY
    page = registry.render(report, "html").decode()
    assert "2 more are accepted by the district: badges." in page
    assert b'"waived": 2' in registry.render(report, "json")


def test_waiving_every_record_by_id_waives_the_rule(judge: Judge, tmp_path: Path) -> None:
    text = "waive: {student-email-missing: {reason: badges, keys: [s1, s2, s3]}}\n"
    report = judge(DISTRICT, profile=pack(tmp_path, text))
    assert outcome(report, "student-email-missing").status is Status.WAIVED
    assert report.verdict is Verdict.READY


def test_a_key_that_is_nobodys_waives_nothing(judge: Judge, tmp_path: Path) -> None:
    report = judge(
        DISTRICT,
        profile=pack(tmp_path, "waive: {student-email-missing: {reason: badges, keys: [s99]}}\n"),
    )
    left = outcome(report, "student-email-missing")
    assert (left.count, left.waived, left.waiver) == (3, 0, None)


@pytest.mark.parametrize(("until", "expired"), [("2026-11-16", False), ("2026-11-15", True)])
def test_a_waiver_counts_on_its_last_day_and_expires_after_it(
    judge: Judge, tmp_path: Path, until: str, expired: bool
) -> None:
    text = f"waive: {{student-email-missing: {{reason: badges, until: {until}}}}}\n"
    report = judge(DISTRICT, profile=pack(tmp_path, text), as_of=dt.date(2026, 11, 16))
    assert outcome(report, "student-email-missing").status is (
        Status.FOUND if expired else Status.WAIVED
    )
    told = outcome(report, "waiver-expired")
    assert (told.status, told.count) == ((Status.FOUND, 1) if expired else (Status.PASSED, 0))
    if expired:
        assert told.level is Level.WARNING
        assert "student-email-missing" in str(told.finding.places[0].notes)  # type: ignore[union-attr]


# ------------------------------------------------------------------ rules of its own


OWN = """\
rules:
  - id: student-number-form
    level: warning
    topic: identity
    counts: person
    check: values.pattern
    reads: {students: [Student_id]}
    with: {column: Student_id, pattern: PATTERN}
    title: Student ids of another form
    says:
      one: 1 student has an id of another form
      many: "{count} students have an id of another form"
    why: Our label printer wants two digits.
    fix: Correct the id in the SIS.
    owner: registrar
    source: our own
"""


def test_a_district_writes_a_rule_with_a_regular_expression(judge: Judge, tmp_path: Path) -> None:
    report = judge(DISTRICT, profile=pack(tmp_path, OWN.replace("PATTERN", '"^s[0-9]{2}$"')))
    assert outcome(report, "student-number-form").count == 9
    assert spots(report, "student-number-form")[0] == "students.csv:2 Student_id"


def test_a_pattern_can_be_one_that_must_not_be_there_and_a_blank_never_counts(
    judge: Judge, tmp_path: Path
) -> None:
    text = OWN.replace("[Student_id]}\n", "[Student_email]}\n").replace(
        "column: Student_id, pattern: PATTERN",
        'column: Student_email, pattern: "^s1", wanted: no-match',
    )
    assert outcome(judge(DISTRICT, profile=pack(tmp_path, text)), "student-number-form").count == 3
    text = text.replace("wanted: no-match", "wanted: match")
    assert outcome(judge(DISTRICT, profile=pack(tmp_path, text)), "student-number-form").count == 6


@pytest.mark.parametrize("pattern", ['"["', '"(?<=a)b"', r'"(a)\\1"', '"a{99999}"'])
def test_a_bad_pattern_is_refused_with_its_line_before_any_file_is_opened(
    judge: Judge, tmp_path: Path, pattern: str
) -> None:
    path = pack(tmp_path, OWN.replace("PATTERN", pattern))
    with pytest.raises(
        BadUsage,
        match=r"maple\.yaml:12: student-number-form: values\.pattern: setting 'pattern' must be a "
        r"regular expression \(RE2\): ",
    ):
        judge({}, profile=path)


def test_a_hostile_pattern_costs_no_time(judge: Judge, tmp_path: Path) -> None:
    files = {
        **DISTRICT,
        "students.csv": DISTRICT["students.csv"] + f"0101,{'a' * 5000}!,Bo,Fennel,05,2016-01-01,\n",
    }
    report = judge(files, profile=pack(tmp_path, OWN.replace("PATTERN", '"^(a+)+$"')))
    assert outcome(report, "student-number-form").count == 13


# ------------------------------------------------------------------ init


@pytest.fixture
def shown(judge: Judge) -> Report:
    """A Khan Academy district with a child's name as a course title, and a family's domain."""
    more = "0101,x1,t1,Freya Zimtzicke,\n"
    files = {
        **DISTRICT,
        "sections.csv": DISTRICT["sections.csv"] + more,
        "students.csv": DISTRICT["students.csv"]
        + "0101,s99,Bo,Fennel,05,2016-02-01,bo@fennel-family.example\n",
    }
    return judge(files, profile="khan-academy")


def test_init_writes_a_pack_that_loads_as_it_is(shown: Report, tmp_path: Path) -> None:
    path = tmp_path / "district.yaml"
    starter.write_pack(path, starter.render_pack(shown))
    profile = load.load_profile(path, "clever")
    assert profile.district_domains == ["kids.maple.example", "maple.example"]
    assert (profile.accept_sections, profile.reject_sections, profile.waivers) == ([], [], [])
    assert profile.rules == {**load.load_profile("khan-academy", "clever").rules}


def test_every_proposal_of_init_loads_once_its_sign_is_taken_away(
    shown: Report, tmp_path: Path
) -> None:
    text = starter.render_pack(shown)
    text = re.sub(r"(?m)^( *)# (- |  level: |  [a-z-]+: \{reason)", r"\1\2", text)
    path = tmp_path / "district.yaml"
    path.write_text(text, encoding="utf-8")
    profile = load.load_profile(path, "clever")
    assert "Guitar Lab" in profile.reject_sections and not profile.accept_sections
    assert len(profile.waivers) == 1


def test_init_tells_domains_with_counts_and_doubted_classes_with_the_words_that_decided(
    shown: Report,
) -> None:
    text = starter.render_pack(shown)
    assert '- "kids.maple.example"  # 9 students' in text
    assert '- "maple.example"  # 3 teachers and 1 staff member' in text
    assert "# 1 person has an address with other domains, which are not named here.\n" in text
    assert '# - "Guitar Lab"  # 1 section: arts-music' in text
    assert "include: [khan-academy]" in text
    assert "# - id: student-email-missing  # 4 students have no e-mail address" not in text
    assert (
        "# - id: student-email-missing  # 3 students have no e-mail address\n#   level: blocker\n"
        in text
    )


def test_init_names_nobody(shown: Report) -> None:
    text = starter.render_pack(shown)
    assert not re.search("Zimtzicke|Quillfeather|Copperpot|fennel-family|una@|s99", text)


def test_init_never_writes_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "district.yaml"
    path.write_text("mine")
    with pytest.raises(BadUsage, match=r"district\.yaml already exists"):
        starter.check_free(path)
    with pytest.raises(BadUsage, match="cannot be written"):
        starter.write_pack(path, "theirs")
    with pytest.raises(BadUsage, match="there is no folder"):
        starter.check_free(tmp_path / "nowhere" / "district.yaml")
    assert path.read_text() == "mine"


def test_init_by_the_command_line(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from validator.cli.app import app

    judge(DISTRICT)
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["init", "export", "--profile", "freckle"])
    assert ran.exit_code == 0, ran.output
    assert "include: [freckle]" in Path("district.yaml").read_text(encoding="utf-8")
    assert load.load_profile("district.yaml", "clever").title == "Freckle (our district)"
