"""Damages next to ordinary faults: what is proven is undone in whole, what is not is not sure."""

from __future__ import annotations

from tests.conftest import Judge, outcome
from tests.diagnosis.test_ids import TEACHERS, diagnose, district
from validator.model import Report, Status


def count_open(report: Report, rule: str) -> int:
    """Return how many places of a rule no diagnosis explains."""
    result = outcome(report, rule)
    if result.status is not Status.FOUND or result.finding is None:
        return 0
    return sum(block.count for block in result.finding.places if not block.explained_by)


def list_certain(report: Report) -> list[tuple[str, bool]]:
    """Return the id of each diagnosis, and whether it is sure."""
    return [(each.id, each.sure) for each in report.diagnoses]


def test_ids_that_two_records_could_be_in_another_form_are_not_of_two_exports(judge: Judge) -> None:
    files = dict(district(lambda n: f"kx{n}", lambda n: f"KX{n}"))
    header, *lines = files["students.csv"].splitlines()
    twins = [
        line.replace("kx", "Kx").replace(",94", ",84").replace("@", ".2@").replace("Thi", "Wi")
        for line in lines
    ]
    files["students.csv"] = "\n".join([header, *lines, *twins, ""])
    header, *lines = files["enrollments.csv"].splitlines()
    files["enrollments.csv"] = "\n".join([header, *lines, *lines[:10], ""])

    report = judge(files, profile="khan-academy")

    assert ("files-of-two-exports", True) not in list_certain(report)
    assert ("files-of-two-exports", False) in list_certain(report)


def test_a_rejected_inverse_leaves_a_doubt(judge: Judge) -> None:
    files = dict(district())
    header, *lines = files["enrollments.csv"].splitlines()
    again = [line.replace(",41", ",S41") for line in lines]
    files["enrollments.csv"] = "\n".join([header, *lines, *again, *again, ""])

    report = judge(files, profile="khan-academy")

    assert ("files-of-two-exports", True) not in list_certain(report)


def test_ids_of_records_that_nothing_refers_to_are_undone_too(judge: Judge) -> None:
    files = dict(district())
    files["teachers.csv"] = TEACHERS.replace(",70", ",7\u200b0")
    files["teachers.csv"] += "22,7\u200b99,Una,Tinker,una@foggy.example\n"

    report, diagnosis = diagnose(judge, files)

    assert (diagnosis.id, diagnosis.records) == ("ids-with-hidden-characters", 5)
    assert not count_open(report, "value-hidden-characters")


def test_references_to_unknown_records_are_undone_too(judge: Judge) -> None:
    files = dict(district(reference=lambda n: f"'{n}"))
    files["enrollments.csv"] += "22,M3-1,'5999\n"

    report, diagnosis = diagnose(judge, files)

    assert (diagnosis.id, diagnosis.records) == ("ids-with-apostrophe", 13)
    assert count_open(report, "student-unknown") == 1


def test_a_class_list_with_an_unknown_student_is_a_list(judge: Judge) -> None:
    files = dict(district())
    files["enrollments.csv"] = "School_id,Section_id,Student_id\n" + "".join(
        f"{11 if n < 2 else 22},M{n}-1,{4101 + 3 * n};{4102 + 3 * n};{4103 + 3 * n}\n"
        for n in range(4)
    ).replace("4112", "4112;4999")

    report, diagnosis = diagnose(judge, files)

    assert diagnosis.id == "several-ids-in-a-cell"
    assert "3 cells" in diagnosis.evidence
    assert "1 more" in diagnosis.evidence
    assert count_open(report, "student-unknown") == 1
    assert not count_open(report, "student-without-section")


def test_a_cell_with_several_addresses_keeps_them_without_the_prefix(judge: Judge) -> None:
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    wrapped = [",".join([*line.split(",")[:-1], f"SMTP:{line.split(',')[-1]}"]) for line in lines]
    wrapped[0] += ";second@foggy.example"
    files["students.csv"] = "\n".join([header, *wrapped, ""])

    report, diagnosis = diagnose(judge, files)

    assert (diagnosis.id, diagnosis.records) == ("addresses-with-prefix", 12)
    assert count_open(report, "student-email-several") == 1


def test_the_main_address_of_a_directory_is_the_one_in_capitals(judge: Judge) -> None:
    files = dict(district())
    header, *lines = files["students.csv"].splitlines()
    wrapped = [
        ",".join([*line.split(",")[:-1], f"SMTP:{line.split(',')[-1]};smtp:old{at}@foggy.example"])
        for at, line in enumerate(lines)
    ]
    files["students.csv"] = "\n".join([header, *wrapped, ""])

    report, diagnosis = diagnose(judge, files)

    assert diagnosis.id == "addresses-with-prefix"
    assert not count_open(report, "student-email-several")
