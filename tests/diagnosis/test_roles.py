"""Damaged ids of people that a file of roles repeats."""

from __future__ import annotations

from random import Random

from tests.support import damage_ids
from tests.support.damage_kinds import Damage
from tests.support.damages import plant
from tests.support.districts import change_cells, judge, list_findings
from tests.support.other_formats import District

LETTERS = damage_ids.restyle(lambda n: f"kx{n}")


def prepare(rng: Random, district: District) -> District:
    """Return a district whose ids have letters and whose students have no address."""
    change_cells(district, [("students", "Student_email")], lambda address: "")
    return LETTERS(rng, district)


def spoil(rng: Random, district: District) -> District:
    """Write the ids of students in capital letters where they are records."""
    change_cells(district, [("students", "Student_id")], str.upper)
    return district


def test_findings_about_people_stay_where_roles_repeat_their_ids() -> None:
    damage = Damage("ids-other-case", spoil, prepare)

    sample = plant([damage], "oneroster-1.2", seed=1, students=60)

    report = judge(sample.damaged, "khan-academy")
    assert [(each.id, each.sure) for each in report.diagnoses] == [("ids-other-case", True)]
    clean = list_findings(judge(sample.clean, "khan-academy"))
    assert "student-email-missing" in clean
    assert list_findings(report) == clean
