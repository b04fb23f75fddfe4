"""Damaged ids of people that a file of roles repeats."""

from __future__ import annotations

from random import Random

import pytest

from tests.support import damage_ids, other_formats
from tests.support.damages import Damage, plant
from tests.support.districts import WRITERS, change_cells, judge, list_findings
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


def test_findings_about_people_stay_where_roles_repeat_their_ids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        WRITERS, "oneroster", lambda rows: other_formats.oneroster_12(other_formats.once(rows))
    )
    damage = Damage("ids-other-case", spoil, prepare)

    sample = plant([damage], "oneroster", seed=1, students=60)

    report = judge(sample.damaged, "khan-academy")
    assert [(each.id, each.sure) for each in report.diagnoses] == [("ids-other-case", True)]
    clean = list_findings(judge(sample.clean, "khan-academy"))
    assert "student-email-missing" in clean
    assert list_findings(report) == clean
